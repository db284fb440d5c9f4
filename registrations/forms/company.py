"""Forms for a registration the Company itself proposes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from registrations.models import ProposalRecord
from registrations.services.company import ProposalIn

from .base import ActForm, ReasonForm
from .evidence import FILES_HINT
from .fields import DayField, FilesField, choices_of

_ALLOWS = {"yes": "Yes", "no": "No", "": "Nobody has looked yet"}
_FORM_ALLOWS = {"yes": True, "no": False, "": None}


def _yes_no(label: str, **kwargs: Any) -> forms.BooleanField:
    return forms.BooleanField(label=label, required=False, **kwargs)


class ProposalFields(forms.Form):
    """What the Company proposes: the facts a screening needs (P1, P2)."""

    what = forms.CharField(
        label="What does the Company propose to register?",
        max_length=200,
        help_text="Such as “2,000,000 shares of Common Stock”.",
        error_messages={"required": "Say what the Company proposes to register."},
    )
    account = forms.CharField(
        label="On whose account?",
        max_length=120,
        required=False,
        help_text="The Company, or the stockholders it registers for.",
    )
    form = forms.CharField(label="Form", max_length=12, required=False, help_text="Such as S-3.")
    form_allows = forms.ChoiceField(
        label="Could that form carry the Investors’ shares?",
        choices=list(_ALLOWS.items()),
        widget=forms.RadioSelect,
        required=False,
    )
    public_offering = _yes_no("For a public offering", initial=True)
    only_for = forms.ChoiceField(
        label="Is it only for one of these?",
        choices=choices_of(dict(ProposalRecord.OnlyFor.choices), blank="None of them"),
        required=False,
        help_text="An agreement may leave these out.",
    )
    underwritten = _yes_no("Underwritten")
    planned_on = DayField(
        label="Planned filing day", required=False, help_text="Leave empty while not known."
    )

    def proposal(self) -> ProposalIn:
        """What was typed in."""
        data = self.cleaned_data
        return ProposalIn(
            data["what"],
            data["account"],
            data["form"],
            _FORM_ALLOWS[data["form_allows"]],
            data["public_offering"],
            data["only_for"],
            data["underwritten"],
            data["planned_on"],
        )


class ProposeForm(ActForm, ProposalFields):
    """The Company proposes a registration."""

    proposed_on = DayField(label="Proposed on", help_text="The day the Company decided to.")
    memo = forms.CharField(
        label="Memo, if no Registration Notice is owed",
        required=False,
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Why not. It is kept as counsel’s conclusion, with your name and the day.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["files"] = FilesField(help_text=FILES_HINT)


class ChangeForm(ReasonForm, ProposalFields):
    """What the Company proposes has changed."""

    stated_on = DayField(label="So from")

    def __init__(self, *args: Any, record: ProposalRecord, **kwargs: Any) -> None:
        allows = {value: name for name, value in _FORM_ALLOWS.items()}
        initial = {
            **{name: getattr(record, name) for name in ProposalIn._fields},
            "form_allows": allows[record.form_allows],
        }
        super().__init__(*args, initial=initial, **kwargs)
        self.order_fields(["once", "seen", "stated_on", *ProposalIn._fields, "reason"])


class WithdrawForm(ReasonForm):
    """The Company withdrew its registration."""

    on = DayField(label="Withdrawn on")


class AcceptanceForm(ActForm):
    """An Investor accepted the terms of the underwriting."""

    def __init__(self, *args: Any, investors: Sequence[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["investor"] = forms.ChoiceField(
            label="Which Investor?",
            choices=[("", "Choose the Investor"), *((str(pk), name) for pk, name in investors)],
            error_messages={"required": "Choose the Investor that accepted."},
        )
        self.fields["on"] = DayField(label="Accepted on")
        self.fields["reason"] = forms.CharField(
            label="Why, if this corrects what is on record", required=False, max_length=2000
        )
