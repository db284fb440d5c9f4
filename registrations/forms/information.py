"""Forms for the information a Selling Investor furnishes."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from investors.models import Investor
from notices.models import Method
from registrations.models import InformationAnswer
from registrations.rules.information import PARTS
from registrations.services.information import InformationIn

from .base import ActForm
from .fields import DayField, WholeField, choices_of


class AskForm(ActForm):
    """The Company asks Selling Investors for information."""

    def __init__(
        self,
        *args: Any,
        investors: Sequence[tuple[Investor, str]],
        again: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.investors = {str(i.pk): i for i, _ in investors}
        self.fields["investors"] = forms.MultipleChoiceField(
            label="Who was asked?",
            choices=[(str(i.pk), f"{i.name}{says}") for i, says in investors],
            widget=forms.CheckboxSelectMultiple,
            error_messages={"required": "Choose the Investors that were asked."},
        )
        self.fields["sent_on"] = DayField(label="Sent on")
        self.fields["method"] = forms.ChoiceField(
            label="How it went",
            choices=choices_of(dict(Method.choices), blank="Choose the way it went"),
            error_messages={"required": "Choose how the request went."},
        )
        self.fields["due_on"] = DayField(
            label="Answer due on", help_text="The day the Company sets."
        )
        self.fields["parts"] = forms.MultipleChoiceField(
            label="What was asked for?",
            choices=list(PARTS.items()),
            initial=list(PARTS),
            widget=forms.CheckboxSelectMultiple,
            error_messages={"required": "Choose what was asked for."},
        )
        if again:
            self.fields["reason"] = forms.CharField(
                label="Why, if one of them was asked before",
                max_length=2000,
                required=False,
                widget=forms.Textarea(attrs={"rows": 2}),
            )

    def chosen(self) -> list[Investor]:
        """The Investors ticked."""
        return [self.investors[key] for key in self.cleaned_data["investors"]]


class ShareOfClassField(forms.Field):
    """A percentage to three places: "12.5"."""

    widget = forms.TextInput

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.widget.attrs.update(inputmode="decimal", autocomplete="off", maxlength="9", size="9")

    def to_python(self, value: Any) -> Decimal | None:
        if isinstance(value, Decimal):
            return value
        text = str(value or "").strip().removesuffix("%").strip()
        if not text:
            return None
        if not re.fullmatch(r"[0-9]{1,3}(\.[0-9]{1,3})?", text) or Decimal(text) > 100:
            raise ValidationError(f"“{str(value)[:20]}” is not a percentage. Write it as 12.5.")
        return Decimal(text)

    def prepare_value(self, value: Any) -> Any:
        return f"{value.normalize():f}" if isinstance(value, Decimal) else value


def _words(part: str, help_text: str = "", rows: int = 2) -> forms.CharField:
    return forms.CharField(
        label=PARTS[part],
        max_length=10_000,
        required=False,
        help_text=help_text,
        widget=forms.Textarea(attrs={"rows": rows}),
    )


class AnswerForm(ActForm):
    """What a Selling Investor answered; a part it did not state stays empty."""

    received_on = DayField(label="Received on", help_text="The day the last of it came.")
    name = forms.CharField(label=PARTS["name"], max_length=200, required=False)
    relationship = _words("relationship", "“None” is an answer; empty is not.")
    shares_before = WholeField(label=PARTS["shares_before"], required=False)
    shares_offered = WholeField(label=PARTS["shares_offered"], required=False)
    shares_after = WholeField(label=PARTS["shares_after"], required=False)
    percent_after = ShareOfClassField(label=PARTS["percent_after"], required=False)
    distribution = _words("distribution")
    control_persons = _words("control_persons", "“It is a natural person” is an answer too.")
    broker_dealer = _words("broker_dealer")

    def __init__(
        self,
        *args: Any,
        record: InformationAnswer | None = None,
        start: Mapping[str, Any] | None = None,
        **kwargs: Any,
    ) -> None:
        if record is not None:
            names = ("received_on", *InformationIn._fields)
            kwargs["initial"] = {name: getattr(record, name) for name in names}
        elif start is not None:
            kwargs["initial"] = dict(start)
        super().__init__(*args, **kwargs)
        if record is not None:
            self.fields["reason"] = forms.CharField(
                label="Why, if what was stated changes",
                max_length=2000,
                required=False,
                widget=forms.Textarea(attrs={"rows": 2}),
                help_text="Not needed to fill in a part that was missing.",
            )

    def answer(self) -> InformationIn:
        """What was typed in."""
        return InformationIn(**{name: self.cleaned_data[name] for name in InformationIn._fields})
