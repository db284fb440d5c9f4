"""Webhooks: an address made for a program to be told at, changed, its secret renewed, ended;
and what it was told, told again.  Each is a line on the agreement's trail."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time
from uuid import uuid4
from zoneinfo import ZoneInfo

from investors.acts import Conflict, Refused, act
from investors.models import Agreement
from notices import outward, signing, webhooks
from notices.models import WebhookDelivery, WebhookEndpoint, WebhookKind

from ..rules.days import say
from ..webhooks import catch_up
from .recording import When, fits, not_in_future

MOST = 20  # addresses of one agreement in use
MOST_LETTERS = 200


def make_webhook(
    *,
    agreement: Agreement,
    url: str,
    kinds: Sequence[str],
    description: str,
    when: When,
    resolve: outward.Resolver = outward.look_up,
) -> tuple[WebhookEndpoint, str]:
    """Make an address at which a program is told of what happens from now on: its row, and
    its secret, which is kept nowhere.

    Raises ``Refused`` for an address that is not to be asked, with the reason, and for kinds
    there are none of.
    """
    url = url.strip()
    kinds = _known(kinds)
    fits("description", description, MOST_LETTERS)
    # Before the lock: looking a name up may take a while.
    if wrong := outward.wrong_with(url, resolve=resolve):
        raise Refused("url", wrong)
    with act(agreement, "webhook.made", by=when.by, says=f"Made a webhook to {url}") as locked:
        in_use = WebhookEndpoint.objects.filter(agreement=locked, ended_at=None)
        if in_use.filter(url=url).exists():
            raise Refused("url", "A webhook to this address is in use. Change that one.")
        if in_use.count() >= MOST:
            raise Refused("url", f"{MOST} webhooks are in use, and no more may be. End one first.")
        catch_up(locked, now=when.now)
        endpoint = WebhookEndpoint.objects.create(
            agreement=locked,
            url=url,
            description=description.strip(),
            kinds=kinds,
            made_at=when.now,
            made_by=when.by,
        )
    return endpoint, signing.secrets(endpoint, when.now)[0]


def change_webhook(
    *, endpoint: WebhookEndpoint, kinds: Sequence[str], description: str, when: When
) -> WebhookEndpoint:
    """Change what an address is told of from now on, and what it is called."""
    kinds = _known(kinds)
    fits("description", description, MOST_LETTERS)
    with act(
        endpoint.agreement,
        "webhook.changed",
        by=when.by,
        says=f"Changed what the webhook to {endpoint.url} is told of",
    ):
        held = _in_use(endpoint)
        held.kinds, held.description = kinds, description.strip()
        held.save(update_fields=["kinds", "description"])
    return held


def renew_secret(*, endpoint: WebhookEndpoint, when: When) -> tuple[WebhookEndpoint, str]:
    """Give an address a new secret: its row and the secret.  The one before goes on signing
    beside it for a day; one before that signs no more."""
    with act(
        endpoint.agreement,
        "webhook.secret_renewed",
        by=when.by,
        says=f"Renewed the secret of the webhook to {endpoint.url}",
    ):
        held = _in_use(endpoint)
        held.turn_before, held.turn = held.turn, uuid4()
        held.rotated_at = when.now
        held.save(update_fields=["turn", "turn_before", "rotated_at"])
    return held, signing.secrets(held, when.now)[0]


def end_webhook(*, endpoint: WebhookEndpoint, reason: str, when: When) -> WebhookEndpoint:
    """Tell an address no more; what waits for it is not sent.  What was told stays on record."""
    if not reason.strip():
        raise Refused("reason", "Say why. It stays on the record.")
    fits("reason", reason, MOST_LETTERS)
    with act(
        endpoint.agreement,
        "webhook.ended",
        by=when.by,
        says=f"Ended the webhook to {endpoint.url}",
        reason=reason,
    ):
        held = _in_use(endpoint)
        webhooks.end(held, reason.strip(), now=when.now)
    return held


def send_test(*, endpoint: WebhookEndpoint, when: When) -> WebhookDelivery:
    """Send an address a message that says it is a test."""
    with act(
        endpoint.agreement,
        "webhook.tested",
        by=when.by,
        says=f"Sent a test to the webhook {endpoint.url}",
    ):
        return webhooks.test(_in_use(endpoint), now=when.now)


def send_again(*, delivery: WebhookDelivery, when: When) -> WebhookDelivery:
    """Send one message again, under its own id, whatever became of it before."""
    endpoint = delivery.endpoint
    with act(
        endpoint.agreement,
        "webhook.replayed",
        by=when.by,
        says=f"Sent {delivery.event.message_id} again to the webhook {endpoint.url}",
    ):
        _in_use(endpoint)
        webhooks.again(delivery, now=when.now)
    delivery.refresh_from_db()
    return delivery


def send_again_since(*, endpoint: WebhookEndpoint, since: date, when: When) -> int:
    """Send again all an address is told of that happened since the beginning of a day, what it
    was never told included; how many messages that is.

    The log begins when somebody first listened.
    """
    agreement = endpoint.agreement
    not_in_future("since", since, when.today(agreement))
    from_at = datetime.combine(since, time(), ZoneInfo(agreement.time_zone))
    with act(
        agreement,
        "webhook.replayed",
        by=when.by,
        says=f"Sent what happened since {say(since)} again to the webhook {endpoint.url}",
    ):
        return webhooks.again_since(_in_use(endpoint), from_at, now=when.now)


def _known(kinds: Sequence[str]) -> list[str]:
    if not kinds:
        raise Refused("kinds", "Choose what the program is told of.")
    if unknown := sorted(set(kinds) - set(WebhookKind.values)):
        raise Refused("kinds", f"Nothing is told of “{unknown[0]}”.")
    return [kind for kind in WebhookKind.values if kind in kinds]


def _in_use(endpoint: WebhookEndpoint) -> WebhookEndpoint:
    """The address as it is now, held.  Raises ``Conflict`` once it is ended."""
    held = WebhookEndpoint.objects.select_for_update(no_key=True).get(pk=endpoint.pk)
    if held.ended_at is not None:
        raise Conflict("", "This webhook was ended. Make another.")
    held.agreement = endpoint.agreement
    return held
