"""How often, and for how long: counts of demands, deferrals, blackouts, rests.

An allowance is judged against what was used before.  A use counts from its first day;
a period of so many days, months or years begins on that day, so from the same day after
it the use no longer counts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from typing import NamedTuple, TypeAlias

from .conditions import CONDITION, Condition, Judged, judge
from .days import ONE, Period, Unit
from .findings import Awaited, Reason
from .reckoning import WHEN, On, Reckoned, When, reckon
from .reckoning import Counted as CountedFrom
from .shapes import Choice, Either, Flag, ListOf, MapOf, OneOf, Record, Text, Whole, Word
from .situation import Situation
from .words import Kind

# --- periods a count is kept over -----------------------------------------------------


class Calendar(StrEnum):
    """A period the calendar fixes, rather than one that runs from the use."""

    YEAR = "calendar_year"


Span: TypeAlias = Period | Calendar | None  # None: the life of the agreement


def _counts(span: Span, used_on: date, on: date, facts: Situation) -> bool:
    """Whether a use on one day still counts on another."""
    if span is None:
        return True
    if span is Calendar.YEAR:
        return used_on.year == on.year
    return used_on <= on < span.after(used_on, facts.calendars.business)


def _span_words(span: Span) -> str:
    if span is None:
        return "in all"
    return "in a calendar year" if span is Calendar.YEAR else f"in any {span.words}"


# --- counts of demands ----------------------------------------------------------------


class Use(NamedTuple):
    """A demand made or asked for: its day and what was chosen (form, group, who pays)."""

    on: date
    choices: Mapping[str, str] = {}


@dataclass(frozen=True)
class Limit:
    """At most ``count`` demands ``within`` a period, of those that fit ``of``.

    ``each`` keeps a count of its own for every value of that choice, such as each group;
    ``counts`` gives some of them their own number.
    """

    count: int | None = None
    within: Span = None
    of: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    each: str = ""
    counts: Mapping[str, int] = field(default_factory=dict)

    def fits(self, use: Use) -> bool:
        return all(use.choices.get(by) in values for by, values in self.of.items())

    def allows(self, use: Use) -> int | None:
        """How many there may be of the kind the use is; ``None`` where it is not limited."""
        if self.each and self.counts:
            return self.counts.get(use.choices.get(self.each, ""), self.count)
        return self.count


@dataclass(frozen=True)
class Extra:
    """A demand beyond the count where something happened, section by section."""

    count: int
    where: Condition
    scope: str = ""


@dataclass(frozen=True)
class DemandCount:
    """All limits on how many demands there may be; one breached is enough to refuse."""

    limits: tuple[Limit, ...]
    extra: tuple[Extra, ...] = ()


def may_demand(
    ask: Use, used: Sequence[Use], terms: DemandCount, facts: Situation, clause: str = ""
) -> Judged:
    """Whether one more demand may be made, given those that counted before.

    An extra demand counts only where what it hangs on is so; where that is not known,
    the answer is not known either.
    """
    because: list[Reason] = []
    awaiting: tuple[Awaited, ...] = ()
    holds: bool | None = True
    for limit in terms.limits:
        if not limit.fits(ask) or (most := limit.allows(ask)) is None:
            continue
        before = [
            use
            for use in used
            if limit.fits(use)
            and (not limit.each or use.choices.get(limit.each) == ask.choices.get(limit.each))
            and _counts(limit.within, use.on, ask.on, facts)
        ]
        more = 0
        if len(before) >= most:
            for extra in terms.extra:
                judged = judge(extra.where, facts, clause)
                because += judged.because
                awaiting += judged.awaiting
                more += extra.count if judged.holds else 0
        whose = f" for {ask.choices[limit.each]}" if ask.choices.get(limit.each) else ""
        room = most + more - len(before)
        because.append(
            Reason(
                "D13",
                clause,
                f"At most {most + more} {_span_words(limit.within)}{whose}; "
                f"{len(before)} used, so {'one more may be made' if room > 0 else 'none is left'}",
            )
        )
        if room <= 0:
            holds = None if awaiting and holds is not False else False
    if not because:
        because.append(Reason("D13", clause, "No limit on the number of demands applies"))
    return Judged(holds, tuple(because), awaiting if holds is None else ())


@dataclass(frozen=True)
class Counted:
    """Which registrations use a demand up.

    ``last`` is judged instead for the last permitted one and any after it.
    """

    where: Condition
    last: Condition | None = None


def counted(
    registrations: Sequence[Situation], permitted: int, rule: Counted, clause: str = ""
) -> list[Judged]:
    """Of each registration in order, whether it used up one of ``permitted`` demands."""
    told: list[Judged] = []
    used = 0
    for facts in registrations:
        last = rule.last is not None and used >= permitted - 1
        judged = judge(rule.last if last and rule.last else rule.where, facts, clause)
        used += bool(judged.holds)
        told.append(judged)
    return told


# --- budgets of days: deferral, suspension, blackout ------------------------------------


class Stretch(NamedTuple):
    """A deferral or suspension used: its first day and how many days it lasted."""

    on: date
    days: int

    def last(self) -> date:
        return self.on + timedelta(self.days - 1)


@dataclass(frozen=True)
class Often:
    """At most ``count`` uses within a period."""

    count: int
    within: Span = None


@dataclass(frozen=True)
class Altogether:
    """Days of all uses together within a period: ``days`` at most, or fewer than that
    where ``under`` is set."""

    days: int
    within: Span
    under: bool = False

    @property
    def most(self) -> int:
        return self.days - self.under


@dataclass(frozen=True)
class Budget:
    """What a deferral or a suspension may be: each use, how often, how much in all, and
    what must be so.  ``shared_with`` names the other budget it is one with."""

    each: Period | None = None
    uses: tuple[Often, ...] = ()
    days: tuple[Altogether, ...] = ()
    where: Condition | None = None
    counts_from: When | None = None
    tolls: bool = False
    shared_with: str = ""


class Allowed(NamedTuple):
    """Whether a use may be made, and the most days it may last where that is limited."""

    holds: bool | None
    most_days: int | None
    because: tuple[Reason, ...]
    awaiting: tuple[Awaited, ...] = ()


def may_use(
    ask: Stretch, used: Sequence[Stretch], budget: Budget, facts: Situation, clause: str = ""
) -> Allowed:
    """Whether a deferral or suspension of so many days may begin on a day.

    Every limit is judged and told.  Days in a calendar year are those that fall in it.
    """
    because: list[Reason] = []
    refused = False
    most: int | None = None
    for often in budget.uses:
        before = sum(_counts(often.within, use.on, ask.on, facts) for use in used)
        refused |= before >= often.count
        because.append(
            Reason(
                "D15",
                clause,
                f"At most {often.count} {'use' if often.count == 1 else 'uses'} "
                f"{_span_words(often.within)}; {before} already",
            )
        )
    if budget.each is not None:
        most = (budget.each.after(ask.on, facts.calendars.business) - ask.on).days
        because.append(Reason("D15", clause, f"Each use lasts {budget.each.words} at most"))
    for together in budget.days:
        gone = sum(_days_within(use, together.within, ask, facts) for use in used)
        left = max(0, together.most - gone)
        most = left if most is None else min(most, left)
        word = "Fewer than" if together.under else "At most"
        because.append(
            Reason(
                "D15",
                clause,
                f"{word} {together.days} days {_span_words(together.within)}; "
                f"{gone} used, so {left} may still be",
            )
        )
    too_long = most is not None and ask.days > most
    holds: bool | None = not (refused or too_long)
    awaiting: tuple[Awaited, ...] = ()
    if budget.where is not None:
        judged = judge(budget.where, facts, clause)
        because += judged.because
        if judged.holds is False:
            holds = False
        elif judged.holds is None and holds:
            holds, awaiting = None, judged.awaiting
    return Allowed(holds, 0 if refused else most, tuple(because), awaiting)


def ends_by(budget: Budget, ask: Stretch, facts: Situation, clause: str = "") -> Reckoned:
    """The last day one use may run to: so long after what it is counted from, or after the
    day it begins where the term names nothing else."""
    if budget.each is None:
        return Reckoned(None)
    start = facts.with_(events={"begins": ask.on})
    when = CountedFrom(budget.each.n, budget.counts_from or On("begins"), budget.each.unit)
    return reckon(when, start, clause)


def _days_within(use: Stretch, span: Span, ask: Stretch, facts: Situation) -> int:
    """Of the days of a use, those a limit over ``span`` counts when judging ``ask``."""
    if span is None:
        return use.days
    if span is Calendar.YEAR:
        first = max(use.on, date(ask.on.year, 1, 1))
        last = min(use.last(), date(ask.on.year, 12, 31))
        return max(0, (last - first).days + 1)
    return use.days if _counts(span, use.on, ask.on, facts) else 0


# --- rests: when nothing can be required ------------------------------------------------


@dataclass(frozen=True)
class Rest:
    """A time in which nothing, or no demand, can be required (D14).

    It runs from ``begins`` (where empty, from what ``ends`` is counted from) through
    ``ends``, as long as ``where`` holds.  ``exempt`` kinds of request are not held up by
    it, and it gives way where ``lifted`` is so.
    """

    says: str
    begins: When | None = None
    ends: When | None = None
    where: Condition | None = None
    exempt: tuple[str, ...] = ()
    lifted: str = ""


class Rested(NamedTuple):
    """The days of a rest, and whether it bars a request on the day asked about."""

    bars: bool | None
    first: date | None
    last: date | None
    because: tuple[Reason, ...]
    awaiting: tuple[Awaited, ...] = ()


def rested(rest: Rest, on: date | None, facts: Situation, clause: str = "") -> Rested:
    """Whether a rest stands in the way on a day, and its first and last day.

    ``facts.choices["kind"]`` is the kind of request.  A rest whose event has not
    happened bars nothing yet.
    """
    begins = reckon(rest.begins, facts, clause) if rest.begins is not None else None
    ends = reckon(rest.ends, facts, clause) if rest.ends is not None else None
    last = ends.day if ends is not None else None
    first = begins.day if begins is not None else _counted_from(ends)
    sides = [side for side in (begins, ends) if side is not None]
    because = [Reason("D14", clause, rest.says), *(r for side in sides for r in side.because)]
    awaiting = [w for side in sides for w in side.awaiting]
    if (kind := facts.choices.get("kind", "")) in rest.exempt:
        because.append(Reason("D14", clause, f"Not for a {kind.replace('_', ' ')}"))
        return Rested(False, first, last, tuple(because))
    if rest.lifted and facts.facts.get(rest.lifted):
        because.append(Reason("D14", clause, f"Lifted: {facts.says(Kind.FACT, rest.lifted)}"))
        return Rested(False, first, last, tuple(because))
    begun = not sides or first is not None or last is not None
    holds: bool | None = begun and (
        on is None or ((first is None or on >= first) and (last is None or on <= last))
    )
    if holds and rest.where is not None:
        judged = judge(rest.where, facts, clause)
        because += judged.because
        awaiting += judged.awaiting
        holds = judged.holds
    return Rested(holds, first, last, tuple(because), tuple(dict.fromkeys(awaiting)))


def _counted_from(ends: Reckoned | None) -> date | None:
    """The day an end is counted from: a rest with no beginning of its own begins there."""
    for reason in ends.because if ends is not None else ():
        if reason.fact is not None:
            return reason.fact.on
    return None


def first_free(rests: Sequence[Rested]) -> date | None:
    """The first day after every rest that has a last day."""
    lasts = [told.last for told in rests if told.last is not None]
    return max(lasts) + ONE if lasts else None


# --- how they are written ---------------------------------------------------------------


def _period(n: int, unit: Unit = Unit.CALENDAR) -> Period:
    return Period(n, unit)


PERIOD = Record(_period, {"n": Whole(1)}, {"unit": Choice(Unit)})


# A period that runs from the use, or a calendar year.
_SPAN = Either(Choice(Calendar), PERIOD)


def _has_count(limit: Limit) -> str | None:
    if limit.count is None and not limit.counts:
        return "give count, or counts by name."
    if limit.counts and not limit.each:
        return "counts by name need each, the choice they are by."
    return None


LIMIT = Record(
    Limit,
    {},
    {
        "count": Whole(),
        "within": _SPAN,
        "of": MapOf(ListOf(Text())),
        "each": Text(r"[a-z_]+", "group"),
        "counts": MapOf(Whole()),
    },
    check=_has_count,
)
DEMAND_COUNT = Record(
    DemandCount,
    {"limits": ListOf(LIMIT, least=0)},
    {
        "extra": ListOf(
            Record(Extra, {"count": Whole(1), "where": CONDITION}, {"scope": Text()}), least=0
        )
    },
)
COUNTED = Record(Counted, {"where": CONDITION}, {"last": CONDITION})


def _in_step(budget: Budget) -> str | None:
    if budget.each is None and not budget.uses and not budget.days and budget.where is None:
        return "says nothing: give each, uses, days or where."
    if budget.each is not None and budget.each.unit is Unit.CALENDAR:
        for together in budget.days:
            if together.most < budget.each.n:
                return (
                    f"each use may last {budget.each.n} days, yet all together no more than "
                    f"{together.most}: one of the two is wrong."
                )
    return None


BUDGET = Record(
    Budget,
    {},
    {
        "each": PERIOD,
        "uses": ListOf(Record(Often, {"count": Whole(1)}, {"within": _SPAN})),
        "days": ListOf(Record(Altogether, {"days": Whole(1), "within": _SPAN}, {"under": Flag()})),
        "where": CONDITION,
        "counts_from": WHEN,
        "tolls": Flag(),
        "shared_with": OneOf(("delay", "suspension")),
    },
    check=_in_step,
)
REST = Record(
    Rest,
    {"says": Text()},
    {
        "begins": WHEN,
        "ends": WHEN,
        "where": CONDITION,
        "exempt": ListOf(Text(r"[a-z_]+", "block_trade")),
        "lifted": Word(Kind.FACT),
    },
)
