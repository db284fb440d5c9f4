"""Acts on the register: holders, their ledger, addresses, contacts and consents."""

from __future__ import annotations

from typing import Any, cast

from django.db.models import Q
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse

from investors.models import Contact, ElectronicConsent, Investor
from registrations.facts import address_notices, holdings, terms_of
from registrations.forms.base import ActForm
from registrations.forms.register import (
    ACTS,
    AddressForm,
    ConsentForm,
    ContactForm,
    EndContactForm,
    HolderForm,
    LedgerForm,
    WithdrawForm,
)
from registrations.rules.days import say
from registrations.rules.findings import Ruling
from registrations.rules.securities import Position
from registrations.rules.transferees import Taken, standing
from registrations.services import ledger, register, transfers

from .following import Consequences
from .holders import find_investor
from .recording import ActPage
from .words import day_words


class RegisterAct(ActPage):
    """An act on the register, which can move dates in any matter."""

    nav = "holders"

    def consequences(self, form: ActForm) -> Consequences | None:
        return self.in_all_matters(form, self.detail(form))

    def detail(self, form: ActForm) -> Any:
        """What the page shows beside the dates, read before and after."""
        return lambda: None

    def where(self) -> list[tuple[str, str]]:
        return [("Holders", reverse("holders", args=[self.agreement.slug]))]


class AddHolder(RegisterAct):
    """Somebody became a party."""

    form_class = HolderForm
    heading = "Add a holder"
    intro = "An Investor is a party from the day it signed the agreement or a counterpart."
    button = "Save holder"
    saved = "Holder saved. Record what it holds."
    looks = False

    def consequences(self, form: ActForm) -> None:
        return None

    def perform(self, form: ActForm, *, trying: bool) -> Any:
        data = form.cleaned_data
        return register.add_investor(
            agreement=self.agreement,
            name=data["name"],
            kind=data["kind"],
            party_from=data["party_from"],
            address=data["address"],
            facsimile=data["facsimile"],
            contact_name=data["contact_name"],
            contact_email=data["contact_email"],
            note=data["note"],
            when=self.acting,
        )

    def lands_on(self, made: Any) -> str:
        return reverse("holder", args=[self.agreement.slug, made.public_id])


class OfHolder(RegisterAct):
    """An act on one Investor."""

    investor: Investor

    def find(self) -> None:
        self.investor = find_investor(self.agreement, self.kwargs["investor"])

    def lands_on(self, made: Any) -> str:
        return reverse("holder", args=[self.agreement.slug, self.investor.public_id])

    def where(self) -> list[tuple[str, str]]:
        return [*super().where(), (self.investor.name, self.lands_on(None))]


class RecordLedger(OfHolder):
    """One event of the holdings ledger."""

    template_name = "counsel/register/ledger.html"
    form_class = LedgerForm
    button = "Save entry"
    saved = "Entry saved."

    def find(self) -> None:
        super().find()
        self.act = self.request.GET.get("act", "issue")
        if self.act not in ACTS:
            raise Http404
        self.heading = f"{ACTS[self.act]}: {self.investor.name}"
        self.intro = "The ledger is never edited; every change is a line of its own, with its day."
        self.others = (
            list(
                Investor.objects.filter(agreement=self.agreement)
                .exclude(pk=self.investor.pk)
                .order_by("name", "pk")
            )
            if self.act == "transfer"
            else []
        )

    def form_options(self) -> dict[str, Any]:
        return {"act": self.act, "others": self.others}

    def perform(self, form: ActForm, *, trying: bool) -> Any:
        data = form.cleaned_data
        on, quantity, note = data["on"], data["quantity"], data.get("note", "")
        match self.act:
            case "issue":
                return ledger.issue_units(
                    investor=self.investor, units=quantity, on=on, note=note, when=self.acting
                )
            case "conversion":
                return ledger.convert_preferred(
                    investor=self.investor, preferred=quantity, on=on, note=note, when=self.acting
                )
            case "exercise":
                return ledger.exercise_warrants(
                    investor=self.investor, warrants=quantity, on=on, note=note, when=self.acting
                )
            case "transfer":
                ledger_form = cast(LedgerForm, form)
                to = ledger_form.to()
                return transfers.record_transfer(
                    investor=self.investor,
                    to=to if to is not None else ledger_form.newcomer(),
                    security=data["security"],
                    quantity=quantity,
                    on=on,
                    note=note,
                    when=self.acting,
                )
            case "public_sale":
                return ledger.record_public_sale(
                    investor=self.investor,
                    shares=quantity,
                    under=data["under"],
                    on=on,
                    note=note,
                    when=self.acting,
                )
            case "expiry":
                return ledger.record_expiry(
                    investor=self.investor, warrants=quantity, on=on, note=note, when=self.acting
                )
            case _:
                return ledger.correct_ledger(
                    investor=self.investor,
                    security=data["security"],
                    change=quantity,
                    on=on,
                    reason=data["reason"],
                    expires_on=data["expires_on"],
                    when=self.acting,
                )

    def detail(self, form: ActForm) -> Any:
        """Today's position of everybody the event touches."""
        to = cast(LedgerForm, form).to()
        parties = [self.investor, *([to] if to else [])]

        def read() -> list[tuple[str, Position]]:
            held = holdings(self.agreement, self.today)
            return [(i.name, held.get(i.pk, Position())) for i in parties]

        return read

    def standing(self, form: LedgerForm) -> Ruling | None:
        """Whether whoever a transfer went to is an Investor for it (H4)."""
        if self.act != "transfer":
            return None
        to, on = form.to(), form.cleaned_data["on"]
        party_from = to.party_from if to is not None else form.newcomer().signed_on
        terms = terms_of(self.agreement, max(on, self.agreement.dated_on))
        return standing(Taken(on, party_from), terms)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found = kwargs.get("found")
        if found is not None and found.detail:
            before, after = found.detail
            kwargs["positions"] = [
                (name, was, now) for (name, was), (_, now) in zip(before, after, strict=True)
            ]
            kwargs["standing"] = self.standing(kwargs["form"])
        kwargs.update(act=self.act, acts=ACTS, investor=self.investor)
        return super().get_context_data(**kwargs)


