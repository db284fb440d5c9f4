"""The kinds of letter: what each may name, with an example, and the words we give it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

from .models import LetterTemplate
from .wordings import Unfit, Values, Wording, check, filled

_OURS = Path(__file__).parent / "letter_texts"
Kind = LetterTemplate.Kind


class Place(NamedTuple):
    """One name a letter may use: what it stands for, and an example of it.  One that is not
    ``always`` there may be empty."""

    name: str
    says: str
    example: str | Sequence[str]
    always: bool = False

    @property
    def many(self) -> bool:
        """Whether it is a list."""
        return not isinstance(self.example, str)

    @property
    def shown(self) -> str:
        """The example on one line."""
        if isinstance(self.example, str):
            return self.example.replace("\n", ", ")
        return "; ".join(self.example)


_COMMON = (
    Place("company", "The Company", "Example Corp.", always=True),
    Place(
        "company_address", "The Company and its address for notices, line by line",
        "Example Corp.\n12 Main Street\nAlma, Michigan", always=True,
    ),
    Place("agreement", "The agreement with its date",
          "Registration Rights Agreement dated March 30, 2003", always=True),
    Place("today", "The day the letter is made", "June 4, 2003", always=True),
    Place("to", "Whom the letter goes to", "Example Partners, L.P.", always=True),
    Place("section", "The section the letter is sent under", "1(a)"),
)  # fmt: skip
_MATTER = Place("registration", "The registration, by its number", "DR-1", always=True)
_TO_ANSWER = (
    Place("time_to_answer", "How long there is to ask, in the agreement’s words",
          "20 calendar days after Company Notice given"),
    Place("answer_section", "The section that gives that time", "1(a)"),
    Place("what_to_say", "What a request has to say, a list",
          ("the amount of Units and Registrable Shares", "the intended method of distribution")),
)  # fmt: skip
_PROSPECTUS = (
    _MATTER,
    Place("suspension", "The suspension, by its number", "S-1", always=True),
    Place("amended_on", "The day the prospectus was amended", "July 17, 2003", always=True),
    Place("file_number", "The file number of the Registration Statement", "333-104582"),
)
_PLACES: dict[str, tuple[Place, ...]] = {
    Kind.COMPANY_NOTICE: (
        _MATTER,
        Place("demand_received_on", "The day the Demand Notice was received", "June 2, 2003"),
        *_TO_ANSWER,
    ),
    Kind.REGISTRATION_NOTICE: (_MATTER, *_TO_ANSWER),
    Kind.DELAY: (
        _MATTER,
        Place("directed_on", "The day the Company directed the delay", "June 20, 2003",
              always=True),
        Place("until_on", "The last day it asked for", "September 18, 2003"),
        Place("demand_received_on", "The day the Demand Notice was received", "June 2, 2003"),
        Place("what", "The offering or activity, as recorded", "A primary offering"),
    ),
    Kind.SUSPENSION: _PROSPECTUS,
    Kind.RESUMPTION: (
        *_PROSPECTUS,
        Place("released_on", "The day the request to stop was taken back", "August 1, 2003"),
    ),
    Kind.INFORMATION: (
        _MATTER,
        Place("due_on", "The day it is to be there, as recorded", "July 1, 2003"),
        Place("parts", "What is asked for, a list",
              ("Full name", "Shares held before the offering"), always=True),
    ),
    Kind.EFFECTIVENESS: (
        _MATTER,
        Place("effective_on", "The day it became effective", "July 28, 2003", always=True),
        Place("form", "The form it was filed on", "S-3"),
        Place("file_number", "The file number of the Registration Statement", "333-104582"),
        Place("holders", "Each Selling Investor and its shares, a list",
              ("Example Partners, L.P.: 1,200 shares", "Another Holder: 700 shares")),
    ),
    Kind.DEMAND_NOTICE: _TO_ANSWER[2:],
    Kind.INCLUSION: (_MATTER, *_TO_ANSWER),
    Kind.PIGGYBACK: (_MATTER, *_TO_ANSWER),
}  # fmt: skip


def places_of(kind: str) -> tuple[Place, ...]:
    """What a letter of a kind may name."""
    return (*_COMMON, *_PLACES[kind])


def examples_of(kind: str) -> tuple[Values, Values]:
    """A letter of a kind with everything in it, and one with nothing that may be missing."""
    places = places_of(kind)
    return (
        {p.name: p.example for p in places},
        {p.name: p.example if p.always else "" if not p.many else () for p in places},
    )


@cache
def our_text(kind: str) -> str:
    """The words a kind of letter has where counsel gave it none."""
    return (_OURS / f"{Kind(kind).value}.liquid").read_text(encoding="utf-8")


def try_out(kind: str, text: str) -> Wording:
    """A text with the examples of its kind put in.  Raises ``Unfit`` unless it is a letter
    that can be made with them and without whatever may be missing."""
    full, bare = examples_of(kind)
    check(text, {p.name: p.many for p in places_of(kind)}, bare)
    return filled(text, full)


__all__ = ["Kind", "Place", "Unfit", "examples_of", "our_text", "places_of", "try_out"]
