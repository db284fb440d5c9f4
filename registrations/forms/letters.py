"""The form counsel edit the words of a letter with."""

from __future__ import annotations

from typing import Any

from django import forms

from registrations.wordings import MOST

from .base import ReasonForm


class LetterTextForm(ReasonForm):
    """The words of a kind of letter, and why they are changed."""

    def __init__(self, *args: Any, text: str, why: str = "", **kwargs: Any) -> None:
        super().__init__(*args, initial={"text": text, "reason": why}, **kwargs)
        reason = self.fields.pop("reason")
        self.fields["text"] = forms.CharField(
            label="The letter",
            strip=False,
            max_length=MOST,
            widget=forms.Textarea(attrs={"rows": 24, "spellcheck": "true"}),
            error_messages={
                "required": "Enter the letter’s words.",
                "max_length": f"A letter has {MOST:,} characters at most.",
            },
        )
        self.fields["reason"] = reason
