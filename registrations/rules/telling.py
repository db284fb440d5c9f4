"""Word to every Investor and what each may do on it, in one walk (D2, D4, D6)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple

from .agreed import Agreed
from .days import BusinessDays, Period
from .findings import Concern, Window, count_from
from .joining import in_hand, joining, request_concerns
from .matter import DemandFacts, Invited
from .notice import Arrival
from .waivers import NOTICE, By, as_waived


class Told(NamedTuple):
    """The Company Notice to every Investor and what each may do on it, in their order; and
    of those it is owed to, the days it was given and received, and to whom it was not."""

    notices: list[Arrival]
    joins: list[Window]
    concerns: list[Concern]
    given: set[date]
    received: set[date]
    ungiven: list[Invited]
    unreceived: list[Invited]


def told_by_company(facts: DemandFacts, waived: Mapping[str, By], agreed: Agreed) -> Told:
    """One walk over the Investors: there may be ten thousand, and each is fetched from
    memory."""
    told = Told([], [], [], set(), set(), [], [])
    notices, joins, concerns, given, received, ungiven, unreceived = told
    terms, counting, invitation = agreed.terms, agreed.notices, agreed.invitation
    reckon, decisions, waivers = agreed.joining_days, facts.decisions, facts.waivers
    not_owed = waived[NOTICE]
    for invited in facts.invited:
        notice = invited.post.counted(counting)
        answered = in_hand(invited.requests, counting) if invited.requests else ()
        window = joining(invited, notice, reckon, answered, invitation, decisions)
        if waivers:
            window = as_waived(window, invited.investor, waived, terms)
        notices.append(notice)
        joins.append(window)
        if answered:
            concerns += request_concerns(invited, answered, window, terms)
        if not_owed and invited.investor in not_owed:
            continue
        given_on, received_on, _, _ = notice
        if given_on is None:
            ungiven.append(invited)
        else:
            given.add(given_on)
        if received_on is None:
            unreceived.append(invited)
        else:
            received.add(received_on)
    return told


def missing_receipts(
    unreceived: Sequence[Invited],
    expected: Period,
    open_days: BusinessDays,
    *,
    rule: str,
    clause: str,
    notice: str,
    why: str,
) -> list[Concern]:
    """Copies sent whose receipt should be on record by our own standard and is not
    (D6, P3).  ``why`` says what hangs on the receipt."""
    concerns: list[Concern] = []
    if not unreceived:
        return concerns
    says = "A receipt was to be expected by; our standard, not in the agreement"
    due = count_from(rule, clause, says, f"{notice} sent", expected, open_days)
    for each in unreceived:
        sent = [c.sent_on for c in each.post.copies if c.sent_on is not None]
        if not sent:
            continue
        since, because = due(min(sent))
        assert since is not None
        concerns.append(
            Concern(
                f"receipt:{each.investor}",
                "missing_receipt",
                rule,
                clause,
                f"{each.name}’s receipt of the {notice} is not on record. {why}",
                since,
                (because,),
                each.investor,
                each.name,
            )
        )
    return concerns
