"""Forms about what EDGAR says."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms

from registrations.models import Demand
from registrations.rules.days import say

from .base import ActForm, ReasonForm
from .matters import CoversMixin, Part, add_detail


class CikForm(ReasonForm):
    """The Company's number at the SEC."""

    def __init__(self, *args: Any, cik: str, **kwargs: Any) -> None:
        super().__init__(*args, initial={"cik": cik}, **kwargs)
        reason = self.fields.pop("reason")
        self.fields["cik"] = forms.CharField(
            label="CIK",
            required=False,
            max_length=10,
            widget=forms.TextInput(attrs={"inputmode": "numeric"}),
            help_text="The Company’s number at the SEC, such as 1234567. Leave it empty to stop "
            "asking EDGAR.",
            error_messages={"max_length": "A CIK has ten digits at most."},
        )
        self.fields["reason"] = reason


class AskEdgarForm(ActForm):
    """EDGAR is to be asked now: nothing to fill in."""


class AcceptForm(CoversMixin, ActForm):
    """What has to be chosen to record what EDGAR says: the day, where there are several; the
    registration a filing is for, and what it covers; why it was withdrawn."""

    def __init__(
        self,
        *args: Any,
        days: Sequence[dict[str, str]] = (),
        demands: Sequence[Demand] = (),
        details: Sequence[tuple[str, str]] = (),
        parts: Sequence[Part] = (),
        ask_why: bool = False,
        **kwargs: Any,
    ) -> None:
        initial: dict[str, Any] = {f"covers_{p.investor}": p.asked for p in parts}
        self.demands = {each.reference: each for each in demands}
        if len(demands) == 1:
            initial["demand"] = demands[0].reference
        super().__init__(*args, initial=initial, **kwargs)
        if len(days) > 1:
            self.fields["on"] = forms.ChoiceField(
                label="On which day?",
                choices=[
                    (each["on"], f"{say(date.fromisoformat(each['on']))}: {each['says']}")
                    for each in days
                ],
                widget=forms.RadioSelect,
                error_messages={"required": "Choose the day."},
            )
        if demands:
            self.fields["demand"] = forms.ChoiceField(
                label="Filed for which registration?",
                choices=[(each.reference, each.title) for each in demands],
                widget=forms.RadioSelect,
                error_messages={"required": "Choose the registration."},
            )
        add_detail(self, details)
        if ask_why:
            self.fields["reason"] = forms.CharField(
                label="Why was it withdrawn?",
                max_length=2000,
                widget=forms.Textarea(attrs={"rows": 3}),
                error_messages={"required": "Say why. It stays on the record."},
            )
        self.add_parts(parts)

    @property
    def plain_fields(self) -> list[forms.BoundField]:
        """What there is to fill in beside what the statement covers."""
        return [f for f in self.visible_fields() if not f.name.startswith("covers_")]

    def day(self) -> date | None:
        """The day chosen, where there was one to choose."""
        chosen = self.cleaned_data.get("on")
        return date.fromisoformat(chosen) if chosen else None

    def demand(self) -> Demand | None:
        """The registration chosen, where there was one to choose."""
        return self.demands.get(self.cleaned_data.get("demand", ""))
