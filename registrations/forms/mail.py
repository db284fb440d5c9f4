"""What a person chooses of the e-mails that remind of days."""

from __future__ import annotations

from django import forms

from .base import PlainForm

AT_ONCE, DIGEST, NONE = "at_once", "digest", "none"
_WAYS = [
    (AT_ONCE, "At once: each as it comes up"),
    (DIGEST, "Each morning: what came up since the morning before, in one e-mail"),
]


class MailForm(PlainForm):
    """When reminders go to one; who acts for a company cannot do without."""

    remind = forms.ChoiceField(
        label="Reminders of days",
        choices=[*_WAYS, (NONE, "None: I look here")],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose when reminders go to you."},
    )

    def __init__(self, *args: object, may_do_without: bool, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        if not may_do_without:
            remind = self.fields["remind"]
            assert isinstance(remind, forms.ChoiceField)
            remind.choices = _WAYS
