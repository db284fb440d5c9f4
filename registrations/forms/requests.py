"""What an Investor asks for: its fields, and the form for what a request lacked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms

from investors.models import Investor
from registrations.rules.securities import Position
from registrations.services.requests import AskIn

from .base import ActForm
from .fields import DayField, WholeField

ASK_FIELDS = ("units", "shares", "distribution", "other_information", "nothing_else")


def add_ask_fields(form: forms.Form, suffix: str, limit: tuple[str, str]) -> None:
    """The parts of a request (D5), for one Investor."""
    form.fields[f"units{suffix}"] = WholeField(label="Units", required=False, help_text=limit[0])
    form.fields[f"shares{suffix}"] = WholeField(
        label="Registrable Shares", required=False, help_text=limit[1]
    )
    form.fields[f"distribution{suffix}"] = forms.CharField(
        label="Intended method of distribution",
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="In its own words. Leave empty if it states none.",
    )
    form.fields[f"other_information{suffix}"] = forms.CharField(
        label="Other information it gives",
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    form.fields[f"nothing_else{suffix}"] = forms.BooleanField(
        label="The Company had asked for no other information", required=False
    )


def ask_of(data: Mapping[str, Any], investor: Investor, suffix: str) -> AskIn:
    """What an Investor asks for: a part not stated stays unstated, not zero."""
    other = (data.get(f"other_information{suffix}") or "").strip()
    return AskIn(
        investor,
        data.get(f"units{suffix}"),
        data.get(f"shares{suffix}"),
        (data.get(f"distribution{suffix}") or "").strip(),
        other or ("" if data.get(f"nothing_else{suffix}") else None),
    )


class CompleteForm(ActForm):
    """What a request lacked, or what it really said."""

    def __init__(self, *args: Any, standing: Any, held: Position, **kwargs: Any) -> None:
        initial = {
            "units": standing.units,
            "shares": standing.shares,
            "distribution": standing.distribution,
            "other_information": standing.other_information or "",
            "nothing_else": standing.other_information == "",
        }
        super().__init__(*args, initial=initial, **kwargs)
        self.fields["stated_on"] = DayField(
            label="The rest came on",
            help_text="The day the request was received does not move.",
        )
        add_ask_fields(
            self,
            "",
            (f"Up to {held.units:,}.", f"Up to {held.registrable:,}."),
        )
        self.fields["reason"] = forms.CharField(
            label="Why it is changed",
            required=False,
            max_length=2000,
            widget=forms.Textarea(attrs={"rows": 2}),
            help_text="Needed only when something already recorded changes.",
        )
