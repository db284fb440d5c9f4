"""The outbox against a bare loop that sends the same mails to the same server and keeps
nothing: what it costs that no mail is lost, and what two relays at once bring."""

from __future__ import annotations

import smtplib
from collections.abc import Iterator
from datetime import UTC, datetime
from email.message import EmailMessage
from threading import Thread

from aiosmtpd.controller import Controller
from django.conf import settings
from django.db import connection
from django.utils import timezone

from bench.measure import Result, Side, compare
from bench.sweep import as_owner
from notices import outbox
from notices.models import Mail

N = 500
NOW = datetime(2003, 6, 2, 16, tzinfo=UTC)


class Sink:
    async def handle_DATA(self, server: object, session: object, envelope: object) -> str:
        return "250 kept"


def results() -> Iterator[Result]:
    as_owner()
    sink = Controller(Sink(), hostname="127.0.0.1", port=0)
    sink.start()
    try:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST = "127.0.0.1"
        settings.EMAIL_PORT = sink.server.sockets[0].getsockname()[1]
        for relays in (1, 2):
            yield compare(
                f"mails through the outbox, {relays} relay{'s' * (relays > 1)}",
                Side("lease, send, mark", lambda n=relays: relayed(n), waiting),
                Side("send in a loop", looped),
                n=N,
                pairs=3,
                target=2.5,
            )
    finally:
        sink.stop()


def waiting() -> None:
    """So many mails in the outbox, and no others."""
    Mail.objects.all().delete()
    Mail.objects.bulk_create(
        Mail(
            message_id=f"<{n}@bench>", recipient=f"person-{n}@example.com", subject="A day",
            body="It comes.", created_at=NOW, next_try_at=NOW,
        )
        for n in range(N)
    )  # fmt: skip


def relayed(relays: int) -> None:
    def one() -> None:
        outbox.relay(timezone.now)
        connection.close()

    threads = [Thread(target=one) for _ in range(relays)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    left = Mail.objects.filter(sent_at=None).count()
    assert not left, f"{left} mails were not sent"


def looped() -> None:
    with smtplib.SMTP(settings.EMAIL_HOST, settings.EMAIL_PORT) as server:
        for n in range(N):
            mail = EmailMessage()
            mail["To"], mail["From"] = f"person-{n}@example.com", "bench@example.com"
            mail["Subject"] = "A day"
            mail.set_content("It comes.")
            server.send_message(mail)
