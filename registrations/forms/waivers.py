"""Forms for what a party waived (S8)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from investors.models import Investor
from registrations.models import Waiver

from .base import ActForm, ReasonForm
from .evidence import FILES_HINT
from .fields import DayField, FilesField


class WaiverForm(ActForm):
    """Who waived what, and when it signed."""

    def __init__(
        self,
        *args: Any,
        investors: Sequence[Investor],
        rights: Sequence[tuple[str, str]],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["right"] = forms.ChoiceField(
            label="What was waived, in this matter?",
            choices=list(rights),
            widget=forms.RadioSelect,
            error_messages={"required": "Choose what was waived."},
        )
        self.fields["investor"] = forms.ModelChoiceField(
            Investor.objects.filter(pk__in=[i.pk for i in investors]).order_by("name", "pk"),
            label="Which Investor?",
            empty_label="None",
            required=False,
            help_text="The one that signed; where the Company waives the last day for a request, "
            "the one whose request it takes. None for a condition or a rest.",
        )
        self.fields["signed_on"] = DayField(label="Signed on")
        self.fields["files"] = FilesField(label="The signed paper", help_text=FILES_HINT)
        self.fields["reason"] = forms.CharField(
            label="Why, if the same waiver was taken back before",
            max_length=2000,
            required=False,
            widget=forms.Textarea(attrs={"rows": 2}),
        )


class CorrectWaiverForm(ReasonForm):
    """What is on record of a waiver, put right."""

    def __init__(self, *args: Any, waiver: Waiver, **kwargs: Any) -> None:
        super().__init__(*args, initial={"signed_on": waiver.signed_on}, **kwargs)
        reason = self.fields.pop("reason")
        self.fields["signed_on"] = DayField(label="Signed on")
        self.fields["taken_back"] = forms.BooleanField(
            label="There is no such waiver: it was recorded by mistake", required=False
        )
        self.fields["files"] = FilesField(label="The signed paper", help_text=FILES_HINT)
        self.fields["reason"] = reason
