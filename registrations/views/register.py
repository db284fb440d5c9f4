"""The register: who holds what on a day, how it came about, and where notices reach them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, NamedTuple, cast

from django.db.models import Q
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.generic import TemplateView

from investors.models import (
    Address,
    Agreement,
    Contact,
    ElectronicConsent,
    Investor,
    LedgerEntry,
    ShareCount,
)
from notices.models import RequestRecord
from registrations.facts import holdings, ledger_lines, terms_of
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
from registrations.rules.securities import Position, positions
from registrations.rules.terms import UnitParts
from registrations.services import ledger, register

from .following import Consequences, of_register
from .paging import pages
from .recording import ActPage
from .scope import CounselPage

SHOWN_BY_PAGE = 50


# --- holders ----------------------------------------------------------------------------


class HolderRow(NamedTuple):
    """One holder on a day, with its bar's parts in percent of the widest."""

    investor: Investor
    position: Position
    x_preferred: float
    x_warrants: float
    end: float

    @property
    def w_preferred(self) -> float:
        return self.x_warrants - self.x_preferred

    @property
    def w_warrants(self) -> float:
        return self.end - self.x_warrants

    @property
    def says(self) -> str:
        p = self.position
        return (
            f"{self.investor.name}: {p.issued:,} issued, {p.from_preferred:,} from Preferred, "
            f"{p.from_warrants:,} from Warrants, {p.registrable:,} in all."
        )


class Difference(NamedTuple):
    """A count from a paper beside what the register gives for the same day."""

    paper: ShareCount
    register: int

    @property
    def gap(self) -> int:
        return self.paper.count - self.register


class HoldersPage(CounselPage, TemplateView):
    """Who holds what, fully converted?"""

    template_name = "counsel/register/holders.html"
    nav = "holders"
    follows_as_of = True

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        day = max(self.day, self.agreement.dated_on)
        terms = terms_of(self.agreement, day)
        held = holdings(self.agreement, self.day)
        total = Position()
        for position in held.values():
            total = total.plus(position)
        investors = list(Investor.objects.filter(agreement=self.agreement).order_by("name", "pk"))
        investors.sort(key=lambda i: -held.get(i.pk, Position()).registrable)
        page = pages(self.request, len(investors), SHOWN_BY_PAGE)
        widest = max((p.registrable for p in held.values()), default=0)
        shown = investors[page.start : page.start + SHOWN_BY_PAGE]
        kwargs.update(
            rows=[_holder_row(i, held.get(i.pk, Position()), widest) for i in shown],
            pages=page,
            total=total,
            count=len(investors),
            holding=sum(1 for p in held.values() if p.registrable),
            per_unit=terms.unit_parts.registrable,
            parts=terms.unit_parts,
            offered=terms.units_offered,
            differences=self.differences(terms.unit_parts),
            company_consent=_consent_in_force(self.agreement, None, self.day),
            heading=f"{total.registrable:,} Registrable Shares, fully converted."
            if investors
            else "No holders are on the register.",
        )
        return super().get_context_data(**kwargs)

    def differences(self, parts: UnitParts) -> list[Difference]:
        """Counts from papers that the register does not bear out on their day."""
        counts = list(
            ShareCount.objects.standing()
            .filter(
                agreement=self.agreement,
                kind__in=[ShareCount.Kind.PROSPECTUS_UNITS, ShareCount.Kind.PROSPECTUS_SHARES],
                on__lte=self.day,
            )
            .order_by("-on", "kind")
        )
        lines = ledger_lines(self.agreement, upto=self.day) if counts else []
        found = []
        for count in counts:
            held = positions(lines, on=count.on, parts=parts).values()
            on_register = (
                sum(p.units for p in held)
                if count.kind == ShareCount.Kind.PROSPECTUS_UNITS
                else sum(p.registrable for p in held)
            )
            found.append(Difference(count, on_register))
        return found


