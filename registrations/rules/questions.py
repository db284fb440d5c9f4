"""Any term of any agreement, asked on facts given as data, and answered as data.

``ask`` is the one door: it reads the facts, finds the rule by what the term is, and
returns the answer with its reasons, the other readings, and what it waits for.  Which
facts a question takes is a shape like any other, so it has a schema and says what is
wrong by path.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any, NamedTuple

from . import allowances, consents, contribution, cutback, damages, lockups, money
from .conditions import CONDITIONS, Judged, ReadingsOf, judge, least
from .days import say
from .findings import Awaited, Reason, reason_data
from .notice import given_on
from .reckoning import WHENS, Reckoned, first_day_for, reckon
from .shapes import (
    Day,
    Desk,
    Flag,
    ListOf,
    MapOf,
    Number,
    OneOf,
    Problem,
    Record,
    Shape,
    Share,
    Text,
    Usd,
    Whole,
)
from .situation import Situation
from .terms import METHODS, SPEC, TermError, Terms
from .words import Kind


class QuestionError(ValueError):
    """Facts that cannot be read; ``problems`` lists every one by path."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("; ".join(problem.text for problem in problems))
        self.problems = problems


class Asked(NamedTuple):
    """A question in hand: the term's value and clause, the facts, and its own parts."""

    value: Any
    clause: str
    facts: Situation
    parts: Mapping[str, Any]


class Question(NamedTuple):
    """What a term is asked with, beside the facts, and how it answers."""

    needs: Mapping[str, Shape]
    may: Mapping[str, Shape]
    answer: Callable[[Asked], dict[str, Any]]


FACTS: Mapping[str, Shape] = {
    "events": MapOf(Day(), least=0),
    "measures": MapOf(Number(), least=0),
    "facts": MapOf(Flag(), least=0),
    "choices": MapOf(Text(), least=0),
}


def ask(name: str, terms: Terms, data: Mapping[str, Any]) -> dict[str, Any]:
    """The answer a term gives on some facts, as JSON-ready data.

    Raises ``TermError`` where the agreement has no such term, and ``QuestionError`` where
    the facts cannot be read.
    """
    if name not in terms.values:
        raise TermError(name, "the agreement does not give this term, or it was not read.")
    value = terms.values[name]
    question = question_for(name, value)
    desk = Desk()
    shape = Record(lambda **parts: parts, question.needs, {**FACTS, **question.may})
    parts = shape.read(dict(data), "$", desk)
    if desk.problems:
        raise QuestionError(desk.problems)
    facts = Situation(
        terms.calendars,
        defined=terms.values.get("defined_words", {}),
        **{name: parts[name] for name in FACTS if name in parts},
    )
    clause = terms.clause(name)
    answer = question.answer(Asked(value, clause, facts, parts))
    return {"term": name, "label": SPEC[name].label, "clause": clause, **answer}


def facts_schema(name: str, value: Any) -> dict[str, Any]:
    """The shape of the facts a term is asked on, as JSON Schema."""
    question = question_for(name, value)
    return Record(dict, question.needs, {**FACTS, **question.may}).schema()


def question_for(name: str, value: Any) -> Question:
    """The question a term answers; one that only states something answers with itself."""
    if isinstance(value, WHENS):
        return _WHEN
    if isinstance(value, CONDITIONS):
        return _CONDITION
    return _BY_NAME.get(name) or _BY_TYPE.get(type(value), _STATED)


def _told(because: Sequence[Reason], awaiting: Sequence[Awaited] = ()) -> dict[str, Any]:
    return {
        "because": [reason_data(reason) for reason in because],
        "awaiting": [{"fact": each.fact, "clause": each.clause} for each in awaiting],
    }


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _text(amount: Decimal | Fraction | int | None) -> str | None:
    """An exact number as text, so that nothing is lost on the way."""
    if isinstance(amount, Fraction):
        if amount.denominator == 1:
            return str(amount.numerator)
        return str(Decimal(amount.numerator) / Decimal(amount.denominator))
    return None if amount is None else str(amount)


# --- a day ----------------------------------------------------------------------------


