"""Correspondence: what was sent or received, how, and whether it can be proved."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, NamedTuple

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Count, Exists, Max, Min, OuterRef, Q, QuerySet

from investors.models import Agreement, Investor
from notices.models import Delivery, DeliveryRecord, Evidence, Method, Notice
from registrations.facts import addresses_by_party, consents_by_party, terms_of
from registrations.models import Demand
from registrations.rules import notice as rules
from registrations.rules.terms import Terms
from registrations.tables import Table

from .exports import ListPage
from .paging import pages
from .words import listed

SHOWN_BY_PAGE = 50
FEW_COPIES = 20
METHODS = dict(Method.choices)


class NoticeRow(NamedTuple):
    """One notice in the list."""

    notice: Notice
    matter: str
    matter_address: int | str
    whom: str
    methods: str
    sent: Sequence[date | None]
    received: Sequence[date | None]
    given: date | None
    copies: int
    missing: int
    evidence: int
    unproved: int


class NoticesPage(ListPage):
    """What was sent or received, how, and can we prove it?"""

    template_name = "counsel/notices/list.html"
    nav = "notices"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        chosen = {name: self.request.GET.get(name, "") for name in ("kind", "matter", "missing")}
        found = self.found(chosen)
        page = pages(self.request, found.count(), SHOWN_BY_PAGE)
        shown = list(found.order_by("-number")[page.start : page.stop])
        missing = Notice.objects.filter(agreement=self.agreement).filter(_waits()).count()
        kwargs.update(
            rows=self.rows(shown),
            pages=page,
            chosen=chosen,
            filtered=any(chosen.values()),
            kinds=[c for c in Notice.Kind.choices if c[0] != Notice.Kind.PROPOSAL],
            matters=Demand.objects.filter(agreement=self.agreement).order_by("-pk")[:200],
            heading=_list_heading(self.sent().count(), missing),
        )
        return super().get_context_data(**kwargs)

    def sent(self) -> QuerySet[Notice]:
        """What travelled: the Company's own proposals did not."""
        notices = Notice.objects.filter(agreement=self.agreement)
        return notices.exclude(kind=Notice.Kind.PROPOSAL)

    def found(self, chosen: dict[str, str]) -> QuerySet[Notice]:
        notices = self.sent()
        if chosen["kind"] in Notice.Kind.values:
            notices = notices.filter(kind=chosen["kind"])
        if named := matter_named(chosen["matter"]):
            matter = Demand.objects.filter(agreement=self.agreement, kind=named[0], number=named[1])
            notices = notices.filter(Q(demand__in=matter) | Q(answers__demand__in=matter))
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
                    matter.in_address,
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

    def table(self, context: dict[str, Any]) -> Table:
        return Table(
            f"{self.agreement.slug}-notices-{self.today}",
            ["Notice", "Kind", "From or to", "Registration", "How", "Copies", "Sent, first",
             "Sent, last", "Received, first", "Received, last", "Given", "Receipts missing",
             "Documents", "Copies without one"],
            ([
                r.notice.reference, r.notice.get_kind_display(), r.whom, r.matter, r.methods,
                r.copies, *r.sent, *r.received, r.given, r.missing, r.evidence, r.unproved,
            ] for r in context["rows"]),
        )  # fmt: skip


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


def matter_named(given: str) -> tuple[str, int] | None:
    """The kind and number in DR-3 or CR-3; a number alone is a demand's."""
    kind = Demand.Kind.COMPANY if given.startswith("CR-") else Demand.Kind.DEMAND
    number = given.removeprefix("DR-").removeprefix("CR-")
    return (kind.value, int(number)) if number.isdecimal() and len(number) < 9 else None


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
    of_party = Q(agreement=agreement) & (
        Q(investor__in=[p for p in parties if p])
        | (Q(investor=None) if None in parties else Q(pk=None))
    )
    addresses, consents = addresses_by_party(of_party), consents_by_party(of_party)
    return [
        (
            r,
            rules.arrival(
                rules.Copy(r.pk, r.method, r.sent_on, r.received_on, r.address_id),
                terms=terms,
                addresses=addresses.get(r.delivery.recipient_id, ()),
                consents=consents.get(r.delivery.recipient_id, ()),
            ),
        )
        for r in records
    ]
