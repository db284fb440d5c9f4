"""What an agreement's terms leave open: what is not on record, what no date is worked out
from, and what nobody says."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from typing import Any, NamedTuple

from investors.models import Agreement
from registrations.rules import conditions, reckoning
from registrations.rules.days import Unit
from registrations.rules.terms import ABOUT, SPEC, Terms


class Gap(NamedTuple):
    """Something left open, in words, and the term that would close it, which may be
    ``on_record`` and say too little."""

    says: str
    term: str = ""
    on_record: bool = True


class Absent(NamedTuple):
    """The terms of one subject that are not on record: name and label."""

    about: str
    terms: list[tuple[str, str]]


def gaps(agreement: Agreement, terms: Terms) -> list[Gap]:
    """What the terms leave open, the worst first."""
    return [
        *_no_dates(terms),
        *_blanks(terms),
        *_in_part(terms),
        *_nobody_says(agreement, terms),
    ]


def absent(terms: Terms) -> list[Absent]:
    """The terms that are not on record, by subject."""
    found: dict[str, list[tuple[str, str]]] = {}
    for name, spec in SPEC.items():
        if name not in terms.values:
            found.setdefault(ABOUT[spec.about], []).append((name, spec.label))
    return [Absent(about, names) for about, names in found.items()]


def _no_dates(terms: Terms) -> Iterator[Gap]:
    demand, proposal = terms.lacks_for_demand, terms.lacks_for_proposal
    for name in dict.fromkeys((*demand, *proposal)):
        of = "a registration the Company proposes"
        if name in demand:
            of = f"a demand or {of}" if name in proposal else "a demand"
        label = SPEC[name].label
        yield Gap(f"{label}: not on record. What hangs on it in {of} is not known.", name, False)


def _blanks(terms: Terms) -> Iterator[Gap]:
    for name, value in terms.values.items():
        for part in _every(value):
            if isinstance(part, reckoning.Blank | conditions.Blank):
                yield Gap(f"{SPEC[name].label}: left blank by the form: {part.says}.", name)


def _in_part(terms: Terms) -> Iterator[Gap]:
    evidence = terms.values.get("evidence")
    if evidence is not None and evidence.read == "in_part":
        says = "Only part of the agreement was read: a term not on record may still be in it."
        yield Gap(f"{says} {evidence.says}".strip(), "evidence")
    if left := terms.values.get("not_formalised", ()):
        many = "One provision is" if len(left) == 1 else f"{len(left)} provisions are"
        yield Gap(f"{many} on record in words only: nothing is worked out from them.",
                  "not_formalised")  # fmt: skip


def _nobody_says(agreement: Agreement, terms: Terms) -> Iterator[Gap]:
    parts = [part for value in terms.values.values() for part in _every(value)]
    if not any(isinstance(part, reckoning.Counted) and part.zone for part in parts):
        yield Gap(
            f"No time zone: no term names one. Days are counted in {agreement.time_zone}, as "
            "entered with the agreement."
        )
    business = any(isinstance(p, reckoning.Counted) and p.unit is Unit.BUSINESS for p in parts)
    if "business_day" not in terms.values:
        if business:
            yield Gap(
                "Business day: not defined. Monday to Friday less federal holidays is used.",
                "business_day",
                on_record=False,
            )
        else:
            yield Gap(
                "No business-day rule: a day that falls on a weekend or holiday does not move.",
                "business_day",
                on_record=False,
            )


def _every(value: Any) -> Iterator[Any]:
    """A value and every part within it."""
    yield value
    if is_dataclass(value):
        for field in fields(value):
            yield from _every(getattr(value, field.name))
    elif isinstance(value, dict):
        for item in value.values():
            yield from _every(item)
    elif isinstance(value, tuple):
        for item in value:
            yield from _every(item)
