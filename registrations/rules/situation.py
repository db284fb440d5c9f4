"""What is known when a term is asked something: days, numbers, and what is so.

Nothing is looked up and nothing assumed.  A day, number or fact that is not here is
unknown, and an answer that needs it names it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from types import MappingProxyType
from typing import Any, NamedTuple, TypeAlias

from .days import BusinessDays
from .words import Kind, label

Number: TypeAlias = int | Decimal | Fraction


def plain(value: Fraction) -> str:
    """A number as people write it: whole where it is whole, else to six decimals."""
    if value.denominator == 1:
        return f"{value.numerator:,}"
    exact = Decimal(value.numerator) / Decimal(value.denominator)
    return f"{exact:,.6f}".rstrip("0").rstrip(".")


class Calendars(NamedTuple):
    """The days a business day and a trading day may be, as the agreement means them."""

    business: BusinessDays
    trading: BusinessDays


WEEKDAYS = Calendars(BusinessDays(), BusinessDays())  # Monday to Friday, no holidays

_NOTHING: Mapping[str, Any] = MappingProxyType({})

# A number that follows from two others, where it is not itself given.
_PRODUCTS = {
    "offering_usd": ("offered_shares", "price_usd"),
    "held_usd": ("held_shares", "price_usd"),
}
_DIFFERENCES = {"net_offering_usd": ("offering_usd", "selling_expenses_usd")}


@dataclass(frozen=True)
class Situation:
    """The facts a question is asked on.

    ``events`` are legal days by event; ``measures`` exact numbers (whole shares, USD,
    days, percentages); ``facts`` what is so; ``choices`` what was chosen, such as the
    form or who pays.  ``defined`` are the words the agreement defines itself.
    """

    calendars: Calendars
    events: Mapping[str, date] = field(default_factory=dict)
    measures: Mapping[str, Number] = field(default_factory=dict)
    facts: Mapping[str, bool] = field(default_factory=dict)
    choices: Mapping[str, str] = field(default_factory=dict)
    defined: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def number(self, measure: str) -> Fraction | None:
        """A measure, exact; worked out from its parts where it was not given itself."""
        if (given := self.measures.get(measure)) is not None:
            return Fraction(given)
        if measure in _PRODUCTS:
            one, other = (self.number(part) for part in _PRODUCTS[measure])
            return None if one is None or other is None else one * other
        if measure in _DIFFERENCES:
            one, other = (self.number(part) for part in _DIFFERENCES[measure])
            return None if one is None or other is None else one - other
        return None

    def with_(
        self,
        *,
        events: Mapping[str, date] = _NOTHING,
        measures: Mapping[str, Number] = _NOTHING,
        facts: Mapping[str, bool] = _NOTHING,
        choices: Mapping[str, str] = _NOTHING,
    ) -> Situation:
        """The same with more laid over it."""
        return replace(
            self,
            events={**self.events, **events},
            measures={**self.measures, **measures},
            facts={**self.facts, **facts},
            choices={**self.choices, **choices},
        )

    def says(self, kind: Kind, word: str) -> str:
        """A word as people say it."""
        return label(kind, word, self.defined)
