"""One notice: its copies, what it asks, and what hangs on it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

from django.db.models import Prefetch, Q
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.generic import TemplateView

from investors.models import Agreement
from notices.models import Delivery, DeliveryRecord, Evidence, Notice, RequestRecord
from registrations.facts import TELLS, terms_for
from registrations.models import Demand, DocketEntry
from registrations.rules import notice as rules
from registrations.rules.findings import Reason
from registrations.rules.joining import PART_NAMES
from registrations.rules.terms import Terms

from .notices import SHOWN_BY_PAGE, arrivals
from .paging import pages
from .recording import ActPage
from .scope import CounselPage


class CopyRow(NamedTuple):
    """One copy: what stands of it, what that amounts to, and what stood before."""

    delivery: Delivery
    record: DeliveryRecord
    given_on: date | None
    because: Sequence[Reason]
    evidence: Sequence[Evidence]
    earlier: Sequence[DeliveryRecord]


class OfNotice:
    """Finding a notice of the agreement by its number."""

    agreement: Agreement
    kwargs: dict[str, Any]
    notice: Notice
    matter: Demand
    terms: Terms

    def find(self) -> None:
        self.notice = get_object_or_404(
            Notice.objects.select_related("sender", "recorded_by", "answers"),
            agreement=self.agreement,
            number=self.kwargs["number"],
        )
        self.notice.agreement = self.agreement
        self.matter = matter_of(self.notice, self.agreement)
        self.terms = terms_for(self.matter)


class NoticeAct(ActPage):
    """An act on one notice; it comes back to the notice's page."""

    nav = "notices"
    notice: Notice

    def lands_on(self, made: Any) -> str:
        return reverse("notice", args=[self.agreement.slug, self.notice.number])

    def where(self) -> list[tuple[str, str]]:
        return [
            ("Notices", reverse("notices", args=[self.agreement.slug])),
            (self.notice.reference, self.lands_on(None)),
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kwargs["back"] = self.lands_on(None)
        return super().get_context_data(**kwargs)


def matter_of(notice: Notice, agreement: Agreement) -> Demand:
    """The matter a notice belongs to, with the agreement already loaded."""
    matter = get_object_or_404(
        Demand.objects.select_related("notice"), notice=notice.answers_id or notice.pk
    )
    matter.agreement = agreement
    return matter


class NoticePage(OfNotice, CounselPage, TemplateView):
    """Is this notice good?"""

    template_name = "counsel/notices/notice.html"
    nav = "notices"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        self.find()
        deliveries = (
            Delivery.objects.filter(notice=self.notice)
            .select_related("recipient")
            .order_by("recipient__name", "pk")
        )
        page = pages(self.request, deliveries.count(), SHOWN_BY_PAGE, "copies")
        shown = list(
            deliveries.prefetch_related(
                Prefetch(
                    "records",
                    DeliveryRecord.objects.select_related(
                        "address", "recorded_by", "replacement"
                    ).order_by("-pk"),
                ),
                "evidence",
            )[page.start : page.start + SHOWN_BY_PAGE]
        )
        found = arrivals(self.agreement, [self.notice.pk], self.terms)
        amounts = {r.delivery_id: a for r, a in found}
        copies = [_copy_row(d, amounts[d.pk]) for d in shown]
        requests = list(
            RequestRecord.objects.filter(notice=self.notice)
            .select_related("investor", "recorded_by", "replacement")
            .order_by("investor__name", "-pk")
        )
        standing = [r for r in requests if not hasattr(r, "replacement")]
        kwargs.update(
            notice=self.notice,
            matter=self.matter,
            copies=copies,
            pages=page,
            requests=standing,
            earlier_requests=[r for r in requests if hasattr(r, "replacement")],
            lacking={r.pk: parts_lacking(r, self.terms) for r in standing},
            loose=list(self.notice.evidence.filter(delivery=None).order_by("pk")),
            triggered=self.triggered(),
            heading=_heading(self.notice, found),
        )
        return super().get_context_data(**kwargs)

    def triggered(self) -> list[DocketEntry]:
        """The windows and concerns of the matter that hang on this notice."""
        entries = DocketEntry.objects.filter(demand=self.matter)
        kind, sender = self.notice.kind, self.notice.sender_id
        if kind == Notice.Kind.DEMAND:
            wanted = Q(rule__in=["D2", "D3", "D1"]) | Q(key="file")
        elif kind == Notice.Kind.PROPOSAL:
            wanted = Q(rule__in=["P1", "P4"])
        elif kind == Notice.Kind.AMENDED:
            wanted = Q(rule="S4")
        elif kind in TELLS:
            told = Delivery.objects.filter(notice=self.notice).values("recipient")
            wanted = Q(rule__in=["D2", "D3", "P1", "P4"]) | Q(key="file")
            wanted |= Q(rule__in=["D4", "P3", "D6", "D8"], investor__in=told)
        else:
            wanted = Q(rule__in=["D4", "P3", "D5", "D10", "P4", "P6", "P8"], investor=sender)
        return list(entries.filter(wanted).order_by("kind", "-rule", "closes_on", "key")[:12])


def _heading(notice: Notice, found: Sequence[tuple[DeliveryRecord, rules.Arrival]]) -> str:
    """Whether every copy came and counts.  A receipt on record is not notice given: an
    e-mail without a consent came, and counts for nothing."""
    name = f"{notice.reference}, {notice.get_kind_display()}"
    if not found:
        return f"{name}."
    copies, waiting = len(found), sum(r.received_on is None for r, _ in found)
    void = [a for r, a in found if r.received_on is not None and a.given_on is None]
    if void and not waiting:
        if copies > 1:
            return f"{name}: every copy was received, {len(void):,} of {copies:,} not given."
        why = f" {void[0].because[0].says}." if void[0].because else ""
        return f"{name}: received, not given.{why}"
    if not waiting:
        return f"{name}: every receipt is on record." if copies > 1 else f"{name}: received."
    if copies == 1:
        return f"{name}: receipt not on record."
    return f"{name}: {waiting:,} of {copies:,} receipts not on record."


def _copy_row(delivery: Delivery, arrived: rules.Arrival) -> CopyRow:
    records = list(delivery.records.all())
    replaced = {r.replaces_id for r in records if r.replaces_id}
    stands = next(r for r in records if r.pk not in replaced)
    return CopyRow(
        delivery,
        stands,
        arrived.given_on,
        arrived.because,
        list(delivery.evidence.all()),
        [r for r in records if r.pk in replaced],
    )


def parts_lacking(record: RequestRecord, terms: Terms) -> list[str]:
    """The parts of a request it does not state (D5)."""
    stated = {
        "amount": record.units is not None or record.shares is not None,
        "distribution": bool(record.distribution),
        "other_information": record.other_information is not None,
    }
    return [PART_NAMES[part] for part in terms.request_parts if not stated[part]]