def _holder_row(investor: Investor, position: Position, widest: int) -> HolderRow:
    def x(shares: int) -> float:
        return round(100 * shares / widest, 2) if widest else 0.0

    return HolderRow(
        investor,
        position,
        x(position.issued),
        x(position.issued + position.from_preferred),
        x(position.registrable),
    )


def _consent_in_force(
    agreement: Agreement, investor: Investor | None, day: date
) -> ElectronicConsent | None:
    found: ElectronicConsent | None = (
        ElectronicConsent.objects.standing()
        .filter(agreement=agreement, investor=investor, signed_on__lte=day)
        .filter(Q(withdrawn_on=None) | Q(withdrawn_on__gt=day))
        .order_by("-signed_on")
        .first()
    )
    return found


# --- one holder -------------------------------------------------------------------------


class Event(NamedTuple):
    """The lines of one ledger event, and what the holder had after it."""

    on: date
    kind: str
    note: str
    changes: Mapping[str, int]
    balance: Mapping[str, int]
    entry: LedgerEntry


class HolderPage(CounselPage, TemplateView):
    """What does this holder have, and what is outstanding?"""

    template_name = "counsel/register/holder.html"
    nav = "holders"
    follows_as_of = True

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        investor = find_investor(self.agreement, self.kwargs["investor"])
        day = max(self.day, self.agreement.dated_on)
        parts = terms_of(self.agreement, day).unit_parts
        lines = ledger_lines(self.agreement, upto=self.day)
        held = positions(lines, on=self.day, parts=parts)
        position = held.get(investor.pk, Position())
        events = ledger_of(investor, self.day)
        page = pages(self.request, len(events), SHOWN_BY_PAGE)
        kwargs.update(
            investor=investor,
            position=position,
            parts=parts,
            total_units=sum(p.units for p in held.values()),
            row=_holder_row(investor, position, position.registrable),
            events=events[page.start : page.start + SHOWN_BY_PAGE],
            pages=page,
            acts=ACTS,
            addresses=list(
                Address.objects.filter(investor=investor)
                .select_related("recorded_by", "replacement")
                .order_by("-in_force_from", "-pk")
            ),
            consents=list(
                ElectronicConsent.objects.standing()
                .filter(investor=investor)
                .order_by("-signed_on", "-pk")
            ),
            consent=_consent_in_force(self.agreement, investor, self.day),
            contacts=list(Contact.objects.filter(investor=investor).order_by("ended_at", "name")),
            requests=list(
                RequestRecord.objects.standing()
                .filter(investor=investor)
                .select_related("notice__demand", "notice__answers__demand")
                .order_by("-pk")[:SHOWN_BY_PAGE]
            ),
            heading=f"{investor.name} holds {position.registrable:,} Registrable Shares."
            if position.registrable
            else f"{investor.name} holds no Registrable Shares.",
        )
        return super().get_context_data(**kwargs)


def find_investor(agreement: Agreement, public_id: Any) -> Investor:
    """An Investor of the agreement, or 404."""
    investor = get_object_or_404(Investor, agreement=agreement, public_id=public_id)
    investor.agreement = agreement
    return investor


def ledger_of(investor: Investor, upto: date) -> list[Event]:
    """A holder's ledger by events, newest first, with the balance after each."""
    entries = list(
        LedgerEntry.objects.filter(investor=investor, on__lte=upto)
        .select_related("recorded_by")
        .order_by("on", "pk")
    )
    balance = dict.fromkeys(LedgerEntry.Security.values, 0)
    events: list[Event] = []
    for entry in entries:
        balance[entry.security] += entry.change
        if events and events[-1].entry.act == entry.act and events[-1].on == entry.on:
            last = events[-1]
            changes = dict(last.changes)
            changes[entry.security] = changes.get(entry.security, 0) + entry.change
            events[-1] = last._replace(changes=changes, balance=dict(balance))
        else:
            events.append(
                Event(
                    entry.on,
                    entry.get_kind_display(),
                    entry.note,
                    {entry.security: entry.change},
                    dict(balance),
                    entry,
                )
            )
    return events[::-1]


