"""What the worker runs for the docket.  The tasks read the clock; the work is elsewhere.

Each may be missed, doubled or late: what there is to do is read from the database.
"""

from __future__ import annotations

import logging
from datetime import datetime

from celery import shared_task
from django.conf import settings
from django.db.models import Min, Q
from django.utils import timezone

from investors import seals
from investors.acts import act
from investors.models import Job
from notices import outbox
from notices.heartbeat import beat, trail_due, trail_verified

from . import binder, bundles, edgar, projection
from .models import DocketEntry, DocketState
from .services import answers, edgar_following, imports, jobs
from .sweep import sweep as sweep_dockets
from .sweep import sweep_all
from .webhooks import gather_all

logger = logging.getLogger(__name__)

AT_ONCE = 10  # companies EDGAR is asked about in one round, which has minutes


@shared_task  # type: ignore[untyped-decorator]  # Celery ships no types
def sweep() -> None:
    """Every minute.  A missed run costs a minute, never a deadline."""
    sweep_round(timezone.now())


@shared_task  # type: ignore[untyped-decorator]  # Celery ships no types
def verify_dockets() -> None:
    """Every hour: mend any docket that is not what its facts give, then sweep them all."""
    now = timezone.now()
    projection.verify(now=now)
    sweep_all(now)


@shared_task  # type: ignore[untyped-decorator]  # Celery ships no types
def forget_answers() -> None:
    """Every hour: forget the API's kept answers whose term is over."""
    answers.forget(before=timezone.now() - settings.ANSWERS_KEPT_FOR)


@shared_task  # type: ignore[untyped-decorator]  # Celery ships no types
def do_long_work() -> None:
    """Every few seconds: take up the long work people asked for, unless somebody is at it."""
    jobs.work(timezone.now, DOES)


@shared_task  # type: ignore[untyped-decorator]  # Celery ships no types
def seal_trail() -> None:
    """Every minute: seal what was recorded since."""
    seals.seal(timezone.now())


@shared_task  # type: ignore[untyped-decorator]  # Celery ships no types
def watch_trail() -> None:
    """Every few minutes: keep the trail’s heads outside once a day, look through it once a day."""
    now = timezone.now()
    keep_heads(now)
    if trail_due(now):
        verify_trail(now)


def keep_heads(now: datetime) -> None:
    """Keep the heads of the day in a file, and mail them to whoever is to have them."""
    lines = seals.anchor(settings.ANCHOR_DIR, now)
    for recipient in settings.ANCHOR_TO if lines else ():
        outbox.put_in(
            recipient, f"Heads of the audit trail, {now:%Y-%m-%d}", "\n".join(lines), now=now
        )


def verify_trail(now: datetime) -> seals.Verified:
    """Look through the trail against the heads kept in the file, and leave word of it."""
    file = settings.ANCHOR_DIR / "anchors.txt"
    seals.seal(now)
    found = seals.verify(file.read_text().splitlines() if file.exists() else ())
    for each in found.broken:
        logger.error("audit trail broken: %s link %s %s %s", *each)
    trail_verified(now, found.acts, [" ".join(map(str, each)) for each in found.broken[:20]])
    return found


# What is done for each kind of long work.
DOES: dict[str, jobs.Does] = {
    Job.Kind.READ_IMPORT: imports.read,
    Job.Kind.WRITE_IMPORT: imports.write,
    Job.Kind.LETTERS: bundles.make,
    Job.Kind.BINDER: binder.make,
}


@shared_task  # type: ignore[untyped-decorator]  # Celery ships no types
def follow_edgar() -> None:
    """Every minute: ask EDGAR about the companies whose turn it is, or that somebody wants
    asked about; each of them a few times a day at most."""
    edgar_round(timezone.now())


def edgar_round(now: datetime) -> int:
    """Ask EDGAR about the companies due; how many proposals that added.  Nothing is asked
    where no source is set up."""
    companies = list(edgar_following.due(now))
    if not companies:
        return 0
    try:
        source = edgar.source()
    except edgar.Unreachable as wrong:
        logger.error("EDGAR is not asked: %s", wrong.why)
        for company in companies:
            edgar_following.could_not(company, wrong.why, now)
        return 0
    if source is None:
        return 0
    told = [edgar_following.follow(company, source, now) for company in companies[:AT_ONCE]]
    return sum(each.found for each in told if each is not None)


@shared_task  # type: ignore[untyped-decorator]  # Celery ships no types
def gather_webhooks() -> None:
    """Every quarter of a minute: find what programs that listen were not told yet."""
    gather_all(timezone.now())


def sweep_round(now: datetime) -> None:
    """Try the matters set aside again, sweep the rest, and leave a sign of life."""
    retry_set_aside(now)
    done = sweep_dockets(now)
    due = DocketEntry.objects.filter(attend_on__lte=now.date()).aggregate(since=Min("attend_on"))
    beat(
        "sweep",
        now=now,
        attended=done.attended,
        oldest_due_on=due["since"].isoformat() if due["since"] else None,
        set_aside=DocketState.objects.filter(~Q(error="")).count(),
    )


def retry_set_aside(now: datetime) -> None:
    """Work out again the matters whose rules raised an hour or more ago, each by itself:
    one that goes on failing holds up none of the others."""
    due = DocketState.objects.filter(~Q(error=""), retry_at__lte=now)
    for state in due.select_related("demand__agreement").order_by("retry_at")[:200]:
        demand = state.demand
        try:
            with act(
                demand.agreement,
                "docket.rebuilt",
                by="Rightsbook",
                says=f"Worked out the docket of {demand} again",
            ):
                projection.rebuild(demand.pk, now=now)
        except Exception:
            logger.exception("the docket of %s could not be rebuilt", demand.public_id)
            DocketState.objects.filter(pk=demand.pk).update(retry_at=now + projection.RETRY_AFTER)
