"""Forms for claims for indemnity, and for how a loss is contributed to."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from investors.models import Investor
from notices.models import Method
from registrations.models import ClaimRecord, ContributionRecord
from registrations.rules.contribution import WHOLE, By, percent
from registrations.services.claims import ClaimIn, ContributionIn, PartyIn

from .base import ActForm, PlainForm
from .fields import DayField, UsdField, choices_of

COMPANY = "company"
_ANSWERS = {"": "Not known", "yes": "Yes", "no": "No"}
_KNOWN = {"": None, "yes": True, "no": False}
_SAID = {None: "", True: "yes", False: "no"}
_STEPS: Mapping[str, Sequence[str]] = {
    "The claim": (
        "stated_on", "claimant", "claimant_investor", "claimant_name", "against", "about", "amount",
    ),
    "Notice": (
        "known_on", "notice_method", "notice_sent_on", "notice_received_on", "prejudiced",
    ),
    "Defense": ("counsel", "counsel_approved", "carve_outs", "furnished"),
    "Settlement": (
        "settled_by", "settlement_proposed_on", "settled_on", "settlement_amount", "releases_all",
        "indemnifying_consent_on", "indemnified_consent_on",
    ),
    "What limits it": ("gross_proceeds", "net_proceeds", "fraud"),
}  # fmt: skip


def _answer(label: str, **kwargs: Any) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=list(_ANSWERS.items()), required=False, **kwargs)


class ClaimForm(ActForm):
    """A claim as far as it is known; nothing but who claims and what about is needed."""

    claimant = forms.ChoiceField(
        label="Who claims?",
        choices=choices_of(dict(ClaimRecord.Claimant.choices), blank="Choose who claims"),
        error_messages={"required": "Choose who claims."},
    )
    claimant_name = forms.CharField(
        label="Its name, if it is no Selling Investor", max_length=200, required=False
    )
    about = forms.CharField(
        label="What is it about?",
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="The statement or omission, and the loss that came of it.",
        error_messages={"required": "Say what the claim is about."},
    )
    amount = UsdField(label="Amount claimed, USD", required=False)
    known_on = DayField(
        label="Day of actual knowledge",
        required=False,
        help_text="From it our standard for “promptly” is counted.",
    )
    notice_method = forms.ChoiceField(
        label="How notice of it went",
        choices=choices_of(dict(Method.choices), blank="No notice yet"),
        required=False,
    )
    notice_sent_on = DayField(label="Notice sent on", required=False)
    notice_received_on = DayField(label="Notice received on", required=False)
    prejudiced = _answer("Did late notice prejudice the Indemnifying Party?")
    counsel = forms.CharField(
        label="Counsel the Indemnifying Party chose", max_length=200, required=False
    )
    counsel_approved = _answer("Did the Indemnified Party approve counsel?")
    carve_outs = forms.MultipleChoiceField(
        label="Exceptions claimed",
        choices=ClaimRecord.CarveOut.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    furnished = _answer(
        "Did it rely on what the Selling Investor furnished in writing?",
        help_text="Of a claim against an Investor.",
    )
    settled_by = forms.ChoiceField(
        label="Who settles, or proposes to?",
        choices=choices_of(dict(ClaimRecord.SettledBy.choices), blank="Nobody"),
        required=False,
    )
    settlement_proposed_on = DayField(label="Settlement proposed on", required=False)
    settled_on = DayField(label="Settled on", required=False)
    settlement_amount = UsdField(label="Settlement, USD", required=False)
    releases_all = _answer(
        "Does it release the Indemnified Party from all liability, without condition?"
    )
    indemnifying_consent_on = DayField(label="Indemnifying Party consented on", required=False)
    indemnified_consent_on = DayField(label="Indemnified Party consented on", required=False)
    gross_proceeds = UsdField(
        label="The Investor’s gross proceeds, USD",
        required=False,
        help_text="Of the shares it sold in this registration.",
    )
    net_proceeds = UsdField(label="The same net of selling expenses, USD", required=False)
    fraud = _answer("Was there fraud or wilful misconduct?")

    def __init__(
        self,
        *args: Any,
        investors: Sequence[Investor],
        record: ClaimRecord | None = None,
        **kwargs: Any,
    ) -> None:
        if record is not None:
            kwargs["initial"] = _typed(record)
        super().__init__(*args, **kwargs)
        self.investors = {str(i.pk): i for i in investors}
        names = {str(i.pk): i.name for i in investors}
        self.fields["stated_on"] = DayField(label="So from")
        self.fields["claimant_investor"] = forms.ChoiceField(
            label="Which Selling Investor claims?",
            choices=choices_of(names, blank="None"),
            required=False,
        )
        self.fields["against"] = forms.ChoiceField(
            label="Against whom?",
            choices=choices_of(names, blank="The Company"),
            required=False,
        )
        if record is not None:
            self.fields["reason"] = forms.CharField(
                label="Why, if what was stated changes",
                max_length=2000,
                required=False,
                widget=forms.Textarea(attrs={"rows": 2}),
                help_text="Not needed to fill in what was not known.",
            )

    @property
    def steps(self) -> list[tuple[str, list[forms.BoundField]]]:
        """The fields by what they are about."""
        return [(title, [self[name] for name in names]) for title, names in _STEPS.items()]

    def claim(self) -> ClaimIn:
        """What was typed in."""
        data = self.cleaned_data
        found = {name: data[name] for name in ClaimIn._fields}
        for name in ("claimant_investor", "against"):
            found[name] = self.investors.get(data[name])
        for name in ("prejudiced", "counsel_approved", "furnished", "releases_all", "fraud"):
            found[name] = _KNOWN[data[name]]
        return ClaimIn(**{**found, "carve_outs": tuple(data["carve_outs"])})


def _typed(record: ClaimRecord) -> dict[str, Any]:
    typed = {name: getattr(record, name) for name in ClaimIn._fields}
    for name in ("prejudiced", "counsel_approved", "furnished", "releases_all", "fraud"):
        typed[name] = _SAID[typed[name]]
    for name in ("claimant_investor", "against"):
        typed[name] = str(typed[name].pk) if typed[name] is not None else ""
    return typed


# --- contribution ---------------------------------------------------------------------------


class PercentField(forms.Field):
    """A percentage to two places, as whole basis points: "12.5" is 1250."""

    widget = forms.TextInput

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.widget.attrs.update(inputmode="decimal", autocomplete="off", maxlength="8", size="8")

    def to_python(self, value: Any) -> int | None:
        text = str(value if value is not None else "").strip().removesuffix("%").strip()
        if not text:
            return None
        if not re.fullmatch(r"[0-9]{1,3}(\.[0-9]{1,2})?", text) or Decimal(text) > 100:
            raise ValidationError(f"“{str(value)[:20]}” is not a percentage. Write it as 12.5.")
        return int(Decimal(text) * 100)

    def prepare_value(self, value: Any) -> Any:
        return percent(value).removesuffix("%") if isinstance(value, int) else value


class LossFields(forms.Form):
    """A loss, the way it is contributed to, and what each party received and is at fault.

    ``sellers`` are the Selling Investors, ``ways`` and ``limits`` what the agreement gives,
    the governing first.
    """

    sellers: Sequence[Investor]

    def add_fields(
        self, sellers: Sequence[Investor], ways: Sequence[str], limits: Sequence[str]
    ) -> None:
        self.sellers = sellers
        says = dict(ContributionRecord.By.choices)
        self.fields["loss"] = UsdField(label="The loss, USD")
        self.fields["by"] = forms.ChoiceField(
            label="In proportion to", choices=[(way, says[way]) for way in ways]
        )
        self.fields["fault_weight"] = PercentField(
            label="Fault counts for, %",
            required=False,
            help_text="The agreement gives no weights. Empty: half.",
        )
        self.fields["limit"] = forms.ChoiceField(
            label="A Selling Investor’s limit",
            choices=[(limit, _limit(limit)) for limit in limits],
            initial=limits[0],
            required=False,
        )
        for key, name in self.named:
            self.fields[f"net_{key}"] = UsdField(label=f"{name}: net proceeds", required=False)
            if key != COMPANY:
                self.fields[f"gross_{key}"] = UsdField(
                    label=f"{name}: gross proceeds", required=False
                )
            self.fields[f"fault_{key}"] = PercentField(label=f"{name}: fault, %", required=False)

    @property
    def named(self) -> list[tuple[str, str]]:
        """Each party's key in the form, and its name."""
        return [(COMPANY, "The Company"), *((str(i.pk), i.name) for i in self.sellers)]

    @property
    def rows(self) -> list[tuple[str, forms.BoundField, forms.BoundField | None, forms.BoundField]]:
        """A row of fields for each party: its name, net, gross and fault."""
        return [
            (
                name,
                self[f"net_{key}"],
                self[f"gross_{key}"] if key != COMPANY else None,
                self[f"fault_{key}"],
            )
            for key, name in self.named
        ]

    def contribution(self, *, shared_again: bool = False) -> ContributionIn:
        """What was typed in: the parties whose net proceeds are entered."""
        data = self.cleaned_data
        by_key = {str(i.pk): i for i in self.sellers}
        weight = data.get("fault_weight")
        return ContributionIn(
            data["loss"],
            data["by"],
            [
                PartyIn(
                    by_key.get(key),
                    net,
                    data.get(f"gross_{key}"),
                    (data.get(f"fault_{key}") or 0) if data["by"] == By.FAULT_TOO else 0,
                )
                for key, _ in self.named
                if (net := data.get(f"net_{key}")) is not None
            ],
            WHOLE // 2 if weight is None else weight,
            data.get("limit") or "",
            shared_again,
        )


