"""The form for a notice: which, how it travelled, to or from whom."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from django import forms

from investors.acts import Refused
from investors.models import Address, Investor
from registrations.forms.deliveries import REDRAWS, address_choices, method_choices
from registrations.forms.evidence import FILES_HINT
from registrations.forms.requests import ASK_FIELDS, add_ask_fields, ask_of
from registrations.models import Demand
from registrations.rules.securities import Position
from registrations.rules.terms import Terms
from registrations.services.deliveries import CopyIn
from registrations.services.requests import AskIn

from .base import ActForm
from .fields import DayField, FilesField, PickField

KINDS = {
    "demand": "Demand Notice received by the Company",
    "company": "Company Notice given to Investors",
    "request": "Request to join received from an Investor",
    "decline": "Answer declining to join received from an Investor",
    "registration": "Registration Notice given to Investors",
    "piggyback": "Piggy-back Request received from an Investor",
}
FIRST = ("demand", "company", "request", "decline")
TELLS = ("company", "registration")
ASKS = ("request", "piggyback")
IN_DEMAND = ("company", "request", "decline")
BY_COMPANY = ("registration", "piggyback", "decline")
MANY = 300  # above this the Investors are not listed one by one
MOST_FILES = 40  # above this evidence is added from the notice's page, copy by copy


class NoticeSetting(NamedTuple):
    """What the form for a notice is drawn from.

    ``kinds`` are those to choose from: what begins a demand, and what belongs in one, or in
    a registration the Company makes, where there is any.  ``owed`` are the Investors a
    notice is still owed to and ``told`` those a copy
    of it went to; ``held`` is what each Investor holds on the day in question.
    """

    kind: str
    kinds: Sequence[str]
    matters: Sequence[Demand]
    matter: Demand | None
    terms: Terms
    investors: Sequence[Investor]
    owed: frozenset[int]
    told: frozenset[int]
    initiators: frozenset[int]
    held: Mapping[int, Position]
    addresses: Mapping[int | None, Sequence[Address]]


class NoticeForm(ActForm):
    """One notice: which, how it travelled, to or from whom, and what it asks for."""

    def __init__(self, *args: Any, setting: NoticeSetting, **kwargs: Any) -> None:
        initial = {
            "kind": setting.kind,
            "matter": setting.matter.reference if setting.matter else "",
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
            label="Which notice?", choices=[(k, KINDS[k]) for k in setting.kinds], widget=redraws
        )
        if setting.kind != "demand":
            self.fields["matter"] = forms.ChoiceField(
                label="In which registration?",
                choices=[(d.reference, d.reference) for d in setting.matters],
                widget=forms.Select(attrs=REDRAWS),
                error_messages={"required": "Choose the registration it belongs to."},
            )
        self._copy("", "")
        if setting.kind in TELLS:
            self._telling()
        elif setting.kind == "demand":
            self._demand()
        else:
            self._answer()
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
                label=label, choices=address_choices(known), required=False
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

    def _telling(self) -> None:
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
                (str(i.pk), f"{i.name} (sent before)" if i.pk in self.setting.told else i.name)
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
        if self.setting.kind in ASKS:
            chosen = self._picked("investor")
            self._ask("", chosen[0] if chosen else None)
        self.fields["files"] = FilesField(help_text=FILES_HINT)

    def _ask(self, suffix: str, investor: Investor | None) -> None:
        held = self._held(investor) if investor else None
        limit = (
            (
                f"Up to {held.units:,}; that is what it holds." if held.units else "It holds none.",
                f"Up to {held.registrable:,}." if held.registrable else "It holds none.",
            )
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


def kinds_in(matter: Demand) -> tuple[str, ...]:
    """The kinds of notice that belong in a matter once it has begun."""
    return BY_COMPANY if matter.by_company else IN_DEMAND


def kind_of(given: str, matters: Sequence[Demand], matter: Demand | None) -> str:
    """The kind of notice asked for, where there is a matter for it; else the one a matter
    begins with, or the Demand Notice when there is none."""
    if given == "demand" or any(given in kinds_in(m) for m in matters):
        return given
    matter = matter or next(iter(matters), None)
    return kinds_in(matter)[0] if matter else "demand"
