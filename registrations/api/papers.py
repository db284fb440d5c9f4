"""Acts on papers already on record by REST: receipts and corrections, the rest of a request,
evidence (N1 to N5, D5)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from investors.acts import Refused
from notices.evidence import MAX_BYTES
from notices.models import Delivery, DeliveryRecord, Notice, RequestRecord

from ..models import Demand
from ..services import deliveries, evidence, requests
from ..services.deliveries import CopyIn
from ..services.requests import AskIn
from .acting import Act, documented, numbered
from .bodies import Body, Day, InvestorField, Register, Whole, address_of, read_body, text
from .doors import Door
from .notices import delivery_data, notice_data
from .shapes import DeliveryShape, EvidenceShape, NoticeInFull

MOST_FILES = 5


def matter_of(notice: Notice) -> Demand:
    """The demand whose thread a notice is in."""
    demands = Demand.objects.select_related("agreement__company")
    return demands.get(notice=notice.answers_id or notice.pk)


class RecordBody(Body):
    """What is known of a copy now.  What is left out stays as the entry replaced says;
    null takes it off the record."""

    replaces = serializers.IntegerField(
        min_value=1, help_text="The number of the entry this replaces, as you last read it."
    )
    method = serializers.CharField(required=False, max_length=16)
    sent_on = Day(required=False, allow_null=True)
    received_on = Day(required=False, allow_null=True)
    address_from = Day(required=False, allow_null=True)
    reason = text(help_text="Needed when a stated fact changes, not to fill in a missing one.")


class Records(Act):
    @documented(RecordBody, DeliveryShape)
    def post(self, request: Request, delivery: UUID) -> Response:
        """Record a copy’s receipt, or correct how it travelled: an entry that replaces the
        one that stood (N1 to N3)."""
        copy = self.delivery(delivery)
        agreement = copy.notice.agreement
        self.may_record(agreement)
        given, register = read_body(RecordBody, request, agreement)
        replaced = entry(copy, given["replaces"])

        def attempt() -> DeliveryRecord:
            return deliveries.record_delivery(
                replaces=replaced,
                copy=revised(replaced, given, register, copy),
                reason=given["reason"],
                when=self.when,
            )

        return self.do(attempt, lambda _: delivery_data(copy), demand=matter_of(copy.notice))


def entry(delivery: Delivery, number: int) -> DeliveryRecord:
    """The entry of that number about a copy, if it still stands."""
    delivery_records = DeliveryRecord.objects.select_related("address").order_by("pk")
    records = list(delivery_records.filter(delivery=delivery))
    found = numbered(number, records, "about this copy")
    found.delivery = delivery
    return found


def revised(
    stood: DeliveryRecord, given: dict[str, Any], register: Register, delivery: Delivery
) -> CopyIn:
    """The copy as an entry stated it, with what the body says changed."""
    address = stood.address
    if "address_from" in given:
        address = address_of(given["address_from"], register, delivery.recipient)
    return CopyIn(
        given.get("method", stood.method),
        given.get("sent_on", stood.sent_on),
        given.get("received_on", stood.received_on),
        address,
    )


class CompletionBody(Body):
    """The rest of a request.  A part left out stays as it is."""

    investor = InvestorField()
    units = Whole(required=False, allow_null=True)
    shares = Whole(required=False, allow_null=True, help_text="Registrable Shares.")
    distribution = serializers.CharField(required=False, allow_blank=True, max_length=10_000)
    other_information = serializers.CharField(
        required=False, allow_null=True, allow_blank=True, max_length=10_000
    )
    stated_on = Day(help_text="The day the rest came.")
    reason = text(help_text="Needed when a stated part changes, not to fill in a missing one.")


class Complete(Act):
    @documented(CompletionBody, NoticeInFull)
    def post(self, request: Request, notice: UUID) -> Response:
        """Record what a request lacked, or correct what it was recorded to say; the day it
        was received stays (D5)."""
        paper = self.notice(notice)
        self.may_record(paper.agreement)
        given, _ = read_body(CompletionBody, request, paper.agreement)
        stands = (
            RequestRecord.objects.standing()
            .filter(notice=paper, investor=given["investor"])
            .first()
        )
        if stands is None:
            raise Refused("investor", "There is no request by this Investor to complete.")
        ask = AskIn(
            given["investor"],
            *(
                given.get(part, getattr(stands, part))
                for part in ("units", "shares", "distribution", "other_information")
            ),
        )

        def attempt() -> RequestRecord:
            return requests.complete_request(
                notice=paper,
                ask=ask,
                stated_on=given["stated_on"],
                reason=given["reason"],
                when=self.when,
            )

        return self.do(attempt, lambda _: notice_data(paper), demand=matter_of(paper))


class EvidenceBody(Body):
    files = serializers.ListField(
        child=serializers.FileField(max_length=200), allow_empty=False, max_length=MOST_FILES
    )
    delivery = serializers.UUIDField(
        required=False, help_text="The copy the files are about. Left out: the notice itself."
    )


class AttachEvidence(Door):
    parser_classes = [MultiPartParser]
    most_bytes = MOST_FILES * MAX_BYTES + 1024 * 1024

    @extend_schema(
        request={"multipart/form-data": EvidenceBody}, responses={201: EvidenceShape(many=True)}
    )
    def post(self, request: Request, notice: UUID) -> Response:
        """Keep files that prove something about a notice: PDF, PNG, JPEG or TIFF."""
        paper = self.notice(notice)
        self.may_record(paper.agreement)
        given, _ = read_body(EvidenceBody, request, paper.agreement)
        about = None
        if "delivery" in given:
            about = paper.deliveries.filter(public_id=given["delivery"]).first()
            if about is None:
                raise ValidationError({"delivery": "This is not a copy of this notice."})
        kept = evidence.attach_evidence(
            notice=paper, delivery=about, files=given["files"], when=self.when
        )
        return Response(EvidenceShape(kept, many=True).data, status=201)
