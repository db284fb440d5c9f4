"""Demands: their facts and their dockets."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any
from uuid import UUID

import django_filters as filters
from django.db.models import Prefetch, QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from notices.models import RequestRecord

from ..facts import numbered_delays
from ..keys import public_keys
from ..models import (
    Acceptance,
    Decision,
    DelayRecord,
    Demand,
    EdgarAnswer,
    Flag,
    ProposalRecord,
    StatementRecord,
)
from ..services.company import ProposalIn
from ..services.matters import choices
from .description import AS_OF
from .docket import OUTCOMES, DocketShape, ReasonShape, docket_on
from .doors import Door
from .paging import Listing
from .shapes import PartyShape, RequestShape


class CoveredShape(serializers.Serializer):
    """Registrable Shares of one Investor that the statement covers."""

    investor = PartyShape()
    shares = serializers.IntegerField()


class StatementEntryShape(serializers.ModelSerializer):
    """One entry about a statement.  ``number`` counts those of its kind from 1; one that
    ``stands`` can be corrected, by its number.  ``edgar`` has the accession numbers kept as its
    evidence."""

    number = serializers.IntegerField()
    stands = serializers.SerializerMethodField()
    edgar = serializers.SerializerMethodField()
    recorded_by = serializers.CharField(source="recorded_by.name", allow_null=True, default=None)

    class Meta:
        model = StatementRecord
        fields = [
            "kind", "number", "stands", "on", "detail", "note", "file_number", "edgar",
            "reason", "recorded_at", "recorded_by",
        ]  # fmt: skip

    def get_stands(self, entry: StatementRecord) -> bool:
        return not hasattr(entry, "replacement")

    def get_edgar(self, entry: StatementRecord) -> list[str]:
        return [each.proposal.accession for each in entry.edgar.all()]


class StatementShape(serializers.Serializer):
    """The Registration Statement filed for a demand, and what became of it.  ``covers`` is
    what it covers now, after the last amendment that says."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    form = serializers.CharField()
    file_number = serializers.CharField()
    filed_on = serializers.DateField(allow_null=True)
    effective_on = serializers.DateField(allow_null=True)
    distribution = serializers.ChoiceField(["", *StatementRecord.DETAILS["method"]])
    distributed_on = serializers.DateField(allow_null=True)
    withdrawn_on = serializers.DateField(allow_null=True)
    withdrawn_by = serializers.ChoiceField(["", *StatementRecord.DETAILS["withdrawn"]])
    all_sold_on = serializers.DateField(allow_null=True)
    covers = CoveredShape(many=True)
    history = StatementEntryShape(many=True)


class MatterShape(serializers.ModelSerializer):
    """What a demand and a registration the Company makes both show."""

    id = serializers.UUIDField(source="public_id")
    agreement = serializers.SlugField(source="agreement.slug")
    reference = serializers.CharField()
    notice = serializers.UUIDField(source="notice.public_id")
    statement = serializers.SerializerMethodField()

    @extend_schema_field(StatementShape(allow_null=True))
    def get_statement(self, demand: Demand) -> dict[str, Any] | None:
        statement = getattr(demand, "statement", None)
        if statement is None:
            return None
        history = numbered_by_kind(statement.entries)
        stand = sorted(
            (e for e in history if not hasattr(e, "replacement")), key=lambda e: (e.on, e.pk)
        )
        by_kind = {entry.kind: entry for entry in stand}
        filed, method, withdrawn = (by_kind.get(k) for k in ("filed", "method", "withdrawn"))
        covering = [list(e.covers.all()) for e in stand if e.kind in StatementRecord.COVERING]
        return {
            "id": str(statement.public_id),
            "name": statement.name,
            "form": statement.form,
            "file_number": filed.file_number if filed else "",
            **{
                f"{kind}_on": by_kind[kind].on.isoformat() if kind in by_kind else None
                for kind in ("filed", "effective", "distributed", "withdrawn", "all_sold")
            },
            "distribution": method.detail if method else "",
            "withdrawn_by": withdrawn.detail if withdrawn else "",
            "covers": CoveredShape(next(filter(None, reversed(covering)), []), many=True).data,
            "history": StatementEntryShape(history, many=True).data,
        }


class DelayShape(serializers.ModelSerializer):
    """A delay the Company directed, by its number in the matter.  Whether it is allowed, and
    what it moves, is in the docket."""

    number = serializers.IntegerField()

    class Meta:
        model = DelayRecord
        fields = [
            "number", "directed_on", "what", "circumstances", "planned_on", "counted_from_on",
            "until_on", "other_ground", "reason", "recorded_at",
        ]  # fmt: skip


