"""The forms for webhooks."""

from __future__ import annotations

from typing import Any

from django import forms

from notices.models import WebhookEndpoint, WebhookKind
from notices.outward import MOST_LETTERS as MOST_OF_ADDRESS
from registrations.services.webhooks import MOST_LETTERS

from .base import ActForm
from .fields import DayField


class KindsForm(ActForm):
    """What a program is told of, and what it is called here."""

    kinds = forms.MultipleChoiceField(
        label="It is told of",
        choices=WebhookKind.choices,
        initial=WebhookKind.values,
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": "Choose what the program is told of.",
            "invalid_choice": "Choose from the list.",
        },
    )
    description = forms.CharField(
        label="What listens there",
        required=False,
        max_length=MOST_LETTERS,
        help_text="Such as “The deal room”. It stands in the list.",
    )

    def __init__(self, *args: Any, webhook: WebhookEndpoint | None = None, **kwargs: Any) -> None:
        if webhook is not None:
            kwargs["initial"] = {"kinds": webhook.kinds, "description": webhook.description}
        super().__init__(*args, **kwargs)


class WebhookForm(KindsForm):
    """The same with the address."""

    url = forms.CharField(
        label="Address",
        max_length=MOST_OF_ADDRESS,
        widget=forms.URLInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        help_text="Where we post, such as https://example.com/rightsbook. By https, on port 443 "
        "or 8443, and reachable from the internet.",
        error_messages={"required": "Give the address to post to."},
    )

    field_order = ["url", "description", "kinds"]


class NoMoreForm(ActForm):
    """A form that asks for nothing but that it is meant."""


class SinceForm(ActForm):
    """From which day on everything is sent again."""

    since = DayField(
        label="Since",
        help_text="All that happened from the beginning of this day on, in the agreement’s zone.",
        error_messages={"required": "Give the day."},
    )
