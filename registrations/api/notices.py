"""Notices, the copies they travelled in, and acts on them by REST (N1 to N5, D5)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import django_filters as filters
from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from notices.models import Delivery, DeliveryRecord, Evidence, Notice, RequestRecord

from .doors import Door, deliveries_for, notices_for
from .paging import Listing
from .shapes import DeliveryShape, NoticeInFull, NoticeShape


def counted(notices: QuerySet[Notice]) -> QuerySet[Notice]:
    """Notices with how many copies each has and how many were received, and the names
    their JSON shows: one query."""
    standing = DeliveryRecord.objects.standing().filter(delivery__notice=OuterRef("pk"))
    return notices.select_related(
        "agreement", "sender", "answers__demand", "demand", "recorded_by"
    ).annotate(copies=_count(standing), received=_count(standing.exclude(received_on=None)))


def _count(records: QuerySet[Any]) -> Coalesce:
    found = records.order_by().values("delivery__notice").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(found), 0)


def with_records(deliveries: QuerySet[Delivery]) -> QuerySet[Delivery]:
    """Copies with every entry about them, in one more query whatever their number."""
    records = DeliveryRecord.objects.select_related("address", "recorded_by").order_by("pk")
    return deliveries.select_related("notice", "recipient").prefetch_related(
        Prefetch("records", records)
    )


def notice_data(notice: Notice) -> dict[str, Any]:
    """A notice in full as JSON-ready data."""
    asked = RequestRecord.objects.standing().select_related("investor").order_by("pk")
    found = (
        counted(Notice.objects.all())
        .prefetch_related(
            Prefetch("requests", asked, to_attr="standing_requests"),
            Prefetch("deliveries", with_records(Delivery.objects.order_by("pk"))),
            Prefetch("evidence", Evidence.objects.select_related("delivery").order_by("pk")),
        )
        .get(pk=notice.pk)
    )
    return dict(NoticeInFull(found).data)


class NoticeFilter(filters.FilterSet):
    agreement = filters.CharFilter("agreement__slug")
    demand = filters.UUIDFilter(method="in_thread", label="Notices in this demand’s thread.")
    kind = filters.ChoiceFilter(choices=Notice.Kind.choices)
    sender = filters.UUIDFilter("sender__public_id")

    class Meta:
        model = Notice
        fields: list[str] = []

    def in_thread(self, notices: QuerySet[Notice], name: str, value: UUID) -> QuerySet[Notice]:
        return notices.filter(Q(demand__public_id=value) | Q(answers__demand__public_id=value))


class Notices(Listing):
    """The notices you may see, the latest first."""

    serializer_class = NoticeShape
    filterset_class = NoticeFilter
    ordering_fields = ("number",)
    ordering = ("-number",)
    queryset = Notice.objects.none()

    def get_queryset(self) -> QuerySet[Notice]:
        return counted(notices_for(self.user))


class OneNotice(Door):
    """A notice with what it asks for, its copies with their history, and its evidence."""

    @extend_schema(responses=NoticeInFull)
    def get(self, request: Request, notice: UUID) -> Response:
        return Response(notice_data(self.notice(notice)))


class DeliveryFilter(filters.FilterSet):
    agreement = filters.CharFilter("notice__agreement__slug")
    notice = filters.UUIDFilter("notice__public_id")
    recipient = filters.UUIDFilter("recipient__public_id")
    received = filters.BooleanFilter(method="is_received", label="Whether a receipt is on record.")

    class Meta:
        model = Delivery
        fields: list[str] = []

    def is_received(
        self, deliveries: QuerySet[Delivery], name: str, value: bool
    ) -> QuerySet[Delivery]:
        receipt = (
            DeliveryRecord.objects.standing()
            .filter(delivery=OuterRef("pk"))
            .exclude(received_on=None)
        )
        return deliveries.filter(Exists(receipt) if value else ~Exists(receipt))


class Deliveries(Listing):
    """Copies on their way, each with its entries."""

    serializer_class = DeliveryShape
    filterset_class = DeliveryFilter
    ordering_fields = ("public_id",)
    ordering = ("public_id",)
    queryset = Delivery.objects.none()

    def get_queryset(self) -> QuerySet[Delivery]:
        return with_records(deliveries_for(self.user))


class OneDelivery(Door):
    """A copy on its way, with every entry about it."""

    @extend_schema(responses=DeliveryShape)
    def get(self, request: Request, delivery: UUID) -> Response:
        return Response(delivery_data(self.delivery(delivery)))


def delivery_data(delivery: Delivery) -> dict[str, Any]:
    return dict(DeliveryShape(with_records(Delivery.objects.all()).get(pk=delivery.pk)).data)
