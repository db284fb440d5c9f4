"""What must be so, as data: a tree of comparisons, judged exactly.

A share is compared by multiplying out, never by a rounded percentage: with half of
4,500,000 asked for, 2,250,000 is not more than half and 2,250,001 is.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from math import ceil, floor
from typing import NamedTuple, TypeAlias

from .findings import Awaited, Reason
from .shapes import ByKey, Choice, Flag, ListOf, MapOf, Record, Shape, Text, Usd, Word
from .shapes import Share as ShareShape
from .situation import Situation, plain
from .words import Kind


class Is(StrEnum):
    """How a measure is compared."""

    OVER = "over"  # more than
    AT_LEAST = "at_least"
    UNDER = "under"  # less than
    AT_MOST = "at_most"


_WORDS = {
    Is.OVER: "more than",
    Is.AT_LEAST: "at least",
    Is.UNDER: "less than",
    Is.AT_MOST: "at most",
}


@dataclass(frozen=True)
class OfShare:
    """A measure against a share of another: more than half of the Units offered."""

    measure: str
    test: Is
    of: str
    share: Fraction = Fraction(1)


@dataclass(frozen=True)
class OfValue:
    """A measure against a number: shares, USD, days or per cent."""

    measure: str
    test: Is
    value: Decimal


@dataclass(frozen=True)
class IsSo:
    """Something is so, or is not."""

    fact: str
    so: bool = True


@dataclass(frozen=True)
class All:
    """Every one of them; an empty list always holds."""

    of: tuple[Condition, ...]


@dataclass(frozen=True)
class AnyOf:
    """At least one of them; an empty list never holds."""

    of: tuple[Condition, ...]


@dataclass(frozen=True)
class ByChoice:
    """Another condition by what was chosen, such as the form."""

    by: str
    cases: Mapping[str, Condition]
    otherwise: Condition | None = None


@dataclass(frozen=True)
class Blank:
    """A number the form leaves open: unknown until the blank is filled in."""

    says: str


class NamedCondition(NamedTuple):
    """One reading of the words, and what it asks."""

    says: str
    condition: Condition


@dataclass(frozen=True)
class ReadingsOf:
    """Several readings.  Good on all is good, on none is refused, else counsel decides."""

    of: tuple[NamedCondition, ...]


Condition: TypeAlias = "OfShare | OfValue | IsSo | All | AnyOf | ByChoice | Blank | ReadingsOf"


CONDITIONS = (OfShare, OfValue, IsSo, All, AnyOf, ByChoice, Blank, ReadingsOf)


class Judged(NamedTuple):
    """Whether a condition holds, and why; ``None`` while it is unknown or the readings
    differ.  ``readings`` has each reading's own answer."""

    holds: bool | None
    because: tuple[Reason, ...] = ()
    awaiting: tuple[Awaited, ...] = ()
    readings: tuple[tuple[str, Judged], ...] = ()


def judge(condition: Condition, facts: Situation, clause: str = "") -> Judged:
    """Whether the condition holds on the facts, compared in whole numbers."""
    match condition:
        case OfShare() | OfValue():
            return _compare(condition, facts, clause)
        case IsSo(fact, so):
            return _is_so(fact, so, facts, clause)
        case All(of):
            return _together([judge(c, facts, clause) for c in of], decides=False)
        case AnyOf(of):
            return _together([judge(c, facts, clause) for c in of], decides=True)
        case ByChoice():
            return _by_choice(condition, facts, clause)
        case Blank(says):
            return Judged(None, (), (Awaited(f"the blank: {says}", clause),))
        case ReadingsOf(of):
            told = tuple((r.says, judge(r.condition, facts, clause)) for r in of)
            answers = {judged.holds for _, judged in told}
            return Judged(
                answers.pop() if len(answers) == 1 else None,
                tuple(r for _, judged in told for r in judged.because),
                tuple(dict.fromkeys(w for _, judged in told for w in judged.awaiting)),
                told,
            )


def least(condition: Condition, measure: str, facts: Situation) -> int | None:
    """The smallest whole value of ``measure`` with which the condition holds, everything
    else being as it is; ``None`` where none does or the rest is not known."""
    bounds = {0}
    for part in _parts(condition, facts):
        if part.measure == measure and (limit := _limit(part, facts)) is not None:
            bounds |= {floor(limit), ceil(limit), floor(limit) + 1}
    for value in sorted(bounds):
        if judge(condition, facts.with_(measures={measure: value})).holds:
            return value
    return None


def _parts(condition: Condition, facts: Situation) -> Iterator[OfShare | OfValue]:
    match condition:
        case OfShare() | OfValue():
            yield condition
        case All(of) | AnyOf(of):
            for each in of:
                yield from _parts(each, facts)
        case ByChoice():
            chosen = condition.cases.get(facts.choices.get(condition.by, ""), condition.otherwise)
            if chosen is not None:
                yield from _parts(chosen, facts)
        case ReadingsOf(of):
            for reading in of:
                yield from _parts(reading.condition, facts)
        case IsSo() | Blank():
            return


