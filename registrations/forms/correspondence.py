"""Forms for notices, the copies they travelled as, and what Investors asked for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from django import forms

from investors.acts import Refused
from investors.models import Address, Investor
from notices.models import Delivery, DeliveryRecord, Method, Notice
from registrations.models import Demand
from registrations.rules.notice import METHOD_NAMES
from registrations.rules.securities import Position
from registrations.rules.terms import GivenWhen, Terms
from registrations.services.deliveries import CopyIn
from registrations.services.requests import AskIn

from .base import ActForm
from .fields import DayField, FilesField, PickField, WholeField

KINDS = {
    "demand": "Demand Notice received by the Company",
    "company": "Company Notice given to Investors",
    "request": "Request to join received from an Investor",
    "decline": "Answer declining to join received from an Investor",
}
# A change of one of these redraws the form: other questions follow from it.
REDRAWS = {
    "hx-post": "",
    "hx-trigger": "change consume",
    "hx-target": "#record",
    "hx-select": "#record",
    "hx-select-oob": "#what-follows,#save",
    "hx-swap": "outerHTML",
}
MANY = 300  # above this the Investors are not listed one by one
MOST_FILES = 40  # above this evidence is added from the notice's page, copy by copy
RECORD = "Address of record on the day it was sent"


def method_choices(terms: Terms) -> list[Any]:
    """The agreement's methods, those good on sending first; electronic ones last."""
    when = {
        GivenWhen.SENT: "counts when sent",
        GivenWhen.RECEIVED: "counts when actually received",
    }
    names = dict(Method.choices)
    order = list(METHOD_NAMES)
    listed = sorted(
        terms.notice_methods,
        key=lambda m: (
            terms.notice_methods[m] is not GivenWhen.SENT,
            order.index(m) if m in order else len(order),
        ),
    )
    return [
        ("", "Choose how it travelled"),
        (
            "In the agreement",
            [(m, f"{names.get(m, m)}: {when[terms.notice_methods[m]]}") for m in listed],
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
    when = terms.notice_methods.get(method)
    if when is GivenWhen.SENT:
        return "Counts on the day it is sent to the address of record."
    if when is GivenWhen.RECEIVED:
        return "Counts only when actually received. Leave the received day empty while not known."
    if method in terms.electronic_methods:
        return (
            "Not a method the agreement lists. It counts, on receipt, only if the party it went "
            "to had signed a consent to electronic delivery."
        )
    return ""


def _address_choices(addresses: Sequence[Address]) -> list[tuple[str, str]]:
    return [
        ("", RECORD),
        *((str(a.pk), f"{a} (of record from {a.in_force_from:%b} {a.in_force_from.day}, "
           f"{a.in_force_from.year})") for a in addresses),
    ]  # fmt: skip


class NoticeSetting(NamedTuple):
    """What the form for a notice is drawn from.

    ``owed`` are the Investors a Company Notice is still owed to; ``held`` is what each
    Investor holds on the day in question.
    """

    kind: str
    matters: Sequence[Demand]
    matter: Demand | None
    terms: Terms
    investors: Sequence[Investor]
    owed: frozenset[int]
    initiators: frozenset[int]
    held: Mapping[int, Position]
    addresses: Mapping[int | None, Sequence[Address]]


class NoticeForm(ActForm):
    """One notice: which, how it travelled, to or from whom, and what it asks for."""

    def __init__(self, *args: Any, setting: NoticeSetting, **kwargs: Any) -> None:
        initial = {
            "kind": setting.kind,
            "matter": str(setting.matter.number) if setting.matter else "",
            "to": [str(pk) for pk in sorted(setting.owed)],
            **kwargs.pop("initial", {}),
        }
        super().__init__(*args, initial=initial, **kwargs)
        self.setting = setting
        self.to: list[Investor] = []
        self.apart: list[Investor] = []
        self.everybody = False
        redraws = forms.RadioSelect(attrs=REDRAWS)
        self.fields["kind"] = forms.ChoiceField(
            label="Which notice?", choices=list(KINDS.items()), widget=redraws
        )
        if setting.kind != "demand":
            self.fields["matter"] = forms.ChoiceField(
                label="In which registration?",
                choices=[(str(d.number), d.reference) for d in setting.matters],
                widget=forms.Select(attrs=REDRAWS),
                error_messages={"required": "Choose the Demand Registration it belongs to."},
            )
        self._copy("", "")
        getattr(self, f"_{setting.kind}", self._answer)()
        self.fields["note"] = forms.CharField(
            label="Note",
            required=False,
            max_length=2000,
            widget=forms.Textarea(attrs={"rows": 2}),
            help_text="For the file. Nobody outside sees it.",
        )

    # --- the parts of the form

    def _copy(self, suffix: str, who: str, parties: Iterable[Investor] = ()) -> None:
        of = f", {who}" if who else ""
        self.fields[f"method{suffix}"] = PickField(
            label=f"How did it travel?{of}",
            choices=method_choices(self.setting.terms),
            widget=forms.Select(attrs=REDRAWS),
            required=not suffix,
            error_messages={"required": "Choose how it travelled."},
        )
        self.fields[f"sent_on{suffix}"] = DayField(
            label=f"Sent on{of}",
            required=False,
            help_text="Leave empty while not known." if not suffix else "",
        )
        self.fields[f"received_on{suffix}"] = DayField(
            label=f"Received on{of}",
            required=False,
            help_text="Leave empty while not known." if not suffix else "",
        )

    def _address(self, suffix: str, party: int | None, label: str) -> None:
        known = self.setting.addresses.get(party, ())
        if len(known) > 1:
            self.fields[f"address{suffix}"] = forms.ChoiceField(
                label=label, choices=_address_choices(known), required=False
            )

    def _demand(self) -> None:
        self._address("", None, "Address of the Company it was sent to")
        self.fields["signers"] = forms.MultipleChoiceField(
            label="Which Investors signed it?",
            choices=[
                (str(i.pk), f"{i.name} ({self._held(i).units:,} Units)")
                for i in self.setting.investors
            ],
            widget=forms.CheckboxSelectMultiple(attrs=REDRAWS),
            error_messages={"required": "Choose the Investors who signed the Demand Notice."},
        )
        self.signers = self._picked("signers")
        for investor in self.signers:
            self._ask(f"_{investor.pk}", investor)
        self.fields["files"] = FilesField(help_text=FILES_HINT)

    def _company(self) -> None:
        invited = [i for i in self.setting.investors if i.pk not in self.setting.initiators]
        self.everybody = len(invited) > MANY
        if self.everybody:
            # A list this long is not ticked one by one: the notice goes to all it is owed to,
            # and a copy that went otherwise is corrected from the notice's own page.
            self.to = [i for i in invited if i.pk in self.setting.owed]
            self.apart = []
            return
        self.fields["to"] = forms.MultipleChoiceField(
            label="To whom",
            choices=[
                (str(i.pk), i.name if i.pk in self.setting.owed else f"{i.name} (sent before)")
                for i in invited
            ],
            widget=forms.CheckboxSelectMultiple(attrs=REDRAWS),
            error_messages={"required": "Choose the Investors it was sent to."},
        )
        self.to = self._picked("to")
        self.fields["apart"] = forms.MultipleChoiceField(
            label="Any copy that travelled another way or on another day? Set each.",
            choices=[(str(i.pk), i.name) for i in self.to],
            widget=forms.CheckboxSelectMultiple(attrs=REDRAWS),
            required=False,
        )
        self.apart = [i for i in self._picked("apart") if i in self.to]
        for investor in self.apart:
            self._copy(f"_{investor.pk}", investor.name)
        for investor in self.to:
            self._address(f"_{investor.pk}", investor.pk, f"Address used, {investor.name}")
            if len(self.to) <= MOST_FILES:
                self.fields[f"files_{investor.pk}"] = FilesField(label=investor.name)

    def _answer(self) -> None:
        self._address("", None, "Address of the Company it was sent to")
        self.fields["investor"] = forms.ChoiceField(
            label="From which Investor?",
            choices=[
                ("", "Choose the Investor"),
                *(
                    (str(i.pk), i.name)
                    for i in self.setting.investors
                    if i.pk not in self.setting.initiators
                ),
            ],
            widget=forms.Select(attrs=REDRAWS),
            error_messages={"required": "Choose the Investor it came from."},
        )
        if self.setting.kind == "request":
            chosen = self._picked("investor")
            self._ask("", chosen[0] if chosen else None)
        self.fields["files"] = FilesField(help_text=FILES_HINT)

    def _ask(self, suffix: str, investor: Investor | None) -> None:
        held = self._held(investor) if investor else None
        limit = (
            (f"Up to {held.units:,}; that is what it holds.", f"Up to {held.registrable:,}.")
            if held
            else ("", "")
        )
        add_ask_fields(self, suffix, limit)

    # --- reading it

    def _held(self, investor: Investor) -> Position:
        return self.setting.held.get(investor.pk, Position())

    def _picked(self, name: str) -> list[Investor]:
        """The Investors chosen so far under a name, in the order of the register."""
        if self.is_bound:
            data: Any = self.data
            found = data.getlist(name) if hasattr(data, "getlist") else data.get(name, [])
        else:
            found = self.initial.get(name) or []
        chosen = {found} if isinstance(found, str) else set(found)
        return [i for i in self.setting.investors if str(i.pk) in chosen]

    @property
    def asking(self) -> list[tuple[Investor, list[forms.BoundField]]]:
        """Each signer with the fields of what it asks for."""
        return [
            (i, [self[f"{name}_{i.pk}"] for name in ASK_FIELDS])
            for i in getattr(self, "signers", ())
        ]

    @property
    def asked(self) -> list[forms.BoundField]:
        return [self[name] for name in ASK_FIELDS if name in self.fields]

    @property
    def to_many(self) -> bool:
        """Whether there are too many copies for a file each on one page."""
        return len(self.to) > MOST_FILES

    @property
    def set_apart(self) -> list[tuple[Investor, list[forms.BoundField]]]:
        return [
            (i, [self[f"{name}_{i.pk}"] for name in ("method", "sent_on", "received_on")])
            for i in getattr(self, "apart", ())
        ]

    @property
    def address_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name.startswith("address")]

    @property
    def file_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name.startswith("files")]

    def refuse(self, refusal: Refused) -> None:
        """A refusal about one of several signers belongs at that signer's own field."""
        for investor in getattr(self, "signers", ()):
            name = f"{refusal.field}_{investor.pk}"
            if name in self.fields and refusal.message.startswith(investor.name):
                self.add_error(name, f"{refusal.message} §{refusal.clause}")
                return
        if refusal.field == "investors":
            refusal.field = "signers" if "signers" in self.fields else "to"
        elif refusal.field not in self.fields and "_" in refusal.field:
            # One day and method for all: a fault of one copy is a fault of the line they share.
            base = refusal.field.rsplit("_", 1)[0]
            if base in self.fields:
                refusal.field = base
        super().refuse(refusal)

    def copy(self, investor: Investor | None = None) -> CopyIn:
        """How one copy travelled; its own way if it was set apart, else the common one."""
        of = f"_{investor.pk}" if investor and investor in getattr(self, "apart", ()) else ""
        at = f"_{investor.pk}" if investor else ""
        chosen = self.cleaned_data.get(f"address{at}")
        party = investor.pk if investor else None
        address = next(
            (a for a in self.setting.addresses.get(party, ()) if str(a.pk) == chosen), None
        )
        data = self.cleaned_data
        return CopyIn(
            data[f"method{of}"] or data["method"],
            data[f"sent_on{of}"],
            data[f"received_on{of}"],
            address,
        )

    def copies(self) -> list[tuple[Investor, CopyIn]]:
        return [(i, self.copy(i)) for i in self.to]

    def asks(self) -> list[AskIn]:
        return [ask_of(self.cleaned_data, i, f"_{i.pk}") for i in self.signers]

    def ask(self) -> AskIn:
        investor = self._picked("investor")[0]
        if self.setting.kind == "decline":
            return AskIn(investor)
        return ask_of(self.cleaned_data, investor, "")

    def files_by_copy(self) -> dict[int, Sequence[Any]]:
        return {i.pk: self.cleaned_data.get(f"files_{i.pk}") or () for i in self.to}


