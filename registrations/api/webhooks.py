"""Webhooks by REST: addresses at which programs are told, and what each was told."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

import django_filters as filters
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from investors.models import Agreement
from notices.models import WebhookAttempt, WebhookDelivery, WebhookEndpoint, WebhookKind
from notices.outward import MOST_LETTERS as MOST_OF_ADDRESS
from notices.webhook_models import in_state

from ..services import webhooks
from ..services.webhooks import MOST_LETTERS
from .bodies import Body, Day, read_body, text
from .doors import Door
from .paging import Listing


class WebhookShape(serializers.ModelSerializer):
    """An address at which a program is told of what happens under an agreement."""

    id = serializers.UUIDField(source="public_id")
    agreement = serializers.SlugField(source="agreement.slug")
    kinds = serializers.ListField(child=serializers.ChoiceField(WebhookKind.choices))
    made_by = serializers.CharField(source="made_by.name")

    class Meta:
        model = WebhookEndpoint
        fields = [
            "id", "agreement", "url", "description", "kinds", "made_at", "made_by", "rotated_at",
            "failing_since", "ended_at", "ended_because",
        ]  # fmt: skip


class WebhookWithSecret(WebhookShape):
    """The same with the secret its messages are signed with, told this once."""

    secret = serializers.CharField(
        allow_null=True,
        help_text="Keep it: nobody here can tell it again. Null in an answer given again under "
        "an `Idempotency-Key`; renew the secret to have one.",
    )

    class Meta(WebhookShape.Meta):
        fields = [*WebhookShape.Meta.fields, "secret"]


class AttemptShape(serializers.ModelSerializer):
    """One try: the answer’s status and the beginning of its text, or why there was none."""

    class Meta:
        model = WebhookAttempt
        fields = ["at", "status", "answer", "error", "milliseconds"]


class DeliveryInShort(serializers.ModelSerializer):
    """One message on its way to one address, and where it stands."""

    id = serializers.UUIDField(source="public_id")
    webhook = serializers.UUIDField(source="endpoint.public_id")
    message_id = serializers.CharField(source="event.message_id")
    type = serializers.CharField(source="event.kind")
    happened_at = serializers.DateTimeField(source="event.happened_at")
    state = serializers.ChoiceField(WebhookDelivery.State.choices)

    class Meta:
        model = WebhookDelivery
        fields = [
            "id", "webhook", "message_id", "type", "happened_at", "state", "tries", "next_try_at",
            "delivered_at", "failed_at", "dropped_at",
        ]  # fmt: skip


class DeliveryInFull(DeliveryInShort):
    """The same with the message as it is sent, and every try."""

    body = serializers.SerializerMethodField()
    attempts = serializers.SerializerMethodField()

    class Meta(DeliveryInShort.Meta):
        fields = [*DeliveryInShort.Meta.fields, "body", "attempts"]

    @extend_schema_field(serializers.JSONField)
    def get_body(self, delivery: WebhookDelivery) -> Any:
        return json.loads(delivery.event.body)

    @extend_schema_field(AttemptShape(many=True))
    def get_attempts(self, delivery: WebhookDelivery) -> Any:
        return AttemptShape(delivery.attempts.order_by("at", "pk"), many=True).data


class ToldAgain(serializers.Serializer):
    """How many messages are sent again."""

    messages = serializers.IntegerField()


class WebhookDoor(Door):
    """A door to one address or one message of it."""

    def webhook(self, public_id: UUID) -> WebhookEndpoint:
        found = get_object_or_404(webhooks_for(self.user), public_id=public_id)
        self.about = found.agreement
        return found

    def message(self, public_id: UUID) -> WebhookDelivery:
        found = get_object_or_404(deliveries_to(self.user), public_id=public_id)
        self.about = found.endpoint.agreement
        return found

    def own(self, public_id: UUID) -> WebhookEndpoint:
        """An address of an agreement the person may record in."""
        webhook = self.webhook(public_id)
        self.may_record(webhook.agreement)
        return webhook


class TellsSecret(WebhookDoor):
    """A door whose answer has a secret in it, which is kept nowhere, in no answer either."""

    def kept(self, data: Any) -> Any:
        return {**data, "secret": None}


def webhooks_for(user: Any) -> QuerySet[WebhookEndpoint]:
    return WebhookEndpoint.objects.filter(
        agreement__in=Agreement.objects.visible_to(user)
    ).select_related("agreement__company", "made_by")


def deliveries_to(user: Any) -> QuerySet[WebhookDelivery]:
    return WebhookDelivery.objects.filter(
        endpoint__agreement__in=Agreement.objects.visible_to(user)
    ).select_related("event", "endpoint__agreement__company")


class KindsBody(Body):
    kinds = serializers.ListField(
        child=serializers.ChoiceField(WebhookKind.choices),
        min_length=1,
        max_length=len(WebhookKind.values),
        help_text="What it is told of.",
    )
    description = text(MOST_LETTERS, help_text="What listens there.")


class WebhookBody(KindsBody):
    url = serializers.CharField(
        max_length=MOST_OF_ADDRESS,
        help_text="Where to post, by https:// on port 443 or 8443, at an address anybody on the "
        "internet could reach.",
    )


class Webhooks(TellsSecret):
    @extend_schema(responses=WebhookShape(many=True))
    def get(self, request: Request, slug: str) -> Response:
        """The addresses at which programs are told, ended ones last."""
        found = webhooks_for(self.user).filter(agreement=self.agreement(slug))
        in_order = sorted(found.order_by("pk"), key=lambda each: each.ended_at is not None)
        return Response(WebhookShape(in_order, many=True).data)

    @extend_schema(request=WebhookBody, responses={201: WebhookWithSecret})
    def post(self, request: Request, slug: str) -> Response:
        """Have a program told of what happens from now on; the answer has the secret."""
        agreement = self.agreement(slug)
        self.may_record(agreement)
        given, _ = read_body(WebhookBody, request, agreement)
        made, secret = webhooks.make_webhook(agreement=agreement, **given, when=self.when)
        return Response({**WebhookShape(made).data, "secret": secret}, status=201)


class OneWebhook(WebhookDoor):
    @extend_schema(responses=WebhookShape)
    def get(self, request: Request, webhook: UUID) -> Response:
        """One address, what it is told of, and how it does."""
        return Response(WebhookShape(self.webhook(webhook)).data)


class ChangeWebhook(WebhookDoor):
    @extend_schema(request=KindsBody, responses={201: WebhookShape})
    def post(self, request: Request, webhook: UUID) -> Response:
        """Change what an address is told of from now on."""
        endpoint = self.own(webhook)
        given, _ = read_body(KindsBody, request, endpoint.agreement)
        changed = webhooks.change_webhook(endpoint=endpoint, **given, when=self.when)
        return Response(WebhookShape(changed).data, status=201)


class NothingMore(Body):
    """Nothing more is to be said."""


class RenewSecret(TellsSecret):
    @extend_schema(request=NothingMore, responses={201: WebhookWithSecret})
    def post(self, request: Request, webhook: UUID) -> Response:
        """Give an address a new secret.  The one before signs beside it for 24 hours more."""
        endpoint = self.own(webhook)
        read_body(NothingMore, request, endpoint.agreement)
        renewed, secret = webhooks.renew_secret(endpoint=endpoint, when=self.when)
        return Response({**WebhookShape(renewed).data, "secret": secret}, status=201)


class EndBody(Body):
    reason = text(MOST_LETTERS, help_text="Why. It stays on the record.")


class EndWebhook(WebhookDoor):
    @extend_schema(request=EndBody, responses={201: WebhookShape})
    def post(self, request: Request, webhook: UUID) -> Response:
        """Tell an address no more."""
        endpoint = self.own(webhook)
        given, _ = read_body(EndBody, request, endpoint.agreement)
        ended = webhooks.end_webhook(endpoint=endpoint, **given, when=self.when)
        return Response(WebhookShape(ended).data, status=201)


class SendTest(WebhookDoor):
    @extend_schema(request=NothingMore, responses={201: DeliveryInFull})
    def post(self, request: Request, webhook: UUID) -> Response:
        """Send a message that says it is a test, of type `webhook.test`."""
        endpoint = self.own(webhook)
        read_body(NothingMore, request, endpoint.agreement)
        sent = webhooks.send_test(endpoint=endpoint, when=self.when)
        return Response(DeliveryInFull(sent).data, status=201)


class SinceBody(Body):
    since = Day(help_text="From the beginning of this day.")


class Replay(WebhookDoor):
    @extend_schema(request=SinceBody, responses={201: ToldAgain})
    def post(self, request: Request, webhook: UUID) -> Response:
        """Send again all an address is told of that happened since a day, each message under
        its own id, what it was never told included."""
        endpoint = self.own(webhook)
        given, _ = read_body(SinceBody, request, endpoint.agreement)
        count = webhooks.send_again_since(endpoint=endpoint, **given, when=self.when)
        return Response({"messages": count}, status=201)


class WebhookDeliveryFilter(filters.FilterSet):
    agreement = filters.CharFilter("endpoint__agreement__slug")
    webhook = filters.UUIDFilter("endpoint__public_id")
    type = filters.CharFilter("event__kind")
    state = filters.ChoiceFilter(
        choices=WebhookDelivery.State.choices, method="that_stand", label="Where it stands."
    )

    class Meta:
        model = WebhookDelivery
        fields: list[str] = []

    def that_stand(
        self, deliveries: QuerySet[WebhookDelivery], name: str, value: str
    ) -> QuerySet[WebhookDelivery]:
        return deliveries.filter(in_state(value))


class WebhookDeliveries(Listing):
    """What programs were told and are to be told, the latest first."""

    serializer_class = DeliveryInShort
    filterset_class = WebhookDeliveryFilter
    ordering_fields = ("created_at",)
    ordering = ("-created_at",)
    queryset = WebhookDelivery.objects.none()

    def get_queryset(self) -> QuerySet[WebhookDelivery]:
        return deliveries_to(self.user)


class OneWebhookDelivery(WebhookDoor):
    @extend_schema(responses=DeliveryInFull)
    def get(self, request: Request, message: UUID) -> Response:
        """One message to one address, and what was answered each time."""
        return Response(DeliveryInFull(self.message(message)).data)


class SendAgain(WebhookDoor):
    @extend_schema(request=NothingMore, responses={201: DeliveryInFull})
    def post(self, request: Request, message: UUID) -> Response:
        """Send one message again, under its own id, whatever became of it."""
        delivery = self.message(message)
        self.may_record(delivery.endpoint.agreement)
        read_body(NothingMore, request, delivery.endpoint.agreement)
        sent = webhooks.send_again(delivery=delivery, when=self.when)
        return Response(DeliveryInFull(sent).data, status=201)
