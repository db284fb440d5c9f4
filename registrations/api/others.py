"""Other Holders by REST: who has a right under another paper, and who has a place in a
demand (D12)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from ..facts import others_of, terms_for
from ..models import Demand, Inclusion, OtherHolder
from ..rules.others import Place, placed
from ..services import others
from ..services.others import InclusionIn
from .bodies import Body, Day, Whole, read_body, text
from .docket import ReasonShape
from .doors import Door


class OtherHolderBody(Body):
    name = serializers.CharField(max_length=200)
    paper = serializers.CharField(max_length=200, help_text="The agreement that gives the right.")
    from_on = Day(help_text="The day its right begins.")
    shares = Whole(required=False, allow_null=True, default=None)


class OtherHolderShape(serializers.ModelSerializer):
    """A holder with a contractual right of its own."""

    id = serializers.UUIDField(source="public_id")

    class Meta:
        model = OtherHolder
        fields = ["id", "name", "paper", "from_on", "shares"]


class OtherHolders(Door):
    @extend_schema(responses=OtherHolderShape(many=True))
    def get(self, request: Request, slug: str) -> Response:
        """The holders with a contractual right of their own (D12)."""
        found = OtherHolder.objects.standing().filter(agreement=self.agreement(slug))
        return Response(OtherHolderShape(found.order_by("name", "pk"), many=True).data)

    @extend_schema(request=OtherHolderBody, responses={201: OtherHolderShape})
    def post(self, request: Request, slug: str) -> Response:
        """Put a holder with a contractual right of its own on record (D12)."""
        agreement = self.agreement(slug)
        self.may_record(agreement)
        given, _ = read_body(OtherHolderBody, request, agreement)
        made = others.record_other_holder(agreement=agreement, **given, when=self.when)
        return Response(OtherHolderShape(made).data, status=201)


class InclusionBody(Body):
    """What became of an Other Holder in a demand, as a whole; leave out what has not come."""

    holder = serializers.UUIDField()
    offered_on = Day()
    terms_required = serializers.BooleanField(default=True)
    answered_on = Day(required=False, allow_null=True, default=None)
    joins = serializers.BooleanField(required=False, allow_null=True, default=None)
    shares = Whole(required=False, allow_null=True, default=None)
    terms_accepted_on = Day(required=False, allow_null=True, default=None)
    reason = text(help_text="Needed when it adds to or corrects what is on record.")


class PlacedShape(serializers.Serializer):
    """An Other Holder in a demand: what is on record, where it stands, and why."""

    holder = serializers.CharField(source="other.id")
    name = serializers.CharField(source="other.name")
    offered_on = serializers.DateField(source="other.offered_on", allow_null=True)
    terms_required = serializers.BooleanField(source="other.terms_required")
    answered_on = serializers.DateField(source="other.answered_on", allow_null=True)
    joins = serializers.BooleanField(source="other.joins", allow_null=True)
    shares = serializers.IntegerField(source="other.shares", allow_null=True)
    terms_accepted_on = serializers.DateField(source="other.terms_accepted_on", allow_null=True)
    place = serializers.ChoiceField([p.value for p in Place])
    because = ReasonShape(source="reasons", many=True)


class Inclusions(Door):
    @extend_schema(responses=PlacedShape(many=True))
    def get(self, request: Request, demand: UUID) -> Response:
        """Where each Other Holder stands in a demand (D12)."""
        return self.shown(self.demand(demand))

    @extend_schema(request=InclusionBody, responses={201: PlacedShape(many=True)})
    def post(self, request: Request, demand: UUID) -> Response:
        """Record that an Other Holder was offered a place, its answer, and its acceptance of
        the section’s terms (D12)."""
        matter = self.demand(demand)
        self.may_record(matter.agreement)
        given, _ = read_body(InclusionBody, request, matter.agreement)
        holder = given.pop("holder")
        inclusion = InclusionIn(**{name: given.pop(name) for name in InclusionIn._fields})
        standing = Inclusion.objects.standing().filter(demand=matter, holder=holder).first()
        others.record_inclusion(
            demand=matter,
            holder=holder,
            inclusion=inclusion,
            replaces=standing,
            **given,
            when=self.when,
        )
        return self.shown(matter, status=201)

    def shown(self, demand: Demand, status: int = 200) -> Response:
        day = demand.agreement.day_of(self.now)
        terms = terms_for(demand)
        found: list[dict[str, Any]] = [
            {"other": s.other, "place": s.place, "reasons": [s.because]}
            for s in placed(others_of(demand, day), day, terms)
        ]
        return Response(PlacedShape(found, many=True).data, status=status)
