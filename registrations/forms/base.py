"""What every recording form shares: the one-time key, what the person was shown before
saving, and a refusal put beside the field it is about."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from django import forms
from django.forms.utils import ErrorDict

from investors.acts import Refused

from .fields import DayField


class PlainForm(forms.Form):
    """A form whose wrong input is answered in our own words, above it and at its field."""

    use_required_attribute = False

    @property
    def problems(self) -> list[tuple[str, str]]:
        """Every message with the anchor of its field, in the order of the page."""
        if not self.is_bound:
            return []
        found = [("", str(message)) for message in self.non_field_errors()]
        for bound in self:
            anchor = bound.auto_id
            if isinstance(bound.field.widget, forms.CheckboxSelectMultiple | forms.RadioSelect):
                anchor = f"{bound.auto_id}_0"
            if bound.is_hidden:
                anchor = ""
            found += [(anchor, str(message)) for message in bound.errors]
        return found


class ActForm(PlainForm):
    """A form that records one act.

    ``once`` is its one-time key: the same key never records twice.  ``seen`` stands for
    what the page said would follow when the person pressed the button.  ``aliases`` gives
    the field a refusal is shown at where the service knows it by another name.
    """

    aliases: Mapping[str, str] = {}

    once = forms.UUIDField(
        widget=forms.HiddenInput,
        error_messages={
            "required": "This form has lost its key. Open it again and enter it anew.",
            "invalid": "This form has lost its key. Open it again and enter it anew.",
        },
    )
    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=80)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["initial"] = {"once": uuid.uuid4(), **(kwargs.get("initial") or {})}
        kwargs["label_suffix"] = ""
        super().__init__(*args, **kwargs)

    def refuse(self, refusal: Refused) -> None:
        """Show a service's refusal at its field, or above the form when it has none."""
        name = self.aliases.get(refusal.field, refusal.field)
        message = refusal.message
        if refusal.clause:
            message = f"{message} §{refusal.clause}"
        self.add_error(name if name in self.fields else None, message)

    def show(self, token: str) -> None:
        """Note on the form what the person is being shown would follow."""
        data: Any = self.data.copy()  # type: ignore[attr-defined]
        data["seen"] = token
        self.data = data

    def hush(self) -> None:
        """Say nothing of what is missing: the person is still filling it in."""
        self._errors = ErrorDict()

    @property
    def redrawn(self) -> str:
        """The parts of the page drawn anew whenever something is typed: the buttons, the
        hidden fields, and the echo of each day."""
        days = [f"#{b.auto_id}_echo" for b in self if isinstance(b.field, DayField)]
        return ",".join(["#save", "#once", *days])

    @property
    def file_names(self) -> str:
        """The names of file fields, which are not sent to work out what follows."""
        return ",".join(n for n, f in self.fields.items() if isinstance(f, forms.FileField))


class ReasonForm(ActForm):
    """A form that asks why."""

    reason = forms.CharField(
        label="Why",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="It stays in the audit trail beside what was recorded before.",
        error_messages={"required": "Say why. It stays on the record."},
    )
