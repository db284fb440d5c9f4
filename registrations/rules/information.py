"""What a Selling Investor furnishes about itself, section 6 (S5): which parts were asked for,
which are missing, and who is late.

The parts are those a prospectus needs of a selling security holder (Regulation S-K, Item
507), and what the plan of distribution needs beside them.  The day an answer is due is the
Company's to set.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from enum import StrEnum
from typing import Any, NamedTuple

from .days import say
from .findings import Concern, Fact, Reason
from .shapes import Flag, Record

PARTS: Mapping[str, str] = {
    "name": "Name, as the prospectus should have it",
    "relationship": "Position, office or other material relationship with the Company in the "
    "past three years",
    "shares_before": "Shares owned before the offering",
    "shares_offered": "Shares offered for its account",
    "shares_after": "Shares owned after the offering",
    "percent_after": "Percentage of the class owned after the offering",
    "distribution": "Intended method of distribution",
    "control_persons": "Natural persons who vote or dispose of its shares",
    "broker_dealer": "Whether it is a broker-dealer, or affiliated with one",
}


class Furnish(NamedTuple):
    """What an Investor in a registration furnishes: what the Company may reasonably ask for,
    in writing where the agreement says so."""

    in_writing: bool = False


class Answer(StrEnum):
    """How an Investor's answer stands."""

    WHOLE = "answered"
    IN_PART = "parts_missing"
    NONE = "not_answered"
    NOT_ASKED = "not_asked"


class Asked(NamedTuple):
    """What an Investor was asked: when, by when, and which parts."""

    sent_on: date
    due_on: date
    parts: Sequence[str] = tuple(PARTS)


class Stated(NamedTuple):
    """What an Investor answered, and the day the last of it came.  A part not stated is
    ``None`` or empty."""

    received_on: date
    parts: Mapping[str, Any]


class Stands(NamedTuple):
    """How an Investor's answer stands on a day.  ``late`` is how many days past the day it
    was due the answer came or, while it has not, is; ``since`` how many days ago it was
    asked."""

    answer: Answer
    missing: tuple[str, ...]
    late: int
    since: int | None
    because: tuple[Reason, ...]


def stands(asked: Asked | None, stated: Stated | None, *, today: date, clause: str = "") -> Stands:
    """How an answer stands: whole, lacking parts, or not there."""
    parts = tuple(asked.parts) if asked is not None else tuple(PARTS)
    missing = tuple(part for part in parts if stated is None or lacks(stated.parts, part))
    because = []
    if asked is not None:
        because.append(Reason("S5", clause, "Asked for", Fact("asked", asked.sent_on)))
        because.append(
            Reason("S5", clause, "Due on the day the Company set", Fact("due", asked.due_on))
        )
    if stated is not None:
        because.append(Reason("S5", clause, "Answered", Fact("received", stated.received_on)))
    if stated is None:
        answer = Answer.NONE if asked is not None else Answer.NOT_ASKED
    else:
        answer = Answer.IN_PART if missing else Answer.WHOLE
    late = 0
    if asked is not None:
        came = stated.received_on if answer is Answer.WHOLE and stated is not None else today
        late = max(0, (came - asked.due_on).days)
    since = (today - asked.sent_on).days if asked is not None else None
    return Stands(answer, missing, late, since, tuple(because))


def lacks(stated: Mapping[str, Any], part: str) -> bool:
    """Whether a part is not stated: nothing, or only spaces.  None held is 0, and stated."""
    value = stated.get(part)
    return value is None or (isinstance(value, str) and not value.strip())


def doubts(
    stated: Stated,
    *,
    investor: int,
    name: str,
    held: int | None = None,
    asked_for: int | None = None,
    clause: str = "",
) -> list[Concern]:
    """What in an answer does not fit itself, the register or the Investor's own request;
    whole shares.  It is recorded as it came: counsel asks again."""
    before: int | None = stated.parts.get("shares_before")
    offered: int | None = stated.parts.get("shares_offered")
    after: int | None = stated.parts.get("shares_after")
    found = []
    if before is not None and offered is not None and after is not None:
        left = before - offered
        if 0 <= left != after:
            found.append(f"{before:,} less {offered:,} is {left:,}, not {after:,}")
    if offered is not None and before is not None and offered > before:
        found.append(f"It offers {offered:,} of {before:,}")
    if held is not None and before is not None and before < held:
        found.append(
            f"It states {before:,} owned before; the register has {held:,} Registrable Shares on "
            f"{say(stated.received_on)}"
        )
    if None not in (offered, asked_for) and offered != asked_for:
        found.append(f"It offers {offered:,}; it asked to have {asked_for:,} registered")
    return [
        Concern(f"information:{investor}:{n}", "information", "S5", clause,
                f"{text}.", stated.received_on, (), investor, name)
        for n, text in enumerate(found)
    ]  # fmt: skip


INFORMATION = Record(Furnish, {}, {"in_writing": Flag()})
