"""Telling programs: deliveries leased, posted, then marked, as the outbox does with mail.

Posted, then marked: a crash between the two repeats a message under the same id, where the
other order would lose one.  The scheme is Standard Webhooks: three headers, of which one
signs the other two and the body.
"""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple
from uuid import uuid4

import httpcore
from django.conf import settings
from django.db import connection, transaction

from investors.acts import noted
from investors.models import Membership

from . import outbox, outward
from .models import WebhookAttempt, WebhookDelivery, WebhookEndpoint, WebhookEvent
from .signing import signed
from .steps import step
from .webhook_models import TEST, UNDER_WAY

logger = logging.getLogger(__name__)

# How long after each try that failed the next one is, as the scheme proposes; then no more.
WAITS = (
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=14),
    timedelta(hours=20),
    timedelta(hours=24),
)
LEASE = timedelta(seconds=60)  # longer than a post may take
HOLD = timedelta(minutes=1)  # an address that gives no answer waits, and keeps nobody waiting
SLOW = timedelta(seconds=1)  # one that takes longer waits as long again, for others to have a turn
FAILING_ENDS = timedelta(days=5)
GONE = 410
ROUND_SECONDS = 10  # the next round is due soon after; slow receivers never take every worker

Clock = Callable[[], datetime]


class Told(NamedTuple):
    """What one round did, in deliveries."""

    delivered: int = 0
    put_off: int = 0
    failed: int = 0


class Tried(NamedTuple):
    """What came of one post: the answer's status and text, or why there was none."""

    status: int | None
    text: str
    error: str
    milliseconds: int

    @property
    def taken(self) -> bool:
        """Whether the receiver has it."""
        return self.status is not None and 200 <= self.status < 300


# --- what is told --------------------------------------------------------------------------


class Happening(NamedTuple):
    """Something to tell: what makes it one, its kind, when it happened, and the data."""

    key: str
    kind: str
    happened_at: datetime
    data: Mapping[str, Any]


def written(kind: str, happened_at: datetime, data: Mapping[str, Any]) -> str:
    """The body of a message, as it is sent and signed."""
    at = happened_at.astimezone(UTC).isoformat().replace("+00:00", "Z")
    told = {"type": kind, "timestamp": at, "data": data}
    return json.dumps(told, ensure_ascii=False, separators=(",", ":"))


@transaction.atomic
def tell(agreement_id: int, happenings: list[Happening], *, now: datetime) -> int:
    """Write what happened into the log, once, and put it on its way to every address told of
    its kind; how many were new."""
    # Two at once wait for each other in one order.
    happenings = sorted(happenings, key=lambda each: each.key)
    made = [
        WebhookEvent(
            message_id=_new_id(),
            agreement_id=agreement_id,
            kind=each.kind,
            key=each.key,
            body=written(each.kind, each.happened_at, each.data),
            happened_at=each.happened_at,
            found_at=now,
        )
        for each in happenings
    ]
    WebhookEvent.objects.bulk_create(made, ignore_conflicts=True, batch_size=500)
    new = WebhookEvent.objects.filter(message_id__in=[each.message_id for each in made])
    rows = list(new.order_by("happened_at", "pk").values_list("pk", "kind"))
    listening = WebhookEndpoint.objects.filter(agreement=agreement_id, ended_at=None)
    WebhookDelivery.objects.bulk_create(
        [
            WebhookDelivery(event_id=pk, endpoint=endpoint, created_at=now, next_try_at=now)
            for endpoint in listening
            for pk, kind in rows
            if kind in endpoint.kinds
        ],
        batch_size=1000,
    )
    return len(rows)


def note(agreement_id: int, keys: list[tuple[str, str, datetime]], *, now: datetime) -> None:
    """Note as known what nobody is told of: the key, kind and instant of each."""
    WebhookEvent.objects.bulk_create(
        [
            WebhookEvent(
                message_id=_new_id(),
                agreement_id=agreement_id,
                kind=kind,
                key=key,
                body="",
                happened_at=happened_at,
                found_at=now,
            )
            for key, kind, happened_at in sorted(keys)
        ],
        ignore_conflicts=True,
        batch_size=1000,
    )


def test(endpoint: WebhookEndpoint, *, now: datetime) -> WebhookDelivery:
    """Put a message that says it is a test on its way to one address."""
    data = {
        "agreement": endpoint.agreement.slug,
        "says": "A test: nothing happened under the agreement.",
    }
    event = WebhookEvent.objects.create(
        message_id=_new_id(),
        agreement=endpoint.agreement,
        kind=TEST,
        key=f"test:{uuid4()}",
        body=written(TEST, now, data),
        happened_at=now,
        found_at=now,
    )
    return WebhookDelivery.objects.create(
        event=event, endpoint=endpoint, created_at=now, next_try_at=now
    )


