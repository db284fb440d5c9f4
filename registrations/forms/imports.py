"""The forms of an import: the file, and which of its columns is what."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms

from investors.models import LedgerEntry
from registrations.spreadsheets.fields import DATES, FIELDS

from .base import ActForm
from .fields import DayField

_EACH = {"party_from": "For Investors who are new to the register."}


class FileForm(ActForm):
    """A file with a register, and where it is from."""

    source = forms.CharField(
        label="Where is it from?",
        max_length=80,
        help_text="Such as the transfer agent’s name. Its columns are remembered under it.",
        error_messages={"required": "Say where the file is from."},
    )
    file = forms.FileField(
        label="File",
        help_text="CSV or an Excel workbook (.xlsx); the first line names the columns. "
        "Of a workbook the first sheet is read. Or an Open Cap Format file (.zip).",
        error_messages={"required": "Choose a file.", "empty": "The file is empty."},
    )

    def __init__(self, *args: Any, sources: Sequence[str] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.sources = sources
        if sources:
            self.fields["source"].help_text += f" Earlier ones: {', '.join(sources)}."
        self.fields["file"].widget.attrs["accept"] = ".csv,.txt,.xlsx,.zip"


class ColumnsForm(ActForm):
    """Which column says what, and what stands for those there are not."""

    def __init__(
        self, *args: Any, head: Sequence[str], reads: Mapping[str, Any], **kwargs: Any
    ) -> None:
        columns = {f"is_{name}": str(at) for name, at in reads["columns"].items()}
        given = {k: reads.get(k) or "" for k in ("dates", "security", "on", "party_from")}
        initial = {**columns, **given, "parts": reads.get("parts", True)}
        super().__init__(*args, initial=initial, **kwargs)
        choices = [("", "Not in the file"), *((str(i), _named(i, n)) for i, n in enumerate(head))]
        for field in FIELDS:
            self.fields[f"is_{field.name}"] = forms.ChoiceField(
                label=field.label, required=False, choices=choices
            )
        self.fields["dates"] = forms.ChoiceField(
            label="How does the file write its days?", choices=list(DATES.items()),
            help_text="Days of a workbook that are days there are read as they are.",
        )  # fmt: skip
        self.fields["security"] = forms.ChoiceField(
            label="Where a row names no security, it is of", choices=LedgerEntry.Security.choices
        )
        self.fields["parts"] = forms.BooleanField(
            label="A row of Units brings its Common, Preferred and Warrants with it",
            required=False,
            help_text="As an issue of Units does. Untick it where the file lists these too.",
        )
        self.fields["on"] = DayField(
            label="Where a row has no day, it was acquired on", required=False
        )
        self.fields["party_from"] = DayField(
            label="Where a row has no day, its Investor signed on", required=False,
            help_text="Else it is the day of its first row.",
        )  # fmt: skip

    aliases = {**{field.name: f"is_{field.name}" for field in FIELDS if field.name != "on"}}

    def columns(self) -> dict[str, int]:
        """The number of the column that says each thing, from nought."""
        given = {field.name: self.cleaned_data[f"is_{field.name}"] for field in FIELDS}
        return {name: int(at) for name, at in given.items() if at}


class NothingForm(ActForm):
    """Asks nothing: pressing the button is the act."""


def _named(at: int, name: str) -> str:
    return name or f"Column {at + 1}, which has no name"
