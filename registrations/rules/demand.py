"""Demand registration, rules D1 to D10 and the rest of D14 (section 1 of the agreement).

Each rule takes facts and terms and returns a finding with its reasons.  None knows what
day it is: ``DemandFacts.upto`` leaves out what had not happened by a day, and a
finding's state on a day is worked out in ``docket``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from math import floor
from typing import NamedTuple

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
    Ruling,
    Window,
)
from .notice import Address, Arrival, Consent, Copy, arrival, earliest
from .terms import Terms


class Post(NamedTuple):
    """Every copy of one notice to one addressee, and the addressee's addresses and
    consents to electronic delivery."""

    copies: tuple[Copy, ...] = ()
    addresses: tuple[Address, ...] = ()
    consents: tuple[Consent, ...] = ()

    def arrival(self, terms: Terms) -> Arrival:
        """When the notice was given to this addressee, and received (N1–N5)."""
        addresses, consents = self.addresses, self.consents
        if not self.copies:
            return Arrival(
                None, None, (), (Awaited("a copy sent", terms.clause("notice_methods")),)
            )
        if len(self.copies) == 1:
            return arrival(self.copies[0], terms=terms, addresses=addresses, consents=consents)
        return earliest(
            [
                arrival(c, terms=terms, addresses=addresses, consents=consents)
                for c in sorted(self.copies, key=lambda c: c.id)
            ]
        )

    def upto(self, day: date) -> Post:
        """What of this was known to have happened by the end of ``day``."""
        return self._replace(
            copies=tuple(
                c._replace(received_on=_by(c.received_on, day))
                for c in self.copies
                if (c.sent_on or c.received_on or day) <= day
            )
        )


class Request(NamedTuple):
    """An Investor's written answer to the Company Notice (D4, D5).

    ``shares`` are Registrable Shares and ``held`` those the Investor held on the day the
    request was received.  A part not stated is ``None``.
    """

    id: int
    post: Post
    declines: bool = False
    units: int | None = None
    shares: int | None = None
    distribution: str | None = None
    other_information: str | None = None
    held: int | None = None


class Initiator(NamedTuple):
    """One of the Initiating Investors: Units held on the day the Demand Notice was given,
    and the Registrable Shares it specifies there."""

    investor: int
    name: str
    units: int
    shares: int | None = None
    held: int | None = None


class Invited(NamedTuple):
    """An Investor to whom the Company Notice is owed, and what it answered."""

    investor: int
    name: str
    post: Post = Post()
    requests: tuple[Request, ...] = ()


class Filing(NamedTuple):
    """The Registration Statement as filed; ``covers`` gives Registrable Shares by
    Investor, ``None`` where nobody has recorded what it covers."""

    on: date
    covers: Mapping[int, int] | None = None


class OtherStatement(NamedTuple):
    """Another registration statement of the Company that became effective."""

    id: int
    name: str
    effective_on: date


class House(NamedTuple):
    """The workspace's own standards, where the agreement gives no number."""

    promptly: Period
    receipt_expected: Period


class DemandFacts(NamedTuple):
    """All that a demand's docket is worked out from.  Units and shares are whole."""

    post: Post
    initiators: tuple[Initiator, ...]
    units_issued: int
    units_held: int
    invited: tuple[Invited, ...] = ()
    filing: Filing | None = None
    effective_on: date | None = None
    all_sold_on: date | None = None
    others: tuple[OtherStatement, ...] = ()
    decisions: Mapping[str, Decision] = {}

    def upto(self, day: date) -> DemandFacts:
        """The same matter as it stood at the end of ``day``."""
        return self._replace(
            post=self.post.upto(day),
            invited=tuple(
                i._replace(
                    post=i.post.upto(day),
                    requests=tuple(
                        r._replace(post=p) for r in i.requests if (p := r.post.upto(day)).copies
                    ),
                )
                for i in self.invited
            ),
            filing=self.filing if self.filing and self.filing.on <= day else None,
            effective_on=_by(self.effective_on, day),
            all_sold_on=_by(self.all_sold_on, day),
            others=tuple(o for o in self.others if o.effective_on <= day),
            decisions={k: d for k, d in self.decisions.items() if d.decided_on <= day},
        )


def _by(happened_on: date | None, day: date) -> date | None:
    return happened_on if happened_on is not None and happened_on <= day else None


