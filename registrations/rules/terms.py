"""The terms of an agreement: what it may say, and one frozen value of what one says.

A number an agreement could change is a term here and a constant nowhere.  ``SPEC`` lists
every term with its shape; none is obligatory, because no agreement says everything.
``read_terms`` reads stored terms and lists every problem by its path; ``Terms`` is what
the rules of a matter are given.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from fractions import Fraction
from types import MappingProxyType
from typing import Any, NamedTuple

from .allowances import BUDGET, COUNTED, DEMAND_COUNT, PERIOD, REST, DemandCount, Limit
from .conditions import CONDITION, Condition, Is, OfShare, ReadingsOf
from .consents import AMENDMENT, TERMINATION, TRANSFER
from .contribution import CONTRIBUTION
from .cutback import CUTBACK
from .damages import DAMAGES
from .days import Period
from .findings import Decision
from .indemnity import CLAIMS, HELD_HARMLESS
from .information import INFORMATION
from .lockups import LOCKUP, STOP_OFFERS
from .money import EXPENSES, INDEMNITY, SHARE_COUNT
from .reckoning import WHEN, Bound, Counted, Nearest, On, Readings, When
from .shapes import (
    Choice,
    Desk,
    Flag,
    ListOf,
    MapOf,
    OneOf,
    Problem,
    Record,
    Shape,
    Text,
    Usd,
    Whole,
)
from .situation import WEEKDAYS, Calendars
from .words import METHOD_NAMES, Kind


class TermError(ValueError):
    """A stored term that cannot be read, or one asked for that the agreement does not
    give.  ``term`` names it."""

    def __init__(self, term: str, message: str) -> None:
        super().__init__(f"{term}: {message}")
        self.term = term


class GivenWhen(StrEnum):
    """What a notice that went by some method is given by (N1, N2)."""

    SENT = "sent"
    RECEIVED = "received"


class Given(NamedTuple):
    """When a notice that went by some method is given: when sent or received, so long
    after that where the agreement deems it, or on actual receipt if that came earlier.
    Outside business hours it is given on the next business day where the term says so."""

    when: GivenWhen
    plus: Period | None = None
    or_earlier_receipt: bool = False
    next_business_day: bool = False

    @property
    def plain(self) -> bool:
        """Whether the day it was sent, or received, is all there is to it."""
        return self.plus is None and not self.or_earlier_receipt and not self.next_business_day

    @property
    def words(self) -> str:
        """When it counts, in words: "counts when sent"."""
        said = "counts when sent" if self.when == "sent" else "counts when actually received"
        if self.plus is not None:
            said = f"counts {self.plus.words} after it was {self.when.value}"
        if self.next_business_day:
            said += ", outside business hours on the next business day"
        if self.or_earlier_receipt:
            said += ", or on actual receipt if that comes sooner"
        return said


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


class RegistrableShares(NamedTuple):
    """What counts as Registrable Shares: after every split and the like, until sold under
    one of ``ended_by``: a registration ``statement``, or ``rule_144`` (H2, H3)."""

    ended_by: tuple[str, ...] = ()


# Where an agreement knows no Units, its unit is one share.
SHARE = UnitParts(1, 0, 0, 0, 0)


class Evidence(NamedTuple):
    """How much of the agreement its terms were taken from.  Read ``in_part``, a term that
    is not there was not read; read ``whole``, the agreement does not give it."""

    read: str
    says: str = ""


class Provision(NamedTuple):
    """Something the agreement says that no rule works out, in our own words."""

    says: str
    clause: str = ""


class TermEntry(NamedTuple):
    """A stored term: its value as JSON data, its clause, and our summary of it."""

    value: Any
    clause: str = ""
    summary: str = ""


class TermSpec(NamedTuple):
    """One term an agreement may set: its label, its shape, and what it is about."""

    label: str
    shape: Shape
    about: str


METHODS = tuple(METHOD_NAMES)

GIVEN = Record(
    Given,
    {"when": Choice(GivenWhen)},
    {"plus": PERIOD, "or_earlier_receipt": Flag(), "next_business_day": Flag()},
)
WORDS_OF_ITS_OWN = MapOf(MapOf(Text(), ()), tuple(Kind))
NAMES = ListOf(Text(r"[a-z0-9_]+", "stock_plan"))

SPEC: Mapping[str, TermSpec] = {
    "evidence": TermSpec(
        "How much of it was read",
        Record(Evidence, {"read": OneOf(("whole", "in_part"))}, {"says": Text()}),
        "words",
    ),
    "not_formalised": TermSpec(
        "What the program does not work out",
        ListOf(Record(Provision, {"says": Text()}, {"clause": Text()})),
        "words",
    ),
    "defined_words": TermSpec("Words it defines itself", WORDS_OF_ITS_OWN, "words"),
    "business_day": TermSpec(
        "Business day", OneOf(("us_federal", "new_york", "sec_open")), "words"
    ),
    # The securities
    "units_offered": TermSpec("Units offered", Whole(), "securities"),
    "unit_price_usd": TermSpec("Price of a Unit, USD", Usd(), "securities"),
    "unit_parts": TermSpec(
        "What a Unit is made of",
        Record(UnitParts, {part: Whole() for part in UnitParts._fields}),
        "securities",
    ),
    "registrable_shares": TermSpec(
        "What Registrable Shares are",
        Record(RegistrableShares, {"ended_by": ListOf(OneOf(("statement", "rule_144")))}),
        "securities",
    ),
    "warrant_life": TermSpec("Life of a Warrant", PERIOD, "securities"),
    "warrant_price_usd": TermSpec("Exercise price of a Warrant, USD", Usd(), "securities"),
    "share_count": TermSpec("How many shares", SHARE_COUNT, "securities"),
    "transfer": TermSpec("Who takes rights by transfer", TRANSFER, "securities"),
    # Notices
    "notice_methods": TermSpec(
        "Methods of notice, and when each counts", MapOf(GIVEN, METHODS), "notices"
    ),
    "electronic_methods": TermSpec(
        "Methods that count only under a signed consent",
        ListOf(OneOf(("portal", "email"))),
        "notices",
    ),
    "reply_counts": TermSpec(
        "A reply is in time when", OneOf(("received", "given", "sent")), "notices"
    ),
    # The demand
    "demand_threshold": TermSpec("Who may demand", CONDITION, "demand"),
    "demand_min_size": TermSpec("Smallest demand", CONDITION, "demand"),
    "demand_opens": TermSpec("First day to demand", WHEN, "demand"),
    "demand_closes": TermSpec("Last day to demand", WHEN, "demand"),
    "demand_count": TermSpec("How many demands", DEMAND_COUNT, "demand"),
    "demand_used_up": TermSpec("What uses a demand up", COUNTED, "demand"),
    "request_parts": TermSpec(
        "What a request must state",
        ListOf(OneOf(("amount", "distribution", "other_information"))),
        "demand",
    ),
    "other_holders": TermSpec(
        "Other holders in a demand",
        OneOf(("may_require_terms", "without_terms")),
        "demand",
    ),
    "company_notice": TermSpec("The Company tells the others", WHEN, "demand"),
    "joining": TermSpec("Last day to ask to join", WHEN, "demand"),
    # Filing and after
    "filing_opens": TermSpec("First day to file", WHEN, "filing"),
    "filing_closes": TermSpec("Last day to file", WHEN, "filing"),
    "effectiveness": TermSpec("Last day to become effective", WHEN, "filing"),
    "milestones": TermSpec("Other days on the way", MapOf(WHEN), "filing"),
    "keep_effective": TermSpec("How long the statement is kept effective", WHEN, "filing"),
    "rests": TermSpec("When nothing can be required", ListOf(REST), "filing"),
    "delay": TermSpec("How the Company may put it off", BUDGET, "filing"),
    "suspension": TermSpec("How sales may be suspended", BUDGET, "filing"),
    "stop_offers": TermSpec("When offers stop for an amended prospectus", STOP_OFFERS, "filing"),
    "prospectuses": TermSpec(
        "Prospectuses the Company furnishes", ListOf(OneOf(("preliminary", "final"))), "filing"
    ),
    "blue_sky": TermSpec(
        "Who may ask for blue sky clearance",
        ListOf(OneOf(("selling_investors", "underwriters"))),
        "filing",
    ),
    "shelf_min_size": TermSpec("Smallest shelf request", CONDITION, "filing"),
    "takedown_min_size": TermSpec("Smallest takedown", CONDITION, "filing"),
    "liquidated_damages": TermSpec("What a default costs", MapOf(DAMAGES), "filing"),
    # The Company's own registrations
    "piggyback_notice": TermSpec("The Company tells of its own", WHEN, "piggyback"),
    "piggyback_joining": TermSpec("Last day to ask to be included", WHEN, "piggyback"),
    "piggyback_excluded": TermSpec("Registrations that are not told of", NAMES, "piggyback"),
    "cutback": TermSpec("Who is cut back when too much is asked for", CUTBACK, "piggyback"),
    "lockup": TermSpec("Days without sales around an offering", LOCKUP, "piggyback"),
    "information": TermSpec("What an Investor furnishes", INFORMATION, "filing"),
    # Money, consent and the end
    "expenses": TermSpec("Who bears which expense", EXPENSES, "money"),
    "indemnity": TermSpec("The most a Selling Investor owes", INDEMNITY, "money"),
    "held_harmless": TermSpec("Who is held harmless by whom", HELD_HARMLESS, "money"),
    "claims": TermSpec("How a claim for indemnity is made", CLAIMS, "money"),
    "contribution": TermSpec("How a loss is contributed to", CONTRIBUTION, "money"),
    "amendment": TermSpec("What an amendment needs", AMENDMENT, "agreement"),
    "termination": TermSpec("When rights end", TERMINATION, "agreement"),
}

ABOUT: Mapping[str, str] = {
    "words": "Words",
    "securities": "The securities",
    "notices": "Notices",
    "demand": "Demand registration",
    "filing": "Filing and after",
    "piggyback": "The Company’s own registrations",
    "money": "Money",
    "agreement": "The agreement itself",
}


class ReadTerms(NamedTuple):
    """What could be read of stored terms, and every problem found, by path."""

    values: Mapping[str, Any]
    problems: Sequence[Problem]


def read_terms(entries: Mapping[str, TermEntry], at: str = "{}") -> ReadTerms:
    """Read stored terms one by one, then look for pairs that contradict each other.

    ``at`` is the path of a term's value in its file, with ``{}`` for the term's name.
    """
    words = entries.get("defined_words")
    desk = Desk(words.value if words is not None and _are_words(words.value) else {})
    values: dict[str, Any] = {}
    for name, entry in entries.items():
        path = at.format(name)
        if name not in SPEC:
            desk.wrong(path, "no such term; see the list of terms.")
            continue
        values[name] = SPEC[name].shape.read(entry.value, path, desk)
    if not desk.problems:
        desk.problems += [Problem(at.format(name), says) for name, says in _contradictions(values)]
    return ReadTerms(values, desk.problems)


def _are_words(value: Any) -> bool:
    return isinstance(value, dict) and all(isinstance(of_kind, dict) for of_kind in value.values())


def _contradictions(values: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Windows that have no day in them whatever happens."""
    for opens, closes in (("filing_opens", "filing_closes"), ("demand_opens", "demand_closes")):
        first, last = values.get(opens), values.get(closes)
        if not isinstance(first, Counted) or not isinstance(last, Counted):
            continue
        same = first.start == last.start and first.unit is last.unit
        if same and not first.back and not last.back and first.n > last.n:
            yield (
                closes,
                (
                    f"ends {last.n} days after the same day {opens} begins {first.n} days after: "
                    "the window has no day in it."
                ),
            )


