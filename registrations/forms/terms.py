"""Forms for agreements and their terms: a new one from a file or the library, and a change
of one term."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.safestring import SafeString

from investors.models import Company, Investor, Term
from registrations.rules.exchange import LONGEST_CLAUSE
from registrations.rules.terms import SPEC, TermEntry

from .base import PlainForm, ReasonForm
from .fields import DayField
from .term_tree import Defined, NoFields, Tree

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


class _Drawn(forms.Widget):
    """Nothing of its own: the page draws the tree."""

    def render(self, *args: Any, **kwargs: Any) -> SafeString:
        return SafeString("")


class TreeField(forms.Field):
    """A term's value typed into fields of its own: ``tree`` holds them."""

    widget = _Drawn

    def __init__(self, tree: Tree, **kwargs: Any) -> None:
        super().__init__(required=False, **kwargs)
        self.tree = tree

    def clean(self, value: Any) -> Any:
        data = self.tree.read("value")
        if self.tree.found:
            raise ValidationError([problem.says for problem in self.tree.found])
        return data


class TermForm(ReasonForm):
    """A term put otherwise: what it says, and whether it is an amendment or a correction.

    ``term`` is the one in force, ``None`` for a term the agreement does not have yet;
    ``defined`` the words the agreement defines itself.  Its value is typed into fields, or
    as data where ``mode`` says so or no field fits it.
    """

    aliases: Mapping[str, str] = {"from_": "in_force_from"}

    value: forms.Field = ValueField(
        label="Value",
        error_messages={"required": "Give the value."},
        help_text="As in the agreement’s file.",
    )
    mode = forms.ChoiceField(
        choices=[("fields", ""), ("data", "")], required=False, widget=forms.HiddenInput
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
        data: Any = None,
        files: Any = None,
        *,
        name: str,
        term: Term | None,
        parties: Sequence[Investor],
        defined: Defined,
        mode: str = "fields",
    ) -> None:
        self.name, self.defined = name, defined
        value = term.value if term else None
        if data is not None:
            mode = "data" if data.get("mode") == "data" else "fields"
        self.tree = self._tree(data, value) if mode != "data" else None
        initial = {
            "value": value,
            "mode": "fields" if self.tree else "data",
            "clause": term.clause if term else "",
            "summary": term.summary if term else "",
        }
        super().__init__(data, files, initial=initial)
        if self.tree is not None:
            self.fields["value"] = TreeField(self.tree, label=SPEC[name].label)
        consents = self.fields["consents"]
        consents.queryset = Investor.objects.filter(pk__in=[i.pk for i in parties])  # type: ignore[attr-defined]
        self.fields["reason"] = self.fields.pop("reason")

    def _tree(self, data: Any, value: Any) -> Tree | None:
        """The value's fields: as typed, else as it stands; none where it has none."""
        spec = SPEC[self.name]
        if data is not None or value is None:
            return Tree(self.name, spec.shape, _flat(data or {}), self.defined, spec.label)
        try:
            return Tree.of(self.name, spec.shape, value, self.defined, spec.label)
        except NoFields:
            return None

    @property
    def problems(self) -> list[tuple[str, str]]:
        found = super().problems
        fields = {p.says: p.path for p in self.tree.found} if self.tree else {}
        return [(fields.get(says, anchor), says) for anchor, says in found]

    def hush(self) -> None:
        super().hush()
        if self.tree is not None:
            self.tree.hush()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("kind") == "amendment" and not cleaned.get("in_force_from"):
            self.add_error("in_force_from", "Enter the day the amendment is in force from.")
        return cleaned

    @property
    def entry(self) -> TermEntry:
        data = self.cleaned_data
        return TermEntry(data["value"], data["clause"], data["summary"])


def _flat(typed: Mapping[str, Any]) -> dict[str, str]:
    return {name: str(typed[name]) for name in typed}


def turned(typed: QueryDict, mode: str, name: str, defined: Defined) -> QueryDict:
    """What was typed into a form of a term, with its value as data instead of fields or
    as fields instead of data.  Raises ``ValidationError`` for data no fields can show."""
    spec, data = SPEC[name], typed.copy()
    data["mode"] = mode
    if mode == "data":
        value = Tree(name, spec.shape, _flat(typed), defined, spec.label).value
        data["value"] = ValueField().prepare_value(value) if value is not None else ""
        return data
    text = data.pop("value", [""])[-1].strip()
    if text:
        try:
            tree = Tree.of(name, spec.shape, _json(text), defined, spec.label)
        except NoFields:
            raise ValidationError("No fields fit this data. Put it right here first.") from None
        data.update(tree.typed)
    return data


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
