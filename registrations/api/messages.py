"""What webhooks tell, described beside the API: a message of each type."""

from __future__ import annotations

from drf_spectacular.utils import OpenApiWebhook, extend_schema, inline_serializer
from rest_framework import serializers

from notices.webhook_models import TEST, WebhookKind

from .docket import WindowShape
from .matters import FlagShape


class FactTold(serializers.Serializer):
    """An act on an agreement’s trail."""

    agreement = serializers.SlugField()
    id = serializers.UUIDField(help_text="Its line on the trail.")
    act = serializers.CharField(help_text="What was done, such as demand.recorded.")
    says = serializers.CharField(allow_blank=True)
    reason = serializers.CharField(allow_blank=True)
    by = serializers.CharField(allow_blank=True)
    recorded_at = serializers.DateTimeField()
    page = serializers.URLField()
    api = serializers.URLField()


class MatterTold(serializers.Serializer):
    """Whose window or flag it is, as of the agreement’s day."""

    agreement = serializers.SlugField()
    demand = serializers.UUIDField()
    reference = serializers.CharField()
    time_zone = serializers.CharField()
    as_of = serializers.DateField()
    page = serializers.URLField()
    api = serializers.URLField()


class WindowTold(MatterTold):
    """A window, as the matter’s docket has it."""

    window = WindowShape()


class DueSoonTold(WindowTold):
    """A window that has reached one of the company’s reminder days."""

    days_before = serializers.IntegerField(help_text="Days before the last practical day.")


class FlagTold(MatterTold):
    """A flag, and the window it is about if there is one."""

    flag = FlagShape()
    window = WindowShape(allow_null=True)


class TestTold(serializers.Serializer):
    agreement = serializers.SlugField()
    says = serializers.CharField()


def _message(kind: str, name: str, data: serializers.Serializer, says: str) -> OpenApiWebhook:
    body = inline_serializer(
        name,
        {
            "type": serializers.CharField(help_text=f"`{kind}`"),
            "timestamp": serializers.DateTimeField(help_text="When it happened, or was found."),
            "data": data,
        },
    )
    return OpenApiWebhook(
        name=kind,
        decorator=extend_schema(
            summary=says,
            description=f"{says} Signed by the Standard Webhooks scheme, in the headers "
            "`webhook-id`, `webhook-timestamp` and `webhook-signature`; sent again under the same "
            "`webhook-id` until it is answered with a 2xx. 410 ends the webhook.",
            request=body,
            responses={204: None},
            tags=["messages"],
        ),
    )


fact_recorded = _message(
    WebhookKind.FACT_RECORDED.value,
    "FactRecordedMessage",
    FactTold(),
    "Something was recorded under the agreement.",
)
window_opened = _message(
    WebhookKind.WINDOW_OPENED.value,
    "WindowOpenedMessage",
    WindowTold(),
    "A day came from which something may or must be done.",
)
window_due_soon = _message(
    WebhookKind.WINDOW_DUE_SOON.value,
    "WindowDueSoonMessage",
    DueSoonTold(),
    "The last day comes near.",
)
window_missed = _message(
    WebhookKind.WINDOW_MISSED.value,
    "WindowMissedMessage",
    FlagTold(),
    "The last day passed and nothing is on record: a flag was raised.",
)
flag_raised = _message(
    WebhookKind.FLAG_RAISED.value,
    "FlagRaisedMessage",
    FlagTold(),
    "Something else calls for action: a flag was raised.",
)
flag_cleared = _message(
    WebhookKind.FLAG_CLEARED.value,
    "FlagClearedMessage",
    FlagTold(),
    "The facts no longer call for a flag of which it was told.",
)
test = _message(TEST, "TestMessage", TestTold(), "Somebody sent a test: nothing happened.")