class Terms:
    """The terms in force for a matter.

    ``values`` has every term as read, by name; ``clauses`` and ``summaries`` where each
    stands and our own words for it, ``calendars`` the days it counts as business and
    trading days, ``chosen`` the readings counsel chose for the whole agreement.  The
    attributes are what the rules of a matter work with.  One the agreement does not give,
    or gives in a form these rules do not handle, raises ``TermError`` when it is asked
    for; ``gives`` tells beforehand.

    ``quick`` says whether a demand's terms all have the form the quick rules take; others
    are worked out by ``by_terms``.  ``lacks_for_demand`` and ``lacks_for_proposal`` name the
    terms not on record that the days of either hang on.
    """

    units_offered: int
    unit_parts: UnitParts
    warrant_life: Period
    notice_methods: Mapping[str, Given]
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
    demands_allowed: int
    request_parts: tuple[str, ...]
    piggyback_joining: Period
    piggyback_joining_from: tuple[str, ...]
    piggyback_excluded: tuple[str, ...]

    def __init__(
        self,
        values: Mapping[str, Any],
        clauses: Mapping[str, str],
        summaries: Mapping[str, str],
        calendars: Calendars,
        chosen: Mapping[str, Decision] = MappingProxyType({}),
    ) -> None:
        self.calendars = calendars
        self.chosen = chosen
        self.values = values
        self.clauses = clauses
        self.summaries = summaries
        self.electronic_methods = values.get("electronic_methods", ())
        self.request_parts = values.get("request_parts", ())
        self.piggyback_excluded = values.get("piggyback_excluded", ())
        self.unit_parts = values.get("unit_parts", SHARE)
        self.notice_methods = values.get("notice_methods", {})
        for name in ("units_offered", "warrant_life"):
            if name in values:
                setattr(self, name, values[name])
        self.__dict__.update(_of_a_demand(values, self.clause))
        self.quick = all(
            self.gives(attribute) and term in values for attribute, term in _QUICK.items()
        )
        self.lacks_for_demand = tuple(term for term in _OF_A_DEMAND if term not in values)
        self.lacks_for_proposal = tuple(term for term in _OF_A_PROPOSAL if term not in values)

    def __getattr__(self, name: str) -> Any:
        if name in Terms.__annotations__:
            raise TermError(name, "the agreement gives no value these rules can use.")
        raise AttributeError(name)

    def clause(self, term: str) -> str:
        """The section a term comes from, or an empty string."""
        return self.clauses.get(term, "")

    def gives(self, attribute: str) -> bool:
        """Whether a matter's rules have this to work with."""
        return attribute in self.__dict__

    @classmethod
    def from_entries(
        cls,
        entries: Mapping[str, TermEntry],
        calendars: Calendars = WEEKDAYS,
        chosen: Mapping[str, Decision] = MappingProxyType({}),
    ) -> Terms:
        """Read stored terms.  Raises ``TermError`` for the first that cannot be read.

        ``calendars`` are the agreement's own business and trading days, ``chosen`` the
        readings counsel chose for the agreement, which ``entries`` already put first."""
        read = read_terms(entries)
        for path, says in read.problems:
            raise TermError(path, says)
        return cls(
            read.values,
            {name: entry.clause for name, entry in entries.items()},
            {name: entry.summary for name, entry in entries.items()},
            calendars,
            chosen,
        )