def _new_id() -> str:
    return f"msg_{uuid4().hex}"


# --- a round -------------------------------------------------------------------------------


def relay(clock: Clock, *, backend: httpcore.NetworkBackend | None = None) -> Told:
    """One round: lease, post and mark, delivery by delivery.  ``backend`` connects; without
    one, only to what may be asked (``outward.Guarded``)."""
    told = Told()
    backend = backend or outward.Guarded()
    stop_at = time.monotonic() + ROUND_SECONDS
    while time.monotonic() < stop_at and (delivery := lease(clock())) is not None:
        step("webhook.leased")
        tried = post(delivery, clock(), backend)
        step("webhook.posted")
        state = mark(delivery, tried, clock())
        step("webhook.marked")
        told = told._replace(
            delivered=told.delivered + (state is WebhookDelivery.State.DELIVERED),
            put_off=told.put_off + (state is WebhookDelivery.State.WAITING),
            failed=told.failed + (state is WebhookDelivery.State.FAILED),
        )
    return told


def lease(now: datetime) -> WebhookDelivery | None:
    """Take the delivery whose turn it is, for a minute; ``None`` when there is none."""
    found = WebhookDelivery.objects.raw(
        """
        UPDATE notices_webhookdelivery
        SET leased_until = %(until)s, tries = tries + 1
        WHERE id = (
            SELECT d.id FROM notices_webhookdelivery d
            JOIN notices_webhookendpoint e ON e.id = d.endpoint_id
            WHERE d.delivered_at IS NULL AND d.failed_at IS NULL AND d.dropped_at IS NULL
              AND d.next_try_at <= %(now)s AND (d.leased_until IS NULL OR d.leased_until <= %(now)s)
              AND e.ended_at IS NULL AND (e.held_until IS NULL OR e.held_until <= %(now)s)
            ORDER BY d.next_try_at, d.id LIMIT 1
            FOR NO KEY UPDATE OF d SKIP LOCKED
        )
        RETURNING *
        """,
        {"now": now, "until": now + LEASE},
    )
    taken = next(iter(found), None)
    if taken is None:
        return None
    return WebhookDelivery.objects.select_related("event", "endpoint__agreement__company").get(
        pk=taken.pk
    )


def post(delivery: WebhookDelivery, now: datetime, backend: httpcore.NetworkBackend) -> Tried:
    """Post one delivery.  Whatever the other side does is an answer, never an error of ours."""
    event, endpoint = delivery.event, delivery.endpoint
    began = time.monotonic()
    try:
        headers = signed(endpoint, event.message_id, event.body, now)
        answer = outward.post(endpoint.url, event.body.encode(), headers, backend=backend)
    except outward.NotAsked as refused:
        said = Tried(None, "", f"Not sent. {refused}", 0)
    except (
        httpcore.TimeoutException,
        httpcore.NetworkError,
        httpcore.ProtocolError,
        httpcore.UnsupportedProtocol,
    ) as wrong:
        said = Tried(None, "", _in_words(wrong), 0)
    except Exception as wrong:
        logger.exception("webhook delivery %s could not be posted", delivery.public_id)
        said = Tried(None, "", f"It could not be posted: {type(wrong).__name__}.", 0)
    else:
        error = "It redirects elsewhere, and is not followed." if 300 <= answer.status < 400 else ""
        said = Tried(answer.status, answer.text, error, 0)
    return said._replace(
        error=said.error[:300], milliseconds=int((time.monotonic() - began) * 1000)
    )


def _in_words(wrong: Exception) -> str:
    if isinstance(wrong, httpcore.TimeoutException):
        return f"No answer within {outward.SECONDS} seconds."
    if isinstance(wrong, httpcore.ConnectError):
        return f"No connection: {wrong}"
    return f"The answer could not be read: {wrong or type(wrong).__name__}"


@transaction.atomic
def mark(delivery: WebhookDelivery, tried: Tried, now: datetime) -> WebhookDelivery.State:
    """Write what came of a try, and when the next one is: none once it is delivered, given up,
    or its address gone.  The try is kept in any case; where the lease ran out and another
    relay has it, or it was taken up anew meanwhile, the delivery is left alone."""
    WebhookAttempt.objects.create(
        delivery=delivery,
        at=now,
        status=tried.status,
        answer=tried.text,
        error=tried.error,
        milliseconds=tried.milliseconds,
    )
    state = WebhookDelivery.State.WAITING
    changes: dict[str, Any] = {"leased_until": None}
    if tried.taken:
        state, changes["delivered_at"] = WebhookDelivery.State.DELIVERED, now
    elif delivery.tries > len(WAITS) or tried.status == GONE:
        state, changes["failed_at"] = WebhookDelivery.State.FAILED, now
    else:
        changes["next_try_at"] = now + WAITS[delivery.tries - 1]
    ours = WebhookDelivery.objects.filter(
        UNDER_WAY, pk=delivery.pk, leased_until=delivery.leased_until
    )
    ours.update(**changes)
    _note_on(delivery.endpoint_id, tried, now)
    return state


