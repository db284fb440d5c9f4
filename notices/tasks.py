"""What the worker runs for correspondence.  The task reads the clock; the work is elsewhere."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from . import outbox, webhooks
from .heartbeat import beat


@shared_task  # type: ignore[untyped-decorator]  # Celery ships no types
def relay() -> None:
    """Every quarter of a minute: send what waits in the outbox.  Two at once do no harm."""
    relay_round(timezone.now)


def relay_round(clock: outbox.Clock) -> None:
    """Send what waits, and leave a sign of life."""
    done = outbox.relay(clock)
    now, left = clock(), outbox.contents()
    beat(
        "relay",
        now=now,
        sent=done.sent,
        waiting=left.waiting,
        oldest_seconds=int((now - left.oldest_at).total_seconds()) if left.oldest_at else 0,
        failed=left.failed,
    )


@shared_task  # type: ignore[untyped-decorator]  # Celery ships no types
def tell() -> None:
    """Every quarter of a minute: post what programs are still to be told.  Two at once do no
    harm."""
    webhooks.relay(timezone.now)
