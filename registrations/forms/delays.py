"""The form for a delay the Company directed (D15)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms

from registrations.models import DelayRecord
from registrations.services.delays import DelayIn

from .base import ActForm
from .fields import DayField

_SO = {"yes": True, "no": False}


class DelayForm(ActForm):
    """The Company put a demand off: the facts that allow it, each of which may be unknown.

    ``words`` are what the agreement's term hangs on; ``record`` is what stands on record
    when that is put right.
    """

    aliases = {"circumstances": "other_ground"}

    def __init__(
        self,
        *args: Any,
        words: Mapping[str, str],
        counted_from: str,
        offering: bool,
        record: DelayRecord | None = None,
        **kwargs: Any,
    ) -> None:
        self.words = words
        if record is not None:
            so = {value: name for name, value in _SO.items()}
            kwargs["initial"] = {
                **{name: getattr(record, name) for name in DelayIn._fields},
                **{f"so_{w}": so[known] for w, known in record.circumstances.items()},
            }
        super().__init__(*args, **kwargs)
        self.fields["directed_on"] = DayField(
            label="Directed on", help_text="The day the Company told the Investors of the delay."
        )
        self.fields["what"] = forms.CharField(
            label="For which offering or activity?", max_length=200, required=False
        )
        for word, says in words.items():
            self.fields[f"so_{word}"] = forms.ChoiceField(
                label=f"Is it so that {says}?" if " " in says else says,
                choices=[("", "Not known"), ("yes", "Yes"), ("no", "No")],
                required=False,
            )
        if offering:
            self.fields["planned_on"] = DayField(
                label="Day the offering was planned to begin", required=False
            )
        if counted_from:
            self.fields["counted_from_on"] = DayField(
                label=f"Day the longest delay is counted from: {counted_from}",
                required=False,
                help_text="Leave empty while it has not come: until then the last day to file "
                "is not known.",
            )
        self.fields["until_on"] = DayField(
            label="Last day of the delay, if the Company named one",
            required=False,
            help_text="Leave empty where it directed as long a delay as it may.",
        )
        self.fields["other_ground"] = forms.CharField(
            label="Another ground, which the agreement does not define",
            max_length=300,
            required=False,
            help_text="Such as other material activity, in the Company’s words. It counts only "
            "on counsel’s decision.",
        )
        if record is not None:
            self.fields["reason"] = forms.CharField(
                label="Why",
                max_length=2000,
                widget=forms.Textarea(attrs={"rows": 3}),
                help_text="It stays in the audit trail beside what was recorded before.",
                error_messages={"required": "Say why. It stays on the record."},
            )

    def delay(self) -> DelayIn:
        """What was typed in."""
        data = self.cleaned_data
        return DelayIn(
            data["directed_on"],
            data["what"],
            {w: _SO[said] for w in self.words if (said := data[f"so_{w}"])},
            data.get("planned_on"),
            data.get("counted_from_on"),
            data["until_on"],
            data["other_ground"],
        )
