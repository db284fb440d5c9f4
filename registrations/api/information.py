"""What Selling Investors furnish about themselves, by REST (S5)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from notices.models import Method

from ..facts.papers import information_of
from ..models import Demand, InformationAnswer, InformationRequest
from ..rules.findings import reason_data
from ..rules.information import PARTS, Answer
from ..services import information
from ..services.information import InformationIn
from .bodies import Body, Day, InvestorField, Whole, read_body, text
from .docket import ReasonShape
from .doors import Door
from .shapes import PartyShape


class InformationRequestShape(serializers.ModelSerializer):
    """What an Investor was asked for, and by when."""

    method = serializers.ChoiceField(Method.choices)
    parts = serializers.ListField(child=serializers.CharField())
    recorded_by = serializers.CharField(source="recorded_by.name", allow_null=True, default=None)

    class Meta:
        model = InformationRequest
        fields = ["sent_on", "method", "due_on", "parts", "reason", "recorded_at", "recorded_by"]


class InformationAnswerShape(serializers.ModelSerializer):
    """What an Investor answered; a part not stated is empty or null."""

    recorded_by = serializers.CharField(source="recorded_by.name", allow_null=True, default=None)

    class Meta:
        model = InformationAnswer
        fields = ["received_on", *InformationIn._fields, "reason", "recorded_at", "recorded_by"]


class FurnishedShape(serializers.Serializer):
    """A Selling Investor and how its answer stands.  ``days_late`` is how many days past
    the day it was due the answer came or, while it has not, is."""

    investor = PartyShape()
    answer = serializers.ChoiceField([answer.value for answer in Answer])
    missing = serializers.ListField(child=serializers.CharField())
    days_late = serializers.IntegerField()
    days_since_asked = serializers.IntegerField(allow_null=True)
    asked = InformationRequestShape(allow_null=True)
    answered = InformationAnswerShape(allow_null=True)
    doubts = serializers.ListField(child=serializers.CharField())
    because = ReasonShape(many=True)


class InformationAskBody(Body):
    """A request for information to one or more Investors."""

    investors = serializers.ListField(child=InvestorField(), allow_empty=False, max_length=20_000)
    sent_on = Day()
    method = serializers.ChoiceField(Method.choices)
    due_on = Day(help_text="The day the Company sets.")
    parts = serializers.ListField(
        child=serializers.ChoiceField(list(PARTS.items())),
        required=False,
        default=lambda: list(PARTS),
        help_text="What is asked for. Left out: every part.",
    )
    reason = text(help_text="Needed when one of them was asked before.")


class InformationBody(Body):
    """What an Investor answered, whole: a part left out is not stated."""

    investor = InvestorField()
    received_on = Day(help_text="The day the last of it came.")
    name = text(200)
    relationship = text()
    shares_before = Whole(required=False, allow_null=True, default=None)
    shares_offered = Whole(required=False, allow_null=True, default=None)
    shares_after = Whole(required=False, allow_null=True, default=None)
    percent_after = serializers.DecimalField(
        max_digits=6,
        decimal_places=3,
        min_value=0,
        max_value=100,
        required=False,
        allow_null=True,
        default=None,
    )
    distribution = text()
    control_persons = text()
    broker_dealer = text()
    reason = text(help_text="Needed when a stated part changes, not to fill in a missing one.")


def information_data(demand: Demand, today: Any) -> list[dict[str, Any]]:
    """Every Selling Investor’s answer as JSON-ready data."""
    return [
        {
            **FurnishedShape(
                {
                    "investor": told.investor,
                    "answer": told.stands.answer.value,
                    "missing": list(told.stands.missing),
                    "days_late": told.stands.late,
                    "days_since_asked": told.stands.since,
                    "asked": told.asked,
                    "answered": told.answered,
                    "doubts": [concern.text for concern in told.doubts],
                    "because": [],
                }
            ).data,
            "because": [reason_data(reason) for reason in told.stands.because],
        }
        for told in information_of(demand, today)
    ]


class InformationDoor(Door):
    """A view of what a registration’s Selling Investors furnish."""

    def told(self, matter: Demand, status: int = 200) -> Response:
        today = matter.agreement.day_of(self.now)
        return Response(information_data(matter, today), status=status)


class Information(InformationDoor):
    @extend_schema(responses=FurnishedShape(many=True))
    def get(self, request: Request, demand: UUID) -> Response:
        """Who has answered, who has parts missing, and who has not (S5)."""
        return self.told(self.demand(demand))


class InformationRequests(InformationDoor):
    @extend_schema(request=InformationAskBody, responses={201: FurnishedShape(many=True)})
    def post(self, request: Request, demand: UUID) -> Response:
        """Record that the Company asked Selling Investors for information, and by when."""
        matter = self.demand(demand)
        self.may_record(matter.agreement)
        given, _ = read_body(InformationAskBody, request, matter.agreement)
        information.ask_information(demand=matter, **given, when=self.when)
        return self.told(matter, 201)


class InformationAnswers(InformationDoor):
    @extend_schema(request=InformationBody, responses={201: FurnishedShape(many=True)})
    def post(self, request: Request, demand: UUID) -> Response:
        """Record what a Selling Investor answered, or the rest of it, or a correction."""
        matter = self.demand(demand)
        self.may_record(matter.agreement)
        given, _ = read_body(InformationBody, request, matter.agreement)
        information.record_information(
            demand=matter,
            investor=given["investor"],
            answer=InformationIn(**{name: given[name] for name in InformationIn._fields}),
            received_on=given["received_on"],
            reason=given["reason"],
            when=self.when,
        )
        return self.told(matter, 201)