def _day(asked: Asked) -> dict[str, Any]:
    done_on, event = asked.parts.get("done_on"), asked.parts.get("first_day_for")
    answer = _reckoned(reckon(asked.value, asked.facts, asked.clause), done_on)
    if done_on is not None and event is not None:
        answer["first_day_for"] = _iso(first_day_for(asked.value, event, done_on, asked.facts))
    return answer


def _reckoned(told: Reckoned, done_on: date | None = None) -> dict[str, Any]:
    """A day with its reasons; with ``done_on``, whether that is by then, and whether it is
    not before it: which of the two counts is for the term to say."""
    moment = told.moment
    compared = {}
    if done_on is not None:
        compared = {
            "in_time": None if told.day is None else done_on <= told.day,
            "not_before": None if told.day is None else done_on >= told.day,
        }
    return {
        **compared,
        "day": _iso(told.day),
        "in_words": None if told.day is None else say(told.day),
        "applies": told.applies,
        "last_moment": None if moment is None else moment.isoformat(),
        "last_moment_utc": None if moment is None else moment.astimezone(UTC).isoformat(),
        "readings": [{"says": says, **_reckoned(each, done_on)} for says, each in told.readings],
        **_told(told.because, told.awaiting),
    }


_WHEN = Question({}, {"done_on": Day(), "first_day_for": Text()}, _day)


# --- a condition ------------------------------------------------------------------------


def _holds(asked: Asked) -> dict[str, Any]:
    answer = _judged(judge(asked.value, asked.facts, asked.clause))
    if (measure := asked.parts.get("least")) is not None:
        answer["least"] = least(asked.value, measure, asked.facts)
        if isinstance(asked.value, ReadingsOf):
            for reading, told in zip(asked.value.of, answer["readings"], strict=True):
                told["least"] = least(reading.condition, measure, asked.facts)
    return answer


def _judged(told: Judged) -> dict[str, Any]:
    return {
        "holds": told.holds,
        "readings": [{"says": says, **_judged(each)} for says, each in told.readings],
        **_told(told.because, told.awaiting),
    }


_CONDITION = Question({}, {"least": Text()}, _holds)


# --- counts and budgets -------------------------------------------------------------------

_USE = Record(allowances.Use, {"on": Day()}, {"choices": MapOf(Text(), least=0)})
_STRETCH = Record(allowances.Stretch, {"on": Day(), "days": Whole(1)})


def _may_demand(asked: Asked) -> dict[str, Any]:
    used = asked.parts.get("used", ())
    return _judged(
        allowances.may_demand(asked.parts["ask"], used, asked.value, asked.facts, asked.clause)
    )


def _used_up(asked: Asked) -> dict[str, Any]:
    facts = [asked.facts.with_(**registration) for registration in asked.parts["registrations"]]
    permitted = asked.parts.get("permitted", 1)
    told = allowances.counted(facts, permitted, asked.value, asked.clause)
    used, left = 0, []
    for judged in told:
        used += bool(judged.holds)
        left.append(max(0, permitted - used))
    return {"counted": [_judged(judged) for judged in told], "left_after": left}


def _may_use(asked: Asked) -> dict[str, Any]:
    used = asked.parts.get("used", ())
    told = allowances.may_use(asked.parts["ask"], used, asked.value, asked.facts, asked.clause)
    ends = allowances.ends_by(asked.value, asked.parts["ask"], asked.facts, asked.clause)
    return {
        "holds": told.holds,
        "most_days": told.most_days,
        "ends_by": _iso(ends.day),
        **_told((*told.because, *ends.because), told.awaiting),
    }


def _rests(asked: Asked) -> dict[str, Any]:
    on = asked.parts.get("ask_on")
    told = [allowances.rested(rest, on, asked.facts, asked.clause) for rest in asked.value]
    bars: bool | None = any(rest.bars for rest in told)
    if not bars and any(rest.bars is None for rest in told):
        bars = None
    return {
        "bars": bars,
        "first_free_on": _iso(allowances.first_free(told)),
        "rests": [
            {
                "bars": rest.bars,
                "first": _iso(rest.first),
                "last": _iso(rest.last),
                **_told(rest.because, rest.awaiting),
            }
            for rest in told
        ],
    }