class DemandShape(MatterShape):
    """A Demand Registration: the facts of the matter.  What follows is in its docket."""

    initiators = RequestShape(many=True, source="notice.standing_requests")
    delays = serializers.SerializerMethodField()

    class Meta:
        model = Demand
        fields = [
            "id", "agreement", "number", "reference", "notice", "initiators", "statement",
            "delays",
        ]  # fmt: skip

    @extend_schema_field(DelayShape(many=True))
    def get_delays(self, demand: Demand) -> list[dict[str, Any]]:
        found = []
        for number, record in numbered_delays(demand.delays.all()):
            record.number = number  # type: ignore[attr-defined]
            found.append(record)
        return list(DelayShape(found, many=True).data)


class ProposalShape(serializers.ModelSerializer):
    """One entry of what the Company proposes.  The last stands; ``number`` counts from 1."""

    number = serializers.IntegerField()
    recorded_by = serializers.CharField(source="recorded_by.name", allow_null=True, default=None)

    class Meta:
        model = ProposalRecord
        fields = [
            "number", "stated_on", *ProposalIn._fields, "withdrawn_on", "reason", "recorded_at",
            "recorded_by",
        ]  # fmt: skip


class AcceptanceShape(serializers.Serializer):
    """The day an Investor accepted the underwriting."""

    investor = PartyShape()
    accepted_on = serializers.DateField()


class CompanyShape(MatterShape):
    """A registration the Company proposes: the facts of the matter.  What follows is in its
    docket."""

    proposal = serializers.SerializerMethodField()
    history = serializers.SerializerMethodField()
    acceptances = serializers.SerializerMethodField()

    class Meta:
        model = Demand
        fields = [
            "id", "agreement", "number", "reference", "notice", "proposal", "history",
            "acceptances", "statement",
        ]  # fmt: skip

    @extend_schema_field(ProposalShape)
    def get_proposal(self, demand: Demand) -> dict[str, Any]:
        return dict(self.get_history(demand)[-1])

    @extend_schema_field(ProposalShape(many=True))
    def get_history(self, demand: Demand) -> list[dict[str, Any]]:
        records = sorted(demand.proposals.all(), key=lambda record: record.pk)
        for number, record in enumerate(records, start=1):
            record.number = number  # type: ignore[attr-defined]
        return list(ProposalShape(records, many=True).data)

    @extend_schema_field(AcceptanceShape(many=True))
    def get_acceptances(self, demand: Demand) -> list[dict[str, Any]]:
        return list(AcceptanceShape(demand.standing_acceptances, many=True).data)  # type: ignore[attr-defined]  # with_proposals


def with_proposals(companies: QuerySet[Demand]) -> QuerySet[Demand]:
    """Registrations the Company makes with what their JSON shows."""
    accepted = Acceptance.objects.standing().select_related("investor").order_by("pk")
    return with_facts(companies.filter(kind=Demand.Kind.COMPANY)).prefetch_related(
        Prefetch("proposals", ProposalRecord.objects.select_related("recorded_by")),
        Prefetch("acceptances", accepted, to_attr="standing_acceptances"),
    )


def numbered_by_kind(entries: Iterable[StatementRecord]) -> list[StatementRecord]:
    """A statement’s entries from the first, each with its ``number`` within its kind."""
    count: Counter[str] = Counter()
    numbered = sorted(entries, key=lambda entry: entry.pk)
    for entry in numbered:
        count[entry.kind] += 1
        entry.number = count[entry.kind]  # type: ignore[attr-defined]
    return numbered


def with_facts(demands: QuerySet[Demand]) -> QuerySet[Demand]:
    """Demands with what their JSON shows, in a few more queries whatever their number."""
    asked = RequestRecord.objects.standing().select_related("investor").order_by("pk")
    evidence = EdgarAnswer.objects.select_related("proposal").order_by("pk")
    entries = StatementRecord.objects.select_related("recorded_by", "replacement").prefetch_related(
        "covers__investor", Prefetch("edgar", evidence)
    )
    return demands.select_related("agreement", "notice", "statement").prefetch_related(
        Prefetch("notice__requests", asked, to_attr="standing_requests"),
        "delays",
        Prefetch("statement__records", entries, to_attr="entries"),
    )


def demand_data(demand: Demand) -> dict[str, Any]:
    """A matter as JSON-ready data, whichever kind it is."""
    if demand.by_company:
        return dict(CompanyShape(with_proposals(Demand.objects.all()).get(pk=demand.pk)).data)
    return dict(DemandShape(with_facts(Demand.objects.all()).get(pk=demand.pk)).data)


class DemandFilter(filters.FilterSet):
    agreement = filters.CharFilter("agreement__slug")
    outcome = filters.ChoiceFilter(
        "docket_state__outcome",
        choices=[(o, o) for o in OUTCOMES],
    )
    filed = filters.BooleanFilter("statement", lookup_expr="isnull", exclude=True)

    class Meta:
        model = Demand
        fields: list[str] = []


