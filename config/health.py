"""Is this container's process doing its work?  Asked by docker-compose.

Usage: python -m config.health web|beat
"""

from __future__ import annotations

import os
import sys
import time
import urllib.error
import urllib.request
from urllib.parse import urlsplit

from config.celery import BEAT_HEARTBEAT

BEAT_SILENT_AFTER = 30  # seconds; beat wakes at least every five


def web() -> str | None:
    """What is wrong with the web server, or None.  It is asked under its public name, as
    Django answers to no other."""
    host = urlsplit(os.environ.get("SITE_URL", "")).hostname or "localhost"
    address = f"http://127.0.0.1:{os.environ.get('PORT', '8000')}/readyz"
    request = urllib.request.Request(address, headers={"Host": host})
    try:
        with urllib.request.urlopen(request, timeout=5):  # noqa: S310
            return None
    except urllib.error.HTTPError as answer:
        return f"{address} answered {answer.code}"
    except OSError as problem:
        return f"{address}: {problem}"


def beat() -> str | None:
    """What is wrong with beat, or None: it touches a file at every tick."""
    try:
        age = time.time() - BEAT_HEARTBEAT.stat().st_mtime
    except FileNotFoundError:
        return "beat has not ticked yet"
    return f"beat last ticked {age:.0f} s ago" if age > BEAT_SILENT_AFTER else None


def main() -> int:
    asked = {"web": web, "beat": beat}.get(sys.argv[1] if len(sys.argv) > 1 else "")
    if asked is None:
        print(__doc__)
        return 2
    if problem := asked():
        print(problem)
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
