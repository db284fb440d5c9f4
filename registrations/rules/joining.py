"""Who may join a registration, until when, and what each Investor answered (D4, D5, P3)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import NamedTuple, TypeAlias

from .days import BusinessDays, Period, say
from .findings import (
    Awaited,
    Concern,
    Decision,
    Fact,
    Force,
    Party,
    Reading,
    Reason,
    Window,
    make,
)
from .matter import DemandFacts, Initiator, Invited, Request
from .notice import Arrival, Counting, counting
from .terms import Terms

# Bound once: before Python 3.12 each look-up of a member on its enumeration is a call.
_INVESTOR, _RIGHT = Party.INVESTOR, Force.RIGHT


class Invitation(NamedTuple):
    """What an Investor is invited by, and the rule and term its answer is timed by: a period
    from the days the notice has, where the term is that."""

    rule: str
    notice: str
    act: str
    clause: str
    about: str  # what a reading of it is chosen under for the whole agreement
    period: Period | None = None
    counts_from: tuple[str, ...] = ()


@lru_cache(maxsize=16)
def by_company_notice(terms: Terms) -> Invitation:
    """The Company Notice of a demand, section 1(a) (D4)."""
    return Invitation(
        "D4", "Company Notice", "Ask to join", terms.clause("joining"), "joining",
        terms.joining, terms.joining_from,
    )  # fmt: skip


def by_registration_notice(terms: Terms) -> Invitation:
    """The Registration Notice of a registration the Company proposes, section 3(a) (P3)."""
    return Invitation(
        "P3", "Registration Notice", "Send a Piggy-back Request",
        terms.clause("piggyback_joining"), "piggyback_joining",
        *(
            (terms.piggyback_joining, terms.piggyback_joining_from)
            if terms.gives("piggyback_joining")
            else ()
        ),
    )  # fmt: skip


class JoiningDays(NamedTuple):
    """The last days to ask to join that follow from the two days a notice has.

    ``strict`` is ``None`` while the day it was given is unknown, and ``lenient`` while
    any reading's day is.
    """

    strict: date | None
    lenient: date | None
    because: Reason
    readings: tuple[Reading, ...]


# Gives the joining days of a notice from the days it was given and received, with the
# reading counsel chose or an empty string.
ReckonJoining: TypeAlias = Callable[[date | None, date | None, str], JoiningDays]


def joining_days(invitation: Invitation, open_days: BusinessDays) -> ReckonJoining:
    """When a notice must be answered (D4, P3), as a function of the days it was given and
    received and of counsel's choice.

    Section 1(a) counts twice: from the day the Company Notice was *given* to the Investor,
    and in a later sentence from the day it was *received*.  The choice is the reading
    counsel decided on, if any; it governs once its day is known.
    """
    return _reckon_joining(invitation, open_days)


# Most Investors get the Company Notice on one of a few days, so what two days come to is
# reckoned once for them all: thousands of windows share their reasons and readings.
@lru_cache(maxsize=64)
def _reckon_joining(invitation: Invitation, open_days: BusinessDays) -> ReckonJoining:
    rule, notice, _, clause, _, period, counts_from = invitation
    assert period is not None

    @lru_cache(maxsize=1024)
    def reckon(given_on: date | None, received_on: date | None, choice: str) -> JoiningDays:
        counted_from = {"given": given_on, "received": received_on}
        days = {
            name: period.after(day, open_days) if (day := counted_from[name]) is not None else None
            for name in counts_from
        }
        known = [day for day in days.values() if day is not None]
        strict = min(known, default=None)
        lenient = max(known) if known and len(known) == len(days) else None
        if (chosen := days.get(choice)) is not None:
            strict = lenient = chosen
        # Without the day it was given the window is not known, whatever else is.
        if given_on is None and "given" in days:
            strict = lenient = None
        governing = [name for name in days if strict is not None and days[name] == strict]
        counted = governing[0] if governing else counts_from[0]
        because = Reason(
            rule,
            clause,
            "Last day to ask to join",
            Fact(f"{notice} {counted} {_WHOM[counted]} the Investor", counted_from[counted]),
            period,
            strict,
        )
        words = period.words
        readings = tuple(
            [
                Reading(
                    name,
                    f"{words} from the day the {notice} was {name}",
                    clause,
                    closes_on=day,
                    governs=name in governing,
                )
                for name, day in days.items()
                if len(days) > 1
            ]
        )
        return JoiningDays(strict, lenient, because, readings)

    return reckon


_WHOM = {"given": "to", "received": "by"}


def joining(
    invited: Invited,
    notice: Arrival,
    reckon: ReckonJoining,
    answered: Answers,
    invitation: Invitation,
    decisions: Mapping[str, Decision],
) -> Window:
    """The days on which one Investor's request to join may be received, section 1(a) (D4)
    or 3(a) (P3).

    A request is timely if it is timely under the strictest reading; late only if late
    under every one.  ``reckon`` is what ``joining_days`` gives.
    """
    investor, name, _, _ = invited
    given_on, received_on, why, _ = notice
    rule, _, act, clause, about, _, _ = invitation
    decision = decisions.get(about) if decisions else None
    done_on, done_as = None, ""
    if answered and (answer := live_answer(answered)) is not None:
        done_on, request = answer
        done_as = "declined" if request.declines else "asked to join"
        if decisions:
            decision = decisions.get(f"request:{request.id}", decision)
    choice = decision.choice if decision is not None else ""
    strict, lenient, because, readings = reckon(given_on, received_on, choice)
    # Every field, in order: a matter makes one of these for every Investor.
    return make(
        Window,
        (
            f"join:{investor}",
            act,
            rule,
            clause,
            _INVESTOR,
            _RIGHT,
            given_on,
            strict,
            (because,) + why,  # noqa: RUF005 — half the cost
            investor,
            name,
            lenient,
            None,
            None,
            None,
            done_on,
            done_as,
            None,
            () if lenient is not None else _join_awaits(invited, notice, invitation),
            readings,
            decision,
            None,
        ),
    )


def _join_awaits(invited: Invited, notice: Arrival, invitation: Invitation) -> tuple[Awaited, ...]:
    if notice.given_on is not None:
        receipt = f"receipt of the {invitation.notice}"
        return (Awaited(receipt, invitation.clause, invited.name, invited.investor),)
    return tuple(Awaited(a.fact, a.clause, invited.name, invited.investor) for a in notice.awaiting)


# --- what an Investor answered, in the order it came into the Company's hands
Answers = Sequence[tuple[date, Request]]


def answers(invited: Invited, terms: Terms) -> Answers:
    """The Investor's answers in the Company's hands, each with the day it was received."""
    return in_hand(invited.requests, counting(terms))


def in_hand(requests: Sequence[Request], agreed: Counting) -> Answers:
    """Those of the answers that were received, in the order they were."""
    if len(requests) == 1:
        (only,) = requests
        came_on = only.post.counted(agreed).received_on
        return ((came_on, only),) if came_on is not None else ()
    received = [
        (day, r) for r in requests if (day := r.post.counted(agreed).received_on) is not None
    ]
    received.sort(key=lambda answer: (answer[0], answer[1].id))
    return received


def live_answer(answered: Answers) -> tuple[date, Request] | None:
    """The answer that stands, and the day it came: the first request, unless the Investor
    declined afterwards; a decline, unless it asked again afterwards (D4).

    What follows an answer of the same kind completes or corrects it and does not move
    its day (D5).
    """
    if len(answered) == 1:
        return answered[0]
    live: tuple[date, Request] | None = None
    for day, request in answered:
        if live is None or request.declines != live[1].declines:
            live = day, request
    return live


def missing_parts(request: Request, terms: Terms) -> tuple[str, ...]:
    """The parts of a request the agreement asks for and it does not state (D5)."""
    _, _, declines, units, shares, distribution, other_information, _, _ = request
    if declines:
        return ()
    has_amount = units is not None or shares is not None
    if has_amount and distribution and other_information is not None:
        return ()
    stated = {
        "amount": has_amount,
        "distribution": bool(distribution),
        "other_information": other_information is not None,
    }
    return tuple([part for part in terms.request_parts if not stated[part]])


PART_NAMES = {
    "amount": "the amount of Units and Registrable Shares",
    "distribution": "the intended method of distribution",
    "other_information": "the other information the Company asked for",
}


def request_concerns(
    invited: Invited, answered: Answers, window: Window, terms: Terms
) -> list[Concern]:
    """What counsel must settle about one Investor's requests (D4, D5).

    A request that lacks a part troubles nobody once a later answer has every part.
    """
    concerns: list[Concern] = []
    complete = False  # whether an answer already looked at, a later one, has every part
    for received_on, request in reversed(answered):
        parts = missing_parts(request, terms)
        if not parts:
            complete = True
        elif not complete:
            concerns.append(_incomplete_request(request, parts, invited, received_on, terms))
        shares, held = request.shares, request.held
        if shares is not None and held is not None and shares > held:
            concerns.append(
                _over_request(f"over:{request.id}", request, invited, received_on, terms)
            )
    if _late_on_one_reading(window):
        concerns.append(_undecided_request(invited, answered, window))
    return concerns


def _late_on_one_reading(window: Window) -> bool:
    """Whether a request came too late on the strictest reading and not on the most lenient."""
    done_on, closes_on = window.done_on, window.closes_on
    if done_on is None or closes_on is None or done_on <= closes_on:
        return False
    if window.waived_on is not None or window.done_as == "declined":
        return False
    return window.lenient_on is None or done_on <= window.lenient_on


def _undecided_request(invited: Invited, answered: Answers, window: Window) -> Concern:
    live, done_on = live_answer(answered), window.done_on
    assert live is not None  # the window was done by it
    assert done_on is not None
    return Concern(
        f"decide:request:{live[1].id}",
        "needs_decision",
        "D4",
        window.clause,
        f"{invited.name}’s request came on {say(done_on)}: after {say(window.closes_on)} on "
        f"one reading, not after {say(window.lenient_on)} on the other. Decide which reading "
        "governs.",
        done_on,
        window.because,
        invited.investor,
        invited.name,
    )


def _incomplete_request(
    request: Request, parts: Sequence[str], invited: Invited, on: date, terms: Terms
) -> Concern:
    clause = terms.clause("request_parts")
    return Concern(
        f"incomplete:{request.id}",
        "incomplete_request",
        "D5",
        clause,
        f"{invited.name}’s request does not state {' or '.join(PART_NAMES[p] for p in parts)}.",
        on,
        (Reason("D5", clause, "Request received", Fact("received", on)),),
        invited.investor,
        invited.name,
    )


def demand_concerns(facts: DemandFacts, demand: Arrival, terms: Terms) -> list[Concern]:
    """Initiating Investors whose Demand Notice specifies more than they held (D5)."""
    since = demand.given_on
    if since is None:
        return []
    return [
        _over_request(f"over:demand:{i.investor}", i, i, since, terms)
        for i in facts.initiators
        if i.shares is not None and i.held is not None and i.shares > i.held
    ]


def _over_request(
    key: str, asks: Request | Initiator, who: Invited | Initiator, on: date, terms: Terms
) -> Concern:
    clause = terms.clause("request_parts")
    return Concern(
        key,
        "over_request",
        "D5",
        clause,
        f"{who.name} asks for {asks.shares:,} Registrable Shares and held {asks.held:,} on "
        f"{say(on)}.",
        on,
        (Reason("D5", clause, "Nobody may ask for more than it holds", Fact("asked", on)),),
        who.investor,
        who.name,
    )


def latest_answer(answered: Answers, by: date | None) -> Request | None:
    """The Investor's last answer received by a day, the one whose amount counts (D10);
    its last of all where no day is known."""
    return next((r for day, r in reversed(answered) if by is None or day <= by), None)
