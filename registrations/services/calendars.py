"""A person's private calendar: its address made and ended, and each date told as new,
changed or gone."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from django.db import transaction

from investors import accounts
from investors.models import AccountRecord, CalendarEvent, CalendarFeed, User

# How long a calendar that was switched off for a while still hears that a date is gone.
CANCELLED_TOLD = timedelta(days=90)


class Dated(NamedTuple):
    """One date for a calendar.  ``uid`` is the same for as long as the date is about the same
    thing; ``tentative`` where the day hangs on a paper that is not on record."""

    uid: UUID
    on: date
    summary: str
    description: str
    url: str
    tentative: bool


@transaction.atomic
def make_feed(user: User, *, now: datetime) -> tuple[CalendarFeed, str]:
    """Make the address of a person's calendar: its row, and the secret part of the address,
    which is kept nowhere and cannot be had again.  One there was ends."""
    _end(user, now)
    secret = secrets.token_urlsafe(32)
    feed = CalendarFeed.objects.create(user=user, digest=_digest(secret), made_at=now)
    accounts.record(user, AccountRecord.What.CALENDAR_MADE, at=now)
    return feed, secret


@transaction.atomic
def end_feed(user: User, *, now: datetime) -> bool:
    """End the address of a person's calendar at once; whether there was one."""
    if not _end(user, now):
        return False
    accounts.record(user, AccountRecord.What.CALENDAR_ENDED, at=now)
    return True


def _end(user: User, now: datetime) -> bool:
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    mine = CalendarFeed.objects.filter(user=user, ended_at=None)
    CalendarEvent.objects.filter(feed__in=mine).delete()
    return bool(mine.update(ended_at=now))


def feed_at(secret: str) -> CalendarFeed | None:
    """The calendar whose address ends in this, if it opens one."""
    return (
        CalendarFeed.objects.filter(digest=_digest(secret), ended_at=None, user__is_active=True)
        .select_related("user")
        .first()
    )


@transaction.atomic
def told(feed: CalendarFeed, wanted: Iterable[Dated], *, now: datetime) -> list[CalendarEvent]:
    """What a calendar is to be told, by day: every date wanted, with a sequence one higher
    where it changed, and for a while each that is gone."""
    CalendarFeed.objects.select_for_update(no_key=True).get(pk=feed.pk)
    known = {event.uid: event for event in feed.events.all()}
    gone = dict(known)
    for dated in wanted:
        event = gone.pop(dated.uid, None)
        if event is None:
            known[dated.uid] = CalendarEvent.objects.create(
                feed=feed, changed_at=now, **dated._asdict()
            )
        elif event.cancelled_at is not None or dated != _as_told(event):
            for name, value in dated._asdict().items():
                setattr(event, name, value)
            _change(event, None, now)
    for uid, event in gone.items():
        if event.cancelled_at is None:
            _change(event, now, now)
        elif event.cancelled_at < now - CANCELLED_TOLD:
            event.delete()
            del known[uid]
    return sorted(known.values(), key=lambda event: (event.on, event.summary, event.uid))


def _as_told(event: CalendarEvent) -> Dated:
    return Dated(*(getattr(event, name) for name in Dated._fields))


def _change(event: CalendarEvent, cancelled_at: datetime | None, now: datetime) -> None:
    event.sequence += 1
    event.changed_at, event.cancelled_at = now, cancelled_at
    event.save()


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
