"""Holders: who holds what on a day, and how it came about."""

from __future__ import annotations

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
    ElectronicConsent,
    Investor,
    LedgerEntry,
    ShareCount,
)
from notices.models import RequestRecord
from registrations.facts import holdings, ledger_lines, terms_of
from registrations.forms.register import ACTS
from registrations.rules.securities import Position, positions
from registrations.rules.terms import UnitParts

from .paging import pages
from .scope import CounselPage

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
            consent=consent_in_force(self.agreement, investor, self.day),
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