# --- D1 -------------------------------------------------------------------------------


def units_needed(pool: int, terms: Terms) -> int:
    """The fewest whole Units that are more than the agreement's share of ``pool``, 1(a)."""
    return floor(pool * terms.demand_majority_over) + 1


def majority(facts: DemandFacts, demand: Arrival, terms: Terms) -> Ruling:
    """Whether the Initiating Investors together hold enough Units, section 1(a) (D1).

    Judged on the day the Demand Notice is given.  Exactly the share is not more than the
    share.  The words leave open which Units the share is of, so each base the terms list
    is a reading: good under all is good, under none is refused, else counsel decides.
    """
    clause = terms.clause("demand_majority_over")
    if demand.given_on is None:
        return Ruling("unknown", demand.because, (), demand.awaiting)
    units = sum(i.units for i in facts.initiators)
    pools = {
        "offered": (terms.units_offered, "Units offered"),
        "issued": (facts.units_issued, "Units issued under the Purchase Agreement"),
        "held": (facts.units_held, "Units Investors hold now"),
    }
    choice = facts.decisions.get("eligibility")
    needed = {base: units_needed(pools[base][0], terms) for base in terms.demand_bases}
    enough = {base: units >= least for base, least in needed.items()}
    if all(enough.values()):
        outcome = "good"
    elif not any(enough.values()):
        outcome, choice = "refused", None
    elif choice is not None and choice.choice in enough:
        outcome = "good" if enough[choice.choice] else "refused"
    else:
        outcome = "needs_decision"
    readings = tuple(
        Reading(
            base,
            f"{units:,} of {pools[base][0]:,} {pools[base][1]}; "
            f"{needed[base]:,} needed: "
            f"{'enough' if enough[base] else 'not enough'}",
            clause,
            governs=choice is not None and choice.choice == base,
        )
        for base in terms.demand_bases
    )
    because = (
        Reason(
            "D1",
            clause,
            f"The Initiating Investors held {units:,} Units on the day the Demand Notice was given",
            Fact("Demand Notice given", demand.given_on),
        ),
    )
    return Ruling(outcome, because, readings, decision=choice)


# --- D2, D3 ---------------------------------------------------------------------------


def company_notice(
    facts: DemandFacts,
    demand: Arrival,
    arrivals: Sequence[Arrival],
    terms: Terms,
    house: House,
    open_days: BusinessDays,
) -> Window:
    """The Company Notice to every other Investor, "promptly", section 1(a) (D2).

    The agreement gives no number of days; the last day shown is the workspace's own
    standard, and is never a breach of the agreement.
    """
    clause = terms.clause("joining")
    closes_on = house.promptly.after(demand.received_on, open_days) if demand.received_on else None
    given = [a.given_on for a in arrivals if a.given_on is not None]
    return Window(
        key="company_notice",
        act="Give every other Investor the Company Notice",
        rule="D2",
        clause=clause,
        party=Party.COMPANY,
        force=Force.HOUSE,
        opens_on=demand.received_on,
        closes_on=closes_on,
        lenient_on=closes_on,
        because=(
            Reason(
                "D2",
                clause,
                "The Company gives the notice promptly; our standard, not in the agreement",
                Fact("Demand Notice received by the Company", demand.received_on),
                house.promptly,
                closes_on,
            ),
        ),
        done_on=max(given) if given and len(given) == len(arrivals) else None,
        awaiting=demand.awaiting
        if demand.received_on is None
        else tuple(
            Awaited("Company Notice given", clause, i.name, i.investor)
            for i, a in zip(facts.invited, arrivals, strict=True)
            if a.given_on is None
        ),
    )


def last_safe_receipt(
    closes_on: date | None,
    demand: Arrival,
    last_received_on: date | None,
    missing: tuple[Awaited, ...],
    terms: Terms,
    open_days: BusinessDays,
) -> Window:
    """The last day the last Investor may receive the Company Notice so that a day to file
    is left, section 1(a) (D3)."""
    clause = terms.clause("filing_opens")
    safe_on = terms.filing_opens.latest_start(closes_on, open_days) if closes_on else None
    return Window(
        key="last_receipt",
        act="Last Investor receives the Company Notice",
        rule="D3",
        clause=clause,
        party=Party.COMPANY,
        force=Force.DERIVED,
        opens_on=demand.received_on,
        closes_on=safe_on,
        lenient_on=safe_on,
        because=(
            Reason(
                "D3",
                clause,
                "A later receipt leaves no day to file",
                Fact("last day to file", closes_on),
                terms.filing_opens,
                safe_on,
                back=True,
            ),
        ),
        done_on=last_received_on,
        awaiting=missing,
    )


