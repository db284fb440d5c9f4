"""Registrations the Company proposes, by REST: what is proposed, and the acts of their own.
Notices, requests and decisions are recorded as in a demand."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import django_filters as filters
from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from ..models import Demand, ProposalRecord
from ..services import company
from ..services.company import ProposalIn
from . import acts
from .acting import Act, documented, numbered
from .bodies import Body, Day, InvestorField, read_body, text
from .doors import Door
from .matters import CompanyShape, DemandFilter, demand_data, with_proposals
from .paging import Listing

COMPANY = Demand.Kind.COMPANY


class ProposalBody(Body):
    """What the Company proposes to register.  Leave out `form_allows` while nobody has
    looked whether the form could carry the Investors’ shares."""

    what = serializers.CharField(max_length=200)
    account = text(120)
    form = text(12)
    form_allows = serializers.BooleanField(required=False, allow_null=True, default=None)
    public_offering = serializers.BooleanField(default=True)
    only_for = serializers.ChoiceField(
        ProposalRecord.OnlyFor.choices,
        allow_blank=True,
        default="",
        help_text="The one purpose it serves, where an agreement may leave that purpose out.",
    )
    underwritten = serializers.BooleanField(default=False)
    planned_on = Day(required=False, allow_null=True, default=None)


class ProposeBody(ProposalBody):
    proposed_on = Day()
    memo = text(help_text="Needed when no Registration Notice is owed: why not.")
    note = text()


def _proposal(given: dict[str, Any]) -> ProposalIn:
    return ProposalIn(**{name: given.pop(name) for name in ProposalIn._fields})


class Propose(Act):
    @documented(ProposeBody, CompanyShape)
    def post(self, request: Request, slug: str) -> Response:
        """Record that the Company proposes a registration, and screen it (P1, P2)."""
        agreement = self.agreement(slug)
        self.may_record(agreement)
        given, _ = read_body(ProposeBody, request, agreement)
        proposal = _proposal(given)

        def attempt() -> Demand:
            return company.propose_registration(
                agreement=agreement, proposal=proposal, **given, when=self.when
            )

        return self.do(attempt, demand_data)


class CompanyFilter(DemandFilter):
    withdrawn = filters.BooleanFilter(method="is_withdrawn", label="Withdrawn by the Company.")

    def is_withdrawn(self, found: QuerySet[Demand], name: str, value: bool) -> QuerySet[Demand]:
        withdrawn = ProposalRecord.objects.standing().filter(withdrawn_on__isnull=False)
        return (
            found.filter(pk__in=withdrawn.values("demand"))
            if value
            else found.exclude(pk__in=withdrawn.values("demand"))
        )


class CompanyRegistrations(Listing):
    """The registrations of the Company’s own you may see."""

    serializer_class = CompanyShape
    filterset_class = CompanyFilter
    ordering_fields = ("number",)
    ordering = ("-number",)
    queryset = Demand.objects.none()

    def get_queryset(self) -> QuerySet[Demand]:
        return with_proposals(Demand.objects.visible_to(self.user))


class OneCompany(Door):
    """A registration the Company proposes: the facts of the matter."""

    kind = COMPANY

    @extend_schema(responses=CompanyShape)
    def get(self, request: Request, demand: UUID) -> Response:
        return Response(demand_data(self.demand(demand)))


class ChangeBody(ProposalBody):
    replaces = serializers.IntegerField(
        min_value=1, help_text="The number of the entry this replaces, as you last read it."
    )
    stated_on = Day(help_text="The day from which it is so.")
    reason = text(help_text="Why. It stays on the record.")


class Changes(Act):
    kind = COMPANY

    @documented(ChangeBody, CompanyShape)
    def post(self, request: Request, demand: UUID) -> Response:
        """Record that what is proposed has changed, such as the planned filing day (P4)."""
        matter = self.matter(demand)
        given, _ = read_body(ChangeBody, request, matter.agreement)
        records = list(ProposalRecord.objects.filter(demand=matter).order_by("pk"))
        replaces = numbered(given.pop("replaces"), records, "of what is proposed")
        proposal = _proposal(given)

        def attempt() -> ProposalRecord:
            return company.change_proposal(
                demand=matter, proposal=proposal, replaces=replaces, **given, when=self.when
            )

        return self.do(attempt, lambda _: demand_data(matter), demand=matter)


class WithdrawalBody(Body):
    on = Day()
    reason = text(help_text="Why. It stays on the record.")


class Withdrawal(Act):
    kind = COMPANY

    @documented(WithdrawalBody, CompanyShape)
    def post(self, request: Request, demand: UUID) -> Response:
        """Record that the Company withdrew it before effectiveness, at its own expense (P5)."""
        matter = self.matter(demand)
        given, _ = read_body(WithdrawalBody, request, matter.agreement)

        def attempt() -> ProposalRecord:
            return company.withdraw_registration(demand=matter, **given, when=self.when)

        return self.do(attempt, lambda _: demand_data(matter), demand=matter)


class AcceptanceBody(Body):
    investor = InvestorField()
    on = Day()
    reason = text(help_text="Needed when it corrects what is on record.")


class Acceptances(Act):
    kind = COMPANY

    @documented(AcceptanceBody, CompanyShape)
    def post(self, request: Request, demand: UUID) -> Response:
        """Record that an Investor accepted the terms of the underwriting (P6)."""
        matter = self.matter(demand)
        given, _ = read_body(AcceptanceBody, request, matter.agreement)

        def attempt() -> Any:
            return company.record_acceptance(demand=matter, **given, when=self.when)

        return self.do(attempt, lambda _: demand_data(matter), demand=matter)


# --- acts shared with a demand, answered with the registration's own facts ------------------


@extend_schema_view(post=documented(acts.FilingBody, CompanyShape))
class FileCompany(acts.FileStatement):
    kind = COMPANY


@extend_schema_view(post=documented(acts.DayBody, CompanyShape))
class CompanyEffectiveness(acts.Effectiveness):
    kind = COMPANY


@extend_schema_view(post=documented(acts.DayBody, CompanyShape))
class CompanyAllSold(acts.AllSold):
    kind = COMPANY


@extend_schema_view(post=documented(acts.StatementCorrectionBody, CompanyShape))
class CorrectCompany(acts.CorrectStatement):
    kind = COMPANY
