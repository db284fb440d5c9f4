"""Holders: who holds what on a day, and how it came about."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, NamedTuple

from django.db.models import Q
from django.shortcuts import get_object_or_404
from django.views.generic import TemplateView

from investors.models import (
    Address,
    Agreement,
    Contact,
    CorporateAction,
    ElectronicConsent,
    Investor,
    LedgerEntry,
    Representative,
    ShareCount,
    User,
)
from notices.models import RequestRecord
from registrations.facts import (
    action_of,
    address_notices,
    holdings,
    ledger_of,
    line_of,
    per_unit,
    terms_of,
)
from registrations.forms.register import ACTS
from registrations.rules.actions import Action, course, mixed
from registrations.rules.securities import Book, Ledger, Position, positions
from registrations.rules.terms import Terms, UnitParts
from registrations.rules.transferees import after_sale
from registrations.tables import Table

from .exports import ListPage
from .paging import pages
from .scope import CounselPage
from .whys import why_of
from .words import capital

SHOWN_BY_PAGE = 50


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


class HoldersPage(ListPage):
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
        shown = investors[page.start : page.stop]
        kwargs.update(
            rows=[holder_row(i, held.get(i.pk, Position()), widest) for i in shown],
            pages=page,
            total=total,
            count=len(investors),
            holding=sum(1 for p in held.values() if p.registrable),
            **_unit(self.agreement, self.day, terms),
            offered=terms.values.get("units_offered"),
            in_units="unit_parts" in terms.values,
            differences=self.differences(terms.unit_parts),
            company_consent=consent_in_force(self.agreement, None, self.day),
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
        ledger = ledger_of(self.agreement, self.day) if counts else Ledger(())
        found = []
        for count in counts:
            held = positions(ledger, on=count.on, parts=parts).values()
            on_register = (
                sum(p.units for p in held)
                if count.kind == ShareCount.Kind.PROSPECTUS_UNITS
                else sum(p.registrable for p in held)
            )
            found.append(Difference(count, on_register))
        return found

    def table(self, context: dict[str, Any]) -> Table:
        return Table(
            f"{self.agreement.slug}-holders-{self.day}",
            ["Holder", "Units", "Common issued", "From Preferred", "From Warrants",
             "Registrable Shares"],
            ([r.investor.name, p.units, p.issued, p.from_preferred, p.from_warrants, p.registrable]
             for r in context["rows"] for p in [r.position]),
        )  # fmt: skip


def holder_row(investor: Investor, position: Position, widest: int) -> HolderRow:
    """A holder's bar, where ``widest`` Registrable Shares fill it."""

    def x(shares: int) -> float:
        return round(100 * shares / widest, 2) if widest else 0.0

    return HolderRow(
        investor,
        position,
        x(position.issued),
        x(position.issued + position.from_preferred),
        x(position.registrable),
    )


def consent_in_force(
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


class Event(NamedTuple):
    """One event of the ledger, or of a whole class, and what the holder had after it."""

    on: date
    kind: str
    says: str
    note: str
    changes: Mapping[str, int]
    balance: Mapping[str, int]
    before: dict[str, int]
    by: User | None


class HolderPage(CounselPage, TemplateView):
    """What does this holder have, and what is outstanding?"""

    template_name = "counsel/register/holder.html"
    nav = "holders"
    follows_as_of = True

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        investor = find_investor(self.agreement, self.kwargs["investor"])
        day = max(self.day, self.agreement.dated_on)
        terms = terms_of(self.agreement, day)
        held = holdings(self.agreement, self.day)
        position = held.get(investor.pk, Position())
        events = events_of(investor, self.day, terms)
        page = pages(self.request, len(events), SHOWN_BY_PAGE)
        kwargs.update(
            investor=investor,
            position=position,
            **_unit(self.agreement, self.day, terms),
            total_units=sum(p.units for p in held.values()),
            row=holder_row(investor, position, position.registrable),
            events=events[page.start : page.stop],
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
            consent=consent_in_force(self.agreement, investor, self.day),
            told=list(address_notices(Q(investor=investor, told_on__lte=self.day))),
            company_consents=consent_in_force(self.agreement, None, self.day),
            representatives=list(
                Representative.objects.filter(investor=investor, ended_at=None)
                .select_related("user")
                .order_by("user__name", "pk")
            ),
            contacts=list(Contact.objects.filter(investor=investor).order_by("ended_at", "name")),
            requests=_with_matters(
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


def _with_matters(requests: Iterable[RequestRecord]) -> list[RequestRecord]:
    """Each request with the matter its notice belongs to."""
    found = list(requests)
    for each in found:
        each.matter = (each.notice.answers or each.notice).demand  # type: ignore[attr-defined]
    return found


def find_investor(agreement: Agreement, public_id: Any) -> Investor:
    """An Investor of the agreement, or 404."""
    investor = get_object_or_404(Investor, agreement=agreement, public_id=public_id)
    investor.agreement = agreement
    return investor


def events_of(investor: Investor, upto: date, terms: Terms) -> list[Event]:
    """A holder's ledger by events, newest first, with the balance after each.  What was
    done to a whole class comes first on its day."""
    entries = (
        LedgerEntry.objects.filter(investor=investor, on__lte=upto)
        .select_related("recorded_by")
        .order_by("on", "pk")
    )
    whole_classes = (
        CorporateAction.objects.standing()
        .filter(agreement=investor.agreement_id, on__lte=upto)
        .exclude(kind=CorporateAction.Kind.VOID)
        .select_related("recorded_by")
        .order_by("on", "place")
    )
    order = heapq.merge(whole_classes, entries, key=lambda each: each.on)
    book, so_far, done = Book(), None, list[Action]()
    events: list[Event] = []
    act = None
    for each in order:
        before, says = _balance(book), ""
        if isinstance(each, CorporateAction):
            action = action_of(each)
            book.undergo(action)
            done.append(action)
            so_far, act = course(done), None
            kind = capital(action.words)
        else:
            book.add(line_of(each), so_far)
            if (each.act, each.on) == act:
                before = events.pop().before
            act, kind = (each.act, each.on), each.get_kind_display()
            if each.kind == LedgerEntry.Kind.PUBLIC_SALE:
                says = " ".join(r.text for r in after_sale(each.sold_under, terms).because)
        after = _balance(book)
        changes = {s: n - before[s] for s, n in after.items() if n != before[s]}
        if changes or not isinstance(each, CorporateAction):
            events.append(
                Event(each.on, kind, says, each.note, changes, after, before, each.recorded_by)
            )
    return events[::-1]


def _balance(book: Book) -> dict[str, int]:
    return {**book.held, "warrant": book.warrants()}


def _unit(agreement: Agreement, day: date, terms: Terms) -> dict[str, Any]:
    """What an untouched Unit is on the day, and why (H1, H2)."""
    found = per_unit(agreement, day)
    return {
        "parts": found.parts,
        "unit_why": why_of(
            found.because,
            terms,
            id="why-unit",
            clause=found.because[-1].clause,
            title=f"Why {mixed(found.parts.registrable)} Registrable Shares in a Unit?",
        ),
    }