class Demands(Listing):
    """The demands you may see."""

    serializer_class = DemandShape
    filterset_class = DemandFilter
    ordering_fields = ("number",)
    ordering = ("-number",)
    queryset = Demand.objects.none()

    def get_queryset(self) -> QuerySet[Demand]:
        return with_facts(Demand.objects.visible_to(self.user).filter(kind=Demand.Kind.DEMAND))


class OneDemand(Door):
    """A demand: the facts of the matter."""

    @extend_schema(responses=DemandShape)
    def get(self, request: Request, demand: UUID) -> Response:
        return Response(demand_data(self.demand(demand)))


class DocketOf(Door):
    """A demand’s docket: every date with its reasons, as of a day."""

    queries = frozenset({"as_of"})

    @extend_schema(parameters=[AS_OF], responses=DocketShape)
    def get(self, request: Request, demand: UUID) -> Response:
        matter = self.demand(demand)
        today = matter.agreement.day_of(self.now)
        return Response(docket_on(matter, day=self.day(matter.agreement), today=today))


class DecisionShape(serializers.Serializer):
    """A decision that stands."""

    about = serializers.CharField()
    choice = serializers.CharField()
    decided_on = serializers.DateField()
    reason = serializers.CharField()
    recorded_at = serializers.DateTimeField()
    by = serializers.CharField()


class ChoiceShape(serializers.Serializer):
    """A question that may be decided, and the readings to choose from."""

    about = serializers.CharField()
    choices = serializers.ListField(child=serializers.CharField())


class DecisionsShape(serializers.Serializer):
    """What was decided in a matter, and what may be."""

    decided = DecisionShape(many=True)
    open_to_decision = ChoiceShape(many=True)


def decisions_data(demand: Demand) -> dict[str, Any]:
    """What was decided in a matter, and what may be, by public names."""
    standing = list(
        Decision.objects.standing()
        .filter(demand=demand)
        .select_related("recorded_by")
        .order_by("about")
    )
    may = choices(demand)
    names = public_keys({*may, *(d.about for d in standing)})
    decided = [
        {
            "about": names[d.about],
            "choice": d.choice,
            "decided_on": d.decided_on,
            "reason": d.reason,
            "recorded_at": d.recorded_at,
            "by": d.recorded_by.name if d.recorded_by else "",
        }
        for d in standing
    ]
    return {
        "decided": DecisionShape(decided, many=True).data,
        "open_to_decision": [
            {"about": names[about], "choices": list(names_of)} for about, names_of in may.items()
        ],
    }


# --- flags ------------------------------------------------------------------------------


class FlagShape(serializers.ModelSerializer):
    """A call to act, with the reasons it was raised for.  ``since_on`` is the day the facts
    made it so; ``cleared_on`` the day they no longer did."""

    agreement = serializers.SlugField(source="agreement.slug")
    demand = serializers.UUIDField(source="demand.public_id")
    reference = serializers.CharField(source="demand.reference")
    key = serializers.SerializerMethodField()
    rule = serializers.CharField(source="detail.rule")
    clause = serializers.CharField(source="detail.clause")
    investor = serializers.CharField(source="detail.investor")
    because = ReasonShape(many=True, source="detail.because")

    class Meta:
        model = Flag
        fields = [
            "agreement", "demand", "reference", "key", "kind", "rule", "clause", "investor",
            "since_on", "text", "because", "raised_at", "cleared_on", "cleared_at",
        ]  # fmt: skip

    def get_key(self, flag: Flag) -> str:
        names: dict[str, str] = self.context["keys"]
        return names[flag.key]


class FlagFilter(filters.FilterSet):
    agreement = filters.CharFilter("agreement__slug")
    demand = filters.UUIDFilter("demand__public_id")
    kind = filters.CharFilter()
    cleared = filters.BooleanFilter("cleared_at", lookup_expr="isnull", exclude=True)
    since = filters.DateFilter("since_on", lookup_expr="gte")

    class Meta:
        model = Flag
        fields: list[str] = []

    def filter_queryset(self, queryset: QuerySet[Flag]) -> QuerySet[Flag]:
        if self.form.cleaned_data.get("cleared") is None:
            queryset = queryset.filter(cleared_at=None)
        filtered: QuerySet[Flag] = super().filter_queryset(queryset)
        return filtered


class Flags(Listing):
    """Calls to act: those standing, or with `cleared=true` those the facts have cleared."""

    serializer_class = FlagShape
    filterset_class = FlagFilter
    ordering_fields = ("since_on",)
    ordering = ("since_on",)
    queryset = Flag.objects.none()

    def get_queryset(self) -> QuerySet[Flag]:
        return Flag.objects.filter(demand__in=Demand.objects.visible_to(self.user)).select_related(
            "agreement", "demand"
        )

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        page = self.paginate_queryset(self.filter_queryset(self.get_queryset())) or []
        context = {**self.get_serializer_context(), "keys": public_keys({f.key for f in page})}
        return self.get_paginated_response(FlagShape(page, many=True, context=context).data)
