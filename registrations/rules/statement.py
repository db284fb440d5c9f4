"""The life of a registration statement: the order of what can happen to it, and whether a
demand is used up by it (D13)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from .conditions import judge
from .filing import timely
from .findings import Awaited, Fact, Reason, Ruling, Window
from .joining import Answers
from .matter import DemandFacts
from .situation import Situation
from .terms import Terms


class Event(NamedTuple):
    """Something that happened to a statement: its kind and its day."""

    kind: str
    on: date


# What cannot come before what: the first of each pair is never later than the second.
_AFTER_FILING = (
    "pre_amendment", "comments", "response", "effective", "post_amendment", "supplement",
    "distributed", "withdrawn", "all_sold",
)  # fmt: skip
_AFTER_EFFECTIVENESS = ("post_amendment", "supplement", "distributed", "all_sold")
_BEFORE = {
    *(("filed", later) for later in _AFTER_FILING),
    *(("effective", later) for later in _AFTER_EFFECTIVENESS),
    ("pre_amendment", "effective"),
    *((each, "withdrawn") for each in _AFTER_FILING if each != "withdrawn"),
}


def out_of_order(event: Event, others: Iterable[Event]) -> Event | None:
    """An event on record that cannot stand beside this one: a statement effective before it
    was filed, amended after it was withdrawn.  ``None`` where the days agree.

    An event not on record contradicts nothing: its day is unknown.
    """
    return next(
        (
            other
            for other in others
            if ((other.kind, event.kind) in _BEFORE and other.on > event.on)
            or ((event.kind, other.kind) in _BEFORE and other.on < event.on)
        ),
        None,
    )


def unanswered(events: Iterable[Event]) -> date | None:
    """The day of the last comment letter of the Commission that nothing on record answers."""
    known = list(events)
    last = max((e.on for e in known if e.kind == "comments"), default=None)
    if last is None or any(e.kind == "response" and e.on >= last for e in known):
        return None
    return last


USED_UP, ALIVE, UNDETERMINED = "used_up", "alive", "undetermined"


def demand_use(
    facts: DemandFacts,
    windows: Mapping[int, Window],
    answered: Mapping[int, Answers],
    terms: Terms,
) -> Ruling:
    """Whether a demand is used up, by what the agreement says uses one up (D13).

    Under section 1(c) it is when a statement covering every share asked for in time (i)
    became effective, or (ii) was withdrawn at the asking Investors' request, unless solely
    for material information about the Company that they learned after they asked.

    The outcome is ``used_up``, ``alive`` or ``undetermined``: what is covered or asked is
    not on record, or hangs on a request that counsel has not decided.
    """
    clause = terms.clause("demand_used_up")
    if facts.filing is None:
        return _unfiled(clause)
    rule = terms.values.get("demand_used_up")
    if rule is None:
        awaited = Awaited("what uses a demand up: the agreement’s terms do not say", clause)
        return Ruling(UNDETERMINED, (), awaiting=(awaited,))
    happened, how = _happened(facts, clause)
    # Whether it covers everything is worked out only where the answer hangs on it.
    if_full, if_short = (
        judge(rule.where, Situation(terms.calendars, facts={**happened, _COVERS: full}), clause)
        for full in (True, False)
    )
    if if_full.holds == if_short.holds:
        return Ruling(_OUTCOMES[if_full.holds], (how,), awaiting=if_full.awaiting)
    covers, why, awaiting = _covering(facts, windows, answered, terms)
    if covers is None:
        return Ruling(UNDETERMINED, (how, *why), awaiting=awaiting)
    judged = if_full if covers else if_short
    return Ruling(_OUTCOMES[judged.holds], (how, *why), awaiting=judged.awaiting)


@lru_cache(maxsize=64)
def _unfiled(clause: str) -> Ruling:
    says = "No Registration Statement is on record for it."
    return Ruling(ALIVE, (Reason("D13", clause, says),))


_COVERS = "covers_all_requested"
_OUTCOMES = {True: USED_UP, False: ALIVE, None: UNDETERMINED}


def _happened(facts: DemandFacts, clause: str) -> tuple[dict[str, bool], Reason]:
    """What became of the statement: as the facts a term is judged by, and in words."""
    withdrawn, effective_on = facts.withdrawn, facts.effective_on
    by = withdrawn.by if withdrawn is not None else ""
    happened = {
        "effective": effective_on is not None,
        "withdrawn": withdrawn is not None,
        "withdrawn_by_investors": by in ("investors", "learned"),
        "only_for_later_information": by == "learned",
        "withdrawn_by_company": by == "company",
    }
    if effective_on is not None:
        on = Fact("Registration Statement effective", effective_on)
        return happened, Reason("D13", clause, "It became effective", on)
    if withdrawn is None:
        return happened, Reason("D13", clause, "The statement has not become effective.")
    says = {
        "investors": "It was withdrawn at the asking Investors’ request",
        "learned": "It was withdrawn at the asking Investors’ request, but solely for material "
        "information about the Company that they learned after they asked",
        "company": "The Company withdrew it before it became effective",
    }[by]
    on = Fact("Registration Statement withdrawn", withdrawn.on)
    return happened, Reason("D13", clause, says, on)


def _covering(
    facts: DemandFacts,
    windows: Mapping[int, Window],
    answered: Mapping[int, Answers],
    terms: Terms,
) -> tuple[bool | None, tuple[Reason, ...], tuple[Awaited, ...]]:
    """Whether the statement, as last amended, covers every share asked for in time."""
    clause = terms.clause("demand_used_up")
    covers = facts.filing.covers_now if facts.filing is not None else None
    if covers is None:
        return None, (), (Awaited("the shares the statement covers", clause),)
    strict, unstated = _short(facts, windows, answered, covers, lenient=False)
    if strict:
        return False, (Reason("D13", clause, f"It leaves out {strict}"),), ()
    if unstated:
        return None, (), tuple(Awaited("the shares asked for", clause, who) for who in unstated)
    doubtful, unstated = _short(facts, windows, answered, covers, lenient=True)
    if doubtful or unstated:
        left = doubtful or ", ".join(unstated)
        says = f"Whether a request was in time is open; if it was, it leaves out {left}"
        return None, (Reason("D4", terms.clause("joining"), says),), ()
    total = sum(shares or 0 for _, shares, _ in timely(facts, windows, answered))
    says = f"It covers all {total:,} Registrable Shares asked for in time"
    return True, (Reason("D10", clause, says),), ()


def _short(
    facts: DemandFacts,
    windows: Mapping[int, Window],
    answered: Mapping[int, Answers],
    covers: Mapping[int, int],
    *,
    lenient: bool,
) -> tuple[str, list[str]]:
    """The shares left out, in words, and who stated no number."""
    asked = timely(facts, windows, answered, lenient=lenient)
    left = [
        f"{shares - covered:,} of {who.name}’s {shares:,}"
        for who, shares, _ in asked
        if shares is not None and (covered := covers.get(who.investor, 0)) < shares
    ]
    return ", ".join(left), [who.name for who, shares, _ in asked if shares is None]


def counter(allowed: int, uses: Mapping[str, int]) -> tuple[str, int]:
    """How the demands owed stand, section 1(c) (D13): the outcome, and how many are left.

    ``uses`` counts the agreement's demands by ``demand_use``.  While one is undetermined
    and would be the last, the whole is undetermined.
    """
    left = max(0, allowed - uses.get(USED_UP, 0))
    if left == 0:
        return USED_UP, 0
    return (UNDETERMINED if uses.get(UNDETERMINED, 0) >= left else ALIVE), left
