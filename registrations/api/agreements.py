"""Agreements with their terms, Investors, and who holds what."""

from __future__ import annotations

from datetime import date
from typing import Any

import django_filters as filters
from django.db.models import Prefetch, Q, QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from investors.models import Address, Agreement, Investor, Term

from ..facts import holdings, per_unit
from ..rules.findings import reason_data
from ..rules.securities import Position
from ..rules.terms import SPEC
from .description import AS_OF
from .docket import ReasonShape
from .doors import Door, investors_for
from .paging import Listing
from .shapes import AgreementShape, AgreementWithTerms, InvestorShape, PartyShape


class AgreementFilter(filters.FilterSet):
    class Meta:
        model = Agreement
        fields = {"company__slug": ["exact"], "dated_on": ["gte", "lte"]}


class Agreements(Listing):
    """The agreements you may see."""

    serializer_class = AgreementShape
    filterset_class = AgreementFilter
    ordering_fields = ("slug", "dated_on")
    ordering = ("slug",)
    queryset = Agreement.objects.none()

    def get_queryset(self) -> QuerySet[Agreement]:
        return Agreement.objects.visible_to(self.user).select_related("company")


class OneAgreement(Door):
    """An agreement with the terms in force on a day."""

    queries = frozenset({"as_of"})

    @extend_schema(parameters=[AS_OF], responses=AgreementWithTerms)
    def get(self, request: Request, slug: str) -> Response:
        agreement = self.agreement(slug)
        day = self.day(agreement)
        terms = [
            {
                "name": t.name,
                "label": SPEC[t.name].label if t.name in SPEC else t.name,
                "value": t.value,
                "clause": t.clause,
                "summary": t.summary,
                "in_force_from": t.in_force_from.isoformat(),
                "kind": t.kind,
            }
            for t in terms_on(agreement, day)
        ]
        shown = AgreementShape(agreement).data
        return Response({**shown, "as_of": day.isoformat(), "terms": terms})


def terms_on(agreement: Agreement, day: date) -> list[Term]:
    """Of each name, the latest standing term begun by a day, in the order of the list of
    terms."""
    begun = (
        Term.objects.standing()
        .filter(agreement=agreement, in_force_from__lte=day)
        .order_by("in_force_from", "pk")
    )
    latest: dict[str, Term] = {term.name: term for term in begun}
    return [latest[name] for name in SPEC if name in latest]


class InvestorFilter(filters.FilterSet):
    name = filters.CharFilter(lookup_expr="icontains")

    class Meta:
        model = Investor
        fields = {"kind": ["exact"], "party_from": ["gte", "lte"]}


def with_addresses(investors: QuerySet[Investor]) -> QuerySet[Investor]:
    """Investors with what their JSON shows, in one more query whatever their number."""
    standing = Address.objects.standing().order_by("in_force_from", "pk")
    return investors.select_related("agreement").prefetch_related(
        Prefetch("addresses", standing, to_attr="standing_addresses")
    )


class Investors(Listing):
    """The Investors under an agreement."""

    serializer_class = InvestorShape
    filterset_class = InvestorFilter
    ordering_fields = ("name", "party_from")
    ordering = ("name",)
    queryset = Investor.objects.none()

    def get_queryset(self) -> QuerySet[Investor]:
        agreement = self.agreement(self.kwargs["slug"])
        return with_addresses(Investor.objects.filter(agreement=agreement))


class OneInvestor(Door):
    """An Investor, with every address that was ever of record."""

    @extend_schema(responses=InvestorShape)
    def get(self, request: Request, investor: Any) -> Response:
        return Response(investor_data(self.investor(investor)))


def investor_data(investor: Investor) -> dict[str, Any]:
    return dict(InvestorShape(with_addresses(Investor.objects.all()).get(pk=investor.pk)).data)


# --- holdings ---------------------------------------------------------------------------


class PartOf(serializers.Serializer):
    """A share of a total, exactly: nothing is rounded.  Null where the total is nothing."""

    numerator = serializers.IntegerField()
    denominator = serializers.IntegerField()


class PositionShape(serializers.Serializer):
    """Whole securities.  ``issued`` is Common in hand, ``issuable`` what unconverted
    Preferred and live Warrants would yield; together they are Registrable Shares."""

    units = serializers.IntegerField()
    common = serializers.IntegerField()
    preferred = serializers.IntegerField()
    warrants = serializers.IntegerField()
    issued = serializers.IntegerField()
    from_preferred = serializers.IntegerField()
    from_warrants = serializers.IntegerField()
    issuable = serializers.IntegerField()
    registrable = serializers.IntegerField()


class HoldingShape(PositionShape):
    """What one Investor holds, and its part of all Units and of all Registrable Shares:
    two different measures, by which different rules go."""

    investor = PartyShape()
    of_units = PartOf(allow_null=True)
    of_registrable = PartOf(allow_null=True)


class UnitShape(serializers.Serializer):
    """What an untouched Unit is on the day, in Registrable Shares, after every action up to
    it; ``because`` is the sum, step by step."""

    registrable = PartOf()
    because = ReasonShape(many=True)


class HoldingsShape(serializers.Serializer):
    """Who holds what at the end of a day, after every split and the like up to it."""

    agreement = serializers.SlugField()
    as_of = serializers.DateField()
    unit = UnitShape()
    totals = PositionShape()
    holdings = HoldingShape(many=True)


class Holdings(Door):
    """Who holds what at the end of a day, by name; on one page, since it has totals."""

    queries = frozenset({"as_of"})

    @extend_schema(parameters=[AS_OF], responses=HoldingsShape)
    def get(self, request: Request, slug: str) -> Response:
        agreement = self.agreement(slug)
        day = self.day(agreement)
        held, unit = holdings(agreement, day), per_unit(agreement, day)
        total = Position()
        for position in held.values():
            total = total.plus(position)
        parties = (
            investors_for(self.user)
            .filter(Q(party_from__lte=day) | Q(pk__in=held), agreement=agreement)
            .order_by("name", "pk")
        )
        rows = [
            {
                "investor": {"id": str(i.public_id), "name": i.name},
                **position_data(held.get(i.pk, Position())),
                "of_units": part(held.get(i.pk, Position()).units, total.units),
                "of_registrable": part(held.get(i.pk, Position()).registrable, total.registrable),
            }
            for i in parties
        ]
        return Response(
            {
                "agreement": agreement.slug,
                "as_of": day.isoformat(),
                "unit": {
                    "registrable": part(*unit.parts.registrable.as_integer_ratio()),
                    "because": [reason_data(r) for r in unit.because],
                },
                "totals": position_data(total),
                "holdings": rows,
            }
        )


def position_data(position: Position) -> dict[str, int]:
    """A position as JSON-ready data, sums included."""
    return {
        **position._asdict(),
        "issued": position.issued,
        "issuable": position.issuable,
        "registrable": position.registrable,
    }


def part(held: int, total: int) -> dict[str, int] | None:
    """A part of a total as the two whole numbers; ``None`` of nothing."""
    return {"numerator": held, "denominator": total} if total else None
