"""Who takes part in a registration: what each was sent, holds, asked for and answered."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from typing import NamedTuple
from uuid import UUID

from django.db.models import Count, Q, Sum
from django.urls import reverse

from investors.models import Investor, LedgerEntry
from notices.models import Delivery, Evidence, Notice
from registrations.facts import TELLS, actions_of, ledger_of
from registrations.models import Demand
from registrations.rules.actions import parts_after
from registrations.rules.findings import State, Window
from registrations.rules.joining import answers, latest_answer
from registrations.rules.matter import Initiator, Invited
from registrations.rules.notice import Arrival
from registrations.rules.securities import Position, positions
from registrations.rules.words import METHOD_NAMES

from .matter import Matter
from .matter_facts import copy_of_the_day
from .whys import Why, why
from .words import Status, capital, days_words, left_words, short_day


class Participant(NamedTuple):
    """One row of the table.  ``None`` days are not on record."""

    name: str
    href: str
    initiating: bool
    units: int
    registrable: int
    asked: int | None
    given_on: date | None
    method: str
    received_on: date | None
    by: date | None
    why: Why | None
    status: Status
    documents: int
    receipt_href: str
    decide_href: str
    no_receipt: bool


class Totals(NamedTuple):
    units: int
    asked: int


def participants(
    demand: Demand, matter: Matter, *, start: int, size: int
) -> tuple[list[Participant], Totals]:
    """One page of rows, and the totals of all.  The queries are for the page alone, so
    their number does not grow with the Investors."""
    facts = matter.facts
    everybody: list[Initiator | Invited] = [*facts.initiators, *facts.invited]
    page = everybody[start : start + size]
    ids = [p.investor for p in page]
    first = max(start - len(facts.initiators), 0)
    arrivals = {
        i.investor: a
        for i, a in zip(
            facts.invited[first : first + size],
            matter.docket.notices[first : first + size],
            strict=False,
        )
    }
    joins = {w.investor: w for w in matter.joins}
    public = dict(Investor.objects.filter(pk__in=ids).values_list("pk", "public_id"))
    held = _held(demand, matter, ids)
    documents = _documents(demand, ids)
    copies: dict[int, UUID] = {}
    for recipient, uuid in (
        Delivery.objects.filter(
            notice__answers=demand.notice_id,
            notice__kind__in=TELLS,
            recipient__in=ids,
        )
        .order_by("-pk")
        .values_list("recipient_id", "public_id")
    ):
        if recipient is not None:
            copies[recipient] = uuid
    rows = []
    for person in page:
        href = reverse("holder", args=[matter.slug, public[person.investor]])
        position = held.get(person.investor, Position())
        if isinstance(person, Initiator):
            rows.append(_initiator(person, href, position, documents))
        else:
            rows.append(
                _invited(
                    person, href, position, documents, matter,
                    arrivals.get(person.investor), joins.get(person.investor), copies,
                )
            )  # fmt: skip
    asked = sum(i.shares or 0 for i in facts.initiators)
    for invited in facts.invited:
        if invited.requests:
            asked += _asked(invited, matter) or 0
    return rows, Totals(_units(demand, matter), asked)


def _initiator(
    person: Initiator, href: str, position: Position, documents: dict[int, int]
) -> Participant:
    return Participant(
        person.name, href, True, position.units, position.registrable, person.shares,
        None, "", None, None, None, Status("done", "In the Demand Notice"),
        documents.get(person.investor, 0), "", "", False,
    )  # fmt: skip


def _invited(
    person: Invited,
    href: str,
    position: Position,
    documents: dict[int, int],
    matter: Matter,
    arrival: Arrival | None,
    window: Window | None,
    copies: dict[int, UUID],
) -> Participant:
    sent = bool(person.post.copies)
    copy = copy_of_the_day(person.post, arrival, matter.terms) if arrival else None
    method = METHOD_NAMES.get(copy.method, "") if copy else ""
    asked = _asked(person, matter)
    status, decide = Status("wait", "Not known"), ""
    if window is not None:
        status = _answer(window, asked, position.registrable, matter, sent)
        concern = next(
            (
                c
                for c in matter.docket.concerns
                if c.investor == person.investor and c.key.startswith("decide:")
            ),
            None,
        )
        if concern is not None:
            about = concern.key.removeprefix("decide:")
            decide = f"{reverse('decide', args=[matter.slug, matter.number])}?about={about}"
    no_receipt = sent and (arrival is None or arrival.received_on is None)
    receipt = ""
    if no_receipt and person.investor in copies:
        receipt = reverse("record-receipt", args=[matter.slug, copies[person.investor]])
    by = window.closes_on if window else None
    return Participant(
        person.name, href, False, position.units, position.registrable, asked,
        arrival.given_on if arrival else None, capital(method),
        arrival.received_on if arrival else None, by,
        why(window, matter.terms, id=f"why-by-{person.investor}", today=matter.day)
        if window and by else None,
        status, documents.get(person.investor, 0), receipt, decide, no_receipt,
    )  # fmt: skip


def _answer(window: Window, asked: int | None, held: int, matter: Matter, sent: bool) -> Status:
    """What an Investor answered, or what its silence amounts to."""
    if window.waived_on is not None:
        return Status("done", f"Waived {short_day(window.waived_on, matter.day)}")
    if not sent and window.done_on is None:
        return Status("wait", "No notice on record")
    state = matter.stands(window)
    if window.done_on is not None:
        on = short_day(window.done_on, matter.day)
        if window.done_as == "declined":
            return Status("done", f"Declined {on}")
        if state.state is State.NEEDS_DECISION:
            return Status("soon", "Decision needed")
        if state.state is State.MET_LATE:
            return Status("missed", f"Asked {days_words(state.days)} late")
        if state.state is State.UNKNOWN:
            return Status("wait", f"Asked {on}, not proven in time")
        part = " in part" if asked is not None and asked < held else ""
        return Status("done", f"Joined{part} {on}")
    match state.state:
        case State.DUE_SOON:
            return Status(
                "soon", f"No answer · {'today' if not state.days else left_words(state.days)}"
            )
        case State.LAPSED:
            return Status("later", "No answer, closed")
        case State.NEEDS_DECISION:
            return Status("wait", "No answer, second reading open")
        case State.UNKNOWN:
            return Status("wait", "Window not known")
        case _:
            return Status("wait", "No answer yet")


def _asked(invited: Invited, matter: Matter) -> int | None:
    """What the answer that counts asks for."""
    if not invited.requests:
        return None
    latest = latest_answer(answers(invited, matter.terms), None)
    return None if latest is None or latest.declines else latest.shares


def held_on(matter: Matter) -> date:
    """The day holdings are counted: the filing, which settles what is covered; until then
    the page's own."""
    return matter.facts.filing.on if matter.facts.filing else matter.day