# --- money --------------------------------------------------------------------------------


def _damages(asked: Asked) -> dict[str, Any]:
    which = asked.parts.get("which") or next(iter(asked.value))
    if which not in asked.value:
        known = ", ".join(asked.value)
        raise QuestionError([Problem("$.which", f"give one of: {known}.")])
    terms = asked.value[which]
    base = asked.facts.number(terms.base)
    answer: dict[str, Any] = {
        "which": which,
        "paid_in": terms.paid_in,
        "chosen_by": terms.chosen_by,
    }
    for name, when in (("pay_by", terms.pay_by), ("cured_within", terms.cured_within)):
        if when is not None:
            answer[name] = _reckoned(reckon(when, asked.facts, asked.clause))
    if base is not None:
        answer["one_period"] = _text(damages.for_one_period(terms, base))
    due_on, cured_on = asked.parts.get("due_on"), asked.parts.get("cured_on")
    if base is not None and due_on is not None and cured_on is not None:
        answer["owed"] = [
            {
                "says": owed.says,
                "days": owed.days,
                "lines": [{"says": line.says, "amount": _text(line.amount)} for line in owed.lines],
                "total": _text(owed.total),
                **_told(owed.because),
            }
            for owed in damages.owed(
                terms, base=base, due_on=due_on, cured_on=cured_on, clause=asked.clause
            )
        ]
    if "unpaid" in asked.parts:
        months = asked.parts.get("months", 1)
        answer["interest"] = _text(damages.interest(terms, asked.parts["unpaid"], months))
    return answer


def _expenses(asked: Asked) -> dict[str, Any]:
    costs = list(asked.parts["costs"].items())
    told = money.borne(asked.value, costs, asked.clause, asked.facts.choices.get("paid_by", ""))
    return {
        "costs": [
            {
                "kind": each.kind,
                "amount": _text(each.amount),
                "by": each.by.value,
                **_told((each.because,)),
            }
            for each in told
        ],
        "totals": {by.value: _text(total) for by, total in money.totals(told).items()},
    }


def _liable(asked: Asked) -> dict[str, Any]:
    told = money.liable(
        asked.value,
        shares=asked.parts["shares"],
        price=asked.parts["price"],
        discount=asked.parts.get("discount", Fraction(0)),
        claim=asked.parts["claim"],
        facts=asked.facts.facts,
        clause=asked.clause,
    )
    return {
        "readings": [
            {
                "says": each.reading,
                "cap": _text(each.cap),
                "payable": _text(each.payable),
                **_told((each.because,)),
            }
            for each in told
        ]
    }


def _contributed(asked: Asked) -> dict[str, Any]:
    """How a loss falls on its parties, each way the agreement gives; amounts in USD."""
    loss, parties = asked.parts["loss"], asked.parts["parties"]
    numbered = [
        contribution.Contributor(
            n,
            _cents(party["net_proceeds"]),
            party.get("fault", 0),
            _cents(party["limit"]) if "limit" in party else None,
        )
        for n, party in enumerate(parties)
    ]
    ways = []
    for by in asked.value.by:
        for again in asked.value.shared_again:
            try:
                told = contribution.contribute(
                    _cents(loss), numbered, by=by, shared_again=again, clause=asked.clause
                )
            except ValueError as wrong:
                raise QuestionError([Problem("$.parties", f"{wrong}.")]) from wrong
            ways.append(
                {
                    "by": by.value,
                    "shared_again": again,
                    "shares": {
                        party["name"]: _text(Decimal(told.shares[n]).scaleb(-2))
                        for n, party in enumerate(parties)
                    },
                    "left": _text(Decimal(told.left).scaleb(-2)),
                    **_told(told.because),
                }
            )
    return {"ways": ways}


def _cents(amount: Decimal) -> int:
    return int(amount.scaleb(2).to_integral_value(ROUND_HALF_UP))


