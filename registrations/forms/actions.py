"""Forms for what the Company did to a whole class of shares."""

from __future__ import annotations

from typing import Any

from django import forms

from investors.models import CorporateAction
from registrations.services.actions import INTO, MOST, OF, ActionIn

from .base import ActForm
from .fields import DayField, WholeField, choices_of

_CLASSES = dict(CorporateAction.Class.choices)


class ActionForm(ActForm):
    """A split, a stock dividend, or an exchange of a whole class."""

    kind = forms.ChoiceField(
        label="What happened",
        choices=[(k.value, k.label) for k in OF],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what happened."},
    )
    security = forms.ChoiceField(
        label="To every share of",
        choices=CorporateAction.Class.choices,
        help_text="Warrants can only be exchanged. What they buy follows the Common Stock.",
    )
    numerator = WholeField(
        label="A holder gets",
        most=MOST,
        help_text="2 in a 2 for 1 split; 1 in a dividend of 1 for each 10.",
        error_messages={"required": "Enter how many a holder gets."},
    )
    denominator = WholeField(
        label="For each so many held",
        most=MOST,
        help_text="1 in a 2 for 1 split; 10 in a dividend of 1 for each 10.",
        error_messages={"required": "Enter for how many held."},
    )
    into = forms.ChoiceField(
        label="Of which class, in an exchange",
        choices=choices_of({name: _CLASSES[name] for name in INTO}, "Not an exchange"),
        required=False,
    )
    on = DayField(
        label="Counted from",
        help_text="It takes effect at the start of that day: what is entered for the day is "
        "counted after it.",
    )
    fractions = forms.ChoiceField(
        label="Parts of a share are",
        choices=CorporateAction.Fractions.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Say what a holder has for part of a share."},
    )
    rates_follow = forms.BooleanField(
        label="What Preferred converts into and Warrants buy is adjusted with it",
        required=False,
        help_text="Take the mark away where the paper says that they stay as they were.",
    )
    place = WholeField(
        label="Place among actions of that day",
        most=20,
        help_text="1, unless another took effect before it on the same day.",
    )
    note = forms.CharField(
        label="Note",
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Such as the certificate of amendment it is from.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        first = {"fractions": "", "rates_follow": True, "place": 1}
        kwargs["initial"] = {**first, **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)

    def action(self) -> ActionIn:
        """What was typed in."""
        return ActionIn(**{name: self.cleaned_data[name] for name in ActionIn._fields})


class CorrectActionForm(ActionForm):
    """What is recorded of an action was wrong, or it never happened."""

    never = forms.BooleanField(
        label="It never happened",
        required=False,
        help_text="Then nothing above counts, and holdings are what they were without it.",
    )
    reason = forms.CharField(
        label="Why",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="It stays in the audit trail beside what was recorded before.",
        error_messages={"required": "Say why. It stays on the record."},
    )
