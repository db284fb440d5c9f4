"""What webhooks are signed with, by the Standard Webhooks scheme.

A secret is made of an address's turn and the server's own secret whenever something is signed;
none is kept.
"""

from __future__ import annotations

import base64
from datetime import UTC, datetime
from uuid import UUID

from django.conf import settings
from django.utils.crypto import salted_hmac
from standardwebhooks import Webhook

from .webhook_models import WebhookEndpoint


def secrets(endpoint: WebhookEndpoint, now: datetime) -> list[str]:
    """The secrets that sign at an instant, the latest first: of each turn that stands, by the
    server's own secret and by those it had before that still stand."""
    return [
        _secret(endpoint, turn, key)
        for turn in endpoint.turns(now)
        for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    ]


def _secret(endpoint: WebhookEndpoint, turn: UUID, key: str) -> str:
    told = f"{endpoint.public_id.hex}{turn.hex}"
    made = salted_hmac("notices.webhook", told, secret=key, algorithm="sha256").digest()
    return f"whsec_{base64.b64encode(made).decode()}"


def signed(endpoint: WebhookEndpoint, message_id: str, body: str, now: datetime) -> dict[str, str]:
    """The headers a body goes out with."""
    now = now.astimezone(UTC)
    signatures = [Webhook(secret).sign(message_id, now, body) for secret in secrets(endpoint, now)]
    return {
        "Content-Type": "application/json",
        "User-Agent": "Rightsbook",
        "webhook-id": message_id,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": " ".join(signatures),
    }