# --- acts -------------------------------------------------------------------------------


class RegisterAct(ActPage):
    """An act on the register, which can move dates in any matter."""

    nav = "holders"

    def consequences(self, form: ActForm) -> Consequences | None:
        return of_register(
            lambda: self.perform(form, trying=True),
            agreement=self.agreement,
            today=self.today,
            soon_days=self.agreement.company.due_soon_days,
            detail=self.detail(form),
        )

    def detail(self, form: ActForm) -> Any:
        """What the page shows beside the dates, read before and after."""
        return lambda: None

    def where(self) -> list[tuple[str, str]]:
        return [("Holders", reverse("holders", args=[self.agreement.slug]))]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kwargs.setdefault("back", self.where()[-1][1])
        return super().get_context_data(**kwargs)


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
                to = cast(LedgerForm, form).to()
                assert to is not None  # the form requires it
                to.agreement = self.agreement
                return ledger.transfer_units(
                    investor=self.investor,
                    to=to,
                    units=quantity,
                    on=on,
                    note=note,
                    when=self.acting,
                )
            case "public_sale":
                return ledger.record_public_sale(
                    investor=self.investor, shares=quantity, on=on, note=note, when=self.acting
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

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found = kwargs.get("found")
        if found is not None and found.detail:
            before, after = found.detail
            kwargs["positions"] = [
                (name, was, now) for (name, was), (_, now) in zip(before, after, strict=True)
            ]
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

    def perform(self, form: ActForm, *, trying: bool) -> Any:
        data = form.cleaned_data
        return register.change_address(
            agreement=self.agreement,
            investor=self.investor,
            lines=data["lines"],
            in_force_from=data["in_force_from"],
            facsimile=data["facsimile"],
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


class CompanyPapers(CounselPage, TemplateView):
    """Where do notices reach the Company, and may they be electronic?"""

    template_name = "counsel/register/company.html"
    nav = "holders"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kwargs.update(
            addresses=list(
                Address.objects.filter(agreement=self.agreement, investor=None)
                .select_related("recorded_by", "replacement")
                .order_by("-in_force_from", "-pk")
            ),
            consents=list(
                ElectronicConsent.objects.standing()
                .filter(agreement=self.agreement, investor=None)
                .order_by("-signed_on", "-pk")
            ),
            consent=_consent_in_force(self.agreement, None, self.today),
        )
        return super().get_context_data(**kwargs)


class OfCompany(RegisterAct):
    """An act on the Company's own papers."""

    def lands_on(self, made: Any) -> str:
        return reverse("company-papers", args=[self.agreement.slug])

    def where(self) -> list[tuple[str, str]]:
        return [*super().where(), ("The Company’s own papers", self.lands_on(None))]


class ChangeCompanyAddress(OfCompany):
    form_class = AddressForm
    heading = "New address for the Company"
    intro = "It counts for what is sent after all Investors had notice of it."
    clause = "8(a)"
    button = "Save address"
    saved = "Address saved."

    def perform(self, form: ActForm, *, trying: bool) -> Any:
        data = form.cleaned_data
        return register.change_address(
            agreement=self.agreement,
            investor=None,
            lines=data["lines"],
            in_force_from=data["in_force_from"],
            facsimile=data["facsimile"],
            when=self.acting,
        )


class RecordCompanyConsent(OfCompany):
    form_class = ConsentForm
    heading = "The Company’s consent to electronic delivery"
    intro = "It covers what Investors send the Company by portal or e-mail."
    clause = "8(c)"
    button = "Save consent"
    saved = "Consent saved."

    def perform(self, form: ActForm, *, trying: bool) -> Any:
        return register.record_consent(
            agreement=self.agreement,
            investor=None,
            signed_on=form.cleaned_data["signed_on"],
            when=self.acting,
        )
