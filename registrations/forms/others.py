"""Forms for Other Holders (D12)."""

from __future__ import annotations

from typing import Any

from django import forms

from registrations.models import Inclusion, OtherHolder
from registrations.services.others import InclusionIn

from .base import ActForm
from .fields import DayField, WholeField

_JOINS = {"yes": True, "no": False, "": None}


def _why(form: ActForm) -> None:
    form.fields["reason"] = forms.CharField(
        label="Why is this added or changed?",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="It stays in the audit trail beside what was recorded before.",
        error_messages={"required": "Say why. It stays on the record."},
    )


class OtherHolderForm(ActForm):
    """A holder with a contractual right of its own."""

    name = forms.CharField(label="Name", max_length=200)
    paper = forms.CharField(
        label="Which agreement gives it the right?",
        max_length=200,
        help_text="Such as “Registration Rights Agreement of May 1, 2001”.",
    )
    from_on = DayField(label="Its right begins on")
    shares = WholeField(
        label="How many shares is its right for?",
        required=False,
        help_text="Leave empty where its paper does not say.",
    )

    def __init__(self, *args: Any, record: OtherHolder | None = None, **kwargs: Any) -> None:
        if record is not None:
            names = ("name", "paper", "from_on", "shares")
            kwargs["initial"] = {name: getattr(record, name) for name in names}
        super().__init__(*args, **kwargs)
        if record is not None:
            _why(self)


class InclusionForm(ActForm):
    """What became of an Other Holder in a demand."""

    offered_on = DayField(
        label="Offered a place on", help_text="The day the Company offered it, for the Investors."
    )
    terms_required = forms.BooleanField(
        label="The Company requires it to accept the terms of the section",
        required=False,
        initial=True,
    )
    answered_on = DayField(label="Answered on", required=False)
    joins = forms.ChoiceField(
        label="Does it join?",
        choices=[("", "No answer yet"), ("yes", "Yes"), ("no", "No")],
        required=False,
    )
    shares = WholeField(label="With how many shares?", required=False)
    terms_accepted_on = DayField(label="Accepted the terms on", required=False)

    def __init__(self, *args: Any, record: Inclusion | None = None, **kwargs: Any) -> None:
        if record is not None:
            said = {value: name for name, value in _JOINS.items()}
            initial = {name: getattr(record, name) for name in InclusionIn._fields}
            kwargs["initial"] = {**initial, "joins": said[record.joins]}
        super().__init__(*args, **kwargs)
        if record is not None:
            _why(self)

    def inclusion(self) -> InclusionIn:
        """What was typed in."""
        data = self.cleaned_data
        return InclusionIn(
            data["offered_on"],
            data["terms_required"],
            data["answered_on"],
            _JOINS[data["joins"]],
            data["shares"],
            data["terms_accepted_on"],
        )
