"""Forms for the register: holders, addresses, consents and the holdings ledger."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from investors.models import Investor, LedgerEntry, ShareCount
from registrations.services.transfers import TakerIn

from .base import ActForm, ReasonForm
from .fields import DayField, WholeField, choices_of

ADDRESS = forms.Textarea(attrs={"rows": 3, "autocomplete": "off"})


class HolderForm(ActForm):
    """An Investor as it signed."""

    aliases = {"contact_email": "contact_email"}

    name = forms.CharField(
        label="Name, as it signed",
        max_length=200,
        error_messages={"required": "Enter the Investor’s name as it signed."},
    )
    kind = forms.ChoiceField(label="Kind", choices=Investor.Kind.choices)
    party_from = DayField(
        label="Signed on", help_text="The day it signed the agreement or a counterpart."
    )
    address = forms.CharField(
        label="Address for notices",
        required=False,
        max_length=1000,
        widget=ADDRESS,
        help_text="As it goes on the envelope.",
    )
    facsimile = forms.CharField(label="Facsimile", required=False, max_length=40)
    contact_name = forms.CharField(label="Person to remind", required=False, max_length=120)
    contact_email = forms.CharField(
        label="Their e-mail",
        required=False,
        max_length=254,
        help_text="For reminders. A reminder is not notice under the agreement.",
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    note = forms.CharField(
        label="Note", required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2})
    )


class ShareCountForm(ActForm):
    """A count of the Company's shares, from a paper."""

    kind = forms.ChoiceField(label="What is counted?", choices=ShareCount.Kind.choices)
    count = WholeField(label="How many?")
    on = DayField(label="As of", help_text="The day the paper gives the count for.")
    source = forms.CharField(
        label="From which paper?",
        max_length=200,
        help_text="Such as the certificate of incorporation, or the transfer agent’s list.",
        error_messages={"required": "Say which paper the count is from."},
    )


ACTS = {
    "issue": "Issue of Units",
    "conversion": "Conversion of Preferred Stock",
    "exercise": "Exercise of Warrants",
    "expiry": "Expiry of Warrants",
    "transfer": "Transfer",
    "public_sale": "Sale to the public",
    "correction": "Correction of the ledger",
}
_QUANTITY = {
    "issue": "Units issued",
    "conversion": "Shares of Preferred Stock converted",
    "exercise": "Warrants exercised",
    "expiry": "Warrants that ran out",
    "transfer": "How many",
    "public_sale": "Shares of Common Stock sold",
    "correction": "How many more, or fewer with a minus",
}
_ON = {
    "issue": "Issued on",
    "conversion": "Converted on",
    "exercise": "Exercised on",
    "expiry": "Had run out by",
    "transfer": "Transferred on",
    "public_sale": "Sold on",
    "correction": "The day the ledger should have said so",
}


NEWCOMER = "newcomer"


def _newcomer_fields() -> dict[str, forms.Field]:
    return {
        "name": forms.CharField(
            label="Its name, if not on the register", required=False, max_length=200
        ),
        "signed_on": DayField(
            label="It signed a counterpart on",
            required=False,
            help_text="Left empty, it signed none: what it took leaves the register and carries "
            "no rights here.",
        ),
        "kind": forms.ChoiceField(
            label="Its kind", choices=Investor.Kind.choices, initial=Investor.Kind.PERSON
        ),
        "address": forms.CharField(
            label="Its address for notices, if it signed",
            required=False,
            max_length=1000,
            widget=ADDRESS,
        ),
    }


