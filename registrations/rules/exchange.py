"""One agreement as one file: JSON that another program can write, check and read.

``read_document`` refuses a file whole and lists every problem with its path; a file it
takes is written back by ``write_document`` to the same data.  ``schema`` is the JSON
Schema of the format, made from the very shapes that read it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from .conditions import CONDITION
from .reckoning import WHEN
from .shapes import Desk, Problem
from .terms import SPEC, TermEntry, read_terms

FORMAT = "rightsbook-agreement/1"
LONGEST_CLAUSE = 120  # characters


class Document(NamedTuple):
    """An agreement as its file has it.  ``dated_on`` is its legal date, where it has one;
    ``time_zone`` the one its days are counted in."""

    title: str
    company: str
    terms: Mapping[str, TermEntry]
    dated_on: date | None = None
    time_zone: str = ""
    governing_law: str = ""
    about: str = ""


_WORDS = {
    "title": "What the agreement is called.",
    "company": "The company that owes the registration.",
    "about": "What kind of agreement it is, in a line.",
    "time_zone": "The time zone its days are counted in, such as America/New_York.",
    "governing_law": "The law that governs it.",
}
_LONGEST = {"title": 200, "company": 200, "about": 500, "time_zone": 64, "governing_law": 100}
_NEEDS = ("format", "title", "company", "terms")


def read_document(data: Any) -> tuple[Document | None, Sequence[Problem]]:
    """The agreement a file holds, or every problem in it by path."""
    desk = Desk()
    if not isinstance(data, dict):
        return None, [Problem("$", "give one agreement as a JSON object.")]
    for name in data:
        if name not in {*_NEEDS, *_WORDS, "dated_on"}:
            desk.wrong(name, "is not understood here.")
    for name in _NEEDS:
        if name not in data:
            desk.wrong(name, "is missing.")
    if "format" in data and data["format"] != FORMAT:
        desk.wrong("format", f"give “{FORMAT}”.")
    for name, says in _WORDS.items():
        if name in data and not (isinstance(data[name], str) and (data[name] or name != "title")):
            desk.wrong(name, f"give words. {says}")
        elif len(str(data.get(name, ""))) > _LONGEST[name]:
            desk.wrong(name, f"is longer than {_LONGEST[name]} characters.")
    _check_zone(data.get("time_zone"), desk)
    dated_on = _day(data.get("dated_on"), desk)
    entries = _entries(data.get("terms", {}), desk)
    desk.problems += read_terms(entries, "terms.{}.value").problems
    if desk.problems:
        return None, desk.problems
    return (
        Document(
            terms=entries,
            dated_on=dated_on,
            **{name: data[name] for name in _WORDS if name in data},
        ),
        (),
    )


def write_document(document: Document) -> dict[str, Any]:
    """The agreement as the data of its file; ``read_document`` gives the same back."""
    data: dict[str, Any] = {"format": FORMAT}
    data |= {name: getattr(document, name) for name in _WORDS if getattr(document, name)}
    if document.dated_on is not None:
        data["dated_on"] = document.dated_on.isoformat()
    order = {name: n for n, name in enumerate(SPEC)}
    data["terms"] = {
        name: {
            key: value for key, value in entry._asdict().items() if key == "value" or value != ""
        }
        for name, entry in sorted(document.terms.items(), key=lambda item: order[item[0]])
    }
    return data


def schema() -> dict[str, Any]:
    """The format as JSON Schema, draft 2020-12."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A registration rights agreement as Rightsbook exchanges it",
        "type": "object",
        "required": list(_NEEDS),
        "additionalProperties": False,
        "properties": {
            "format": {"const": FORMAT},
            **{
                name: {"type": "string", "description": says, "maxLength": _LONGEST[name]}
                for name, says in _WORDS.items()
            },
            "dated_on": {"type": "string", "format": "date"},
            "terms": {
                "type": "object",
                "additionalProperties": False,
                "properties": {
                    name: {
                        "type": "object",
                        "description": spec.label,
                        "required": ["value"],
                        "additionalProperties": False,
                        "properties": {
                            "value": spec.shape.schema(),
                            "clause": {"type": "string", "maxLength": LONGEST_CLAUSE},
                            "summary": {"type": "string"},
                        },
                    }
                    for name, spec in SPEC.items()
                },
            },
        },
        "$defs": {shape.name: shape.definition() for shape in (WHEN, CONDITION)},
    }


def _check_zone(zone: Any, desk: Desk) -> None:
    if not isinstance(zone, str) or not zone:
        return
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError):
        desk.wrong("time_zone", f"“{zone}” is no time zone; give one such as America/New_York.")


def _day(value: Any, desk: Desk) -> date | None:
    if value is None:
        return None
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError):
        desk.wrong("dated_on", "give a day such as 2003-03-30.")
        return None


def _entries(terms: Any, desk: Desk) -> dict[str, TermEntry]:
    if not isinstance(terms, dict):
        desk.wrong("terms", "give terms by name.")
        return {}
    entries = {}
    for name, entry in terms.items():
        if not isinstance(entry, dict) or "value" not in entry:
            desk.wrong(f"terms.{name}", 'give {"value": …, "clause": "…", "summary": "…"}.')
            continue
        for key in entry:
            if key not in TermEntry._fields:
                desk.wrong(f"terms.{name}.{key}", "is not understood here.")
        for key in ("clause", "summary"):
            if not isinstance(entry.get(key, ""), str):
                desk.wrong(f"terms.{name}.{key}", "give words.")
        if len(str(entry.get("clause", ""))) > LONGEST_CLAUSE:
            desk.wrong(f"terms.{name}.clause", f"is longer than {LONGEST_CLAUSE} characters.")
        entries[name] = TermEntry(**{k: entry[k] for k in TermEntry._fields if k in entry})
    return entries
