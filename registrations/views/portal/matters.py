"""A registration in an Investor's own words: what it may do, what it sent, what comes next.

It has no number here: how many others there are is nobody's business.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import NamedTuple

from notices.models import Notice
from registrations.facts import Answer, OwnMatter
from registrations.rules.findings import Standing, State, Window
from registrations.rules.states import standing
from registrations.rules.words import METHOD_NAMES
from registrations.views.rows import window_of
from registrations.views.words import (
    Status,
    day_words,
    last_moment,
    long_day,
    short_day,
    status_of,
)

_CLOSED_BY = ("effective", "withdrawn")
_OVER = (State.LAPSED, State.SUPERSEDED, State.WAIVED)


class Step(NamedTuple):
    """One thing that happened or is to come: its day in words, or none, and what it is."""

    day: str
    says: str
    state: str = ""  # done | now


class Sent(NamedTuple):
    """An answer the Investor sent, and what became of it."""

    answer: Answer
    what: str
    status: Status
    means: str

    @property
    def counts(self) -> bool:
        return self.answer.arrival.received_on is not None


class Mine(NamedTuple):
    """A registration as its page, or its card, shows it to one Investor."""

    own: OwnMatter
    name: str
    window: Window | None
    status: Status
    open: bool
    last: date | None
    until: str  # the last moment of that day
    steps: list[Step]
    sent: list[Sent]

    @property
    def public_id(self) -> str:
        return str(self.own.demand.public_id)

    @property
    def live(self) -> Sent | None:
        """Its last answer, where one was sent."""
        return self.sent[-1] if self.sent else None

    @property
    def asks(self) -> str:
        """The verb on its button."""
        return "Send a Piggy-back Request" if self.own.demand.by_company else "Join"


def mine(own: OwnMatter, today: date, soon_days: int) -> Mine:
    """A registration as one Investor is told of it on a day."""
    window = window_of(own.window) if own.window is not None else None

    def stands(window: Window) -> Standing:
        return standing(window, today=today, soon_days=soon_days)

    # Where its window stood had nothing been sent: until that is over an answer may change.
    unanswered = stands(window._replace(done_on=None, done_as="")) if window else None
    over = any(kind in own.public for kind in _CLOSED_BY)
    open_ = unanswered is not None and not over and unanswered.state not in _OVER
    last = window.closes_on if window is not None else None
    sent = [_sent(answer, window, stands) for answer in own.answers]
    return Mine(
        own,
        _name(own),
        window,
        _status(own, window, sent, unanswered, open_),
        open_,
        last,
        last_moment(own.demand.agreement.time_zone, last) if last else "",
        _steps(own, window, today),
        sent,
    )


def _name(own: OwnMatter) -> str:
    kind = own.demand.get_kind_display()
    given = own.told.given_on if own.told else None
    if own.initiated:
        return f"{kind} you asked for"
    return f"{kind}, notice of {short_day(given)}, {given.year}" if given else kind


def _status(
    own: OwnMatter,
    window: Window | None,
    sent: list[Sent],
    unanswered: Standing | None,
    open_: bool,
) -> Status:
    if own.initiated:
        return Status("done", "You asked for it")
    if sent:
        return sent[-1].status
    if window is not None and window.waived_on is not None:
        return Status("done", "You waived your place")
    if not open_ or window is None or unanswered is None:
        return Status("later", "Closed")
    if unanswered.state is State.NEEDS_DECISION:
        return Status("soon", "Past the first reading’s last day")
    return status_of(unanswered, window.force)


def _sent(answer: Answer, window: Window | None, stands: Callable[[Window], Standing]) -> Sent:
    if answer.declines:
        what = "Answer declining to join"
    elif answer.asks is not None and answer.asks.shares is not None:
        what = f"{answer.notice.get_kind_display()}: {answer.asks.shares:,} shares"
    else:
        what = answer.notice.get_kind_display()
    came_on = answer.arrival.received_on
    if came_on is None:
        return Sent(
            answer, what, Status("missed", "Does not count yet"),
            " ".join(f"{reason.text.rstrip('.')}." for reason in answer.arrival.because),
        )  # fmt: skip
    status, means = _became(answer, window, came_on, stands)
    return Sent(answer, what, status, f"Received {day_words(came_on)}. {means}".rstrip())


def _became(
    answer: Answer, window: Window | None, came_on: date, stands: Callable[[Window], Standing]
) -> tuple[Status, str]:
    """What an answer in the Company's hands amounts to, as the rules judge its day."""
    if answer.notice.kind == Notice.Kind.DEMAND:
        return Status("done", "Sent"), ""
    if answer.declines:
        return Status("done", "Declined"), ""
    if window is None or window.closes_on is None:
        return Status("done", "Received"), "Your last day is not known yet."
    state = stands(window._replace(done_on=came_on, done_as="asked to join")).state
    if state is State.NEEDS_DECISION:
        return Status("soon", "Counsel decide"), (
            f"After {day_words(window.closes_on)}, the last day on one reading of the agreement, "
            "and not after it on another. The Company’s counsel decide."
        )
    if state is State.MET_LATE:
        return Status("missed", "After the last day"), (
            f"The last day was {day_words(window.lenient_on)}. It is kept; ask the Company "
            "whether it takes your request all the same."
        )
    return Status("done", "Sent"), f"On time; the last day is {day_words(window.closes_on)}."


def _steps(own: OwnMatter, window: Window | None, today: date) -> list[Step]:
    """What happens in it, as far as this Investor's own papers and the public record say."""
    steps = []
    told = own.told
    if own.initiated:
        steps.append(Step("", "You asked the Company to register", "done"))
    elif told is not None:
        way = METHOD_NAMES.get(own.method, own.method)
        if told.given_on is None:
            steps.append(Step("", f"The Company sent you notice by {way}; it is not given yet"))
        else:
            received = (
                f", received {short_day(told.received_on)}"
                if told.received_on not in (None, told.given_on)
                else ""
            )
            says = f"The Company gave you notice by {way}{received}"
            steps.append(Step(day_words(told.given_on), says, "done"))
        steps.append(_answering(window, today))
    for kind, before, after in (
        ("filed", "The Company files a registration statement with the SEC", "Filed with the SEC"),
        ("effective", "The registration becomes effective", "Effective"),
    ):
        on = own.public.get(kind)
        steps.append(Step(day_words(on), after, "done") if on else Step("", before))
    if (on := own.public.get("withdrawn")) is not None:
        steps.append(Step(day_words(on), "The registration was withdrawn", "done"))
    elif "keep_effective" in own.terms.summaries:
        steps.append(Step("Then", "You may sell what you included while it is kept effective"))
    return steps


def _answering(window: Window | None, today: date) -> Step:
    if window is None:
        return Step("", "You join or decline")
    if window.done_on is not None:
        return Step(day_words(window.done_on), f"You {window.done_as or 'answered'}", "done")
    if window.closes_on is None:
        return Step("", "You join or decline; the last day is not known yet", "now")
    past = today > window.closes_on
    return Step(f"By {short_day(window.closes_on)}", "You join or decline", "" if past else "now")


def heading_of(cards: list[Mine], today: date) -> str:
    """What the Investor may do now, and by when."""
    for card in cards:
        if card.open and not card.sent and not card.own.initiated and card.last is not None:
            if card.last < today:
                continue
            verb = (
                "You can send a Piggy-back Request"
                if card.own.demand.by_company
                else "You can join a Demand Registration"
            )
            return f"{verb} until {long_day(card.last, today)}."
    if any(card.live is not None and not card.live.counts for card in cards):
        return "An answer you sent does not count yet."
    return "Nothing needs an answer today."
