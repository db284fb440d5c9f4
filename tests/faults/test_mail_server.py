"""R15: a mail server that refuses, hangs, puts off, turns one address away, or dies."""

from __future__ import annotations

import socket
import time
from contextlib import closing
from threading import Thread

import pytest
from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db import connection
from django.test import override_settings
from django.utils import timezone

from notices import outbox
from notices.models import Mail

from .conftest import free_port
from .test_killed_jobs import reminders

PATIENCE = 1  # seconds; ten in production


@pytest.fixture
def mail_to():
    """Send mail to a port, for as long as the test runs."""
    with override_settings(
        EMAIL_BACKEND="django.core.mail.backends.smtp.EmailBackend",
        EMAIL_HOST="127.0.0.1",
        EMAIL_PORT=0,
        EMAIL_TIMEOUT=PATIENCE,
    ):

        def to(port: int) -> None:
            settings.EMAIL_PORT = port

        yield to


class Scripted:
    """A server that follows a script on a bare socket: lines it says, after lines it hears.

    An empty script says nothing at all; after its last line it hangs up.
    """

    def __init__(self, *lines: bytes) -> None:
        self.lines, self.visits = lines, 0
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                visitor, _ = self.socket.accept()
            except OSError:
                return
            self.visits += 1
            with visitor, visitor.makefile("rb") as heard:
                if not self.lines:
                    time.sleep(3 * PATIENCE)
                for number, line in enumerate(self.lines):
                    if number:
                        heard.readline()
                    visitor.sendall(line + b"\r\n")

    def close(self) -> None:
        self.socket.close()


def waiting() -> set[str]:
    mails = Mail.objects.filter(sent_at=None, failed_at=None, dropped_at=None)
    return set(mails.values_list("recipient", flat=True))


def test_nobody_listens(mail_to):
    mail_to(free_port())
    reminders(5)

    done = outbox.relay(timezone.now)

    assert (done.sent, done.put_off, done.failed) == (0, 1, 0)
    assert len(waiting()) == 5
    assert Mail.objects.filter(attempts=0).count() == 4


def test_a_server_that_hangs_costs_one_wait_and_holds_no_transaction(mail_to):
    with closing(Scripted()) as server:
        mail_to(server.port)
        reminders(5)
        start = time.monotonic()
        round_ = Thread(target=relay_in_a_thread)
        round_.start()
        time.sleep(PATIENCE / 2)
        # meanwhile pages and acts go on: nothing the relay holds is in anyone's way
        Mail.objects.filter(pk=Mail.objects.latest("pk").pk).update(last_error="read by counsel")
        assert time.monotonic() - start < PATIENCE
        round_.join()

    assert time.monotonic() - start < 3 * PATIENCE
    assert (server.visits, len(waiting())) == (1, 5)


def relay_in_a_thread() -> None:
    outbox.relay(timezone.now)
    connection.close()


def test_a_server_that_dies_in_the_middle_of_a_message(mail_to, sink):
    polite = (b"220 hello", b"250 sink", b"250 sender", b"250 recipient", b"354 go on")
    reminders(3)
    with closing(Scripted(*polite)) as server:
        mail_to(server.port)
        assert outbox.relay(timezone.now).put_off == 1
    later = timezone.now() + outbox.FIRST_WAIT
    mail_to(sink.port)

    assert outbox.relay(lambda: later).sent == 3

    assert set(sink.copies.values()) == {1}


def test_later_is_later(mail_to, sink):
    reminders(3)
    mail_to(sink.port)
    sink.rcpt = lambda address: "451 greylisted, try later"
    now = timezone.now()

    assert outbox.relay(lambda: now).put_off == 3
    assert outbox.relay(lambda: now).sent == 0

    sink.rcpt = lambda address: None
    later = now + outbox.FIRST_WAIT
    assert outbox.relay(lambda: later).sent == 3
    assert outbox.contents().failed == 0


def test_one_bad_address_of_five(mail_to, sink):
    reminders(5)
    mail_to(sink.port)
    sink.rcpt = lambda address: "550 nobody here" if address.startswith("person-2@") else None

    done = outbox.relay(timezone.now)

    assert (done.sent, done.failed) == (4, 1)
    bad = Mail.objects.get(failed_at__isnull=False)
    assert bad.recipient == "person-2@bestnet.example"
    assert bad.last_error == "person-2@bestnet.example was refused: 550 nobody here"
    assert len(sink.got) == 4


def test_control_one_at_a_time_without_care_stops_at_the_bad_address(mail_to, sink):
    """The same five sent in a plain loop: those after the bad one get nothing."""
    reminders(5)
    mail_to(sink.port)
    sink.rcpt = lambda address: "550 nobody here" if address.startswith("person-2@") else None
    outbox.gather(timezone.now())
    server = get_connection()
    server.open()

    def one_after_another() -> None:
        for mail in Mail.objects.order_by("recipient"):
            server.send_messages([EmailMessage("Due", "", None, [mail.recipient])])

    with pytest.raises(OSError, match="nobody here"):
        one_after_another()
    server.close()

    assert len(sink.got) == 2
