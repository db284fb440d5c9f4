"""The outbox: reminders put together into mails, leased, sent, then marked as sent.

Send, then mark: a crash between the two repeats a mail under the same Message-ID, where
the other order would lose one.  Sent at least once, never promised exactly once.  A lease
keeps two relays off one mail and runs out by itself if its holder dies.
"""

from __future__ import annotations

import contextlib
import logging
import smtplib
import time
import uuid
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import connection as database
from django.db import transaction
from django.db.models import Min, Q
from django.db.models.functions import Lower
from django.template.loader import render_to_string

from investors import links, sight
from investors.models import Agreement, MailChoice

from .models import Mail, Reminder
from .steps import step

logger = logging.getLogger(__name__)

LEASE = timedelta(seconds=60)
FIRST_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(hours=6)
GIVE_UP_AFTER = timedelta(hours=72)  # from the first attempt
IN_ONE_MAIL = 200  # reminders; the rest of a long list goes in the next mail
GATHERED_AT_ONCE = 2000
ROUND_SECONDS = 100  # then the next round takes over, well before a task is cut off

WAITING = Q(sent_at=None, dropped_at=None, failed_at=None)

DIGEST_HOUR = 9  # where the days are counted

Clock = Callable[[], datetime]


class Relayed(NamedTuple):
    """What one round did, in mails."""

    gathered: int
    sent: int
    put_off: int
    failed: int


class Outbox(NamedTuple):
    """What is in the outbox: mails waiting and since when, and mails given up on."""

    waiting: int
    oldest_at: datetime | None
    failed: int


def relay(clock: Clock) -> Relayed:
    """One round: gather what is owed, then lease, send and mark mail by mail.

    When the mail server cannot be reached the round ends there: the mail it was tried
    with waits its turn, the others are not touched.
    """
    gathered, sent, put_off, failed = gather(clock()), 0, 0, 0
    stop_at = time.monotonic() + ROUND_SECONDS
    server = get_connection()
    try:
        while time.monotonic() < stop_at and (mail := lease(clock())) is not None:
            step("relay.leased")
            try:
                server.open()
                went = send(mail, server, clock())
                step("relay.sent")
            except Exception as wrong:
                _close(server)
                if not isinstance(wrong, OSError):  # of which SMTPException is one
                    logger.exception("mail %s could not be put together", mail.message_id)
                if mark_unsent(mail, wrong, clock()):
                    failed += 1
                else:
                    put_off += 1
                if _unreachable(wrong):
                    break
                continue
            mark_sent(mail, clock(), sent=went)
            step("relay.marked")
            sent += went
    finally:
        _close(server)
    return Relayed(gathered, sent, put_off, failed)


