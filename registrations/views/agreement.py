"""The agreement as we read it: section by section, our summary, the value, its history."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from django.views.generic import TemplateView

from investors.models import Agreement, Term
from registrations.facts import terms_of
from registrations.rules.terms import SPEC, TermEntry, TermError, Terms, read_terms
from registrations.rules.wording import term_words

from .gaps import absent, gaps
from .scope import CounselPage
from .words import capital, count_words


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
        defined = _defined(by_name["defined_words"], self.today)
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
                    words_of(current, defined),
                    current,
                    [
                        (t, "; ".join(words_of(t, defined)))
                        for t in by_name[name]
                        if t.pk != current.pk
                    ],
                )
            )
        terms = _read(self.agreement, self.today)
        kwargs.update(
            gaps=gaps(self.agreement, terms) if terms else [],
            absent=absent(terms) if terms else [],
        )
        count = sum(len(rows) for rows in sections.values())
        kwargs.update(
            sections=[Section(ref, rows) for ref, rows in sorted(sections.items(), key=_in_order)],
            heading=f"{capital(count_words(count, 'term'))} in {len(sections)} sections, "
            "each in our own words.",
        )
        return super().get_context_data(**kwargs)


def _read(agreement: Agreement, today: date) -> Terms | None:
    """The terms in force, or ``None`` where one cannot be read: the page says so there."""
    try:
        return terms_of(agreement, max(today, agreement.dated_on))
    except TermError:
        return None


def _in_order(item: tuple[str, Sequence[TermRow]]) -> tuple[int, str]:
    """The recitals first, then sections by number."""
    return (1, item[0]) if item[0][:1].isdigit() else (0, item[0])


def _defined(terms: Sequence[Term], today: date) -> Mapping[str, Mapping[str, str]]:
    """The words the agreement defines itself, as in force today."""
    standing = [t for t in terms if not hasattr(t, "replacement") and t.in_force_from <= today]
    return standing[-1].value if standing else {}


def words_of(term: Term, defined: Mapping[str, Mapping[str, str]]) -> list[str]:
    """A term's value in words; what cannot be read is said to be so."""
    if term.name not in SPEC:
        return ["Not a term the program knows."]
    words = {"defined_words": TermEntry(defined)} if defined else {}
    read = read_terms({term.name: TermEntry(term.value)} | words)
    if read.problems:
        return [f"Cannot be read: {problem.text}" for problem in read.problems]
    return term_words(term.name, read.values[term.name], defined)
