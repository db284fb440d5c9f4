"""What the rules of a demand take from its agreement and from our own standards, put
together once for every matter under it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from .days import BusinessDays, Period
from .findings import Awaited, CountFrom, count_from
from .joining import Invitation, ReckonJoining, by_company_notice, joining_days
from .matter import House
from .notice import Counting, counting
from .terms import Terms


@dataclass(frozen=True, slots=True)
class FirstDay:
    """A first day to file on one reading: whose receipt it is counted from, and how."""

    name: str
    says: str
    count: CountFrom


@dataclass(frozen=True, slots=True)
class Agreed:
    """A demand's terms in the form its rules use: clauses, periods, and days to count."""

    terms: Terms
    open_days: BusinessDays
    # The demand (D1)
    threshold_clause: str
    more_than: tuple[int, int]  # a share: so many parts of so many
    bases: tuple[str, ...]
    # Word to the Investors (D2–D4)
    notices: Counting
    invitation: Invitation
    joining_days: ReckonJoining
    promptly: CountFrom
    # Filing (D3, D6, D7)
    opens_clause: str
    opens: Period
    first_days: tuple[FirstDay, ...]
    closes_clause: str
    last_day: CountFrom
    # Effectiveness (D9, S1)
    effective_clause: str
    effective_day: CountFrom
    filing_awaited: tuple[Awaited, ...]
    kept_clause: str
    until_sold: CountFrom
    until_distributed: CountFrom
    effectiveness_awaited: tuple[Awaited, ...]


_WHOSE = {"last_receipt": "last", "first_receipt": "first"}


def promptly_told(terms: Terms, house: House, open_days: BusinessDays) -> CountFrom:
    """The last day by our own standard to tell the other Investors of a demand (D2)."""
    return count_from(
        "D2", terms.clause("joining"),
        "The Company gives the notice promptly; our standard, not in the agreement",
        "Demand Notice received by the Company", house.promptly, open_days,
    )  # fmt: skip


# Few agreements are kept: each keeps its terms from being forgotten.
@lru_cache(maxsize=16)
def agreed(terms: Terms, house: House, open_days: BusinessDays) -> Agreed:
    """What a demand's rules take from terms that have the form they handle."""
    clause = terms.clause
    invitation = by_company_notice(terms)

    def kept(until: str) -> CountFrom:
        return count_from(
            "S1", clause("keep_effective"), f"Kept effective until {until}, and at most",
            "Registration Statement effective", terms.keep_effective, open_days,
        )  # fmt: skip

    return Agreed(
        terms=terms,
        open_days=open_days,
        threshold_clause=clause("demand_threshold"),
        more_than=terms.demand_majority_over.as_integer_ratio(),
        bases=tuple(dict.fromkeys(terms.demand_bases)),
        notices=counting(terms),
        invitation=invitation,
        joining_days=joining_days(invitation, open_days),
        promptly=promptly_told(terms, house, open_days),
        opens_clause=clause("filing_opens"),
        opens=terms.filing_opens,
        first_days=tuple(
            _first_day(name, terms, open_days) for name in dict.fromkeys(terms.filing_opens_from)
        ),
        closes_clause=clause("filing_closes"),
        last_day=count_from(
            "D7", clause("filing_closes"), "Last day to file",
            "Demand Notice received by the Company", terms.filing_closes, open_days,
        ),
        effective_clause=clause("effectiveness"),
        effective_day=count_from(
            "D9", clause("effectiveness"), "Effective no later than",
            "Registration Statement filed", terms.effectiveness, open_days,
        ),
        filing_awaited=(Awaited("the filing", clause("effectiveness")),),
        kept_clause=clause("keep_effective"),
        until_sold=kept("all is sold"),
        until_distributed=kept("the underwriters have completed the distribution"),
        effectiveness_awaited=(Awaited("effectiveness", clause("keep_effective")),),
    )  # fmt: skip


def _first_day(name: str, terms: Terms, open_days: BusinessDays) -> FirstDay:
    whose, opens = _WHOSE[name], terms.filing_opens
    count = count_from(
        "D6", terms.clause("filing_opens"), "First day to file",
        f"Company Notice {whose} received", opens, open_days,
    )  # fmt: skip
    return FirstDay(name, f"{opens.words} from the {whose} Investor’s receipt", count)
