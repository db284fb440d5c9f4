"""Stories about the relay: what goes out, to whom, in what words, and what happens when
the mail server will not have it."""

from __future__ import annotations

import smtplib
from datetime import date, timedelta
from itertools import pairwise

import pytest
from django.core import mail as sent
from django.core.mail.backends import locmem
from django.db import connection
from django.test import override_settings
from django.test.utils import CaptureQueriesContext

from notices import outbox
from notices.models import Heartbeat, Mail, Reminder
from notices.tasks import relay_round
from registrations import sweep

from .matters import make_company, make_matter, noon, put, put_open

CLOSES = date(2003, 10, 2)
DAY = timedelta(days=1)
NOW = noon(CLOSES - DAY)

pytestmark = pytest.mark.django_db


def relay(now=NOW):
    return outbox.relay(lambda: now)


class Refusing(locmem.EmailBackend):
    """A mail server that answers as it is told to."""

    answer: Exception | None = None

    def send_messages(self, messages):
        if Refusing.answer is not None:
            raise Refusing.answer
        return super().send_messages(messages)


@pytest.fixture
def server():
    with override_settings(EMAIL_BACKEND=f"{__name__}.Refusing"):
        yield Refusing
    Refusing.answer = None


def test_a_reminder_goes_out_once_with_its_reasons(matter):
    put_open(matter, CLOSES)
    sweep.sweep(NOW)

    first, second = relay(), relay()

    assert (first.gathered, first.sent, second.sent) == (1, 1, 0)
    (mail,) = sent.outbox
    assert mail.subject == "File the Registration Statement by Thu, Oct 2, 2003: DR-1"
    assert mail.to == ["karen@bestnet.example"]
    assert "45 days after the Demand Notice came (§1(a))" in mail.body
    assert "http://localhost/a/bestnet/registrations/DR-1/" in mail.body
    assert "not notice under the agreement" in mail.body
    assert mail.extra_headers["Message-ID"] == Mail.objects.get().message_id


def test_what_one_person_is_owed_goes_in_one_mail(matter):
    put_open(matter, CLOSES)
    put_open(matter, CLOSES + DAY, "company_notice")
    put_open(matter, CLOSES, "join:1", party="investor")
    sweep.sweep(NOW)

    relay()

    assert sorted(m.to[0] for m in sent.outbox) == [
        "ada@bestnet.example", "karen@bestnet.example",
    ]  # fmt: skip
    to_karen = next(m for m in sent.outbox if m.to == ["karen@bestnet.example"])
    assert to_karen.subject.endswith("Thu, Oct 2, 2003: DR-1, and 1 more date")


def test_gathering_locks_what_it_gathers_and_no_agreement(matter):
    """Another relay would pass over what a locked agreement's reminders are, and whoever
    records something on it would wait."""
    put_open(matter, CLOSES)
    sweep.sweep(NOW)

    with CaptureQueriesContext(connection) as seen:
        outbox.gather(NOW)

    locks = [q["sql"] for q in seen if "FOR NO KEY UPDATE" in q["sql"]]
    assert len(locks) == 1
    assert 'FOR NO KEY UPDATE OF "notices_reminder" SKIP LOCKED' in locks[0]


def test_an_investor_reads_of_its_own_day_and_nobody_elses(matter):
    put_open(matter, CLOSES, detail={"act": "File", "because": [{"text": "Cedar asked"}]})
    put_open(matter, CLOSES, "join:1", party="investor", detail={
        "act": "Ask to join", "because": [{"text": "20 days after it was given", "clause": "1(a)"}],
    })  # fmt: skip
    sweep.sweep(NOW)

    relay()

    to_ada = next(m for m in sent.outbox if m.to == ["ada@bestnet.example"])
    assert to_ada.subject == "Ask to join by Thu, Oct 2, 2003: Demand Registration"
    assert "DR-1" not in to_ada.body
    assert "write to the Company" in to_ada.body
    assert "Cedar" not in to_ada.body
    assert "/a/bestnet/" not in to_ada.body


def test_a_name_with_markup_in_it_arrives_as_written(matter):
    put_open(matter, CLOSES, detail={"act": "File", "because": [{"text": "A & B <LLC>'s copy"}]})
    sweep.sweep(NOW)

    relay()

    assert "A & B <LLC>'s copy" in sent.outbox[0].body


def test_the_practical_day_is_named_beside_the_last_one(matter):
    saturday = date(2003, 10, 4)
    put_open(matter, saturday, aim_on=saturday - DAY)
    sweep.sweep(noon(saturday - 2 * DAY))

    relay(noon(saturday - 2 * DAY))

    assert sent.outbox[0].subject.endswith("by Fri, Oct 3, 2003: DR-1")
    assert "Last day: Sat, Oct 4, 2003" in sent.outbox[0].body
    assert "Last practical day: Fri, Oct 3, 2003" in sent.outbox[0].body


def test_what_was_done_before_the_mail_went_is_left_out(matter):
    put_open(matter, CLOSES)
    put_open(matter, CLOSES, "company_notice")
    sweep.sweep(NOW)
    outbox.gather(NOW)
    put(matter, "file", closes_on=CLOSES, done_on=CLOSES - DAY)
    sweep.sweep(NOW)

    assert relay().sent == 1
    assert sent.outbox[0].body.count("Last day") == 1


def test_a_mail_with_nothing_left_to_say_does_not_go(matter):
    put_open(matter, CLOSES)
    sweep.sweep(NOW)
    outbox.gather(NOW)
    put(matter, closes_on=CLOSES, done_on=CLOSES - DAY)
    sweep.sweep(NOW)

    relay()

    assert sent.outbox == []
    assert Mail.objects.get().dropped_at == NOW


