"""What the register and the correspondence look like as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from investors.models import Address, Agreement, Investor, LedgerEntry
from notices.models import Delivery, DeliveryRecord, Evidence, Method, Notice, RequestRecord


class PartyShape(serializers.Serializer):
    """An Investor by id and name."""

    id = serializers.UUIDField(source="public_id")
    name = serializers.CharField()


class AddressShape(serializers.ModelSerializer):
    """An address for notices, of record from ``in_force_from``."""

    class Meta:
        model = Address
        fields = ["lines", "facsimile", "in_force_from"]


class TermShape(serializers.Serializer):
    """One term in force: its value as data, the clause, and our own words for it."""

    name = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]  # declared fields are taken off
    value = serializers.JSONField()
    clause = serializers.CharField()
    summary = serializers.CharField()
    in_force_from = serializers.DateField()
    kind = serializers.CharField()


class AgreementShape(serializers.ModelSerializer):
    """An agreement, without its terms."""

    company = serializers.CharField(source="company.name")

    class Meta:
        model = Agreement
        fields = ["slug", "company", "title", "dated_on", "time_zone", "governing_law"]


class AgreementWithTerms(AgreementShape):
    """An agreement with its terms in force on a day."""

    as_of = serializers.DateField()
    terms = TermShape(many=True)

    class Meta(AgreementShape.Meta):
        fields = [*AgreementShape.Meta.fields, "as_of", "terms"]


class InvestorShape(serializers.ModelSerializer):
    """An Investor, with every address that was ever of record."""

    id = serializers.UUIDField(source="public_id")
    agreement = serializers.SlugField(source="agreement.slug")
    addresses = AddressShape(many=True, source="standing_addresses")

    class Meta:
        model = Investor
        fields = ["id", "agreement", "name", "kind", "party_from", "note", "addresses"]


class LedgerLineShape(serializers.Serializer):
    """One line of the holdings ledger, after the actions up to its day."""

    investor = serializers.UUIDField()
    security = serializers.ChoiceField(LedgerEntry.Security.choices)
    change = serializers.IntegerField()
    on = serializers.DateField()
    expires_on = serializers.DateField(allow_null=True)


class LedgerActShape(serializers.Serializer):
    """The lines one event added to the ledger."""

    act = serializers.UUIDField()
    kind = serializers.ChoiceField(LedgerEntry.Kind.choices)
    lines = LedgerLineShape(many=True)


class RequestShape(serializers.ModelSerializer):
    """What an Investor asks to have registered, as it stands on the record."""

    investor = PartyShape()

    class Meta:
        model = RequestRecord
        fields = [
            "investor", "units", "shares", "distribution", "other_information", "stated_on",
            "reason",
        ]  # fmt: skip


class EvidenceShape(serializers.ModelSerializer):
    """A file kept as proof; ``delivery`` is the copy it is about, or null."""

    id = serializers.UUIDField(source="public_id")
    delivery = serializers.UUIDField(source="delivery.public_id", allow_null=True, default=None)

    class Meta:
        model = Evidence
        fields = ["id", "delivery", "name", "media_type", "size", "sha256", "recorded_at"]


class RecordShape(serializers.ModelSerializer):
    """One entry about a copy.  ``number`` counts the entries from 1; a correction names
    the number it replaces."""

    number = serializers.IntegerField()
    address = AddressShape(allow_null=True)
    method = serializers.ChoiceField(Method.choices)
    recorded_by = serializers.CharField(source="recorded_by.name", allow_null=True, default=None)

    class Meta:
        model = DeliveryRecord
        fields = [
            "number", "method", "sent_on", "received_on", "address", "reason", "recorded_at",
            "recorded_by",
        ]  # fmt: skip


class DeliveryShape(serializers.ModelSerializer):
    """A copy on its way; ``recipient`` is null for the Company.  ``stands`` is what is on
    record now, ``history`` every entry from the first."""

    id = serializers.UUIDField(source="public_id")
    notice = serializers.UUIDField(source="notice.public_id")
    recipient = PartyShape(allow_null=True)
    stands = serializers.SerializerMethodField()
    history = serializers.SerializerMethodField()

    class Meta:
        model = Delivery
        fields = ["id", "notice", "recipient", "stands", "history"]

    @extend_schema_field(RecordShape)
    def get_stands(self, delivery: Delivery) -> dict[str, Any]:
        return dict(RecordShape(numbered(delivery)[-1]).data)

    @extend_schema_field(RecordShape(many=True))
    def get_history(self, delivery: Delivery) -> Sequence[Any]:
        return list(RecordShape(numbered(delivery), many=True).data)


def numbered(delivery: Delivery) -> list[DeliveryRecord]:
    """A copy’s entries from the first, each with its ``number``; every one replaces the
    one before it."""
    records = sorted(delivery.records.all(), key=lambda r: r.pk)
    for number, record in enumerate(records, start=1):
        record.number = number  # type: ignore[attr-defined]
    return records


class NoticeShape(serializers.ModelSerializer):
    """A notice; ``sender`` is null when the Company sent it.  ``copies`` and ``received``
    count its copies and those whose receipt is on record."""

    id = serializers.UUIDField(source="public_id")
    agreement = serializers.SlugField(source="agreement.slug")
    demand = serializers.SerializerMethodField()
    reference = serializers.CharField()
    sender = PartyShape(allow_null=True)
    answers = serializers.UUIDField(source="answers.public_id", allow_null=True, default=None)
    recorded_by = serializers.CharField(source="recorded_by.name", allow_null=True, default=None)
    copies = serializers.IntegerField()
    received = serializers.IntegerField()

    class Meta:
        model = Notice
        fields = [
            "id", "agreement", "demand", "number", "reference", "kind", "sender", "answers", "note",
            "copies", "received", "recorded_at", "recorded_by",
        ]  # fmt: skip

    @extend_schema_field(serializers.UUIDField())
    def get_demand(self, notice: Notice) -> str:
        return str((notice.answers or notice).demand.public_id)


class NoticeInFull(NoticeShape):
    """A notice with what it asks for, its copies and its evidence."""

    requests = RequestShape(many=True, source="standing_requests")
    deliveries = DeliveryShape(many=True)
    evidence = EvidenceShape(many=True)

    class Meta(NoticeShape.Meta):
        fields = [*NoticeShape.Meta.fields, "requests", "deliveries", "evidence"]