def _shares(asked: Asked) -> dict[str, Any]:
    price = asked.facts.number(asked.value.divided_by)
    if price is None:
        name = asked.facts.says(Kind.MEASURE, asked.value.divided_by)
        return {"shares": None, **_told((), (Awaited(name, asked.clause),))}
    if price <= 0:
        path = f"$.measures.{asked.value.divided_by}"
        raise QuestionError([Problem(path, "give a price above nothing.")])
    usd = asked.parts.get("usd")
    return {"shares": _text(money.shares_for(asked.value, price, usd))}


def _cutback(asked: Asked) -> dict[str, Any]:
    kind = asked.parts.get("offering") or next(iter(asked.value))
    if kind not in asked.value:
        known = ", ".join(asked.value)
        raise QuestionError([Problem("$.offering", f"give one of: {known}.")])
    order = asked.value[kind]
    given = asked.parts["claims"]
    groups = {name: n for n, name in enumerate(dict.fromkeys(c.get("group") for c in given))}
    claims = [
        cutback.Claim(
            n,
            claim.get("held", 0),
            claim["asked"],
            groups[claim["group"]] if "group" in claim else None,
            claim["who"],
        )
        for n, claim in enumerate(given)
    ]
    where = [fact for fact, so in asked.facts.facts.items() if so]
    told = []
    for again in order.shared_again:
        try:
            allocation = cutback.allocate(
                claims,
                order,
                maximum=asked.parts["maximum"],
                where=where,
                shared_again=again,
                clause=asked.clause,
            )
        except ValueError as wrong:
            raise QuestionError([Problem("$.claims", f"{wrong}.")]) from wrong
        told.append(
            {
                "says": "room not used is shared again" if again else "room not used is left",
                "shares": {claim["name"]: allocation.shares[n] for n, claim in enumerate(given)},
                "tiers": [
                    {
                        "who": list(tier.who),
                        "basis": tier.basis.value,
                        "room": tier.room,
                        "asked": tier.asked,
                        "taken": tier.taken,
                    }
                    for tier in allocation.tiers
                ],
                "total": allocation.total,
                **_told(allocation.because),
            }
        )
    return {**told[0], "offering": kind, "readings": told}


# --- around an offering, consent and the end ----------------------------------------------


def _lockup(asked: Asked) -> dict[str, Any]:
    told = lockups.locked(asked.value, asked.facts, asked.clause, asked.parts.get("releases", ()))
    return {
        "first": _iso(told.first),
        "last": _iso(told.last),
        "extended": told.extended,
        "release_extends_from": _iso(told.watch_from),
        "may_sell": [told.may_sell(day) for day in asked.parts.get("sales", ())],
        **_told(told.because, told.awaiting),
    }


def _amendment(asked: Asked) -> dict[str, Any]:
    investors = asked.parts["investors"]
    told = consents.amended(
        asked.value,
        investors=investors,
        consents=asked.parts.get("consents", ()),
        company=asked.parts.get("company_consents", False),
        clause=asked.clause,
        differently_treated=asked.parts.get("differently_treated", ()),
    )
    return {
        "holds": told.holds,
        "missing": list(told.missing),
        "waiver_binds": list(
            consents.waived_for(
                asked.value,
                signed_by=asked.parts.get("waiver_signed_by", ()),
                parties=(*investors, "Company"),
                agreed=told.holds,
            )
        ),
        **_told(told.because),
    }


def _termination(asked: Asked) -> dict[str, Any]:
    told = consents.ended(asked.value, asked.parts["ask_on"], asked.facts, asked.clause)
    because = (
        *(told.everyone.because if told.everyone else ()),
        *(told.holder.because if told.holder else ()),
    )
    awaiting = () if told.has_ended is not None or told.holder is None else told.holder.awaiting
    return {
        "has_ended": told.has_ended,
        "everyone_on": _iso(told.everyone.day) if told.everyone else None,
        "holder": told.holder.holds if told.holder else None,
        **_told(because, awaiting),
    }


# --- notices --------------------------------------------------------------------------------