ASK_FIELDS = ("units", "shares", "distribution", "other_information", "nothing_else")
FILES_HINT = (
    "PDF, PNG, JPEG or TIFF, up to 20 MB each. Choose files last: a page that comes back with "
    "a question does not keep them."
)


def add_ask_fields(form: forms.Form, suffix: str, limit: tuple[str, str]) -> None:
    """The parts of a request (D5), for one Investor."""
    form.fields[f"units{suffix}"] = WholeField(label="Units", required=False, help_text=limit[0])
    form.fields[f"shares{suffix}"] = WholeField(
        label="Registrable Shares", required=False, help_text=limit[1]
    )
    form.fields[f"distribution{suffix}"] = forms.CharField(
        label="Intended method of distribution",
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="In its own words. Leave empty if it states none.",
    )
    form.fields[f"other_information{suffix}"] = forms.CharField(
        label="Other information it gives",
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    form.fields[f"nothing_else{suffix}"] = forms.BooleanField(
        label="The Company had asked for no other information", required=False
    )


def ask_of(data: Mapping[str, Any], investor: Investor, suffix: str) -> AskIn:
    """What an Investor asks for: a part not stated stays unstated, not zero."""
    other = (data.get(f"other_information{suffix}") or "").strip()
    return AskIn(
        investor,
        data.get(f"units{suffix}"),
        data.get(f"shares{suffix}"),
        (data.get(f"distribution{suffix}") or "").strip(),
        other or ("" if data.get(f"nothing_else{suffix}") else None),
    )


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
                label="Address it went to", choices=_address_choices(addresses), required=False
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


class CompleteForm(ActForm):
    """What a request lacked, or what it really said."""

    def __init__(self, *args: Any, standing: Any, held: Position, **kwargs: Any) -> None:
        initial = {
            "units": standing.units,
            "shares": standing.shares,
            "distribution": standing.distribution,
            "other_information": standing.other_information or "",
            "nothing_else": standing.other_information == "",
        }
        super().__init__(*args, initial=initial, **kwargs)
        self.fields["stated_on"] = DayField(
            label="The rest came on",
            help_text="The day the request was received does not move.",
        )
        add_ask_fields(
            self,
            "",
            (f"Up to {held.units:,}.", f"Up to {held.registrable:,}."),
        )
        self.fields["reason"] = forms.CharField(
            label="Why it is changed",
            required=False,
            max_length=2000,
            widget=forms.Textarea(attrs={"rows": 2}),
            help_text="Needed only when something already recorded changes.",
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


def kind_of(given: str, *, any_matter: bool) -> str:
    """The kind of notice asked for; the Demand Notice when there is no matter yet."""
    if given in KINDS and (any_matter or given == "demand"):
        return given
    return "company" if any_matter else "demand"


NOTICE_KINDS = dict(Notice.Kind.choices)
