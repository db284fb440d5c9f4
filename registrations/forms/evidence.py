"""The form for files that prove something of a notice."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from notices.models import Delivery

from .base import ActForm
from .fields import FilesField

FILES_HINT = (
    "PDF, PNG, JPEG or TIFF, up to 20 MB each. Choose files last: a page that comes back with "
    "a question does not keep them."
)


class EvidenceForm(ActForm):
    """Files that prove something of a notice, or of one copy of it."""

    def __init__(self, *args: Any, deliveries: Sequence[Delivery], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.deliveries = deliveries
        self.fields["about"] = forms.ChoiceField(
            label="What does it prove?",
            required=False,
            choices=[
                ("", "The notice as a whole"),
                *(
                    (str(d.public_id), f"The copy to {d.recipient or 'the Company'}")
                    for d in deliveries
                ),
            ],
        )
        self.fields["files"] = FilesField(
            required=True, help_text="PDF, PNG, JPEG or TIFF, up to 20 MB each."
        )

    def delivery(self) -> Delivery | None:
        chosen = self.cleaned_data["about"]
        return next((d for d in self.deliveries if str(d.public_id) == chosen), None)
