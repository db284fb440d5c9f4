"""A row of a register as text, and what it says: values, and what is wrong with them."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from datetime import date
from typing import NamedTuple

from .fields import FIELDS, KINDS, SECURITIES, Reads

MOST = 10**15  # securities in one row
# The columns of a row as they are written for the database, the row's number before them and
# its problems after.
WRITTEN = (
    "name", "kind", "party_from", "address", "facsimile", "contact_name", "contact_email",
    "note", "security", "quantity", "on", "expires_on", "reference",
)  # fmt: skip
_MOST = {field.name: field.most for field in FIELDS}
_WHOLE = re.compile(r"\d{1,3}(?:,\d{3})+|\d+")
_E_MAIL = re.compile(r"[^@\s,;<>]+@[^@\s,;<>]*\.[^@\s,;<>.]+")
_ESCAPED = re.compile(r"[\x00\n\r\\]")
_ERRORS = {"#REF!", "#N/A", "#VALUE!", "#NAME?", "#DIV/0!", "#!", "#NUM!"}
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ]00:00(?::00)?)?")
_SPLIT = re.compile(r"(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{4})")


class Problem(NamedTuple):
    """What is wrong, and in which field."""

    field: str
    says: str


def _names(known: dict[str, tuple[str, ...]]) -> dict[str, str]:
    return {each: name for name, others in known.items() for each in (name, *others)}


_SECURITIES, _KINDS = _names(SECURITIES), _names(KINDS)


def day_of(text: str, dates: str) -> date | None:
    """The day a cell gives, written year first or in the order ``dates`` says; ``None`` if it
    is none."""
    if (iso := _ISO.fullmatch(text)) is not None:
        y, m, d = (int(each) for each in iso.groups())
    elif dates != "iso" and (parts := _SPLIT.fullmatch(text)) is not None:
        a, b, y = (int(each) for each in parts.groups())
        m, d = (a, b) if dates == "mdy" else (b, a)
    else:
        return None
    try:
        return date(y, m, d)
    except ValueError:
        return None


class Understood:
    """Understands the rows of one file.  ``today`` is the agreement's day, as nothing on a
    register has yet to happen; ``width`` is how many columns the first line has."""

    def __init__(self, reads: Reads, *, today: date, width: int) -> None:
        self.reads, self.today, self.width = reads, today, width
        self._days: dict[tuple[str, str], tuple[str, str]] = {}
        understands: dict[str, Callable[[str, str], tuple[str, str]]] = {
            "kind": self._kind, "security": self._security, "quantity": self._whole,
            "party_from": self._day, "on": self._day, "expires_on": self._day,
            "contact_email": self._e_mail,
        }  # fmt: skip
        standing = {
            "kind": "person", "security": reads.security, "on": reads.on,
            "party_from": reads.party_from,
        }  # fmt: skip
        self._standing = [standing.get(name, "") for name in WRITTEN]
        self._columns = [
            (i, name, reads.columns[name], understands.get(name), _MOST[name])
            for i, name in enumerate(WRITTEN)
            if name in reads.columns
        ]

    def line(self, number: int, cells: Sequence[str]) -> str:
        """The row as a line of the database's own text format, in which empty is NULL."""
        written, problems = self.row(cells)
        said = json.dumps(problems, ensure_ascii=False) if problems else "[]"
        line = "\t".join((str(number), *written, said))
        if _ESCAPED.search(line) or line.count("\t") != len(WRITTEN) + 1:
            return "\t".join(map(escaped, (str(number), *written, said)))
        return line

    def row(self, cells: Sequence[str]) -> tuple[list[str], list[Problem]]:
        """What each field is, as the database reads it, and what is wrong."""
        problems: list[Problem] = []
        if len(cells) > self.width and any(cells[self.width :]):
            more = f"The row has {len(cells)} cells; the first line has {self.width}."
            problems.append(Problem("", more))
        written, there = self._standing.copy(), len(cells)
        for i, name, at, understand, most in self._columns:
            if at >= there or not (text := cells[at].strip()):
                continue
            said = ""
            if understand is not None:
                text, said = understand(name, text)
            elif len(text) > most:
                said, text = f"This is over {most:,} characters.", text[:most]
            elif text[0] == "#" and text in _ERRORS:
                said = f"The spreadsheet says {text} here. Put the value itself."
            if said:
                problems.append(Problem(name, said))
            written[i] = text
        self._as_a_whole(written, problems)
        return written, problems

    def _as_a_whole(self, written: list[str], problems: list[Problem]) -> None:
        name, quantity, on, last = written[0], written[9], written[10], written[11]
        if not name:
            problems.append(Problem("name", "Whose row this is has to stand in it."))
        else:
            written[0] = " ".join(name.split())
        if quantity and not on and not any(p.field == "on" for p in problems):
            problems.append(Problem("on", "Give the day it was acquired."))
        if last and written[8] != "warrant":
            problems.append(Problem("expires_on", "Only Warrants have a last day."))
        elif last and on and last < on:
            problems.append(Problem("expires_on", "Warrants cannot end before they begin."))

    def _day(self, name: str, text: str) -> tuple[str, str]:
        known = self._days.get((name, text))
        if known is None:
            known = self._days[name, text] = self._day_anew(name, text)
            if len(self._days) > 50_000:
                self._days.clear()
        return known

    def _day_anew(self, name: str, text: str) -> tuple[str, str]:
        day = day_of(text, self.reads.dates)
        if day is None:
            like = {"iso": "2003-03-30", "mdy": "3/30/2003", "dmy": "30.3.2003"}
            return "", f"“{short(text)}” is not a day. Give it as {like[self.reads.dates]}."
        if day > self.today and name != "expires_on":
            return day.isoformat(), f"{day.isoformat()} has not come yet."
        return day.isoformat(), ""

    def _whole(self, _name: str, text: str) -> tuple[str, str]:
        if not text.isascii() or (not text.isdigit() and not _WHOLE.fullmatch(text)):
            return "", f"“{short(text)}” is not a whole number of securities."
        number = int(text.replace(",", "")) if len(text) < 25 else MOST + 1
        if not 0 < number <= MOST:
            return "", f"Give a number from 1 to {MOST:,}."
        return str(number), ""

    def _kind(self, _name: str, text: str) -> tuple[str, str]:
        kind = _KINDS.get(text.casefold())
        known = "individual, partnership, corporation, LLC or trust"
        return (kind, "") if kind else ("person", f"“{short(text)}” is none of {known}.")

    def _security(self, _name: str, text: str) -> tuple[str, str]:
        security = _SECURITIES.get(text.casefold())
        if security:
            return security, ""
        known = "Units, Common Stock, Preferred Stock or Warrants"
        return self.reads.security, f"“{short(text)}” is none of {known}."

    def _e_mail(self, _name: str, text: str) -> tuple[str, str]:
        if len(text) <= _MOST["contact_email"] and _E_MAIL.fullmatch(text):
            return text.lower(), ""
        return "", f"“{short(text)}” is not an e-mail address."


def short(text: str) -> str:
    """A cell as a message repeats it."""
    return text if len(text) <= 40 else f"{text[:39]}…"


_ESCAPES = str.maketrans(
    {"\\": r"\\", "\t": r"\t", "\n": r"\n", "\r": r"\r", "\x00": "\N{REPLACEMENT CHARACTER}"}
)


def escaped(text: str) -> str:
    """Text as the database's text format has it."""
    return text.translate(_ESCAPES)
