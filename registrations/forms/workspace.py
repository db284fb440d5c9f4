"""The form for our own standards, none of which is in an agreement."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from investors.models import Company

from .base import ReasonForm
from .fields import WholeField


class DaysField(forms.Field):
    """A list of whole days: "30, 14, 7, 1, 0, -1"."""

    widget = forms.TextInput

    def to_python(self, value: Any) -> list[int]:
        words = re.split(r"[\s,;]+", str(value or "").replace("\u2212", "-").strip(" ,;"))
        if words == [""]:
            return []
        if not all(re.fullmatch(r"-?[0-9]{1,3}", word) for word in words):
            raise ValidationError("Enter whole days with commas between, such as 30, 14, 7, 0.")
        return [int(word) for word in words]

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(str(day) for day in value) if isinstance(value, list) else value


class SettingsForm(ReasonForm):
    """Reminders, and the numbers we use where the agreement gives none."""

    def __init__(self, *args: Any, company: Company, **kwargs: Any) -> None:
        names = (
            "reminder_days",
            "promptly_business_days",
            "receipt_expected_days",
            "due_soon_days",
        )
        initial = {name: getattr(company, name) for name in names}
        super().__init__(*args, initial=initial, **kwargs)
        reason = self.fields.pop("reason")
        self.fields["reminder_days"] = DaysField(
            label="Reminders go so many days before the last day",
            help_text="0 is the day itself, -1 the day after.",
            error_messages={"required": "Give at least one day, such as 7."},
        )
        self.fields["promptly_business_days"] = WholeField(
            label="“Promptly”, in business days",
            help_text="Our standard. The agreement gives no number.",
        )
        self.fields["receipt_expected_days"] = WholeField(
            label="A receipt is chased after so many days",
            help_text="Our standard, not in the agreement.",
        )
        self.fields["due_soon_days"] = WholeField(
            label="A date is shown as due soon from so many days before"
        )
        self.fields["reason"] = reason
