"""The register held against the transfer agent's list, and in Open Cap Format, by REST."""

from __future__ import annotations

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from investors.models import LedgerEntry

from ..facts import tie_out
from ..services.cap_table import open_cap_files
from .description import AS_OF
from .doors import Door
from .register import ShareCountShape

OUTCOMES = ("tied_out", "differs", "no_list")


class TieOutRow(serializers.Serializer):
    """What the register has of a security on the day asked about; the latest list by then; what
    the register had on the day of the list; and the second less the first."""

    security = serializers.ChoiceField(LedgerEntry.Security.choices)
    register = serializers.IntegerField()
    paper = ShareCountShape(allow_null=True)
    register_then = serializers.IntegerField(allow_null=True)
    difference = serializers.IntegerField(allow_null=True)
    outcome = serializers.ChoiceField(OUTCOMES)


class TieOutShape(serializers.Serializer):
    """The register against the transfer agent's list, security by security."""

    agreement = serializers.SlugField()
    as_of = serializers.DateField()
    securities = TieOutRow(many=True)


class TieOuts(Door):
    """Whether the register is what the transfer agent has."""

    queries = frozenset({"as_of"})

    @extend_schema(parameters=[AS_OF], responses=TieOutShape)
    def get(self, request: Request, slug: str) -> Response:
        agreement = self.agreement(slug)
        day = self.day(agreement)
        rows = [
            {
                "security": row.security,
                "register": row.register,
                "paper": ShareCountShape(row.paper).data if row.paper is not None else None,
                "register_then": row.then,
                "difference": row.difference,
                "outcome": row.outcome,
            }
            for row in tie_out(agreement, day)
        ]
        return Response({"agreement": agreement.slug, "as_of": day.isoformat(), "securities": rows})


class OpenCapFormat(Door):
    """The register of a day in Open Cap Format: each file of the archive, by its name."""

    queries = frozenset({"as_of"})

    @extend_schema(parameters=[AS_OF], responses=OpenApiTypes.OBJECT)
    def get(self, request: Request, slug: str) -> Response:
        agreement = self.agreement(slug)
        return Response(open_cap_files(agreement, self.day(agreement), made_at=self.now))