# --- what the rules of a matter take from the terms -----------------------------------------

_OF_A_PROPOSAL = ("notice_methods", "piggyback_notice", "piggyback_joining")
_OF_A_DEMAND = (
    "notice_methods", "demand_threshold", "joining", "filing_closes", "effectiveness",
    "keep_effective",
)  # fmt: skip
_QUICK: Mapping[str, str] = {
    "notice_methods": "notice_methods",
    "demand_majority_over": "demand_threshold",
    "joining": "joining",
    "filing_opens": "filing_opens",
    "filing_closes": "filing_closes",
    "effectiveness": "effectiveness",
    "keep_effective": "keep_effective",
    "rest": "rests",
}
_UNITS = {"units_offered": "offered", "units_issued": "issued", "units_held": "held"}


def _of_a_demand(values: Mapping[str, Any], clause: Any) -> Iterator[tuple[str, Any]]:
    """The terms a demand is worked out from, where they have the form its rules handle."""
    if (shares := _majority(values.get("demand_threshold"))) is not None:
        yield from zip(("demand_majority_over", "demand_bases"), shares, strict=True)
    starts = {
        "joining": {"company_notice_given": "given", "company_notice_received": "received"},
        "filing_opens": {
            "company_notice_received_by_last": "last_receipt",
            "company_notice_received_by_first": "first_receipt",
        },
        "piggyback_joining": {
            "registration_notice_given": "given",
            "registration_notice_received": "received",
        },
        "filing_closes": {"demand_notice_received": "received"},
        "effectiveness": {"filed": "filed"},
        "keep_effective": {"effective": "effective"},
    }
    for name, known in starts.items():
        found = _period(values.get(name), known, clause(name))
        if found is not None:
            yield name, found[0]
            if name in ("joining", "filing_opens", "piggyback_joining"):
                yield f"{name}_from", found[1]
    for rest in values.get("rests", ()):
        found = _period(rest.ends, {"other_effective": "effective"}, clause("rests"))
        if found is not None:
            yield "rest", found[0]
    count = values.get("demand_count", DemandCount(()))
    whole = [limit.count for limit in count.limits if limit == Limit(limit.count)]
    if whole:
        yield "demands_allowed", min(whole)


