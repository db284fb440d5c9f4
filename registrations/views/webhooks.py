"""Webhooks: which programs are told of what happens here, and what they answered."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.generic import TemplateView, View

from investors.acts import Refused
from investors.models import Agreement
from notices.models import WebhookDelivery, WebhookEndpoint, WebhookKind
from notices.webhook_models import SECRET_OVERLAPS, in_state
from registrations.forms.base import ActForm
from registrations.forms.portal import EndForm
from registrations.forms.webhooks import KindsForm, NoMoreForm, SinceForm, WebhookForm
from registrations.services import webhooks

from .paging import pages
from .recording import ActPage
from .scope import CounselPage, RecordingPage

IN_A_PAGE = 50
ENDED_SHOWN = 20
# How a state is drawn, by the kinds of status every page has.
DRAWN = {"waiting": "wait", "delivered": "done", "failed": "missed", "dropped": "later"}
KINDS = {value: str(label) for value, label in WebhookKind.choices}


def find_webhook(agreement: Agreement, public_id: Any, *, in_use: bool = False) -> WebhookEndpoint:
    """A webhook of an agreement, or 404; with ``in_use`` one that was ended is not there."""
    found = WebhookEndpoint.objects.filter(agreement=agreement).select_related("made_by")
    if in_use:
        found = found.filter(ended_at=None)
    webhook = get_object_or_404(found, public_id=public_id)
    webhook.agreement = agreement
    return webhook


def find_message(webhook: WebhookEndpoint, public_id: Any) -> WebhookDelivery:
    """A message to a webhook, or 404."""
    message = get_object_or_404(
        WebhookDelivery.objects.select_related("event"), endpoint=webhook, public_id=public_id
    )
    message.endpoint = webhook
    return message


class WebhooksPage(CounselPage, TemplateView):
    """Which programs are told of what happens here?"""

    template_name = "counsel/webhooks/list.html"
    nav = "settings"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        every = WebhookEndpoint.objects.filter(agreement=self.agreement)
        in_use = every.filter(ended_at=None).select_related("made_by").order_by("made_at", "pk")
        kwargs.update(
            in_use=[(each, kinds_of(each)) for each in in_use],
            ended=every.exclude(ended_at=None).order_by("-ended_at", "-pk")[:ENDED_SHOWN],
        )
        return super().get_context_data(**kwargs)


class WebhookPage(CounselPage, TemplateView):
    """What was this program told, and what did it answer?"""

    template_name = "counsel/webhooks/webhook.html"
    nav = "settings"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        webhook = find_webhook(self.agreement, self.kwargs["webhook"])
        state = self.request.GET.get("state", "")
        every = WebhookDelivery.objects.filter(endpoint=webhook)
        found = every.filter(in_state(state)) if state in WebhookDelivery.State.values else every
        page = pages(self.request, found.count(), IN_A_PAGE)
        kwargs.update(
            webhook=webhook,
            kinds=kinds_of(webhook),
            signs_until=old_signs_until(webhook, self.now),
            rows=[
                (each, DRAWN[each.state])
                for each in found.select_related("event").order_by("-created_at", "-pk")[
                    page.start : page.stop
                ]
            ],
            pages=page,
            states=WebhookDelivery.State.choices,
            chosen=state,
            filtered=state in WebhookDelivery.State.values,
        )
        return super().get_context_data(**kwargs)


class MessagePage(CounselPage, TemplateView):
    """What did this message say, and what was answered each time?"""

    template_name = "counsel/webhooks/message.html"
    nav = "settings"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        webhook = find_webhook(self.agreement, self.kwargs["webhook"])
        message = find_message(webhook, self.kwargs["message"])
        kwargs.update(
            webhook=webhook,
            message=message,
            drawn=DRAWN[message.state],
            attempts=list(message.attempts.order_by("-at", "-pk")[:IN_A_PAGE]),
            body=json.dumps(json.loads(message.event.body), indent=2, ensure_ascii=False),
        )
        return super().get_context_data(**kwargs)


def kinds_of(webhook: WebhookEndpoint) -> list[str]:
    """What it is told of, in words."""
    return [KINDS[kind].lower() for kind in webhook.kinds if kind in KINDS]


def old_signs_until(webhook: WebhookEndpoint, now: datetime) -> datetime | None:
    """Until when the secret before signs too, if it still does."""
    until = webhook.rotated_at and webhook.rotated_at + SECRET_OVERLAPS
    return until if until and now < until else None


class OnWebhooks(ActPage):
    """An act that leads back to the webhooks."""

    nav = "settings"
    looks = False
    secret = ""

    def lands_on(self, made: Any) -> str:
        return reverse("webhooks", args=[self.agreement.slug])

    def where(self) -> list[tuple[str, str]]:
        return [("Webhooks", reverse("webhooks", args=[self.agreement.slug]))]

    def save(self, form: ActForm) -> HttpResponse:
        answer = super().save(form)
        if answer.status_code != 302 or not self.secret:
            return answer
        # Shown on this answer and never again, so there is no page to redirect to.
        list(messages.get_messages(self.request))
        context = self.get_context_data(
            form=form, secret=self.secret, webhook=self.webhook, there=answer["Location"]
        )
        return self.response_class(
            self.request, ["counsel/webhooks/secret.html"], context, using=self.template_engine
        )

    webhook: WebhookEndpoint


class MakeWebhook(OnWebhooks):
    """Have a program told."""

    form_class = WebhookForm
    heading = "Make a webhook"
    intro = (
        "We post to the address whenever something happens under this agreement from now on, "
        "signed, until it is taken. The program is told what counsel see."
    )
    button = "Make the webhook"
    saved = "Made."

    def perform(self, form: ActForm, *, trying: bool) -> Any:
        data = form.cleaned_data
        self.webhook, self.secret = webhooks.make_webhook(
            agreement=self.agreement,
            url=data["url"],
            kinds=data["kinds"],
            description=data["description"],
            when=self.acting,
        )
        return self.webhook

    def lands_on(self, made: Any) -> str:
        return reverse("webhook", args=[self.agreement.slug, made.public_id])


class OnWebhook(OnWebhooks):
    """An act on one webhook in use."""

    def find(self) -> None:
        self.webhook = find_webhook(self.agreement, self.kwargs["webhook"], in_use=True)

    def lands_on(self, made: Any) -> str:
        return reverse("webhook", args=[self.agreement.slug, self.webhook.public_id])

    def where(self) -> list[tuple[str, str]]:
        return [*super().where(), (str(self.webhook), self.lands_on(None))]


class ChangeWebhook(OnWebhook):
    """A program is to be told of more, or less."""

    form_class = KindsForm
    heading = "Change what it is told of"
    intro = "From now on. The address stays: for another, make another webhook."
    button = "Save"
    saved = "Changed."

    def form_options(self) -> dict[str, Any]:
        return {"webhook": self.webhook}

    def perform(self, form: ActForm, *, trying: bool) -> Any:
        data = form.cleaned_data
        return webhooks.change_webhook(
            endpoint=self.webhook,
            kinds=data["kinds"],
            description=data["description"],
            when=self.acting,
        )


class RenewSecret(OnWebhook):
    """A program gets a new secret."""

    form_class = NoMoreForm
    heading = "Renew the secret?"
    intro = (
        "The new one is shown once. For 24 hours the one before signs beside it, so that the "
        "program can change over without losing a message."
    )
    button = "Renew the secret"
    saved = "Renewed."

    def perform(self, form: ActForm, *, trying: bool) -> Any:
        self.webhook, self.secret = webhooks.renew_secret(endpoint=self.webhook, when=self.acting)
        return self.webhook


class EndWebhook(OnWebhook):
    """A program is told no more."""

    form_class = EndForm
    heading = "Tell this program no more?"
    intro = "What still waits for it is not sent. What it was told stays on record."
    button = "End it"
    saved = "Ended. The program is told no more."

    def perform(self, form: ActForm, *, trying: bool) -> Any:
        return webhooks.end_webhook(
            endpoint=self.webhook, reason=form.cleaned_data["reason"], when=self.acting
        )


class ReplayWebhook(OnWebhook):
    """A program lost something: it is told again."""

    form_class = SinceForm
    heading = "Send again"
    intro = (
        "Every message goes out once more under the id it had, and what happened before this "
        "webhook was made too, back to when a program first listened."
    )
    button = "Send again"

    def perform(self, form: ActForm, *, trying: bool) -> Any:
        count = webhooks.send_again_since(
            endpoint=self.webhook, since=form.cleaned_data["since"], when=self.acting
        )
        self.saved = f"{count:,} message{'' if count == 1 else 's'} on the way."
        return count


class SendTest(RecordingPage, View):
    """Send a program a message that says it is a test."""

    http_method_names = ["post", "options"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        webhook = find_webhook(self.agreement, kwargs["webhook"])
        try:
            sent = webhooks.send_test(endpoint=webhook, when=self.acting)
        except Refused as refusal:
            messages.error(request, refusal.message)
            return redirect("webhook", self.agreement.slug, webhook.public_id)
        messages.success(request, "A test is on its way. Open this page again to see the answer.")
        return redirect("webhook-message", self.agreement.slug, webhook.public_id, sent.public_id)


class SendAgain(RecordingPage, View):
    """Send one message again."""

    http_method_names = ["post", "options"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        webhook = find_webhook(self.agreement, kwargs["webhook"])
        message = find_message(webhook, kwargs["message"])
        try:
            webhooks.send_again(delivery=message, when=self.acting)
        except Refused as refusal:
            messages.error(request, refusal.message)
        else:
            messages.success(request, "It is on its way again.")
        return redirect(
            "webhook-message", self.agreement.slug, webhook.public_id, message.public_id
        )