def _given(asked: Asked) -> dict[str, Any]:
    method = asked.parts["method"]
    rule = asked.value.get(method)
    if rule is None:
        says = f"The agreement does not list {method.replace('_', ' ')} as a way to give notice"
        return {"given_on": None, "listed": False, **_told((Reason("N2", asked.clause, says),))}
    told = given_on(
        rule,
        method,
        sent_on=asked.parts.get("sent_on"),
        received_on=asked.parts.get("received_on"),
        in_business_hours=asked.parts.get("in_business_hours", True),
        business=asked.facts.calendars.business,
        clause=asked.clause,
    )
    return {
        "given_on": _iso(told.given_on),
        "listed": True,
        "by_rule_on": _iso(told.by_rule_on),
        **_told(told.because, told.awaiting),
    }


def _transfer(asked: Asked) -> dict[str, Any]:
    answer: dict[str, Any] = {"to": list(asked.value.to)}
    if asked.value.where is not None:
        answer |= _judged(judge(asked.value.where, asked.facts, asked.clause))
    if asked.value.notice is not None:
        answer["notice"] = _reckoned(reckon(asked.value.notice, asked.facts, asked.clause))
    return answer


def _each_day(asked: Asked) -> dict[str, Any]:
    return {
        "days": {
            name: _reckoned(reckon(when, asked.facts, asked.clause))
            for name, when in asked.value.items()
        }
    }


def _stated(asked: Asked) -> dict[str, Any]:
    return {"stated": True}


_STATED = Question({}, {}, _stated)
_BY_NAME: Mapping[str, Question] = {
    "milestones": Question({}, {}, _each_day),
    "rests": Question({}, {"ask_on": Day()}, _rests),
    "cutback": Question(
        {
            "maximum": Whole(),
            "claims": ListOf(
                Record(
                    lambda **claim: claim,
                    {"name": Text(), "who": Text(), "asked": Whole()},
                    {"held": Whole(), "group": Text()},
                )
            ),
        },
        {"offering": Text()},
        _cutback,
    ),
    "notice_methods": Question(
        {"method": OneOf(METHODS)},
        {"sent_on": Day(), "received_on": Day(), "in_business_hours": Flag()},
        _given,
    ),
    "liquidated_damages": Question(
        {},
        {
            "which": Text(),
            "due_on": Day(),
            "cured_on": Day(),
            "unpaid": Usd(),
            "months": Whole(1),
        },
        _damages,
    ),
}
_BY_TYPE: Mapping[type, Question] = {
    allowances.DemandCount: Question({"ask": _USE}, {"used": ListOf(_USE, 0)}, _may_demand),
    allowances.Counted: Question(
        {"registrations": ListOf(Record(lambda **facts: facts, {}, FACTS))},
        {"permitted": Whole(1)},
        _used_up,
    ),
    allowances.Budget: Question({"ask": _STRETCH}, {"used": ListOf(_STRETCH, 0)}, _may_use),
    lockups.Lockup: Question({}, {"releases": ListOf(Day(), 0), "sales": ListOf(Day())}, _lockup),
    consents.Amendment: Question(
        {"investors": MapOf(Whole())},
        {
            "consents": ListOf(Text(), 0),
            "company_consents": Flag(),
            "differently_treated": ListOf(Text(), 0),
            "waiver_signed_by": ListOf(Text(), 0),
        },
        _amendment,
    ),
    consents.Termination: Question({"ask_on": Day()}, {}, _termination),
    consents.Transfer: Question({}, {}, _transfer),
    money.Expenses: Question({"costs": MapOf(Number())}, {}, _expenses),
    money.Indemnity: Question(
        {"shares": Whole(), "price": Usd(), "claim": Usd()}, {"discount": Share()}, _liable
    ),
    contribution.Contribution: Question(
        {
            "loss": Usd(),
            "parties": ListOf(
                Record(
                    lambda **party: party,
                    {"name": Text(), "net_proceeds": Usd()},
                    {"fault": Whole(), "limit": Usd()},
                )
            ),
        },
        {},
        _contributed,
    ),
    money.ShareCount: Question({}, {"usd": Usd()}, _shares),
}
