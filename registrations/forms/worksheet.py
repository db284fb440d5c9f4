"""The facts of a worksheet: the days, numbers and circumstances an agreement's terms hang
on, each left empty while it is not known."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from registrations.rules.asking import Needed
from registrations.rules.words import Kind, label

from .base import ActForm, PlainForm
from .fields import DayField


class ExactField(forms.Field):
    """A number, exact: "12.50" or "4,500,000"."""

    widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})

    def to_python(self, value: Any) -> str | None:
        text = str(value or "").replace(",", "").strip(" $%")
        if not text:
            return None
        if not re.fullmatch(r"[0-9]{1,30}(\.[0-9]{1,12})?", text, re.ASCII):
            raise ValidationError("Enter a number, such as 12.50 or 4,500,000.")
        return text


class WordFields(forms.Form):
    """One field for every word some terms hang on."""

    needed: Sequence[Needed]

    def add_words(self, needed: Sequence[Needed], defined: Mapping[str, Mapping[str, str]]) -> None:
        """A field for each word, empty while it is not known."""
        self.needed = needed
        for each in needed:
            name = _name(each)
            if each.kind is None:
                said = each.word.replace("_", " ")
                self.fields[name] = forms.ChoiceField(
                    label=said[0].upper() + said[1:],
                    required=False,
                    choices=[
                        ("", "Not known"),
                        *((option, option.replace("_", " ")) for option in each.options),
                        ("another", "another"),
                    ],
                )
                continue
            said = label(each.kind, each.word, defined)
            said = said[0].upper() + said[1:]
            if each.kind is Kind.EVENT:
                self.fields[name] = DayField(label=said, required=False)
            elif each.kind is Kind.MEASURE:
                self.fields[name] = ExactField(label=said, required=False)
            else:
                self.fields[name] = forms.ChoiceField(
                    label=said,
                    required=False,
                    choices=[("", "Not known"), ("yes", "Yes"), ("no", "No")],
                )

    def facts(self) -> dict[str, dict[str, Any]]:
        """What is known, as a term is asked with it."""
        known: dict[str, dict[str, Any]] = {}
        for each in self.needed:
            value = self.cleaned_data.get(_name(each))
            if value in (None, ""):
                continue
            if each.kind is Kind.EVENT:
                value = value.isoformat()
            elif each.kind is Kind.FACT:
                value = value == "yes"
            known.setdefault(_kind(each), {})[each.word] = value
        return known


class WorksheetForm(WordFields, PlainForm):
    """What is known, for the terms to be asked on."""

    def __init__(
        self, data: Any, *, needed: Sequence[Needed], defined: Mapping[str, Mapping[str, str]]
    ) -> None:
        super().__init__(data, label_suffix="")
        self.add_words(needed, defined)


class CircumstancesForm(WordFields, ActForm):
    """What the terms of a demand hang on beside its papers."""

    aliases = {"told": "reason"}

    def __init__(
        self,
        *args: Any,
        needed: Sequence[Needed],
        defined: Mapping[str, Mapping[str, str]],
        told: Mapping[str, Mapping[str, Any]] | None,
        **kwargs: Any,
    ) -> None:
        initial = {
            f"{kind}_{word}": {True: "yes", False: "no"}.get(value, value)
            if kind == "facts"
            else value
            for kind, words in (told or {}).items()
            for word, value in words.items()
        }
        super().__init__(*args, initial=initial, **kwargs)
        self.add_words(needed, defined)
        if told is not None:
            self.fields["reason"] = forms.CharField(
                label="Why is this added or changed?",
                max_length=2000,
                widget=forms.Textarea(attrs={"rows": 2}),
                help_text="It stays in the audit trail beside what was recorded before.",
                error_messages={"required": "Say why. It stays on the record."},
            )


def _name(each: Needed) -> str:
    return f"{_kind(each)}_{each.word}"


def _kind(each: Needed) -> str:
    """What the facts a term is asked with call it."""
    return each.kind.value if each.kind is not None else "choices"