def test_a_temporary_refusal_is_tried_again_for_72_hours_then_given_up(matter, server):
    put_open(matter, CLOSES)
    sweep.sweep(NOW)
    server.answer = smtplib.SMTPDataError(451, b"try later")
    now, tries = NOW, []
    while not Mail.objects.filter(failed_at__isnull=False).exists():
        relay(now)
        tries.append(now)
        now = Mail.objects.get().next_try_at

    waits = [b - a for a, b in pairwise(tries)]
    assert waits[:3] == [timedelta(minutes=n) for n in (1, 2, 4)]
    assert max(waits) == timedelta(hours=6)
    assert timedelta(hours=66) <= tries[-1] - tries[0] <= timedelta(hours=72)
    assert Mail.objects.get().last_error == "The mail server answered 451 try later"
    assert outbox.contents().failed == 1


def test_a_refused_address_is_given_up_at_once_and_can_be_taken_up_again(matter, server):
    put_open(matter, CLOSES)
    sweep.sweep(NOW)
    server.answer = smtplib.SMTPRecipientsRefused({"karen@bestnet.example": (550, b"no such user")})

    assert relay().failed == 1
    mail = Mail.objects.get()
    assert mail.last_error == "karen@bestnet.example was refused: 550 no such user"

    server.answer = None
    outbox.try_again(mail, NOW + DAY)
    assert relay(NOW + DAY).sent == 1


def test_a_refused_login_is_ours_to_mend_and_no_mail_is_given_up(matter, server):
    for key in ("file", "join:1"):
        put_open(matter, CLOSES, key, party="company" if key == "file" else "investor")
    sweep.sweep(NOW)
    server.answer = smtplib.SMTPAuthenticationError(535, b"who are you")

    done = relay()

    assert (done.put_off, done.failed) == (1, 0)
    assert list(Mail.objects.order_by("pk").values_list("attempts", flat=True)) in ([0, 1], [1, 0])


def test_a_mail_that_cannot_be_put_together_holds_up_nobody(matter):
    put_open(matter, CLOSES)
    put_open(matter, CLOSES, "join:1", party="investor")
    sweep.sweep(NOW)
    outbox.gather(NOW)
    Reminder.objects.filter(recipient="ada@bestnet.example").update(detail={"act": "Two\nlines"})

    done = relay()

    assert (done.sent, done.put_off) == (1, 1)


def test_two_relays_never_lease_one_mail(matter):
    put_open(matter, CLOSES)
    sweep.sweep(NOW)
    outbox.gather(NOW)

    mine = outbox.lease(NOW)

    assert mine is not None
    assert outbox.lease(NOW + timedelta(seconds=59)) is None
    again = outbox.lease(NOW + timedelta(seconds=60))
    assert again is not None
    assert (again.pk, again.message_id, again.attempts) == (mine.pk, mine.message_id, 2)


def test_a_long_list_goes_in_several_mails(matter):
    for n in range(outbox.IN_ONE_MAIL + 1):
        put_open(matter, CLOSES, f"window-{n}")
    sweep.sweep(NOW)

    assert relay().sent == 2
    assert Reminder.objects.filter(mail__sent_at=NOW).count() == outbox.IN_ONE_MAIL + 1


def test_ten_days_off_end_in_one_digest(matter):
    put_open(matter, CLOSES)
    put_open(matter, CLOSES + DAY, "company_notice")

    sweep.sweep(noon(CLOSES + 10 * DAY))
    relay(noon(CLOSES + 10 * DAY))

    (mail,) = sent.outbox
    assert mail.subject.startswith("Past its last day, Thu, Oct 2, 2003: File")


def test_a_round_leaves_a_sign_of_life_that_says_what_waits(matter, server):
    put_open(matter, CLOSES)
    sweep.sweep(NOW)
    server.answer = ConnectionRefusedError("nobody home")

    relay_round(lambda: NOW + timedelta(minutes=5))

    beat = Heartbeat.objects.get(name="relay")
    assert beat.detail == {"sent": 0, "waiting": 1, "oldest_seconds": 0, "failed": 0}


def test_contacts_of_another_company_never_share_a_mail(db):
    one, other = make_matter(make_company("One")), make_matter(make_company("Other"))
    for demand in (one, other):
        put_open(demand, CLOSES)
    sweep.sweep(NOW)

    relay()

    assert sorted(m.to[0] for m in sent.outbox) == ["karen@one.example", "karen@other.example"]


READINGS = [
    {"says": "20 days from the day it was given", "closes_on": "2003-10-02", "governs": True},
    {"says": "20 days from the day it was received", "closes_on": "2003-10-07"},
]


@pytest.mark.parametrize(
    ("after", "lenient_on", "says"),
    [
        (1, "2003-10-07", "Thu, Oct 2, 2003, has passed; on the second it is Tue, Oct 7, 2003."),
        (1, None, "Thu, Oct 2, 2003, has passed; on the second it is not known yet."),
        (6, "2003-10-07", "The last day, Thu, Oct 2, 2003, has passed."),
    ],
)
def test_a_day_past_on_one_reading_only_is_said_to_be_so(matter, after, lenient_on, says):
    put_open(matter, CLOSES, "join:1", party="investor", detail={
        "act": "Ask to join", "force": "right", "lenient_on": lenient_on, "readings": READINGS,
    })  # fmt: skip
    now = noon(CLOSES + after * DAY)
    sweep.sweep(now)

    relay(now)

    to_ada = next(m for m in sent.outbox if m.to == ["ada@bestnet.example"])
    assert says in to_ada.body
    assert ("on the first reading" in to_ada.subject) == (after == 1)
    assert "was given: last day Thu, Oct 2, 2003 (governs)" in to_ada.body
    assert "was received: last day Tue, Oct 7, 2003\n" in to_ada.body
