"""What EDGAR says, by REST: to list, to accept or set aside, and to have it asked."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import django_filters as filters
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from investors.models import Agreement

from ..facts.edgar import awaiting_filing
from ..models import Demand, EdgarAnswer, EdgarAsking, EdgarProposal, StatementRecord
from ..services import edgar
from .acting import Act
from .acts import CoverBody
from .bodies import Body, Day, read_body, text
from .description import PREVIEW
from .docket import MattersShape
from .doors import Door
from .paging import Listing


class EdgarDayShape(serializers.Serializer):
    """A day it may be recorded on, and whose day it is."""

    on = serializers.DateField()
    says = serializers.CharField()


class EdgarReasonShape(serializers.Serializer):
    """One step of how the day was found; ``clause`` is the Commission’s rule, where one is
    applied."""

    clause = serializers.CharField(allow_blank=True)
    says = serializers.CharField()


class EdgarAnswerShape(serializers.ModelSerializer):
    """What counsel made of it: accepted, or set aside for a ``reason``."""

    accepted = serializers.BooleanField()
    statement = serializers.UUIDField(
        source="record.statement.public_id", allow_null=True, default=None
    )
    recorded_by = serializers.CharField(source="recorded_by.name")

    class Meta:
        model = EdgarAnswer
        fields = ["accepted", "statement", "reason", "recorded_at", "recorded_by"]


class EdgarProposalShape(serializers.ModelSerializer):
    """Something EDGAR says of a registration statement: no fact until it is accepted.

    ``days`` are the days to record it on, EDGAR’s own first; where there are several one has
    to be chosen.  ``replaces`` is what EDGAR said of the same filing before, ``changed`` in
    what way that was otherwise; of one that no longer ``stands`` it has said otherwise since.
    """

    id = serializers.UUIDField(source="public_id")
    agreement = serializers.SlugField(source="agreement.slug")
    address = serializers.CharField(help_text="Where the Commission shows the filing.")
    days = EdgarDayShape(many=True)
    reasons = EdgarReasonShape(many=True)
    replaces = serializers.UUIDField(source="replaces.public_id", allow_null=True, default=None)
    changed = serializers.CharField(source="reason")
    stands = serializers.SerializerMethodField()
    found_at = serializers.DateTimeField(source="recorded_at")
    answer = serializers.SerializerMethodField()

    class Meta:
        model = EdgarProposal
        fields = [
            "id", "agreement", "kind", "on", "days", "form", "accession", "file_number",
            "address", "reasons", "replaces", "changed", "stands", "found_at", "answer",
        ]  # fmt: skip

    def get_stands(self, proposal: EdgarProposal) -> bool:
        return not hasattr(proposal, "replacement")

    @extend_schema_field(EdgarAnswerShape(allow_null=True))
    def get_answer(self, proposal: EdgarProposal) -> dict[str, Any] | None:
        answer = getattr(proposal, "answer", None)
        return dict(EdgarAnswerShape(answer).data) if answer is not None else None


class EdgarShape(serializers.Serializer):
    """Whether and when EDGAR was asked about the company of an agreement.  ``found`` counts
    what was new then; ``problem`` says what could not be had, and proves nothing."""

    agreement = serializers.SlugField()
    cik = serializers.CharField(allow_blank=True)
    asked_at = serializers.DateTimeField(allow_null=True)
    wanted_at = serializers.DateTimeField(allow_null=True)
    found = serializers.IntegerField()
    problem = serializers.CharField(allow_blank=True)
    waiting = serializers.IntegerField(help_text="Proposals nobody has answered.")


class AskEdgarBody(Body):
    """Nothing to say."""


class Edgar(Door):
    @extend_schema(responses=EdgarShape)
    def get(self, request: Request, slug: str) -> Response:
        """When EDGAR was last asked about the Company, and how it went."""
        return Response(edgar_data(self.agreement(slug)))

    @extend_schema(request=AskEdgarBody, responses={201: EdgarShape})
    def post(self, request: Request, slug: str) -> Response:
        """Have EDGAR asked about the Company within minutes."""
        agreement = self.agreement(slug)
        self.may_record(agreement)
        read_body(AskEdgarBody, request, agreement)
        edgar.ask_soon(agreement=agreement, when=self.when)
        return Response(edgar_data(agreement), status=201)


class EdgarProposalFilter(filters.FilterSet):
    agreement = filters.CharFilter("agreement__slug")
    kind = filters.ChoiceFilter(choices=EdgarProposal.Kind.choices)
    waiting = filters.BooleanFilter(
        method="is_waiting", label="Not answered, and EDGAR says the same still."
    )

    def is_waiting(
        self, found: QuerySet[EdgarProposal], name: str, value: bool
    ) -> QuerySet[EdgarProposal]:
        waits = {"answer": None, "replacement": None}
        return found.filter(**waits) if value else found.exclude(**waits)


class EdgarProposals(Listing):
    """What EDGAR says of registration statements, under the agreements you may see."""

    serializer_class = EdgarProposalShape
    filterset_class = EdgarProposalFilter
    ordering_fields = ("on",)
    ordering = ("-on",)
    queryset = EdgarProposal.objects.none()

    def get_queryset(self) -> QuerySet[EdgarProposal]:
        return _proposals(self.user)


class AcceptBody(Body):
    """What has to be chosen: ``on`` where there are several days; ``demand``, the registration
    a filing of no statement on record is for, and what it ``covers``; ``detail`` at whose wish
    a statement was withdrawn; ``reason`` why the Company withdrew a registration of its own."""

    on = Day(required=False, allow_null=True, default=None)
    demand = serializers.UUIDField(required=False, allow_null=True, default=None)
    covers = CoverBody(many=True, required=False, max_length=20_000)  # type: ignore[call-arg]  # a list takes it
    detail = serializers.ChoiceField(
        StatementRecord.Detail.choices, required=False, allow_blank=True, default=""
    )
    reason = text()


class OneProposal(Act):
    """An act on one proposal."""

    def proposal(self, public_id: UUID) -> EdgarProposal:
        """One the person may answer."""
        proposal = get_object_or_404(_proposals(self.user), public_id=public_id)
        self.may_record(proposal.agreement)
        return proposal


class Acceptance(OneProposal):
    @extend_schema(
        request=AcceptBody,
        parameters=[PREVIEW],
        responses={201: EdgarProposalShape, 200: MattersShape},
    )
    def post(self, request: Request, proposal: UUID) -> Response:
        """Record what EDGAR says, with its accession number as evidence; where it is on record
        for that day, keep the number as evidence of the entry there is."""
        found = self.proposal(proposal)
        given, _ = read_body(AcceptBody, request, found.agreement)
        covers = {each["investor"].pk: each["shares"] for each in given.pop("covers", ())}
        demand = _awaiting(found.agreement, given.pop("demand"))

        def attempt() -> EdgarAnswer:
            return edgar.accept(
                proposal=found, demand=demand, covers=covers, **given, when=self.when
            )

        if self.previews:
            return self.in_all_matters(found.agreement, attempt)
        attempt()
        return Response(proposal_data(found), status=201)


class DismissBody(Body):
    reason = text(help_text="Why nothing is recorded of it. It stays on the record.")


class Dismissal(OneProposal):
    @extend_schema(request=DismissBody, responses={201: EdgarProposalShape})
    def post(self, request: Request, proposal: UUID) -> Response:
        """Set aside what EDGAR says, with a reason: nothing is recorded of it."""
        found = self.proposal(proposal)
        given, _ = read_body(DismissBody, request, found.agreement)
        edgar.set_aside(proposal=found, reason=given["reason"], when=self.when)
        return Response(proposal_data(found), status=201)


def _awaiting(agreement: Agreement, public_id: UUID | None) -> Demand | None:
    """The matter named, if it waits for a filing; the act refuses another."""
    waiting = awaiting_filing(agreement) if public_id is not None else ()
    return next((each for each in waiting if each.public_id == public_id), None)


def _proposals(user: Any) -> QuerySet[EdgarProposal]:
    found: QuerySet[EdgarProposal] = EdgarProposal.objects.filter(
        agreement__in=Agreement.objects.visible_to(user)
    )
    return found.select_related(
        "agreement__company", "replaces", "replacement", "answer__recorded_by",
        "answer__record__statement",
    )  # fmt: skip


def proposal_data(proposal: EdgarProposal) -> dict[str, Any]:
    """A proposal as JSON-ready data, as it stands now."""
    again = EdgarProposal.objects.select_related("agreement", "replaces").get(pk=proposal.pk)
    return dict(EdgarProposalShape(again).data)


def edgar_data(agreement: Agreement) -> dict[str, Any]:
    """How asking EDGAR about an agreement's company stands, as JSON-ready data."""
    asking = EdgarAsking.objects.filter(company=agreement.company_id).first()
    waiting = EdgarProposal.objects.filter(agreement=agreement, answer=None, replacement=None)
    return dict(
        EdgarShape(
            {
                "agreement": agreement.slug,
                "cik": agreement.company.cik,
                "asked_at": asking and asking.asked_at,
                "wanted_at": asking and asking.wanted_at,
                "found": asking.found if asking else 0,
                "problem": asking.problem if asking else "",
                "waiting": waiting.count(),
            }
        ).data
    )
