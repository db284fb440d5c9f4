"""What the fault tests run in processes of their own, to be killed at a numbered step.

Each takes where the test database is, where the mail goes, and where to die.  Besides the
real jobs there are the controls: the same work with its defence taken out, which must be
seen to fail or the test proves nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from itertools import count
from typing import Any, NamedTuple

import django
from django.apps import apps

if not apps.ready:
    django.setup()

from django.conf import settings
from django.core.mail import get_connection
from django.db import connection, connections, transaction
from django.utils import timezone

from investors.models import Agreement
from notices import outbox, outward, steps, webhooks
from registrations import sweep
from registrations.services import imports, jobs
from registrations.tasks import DOES


class At(NamedTuple):
    """Where a job runs and where it dies; ``nth`` is which time the step is reached."""

    database: str
    smtp_port: int = 0
    die_at: str = ""
    nth: int = 1
    batch: int = sweep.BATCH
    lease_seconds: float = 60
    timeout: float = 10


def _ready(at: At) -> None:
    connections["default"].settings_dict["NAME"] = at.database
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", at.smtp_port
    settings.EMAIL_TIMEOUT = at.timeout
    sweep.BATCH = at.batch
    outbox.LEASE = webhooks.LEASE = timedelta(seconds=at.lease_seconds)
    settings.WEBHOOKS_TO_THIS_MACHINE = True
    steps._name, steps._die_at_call, steps._calls = at.die_at, at.nth, count(1)


def run_sweep(at: At, now: datetime, start: Any = None) -> None:
    """The sweep, when ``start`` (a barrier) lets it."""
    _ready(at)
    if start is not None:
        connection.ensure_connection()
        start.wait()
    sweep.sweep(now)


def run_relay(at: At) -> None:
    """One round of the relay, by the real clock."""
    _ready(at)
    outbox.relay(timezone.now)


def run_mark_then_send(at: At) -> None:
    """Control: the relay with the last two steps the other way round."""
    _ready(at)
    outbox.gather(timezone.now())
    server = get_connection()
    while (mail := outbox.lease(timezone.now())) is not None:
        outbox.mark_sent(mail, timezone.now(), sent=True)
        steps.step("relay.sent")
        outbox.send(mail, server, timezone.now())


def run_tell(at: At) -> None:
    """One round of what tells programs, by the real clock."""
    _ready(at)
    webhooks.relay(timezone.now)


def run_mark_then_post(at: At) -> None:
    """Control: the same with the last two steps the other way round."""
    _ready(at)
    while (delivery := webhooks.lease(timezone.now())) is not None:
        webhooks.mark(delivery, webhooks.Tried(200, "", "", 0), timezone.now())
        steps.step("webhook.posted")
        webhooks.post(delivery, timezone.now(), outward.Guarded())


def run_move_then_flag(at: At, now: datetime) -> None:
    """Control: a sweep that moves its entries on and raises their flags in two transactions."""
    _ready(at)
    zone, today = sweep._todays(now)[0]
    while True:
        with transaction.atomic():
            about = {"zone": zone, "today": today, "batch": sweep.BATCH}
            ids = sweep._ids(sweep._LOCK_DUE, about)
            with connection.cursor() as cursor:
                cursor.execute(
                    "UPDATE registrations_docketentry SET attend_on = NULL WHERE id = ANY(%s)",
                    [ids],
                )
        if not ids:
            return
        steps.step("sweep.settled")
        with transaction.atomic():
            sweep._settle(ids, today=today, now=now)


def run_unguarded_sweep(at: At, now: datetime, start: Any) -> None:
    """Control: the sweep without its lock and without the unique keys (which the test drops)."""
    sweep._LOCK_DUE = sweep._LOCK_DUE.replace("FOR NO KEY UPDATE SKIP LOCKED", "")
    sweep._SETTLE = unguarded(sweep._SETTLE)
    run_sweep(at, now, start)


def run_long_work(at: At, now: datetime) -> None:
    """One round of the long work people asked for."""
    _ready(at)
    jobs.work(lambda: now, DOES)


def run_written_in_part(at: At, now: datetime) -> None:
    """Control: an import whose act is no transaction."""
    imports.recording = _in_pieces
    run_long_work(at, now)


@contextmanager
def _in_pieces(agreement: Agreement, *_: Any, **__: Any) -> Iterator[Agreement]:
    yield agreement


def unguarded(settle: str) -> str:
    """The sweep's statement without its two ON CONFLICT clauses."""
    for clause in ("    ON CONFLICT (demand_id", "    ON CONFLICT (key)"):
        start = settle.index(clause)
        settle = settle[:start] + settle[settle.index("    RETURNING 1", start) :]
    return settle


Job = Callable[..., None]
