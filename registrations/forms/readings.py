"""The form that chooses a reading for the whole agreement."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms

from .base import ReasonForm
from .fields import DayField

LEFT_OPEN = "open"


class ChooseReadingForm(ReasonForm):
    """Which reading governs in every matter, from when, and why.

    ``standing`` is the reading chosen so far, empty where none is.
    """

    def __init__(
        self,
        *args: Any,
        readings: Sequence[tuple[str, str]],
        standing: str,
        today: date,
        **kwargs: Any,
    ) -> None:
        initial = {"choice": standing, "governs_from": today}
        super().__init__(*args, initial=initial, **kwargs)
        reason = self.fields.pop("reason")
        again = [(LEFT_OPEN, "None: the question is open again")] if standing else []
        self.fields["choice"] = forms.ChoiceField(
            label="Which reading governs?",
            choices=[*readings, *again],
            widget=forms.RadioSelect,
            error_messages={"required": "Choose the reading that governs."},
        )
        self.fields["governs_from"] = DayField(
            label="Governs from",
            help_text="A matter closed before that day stays as it was judged.",
        )
        reason.label = "Memo"
        self.fields["reason"] = reason

    def clean_choice(self) -> str:
        choice: str = self.cleaned_data["choice"]
        return "" if choice == LEFT_OPEN else choice
