"""How a copy travelled: the choices, and the form for its receipt."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from investors.models import Address
from notices.models import Delivery, DeliveryRecord, Method
from registrations.forms.evidence import FILES_HINT
from registrations.rules.terms import GivenWhen, Terms
from registrations.rules.words import METHOD_NAMES
from registrations.services.deliveries import CopyIn

from .base import ActForm
from .fields import DayField, FilesField, PickField

# A change of one of these redraws the form: other questions follow from it.
REDRAWS = {
    "hx-post": "",
    "hx-trigger": "change consume",
    "hx-target": "#record",
    "hx-select": "#record",
    "hx-select-oob": "#what-follows,#save",
    "hx-swap": "outerHTML",
}
RECORD = "Address of record on the day it was sent"


def method_choices(terms: Terms) -> list[Any]:
    """The agreement's methods, those good on sending first; electronic ones last."""
    names = dict(Method.choices)
    order = list(METHOD_NAMES)
    listed = sorted(
        terms.notice_methods,
        key=lambda m: (
            terms.notice_methods[m].when is not GivenWhen.SENT,
            order.index(m) if m in order else len(order),
        ),
    )
    if not listed:
        unknown = list(Method.choices)
        return [("", "Choose how it travelled"), ("Ways of notice not on record", unknown)]
    return [
        ("", "Choose how it travelled"),
        (
            "In the agreement",
            [(m, f"{names.get(m, m)}: {terms.notice_methods[m].words}") for m in listed],
        ),
        (
            "Not in the agreement",
            [
                (m, f"{names.get(m, m)}: counts only under a signed consent, on receipt")
                for m in terms.electronic_methods
            ],
        ),
    ]


def method_note(terms: Terms, method: str) -> str:
    """When a method counts, in one sentence."""
    rule = terms.notice_methods.get(method)
    if rule is not None and not rule.plain:
        return f"{rule.words[0].upper()}{rule.words[1:]}."
    if rule is not None and rule.when is GivenWhen.SENT:
        return "Counts on the day it is sent to the address of record."
    if rule is not None:
        return "Counts only when actually received. Leave the received day empty while not known."
    if method in terms.electronic_methods:
        return (
            "Not a method the agreement lists. It counts, on receipt, only if the party it went "
            "to had signed a consent to electronic delivery."
        )
    if not terms.notice_methods:
        return "The agreement’s ways of notice are not on record: whether it counts is not known."
    return ""


def address_choices(addresses: Sequence[Address]) -> list[tuple[str, str]]:
    """The address of record, or one of those ever given."""
    return [
        ("", RECORD),
        *((str(a.pk), f"{a} (of record from {a.in_force_from:%b} {a.in_force_from.day}, "
           f"{a.in_force_from.year})") for a in addresses),
    ]  # fmt: skip


class ReceiptForm(ActForm):
    """A copy's receipt, or how it really travelled."""

    aliases = {"method": "method", "address": "address"}
    stands = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(
        self,
        *args: Any,
        record: DeliveryRecord,
        delivery: Delivery,
        terms: Terms,
        addresses: Sequence[Address],
        **kwargs: Any,
    ) -> None:
        initial = {
            "stands": record.pk,
            "method": record.method,
            "sent_on": record.sent_on,
            "received_on": record.received_on,
            "address": str(record.address_id or ""),
        }
        super().__init__(*args, initial=initial, **kwargs)
        self.addresses = addresses
        self.fields["received_on"] = DayField(label="Received on", required=False)
        self.fields["method"] = PickField(
            label="How it travelled",
            choices=method_choices(terms),
            widget=forms.Select(attrs=REDRAWS),
        )
        self.fields["sent_on"] = DayField(label="Sent on", required=False)
        if len(addresses) > 1 or record.address_id:
            self.fields["address"] = forms.ChoiceField(
                label="Address it went to", choices=address_choices(addresses), required=False
            )
        self.fields["reason"] = forms.CharField(
            label="Why it is changed",
            required=False,
            max_length=2000,
            widget=forms.Textarea(attrs={"rows": 2}),
            help_text="Needed only when something already recorded changes. It stays on the "
            "record.",
        )
        self.fields["files"] = FilesField(label="Return receipt or other evidence",
                                          help_text=FILES_HINT)  # fmt: skip

    def copy(self) -> CopyIn:
        data = self.cleaned_data
        address = next((a for a in self.addresses if str(a.pk) == data.get("address")), None)
        return CopyIn(data["method"], data["sent_on"], data["received_on"], address)
