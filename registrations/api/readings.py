"""Readings chosen for a whole agreement, by REST (N8)."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from investors.models import Agreement

from ..facts import entries_of
from ..models import GoverningReading
from ..rules.governing import questions_of
from ..services import readings as acts
from .acting import Act
from .bodies import Body, Day, read_body, text
from .description import PREVIEW
from .docket import MattersShape
from .doors import Door


class ReadingOptionShape(serializers.Serializer):
    """One reading: the name it is chosen by, what it means, and whether it was chosen."""

    name = serializers.CharField()
    says = serializers.CharField()
    governs = serializers.BooleanField()


class ChosenShape(serializers.Serializer):
    """Counsel’s choice for the whole agreement; an empty choice leaves the question open."""

    choice = serializers.CharField(allow_blank=True)
    governs_from = serializers.DateField()
    reason = serializers.CharField()
    recorded_at = serializers.DateTimeField()
    by = serializers.CharField()


class OpenQuestionShape(serializers.Serializer):
    """A question the agreement’s words leave open, with every reading."""

    question = serializers.CharField()
    asks = serializers.CharField()
    term = serializers.CharField()
    clause = serializers.CharField()
    readings = ReadingOptionShape(many=True)
    chosen = ChosenShape(allow_null=True)


class ReadingsShape(serializers.Serializer):
    """Every question of meaning under an agreement."""

    agreement = serializers.SlugField()
    questions = OpenQuestionShape(many=True)


class ReadingBody(Body):
    question = serializers.CharField(max_length=120, help_text="As listed, such as joining.")
    choice = text(200, help_text="The name of the reading; empty to leave it open again.")
    governs_from = Day()
    reason = text(help_text="The memo: why this reading. It stays on the record.")


class Readings(Act):
    @extend_schema(responses=ReadingsShape)
    def get(self, request: Request, slug: str) -> Response:
        """Where the agreement’s words bear more than one meaning, and which governs (N8)."""
        agreement = self.agreement(slug)
        return Response(readings_data(agreement, self))

    @extend_schema(
        request=ReadingBody,
        parameters=[PREVIEW],
        responses={201: ReadingsShape, 200: MattersShape},
    )
    def post(self, request: Request, slug: str) -> Response:
        """Choose the reading that governs in every matter; a decision in a matter stands
        before it (N8)."""
        agreement = self.agreement(slug)
        self.may_record(agreement)
        given, _ = read_body(ReadingBody, request, agreement)

        def attempt() -> GoverningReading:
            return acts.choose_reading(agreement=agreement, **given, when=self.when)

        if self.previews:
            return self.in_all_matters(agreement, attempt)
        attempt()
        return Response(readings_data(agreement, self), status=201)


def readings_data(agreement: Agreement, door: Door) -> dict[str, Any]:
    """Every question of meaning as JSON-ready data."""
    today = agreement.day_of(door.now)
    standing = {
        reading.question: reading
        for reading in GoverningReading.objects.standing()
        .filter(agreement=agreement)
        .select_related("recorded_by")
    }
    questions = []
    for each in questions_of(entries_of(agreement, max(today, agreement.dated_on))):
        chosen = standing.get(each.name)
        questions.append(
            {
                "question": each.name,
                "asks": each.asks,
                "term": each.term,
                "clause": each.clause,
                "readings": [
                    {
                        "name": option.name,
                        "says": option.words,
                        "governs": chosen is not None and chosen.choice == option.name,
                    }
                    for option in each.options
                ],
                "chosen": None
                if chosen is None
                else {
                    "choice": chosen.choice,
                    "governs_from": chosen.governs_from,
                    "reason": chosen.reason,
                    "recorded_at": chosen.recorded_at,
                    "by": chosen.recorded_by.name if chosen.recorded_by else "",
                },
            }
        )
    return dict(ReadingsShape({"agreement": agreement.slug, "questions": questions}).data)
