"""What the terms of a demand hang on beside its papers, by REST."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from ..facts import terms_for
from ..models import Circumstances, Demand
from ..services.circumstances import asked_of, record_circumstances
from .acting import Act, documented
from .bodies import Body, read_body, text


class CircumstancesBody(Body):
    """What is known, by the words of the terms; leave out what is not."""

    events = serializers.DictField(child=serializers.DateField(), default=dict)
    measures = serializers.DictField(
        child=serializers.CharField(max_length=60), default=dict, help_text="Exact, as text."
    )
    facts = serializers.DictField(child=serializers.BooleanField(), default=dict)
    choices = serializers.DictField(child=serializers.CharField(max_length=60), default=dict)
    reason = text(help_text="Needed when it adds to or changes what is on record.")


class NeededShape(serializers.Serializer):
    """A word the terms hang on that the papers do not answer."""

    word = serializers.CharField()
    kind = serializers.ChoiceField(["events", "measures", "facts", "choices"])
    options = serializers.ListField(child=serializers.CharField())


class CircumstancesShape(serializers.Serializer):
    """What is on record, and what may be."""

    told = serializers.DictField()
    asked = NeededShape(many=True)


def circumstances_data(demand: Demand) -> dict[str, Any]:
    stands = Circumstances.objects.standing().filter(demand=demand).first()
    terms = terms_for(demand)
    return {
        "told": stands.told if stands else {},
        "asked": [
            {
                "word": each.word,
                "kind": each.kind.value if each.kind else "choices",
                "options": list(each.options),
            }
            for each in asked_of(terms)
        ],
    }


class OfDemand(Act):
    @extend_schema(responses=CircumstancesShape)
    def get(self, request: Request, demand: UUID) -> Response:
        """What the terms of a demand hang on beside its papers."""
        return Response(circumstances_data(self.demand(demand)))

    @documented(CircumstancesBody, CircumstancesShape)
    def post(self, request: Request, demand: UUID) -> Response:
        """Record it, as a whole: what is left out is not known."""
        matter = self.matter(demand)
        given, _ = read_body(CircumstancesBody, request, matter.agreement)
        reason = given.pop("reason")
        told = {kind: words for kind, words in given.items() if words}
        stands = Circumstances.objects.standing().filter(demand=matter).first()

        def attempt() -> Any:
            return record_circumstances(
                demand=matter, told=told, reason=reason, replaces=stands, when=self.when
            )

        return self.do(attempt, lambda _: circumstances_data(matter), demand=matter)
