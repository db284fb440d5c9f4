"""Long work: asked for, taken up by a worker, watched, cancelled.

What a job is to do and what came of it is in the database.  How far it has got is in the
cache: losing that loses nothing.  One job is done at a time, by whoever holds the lock, so
that reminders and flags never wait for one; the lock goes with its holder's connection, so
that the job of a worker that died is taken up again at the next look.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.core.cache import cache
from django.core.files.base import File
from django.db import connection, transaction

from investors.acts import Conflict, Refused
from investors.models import Agreement, Job
from notices import outbox

from .recording import When

logger = logging.getLogger(__name__)

ROUND_SECONDS = 100  # then the next round goes on, well before a task is cut off
TOLD_AFTER = timedelta(seconds=30)  # who waited longer is told by mail
MOST_AT_ONCE = 5  # waiting, of one person
CUT_OFF = "It was cut off each time it was tried. Nothing was changed. Ask for it again."
WENT_WRONG = "It went wrong on our side, and nothing was changed. Ask for it again."
_LOCK = 0x7262_6A6F  # "rbjo"; one number that stands for doing long work
Clock = Callable[[], datetime]


class Cancelled(Exception):
    """Whoever asked for the job wants it no more."""


class Far(NamedTuple):
    """How far a job has got: ``done`` of ``total`` of what ``says`` names; ``total`` is
    nought where nobody knows."""

    done: int = 0
    total: int = 0
    says: str = ""


class Progress:
    """What a job tells of itself while it works."""

    def __init__(self, job: Job) -> None:
        self.job = job
        self._last = 0.0

    def __call__(self, done: int, total: int, says: str) -> None:
        """Note how far it has got; raises ``Cancelled`` once it is to stop.  Asks nothing of
        the database, whose connection may be taken up by the work."""
        now = time.monotonic()
        if now - self._last < 0.3 and done < total:
            return
        self._last = now
        cache.set(_key(self.job), Far(done, total, says), timeout=3600)
        if cache.get(_stop(self.job)):
            raise Cancelled

    def begins(self, says: str) -> None:
        """Note what comes next; raises ``Cancelled`` if the job is to stop before it."""
        self(0, 0, says)
        if Job.objects.filter(pk=self.job.pk, cancelled_at__isnull=False).exists():
            raise Cancelled


Does = Callable[[Job, Progress, When], Mapping[str, Any]]


def ask(agreement: Agreement, kind: Job.Kind, about: Mapping[str, Any], *, when: When) -> Job:
    """Ask for long work.  Raises ``Refused`` while the same person waits for too much."""
    waiting = Job.objects.filter(asked_by=when.by, ended_at=None).count()
    if waiting >= MOST_AT_ONCE:
        raise Refused(
            "", f"{waiting} long jobs of yours are not done yet. Wait for one, or cancel it."
        )
    return Job.objects.create(
        agreement=agreement, kind=kind, about=dict(about), asked_at=when.now, asked_by=when.by
    )


def cancel(job: Job, *, when: When) -> None:
    """Want a job no more.  One not begun ends at once, another at its next step."""
    with transaction.atomic():
        mine = Job.objects.select_for_update().get(pk=job.pk)
        if mine.ended_at is not None:
            raise Conflict("", "It has ended already.")
        mine.cancelled_at = when.now
        if mine.begun_at is None:
            mine.ended_at = when.now
        mine.save(update_fields=["cancelled_at", "ended_at"])
    cache.set(_stop(job), True, timeout=3600)


def far(job: Job) -> Far:
    """How far a job has got."""
    kept = cache.get(_key(job)) if job.ended_at is None else None
    return Far(*kept) if kept else Far()


def keep_file(job: Job, name: str, content: File[bytes]) -> None:
    """Keep what a job made, to be downloaded."""
    job.file_name = name
    job.file.save(name, content, save=False)


def work(clock: Clock, does: Mapping[str, Does]) -> int:
    """Do what waits, the first asked for first; how many jobs ended.  Nothing, while another
    worker is at it."""
    ended = 0
    stop_at = time.monotonic() + ROUND_SECONDS
    with _alone() as alone:
        while alone and time.monotonic() < stop_at:
            job = Job.objects.filter(ended_at=None).order_by("asked_at", "pk").first()
            if job is None:
                break
            _do(job, clock, does)
            ended += 1
    return ended


def _do(job: Job, clock: Clock, does: Mapping[str, Does]) -> None:
    job.tries += 1
    job.begun_at = job.begun_at or clock()
    Job.objects.filter(pk=job.pk).update(tries=job.tries, begun_at=job.begun_at)
    if job.tries > Job.MOST_TRIES:
        _end(job, clock(), failed=CUT_OFF)
        return
    try:
        made = does[job.kind](job, Progress(job), When(clock(), job.asked_by))
    except Cancelled:
        _end(job, clock())
    except Refused as why:
        _end(job, clock(), failed=why.message)
    except Exception:
        logger.exception("job %s failed", job.public_id)
        _end(job, clock(), failed=WENT_WRONG)
    else:
        job.made = dict(made)
        job.cancelled_at = None  # it came too late
        _end(job, clock())


def _end(job: Job, now: datetime, *, failed: str = "") -> None:
    job.failed, job.ended_at = failed, max(now, job.asked_at)
    with transaction.atomic():
        fields = ["made", "failed", "ended_at", "file", "file_name"]
        if job.made:
            fields.append("cancelled_at")
        job.save(update_fields=fields)
        if now - job.asked_at > TOLD_AFTER:
            _tell(job, now)
    cache.delete(_key(job))


def _tell(job: Job, now: datetime) -> None:
    cancelled = Job.objects.values_list("cancelled_at", flat=True).get(pk=job.pk)
    if cancelled is not None:
        return
    what = job.get_kind_display()
    how = "could not be done" if job.failed else "is done"
    outbox.put_in(
        job.asked_by.email,
        f"{what}: {how}",
        f"{what}, for {job.agreement}: {how}.\n\n{job.failed or job.made.get('says', '')}",
        now=now,
    )


@contextmanager
def _alone() -> Iterator[bool]:
    with connection.cursor() as cursor:
        cursor.execute("select pg_try_advisory_lock(%s)", [_LOCK])
        (mine,) = cursor.fetchone()
    try:
        yield bool(mine)
    finally:
        if mine:
            with connection.cursor() as cursor:
                cursor.execute("select pg_advisory_unlock(%s)", [_LOCK])


def _key(job: Job) -> str:
    return f"job:{job.public_id}"


def _stop(job: Job) -> str:
    return f"job-stop:{job.public_id}"
