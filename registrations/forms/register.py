"""Forms for the register: holders, addresses, consents and the holdings ledger."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from investors.models import Investor, LedgerEntry, ShareCount

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
    "transfer": "Transfer of Units",
    "public_sale": "Sale to the public",
    "correction": "Correction of the ledger",
}
_QUANTITY = {
    "issue": "Units issued",
    "conversion": "Shares of Preferred Stock converted",
    "exercise": "Warrants exercised",
    "transfer": "Untouched Units transferred",
    "public_sale": "Shares of Common Stock sold",
    "correction": "How many more, or fewer with a minus",
}
_ON = {
    "issue": "Issued on",
    "conversion": "Converted on",
    "exercise": "Exercised on",
    "transfer": "Transferred on",
    "public_sale": "Sold on",
    "correction": "The day the ledger should have said so",
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
            self.fields["to"] = forms.ChoiceField(
                label="To which Investor",
                choices=choices_of({str(i.public_id): i.name for i in others}, "Choose"),
                help_text="An Investor already on the register. Add it first if it has just "
                "signed a counterpart.",
                error_messages={"required": "Choose the Investor they went to."},
            )
        self.fields["quantity"] = WholeField(
            label=_QUANTITY[act],
            signed=act == "correction",
            error_messages={"required": "Enter how many."},
        )
        self.fields["on"] = DayField(label=_ON[act])
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

    def to(self) -> Investor | None:
        chosen = self.cleaned_data.get("to")
        return next((i for i in self.others if str(i.public_id) == chosen), None)


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


class WithdrawForm(ReasonForm):
    """A consent was withdrawn."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        reason = self.fields.pop("reason")
        reason.label = "How it was withdrawn"
        self.fields["withdrawn_on"] = DayField(label="Withdrawn on")
        self.fields["reason"] = reason
