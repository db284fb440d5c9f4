"""Waivers in one matter by REST: each binds the party that signed it (S8)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from ..models import Demand, Waiver
from ..rules.waivers import OF_THE_COMPANY
from ..services import waivers
from .acting import Act, documented
from .bodies import Body, Day, InvestorField, read_body, text
from .shapes import PartyShape


class WaiverShape(serializers.Serializer):
    """A waiver that stands: what a party gave up for itself in this matter alone."""

    investor = PartyShape(
        allow_null=True,
        help_text="The one that signed, or the one a waiver by the Company favours.",
    )
    signed_by = serializers.ChoiceField(["company", "investor"])
    right = serializers.CharField(help_text="One of may_be_waived.")
    signed_on = serializers.DateField()
    paper = serializers.UUIDField(allow_null=True)
    reason = serializers.CharField()
    recorded_at = serializers.DateTimeField()
    by = serializers.CharField()


class WaiversShape(serializers.Serializer):
    """What was waived in a matter, and what may be."""

    waivers = WaiverShape(many=True)
    may_be_waived = serializers.ListField(child=serializers.CharField())


_WHOM = (
    "The Investor that signed; of in_time the one whose request the Company takes. Left out of "
    "conditions and rest."
)


class WaiverBody(Body):
    investor = InvestorField(required=False, allow_null=True, default=None, help_text=_WHOM)
    right = serializers.CharField(max_length=16, help_text="One of may_be_waived.")
    signed_on = Day()
    reason = text(help_text="Needed where the same waiver was taken back before.")


class CorrectWaiverBody(Body):
    """The waiver of that Investor and right, put right."""

    investor = InvestorField(required=False, allow_null=True, default=None, help_text=_WHOM)
    right = serializers.CharField(max_length=16)
    signed_on = Day()
    taken_back = serializers.BooleanField(
        default=False, help_text="There is no such waiver: it was recorded by mistake."
    )
    reason = text(help_text="Why. It stays on the record.")


class Waivers(Act):
    @extend_schema(responses=WaiversShape)
    def get(self, request: Request, demand: UUID) -> Response:
        """What was waived in a matter, by whom, each for its own benefit (S8)."""
        return Response(waivers_data(self.demand(demand)))

    @documented(WaiverBody, WaiversShape)
    def post(self, request: Request, demand: UUID) -> Response:
        """Record a waiver a party signed: it binds nobody else (S8).

        The Company may waive ``in_time``, ``conditions`` and ``rest``; an Investor the others.
        """
        matter = self.matter(demand)
        given, _ = read_body(WaiverBody, request, matter.agreement)

        def attempt() -> Any:
            return waivers.record_waiver(demand=matter, **given, when=self.when)

        return self.do(attempt, lambda _: waivers_data(matter), demand=matter)


class WaiverCorrections(Act):
    @documented(CorrectWaiverBody, WaiversShape)
    def post(self, request: Request, demand: UUID) -> Response:
        """Correct the day a waiver was signed, or take it back, with a reason."""
        matter = self.matter(demand)
        given, _ = read_body(CorrectWaiverBody, request, matter.agreement)
        stood = _standing(matter).filter(investor=given["investor"], right=given["right"]).first()
        if stood is None:
            raise ValidationError({"right": "There is no such waiver on record."})
        stood.demand = matter
        facts = {name: given[name] for name in ("signed_on", "taken_back", "reason")}

        def attempt() -> Any:
            return waivers.correct_waiver(waiver=stood, **facts, when=self.when)

        return self.do(attempt, lambda _: waivers_data(matter), demand=matter)


def _standing(matter: Demand) -> Any:
    return (
        Waiver.objects.standing()
        .filter(demand=matter, taken_back=False)
        .select_related("investor", "recorded_by", "paper")
        .order_by("investor__name", "right")
    )


def waivers_data(matter: Demand) -> dict[str, Any]:
    """The waivers that stand in a matter as JSON-ready data."""
    rows = [
        {
            "investor": w.investor,
            "signed_by": "company" if w.right in OF_THE_COMPANY else "investor",
            "right": w.right,
            "signed_on": w.signed_on,
            "paper": w.paper.public_id if w.paper else None,
            "reason": w.reason,
            "recorded_at": w.recorded_at,
            "by": w.recorded_by.name if w.recorded_by else "",
        }
        for w in _standing(matter)
    ]
    may = list(waivers.rights_in(matter))
    return dict(WaiversShape({"waivers": rows, "may_be_waived": may}).data)