class ChangeAddress(OfHolder):
    """A party's address for notices changed."""

    form_class = AddressForm
    button = "Save address"
    saved = "Address saved. Notices already sent keep the old one."
    clause = "8(a)"

    def find(self) -> None:
        super().find()
        self.heading = f"New address for {self.investor.name}"
        self.intro = "It counts for what is sent after all other parties had notice of it."
        self.notice = None
        if told := self.request.GET.get("notice"):
            waiting = address_notices(Q(investor=self.investor))
            self.notice = next((n for n in waiting if str(n.public_id) == told), None)
        if self.notice is not None:
            self.intro += f" The Investor told the Company on {day_words(self.notice.told_on)}."

    def form_options(self) -> dict[str, Any]:
        if self.notice is None:
            return {}
        return {"initial": {"lines": self.notice.lines, "facsimile": self.notice.facsimile}}

    def perform(self, form: ActForm, *, trying: bool) -> Any:
        data = form.cleaned_data
        return register.change_address(
            agreement=self.agreement,
            investor=self.investor,
            lines=data["lines"],
            in_force_from=data["in_force_from"],
            facsimile=data["facsimile"],
            notice=self.notice,
            when=self.acting,
        )


class RecordConsent(OfHolder):
    """A party signed a consent to electronic delivery."""

    form_class = ConsentForm
    button = "Save consent"
    saved = "Consent saved."
    clause = "8(c)"

    def find(self) -> None:
        super().find()
        self.heading = f"Consent of {self.investor.name} to electronic delivery"
        self.intro = (
            "From the day it signed, what it is sent by portal or e-mail counts on receipt."
        )

    def perform(self, form: ActForm, *, trying: bool) -> Any:
        return register.record_consent(
            agreement=self.agreement,
            investor=self.investor,
            signed_on=form.cleaned_data["signed_on"],
            signer=form.cleaned_data["signer"],
            when=self.acting,
        )


class AddContact(OfHolder):
    """Somebody to remind."""

    form_class = ContactForm
    button = "Save contact"
    saved = "Contact saved."
    looks = False

    def find(self) -> None:
        super().find()
        self.heading = f"Person to remind at {self.investor.name}"
        self.intro = "Reminders go by e-mail. A reminder is not notice under the agreement."

    def consequences(self, form: ActForm) -> None:
        return None

    def perform(self, form: ActForm, *, trying: bool) -> Any:
        data = form.cleaned_data
        return register.add_contact(
            investor=self.investor, name=data["name"], email=data["email"], when=self.acting
        )


class EndContact(OfHolder):
    """No more reminders to somebody."""

    form_class = EndContactForm
    button = "Stop reminders"
    saved = "Reminders to this person have stopped."
    looks = False

    def find(self) -> None:
        self.contact = get_object_or_404(
            Contact.objects.select_related("investor"),
            pk=self.kwargs["pk"],
            investor__agreement=self.agreement,
            ended_at=None,
        )
        self.investor = self.contact.investor
        self.investor.agreement = self.agreement
        self.heading = f"Stop reminders to {self.contact.name}?"
        self.intro = f"{self.contact.email} is on file for {self.investor.name}."

    def consequences(self, form: ActForm) -> None:
        return None

    def perform(self, form: ActForm, *, trying: bool) -> Any:
        register.end_contact(contact=self.contact, when=self.acting)


class WithdrawConsent(RegisterAct):
    """A consent to electronic delivery ended."""

    form_class = WithdrawForm
    button = "Save withdrawal"
    saved = "Withdrawal saved."
    clause = "8(c)"

    def find(self) -> None:
        self.consent = get_object_or_404(
            ElectronicConsent.objects.select_related("investor"),
            pk=self.kwargs["pk"],
            agreement=self.agreement,
        )
        self.consent.agreement = self.agreement
        self.whose = self.consent.investor.name if self.consent.investor else "the Company"
        self.heading = f"Withdrawal of the consent of {self.whose}"
        self.intro = (
            f"Signed {say(self.consent.signed_on)}. From the day it is withdrawn, electronic "
            "copies no longer count."
        )

    def perform(self, form: ActForm, *, trying: bool) -> Any:
        return register.withdraw_consent(
            consent=self.consent,
            withdrawn_on=form.cleaned_data["withdrawn_on"],
            reason=form.cleaned_data["reason"],
            when=self.acting,
        )

    def lands_on(self, made: Any) -> str:
        if self.consent.investor is None:
            return reverse("company-papers", args=[self.agreement.slug])
        return reverse("holder", args=[self.agreement.slug, self.consent.investor.public_id])

    def where(self) -> list[tuple[str, str]]:
        return [*super().where(), (self.whose, self.lands_on(None))]