# --- D4, D5 ---------------------------------------------------------------------------


class JoiningDays(NamedTuple):
    """The last days to ask to join that follow from the two days a Company Notice has.

    ``strict`` is ``None`` while the day it was given is unknown, and ``lenient`` while
    any reading's day is.
    """

    by_reading: Mapping[str, date | None]
    strict: date | None
    lenient: date | None
    because: Reason
    readings: tuple[Reading, ...]


def joining_days(
    given_on: date | None,
    received_on: date | None,
    terms: Terms,
    open_days: BusinessDays,
    choice: str = "",
) -> JoiningDays:
    """When a Company Notice given and received on these days must be answered (D4).

    The section counts twice: from the day the Company Notice was *given* to the Investor,
    and in a later sentence from the day it was *received*.  ``choice`` is the reading
    counsel decided on, if any; it governs once its day is known.
    """
    clause, period = terms.clause("joining"), terms.joining
    counted_from = {"given": given_on, "received": received_on}
    days = {
        name: period.after(day, open_days) if (day := counted_from[name]) is not None else None
        for name in terms.joining_from
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
    counted = governing[0] if governing else terms.joining_from[0]
    because = Reason(
        "D4",
        clause,
        "Last day to ask to join",
        Fact(_COUNTED_FROM[counted], counted_from[counted]),
        period,
        strict,
    )
    words = period.words
    readings = tuple(
        [
            Reading(
                name,
                f"{words} from the day the Company Notice was {name}",
                clause,
                closes_on=day,
                governs=name in governing,
            )
            for name, day in days.items()
            if len(days) > 1
        ]
    )
    return JoiningDays(days, strict, lenient, because, readings)


_COUNTED_FROM = {
    "given": "Company Notice given to the Investor",
    "received": "Company Notice received by the Investor",
}


def joining(
    invited: Invited,
    notice: Arrival,
    days: JoiningDays,
    answered: Answers,
    terms: Terms,
    open_days: BusinessDays,
    decisions: Mapping[str, Decision],
) -> Window:
    """The days on which one Investor's request to join may be received, section 1(a) (D4).

    A request is timely if it is timely under the strictest reading; late only if late
    under every one.  ``days`` is what ``joining_days`` says of this notice.
    """
    clause = terms.clause("joining")
    done_on, done_as, decision = None, "", None
    if (answer := live_answer(answered)) is not None:
        done_on, request = answer
        done_as = "declined" if request.declines else "asked to join"
        decision = decisions.get(f"request:{request.id}")
        if decision is not None:
            days = joining_days(
                notice.given_on, notice.received_on, terms, open_days, decision.choice
            )
    return Window(
        key=f"join:{invited.investor}",
        act="Ask to join",
        rule="D4",
        clause=clause,
        party=Party.INVESTOR,
        force=Force.RIGHT,
        opens_on=notice.given_on,
        closes_on=days.strict,
        because=(days.because, *notice.because),
        investor=invited.investor,
        who=invited.name,
        lenient_on=days.lenient,
        done_on=done_on,
        done_as=done_as,
        awaiting=() if days.lenient is not None else _join_awaits(invited, notice, clause),
        readings=days.readings,
        decision=decision,
    )


def _join_awaits(invited: Invited, notice: Arrival, clause: str) -> tuple[Awaited, ...]:
    if notice.given_on is not None:
        return (Awaited("receipt of the Company Notice", clause, invited.name, invited.investor),)
    return tuple(Awaited(a.fact, a.clause, invited.name, invited.investor) for a in notice.awaiting)


# --- what an Investor answered, in the order it came into the Company's hands
Answers = Sequence[tuple[date, Request]]


def answers(invited: Invited, terms: Terms) -> Answers:
    """The Investor's answers in the Company's hands, each with the day it was received."""
    received = [
        (day, r) for r in invited.requests if (day := r.post.arrival(terms).received_on) is not None
    ]
    if len(received) > 1:
        received.sort(key=lambda answer: (answer[0], answer[1].id))
    return received


def live_answer(answered: Answers) -> tuple[date, Request] | None:
    """The answer that stands, and the day it came: the first request, unless the Investor
    declined afterwards; a decline, unless it asked again afterwards (D4).

    What follows an answer of the same kind completes or corrects it and does not move
    its day (D5).
    """
    live: tuple[date, Request] | None = None
    for day, request in answered:
        if live is None or request.declines != live[1].declines:
            live = day, request
    return live


def missing_parts(request: Request, terms: Terms) -> tuple[str, ...]:
    """The parts of a request the agreement asks for and it does not state (D5)."""
    if request.declines:
        return ()
    stated = {
        "amount": request.units is not None or request.shares is not None,
        "distribution": bool(request.distribution),
        "other_information": request.other_information is not None,
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
    clause = terms.clause("request_parts")
    complete = False  # whether an answer already looked at, a later one, has every part
    for received_on, request in reversed(answered):
        parts = missing_parts(request, terms)
        if parts and not complete:
            concerns.append(_incomplete_request(request, parts, invited, received_on, clause))
        complete = complete or not parts
        if _beyond(request.shares, request.held):
            concerns.append(
                _over_request(f"over:{request.id}", request, invited, received_on, clause)
            )
    done_on = window.done_on
    if done_on is None or window.done_as == "declined" or not _between_readings(window, done_on):
        return concerns
    live = live_answer(answered)
    assert live is not None  # the window was done by it
    concerns.append(
        Concern(
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
    )
    return concerns


def _incomplete_request(
    request: Request, parts: Sequence[str], invited: Invited, on: date, clause: str
) -> Concern:
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
    clause = terms.clause("request_parts")
    return [
        _over_request(f"over:demand:{i.investor}", i, i, since, clause)
        for i in facts.initiators
        if _beyond(i.shares, i.held)
    ]


def _beyond(shares: int | None, held: int | None) -> bool:
    return shares is not None and held is not None and shares > held


def _between_readings(window: Window, day: date) -> bool:
    """Whether ``day`` is too late on the strictest reading and not on the most lenient."""
    if window.closes_on is None or day <= window.closes_on:
        return False
    return window.lenient_on is None or day <= window.lenient_on


def _over_request(
    key: str, asks: Request | Initiator, who: Invited | Initiator, on: date, clause: str
) -> Concern:
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


# --- D6, D7, D8 -----------------------------------------------------------------------


def filing(
    facts: DemandFacts,
    demand: Arrival,
    arrivals: Sequence[Arrival],
    missing: tuple[Awaited, ...],
    terms: Terms,
    open_days: BusinessDays,
    resting: Sequence[Window] = (),
) -> Window:
    """The days on which the Company may file, section 1(a) (D6, D7).

    It opens a number of days after the last Investor received the Company Notice and
    closes a number of days after the Company received the Demand Notice.  The two run
    from different facts, so the window can have no day in it (D8); neither date is hidden
    or moved.  With nobody else to notify, nothing holds the filing back.
    """
    opens_clause, closes_clause = terms.clause("filing_opens"), terms.clause("filing_closes")
    closes_on = (
        terms.filing_closes.after(demand.received_on, open_days) if demand.received_on else None
    )
    received = sorted(a.received_on for a in arrivals if a.received_on is not None)
    starts: dict[str, date | None] = {
        "last_receipt": received[-1] if received and not missing else None,
        "first_receipt": received[0] if received else None,
    }
    choice = facts.decisions.get("filing_opens")
    names = terms.filing_opens_from
    governing = choice.choice if choice and choice.choice in names else names[0]
    opens = {
        name: terms.filing_opens.after(day, open_days) if (day := starts[name]) else None
        for name in names
    }
    opens_on = opens[governing]
    which = {"last_receipt": "last", "first_receipt": "first"}
    because = [
        Reason(
            "D7",
            closes_clause,
            "Last day to file",
            Fact("Demand Notice received by the Company", demand.received_on),
            terms.filing_closes,
            closes_on,
        )
    ]
    if arrivals:
        because.insert(
            0,
            Reason(
                "D6",
                opens_clause,
                "First day to file",
                Fact(f"Company Notice {which[governing]} received", starts[governing]),
                terms.filing_opens,
                opens_on,
            ),
        )
    because += [r for window in resting if _runs_on(window, closes_on) for r in window.because]
    awaiting = (demand.awaiting if demand.received_on is None else ()) + (
        missing if governing == "last_receipt" or opens_on is None else ()
    )
    return Window(
        key="file",
        act="File the Registration Statement",
        rule="D6, D7",
        clause=closes_clause,
        party=Party.COMPANY,
        force=Force.DUTY,
        opens_on=opens_on,
        closes_on=closes_on,
        lenient_on=closes_on,
        because=tuple(because),
        practical_opens_on=open_days.on_or_after(opens_on) if opens_on else None,
        practical_closes_on=open_days.on_or_before(closes_on) if closes_on else None,
        done_on=facts.filing.on if facts.filing else None,
        done_as="filed" if facts.filing else "",
        awaiting=awaiting,
        readings=tuple(
            Reading(
                name,
                f"{terms.filing_opens.words} from the {which[name]} Investor’s receipt",
                opens_clause,
                opens_on=opens[name],
                closes_on=closes_on,
                governs=name == governing,
            )
            for name in names
            if len(names) > 1
        )
        + tuple(
            Reading(
                "effect_means_file",
                f"“Effect” means file: nothing need be filed through {say(window.closes_on)}",
                window.clause,
                opens_on=opens_on,
                closes_on=window.closes_on,
            )
            for window in resting
            if _runs_on(window, closes_on)
        ),
        decision=choice,
    )


def _runs_on(rest_window: Window, day: date | None) -> bool:
    """Whether a rest (D14) is still running at the end of ``day``."""
    opens_on, closes_on = rest_window.opens_on, rest_window.closes_on
    if day is None or opens_on is None or closes_on is None:
        return False
    return opens_on <= day < closes_on


def filing_conflicts(window: Window) -> list[Concern]:
    """The conflicts in a filing window: no day at all (D8), or no EDGAR day (N7)."""
    counted_from = next((r.fact.on for r in window.because if r.rule == "D6" and r.fact), None)
    if window.done_on is not None or counted_from is None or window.closes_on is None:
        return []
    opens, closes = window.practical_opens_on, window.practical_closes_on
    if window.impossible:
        key, kind, rule = "impossible:file", "impossible", "D8"
        text = (
            f"No day is left to file: the first is {say(window.opens_on)}, from the receipt of "
            f"the Company Notice on {say(counted_from)}; the last is {say(window.closes_on)}, "
            "from the receipt of the Demand Notice."
        )
    elif opens is not None and closes is not None and opens > closes:
        key, kind, rule = "no_edgar_day:file", "no_edgar_day", "N7"
        text = (
            f"EDGAR takes no filing on any day from {say(window.opens_on)} to "
            f"{say(window.closes_on)}: each is a weekend day or a federal holiday."
        )
    else:
        return []
    return [Concern(key, kind, rule, window.clause, text, counted_from, window.because)]


# --- D9, S1, D10, D14 -----------------------------------------------------------------


def effectiveness(
    facts: DemandFacts, filing_window: Window, terms: Terms, open_days: BusinessDays
) -> Window:
    """The days within which the statement becomes effective, section 1(a) (D9): best
    efforts, counted from the filing."""
    clause = terms.clause("effectiveness")
    filed_on = facts.filing.on if facts.filing else None
    closes_on = terms.effectiveness.after(filed_on, open_days) if filed_on else None
    last_day = filing_window.closes_on
    return Window(
        key="effective",
        act="Registration Statement becomes effective",
        rule="D9",
        clause=clause,
        party=Party.COMPANY,
        force=Force.DUTY,
        opens_on=filed_on,
        closes_on=closes_on,
        lenient_on=closes_on,
        because=(
            Reason(
                "D9",
                clause,
                "Effective no later than",
                Fact("Registration Statement filed", filed_on),
                terms.effectiveness,
                closes_on,
            ),
        ),
        provisional_on=terms.effectiveness.after(last_day, open_days)
        if filed_on is None and last_day
        else None,
        done_on=facts.effective_on,
        done_as="became effective" if facts.effective_on else "",
        awaiting=() if filed_on else (Awaited("the filing", clause),),
    )


def kept_effective(
    facts: DemandFacts, effective: Window, terms: Terms, open_days: BusinessDays
) -> Window:
    """How long the statement is kept effective at most, sections 2(b) and 2(e) (S1):
    until all is sold, or a calendar year from effectiveness."""
    clause = terms.clause("keep_effective")
    since = facts.effective_on
    closes_on = terms.keep_effective.after(since, open_days) if since else None
    likely = effective.closes_on or effective.provisional_on
    return Window(
        key="keep_effective",
        act="Keep the Registration Statement effective",
        rule="S1",
        clause=clause,
        party=Party.COMPANY,
        force=Force.DUTY,
        opens_on=since,
        closes_on=closes_on,
        lenient_on=closes_on,
        because=(
            Reason(
                "S1",
                clause,
                "Kept effective until all is sold, and at most",
                Fact("Registration Statement effective", since),
                terms.keep_effective,
                closes_on,
            ),
        ),
        provisional_on=terms.keep_effective.after(likely, open_days)
        if since is None and likely
        else None,
        done_on=facts.all_sold_on,
        done_as="all sold" if facts.all_sold_on else "",
        awaiting=() if since else (Awaited("effectiveness", clause),),
    )


def coverage(
    facts: DemandFacts, windows: Mapping[int, Window], answered: Mapping[int, Answers], terms: Terms
) -> list[Concern]:
    """Shares asked for in time that the statement as filed does not cover, section 1(a)
    (D10), Investor by Investor.  ``windows`` are the joining windows by Investor.

    A request whose window is not known to have closed is not late.  Nobody is owed more
    than it held (D5); an amount nobody has stated is named as unknown.
    """
    if facts.filing is None:
        return []
    clause, since, covers = terms.clause("request_parts"), facts.filing.on, facts.filing.covers
    because = (Reason("D10", clause, "Filed", Fact("Registration Statement filed", since)),)
    if covers is None:
        text = "The shares the Registration Statement covers are not on record."
        return [Concern("coverage", "coverage_unknown", "D10", clause, text, since, because)]
    asked: list[tuple[Initiator | Invited, int | None]] = [
        (i, _owed(i.shares, i.held)) for i in facts.initiators
    ]
    for invited in facts.invited:
        by = windows[invited.investor].closes_on
        request = latest_answer(answered[invited.investor], by)
        if request is not None and not request.declines:
            asked.append((invited, _owed(request.shares, request.held)))
    concerns = []
    for who, shares in asked:
        covered = covers.get(who.investor, 0)
        if shares is None:
            kind = "coverage_unknown"
            text = f"How many Registrable Shares {who.name} asked for is not on record."
        elif covered < shares:
            kind = "coverage_defect"
            text = (
                f"The statement covers {covered:,} of the {shares:,} Registrable Shares "
                f"{who.name} asked for in time."
            )
        else:
            continue
        key = f"coverage:{who.investor}"
        concerns.append(
            Concern(key, kind, "D10", clause, text, since, because, who.investor, who.name)
        )
    return concerns


def latest_answer(answered: Answers, by: date | None) -> Request | None:
    """The Investor's last answer received by a day, the one whose amount counts (D10);
    its last of all where no day is known."""
    return next((r for day, r in reversed(answered) if by is None or day <= by), None)


def _owed(shares: int | None, held: int | None) -> int | None:
    return shares if shares is None or held is None else min(shares, held)


def rest(
    other: OtherStatement, demand_received_on: date, terms: Terms, open_days: BusinessDays
) -> Window | None:
    """The days after another statement's effectiveness on which no registration need be
    effected, section 1(c) (D14).  ``None`` when they ended before the demand came.

    The demand stays good; only the duty to effect it sleeps.
    """
    clause = terms.clause("rest")
    closes_on = terms.rest.after(other.effective_on, open_days)
    if closes_on < demand_received_on:
        return None
    return Window(
        key=f"rest:{other.id}",
        act="No registration need be effected",
        rule="D14",
        clause=clause,
        party=Party.COMPANY,
        force=Force.REST,
        opens_on=other.effective_on,
        closes_on=closes_on,
        lenient_on=closes_on,
        because=(
            Reason(
                "D14",
                clause,
                "The demand stays good, but nothing need be effected through",
                Fact(f"{other.name} effective", other.effective_on),
                terms.rest,
                closes_on,
            ),
        ),
    )
