"""Forms for what happens to a registration, and for counsel's decisions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from django import forms

from .base import ActForm, ReasonForm
from .fields import DayField, WholeField


class Part(NamedTuple):
    """An Investor in a registration: what it asked for, in words and in shares."""

    investor: int
    name: str
    asked: int | None
    says: str


class DayForm(ActForm):
    """One day on which something happened."""

    on = DayField(label="On")


class CoversMixin:
    """Shares covered for each Investor, drawn from what each asked for."""

    fields: dict[str, forms.Field]
    cleaned_data: dict[str, Any]
    parts: Sequence[Part]

    def add_parts(self, parts: Sequence[Part]) -> None:
        self.parts = parts
        for part in parts:
            self.fields[f"covers_{part.investor}"] = WholeField(
                label=part.name, required=False, help_text=part.says
            )

    def covers(self) -> dict[int, int]:
        """Registrable Shares by the Investor's key; an empty field covers none of its."""
        return {
            p.investor: shares
            for p in self.parts
            if (shares := self.cleaned_data.get(f"covers_{p.investor}")) is not None
        }

    @property
    def cover_fields(self) -> list[forms.BoundField]:
        return [self[f"covers_{p.investor}"] for p in self.parts]  # type: ignore[index]


class FilingForm(CoversMixin, ActForm):
    """The Registration Statement was filed."""

    def __init__(self, *args: Any, parts: Sequence[Part], **kwargs: Any) -> None:
        initial = {f"covers_{p.investor}": p.asked for p in parts}
        super().__init__(*args, initial=initial, **kwargs)
        self.fields["on"] = DayField(label="Filed on", help_text="The day EDGAR took it.")
        self.fields["form"] = forms.CharField(
            label="Form", required=False, max_length=12, help_text="Such as S-3 or SB-2."
        )
        self.fields["file_number"] = forms.CharField(
            label="File number", required=False, max_length=20, help_text="Such as 333-104567."
        )
        self.add_parts(parts)


class EventForm(CoversMixin, ActForm):
    """Something that happened to a statement; ``details`` are the choices its kind asks for."""

    def __init__(
        self,
        *args: Any,
        details: Sequence[tuple[str, str]],
        parts: Sequence[Part],
        covered: Mapping[int, int],
        **kwargs: Any,
    ) -> None:
        initial = {f"covers_{p.investor}": covered.get(p.investor) for p in parts}
        super().__init__(*args, initial=initial, **kwargs)
        self.fields["on"] = DayField(label="On")
        add_detail(self, details)
        self.add_parts(parts)
        self.fields["note"] = forms.CharField(
            label="Note",
            required=False,
            max_length=4000,
            widget=forms.Textarea(attrs={"rows": 3}),
            help_text="What it was about, or why. It stays on the record.",
        )


def add_detail(form: forms.Form, details: Sequence[tuple[str, str]]) -> None:
    """The choice an event asks for, if it asks for one."""
    if details:
        form.fields["detail"] = forms.ChoiceField(
            label="Which?",
            choices=list(details),
            widget=forms.RadioSelect,
            error_messages={"required": "Choose one."},
        )


class CorrectStatementForm(CoversMixin, ReasonForm):
    """The day of something recorded was another, or it covers or says something else."""

    def __init__(
        self,
        *args: Any,
        on: date,
        file_number: str,
        parts: Sequence[Part],
        covered: Mapping[int, int] | None,
        details: Sequence[tuple[str, str]] = (),
        detail: str = "",
        **kwargs: Any,
    ) -> None:
        covered_now = covered or {}
        initial = {
            "on": on,
            "detail": detail,
            "file_number": file_number,
            **{f"covers_{p.investor}": covered_now.get(p.investor) for p in parts},
        }
        super().__init__(*args, initial=initial, **kwargs)
        reason = self.fields.pop("reason")
        self.fields["on"] = DayField(label="On")
        if covered is not None:
            self.fields["file_number"] = forms.CharField(
                label="File number", required=False, max_length=20
            )
        add_detail(self, details)
        self.add_parts(parts if covered is not None else ())
        self.fields["reason"] = reason


class OtherStatementForm(ActForm):
    """Another registration statement of the Company became effective."""

    name = forms.CharField(
        label="Which registration statement?",
        max_length=120,
        help_text="As you would call it, such as “Form S-1 for the spring offering”.",
        error_messages={"required": "Say which registration statement, as you would call it."},
    )
    effective_on = DayField(label="Became effective on")
    form = forms.CharField(label="Form", required=False, max_length=12)
    file_number = forms.CharField(label="File number", required=False, max_length=20)


class DecideForm(ReasonForm):
    """Counsel's choice between readings."""

    def __init__(
        self,
        *args: Any,
        readings: Sequence[tuple[str, str]],
        standing: str,
        today: date,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, initial={"choice": standing, "decided_on": today}, **kwargs)
        reason = self.fields.pop("reason")
        self.fields["choice"] = forms.ChoiceField(
            label="Which reading governs?",
            choices=list(readings),
            widget=forms.RadioSelect,
            error_messages={"required": "Choose the reading that governs."},
        )
        self.fields["decided_on"] = DayField(label="Decided on")
        self.fields["reason"] = reason