@transaction.atomic
def gather(now: datetime) -> int:
    """Put what each person is owed into one mail; how many mails that made.

    Who chose a digest gets what came up since the morning before in one, at nine where the
    days are counted; what is due that day or the next does not wait.
    """
    waiting = Reminder.objects.filter(_their_turn(now), mail=None, dropped_at=None)
    rows = (
        waiting.select_for_update(skip_locked=True, no_key=True, of=("self",))
        .order_by("recipient", "aim_on", "pk")
        .values_list("recipient", "pk")[:GATHERED_AT_ONCE]
    )
    lists: dict[tuple[str, int], list[int]] = {}
    seen: dict[str, int] = {}
    for recipient, pk in rows:
        nth = seen[recipient] = seen.get(recipient, -1) + 1
        lists.setdefault((recipient, nth // IN_ONE_MAIL), []).append(pk)
    mails = Mail.objects.bulk_create(
        Mail(
            message_id=_new_id(),
            recipient=recipient,
            created_at=now,
            next_try_at=now,
        )
        for recipient, _ in lists
    )
    with database.cursor() as cursor:
        cursor.execute(
            "UPDATE notices_reminder r SET mail_id = n.mail_id"
            " FROM unnest(%s::bigint[], %s::bigint[]) AS n(id, mail_id) WHERE r.id = n.id",
            [
                [pk for pks in lists.values() for pk in pks],
                [m.pk for m, pks in zip(mails, lists.values(), strict=True) for _ in pks],
            ],
        )
    step("relay.gathered")
    return len(mails)


def _their_turn(now: datetime) -> Q:
    """Which reminders go now: all, but for those a digest keeps until its hour."""
    digests = MailChoice.objects.filter(digest=True).values(email=Lower("user__email"))
    turn = ~Q(recipient__in=digests)
    for zone in Agreement.objects.order_by().values_list("time_zone", flat=True).distinct():
        local = now.astimezone(ZoneInfo(zone))
        morning = local.replace(hour=DIGEST_HOUR, minute=0, second=0, microsecond=0)
        if local < morning:
            morning -= timedelta(days=1)
        here = Q(agreement__time_zone=zone)
        turn |= here & Q(created_at__lt=morning)
        turn |= here & Q(aim_on__lte=local.date() + timedelta(days=1))
    return turn


def lease(now: datetime) -> Mail | None:
    """Take the mail whose turn it is, for a minute; ``None`` when there is none."""
    mails = Mail.objects.raw(
        """
        UPDATE notices_mail
        SET leased_until = %(until)s, attempts = attempts + 1,
            first_tried_at = COALESCE(first_tried_at, %(now)s)
        WHERE id = (
            SELECT id FROM notices_mail
            WHERE sent_at IS NULL AND dropped_at IS NULL AND failed_at IS NULL
              AND next_try_at <= %(now)s AND (leased_until IS NULL OR leased_until <= %(now)s)
            ORDER BY next_try_at LIMIT 1
            FOR NO KEY UPDATE SKIP LOCKED
        )
        RETURNING *
        """,
        {"now": now, "until": now + LEASE},
    )
    return next(iter(mails), None)


def send(mail: Mail, server: BaseEmailBackend, now: datetime) -> bool:
    """Hand a mail to the mail server; ``False`` when nothing in it is owed any more.

    Raises what the mail server or the network raises.
    """
    if mail.subject:
        server.send_messages([_written(mail)])
        return True
    reminders = list(
        mail.reminders.filter(dropped_at=None)
        .select_related("agreement__company")
        .order_by("aim_on", "matter_name", "pk")
    )
    if not reminders:
        return False
    server.send_messages([message(mail, reminders, now)])
    return True


def mark_sent(mail: Mail, now: datetime, *, sent: bool) -> None:
    """Write that a mail went, or that nothing in it needed to."""
    ended = {"sent_at": now} if sent else {"dropped_at": now}
    Mail.objects.filter(WAITING, pk=mail.pk).update(leased_until=None, last_error="", **ended)


def mark_unsent(mail: Mail, wrong: Exception, now: datetime) -> bool:
    """Put a mail off, or give it up; whether it was given up.

    Given up at once when its address or content is refused for good (5xx), else after
    72 hours of trying.  Nothing is written if the lease ran out and another relay has it.
    """
    wait = min(FIRST_WAIT * 2 ** min(mail.attempts - 1, 20), LONGEST_WAIT)
    started = mail.first_tried_at or now
    over = _refused_for_good(wrong) or now + wait > started + GIVE_UP_AFTER
    ours = Mail.objects.filter(WAITING, pk=mail.pk, leased_until=mail.leased_until)
    ours.update(
        leased_until=None,
        next_try_at=now + wait,
        failed_at=now if over else None,
        last_error=_in_words(wrong, mail),
    )
    return over


def try_again(mail: Mail, now: datetime) -> None:
    """Take up a mail that was given up on, as if it were new."""
    Mail.objects.filter(pk=mail.pk, sent_at=None).exclude(failed_at=None).update(
        failed_at=None, next_try_at=now, attempts=0, first_tried_at=None, leased_until=None
    )


def contents() -> Outbox:
    """What waits in the outbox, and what was given up on."""
    with sight.everything():
        return _contents()


def _contents() -> Outbox:
    mails = Mail.objects.filter(WAITING)
    reminders = Reminder.objects.filter(mail=None, dropped_at=None)
    since = [
        at
        for at in (
            mails.aggregate(at=Min("created_at"))["at"],
            reminders.aggregate(at=Min("created_at"))["at"],
        )
        if at
    ]
    return Outbox(
        waiting=mails.count() + reminders.values("recipient").distinct().count(),
        oldest_at=min(since, default=None),
        failed=Mail.objects.filter(failed_at__isnull=False).count(),
    )


def put_in(recipient: str, subject: str, body: str, *, opens: str = "", now: datetime) -> Mail:
    """Put one mail of its own words into the outbox.  Where ``opens`` is given it ends in
    the link that opens that, which is made only when the mail goes."""
    with sight.everything():  # mails are read by the jobs alone
        return Mail.objects.create(
            message_id=_new_id(),
            recipient=recipient,
            subject=subject,
            body=body,
            opens=opens,
            created_at=now,
            next_try_at=now,
        )


def _new_id() -> str:
    return f"<{uuid.uuid4()}@{settings.SITE_HOST or 'localhost'}>"


def _written(mail: Mail) -> EmailMessage:
    """A mail of its own words as it goes out."""
    body = mail.body
    if mail.opens:
        body += f"\n\n{links.leads_to(mail.opens)}\n"
    return EmailMessage(
        subject=mail.subject,
        body=body,
        to=[mail.recipient],
        headers={"Message-ID": mail.message_id, "Auto-Submitted": "auto-generated"},
    )


def message(mail: Mail, reminders: list[Reminder], now: datetime) -> EmailMessage:
    """The e-mail as it goes out, to one person."""
    told = [(reminder, _second_reading(reminder, now)) for reminder in reminders]
    return EmailMessage(
        subject=_subject(reminders, told[0][1]),
        body=render_to_string("email/reminder.txt", {"reminders": told, "site": settings.SITE_URL}),
        to=[mail.recipient],
        headers={"Message-ID": mail.message_id, "Auto-Submitted": "auto-generated"},
    )


def _second_reading(reminder: Reminder, now: datetime) -> str:
    """The last day on the most lenient reading of a right, while it is ahead though the
    first is past; "not known yet" while it hangs on a missing fact."""
    detail = reminder.detail
    if detail.get("force") != "right" or len(detail.get("readings") or ()) < 2:
        return ""
    today = now.astimezone(ZoneInfo(reminder.agreement.time_zone)).date()
    kept = detail.get("lenient_on")
    if kept is None:
        return "not known yet"
    on = date.fromisoformat(kept)
    return _words(on) if on > reminder.closes_on and on >= today else ""


def _words(day: date) -> str:
    return f"{day:%a, %b} {day.day}, {day.year}"


def _subject(reminders: list[Reminder], second_reading: str) -> str:
    """The first day in it and its matter, as in "File the Registration Statement by Thu,
    Oct 2, 2003: DR-1".  Never a count of shares."""
    first = reminders[0]
    act = first.detail.get("act") or first.window
    if first.step < 0:
        day = first.closes_on
        reading = " on the first reading" if second_reading else ""
        said = f"Past its last day{reading}, {_words(day)}: {act}, {first.matter_name}"
    else:
        day = first.aim_on
        said = f"{act} by {_words(day)}: {first.matter_name}"
    others = len(reminders) - 1
    return said + (f", and {others} more date{'s' * (others > 1)}" if others else "")


def _unreachable(wrong: Exception) -> bool:
    """Whether the trouble is the mail server itself, and not its answer to this mail."""
    about_this_mail = smtplib.SMTPRecipientsRefused | smtplib.SMTPDataError
    return isinstance(wrong, OSError) and not isinstance(wrong, about_this_mail)


def _refused_for_good(wrong: Exception) -> bool:
    """Whether the server refused the address or the content with a 5xx.  A refused login,
    greeting or sender is ours to mend, so those mails wait."""
    if isinstance(wrong, smtplib.SMTPRecipientsRefused):
        return all(code >= 500 for code, _ in wrong.recipients.values())
    return isinstance(wrong, smtplib.SMTPDataError) and wrong.smtp_code >= 500


def _in_words(wrong: Exception, mail: Mail) -> str:
    if isinstance(wrong, smtplib.SMTPRecipientsRefused):
        code, said = next(iter(wrong.recipients.values()))
        return f"{mail.recipient} was refused: {code} {_text(said)}"
    if isinstance(wrong, smtplib.SMTPResponseException):
        return f"The mail server answered {wrong.smtp_code} {_text(wrong.smtp_error)}"
    return f"{type(wrong).__name__}: {wrong}"


def _text(said: bytes | str) -> str:
    return said.decode(errors="replace") if isinstance(said, bytes) else said


def _close(server: BaseEmailBackend) -> None:
    """Hang up, whatever state the connection is in; the next mail opens a new one."""
    with contextlib.suppress(OSError):
        server.close()
