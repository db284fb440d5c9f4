"""A term amended or corrected by REST, seen first in every matter (S8)."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from investors.models import Term

from ..rules.terms import TermEntry
from ..services import terms as acts
from .acting import Act
from .bodies import MOST_INVESTORS, Body, Day, InvestorField, read_body, text
from .description import PREVIEW
from .docket import MattersShape
from .doors import fields_named


class RecordedTermShape(serializers.Serializer):
    """A term as it was put on record."""

    name = serializers.CharField()
    value = serializers.JSONField()
    clause = serializers.CharField()
    summary = serializers.CharField()
    in_force_from = serializers.DateField()
    kind = serializers.CharField()
    reason = serializers.CharField()
    recorded_at = serializers.DateTimeField()


class TermBody(Body):
    term = serializers.CharField(max_length=60, help_text="Its name, such as joining.")
    value = serializers.JSONField(help_text="As in the agreement’s file; see exchange-schema.")
    clause = text(120)
    summary = text(help_text="What it says, in your own words.")
    reason = text(help_text="Why. It stays on the record.")

    @staticmethod
    def entry(given: dict[str, Any]) -> TermEntry:
        """The term a body describes."""
        return TermEntry(given["value"], given["clause"], given["summary"])


class AmendTermBody(TermBody):
    in_force_from = Day(help_text="Matters begun before that day keep the term they began under.")
    company_consents = serializers.BooleanField(default=False)
    consents = serializers.ListField(
        child=InvestorField(),
        default=list,
        max_length=MOST_INVESTORS,
        help_text="The Investors that signed it, by id.",
    )


class CorrectTermBody(TermBody):
    """The term as the agreement always had it, from the day it was in force."""

    in_force_from = Day(
        required=False,
        help_text="The day from which the term put right was in force. Left out: the one in "
        "force today; where none is on record, the agreement’s own day.",
    )


def _of_body(field: str) -> str:
    return {"name": "term", "from_": "in_force_from"}.get(field, field)


class TermAmendments(Act):
    @extend_schema(
        request=AmendTermBody,
        parameters=[PREVIEW],
        responses={201: RecordedTermShape, 200: MattersShape},
    )
    def post(self, request: Request, slug: str) -> Response:
        """Record an amendment of a term with the consents it needs (S8)."""
        agreement = self.agreement(slug)
        self.may_record(agreement)
        given, _ = read_body(AmendTermBody, request, agreement)

        def attempt() -> Term:
            with fields_named(_of_body):
                return acts.amend(
                    agreement=agreement,
                    name=given["term"],
                    entry=TermBody.entry(given),
                    from_=given["in_force_from"],
                    company_consents=given["company_consents"],
                    consents=given["consents"],
                    reason=given["reason"],
                    when=self.when,
                )

        if self.previews:
            return self.in_all_matters(agreement, attempt)
        return Response(RecordedTermShape(attempt()).data, status=201)


class TermCorrections(Act):
    @extend_schema(
        request=CorrectTermBody,
        parameters=[PREVIEW],
        responses={201: RecordedTermShape, 200: MattersShape},
    )
    def post(self, request: Request, slug: str) -> Response:
        """Put a term as the agreement always had it, where it was misread or left out."""
        agreement = self.agreement(slug)
        self.may_record(agreement)
        given, _ = read_body(CorrectTermBody, request, agreement)
        standing = Term.objects.standing().filter(agreement=agreement, name=given["term"])
        from_ = given.get("in_force_from")
        stood = (
            standing.filter(in_force_from__lte=agreement.day_of(self.now))
            if from_ is None
            else standing.filter(in_force_from=from_)
        )
        replaces = stood.order_by("in_force_from", "pk").last()
        if replaces is None and from_ is not None:
            raise serializers.ValidationError(
                {"in_force_from": "No term of that name is in force from that day."}
            )

        def attempt() -> Term:
            with fields_named(_of_body):
                return acts.correct(
                    agreement=agreement,
                    name=given["term"],
                    entry=TermBody.entry(given),
                    replaces=replaces,
                    reason=given["reason"],
                    when=self.when,
                )

        if self.previews:
            return self.in_all_matters(agreement, attempt)
        return Response(RecordedTermShape(attempt()).data, status=201)
