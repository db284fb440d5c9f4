"""Transfers by REST: to another Investor, or to somebody who signs a counterpart or does not
(H4, H6)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from investors.models import Agreement, Investor, LedgerEntry, Transfer

from ..facts import taken_of, terms_of
from ..rules.findings import reason_data
from ..rules.transferees import INVESTOR, NO_INVESTOR, READINGS, standing
from ..services import transfers
from ..services.transfers import TakerIn
from .bodies import Body, Day, InvestorField, Whole, read_body, text
from .docket import ReasonShape
from .doors import Door
from .register import LedgerAct
from .shapes import LedgerActShape, PartyShape


class TakerBody(Body):
    """Somebody on no register yet.  Leave out `signed_on` if it signed no counterpart: what
    it took then leaves the register and carries no rights."""

    name = serializers.CharField(max_length=200)
    signed_on = Day(required=False, allow_null=True, default=None)
    kind = serializers.ChoiceField(Investor.Kind.choices, default=Investor.Kind.PERSON)
    address = text(2_000, help_text="As it goes on the envelope.")
    facsimile = text(40)


class TransferBody(Body):
    """Give `to`, an Investor on the register, or `taker`."""

    security = serializers.ChoiceField(
        LedgerEntry.Security.choices, default=LedgerEntry.Security.UNIT
    )
    quantity = Whole(min_value=1)
    on = Day()
    to = InvestorField(required=False)
    taker = TakerBody(required=False)
    note = text()

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if ("to" in attrs) == ("taker" in attrs):
            raise ValidationError({"to": "Give to or taker, one of them."})
        taker = attrs.pop("taker", None)
        return {**attrs, "to": TakerIn(**taker) if taker is not None else attrs["to"]}


class MakeTransfer(LedgerAct):
    @extend_schema(request=TransferBody, responses={201: LedgerActShape})
    def post(self, request: Request, investor: UUID) -> Response:
        """Transfer untouched Units, shares or Warrants; `quantity` is of `security` (H4)."""
        return self.enter(investor, TransferBody, transfers.record_transfer)


class StandingShape(serializers.Serializer):
    """Whether the taker is an Investor for what it took, and why."""

    outcome = serializers.ChoiceField([INVESTOR, NO_INVESTOR, "needs_decision", "unknown"])
    because = ReasonShape(many=True)


class TransferShape(serializers.ModelSerializer):
    """A transfer as it stands.  ``taker`` is null for one that signed no counterpart;
    ``reads`` is counsel’s decision on one that signed later."""

    id = serializers.UUIDField(source="public_id")
    giver = PartyShape()
    taker = PartyShape(allow_null=True)
    security = serializers.ChoiceField(LedgerEntry.Security.choices)
    standing = serializers.SerializerMethodField()

    class Meta:
        model = Transfer
        fields = [
            "id", "act", "on", "giver", "taker", "taker_name", "signed_on", "security",
            "quantity", "standing", "reads", "decided_on", "reason",
        ]  # fmt: skip

    @extend_schema_field(StandingShape)
    def get_standing(self, row: Transfer) -> dict[str, Any]:
        terms = terms_of(row.agreement, max(row.on, row.agreement.dated_on))
        ruling = standing(taken_of(row), terms)
        return {
            "outcome": ruling.outcome,
            "because": [reason_data(r) for r in ruling.because],
        }


class Transfers(Door):
    """The transfers under an agreement, as they stand."""

    @extend_schema(responses=TransferShape(many=True))
    def get(self, request: Request, slug: str) -> Response:
        """Every transfer, the latest day first."""
        rows = (
            Transfer.objects.standing()
            .filter(agreement=self.agreement(slug))
            .select_related("agreement", "giver", "taker", "recorded_by")
            .order_by("-on", "-pk")
        )
        return Response([transfer_data(row) for row in rows])


class TransferAct(Door):
    """An act on one transfer, as it stands."""

    def transfer(self, public_id: UUID) -> Transfer:
        visible = Transfer.objects.filter(agreement__in=Agreement.objects.visible_to(self.user))
        found = get_object_or_404(
            visible.select_related("agreement__company", "giver", "taker", "recorded_by"),
            public_id=public_id,
        )
        self.may_record(found.agreement)
        return found


class CounterpartBody(Body):
    signed_on = Day()
    kind = serializers.ChoiceField(Investor.Kind.choices, default=Investor.Kind.PERSON)
    address = text(2_000, help_text="As it goes on the envelope.")
    reason = text(help_text="Which paper it signed, or why this is recorded only now.")


class Counterpart(TransferAct):
    @extend_schema(request=CounterpartBody, responses={201: TransferShape})
    def post(self, request: Request, transfer: UUID) -> Response:
        """Record that the taker signed a counterpart: it joins the register (H4)."""
        row = self.transfer(transfer)
        given, _ = read_body(CounterpartBody, request, row.agreement)
        made = transfers.record_counterpart(transfer=row, **given, when=self.when)
        return Response(transfer_data(made), status=201)


class StandingBody(Body):
    choice = serializers.ChoiceField(list(READINGS.items()))
    decided_on = Day()
    reason = text(help_text="Why. It stays on the record.")


class DecideStanding(TransferAct):
    @extend_schema(request=StandingBody, responses={201: TransferShape})
    def post(self, request: Request, transfer: UUID) -> Response:
        """Record counsel’s decision on a taker that signed later than the transfer (N8)."""
        row = self.transfer(transfer)
        given, _ = read_body(StandingBody, request, row.agreement)
        made = transfers.decide_standing(transfer=row, **given, when=self.when)
        return Response(transfer_data(made), status=201)


def transfer_data(row: Transfer) -> dict[str, Any]:
    return dict(TransferShape(row).data)
