"""The agreement as we read it: section by section, our summary, the value, its history."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any, NamedTuple

from django.views.generic import TemplateView

from investors.models import Term
from notices.models import Method
from registrations.rules.days import Period, Roll
from registrations.rules.terms import SPEC, GivenWhen, TermEntry, TermError, UnitParts

from .scope import CounselPage
from .words import capital, count_words, listed

_NAMES = {
    "offered": "the Units offered",
    "issued": "the Units issued",
    "held": "the Units Investors hold",
    "given": "the day it was given",
    "received": "the day it was received",
    "last_receipt": "the last Investor’s receipt",
    "first_receipt": "the first Investor’s receipt",
    "amount": "the amount of Units and Registrable Shares",
    "distribution": "the intended method of distribution",
    "other_information": "other information reasonably requested",
    "stock_plan": "a stock plan alone",
    "reorganization": "a reorganization or Rule 145 transaction",
    "conversion": "only what registered debt converts into",
}


class TermRow(NamedTuple):
    """One term in force: its name, our summary, its value in words, and what was before."""

    name: str
    label: str
    summary: str
    value: Sequence[str]
    term: Term
    earlier: Sequence[tuple[Term, str]]


class Section(NamedTuple):
    """A section of the agreement and the terms it gives."""

    ref: str
    terms: Sequence[TermRow]


class AgreementPage(CounselPage, TemplateView):
    """What does the contract say, and how did we read it?"""

    template_name = "counsel/agreement.html"
    nav = "agreement"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        by_name: dict[str, list[Term]] = defaultdict(list)
        for term in (
            Term.objects.filter(agreement=self.agreement)
            .select_related("recorded_by", "replacement")
            .order_by("in_force_from", "pk")
        ):
            by_name[term.name].append(term)
        sections: dict[str, list[TermRow]] = defaultdict(list)
        order = list(SPEC)
        for name in sorted(by_name, key=lambda n: order.index(n) if n in order else len(order)):
            standing = [
                t
                for t in by_name[name]
                if not hasattr(t, "replacement") and t.in_force_from <= self.today
            ]
            if not standing:
                continue
            current = standing[-1]
            sections[current.clause].append(
                TermRow(
                    name,
                    SPEC[name].label if name in SPEC else name,
                    current.summary,
                    term_words(current),
                    current,
                    [(t, "; ".join(term_words(t))) for t in by_name[name] if t.pk != current.pk],
                )
            )
        count = sum(len(rows) for rows in sections.values())
        kwargs.update(
            sections=[Section(ref, rows) for ref, rows in sorted(sections.items(), key=_in_order)],
            heading=f"{capital(count_words(count, 'term'))} in {len(sections)} sections, "
            "each in our own words.",
        )
        return super().get_context_data(**kwargs)


def _in_order(item: tuple[str, Sequence[TermRow]]) -> tuple[int, str]:
    """The recitals first, then sections by number."""
    return (1, item[0]) if item[0][:1].isdigit() else (0, item[0])


def term_words(term: Term) -> list[str]:
    """A term's value in words; what cannot be read is said to be so."""
    spec = SPEC.get(term.name)
    if spec is None:
        return ["Not a term the program knows."]
    try:
        value = spec.read(term.name, TermEntry(term.value, term.clause, term.summary))
    except TermError as wrong:
        return [f"Cannot be read: {wrong}"]
    return _value_words(term.name, value)


def _value_words(name: str, value: Any) -> list[str]:
    if isinstance(value, Period):
        roll = {
            Roll.NONE: "does not roll off weekends or holidays",
            Roll.FORWARD: "rolls forward to a business day",
            Roll.BACK: "rolls back to a business day",
        }[value.roll]
        kind = " (calendar days)" if value.unit == "calendar" else ""
        return [f"{value.words}{kind}; the last day {roll}"]
    if isinstance(value, UnitParts):
        return [
            f"{value.common} Common",
            f"{value.preferred} Preferred, each converts into {value.common_per_preferred} Common",
            f"{value.warrants} Warrant, each for {value.common_per_warrant} Common",
            f"{value.registrable} Registrable Shares in one untouched Unit",
        ]
    if name == "notice_methods":
        names = dict(Method.choices)
        return [
            f"{names.get(method, method)}: counts "
            f"{'when sent' if when is GivenWhen.SENT else 'when actually received'}"
            for method, when in sorted(value.items(), key=lambda m: (m[1] != "sent", m[0]))
        ]
    if name == "electronic_methods":
        names = dict(Method.choices)
        listed_names = listed([str(names.get(m, m)) for m in value], 5)
        return [f"{listed_names}: only under a signed consent, on receipt"]
    if name == "demand_majority_over":
        return [f"More than {value.numerator}/{value.denominator}"]
    if name.endswith("_usd"):
        return [f"$ {value}"]
    if isinstance(value, tuple):
        words = [str(_NAMES.get(v, v)) for v in value]
        if (name == "demand_bases" or name.endswith("_from")) and len(words) > 1:
            return [f"Reading {n}: {word}" for n, word in enumerate(words, 1)]
        return [capital(listed(words, 9))]
    return [f"{value:,}"]
