"""Check an exported audit trail against itself, and against a head kept elsewhere.

python check_trail.py TRAIL.jsonl [HEAD]     HEAD is the digest of a link as it was kept

Standard library alone: copy it to any machine with Python.
"""

from __future__ import annotations

import hashlib
import json
import sys
from pathlib import Path


def sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def wrong_with(lines: list[str], head: str = "") -> str:
    """What is wrong with an exported trail; nothing where it is whole."""
    previous, seen = "", set()
    for number, line in enumerate(lines, 1):
        link = json.loads(line)
        # Of an act that its reader may not see whole there is the fingerprint alone.
        leaves = [a["leaf"] if isinstance(a, dict) else sha256(a) for a in link["acts"]]
        if link["seq"] != number or link["previous"] != previous:
            return f"Link {number} does not follow the one before it."
        made_of = [previous, str(number), link["covers"], link["sealed_at"], *leaves]
        if sha256("\n".join(made_of)) != link["digest"]:
            return f"An act in link {number} is not as it was sealed."
        previous = link["digest"]
        seen.add(previous)
    if head and head not in seen:
        return "The head that was kept is not in this trail: it was cut, or is another."
    return ""


def main(words: list[str]) -> int:
    if not 1 <= len(words) <= 2:
        print(__doc__)
        return 2
    lines = Path(words[0]).read_text(encoding="utf-8").splitlines()
    wrong = wrong_with(lines, *words[1:])
    print(wrong or f"{len(lines)} links: nothing was changed.")
    return 1 if wrong else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