def _limit(part: OfShare | OfValue, facts: Situation) -> Fraction | None:
    if isinstance(part, OfValue):
        return Fraction(part.value)
    whole = facts.number(part.of)
    return None if whole is None else whole * part.share


def _compare(part: OfShare | OfValue, facts: Situation, clause: str) -> Judged:
    have, limit = facts.number(part.measure), _limit(part, facts)
    name = facts.says(Kind.MEASURE, part.measure)
    missing = [name] if have is None else []
    if limit is None and isinstance(part, OfShare):
        missing.append(facts.says(Kind.MEASURE, part.of))
    if have is None or limit is None:
        return Judged(None, (), tuple(Awaited(m, clause) for m in missing))
    holds = {
        Is.OVER: have > limit,
        Is.AT_LEAST: have >= limit,
        Is.UNDER: have < limit,
        Is.AT_MOST: have <= limit,
    }[part.test]
    of = ""
    if isinstance(part, OfShare):
        whole = plain(facts.number(part.of) or Fraction(0))
        share = "all" if part.share == 1 else str(part.share)
        of = f", {share} of {whole} {facts.says(Kind.MEASURE, part.of)}"
    says = (
        f"{plain(have)} {name}: {_WORDS[part.test]} {plain(limit)}{of} is needed, "
        f"{'and it is' if holds else 'and it is not'}"
    )
    return Judged(holds, (Reason("D1", clause, says),))


def _is_so(fact: str, so: bool, facts: Situation, clause: str) -> Judged:
    says = facts.says(Kind.FACT, fact)
    known = facts.facts.get(fact)
    if known is None:
        return Judged(None, (), (Awaited(f"whether {says}", clause),))
    told = says[0].upper() + says[1:] if known else f"Not so: {says}"
    return Judged(known is so, (Reason("D1", clause, told),))


def _together(told: list[Judged], *, decides: bool) -> Judged:
    """All of them, or any: the answer ``decides`` where one gives it, whatever is unknown."""
    deciding = [judged for judged in told if judged.holds is decides]
    because = tuple(r for judged in deciding or told for r in judged.because)
    readings = tuple(r for judged in told for r in judged.readings)
    if deciding:
        return Judged(decides, because, (), readings)
    awaiting = tuple(dict.fromkeys(w for judged in told for w in judged.awaiting))
    unknown = any(judged.holds is None for judged in told)
    return Judged(None if unknown else not decides, because, awaiting, readings)


def _by_choice(condition: ByChoice, facts: Situation, clause: str) -> Judged:
    what = condition.by.replace("_", " ")
    choice = facts.choices.get(condition.by)
    if choice is None:
        return Judged(None, (), (Awaited(f"which {what}", clause),))
    found = condition.cases.get(choice, condition.otherwise)
    if found is None:
        return Judged(False, (Reason("D1", clause, f"Nothing is agreed for {what} {choice}"),))
    return judge(found, facts, clause)


# --- how a condition is written -------------------------------------------------------

_FORMS: dict[str, Shape] = {}  # filled below: a condition may hold conditions
CONDITION = ByKey("condition", _FORMS)

_TEST = {"measure": Word(Kind.MEASURE), "is": Choice(Is)}


def _measured(
    measure: str,
    test: Is,
    of: str | None = None,
    share: Fraction | None = None,
    value: Decimal | None = None,
) -> OfShare | OfValue | None:
    if of is not None and value is None:
        return OfShare(measure, test, of, Fraction(1) if share is None else share)
    if value is not None and of is None and share is None:
        return OfValue(measure, test, value)
    return None


def _one_limit(made: OfShare | OfValue | None) -> str | None:
    if made is None:
        return "give either value, or of (with a share), and not both."
    if isinstance(made, OfShare) and made.measure == made.of:
        return "a measure cannot be compared with itself."
    if isinstance(made, OfShare) and made.test is Is.OVER and made.share == 1:
        return "more than the whole can never be."
    return None


_FORMS.update(
    {
        "measure": Record(
            _measured,
            _TEST,
            {"of": Word(Kind.MEASURE), "share": ShareShape(), "value": Usd()},
            check=_one_limit,
            keys={"is": "test"},
        ),
        "fact": Record(IsSo, {"fact": Word(Kind.FACT)}, {"so": Flag()}),
        "all": Record(All, {"all": ListOf(CONDITION, least=0)}, keys={"all": "of"}),
        "any": Record(AnyOf, {"any": ListOf(CONDITION, least=0)}, keys={"any": "of"}),
        "cases": Record(
            ByChoice,
            {"by": Text(r"[a-z_]+", "form"), "cases": MapOf(CONDITION)},
            {"otherwise": CONDITION},
        ),
        "blank": Record(Blank, {"blank": Text()}, keys={"blank": "says"}),
        "readings": Record(
            ReadingsOf,
            {
                "readings": ListOf(
                    Record(NamedCondition, {"says": Text(), "condition": CONDITION}), least=2
                )
            },
            keys={"readings": "of"},
        ),
    }
)