def unit_on(demand: Demand, matter: Matter) -> Fraction:
    """Registrable Shares in an untouched Unit on the day holdings are counted (H2)."""
    actions = actions_of(demand.agreement_id, held_on(matter))
    return parts_after(matter.terms.unit_parts, actions).registrable


def _held(demand: Demand, matter: Matter, ids: Sequence[int]) -> dict[int, Position]:
    """What some Investors hold on the day, after every action up to it."""
    day = held_on(matter)
    ledger = ledger_of(demand.agreement_id, day, holders=ids)
    return positions(ledger, on=day, parts=matter.terms.unit_parts)


def _units(demand: Demand, matter: Matter) -> int:
    """The Units all hold together on the day; no action changes their number."""
    found = LedgerEntry.objects.filter(
        agreement=demand.agreement_id,
        security=LedgerEntry.Security.UNIT,
        on__lte=held_on(matter),
    ).aggregate(units=Sum("change"))
    return found["units"] or 0


def _documents(demand: Demand, ids: Sequence[int]) -> dict[int, int]:
    """How many files prove what was sent to each Investor or came from it."""
    found: dict[int, int] = defaultdict(int)
    rows = (
        Evidence.objects.filter(
            Q(notice=demand.notice_id) | Q(notice__answers=demand.notice_id),
            Q(delivery__recipient__in=ids)
            | Q(notice__sender__in=ids)
            | Q(notice__requests__investor__in=ids),
        )
        .order_by()
        .values_list("delivery__recipient_id", "notice__sender_id", "notice__requests__investor_id")
        .annotate(n=Count("pk", distinct=True))
    )
    for recipient, sender, asker, n in rows:
        about = recipient or asker or sender
        if about is not None:
            found[about] += n
    return found


def documents_by_kind(demand: Demand) -> dict[str, int]:
    """How many files each part of the thread rests on."""
    rows = (
        Evidence.objects.filter(Q(notice=demand.notice_id) | Q(notice__answers=demand.notice_id))
        .order_by()
        .values_list("notice__kind")
        .annotate(n=Count("pk"))
    )
    by_kind = dict(rows)
    return {
        "demand": by_kind.get(Notice.Kind.DEMAND, 0),
        "company": by_kind.get(Notice.Kind.COMPANY, 0),
        "answers": by_kind.get(Notice.Kind.REQUEST, 0) + by_kind.get(Notice.Kind.DECLINE, 0),
    }
