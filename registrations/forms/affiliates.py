"""Forms for groups of Investors that count as one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from investors.models import AffiliateMember, Investor

from .base import ActForm, ReasonForm
from .fields import DayField, choices_of

Kin = AffiliateMember.Kin
_KIN = [(k.value, k.label) for k in Kin if k is not Kin.VOID]
_JOINED = "Belongs to it from"
_LEFT = "Last day it belonged"
_STILL = "Left empty while it still does."


class GroupForm(ActForm):
    """A group by its name."""

    name = forms.CharField(
        label="Name of the group",
        max_length=200,
        help_text="Such as “Great Lakes Partners and its partners”.",
        error_messages={"required": "Enter a name for the group."},
    )


class MemberForm(ActForm):
    """An Investor that belongs to a group."""

    def __init__(self, *args: Any, investors: Sequence[Investor], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.investors = investors
        self.fields["investor"] = forms.ChoiceField(
            label="Which Investor",
            choices=choices_of({str(i.public_id): i.name for i in investors}, "Choose"),
            error_messages={"required": "Choose the Investor that belongs to it."},
        )
        self.fields["kin"] = forms.ChoiceField(
            label="What it is to the group", choices=choices_of(dict(_KIN), "Choose"),
            error_messages={"required": "Choose what it is to the group."},
        )  # fmt: skip
        self.fields["from_on"] = DayField(label=_JOINED)
        self.fields["to_on"] = DayField(label=_LEFT, required=False, help_text=_STILL)

    def investor(self) -> Investor:
        chosen = self.cleaned_data["investor"]
        return next(i for i in self.investors if str(i.public_id) == chosen)


class ChangeMemberForm(ReasonForm):
    """A member left, or what is recorded of it was wrong."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        reason = self.fields.pop("reason")
        self.fields["kin"] = forms.ChoiceField(label="What it is to the group", choices=Kin.choices)
        self.fields["from_on"] = DayField(label=_JOINED)
        self.fields["to_on"] = DayField(label=_LEFT, required=False, help_text=_STILL)
        self.fields["reason"] = reason
