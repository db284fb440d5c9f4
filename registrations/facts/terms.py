"""The terms a matter is judged by, the days that count, and the day it began."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import Any

import holidays

from investors.models import (
    Agreement,
    Company,
    Term,
)
from notices.models import DeliveryRecord

from ..models import (
    Demand,
    GoverningReading,
    ProposalRecord,
    StatementRecord,
)
from ..rules import (
    governing,
    matter,
)
from ..rules.days import BusinessDays, Period, Unit
from ..rules.findings import Decision as DecisionFact
from ..rules.situation import Calendars
from ..rules.terms import TermEntry, Terms
from .together import Part, Rows, part, together

FIRST_YEAR, LAST_YEAR = 1990, 2100


@lru_cache(maxsize=1)
def open_days() -> BusinessDays:
    """The days EDGAR takes filings: Monday to Friday less federal holidays (N7)."""
    federal = holidays.country_holidays("US", years=range(FIRST_YEAR, LAST_YEAR + 1), observed=True)
    return BusinessDays(frozenset(federal))


def terms_of(agreement: Agreement, on: date) -> Terms:
    """The agreement's terms in force on a day: of each name, the latest begun by then, with
    the readings chosen for the agreement by then (N8).

    Raises ``rules.terms.TermError`` when a stored term cannot be read.
    """
    return _read(entries_of(agreement, on), readings_of(agreement, on))


def terms_day_by_day(agreement: Agreement) -> Callable[[date], Terms]:
    """What gives the terms in force on any day, read once for all the days between two
    changes."""
    terms = Term.objects.standing().filter(agreement=agreement)
    readings = GoverningReading.objects.filter(agreement=agreement)
    changes = sorted({
        *terms.values_list("in_force_from", flat=True),
        *readings.values_list("governs_from", flat=True),
    })  # fmt: skip
    known: dict[int, Terms] = {}

    def on(day: date) -> Terms:
        nth = bisect_right(changes, day)
        if nth not in known:
            known[nth] = terms_of(agreement, day)
        return known[nth]

    return on


def terms_for(demand: Demand, as_of: date | None = None) -> Terms:
    """The terms a matter is judged by: those in force when it began, with the readings
    chosen for the agreement by ``as_of``, or so far.

    A reading chosen after a matter was closed leaves it as it was judged.
    """
    return terms_from(together(terms_parts(demand)), as_of)


def terms_parts(demand: Demand) -> dict[str, Part]:
    """What the terms of a matter are read from."""
    copies = DeliveryRecord.objects.standing().filter(delivery__notice_id=demand.notice_id)
    return {
        "terms": part(
            Term.objects.standing().filter(agreement=demand.agreement_id),
            "in_force_from", "pk", "name", "value", "clause", "summary",
        ),
        "readings": part(
            GoverningReading.objects.filter(agreement=demand.agreement_id), *_READING
        ),
        "begun": part(copies, "sent_on", "received_on"),
        "proposals": part(
            ProposalRecord.objects.filter(demand=demand),
            "replaces", "replacement", "stated_on", "withdrawn_on", "what", "form",
            "form_allows", "public_offering", "only_for", "underwritten", "planned_on",
        ),
        "statement": part(
            StatementRecord.objects.standing().filter(statement__demand=demand),
            "on", "pk", "kind", "detail",
        ),
    }  # fmt: skip


def terms_from(rows: Rows, as_of: date | None = None) -> Terms:
    """The terms of a matter, from the rows of ``terms_parts``."""
    chosen = _chosen(rows["readings"], as_of)
    if chosen and (closed_on := _closed_on(rows)) is not None:
        chosen = {name: d for name, d in chosen.items() if d.decided_on <= closed_on}
    began = began_in(rows)
    entries = {
        name: TermEntry(value, clause, summary)
        for since, _, name, value, clause, summary in sorted(rows["terms"], key=lambda t: t[:2])
        if since <= began
    }
    return _read(entries, chosen)


def began_in(rows: Rows) -> date:
    """The day a matter began, from the rows of ``terms_parts``."""
    for replaces, _, stated_on, *_ in rows["proposals"]:
        if replaces is None:
            first: date = stated_on
            return first
    return first_day(rows["begun"])


def _read(entries: Mapping[str, TermEntry], chosen: Mapping[str, DecisionFact]) -> Terms:
    standing: Mapping[str, DecisionFact] = {}
    if chosen:
        entries, standing = governing.put_first(entries, chosen)
    means = entries.get("business_day")
    return Terms.from_entries(entries, calendars(str(means.value) if means else ""), standing)


def readings_of(agreement: Agreement, by: date | None = None) -> Mapping[str, DecisionFact]:
    """The readings counsel chose for the agreement, by question: those that stand, or that
    stood by a day before a later one."""
    found = GoverningReading.objects.filter(agreement=agreement).order_by("pk")
    return _chosen(found.values_list(*_READING), by)


_READING = (
    "question", "choice", "governs_from", "reason", "recorded_by__name", "replacement",
)  # fmt: skip


def _chosen(rows: Iterable[Sequence[Any]], by: date | None) -> dict[str, DecisionFact]:
    return {
        question: DecisionFact(question, choice, since, reason, who or "", for_agreement=True)
        for question, choice, since, reason, who, replaced_by in rows
        if (replaced_by is None if by is None else since <= by)
    }


def _closed_on(rows: Rows) -> date | None:
    """The day from which nothing is left to come in a matter: every covered share sold, or
    the registration withdrawn by the Company."""
    sold = [on for on, _, kind, _ in rows["statement"] if kind == StatementRecord.Kind.ALL_SOLD]
    withdrawn = [
        withdrawn_on
        for _, replaced_by, _, withdrawn_on, *_ in rows["proposals"]
        if replaced_by is None and withdrawn_on is not None
    ]
    return min([*sold, *withdrawn], default=None)


def entries_of(agreement: Agreement, on: date) -> dict[str, TermEntry]:
    """The terms in force on a day as they are stored, by name."""
    entries = (
        Term.objects.standing()
        .filter(agreement=agreement, in_force_from__lte=on)
        .order_by("in_force_from", "pk")
        .values_list("name", "value", "clause", "summary")
    )
    return {name: TermEntry(value, clause, summary) for name, value, clause, summary in entries}


@lru_cache(maxsize=8)
def calendars(business_day: str) -> Calendars:
    """The business days and trading days an agreement means.

    Where it does not define a business day: Monday to Friday less federal holidays as
    observed.  Trading days are those of the New York Stock Exchange.
    """
    years = range(FIRST_YEAR, LAST_YEAR + 1)
    if business_day == "new_york":
        state = holidays.country_holidays("US", subdiv="NY", years=years, observed=True)
        business = BusinessDays(frozenset(state))
    else:
        business = open_days()
    exchange = holidays.financial_holidays("NYSE", years=years)
    return Calendars(business, BusinessDays(frozenset(exchange)))


def house_of(company: Company) -> matter.House:
    """The workspace's own standards."""
    return matter.House(
        promptly=Period(company.promptly_business_days, Unit.BUSINESS),
        receipt_expected=Period(company.receipt_expected_days),
    )


def began_on(demand: Demand) -> date:
    """The day a matter began, which settles the terms it is judged by: the first day its
    Demand Notice is known to have been sent or received, or the day the Company proposed
    it."""
    parts = terms_parts(demand)
    return began_in(together({name: parts[name] for name in ("begun", "proposals")}))


def first_day(records: Iterable[tuple[date | None, date | None]]) -> date:
    return min(day for pair in records for day in pair if day is not None)
