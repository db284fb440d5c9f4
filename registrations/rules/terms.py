"""The terms of an agreement as one frozen value, laid over dated entries.

A number an agreement could change is a term here and a constant nowhere.  ``SPEC`` is
the list of what an agreement may say; ``Terms.from_entries`` reads stored values and
refuses what it does not understand, naming the term.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from typing import Any, NamedTuple

from .days import Period, Roll, Unit


class TermError(ValueError):
    """A stored term that cannot be read.  ``term`` names it."""

    def __init__(self, term: str, message: str) -> None:
        super().__init__(f"{term}: {message}")
        self.term = term


class GivenWhen(StrEnum):
    """When a notice that went by some method is given (N1, N2)."""

    SENT = "sent"
    RECEIVED = "received"


class UnitParts(NamedTuple):
    """What one Unit is made of (H1), in whole securities."""

    common: int
    preferred: int
    warrants: int
    common_per_preferred: int
    common_per_warrant: int

    @property
    def registrable(self) -> int:
        """Registrable Shares in one untouched Unit, issued and issuable (H2)."""
        return (
            self.common
            + self.preferred * self.common_per_preferred
            + self.warrants * self.common_per_warrant
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """The terms in force for a matter.

    ``clauses`` maps a term's name to the section it comes from, ``summaries`` to our
    own words for it.
    """

    units_offered: int
    unit_price_usd: str
    unit_parts: UnitParts
    warrant_life: Period
    warrant_price_usd: str
    notice_methods: Mapping[str, GivenWhen]
    electronic_methods: tuple[str, ...]
    demand_majority_over: Fraction
    demand_bases: tuple[str, ...]
    joining: Period
    joining_from: tuple[str, ...]
    filing_opens: Period
    filing_opens_from: tuple[str, ...]
    filing_closes: Period
    effectiveness: Period
    keep_effective: Period
    rest: Period
    delay: Period
    delay_plan: Period
    delays_allowed: int
    demands_allowed: int
    request_parts: tuple[str, ...]
    piggyback_joining: Period
    piggyback_joining_from: tuple[str, ...]
    piggyback_excluded: tuple[str, ...]
    clauses: Mapping[str, str] = field(default_factory=dict)
    summaries: Mapping[str, str] = field(default_factory=dict)

    def clause(self, term: str) -> str:
        """The section a term comes from, or an empty string."""
        return self.clauses.get(term, "")

    @classmethod
    def from_entries(cls, entries: Mapping[str, TermEntry]) -> Terms:
        """Read stored terms.

        Raises ``TermError`` when a term is missing, unknown, or not of its form.
        """
        for name in entries:
            if name not in SPEC:
                raise TermError(name, "no such term; see the list of terms.")
        read: dict[str, Any] = {}
        for name, spec in SPEC.items():
            if name not in entries:
                raise TermError(name, "the agreement gives no value for it.")
            read[name] = spec.read(name, entries[name])
        return cls(
            **read,
            clauses={name: e.clause for name, e in entries.items()},
            summaries={name: e.summary for name, e in entries.items()},
        )


class TermEntry(NamedTuple):
    """A stored term: its value as JSON data, its clause, and our summary of it."""

    value: Any
    clause: str = ""
    summary: str = ""


class TermSpec(NamedTuple):
    """One term an agreement may set: its label and how its stored value is read."""

    label: str
    read: Callable[[str, TermEntry], Any]


def _whole(name: str, entry: TermEntry) -> int:
    if not isinstance(entry.value, int) or isinstance(entry.value, bool) or entry.value < 0:
        raise TermError(name, "give a whole number, zero or more.")
    return entry.value


def _usd(name: str, entry: TermEntry) -> str:
    value = entry.value
    if not isinstance(value, str) or not re.fullmatch(r"[0-9]+(\.[0-9]+)?", value):
        raise TermError(name, 'give an amount in US dollars as text, such as "0.30".')
    return value


def _period(name: str, entry: TermEntry) -> Period:
    value = entry.value
    if not isinstance(value, dict) or set(value) - {"n", "unit", "roll"} or "n" not in value:
        raise TermError(name, 'give {"n": 20, "unit": "calendar", "roll": "none"}.')
    n = value["n"]
    if not isinstance(n, int) or isinstance(n, bool) or n < 0:
        raise TermError(name, "n is a whole number of days, months or years, zero or more.")
    try:
        unit = Unit(value.get("unit", Unit.CALENDAR))
        roll = Roll(value.get("roll", Roll.NONE))
    except ValueError as wrong:
        raise TermError(name, str(wrong)) from wrong
    return Period(n, unit, roll, entry.clause)


def _parts(name: str, entry: TermEntry) -> UnitParts:
    value = entry.value
    if not isinstance(value, dict) or set(value) != set(UnitParts._fields):
        raise TermError(name, f"give whole numbers for {', '.join(UnitParts._fields)}.")
    return UnitParts(**{k: _whole(f"{name}.{k}", TermEntry(v)) for k, v in value.items()})


def _methods(name: str, entry: TermEntry) -> Mapping[str, GivenWhen]:
    value = entry.value
    if not isinstance(value, dict) or not value:
        raise TermError(name, 'give each method as {"certified_mail": "sent", …}.')
    try:
        return {str(method): GivenWhen(when) for method, when in value.items()}
    except ValueError as wrong:
        raise TermError(name, f"a notice is given when sent or received: {wrong}") from wrong


def _fraction(name: str, entry: TermEntry) -> Fraction:
    try:
        if not isinstance(entry.value, str):
            raise TypeError("not a text")
        share = Fraction(entry.value)
    except (TypeError, ValueError, ZeroDivisionError) as wrong:
        raise TermError(name, 'give a fraction as text, such as "1/2".') from wrong
    if not 0 <= share < 1:
        raise TermError(name, "the share to be exceeded lies from 0 up to, not including, 1.")
    return share


def _names(*known: str) -> Callable[[str, TermEntry], tuple[str, ...]]:
    def read(name: str, entry: TermEntry) -> tuple[str, ...]:
        value = entry.value
        if (
            not isinstance(value, list)
            or not value
            or any(item not in known for item in value)
            or any(value.count(item) > 1 for item in value)
        ):
            raise TermError(name, f"list one or more, each once, of: {', '.join(known)}.")
        return tuple(value)

    return read


SPEC: Mapping[str, TermSpec] = {
    "units_offered": TermSpec("Units offered", _whole),
    "unit_price_usd": TermSpec("Price of a Unit, USD", _usd),
    "unit_parts": TermSpec("What a Unit is made of", _parts),
    "warrant_life": TermSpec("Life of a Warrant", _period),
    "warrant_price_usd": TermSpec("Exercise price of a Warrant, USD", _usd),
    "notice_methods": TermSpec("Methods of notice, and when each counts", _methods),
    "electronic_methods": TermSpec(
        "Methods that count only under a signed consent", _names("portal", "email")
    ),
    "demand_majority_over": TermSpec("A demand needs more than this share", _fraction),
    "demand_bases": TermSpec(
        "Which Units the share is of, each reading", _names("offered", "issued", "held")
    ),
    "joining": TermSpec("Days to ask to join", _period),
    "joining_from": TermSpec("Joining counts from, strictest first", _names("given", "received")),
    "filing_opens": TermSpec("Days before the Company may file", _period),
    "filing_opens_from": TermSpec(
        "Filing opens from, the governing first", _names("last_receipt", "first_receipt")
    ),
    "filing_closes": TermSpec("Days within which the Company must file", _period),
    "effectiveness": TermSpec("Days from filing to effectiveness", _period),
    "keep_effective": TermSpec("How long the statement is kept effective", _period),
    "rest": TermSpec("Rest after another statement became effective", _period),
    "delay": TermSpec("Longest delay by the Company", _period),
    "delay_plan": TermSpec("How near an offering must be planned", _period),
    "delays_allowed": TermSpec("Delays the Company may direct", _whole),
    "demands_allowed": TermSpec("Demand Registrations owed", _whole),
    "request_parts": TermSpec(
        "What a request must state", _names("amount", "distribution", "other_information")
    ),
    "piggyback_joining": TermSpec("Days to send a Piggy-back Request", _period),
    "piggyback_joining_from": TermSpec(
        "Piggy-back Requests count from, strictest first", _names("given", "received")
    ),
    "piggyback_excluded": TermSpec(
        "Registrations that owe no Registration Notice",
        _names("stock_plan", "reorganization", "conversion"),
    ),
}