def _majority(threshold: Condition | None) -> tuple[Fraction, tuple[str, ...]] | None:
    """The share to be exceeded and the Units it may be of, each reading."""
    parts = (
        [reading.condition for reading in threshold.of]
        if isinstance(threshold, ReadingsOf)
        else [threshold]
    )
    found = [
        (part.share, _UNITS[part.of])
        for part in parts
        if isinstance(part, OfShare)
        and part.measure == "initiating_units"
        and part.test is Is.OVER
        and part.of in _UNITS
    ]
    if len(found) < len(parts) or len({share for share, _ in found}) != 1:
        return None
    return found[0][0], tuple(base for _, base in found)


def _period(
    when: When | None, starts: Mapping[str, str], clause: str
) -> tuple[Period, tuple[str, ...]] | None:
    """The one period a day is counted by, and what from in each reading."""
    if isinstance(when, Nearest) and not when.latest:
        counted = [each for each in when.of if isinstance(each, Counted)]
        when = counted[0] if len(counted) == 1 else None
    parts = [r.when for r in when.of] if isinstance(when, Readings) else [when]
    found = [
        (Period(part.n, part.unit, part.roll, clause), starts[part.start.event])
        for part in parts
        if isinstance(part, Counted)
        and isinstance(part.start, On)
        and part.start.event in starts
        and not part.back
        and part.bound is Bound.WITHIN
        and part.at is None
    ]
    if len(found) < len(parts) or len({period for period, _ in found}) != 1:
        return None
    return found[0][0], tuple(start for _, start in found)
