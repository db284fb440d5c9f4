"""The form for a file the Company shows its Investors."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from investors.models import Investor

from .base import ActForm
from .fields import FilesField


class DocumentForm(ActForm):
    """A file, what it is, and who is to see it."""

    title = forms.CharField(
        label="What is it?",
        max_length=200,
        help_text="As Investors are to read it: Final prospectus.",
        error_messages={"required": "Say what it is."},
    )

    def __init__(self, *args: Any, investors: Sequence[Investor], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.investors = investors
        self.fields["whom"] = forms.ChoiceField(
            label="Who is to see it?",
            required=False,
            choices=[("", "Every Investor"), *((str(i.public_id), i.name) for i in investors)],
        )
        self.fields["files"] = FilesField(
            label="File",
            required=True,
            help_text="One PDF, PNG, JPEG or TIFF of up to 20 MB.",
        )

    def investor(self) -> Investor | None:
        whom = self.cleaned_data["whom"]
        return next((i for i in self.investors if str(i.public_id) == whom), None)
