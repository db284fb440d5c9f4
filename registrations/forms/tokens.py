"""The form for an API token."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet

from investors.models import Agreement, ApiToken
from registrations.services.tokens import MOST_DAYS, MOST_LETTERS

from .base import ActForm
from .fields import WholeField


class TokenForm(ActForm):
    """What a token is for, what it opens, and for how long."""

    name = forms.CharField(
        label="What it is for",
        max_length=MOST_LETTERS,
        help_text="Such as “Nightly report”. It stands in the audit trail whenever the token is "
        "made, used or revoked.",
        error_messages={"required": "Say what the token is for."},
    )
    scope = forms.ChoiceField(
        label="It may",
        choices=ApiToken.Scope.choices,
        initial=ApiToken.Scope.READ,
        widget=forms.RadioSelect,
        help_text="Never more than you may yourself.",
        error_messages={"required": "Choose what the token may do."},
    )
    agreement = forms.ModelChoiceField(
        Agreement.objects.none(),
        label="It opens",
        required=False,
        empty_label="All agreements you may see, those to come included",
        error_messages={"invalid_choice": "Choose an agreement from the list."},
    )
    days = WholeField(
        label="It is good for so many days",
        initial=90,
        help_text=f"1 to {MOST_DAYS}. Then make another.",
    )

    def __init__(self, *args: Any, agreements: QuerySet[Agreement], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["agreement"].queryset = agreements  # type: ignore[attr-defined]
