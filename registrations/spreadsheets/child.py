"""The process that reads a file, started and listened to."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import IO, Any, NamedTuple

from .fields import Reads
from .files import Unreadable

BASE = Path(__file__).resolve().parents[2]
PATIENCE = 150  # seconds
TOO_LONG = "The file takes longer to read than a register does. Send it in parts."
_UNREADABLE = 3


class Head(NamedTuple):
    """The first line of a file, and a few rows after it, as they stand."""

    head: list[str]
    sample: list[list[str]]


def head_of(path: str, form: str) -> Head:
    """The first lines of a file.  Raises ``Unreadable``."""
    with _reading("head", form, path) as out:
        said: dict[str, Any] = json.loads(out.read() or b"{}")
    return Head(**said)


@contextmanager
def lines_of(path: str, form: str, reads: Reads, today: date) -> Iterator[IO[bytes]]:
    """The rows of a file as the database reads them, in its own text format.

    Raises ``Unreadable``, at the end of the block where only the end shows it: nothing read
    may be kept before that.
    """
    with _reading("rows", form, path, json.dumps(reads._asdict()), today.isoformat()) as out:
        yield out


def plain_rows(path: str, form: str) -> Iterator[tuple[int, list[str]]]:
    """The rows of a file after its first, as they stand, each with its number."""
    with _reading("plain", form, path) as out:
        for line in out:
            number, cells = json.loads(line)
            yield number, cells


@contextmanager
def _reading(*words: str) -> Iterator[IO[bytes]]:
    with tempfile.TemporaryFile() as said:
        child = subprocess.Popen(  # noqa: S603  # ourselves, with words of our own
            [sys.executable, "-m", "registrations.spreadsheets.read", *words],
            cwd=BASE, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=said,
            env={"PYTHONIOENCODING": "utf-8", "PYTHONDONTWRITEBYTECODE": "1"},
        )  # fmt: skip
        try:
            assert child.stdout is not None
            yield child.stdout
            child.stdout.close()
            status = child.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            raise Unreadable(TOO_LONG) from None
        except json.JSONDecodeError:
            status = child.wait(PATIENCE)
        finally:
            child.kill()
            child.wait()
            if child.stdout is not None:
                child.stdout.close()
        if status == _UNREADABLE:
            said.seek(0)
            raise Unreadable(said.read().decode())
        if status < 0:
            raise Unreadable(TOO_LONG)
        if status:
            raise Unreadable("The file cannot be read. Save it again, as CSV UTF-8.")
