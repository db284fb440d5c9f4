"""What every act shares: the checks on days, the redrawing of dockets, and trying an act
out without keeping it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any, NamedTuple, TypeVar

from django.db import transaction
from django.db.models import Q, QuerySet

from investors.acts import Conflict, Refused, act
from investors.models import Agreement, Investor, User
from notices.models import DeliveryRecord, RequestRecord

from .. import projection, sweep
from ..facts import docket_of
from ..models import Demand
from ..rules.days import say
from ..rules.docket import Docket

Made = TypeVar("Made")
Seen = TypeVar("Seen")


class When(NamedTuple):
    """The two clocks, read at the edge: the instant an act is recorded, and who acts."""

    now: datetime
    by: User

    def today(self, agreement: Agreement) -> date:
        """The agreement's own day at that instant."""
        return agreement.day_of(self.now)


@contextmanager
def recording(
    agreement: Agreement,
    verb: str,
    *,
    when: When,
    says: str,
    reason: str = "",
    matter: Demand | None = None,
    begins: bool = False,
    **detail: Any,
) -> Iterator[Agreement]:
    """An act whose facts the dockets follow from.

    When the block ends without error the projection of ``matter``, of the demands after it
    and of every registration the Company makes, or of every matter when none is named, is
    rewritten and its flags reconciled, all in the act's own transaction.  An act that
    ``begins`` a matter changes no other demand, and redraws its own when it has made it.
    """
    with act(agreement, verb, by=when.by, says=says, reason=reason, **detail) as locked:
        yield locked
        matters = Demand.objects.filter(agreement=agreement).order_by("pk")
        if matter is not None or begins:
            # What is asked for in one registration is left out of another the Company makes.
            # A demand that comes later asks whether this one was used up.
            here = Q(kind=Demand.Kind.COMPANY)
            if matter is not None:
                here |= Q(pk=matter.pk) | Q(kind=Demand.Kind.DEMAND, number__gt=matter.number)
            matters = matters.filter(here)
        for each in matters:
            redraw(each, now=when.now)


def redraw(demand: Demand, *, now: datetime) -> None:
    """Rewrite one matter's projection and make its flags agree with it."""
    projection.rebuild(demand.pk, now=now)
    sweep.reconcile(demand.pk, now)


def ended_once(rows: QuerySet[Any], reason: str, **ended: datetime) -> None:
    """Note on rows that have not ended when they do, such as ``ended_at=when.now``.

    Raises ``Refused`` without a reason, ``Conflict`` when somebody else ended them already.
    """
    if not reason.strip():
        raise Refused("reason", "Say why. It stays on the record.")
    if not rows.filter(**dict.fromkeys(ended)).update(**ended):
        raise Conflict("reason", MEANWHILE)


def not_in_future(field: str, day: date | None, today: date) -> None:
    """Refuse a day that has not come: a fact is something that happened."""
    if day is not None and day > today:
        raise Refused(
            field, f"{say(day)} has not come yet. Today is {say(today)}. Enter what happened."
        )


def on_register(field: str, agreement: Agreement, *investors: Investor | None) -> None:
    """Refuse an Investor of another agreement; the Company is ``None``."""
    if any(i is not None and i.agreement_id != agreement.pk for i in investors):
        raise Refused(field, "This Investor is not on the agreement’s register.")


def fits(field: str, text: str, most: int) -> None:
    """Refuse a text longer than its place."""
    if len(text) > most:
        raise Refused(field, f"Enter up to {most:,} characters; this has {len(text):,}.")


MOST = 10**15  # securities in one entry: more than there are, and safely within a bigint


def whole(field: str, number: int | None, *, least: int = 0) -> None:
    """Refuse a number of securities below ``least``, or beyond any that can exist."""
    if number is None:
        return
    if number < least:
        raise Refused(field, f"Enter a whole number, {least} or more.")
    if number > MOST:
        raise Refused(field, f"Enter {MOST:,} at most.")


MEANWHILE = "Somebody recorded something here meanwhile. Look at it, then try again."


def not_replaced(entry: DeliveryRecord | RequestRecord) -> None:
    """Raise ``Conflict`` when the entry no longer stands."""
    if type(entry).objects.filter(replaces=entry.pk).exists():
        raise Conflict("reason", MEANWHILE)


class Preview(NamedTuple):
    """What an act would make of a matter: its docket before and after, neither saved.

    ``before`` is ``None`` when the act would begin the matter.
    """

    demand: Demand
    before: Docket | None
    after: Docket


class _Undo(Exception):
    pass


def tried(attempt: Callable[[], Made], look: Callable[[Made], Seen]) -> Seen:
    """Do an act for real, look at what follows from it, and undo it.

    ``attempt`` is the very service call that would be saved, so a preview cannot differ
    from what saving does; ``look`` is given what it made.  Raises ``Refused`` as the act
    itself would.
    """
    seen: list[Seen] = []
    try:
        with transaction.atomic():
            seen.append(look(attempt()))
            raise _Undo
    except _Undo:
        return seen[0]


def preview(attempt: Callable[[], Any], *, demand: Demand | None = None) -> Preview:
    """What an act would make of a matter; nothing is saved.  ``demand`` is the matter it
    changes, or ``attempt`` returns the one it begins."""
    before = docket_of(demand) if demand is not None else None

    def look(made: Any) -> Preview:
        matter = demand if demand is not None else made
        return Preview(matter, before, docket_of(matter))

    return tried(attempt, look)


def preview_all(attempt: Callable[[], Any], *, agreement: Agreement) -> list[Preview]:
    """What an act on an agreement's terms or readings would make of its matters: those it
    would change, the first begun first; nothing is saved."""
    found = Demand.objects.filter(agreement=agreement).select_related("agreement__company")
    before = [(demand, docket_of(demand)) for demand in found.order_by("pk")]
    after = tried(attempt, lambda _: [Preview(d, was, docket_of(d)) for d, was in before])
    return [each for each in after if each.before != each.after]