class LedgerForm(ActForm):
    """One event of the ledger; which one decides the questions."""

    def __init__(
        self,
        *args: Any,
        act: str,
        others: Sequence[Investor],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.others = others
        if act == "correction":
            self.fields["security"] = forms.ChoiceField(
                label="Of what", choices=LedgerEntry.Security.choices
            )
        if act == "transfer":
            self.fields["security"] = forms.ChoiceField(
                label="What went",
                choices=LedgerEntry.Security.choices,
                initial=LedgerEntry.Security.UNIT,
                help_text="Units go untouched, with all their parts.",
            )
            names = {str(i.public_id): i.name for i in others}
            self.fields["to"] = forms.ChoiceField(
                label="To whom",
                choices=choices_of({**names, NEWCOMER: "Somebody not on the register"}, "Choose"),
                error_messages={"required": "Choose whom it went to."},
            )
        self.fields["quantity"] = WholeField(
            label=_QUANTITY[act],
            signed=act == "correction",
            error_messages={"required": "Enter how many."},
        )
        self.fields["on"] = DayField(label=_ON[act])
        if act == "transfer":
            self.fields.update(_newcomer_fields())
        if act == "public_sale":
            self.fields["under"] = forms.ChoiceField(
                label="Sold under",
                choices=LedgerEntry.SoldUnder.choices,
                widget=forms.RadioSelect,
                error_messages={"required": "Say what they were sold under."},
            )
        if act == "correction":
            self.fields["expires_on"] = DayField(
                label="Last day of the Warrants",
                required=False,
                help_text="For Warrants only. Left empty, their life in the agreement is used.",
            )
            self.fields["reason"] = forms.CharField(
                label="Why",
                max_length=2000,
                widget=forms.Textarea(attrs={"rows": 3}),
                help_text="The wrong line, the correction and its reason all stay.",
                error_messages={"required": "Say why the ledger is corrected."},
            )
        else:
            self.fields["note"] = forms.CharField(
                label="Note",
                required=False,
                max_length=2000,
                widget=forms.Textarea(attrs={"rows": 2}),
                help_text="Such as the certificate or the broker’s statement it is from.",
            )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        known = cleaned.get("to") not in (None, NEWCOMER)
        for name in ("name", "signed_on", "address") if known else ():
            if cleaned.get(name):
                self.add_error(name, "Leave this empty: the one chosen is on the register.")
        return cleaned

    def to(self) -> Investor | None:
        """The Investor chosen, if one on the register was."""
        chosen = self.cleaned_data.get("to")
        return next((i for i in self.others if str(i.public_id) == chosen), None)

    def newcomer(self) -> TakerIn:
        """Whoever took it that was not on the register."""
        data = self.cleaned_data
        return TakerIn(data["name"], data["signed_on"], data["kind"], data["address"])


class AddressForm(ActForm):
    """A new address for notices."""

    lines = forms.CharField(
        label="New address",
        max_length=1000,
        widget=ADDRESS,
        help_text="As it goes on the envelope.",
        error_messages={"required": "Enter the address as it goes on the envelope."},
    )
    facsimile = forms.CharField(label="Facsimile", required=False, max_length=40)
    in_force_from = DayField(
        label="Notice of it had been given to all other parties on",
        help_text="It is the address of record from that day. Notices sent before keep the old "
        "one.",
    )


class ContactForm(ActForm):
    """A person to remind."""

    aliases = {"contact_email": "email"}
    name = forms.CharField(label="Name", required=False, max_length=120)
    email = forms.CharField(
        label="E-mail",
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
        error_messages={"required": "Enter an e-mail address such as name@example.com."},
    )


class EndContactForm(ActForm):
    """Nothing to fill in: a page that asks once more."""


class ConsentForm(ActForm):
    """A signed consent to electronic delivery."""

    signed_on = DayField(label="Signed on")
    signer = forms.CharField(label="Signed by", max_length=120, required=False)


class WithdrawForm(ReasonForm):
    """A consent was withdrawn."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        reason = self.fields.pop("reason")
        reason.label = "How it was withdrawn"
        self.fields["withdrawn_on"] = DayField(label="Withdrawn on")
        self.fields["reason"] = reason


class CounterpartForm(ReasonForm):
    """Whoever took securities has signed a counterpart."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        reason = self.fields.pop("reason")
        reason.label = "Which paper, or why only now"
        self.fields["signed_on"] = DayField(label="Signed on")
        self.fields["kind"] = forms.ChoiceField(label="Kind", choices=Investor.Kind.choices)
        self.fields["address"] = forms.CharField(
            label="Address for notices",
            required=False,
            max_length=1000,
            widget=ADDRESS,
            help_text="As it goes on the envelope.",
        )
        self.fields["reason"] = reason
