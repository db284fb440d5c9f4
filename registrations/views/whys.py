"""Why a date is what it is, for the panel behind each ``§``: the clause in our words, the
sum, the reading used and the others, what is not proven, and what EDGAR makes of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

from registrations.rules.days import Unit, say
from registrations.rules.findings import Reason, Window
from registrations.rules.terms import Terms

from .words import capital, listed, short_day

# The term each rule reads, so that the clause shown is the one the date hangs on.
TERM_OF_RULE = {
    "N1": "notice_methods",
    "N2": "notice_methods",
    "N4": "electronic_methods",
    "N5": "notice_methods",
    "H1": "unit_parts",
    "H2": "registrable_shares",
    "H3": "registrable_shares",
    "H4": "transfer",
    "D1": "demand_threshold",
    "D2": "company_notice",
    "D3": "filing_opens",
    "D4": "joining",
    "D5": "request_parts",
    "D6": "filing_opens",
    "D7": "filing_closes",
    "D9": "effectiveness",
    "D10": "request_parts",
    "D11": "demand_count",
    "D13": "demand_used_up",
    "D14": "rests",
    "D15": "delay",
    "S1": "keep_effective",
}
_OF_OPENING = ("last_receipt", "first_receipt")  # readings of the first day to file
_COUNTED = {
    Unit.CALENDAR: "Calendar days",
    Unit.BUSINESS: "Business days",
    Unit.MONTH: "Months",
    Unit.YEAR: "Years",
}


class Clause(NamedTuple):
    """A section and our own summary of it."""

    ref: str
    summary: str


class Sum(NamedTuple):
    """Day 0, the period, and the day it gives."""

    fact: str
    on: date | None
    counted: str
    n: str
    gives: str
    result: date | None


class Why(NamedTuple):
    """One explanation.  ``id`` is the panel's, ``clause`` the citation on its button."""

    id: str
    clause: str
    day: date | None
    title: str
    clauses: Sequence[Clause]
    sums: Sequence[Sum]
    steps: Sequence[str]
    used: str = ""
    others: Sequence[str] = ()
    not_proven: str = ""
    practical: str = ""
    decided: str = ""


def why(
    window: Window,
    terms: Terms | None,
    *,
    id: str,
    opens: bool = False,
    practical: str = "",
    not_proven: str = "",
    today: date | None = None,
) -> Why:
    """Why a window closes when it does or, with ``opens``, why it opens then."""
    day = window.opens_on if opens else window.closes_on or window.provisional_on
    reasons = [r for r in window.because if _is_about(r, window, opens)]
    sums = [_sum(r) for r in reasons if r.period is not None]
    steps = [r.text for r in window.because if r.period is None] if not opens else []
    clause = next((r.clause for r in reasons if r.period is not None), window.clause)
    governs, others = _readings(window, opens, today)
    if not not_proven and window.awaiting:
        not_proven = _awaited(window)
    decided = ""
    if window.decision is not None:
        by = f" by {window.decision.by}" if window.decision.by else ""
        for_all = " for the whole agreement" if window.decision.for_agreement else ""
        decided = f"{say(window.decision.decided_on)}{by}{for_all}: {window.decision.reason}"
    return Why(
        id=id,
        clause=clause or window.clause,
        day=day,
        title=f"Why {say(day)}?" if day else f"Why is this day not known? {window.act}",
        clauses=clauses_of(reasons or window.because, terms),
        sums=sums,
        steps=steps,
        used=governs,
        others=others,
        not_proven=not_proven,
        practical=practical,
        decided=decided,
    )


def why_of(
    reasons: Sequence[Reason], terms: Terms | None, *, id: str, clause: str, title: str
) -> Why:
    """Why a flag or a concern stands: its reasons, and their clauses."""
    return Why(
        id=id,
        clause=clause,
        day=None,
        title=title,
        clauses=clauses_of(reasons, terms) or _cited(clause, terms),
        sums=[_sum(r) for r in reasons if r.period is not None],
        steps=[r.text for r in reasons if r.period is None],
    )


def clauses_of(reasons: Iterable[Reason], terms: Terms | None) -> list[Clause]:
    """The sections some reasons rest on, each once, with our summaries."""
    found: dict[str, Clause] = {}
    for reason in reasons:
        term = TERM_OF_RULE.get(reason.rule, "")
        if reason.clause and term and terms is not None:
            found.setdefault(term, Clause(reason.clause, terms.summaries.get(term, "")))
    return [c for c in found.values() if c.summary]


def _cited(clause: str, terms: Terms | None) -> list[Clause]:
    if terms is None:
        return []
    for term, ref in terms.clauses.items():
        if ref == clause and terms.summaries.get(term):
            return [Clause(clause, terms.summaries[term])]
    return []


def _is_about(reason: Reason, window: Window, opens: bool) -> bool:
    """Whether a reason is part of the sum for this side of the window."""
    if window.key != "file" or reason.period is None:
        return True
    return (reason.rule == "D6") is opens


def _sum(reason: Reason) -> Sum:
    assert reason.fact is not None
    assert reason.period is not None
    return Sum(
        fact=f"{capital(reason.fact.name)}, day 0",
        on=reason.fact.on,
        counted=_COUNTED[reason.period.unit],
        n=f"{'−' if reason.back else '+'} {reason.period.n}",
        gives=reason.says.split(";")[0],
        result=reason.result,
    )


def _readings(window: Window, opens: bool, today: date | None) -> tuple[str, list[str]]:
    """The reading used, and what each other one would give."""
    told = [
        (r.governs, f"{capital(r.says)}: {short_day(day, today) if day else 'not known'}.")
        for r in window.readings
        if (day := r.opens_on if opens else r.closes_on) or not opens
        if window.key != "file" or (r.name in _OF_OPENING) is opens
    ]
    used = next((text for governs, text in told if governs), "")
    return used, [text for governs, text in told if not governs]


def _awaited(window: Window) -> str:
    missing = [a for a in window.awaiting if a.who]
    if not missing:
        return f"{capital(window.awaiting[0].fact)} is not on record."
    fact = missing[0].fact
    return f"{capital(fact)} is not on record for {listed([a.who for a in missing], 4)}."