def _note_on(endpoint_id: int, tried: Tried, now: datetime) -> None:
    """Keep in mind how an address does; end one that is gone, or has failed for days."""
    endpoint = (
        WebhookEndpoint.objects.select_for_update(no_key=True, of=("self",))
        .select_related("agreement__company")
        .get(pk=endpoint_id)
    )
    if endpoint.ended_at is not None:
        return
    was = (endpoint.failing_since, endpoint.held_until)
    if tried.taken:
        endpoint.failing_since = None
    else:
        endpoint.failing_since = endpoint.failing_since or now
    endpoint.held_until = _held(tried, now)
    if was != (endpoint.failing_since, endpoint.held_until):
        endpoint.save(update_fields=["failing_since", "held_until"])
    if tried.status == GONE:
        _give_up(endpoint, "It answered that it is gone (410).", now)
    elif endpoint.failing_since and now - endpoint.failing_since >= FAILING_ENDS:
        _give_up(endpoint, f"Nothing was delivered for {FAILING_ENDS.days} days.", now)


def _held(tried: Tried, now: datetime) -> datetime | None:
    """Until when an address is left alone after a try."""
    if tried.status is None:
        return now + HOLD
    took = timedelta(milliseconds=tried.milliseconds)
    return now + took if took > SLOW else None


def _give_up(endpoint: WebhookEndpoint, because: str, now: datetime) -> None:
    """End an address ourselves, and tell those who keep the agreement."""
    with noted(
        endpoint.agreement,
        "webhook.given_up",
        by="Rightsbook",
        says=f"Ended the webhook to {endpoint.url}: {because}",
    ):
        end(endpoint, because, now=now)
    keepers = Membership.objects.filter(
        company=endpoint.agreement.company_id,
        ended_at=None,
        user__is_active=True,
        role__in=[Membership.Role.OWNER, Membership.Role.COUNSEL],
    )
    for email in sorted(set(keepers.values_list("user__email", flat=True))):
        outbox.put_in(
            email,
            f"A webhook of {endpoint.agreement.company} was ended"[:200],
            f"The program that listens at\n{endpoint.url}\nis told no more of what happens under "
            f"{endpoint.agreement}.\n\n{because}\n\nMake another webhook once it can be reached. "
            "What it was not told can be sent again from the day it failed:\n"
            f"{settings.SITE_URL}/a/{endpoint.agreement.slug}/webhooks/",
            now=now,
        )


def end(endpoint: WebhookEndpoint, because: str, *, now: datetime) -> None:
    """End an address: what waits for it is not sent.  Within an act of the caller's."""
    endpoint.ended_at, endpoint.ended_because = now, because
    endpoint.save(update_fields=["ended_at", "ended_because"])
    WebhookDelivery.objects.filter(UNDER_WAY, endpoint=endpoint).update(dropped_at=now)


# --- again ---------------------------------------------------------------------------------


_AGAIN = """
INSERT INTO notices_webhookdelivery AS d
    (public_id, event_id, endpoint_id, created_at, next_try_at, tries)
SELECT gen_random_uuid(), e.id, %(endpoint)s, %(now)s, %(now)s, 0
FROM notices_webhookevent e
WHERE e.agreement_id = %(agreement)s AND e.happened_at >= %(since)s AND e.kind = ANY(%(kinds)s)
  AND e.body <> ''
ORDER BY e.happened_at, e.id
ON CONFLICT (endpoint_id, event_id) DO UPDATE
SET next_try_at = EXCLUDED.next_try_at, tries = 0, leased_until = NULL,
    delivered_at = NULL, failed_at = NULL, dropped_at = NULL
"""


def again(delivery: WebhookDelivery, *, now: datetime) -> None:
    """Take one delivery up anew, under its own message id, whatever became of it."""
    WebhookDelivery.objects.filter(pk=delivery.pk).update(
        next_try_at=now, tries=0, leased_until=None,
        delivered_at=None, failed_at=None, dropped_at=None,
    )  # fmt: skip


def again_since(endpoint: WebhookEndpoint, since: datetime, *, now: datetime) -> int:
    """Take up anew all that happened since an instant and the address is told of, what it was
    never told included; how many deliveries that makes."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            _AGAIN,
            {
                "endpoint": endpoint.pk,
                "agreement": endpoint.agreement_id,
                "since": since,
                "kinds": list(endpoint.kinds),
                "now": now,
            },
        )
        return int(cursor.rowcount)
