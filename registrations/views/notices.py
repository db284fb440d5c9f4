"""Correspondence: what was sent or received, how, whether it can be proved, and recording
it with what follows in view."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import date
from typing import Any, NamedTuple, cast

from django.contrib.auth.decorators import login_required
from django.contrib.postgres.aggregates import ArrayAgg
from django.core.exceptions import ValidationError
from django.db.models import Count, Exists, Max, Min, OuterRef, Prefetch, Q, QuerySet
from django.http import FileResponse, Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_safe
from django.views.generic import TemplateView

from investors.acts import Refused
from investors.models import Address, Agreement, ElectronicConsent, Investor
from notices.models import Delivery, DeliveryRecord, Evidence, Method, Notice, RequestRecord
from registrations.facts import began_on, demand_facts, holdings, terms_of
from registrations.forms.base import ActForm
from registrations.forms.correspondence import (
    CompleteForm,
    EvidenceForm,
    NoticeForm,
    NoticeSetting,
    ReceiptForm,
    ask_of,
    kind_of,
    method_note,
)
from registrations.forms.fields import read_day
from registrations.models import Demand, DocketEntry
from registrations.rules import notice as rules
from registrations.rules.findings import Reason
from registrations.rules.joining import PART_NAMES
from registrations.rules.securities import Position
from registrations.rules.terms import Terms
from registrations.services import correspondence, deliveries, evidence, requests

from .following import Consequences, of_matter
from .paging import pages
from .recording import ActPage
from .scope import CounselPage
from .words import listed

SHOWN_BY_PAGE = 50
FEW_COPIES = 20
METHODS = dict(Method.choices)


# --- the list ---------------------------------------------------------------------------


class NoticeRow(NamedTuple):
    """One notice in the list."""

    notice: Notice
    matter: str
    matter_number: int
    whom: str
    methods: str
    sent: Sequence[date | None]
    received: Sequence[date | None]
    given: date | None
    copies: int
    missing: int
    evidence: int
    unproved: int


class NoticesPage(CounselPage, TemplateView):
    """What was sent or received, how, and can we prove it?"""

    template_name = "counsel/notices/list.html"
    nav = "notices"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        chosen = {name: self.request.GET.get(name, "") for name in ("kind", "matter", "missing")}
        found = self.found(chosen)
        page = pages(self.request, found.count(), SHOWN_BY_PAGE)
        shown = list(found.order_by("-number")[page.start : page.start + SHOWN_BY_PAGE])
        missing = Notice.objects.filter(agreement=self.agreement).filter(_waits()).count()
        kwargs.update(
            rows=self.rows(shown),
            pages=page,
            chosen=chosen,
            filtered=any(chosen.values()),
            kinds=Notice.Kind.choices,
            matters=Demand.objects.filter(agreement=self.agreement).order_by("-number")[:200],
            heading=_list_heading(Notice.objects.filter(agreement=self.agreement).count(), missing),
        )
        return super().get_context_data(**kwargs)

    def found(self, chosen: dict[str, str]) -> QuerySet[Notice]:
        notices = Notice.objects.filter(agreement=self.agreement)
        if chosen["kind"] in Notice.Kind.values:
            notices = notices.filter(kind=chosen["kind"])
        if number := _reference(chosen["matter"]):
            notices = notices.filter(Q(demand__number=number) | Q(answers__demand__number=number))
        if chosen["missing"]:
            notices = notices.filter(_waits())
        return notices

    def rows(self, notices: Sequence[Notice]) -> list[NoticeRow]:
        keys = [n.pk for n in notices]
        standing = DeliveryRecord.objects.standing().filter(delivery__notice__in=keys)
        told: dict[int, dict[str, Any]] = {
            row["delivery__notice"]: row
            for row in standing.order_by()
            .values("delivery__notice")
            .annotate(
                copies=Count("pk"),
                received=Count("received_on"),
                methods=ArrayAgg("method", distinct=True),
                first_sent=Min("sent_on"),
                last_sent=Max("sent_on"),
                first_received=Min("received_on"),
                last_received=Max("received_on"),
            )
        }
        proved = dict(
            Delivery.objects.filter(notice__in=keys)
            .filter(Exists(Evidence.objects.filter(delivery=OuterRef("pk"))))
            .order_by()
            .values("notice")
            .annotate(n=Count("pk"))
            .values_list("notice", "n")
        )
        evidence = dict(
            Evidence.objects.filter(notice__in=keys)
            .order_by()
            .values("notice")
            .annotate(n=Count("pk"))
            .values_list("notice", "n")
        )
        few = [k for k, row in told.items() if row["copies"] <= FEW_COPIES]
        given = given_days(self.agreement, few, terms_of(self.agreement, self.today))
        names: dict[int, list[str]] = defaultdict(list)
        for key, name in Delivery.objects.filter(
            notice__in=few, recipient__isnull=False
        ).values_list("notice", "recipient__name"):
            names[key].append(name)
        senders = dict(
            Investor.objects.filter(notices_sent__in=keys).values_list("notices_sent", "name")
        )
        matters = {
            d.notice_id: d
            for d in Demand.objects.filter(notice__in=[n.answers_id or n.pk for n in notices])
        }
        rows = []
        for notice in notices:
            row = told.get(notice.pk)
            matter = matters.get(notice.answers_id or notice.pk)
            if row is None or matter is None:
                continue
            days = given.get(notice.pk, [])
            rows.append(
                NoticeRow(
                    notice,
                    matter.reference,
                    matter.number,
                    f"from {senders[notice.pk]}"
                    if notice.pk in senders
                    else f"to {listed(names[notice.pk], 3) or str(row['copies']) + ' Investors'}",
                    ", ".join(METHODS.get(m, m) for m in row["methods"]),
                    (row["first_sent"], row["last_sent"]),
                    (row["first_received"], row["last_received"]),
                    days[0] if len(set(days)) == 1 else None,
                    row["copies"],
                    row["copies"] - row["received"],
                    evidence.get(notice.pk, 0),
                    max(0, row["copies"] - proved.get(notice.pk, 0))
                    if not (row["copies"] == 1 and evidence.get(notice.pk))
                    else 0,
                )
            )
        return rows


def _list_heading(count: int, missing: int) -> str:
    if not count:
        return "No notices are recorded."
    if missing == 1:
        return "One notice waits for a receipt."
    if missing:
        return f"{missing:,} notices wait for a receipt."
    return f"{count:,} notice{'' if count == 1 else 's'}, every receipt on record."


def _waits() -> Exists:
    """A notice with a copy whose receipt is not on record."""
    return Exists(
        DeliveryRecord.objects.standing().filter(delivery__notice=OuterRef("pk"), received_on=None)
    )


def _reference(given: str) -> int | None:
    """The number in DR-3."""
    number = given.removeprefix("DR-")
    return int(number) if number.isdecimal() and len(number) < 9 else None


def given_days(
    agreement: Agreement, notices: Iterable[int], terms: Terms
) -> dict[int, list[date | None]]:
    """The day each copy of some notices was given, by notice."""
    found: dict[int, list[date | None]] = defaultdict(list)
    for record, arrived in arrivals(agreement, notices, terms):
        found[record.delivery.notice_id].append(arrived.given_on)
    return found


def arrivals(
    agreement: Agreement, notices: Iterable[int], terms: Terms
) -> list[tuple[DeliveryRecord, rules.Arrival]]:
    """What stands of every copy of some notices, and what it amounts to (N1 to N5)."""
    records = list(
        DeliveryRecord.objects.standing()
        .filter(delivery__notice__in=list(notices))
        .select_related("delivery__recipient", "address", "recorded_by")
        .order_by("delivery_id")
    )
    parties = {r.delivery.recipient_id for r in records}
    addresses: dict[int | None, list[rules.Address]] = defaultdict(list)
    consents: dict[int | None, list[rules.Consent]] = defaultdict(list)
    of_party = Q(investor__in=[p for p in parties if p]) | (
        Q(investor=None) if None in parties else Q(pk=None)
    )
    for party, pk, day in (
        Address.objects.standing()
        .filter(of_party, agreement=agreement)
        .values_list("investor_id", "pk", "in_force_from")
    ):
        addresses[party].append(rules.Address(pk, day))
    for party, signed_on, withdrawn_on in (
        ElectronicConsent.objects.standing()
        .filter(of_party, agreement=agreement)
        .values_list("investor_id", "signed_on", "withdrawn_on")
    ):
        consents[party].append(rules.Consent(signed_on, withdrawn_on))
    return [
        (
            r,
            rules.arrival(
                rules.Copy(r.pk, r.method, r.sent_on, r.received_on, r.address_id),
                terms=terms,
                addresses=addresses[r.delivery.recipient_id],
                consents=consents[r.delivery.recipient_id],
            ),
        )
        for r in records
    ]


# --- one notice -------------------------------------------------------------------------


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
        self.terms = terms_of(self.agreement, began_on(self.matter))


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
        amounts = {
            r.delivery_id: a for r, a in arrivals(self.agreement, [self.notice.pk], self.terms)
        }
        copies = [_copy_row(d, amounts[d.pk]) for d in shown]
        requests = list(
            RequestRecord.objects.filter(notice=self.notice)
            .select_related("investor", "recorded_by", "replacement")
            .order_by("investor__name", "-pk")
        )
        standing = [r for r in requests if not hasattr(r, "replacement")]
        waiting = sum(a.received_on is None for a in amounts.values())
        kwargs.update(
            notice=self.notice,
            matter=self.matter,
            copies=copies,
            pages=page,
            requests=standing,
            earlier_requests=[r for r in requests if hasattr(r, "replacement")],
            lacking={r.pk: _lacking(r, self.terms) for r in standing},
            loose=list(self.notice.evidence.filter(delivery=None).order_by("pk")),
            triggered=self.triggered(),
            waiting=waiting,
            heading=_heading(self.notice, len(amounts), waiting),
        )
        return super().get_context_data(**kwargs)

    def triggered(self) -> list[DocketEntry]:
        """The windows and concerns of the matter that hang on this notice."""
        entries = DocketEntry.objects.filter(demand=self.matter)
        kind, sender = self.notice.kind, self.notice.sender_id
        if kind == Notice.Kind.DEMAND:
            wanted = Q(rule__in=["D2", "D3", "D1"]) | Q(key="file")
        elif kind == Notice.Kind.COMPANY:
            told = Delivery.objects.filter(notice=self.notice).values("recipient")
            wanted = Q(key__in=["company_notice", "last_receipt", "file"]) | Q(
                rule__in=["D4", "D6", "D8"], investor__in=told
            )
        else:
            wanted = Q(rule__in=["D4", "D5", "D10"], investor=sender)
        return list(entries.filter(wanted).order_by("kind", "-rule", "closes_on", "key")[:12])


def _heading(notice: Notice, copies: int, waiting: int) -> str:
    name = f"{notice.reference}, {notice.get_kind_display()}"
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


def _lacking(record: RequestRecord, terms: Terms) -> list[str]:
    """The parts of a request it does not state (D5)."""
    stated = {
        "amount": record.units is not None or record.shares is not None,
        "distribution": bool(record.distribution),
        "other_information": record.other_information is not None,
    }
    return [PART_NAMES[part] for part in terms.request_parts if not stated[part]]


# --- recording a notice -----------------------------------------------------------------


class RecordNotice(ActPage):
    """When was it given, and what follows from that?"""

    template_name = "counsel/notices/record.html"
    form_class = NoticeForm
    nav = "notices"
    heading = "Record a notice"
    button = "Save notice"
    saved = "Notice saved."
    multipart = True

    def find(self) -> None:
        given = self.request.POST if self.request.method == "POST" else self.request.GET
        matters = list(
            Demand.objects.filter(agreement=self.agreement)
            .select_related("notice")
            .order_by("-number")[:200]
        )
        for each in matters:
            each.agreement = self.agreement
        wanted = given.get("matter", "") or given.get("for", "")
        number = _reference(wanted)
        asked_for = self.request.method == "GET" and self.request.GET.get("for")
        if asked_for and number not in {m.number for m in matters}:
            raise Http404
        kind = kind_of(given.get("kind", ""), any_matter=bool(matters))
        matter = next((m for m in matters if m.number == number), None)
        if matter is None and matters and kind != "demand":
            matter = matters[0]
        if kind == "demand":
            matter = None
        day = self.today
        for name in ("received_on", "sent_on"):
            with suppress(ValidationError):  # told when the form itself is read
                day = read_day(given[name]) if given.get(name) else day
        day = min(day, self.today)
        self.setting = self.settle(kind, matters, matter, day)

    def settle(
        self, kind: str, matters: Sequence[Demand], matter: Demand | None, day: date
    ) -> NoticeSetting:
        """Read what the form is drawn from."""
        investors = list(self.agreement.investors.order_by("name", "pk"))
        owed: frozenset[int] = frozenset()
        initiators: frozenset[int] = frozenset()
        if matter is not None:
            facts = demand_facts(matter)
            owed = frozenset(i.investor for i in facts.invited if not i.post.copies)
            initiators = frozenset(i.investor for i in facts.initiators)
        addresses: dict[int | None, list[Address]] = defaultdict(list)
        for address in (
            Address.objects.standing()
            .filter(agreement=self.agreement)
            .order_by("-in_force_from", "-pk")
        ):
            addresses[address.investor_id].append(address)
        return NoticeSetting(
            kind=kind,
            matters=matters,
            matter=matter,
            terms=terms_of(self.agreement, began_on(matter) if matter else max(
                day, self.agreement.dated_on)),
            investors=investors,
            owed=owed,
            initiators=initiators,
            held=holdings(self.agreement, max(day, self.agreement.dated_on))
            if kind in ("demand", "request")
            else {},
            addresses=addresses,
        )  # fmt: skip

    def form_options(self) -> dict[str, Any]:
        return {"setting": self.setting}

    def perform(self, form: ActForm, *, trying: bool) -> Any:
        notice = cast(NoticeForm, form)
        data, setting = notice.cleaned_data, self.setting
        if setting.kind == "demand":
            return correspondence.record_demand_notice(
                agreement=self.agreement,
                asks=notice.asks(),
                copy=notice.copy(),
                note=data["note"],
                files=() if trying else data["files"],
                when=self.acting,
            )
        if setting.matter is None:
            raise Refused("matter", "Record the Demand Notice first: there is no registration.")
        if setting.kind == "company":
            return correspondence.record_company_notice(
                demand=setting.matter,
                copies=notice.copies(),
                note=data["note"],
                files={} if trying else notice.files_by_copy(),
                when=self.acting,
            )
        return correspondence.record_answer(
            demand=setting.matter,
            ask=notice.ask(),
            copy=notice.copy(),
            declines=setting.kind == "decline",
            note=data["note"],
            files=() if trying else data["files"],
            when=self.acting,
        )

    def consequences(self, form: ActForm) -> Consequences | None:
        return of_matter(
            lambda: self.perform(form, trying=True),
            demand=self.setting.matter,
            today=self.today,
            soon_days=self.agreement.company.due_soon_days,
        )

    def lands_on(self, made: Any) -> str:
        notice = made.notice if isinstance(made, Demand) else made
        return reverse("notice", args=[self.agreement.slug, notice.number])

    def where(self) -> list[tuple[str, str]]:
        return [("Notices", reverse("notices", args=[self.agreement.slug]))]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        form = kwargs["form"]
        kwargs.setdefault(
            "method_note", method_note(self.setting.terms, str(form["method"].value() or ""))
        )
        kwargs.setdefault("setting", self.setting)
        kwargs.setdefault("back", reverse("notices", args=[self.agreement.slug]))
        return super().get_context_data(**kwargs)


class RecordReceipt(ActPage):
    """A copy came, or travelled otherwise than was recorded."""

    template_name = "counsel/notices/receipt.html"
    form_class = ReceiptForm
    nav = "notices"
    button = "Save receipt"
    saved = "Saved."
    multipart = True

    def find(self) -> None:
        self.delivery = get_object_or_404(
            Delivery.objects.select_related("notice", "recipient"),
            public_id=self.kwargs["delivery"],
            notice__agreement=self.agreement,
        )
        self.delivery.notice.agreement = self.agreement
        self.matter = matter_of(self.delivery.notice, self.agreement)
        self.terms = terms_of(self.agreement, began_on(self.matter))
        records = {
            r.pk: r
            for r in DeliveryRecord.objects.filter(delivery=self.delivery).select_related(
                "address", "recorded_by"
            )
        }
        replaced = {r.replaces_id for r in records.values()}
        self.now_on_record = next(r for pk, r in records.items() if pk not in replaced)
        given = self.request.POST.get("stands", "")
        shown = records.get(int(given)) if given.isdecimal() and len(given) < 18 else None
        self.record = shown or self.now_on_record
        self.record.delivery = self.delivery
        self.addresses = list(
            Address.objects.standing()
            .filter(agreement=self.agreement, investor=self.delivery.recipient)
            .order_by("-in_force_from", "-pk")
        )
        whom = self.delivery.recipient.name if self.delivery.recipient else "the Company"
        notice = self.delivery.notice
        if self.record.received_on is None:
            self.heading = f"When did {whom} receive {notice.reference}?"
        else:
            self.heading = f"Correct how {notice.reference} reached {whom}"
            self.button = "Save correction"
        self.intro = (
            f"{notice.get_kind_display()} in {self.matter.reference}. What was recorded before "
            "stays on the record."
        )

    def form_options(self) -> dict[str, Any]:
        return {
            "record": self.record,
            "delivery": self.delivery,
            "terms": self.terms,
            "addresses": self.addresses,
        }

    def perform(self, form: ActForm, *, trying: bool) -> Any:
        receipt = cast(ReceiptForm, form)
        return deliveries.record_delivery(
            replaces=self.record,
            copy=receipt.copy(),
            reason=receipt.cleaned_data["reason"],
            files=() if trying else receipt.cleaned_data["files"],
            when=self.acting,
        )

    def consequences(self, form: ActForm) -> Consequences | None:
        if form.cleaned_data["files"] and self.same(form):
            return Consequences(())
        return of_matter(
            lambda: self.perform(form, trying=True),
            demand=self.matter,
            today=self.today,
            soon_days=self.agreement.company.due_soon_days,
        )

    def same(self, form: ActForm) -> bool:
        """Whether only evidence is added."""
        copy = cast(ReceiptForm, form).copy()
        stands = self.record
        return (copy.method, copy.sent_on, copy.received_on) == (
            stands.method,
            stands.sent_on,
            stands.received_on,
        ) and (copy.address.pk if copy.address else None) == stands.address_id

    def lands_on(self, made: Any) -> str:
        return reverse("notice", args=[self.agreement.slug, self.delivery.notice.number])

    def where(self) -> list[tuple[str, str]]:
        notice = self.delivery.notice
        return [
            ("Notices", reverse("notices", args=[self.agreement.slug])),
            (notice.reference, self.lands_on(None)),
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kwargs.update(
            record=self.record,
            now_on_record=self.now_on_record,
            stale=self.record.pk != self.now_on_record.pk,
            delivery=self.delivery,
            back=self.lands_on(None),
            method_note=method_note(
                self.terms, str(kwargs["form"]["method"].value() or self.record.method)
            ),
        )
        return super().get_context_data(**kwargs)


class CompleteRequest(OfNotice, ActPage):
    """What a request lacked came later, or it says something else than was recorded."""

    form_class = CompleteForm
    nav = "notices"
    button = "Save request"
    saved = "Request saved."
    clause = "1(a)"

    def find(self) -> None:
        super().find()
        asked = (
            RequestRecord.objects.standing()
            .filter(notice=self.notice)
            .select_related("investor")
            .order_by("investor__name")
        )
        wanted = self.request.GET.get("investor", "")
        if wanted:
            asked = asked.filter(investor__public_id=_uuid_or_404(wanted))
        first = asked.first()
        if first is None:
            raise Http404
        self.standing: RequestRecord = first
        self.heading = (
            f"Complete {self.standing.investor.name}’s request in {self.matter.reference}"
        )
        lacking = _lacking(self.standing, self.terms)
        self.intro = (
            f"It does not state {listed(lacking, 4)}." if lacking else "It states every part."
        )

    def form_options(self) -> dict[str, Any]:
        held = holdings(self.agreement, self.today).get(self.standing.investor_id, Position())
        return {"standing": self.standing, "held": held}

    def perform(self, form: ActForm, *, trying: bool) -> Any:
        return requests.complete_request(
            notice=self.notice,
            ask=ask_of(form.cleaned_data, self.standing.investor, ""),
            stated_on=form.cleaned_data["stated_on"],
            reason=form.cleaned_data["reason"],
            when=self.acting,
        )

    def consequences(self, form: ActForm) -> Consequences | None:
        return of_matter(
            lambda: self.perform(form, trying=True),
            demand=self.matter,
            today=self.today,
            soon_days=self.agreement.company.due_soon_days,
        )

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


class AddEvidence(OfNotice, ActPage):
    """Keep a file that proves something."""

    form_class = EvidenceForm
    nav = "notices"
    button = "Save evidence"
    saved = "Evidence saved."
    looks = False
    multipart = True

    def find(self) -> None:
        super().find()
        self.deliveries = list(
            Delivery.objects.filter(notice=self.notice)
            .select_related("recipient")
            .order_by("recipient__name", "pk")[:500]
        )
        self.heading = f"Add evidence to {self.notice.reference}"
        self.intro = (
            "A return receipt, a signed copy, a fax confirmation. Files are kept as they are, "
            "with their fingerprint."
        )

    def form_options(self) -> dict[str, Any]:
        return {
            "deliveries": self.deliveries,
            "initial": {"about": self.request.GET.get("copy", "")},
        }

    def perform(self, form: ActForm, *, trying: bool) -> Any:
        about = cast(EvidenceForm, form)
        return evidence.attach_evidence(
            notice=self.notice,
            delivery=about.delivery(),
            files=about.cleaned_data["files"],
            when=self.acting,
        )

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


def _uuid_or_404(given: str) -> str:
    try:
        return str(uuid.UUID(given))
    except ValueError as wrong:
        raise Http404 from wrong


@login_required
@require_safe
def evidence_file(request: HttpRequest, public_id: Any) -> HttpResponseBase:
    """The bytes of a piece of evidence, as a download and nothing that could run."""
    found = get_object_or_404(
        Evidence.objects.filter(notice__agreement__in=Agreement.objects.visible_to(request.user)),
        public_id=public_id,
    )
    try:
        content = found.file.open("rb")
    except FileNotFoundError as gone:
        raise Http404 from gone
    response = FileResponse(
        content, as_attachment=True, filename=found.name, content_type=found.media_type
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["Cache-Control"] = "private, no-store"
    return response
