"""Where EDGAR's answers come from: its two servers, or a folder of saved answers."""

from __future__ import annotations

import logging
import re
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

import httpx
from django.conf import settings
from django.core.cache import cache

logger = logging.getLogger(__name__)

MOST_BYTES = 20 * 1024 * 1024
MOST_A_SECOND = 10  # the Commission's own limit; ours is below it
TRIES = 4
LONGEST_WAIT = 30.0  # seconds; the Commission asks for minutes when it means it
TIMES = httpx.Timeout(20, connect=5)
LONGEST_ANSWER = 60.0  # seconds, however slowly it trickles

# A path EDGAR is asked for.  Nothing else is: not in the network, not in the folder.
_LIST = re.compile(r"submissions/CIK[0-9]{10}(-submissions-[0-9]{3})?\.json")
_NOTICE = re.compile(r"Archives/edgar/data/[0-9]{1,10}/[0-9]{18}/primary_doc\.xml")
# A name and an address to write to, as the Commission's fair-access rules ask.
_CONTACT = re.compile(r"[ -~]*[A-Za-z][ -~]* [^\s@]+@[^\s@]+\.[A-Za-z]{2,}")


class Unreachable(Exception):
    """EDGAR did not answer, or not with what can be read.  Says why, for counsel.

    ``missing``: it answered that there is no such thing.
    """

    def __init__(self, why: str, *, missing: bool = False) -> None:
        super().__init__(why)
        self.why = why
        self.missing = missing


class Source(Protocol):
    """Where answers come from."""

    def get(self, path: str) -> bytes:
        """The answer at a path.  Raises ``Unreachable``."""
        ...


def source() -> Source | None:
    """The source the settings name: a folder of saved answers, else the network, else none,
    which is where nobody said whom the Commission may write to."""
    if settings.EDGAR_FOLDER:
        return Folder(Path(settings.EDGAR_FOLDER))
    if settings.EDGAR_CONTACT:
        return Client(
            settings.EDGAR_CONTACT,
            per_second=settings.EDGAR_PER_SECOND,
            lists=settings.EDGAR_LISTS,
            archives=settings.EDGAR_ARCHIVES,
        )
    return None


def set_up() -> bool:
    """Whether there is anybody to ask."""
    return bool(settings.EDGAR_FOLDER or settings.EDGAR_CONTACT)


class Folder:
    """Saved answers, at the paths EDGAR has them under."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def get(self, path: str) -> bytes:
        _known(path)
        try:
            with (self.root / path).open("rb") as saved:
                answer = saved.read(MOST_BYTES + 1)
        except FileNotFoundError as gone:
            raise Unreachable(f"The folder has no {path}.", missing=True) from gone
        except OSError as wrong:
            raise Unreachable(f"{path} in the folder cannot be read.") from wrong
        if len(answer) > MOST_BYTES:
            raise Unreachable(f"{path} in the folder is larger than 20 MB.")
        return answer


class Client:
    """EDGAR by HTTP: it says who asks, keeps below the Commission's limit across every
    worker, and asks again, later, where the server is busy.

    ``contact`` is the name of who asks and an e-mail address; raises ``Unreachable`` for one
    that is not.  ``lists`` and ``archives`` are the two servers' addresses; no other is asked,
    and no redirect followed.
    """

    def __init__(
        self,
        contact: str,
        *,
        per_second: int,
        lists: str,
        archives: str,
        wait: Callable[[float], None] = time.sleep,
    ) -> None:
        if not _CONTACT.fullmatch(contact.strip()):
            raise Unreachable(
                "EDGAR_CONTACT must name who asks and an address the Commission can write to, "
                "such as: Example Company counsel@example.com"
            )
        self.per_second = max(1, min(per_second, MOST_A_SECOND))
        self.lists, self.archives = lists.rstrip("/"), archives.rstrip("/")
        self.wait = wait
        self.headers = {"User-Agent": contact.strip(), "Accept-Encoding": "gzip, deflate"}

    def get(self, path: str) -> bytes:
        _known(path)
        server = self.archives if path.startswith("Archives/") else self.lists
        with httpx.Client(
            headers=self.headers, timeout=TIMES, follow_redirects=False, trust_env=False
        ) as http:
            why, asked_for = "", ""
            for attempt in range(TRIES):
                if attempt:
                    self.wait(self._later(attempt, asked_for))
                in_turn(self.per_second, self.wait)
                try:
                    status, asked_for, answer = self._ask(http, f"{server}/{path}")
                except httpx.HTTPError as wrong:
                    why, asked_for = f"EDGAR did not answer ({type(wrong).__name__}).", ""
                    continue
                if status == 200:
                    return answer
                if status == 404:
                    raise Unreachable(f"EDGAR has no {path}.", missing=True)
                if status not in (403, 429) and status < 500:
                    raise Unreachable(f"EDGAR answered {status} for {path}.")
                why = f"EDGAR answered {status}: it is busy, or refuses who asks."
        raise Unreachable(why)

    def _ask(self, http: httpx.Client, address: str) -> tuple[int, str, bytes]:
        """The status, when to ask again as the server says, and the answer."""
        began = time.monotonic()
        with http.stream("GET", address) as response:
            asked_for = response.headers.get("Retry-After", "")
            if response.status_code != 200:
                return response.status_code, asked_for, b""
            # Counted as it is unpacked: a small answer may unpack into a large one.
            answer = bytearray()
            for piece in response.iter_bytes(65_536):
                answer += piece
                if len(answer) > MOST_BYTES:
                    raise Unreachable("EDGAR’s answer is larger than 20 MB.")
                if time.monotonic() - began > LONGEST_ANSWER:
                    raise Unreachable("EDGAR’s answer took longer than a minute.")
            return 200, asked_for, bytes(answer)

    def _later(self, attempt: int, asked_for: str) -> float:
        wanted = float(asked_for) if asked_for.isascii() and asked_for.isdigit() else 0.0
        if wanted > LONGEST_WAIT:
            # Waiting here would hold up the worker: the next asking is later anyway.
            raise Unreachable(f"EDGAR asks to be left alone for {asked_for} seconds.")
        return max(wanted, 2.0 ** (attempt - 1))


_here = threading.Lock()
_last = [0.0]


def in_turn(per_second: int, wait: Callable[[float], None] = time.sleep) -> None:
    """Wait for a turn to ask: at most ``per_second`` a second, in all workers together.

    A second is cut into so many turns, and each is taken in Redis by one worker.  While Redis
    does not answer, the turns of this process alone are kept apart; nothing else is lost.
    """
    apart = 1 / per_second
    with _here:
        wait(max(0.0, _last[0] + apart - time.monotonic()))
        while not cache.add(f"edgar-turn-{int(time.time() / apart)}", 1, timeout=10):
            wait(apart - time.time() % apart)
        _last[0] = time.monotonic()


def _known(path: str) -> None:
    if not (_LIST.fullmatch(path) or _NOTICE.fullmatch(path)):
        raise Unreachable(f"“{path[:80]}” is nothing EDGAR is asked for.")
