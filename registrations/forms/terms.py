"""Forms for agreements and their terms: a new one from a file or the library, and a change
of one term."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from investors.models import Company, Investor, Term
from registrations.rules.exchange import LONGEST_CLAUSE
from registrations.rules.terms import TermEntry

from .base import PlainForm, ReasonForm
from .fields import DayField

MOST_BYTES = 512 * 1024


def _json(text: str) -> Any:
    """Text as JSON.  Raises ``ValidationError`` naming the line it stops being JSON at."""
    try:
        return json.loads(text)
    except json.JSONDecodeError as wrong:
        message = f"Line {wrong.lineno} is not JSON: {wrong.msg}."
    except (RecursionError, ValueError):
        message = "It is nested too deeply, or has a number too long, to be read."
    raise ValidationError(message)


class ValueField(forms.Field):
    """A term's value as JSON."""

    widget = forms.Textarea(attrs={"rows": 12, "spellcheck": "false", "class": "code"})

    def to_python(self, value: Any) -> Any:
        if value in (None, ""):
            return None
        return _json(value)

    def prepare_value(self, value: Any) -> Any:
        return value if isinstance(value, str) else json.dumps(value, indent=2, ensure_ascii=False)


class TermForm(ReasonForm):
    """A term put otherwise: what it says, and whether it is an amendment or a correction.

    ``term`` is the one in force, ``None`` for a term the agreement does not have yet.
    """

    aliases: Mapping[str, str] = {"from_": "in_force_from"}

    value = ValueField(
        label="Value",
        error_messages={"required": "Give the value."},
        help_text="As in the agreement’s file.",
    )
    clause = forms.CharField(label="Section", max_length=LONGEST_CLAUSE, required=False)
    summary = forms.CharField(
        label="In our own words", required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    kind = forms.ChoiceField(
        label="What this is",
        choices=[
            (
                "correction",
                "A correction: the agreement always said so, but it was entered wrongly or not yet",
            ),
            ("amendment", "An amendment: the parties changed the agreement"),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": "Say whether it is a correction or an amendment."},
    )
    in_force_from = DayField(
        label="In force from",
        required=False,
        help_text="For an amendment. Matters begun before that day keep the term they began under.",
    )
    company_consents = forms.BooleanField(label="The Company consents", required=False)
    consents = forms.ModelMultipleChoiceField(
        Investor.objects.none(),
        label="Investors that consent in writing",
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(
        self,
        *args: Any,
        term: Term | None,
        parties: Sequence[Investor],
        **kwargs: Any,
    ) -> None:
        initial = {
            "value": term.value if term else None,
            "clause": term.clause if term else "",
            "summary": term.summary if term else "",
        }
        super().__init__(*args, initial=initial, **kwargs)
        consents = self.fields["consents"]
        consents.queryset = Investor.objects.filter(pk__in=[i.pk for i in parties])  # type: ignore[attr-defined]
        self.fields["reason"] = self.fields.pop("reason")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("kind") == "amendment" and not cleaned.get("in_force_from"):
            self.add_error("in_force_from", "Enter the day the amendment is in force from.")
        return cleaned

    @property
    def entry(self) -> TermEntry:
        data = self.cleaned_data
        return TermEntry(data["value"], data["clause"], data["summary"])


class NewAgreementForm(PlainForm):
    """Where a new agreement goes, and what its file leaves open.

    ``companies`` are those the person may put agreements on record for.
    """

    company = forms.ModelChoiceField(
        Company.objects.none(),
        label="Company",
        empty_label=None,
        error_messages={"required": "Choose the company."},
    )
    slug = forms.SlugField(
        label="Short name",
        max_length=50,
        help_text="For its address, such as series-b-2024.",
        error_messages={"required": "Give it a short name, such as series-b-2024."},
    )
    dated_on = DayField(
        label="Date of the agreement", required=False, help_text="Empty: as the file says."
    )
    time_zone = forms.CharField(
        label="Time zone of its days",
        max_length=60,
        required=False,
        help_text="Such as America/New_York. Empty: as the file says.",
    )
    file = forms.FileField(
        label="The agreement’s file",
        help_text="JSON in the exchange format.",
        error_messages={"required": "Choose the file."},
    )

    def __init__(
        self, data: Any = None, files: Any = None, *, companies: Any, from_library: bool = False
    ) -> None:
        super().__init__(data, files, label_suffix="")
        self.fields["company"].queryset = companies  # type: ignore[attr-defined]
        if from_library:
            del self.fields["file"]

    def clean_file(self) -> Any:
        upload = self.cleaned_data["file"]
        if upload.size > MOST_BYTES:
            raise ValidationError("The file is too large for an agreement’s terms.")
        try:
            return _json(upload.read().decode("utf-8"))
        except UnicodeDecodeError:
            raise ValidationError("The file is not text in UTF-8.") from None