def _limit(limit: str) -> str:
    return dict(ContributionRecord.Limit.choices).get(limit, "None holds here")


class WhatIfForm(LossFields, PlainForm):
    """A loss supposed; nothing is saved."""

    def __init__(
        self,
        data: Any,
        *,
        sellers: Sequence[Investor],
        ways: Sequence[str],
        limits: Sequence[str],
    ) -> None:
        super().__init__(data, label_suffix="")
        self.add_fields(sellers, ways, limits)


class ContributionForm(LossFields, ActForm):
    """How a loss is contributed to, for the record of a claim."""

    aliases = {"parties": "loss"}

    def __init__(
        self,
        *args: Any,
        sellers: Sequence[Investor],
        ways: Sequence[str],
        limits: Sequence[str],
        replaces: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["stated_on"] = DayField(label="So from")
        self.add_fields(sellers, ways, limits)
        self.fields["shared_again"] = forms.BooleanField(
            label="What a limit keeps from one is shared again among the others", required=False
        )
        if replaces:
            self.fields["reason"] = forms.CharField(
                label="Why",
                max_length=2000,
                widget=forms.Textarea(attrs={"rows": 2}),
                help_text="It stays in the audit trail beside what was recorded before.",
                error_messages={"required": "Say why. It stays on the record."},
            )
