"""Claims for indemnity and contribution by REST (S7): amounts in USD as text, to the cent."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import Prefetch
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from notices.models import Method

from ..facts.papers import contributed_of, judged_of, terms_of_matter
from ..models import Claim, ClaimRecord, ContributionRecord, Demand
from ..rules.contribution import Contributed
from ..rules.findings import reason_data, ruling_data
from ..services import claims
from ..services.claims import ClaimIn, ContributionIn, PartyIn
from .acting import numbered
from .bodies import Body, Day, InvestorField, Whole, read_body, text
from .docket import AwaitedShape, ReasonShape, RulingShape
from .doors import Door
from .expenses import usd
from .shapes import PartyShape

FIELDS = ClaimIn._fields


class ClaimEntryShape(serializers.ModelSerializer):
    """What was known of a claim when an entry was made.  ``number`` counts the claim’s
    entries from 1; the last stands."""

    number = serializers.IntegerField()
    claimant_investor = PartyShape(allow_null=True)
    against = PartyShape(allow_null=True)
    notice_method = serializers.ChoiceField([("", "No notice yet"), *Method.choices])
    settled_by = serializers.ChoiceField([("", "Nobody"), *ClaimRecord.SettledBy.choices])
    carve_outs = serializers.ListField(child=serializers.CharField())
    recorded_by = serializers.CharField(source="recorded_by.name", allow_null=True, default=None)

    class Meta:
        model = ClaimRecord
        fields = ["number", "stated_on", *FIELDS, "reason", "recorded_at", "recorded_by"]


class ClaimQuestion(serializers.Serializer):
    """One question a claim raises: ``good`` for it, ``refused`` against it."""

    question = serializers.CharField()
    ruling = RulingShape()


class PayableShape(serializers.Serializer):
    """What is payable on one reading of a Selling Investor’s limit; no ``limit``, none."""

    reading = serializers.CharField()
    limit = usd(allow_null=True)
    payable = usd()
    because = ReasonShape(many=True)


class ContributionPartShape(serializers.Serializer):
    """One party to a loss: null for the Company.  ``fault`` in basis points."""

    investor = PartyShape(allow_null=True)
    net_proceeds = usd()
    gross_proceeds = usd(allow_null=True)
    fault = serializers.IntegerField()
    bears = usd()


class ContributionShape(serializers.Serializer):
    """How a loss is contributed to; ``left`` is what nobody bears."""

    stated_on = serializers.DateField()
    loss = usd()
    by = serializers.ChoiceField(ContributionRecord.By.choices)
    fault_weight = serializers.IntegerField(help_text="Basis points.")
    limit = serializers.ChoiceField([("", "None"), *ContributionRecord.Limit.choices])
    shared_again = serializers.BooleanField()
    parts = ContributionPartShape(many=True)
    left = usd()
    because = ReasonShape(many=True)
    reason = serializers.CharField()


class ClaimSummary(serializers.Serializer):
    """A claim, and what is known of it now."""

    id = serializers.UUIDField(source="public_id")
    reference = serializers.CharField()
    demand = serializers.UUIDField(source="demand.public_id")
    stands = ClaimEntryShape()


class ClaimShape(serializers.Serializer):
    """A claim: what is known of it, and what the agreement makes of that."""

    id = serializers.UUIDField()
    reference = serializers.CharField()
    demand = serializers.UUIDField()
    stands = ClaimEntryShape()
    history = ClaimEntryShape(many=True)
    questions = ClaimQuestion(many=True)
    payable = PayableShape(many=True)
    awaiting = AwaitedShape(many=True)
    contribution = ContributionShape(allow_null=True)


def claim_data(claim: Claim) -> dict[str, Any]:
    """A claim as JSON-ready data."""
    records = list(
        ClaimRecord.objects.filter(claim=claim)
        .select_related("claimant_investor", "against", "recorded_by")
        .order_by("pk")
    )
    for number, record in enumerate(records, start=1):
        record.number = number  # type: ignore[attr-defined]
        record.claim = claim
    judged = judged_of(records[-1])
    history = ClaimEntryShape(records, many=True).data
    return {
        "id": str(claim.public_id),
        "reference": claim.reference,
        "demand": str(claim.demand.public_id),
        "stands": history[-1],
        "history": history,
        "questions": [
            {"question": about, "ruling": ruling_data(ruling)}
            for about, ruling in judged.rulings.items()
        ],
        "payable": [
            {
                "reading": each.reading,
                "limit": None if each.cap is None else f"{each.cap:.2f}",
                "payable": f"{each.payable:.2f}",
                "because": [reason_data(each.because)],
            }
            for each in judged.payable
        ],
        "awaiting": [{"fact": a.fact, "clause": a.clause, "who": a.who} for a in judged.awaiting],
        "contribution": _contribution(claim),
    }


def _contribution(claim: Claim) -> dict[str, Any] | None:
    record = (
        ContributionRecord.objects.standing()
        .filter(claim=claim)
        .prefetch_related("parts__investor")
        .first()
    )
    if record is None:
        return None
    told = contributed_of(record, clause=terms_of_matter(claim.demand).clause("contribution"))
    return {
        **ContributionShape(_told(record, told)).data,
        "because": [reason_data(reason) for reason in told.because],
    }


def _told(record: ContributionRecord, told: Contributed) -> dict[str, Any]:
    named = ("stated_on", "loss", "by", "fault_weight", "limit", "shared_again", "reason")
    return {
        **{name: getattr(record, name) for name in named},
        "parts": [
            {
                "investor": part.investor,
                "net_proceeds": part.net_proceeds,
                "gross_proceeds": part.gross_proceeds,
                "fault": part.fault,
                "bears": _usd(told.shares[part.investor_id or 0]),
            }
            for part in record.parts.all()
        ],
        "left": _usd(told.left),
        "because": [],
    }


def _usd(cents: int) -> str:
    return f"{cents // 100}.{cents % 100:02d}"


def _maybe(label: str = "") -> serializers.BooleanField:
    """Yes, no, or null: not known."""
    return serializers.BooleanField(required=False, allow_null=True, default=None, help_text=label)


def _day() -> Day:
    return Day(required=False, allow_null=True, default=None)


def _amount() -> serializers.DecimalField:
    return usd(required=False, allow_null=True, default=None, min_value=0)


class ClaimBody(Body):
    """A claim as far as it is known, whole; what is left out is not known.  Leave out
    `against` where it is against the Company."""

    stated_on = Day(help_text="The day from which it is so.")
    claimant = serializers.ChoiceField(ClaimRecord.Claimant.choices)
    claimant_investor = InvestorField(required=False, allow_null=True, default=None)
    claimant_name = text(200)
    against = InvestorField(required=False, allow_null=True, default=None)
    about = serializers.CharField(max_length=10_000)
    amount = _amount()
    known_on = _day()
    notice_method = serializers.ChoiceField(
        Method.choices, required=False, allow_blank=True, default=""
    )
    notice_sent_on = _day()
    notice_received_on = _day()
    prejudiced = _maybe("Whether late notice prejudiced the Indemnifying Party.")
    counsel = text(200)
    counsel_approved = _maybe()
    carve_outs = serializers.ListField(
        child=serializers.ChoiceField(ClaimRecord.CarveOut.choices),
        required=False,
        default=list,
        max_length=10,
    )
    furnished = _maybe("Whether it relied on what the Selling Investor furnished in writing.")
    settled_by = serializers.ChoiceField(
        ClaimRecord.SettledBy.choices, required=False, allow_blank=True, default=""
    )
    settlement_proposed_on = _day()
    settled_on = _day()
    settlement_amount = _amount()
    releases_all = _maybe("Whether it releases the Indemnified Party from all liability.")
    indemnifying_consent_on = _day()
    indemnified_consent_on = _day()
    gross_proceeds = _amount()
    net_proceeds = _amount()
    fraud = _maybe()


class ClaimChangeBody(ClaimBody):
    replaces = serializers.IntegerField(
        min_value=1, help_text="The number of the entry this replaces, as you last read it."
    )
    reason = text(help_text="Needed when what was stated changes, not to fill in the rest.")


def _claim(given: dict[str, Any]) -> ClaimIn:
    found = {name: given.pop(name) for name in FIELDS}
    return ClaimIn(**{**found, "carve_outs": tuple(found["carve_outs"])})


class ClaimsOf(Door):
    @extend_schema(responses=ClaimSummary(many=True))
    def get(self, request: Request, demand: UUID) -> Response:
        """The claims for indemnity made because of a registration (S7)."""
        matter = self.demand(demand)
        entries = ClaimRecord.objects.select_related(
            "claimant_investor", "against", "recorded_by"
        ).order_by("pk")
        found = list(
            Claim.objects.filter(demand=matter)
            .prefetch_related(Prefetch("records", entries))
            .order_by("number")
        )
        for claim in found:
            claim.demand = matter
            records = list(claim.records.all())
            claim.stands = records[-1]  # type: ignore[attr-defined]
            claim.stands.number = len(records)  # type: ignore[attr-defined]
        return Response(ClaimSummary(found, many=True).data)

    @extend_schema(request=ClaimBody, responses={201: ClaimShape})
    def post(self, request: Request, demand: UUID) -> Response:
        """Record a claim for indemnity because of a registration (S7)."""
        matter = self.demand(demand)
        self.may_record(matter.agreement)
        given, _ = read_body(ClaimBody, request, matter.agreement)
        made = claims.record_claim(
            demand=matter, claim=_claim(given), stated_on=given["stated_on"], when=self.when
        )
        return Response(claim_data(made), status=201)


class ClaimDoor(Door):
    """A view of one claim."""

    def claim(self, public_id: UUID) -> Claim:
        seen = Demand.objects.visible_to(self.user)
        claim = get_object_or_404(
            Claim.objects.select_related("agreement__company", "demand__notice"),
            demand__in=seen,
            public_id=public_id,
        )
        claim.demand.agreement = claim.agreement
        return claim


class OneClaim(ClaimDoor):
    @extend_schema(responses=ClaimShape)
    def get(self, request: Request, claim: UUID) -> Response:
        """A claim: what is known of it, and what the agreement makes of that."""
        return Response(claim_data(self.claim(claim)))


class ClaimChanges(ClaimDoor):
    @extend_schema(request=ClaimChangeBody, responses={201: ClaimShape})
    def post(self, request: Request, claim: UUID) -> Response:
        """Record what is known of a claim now, by an entry that replaces the one before."""
        found = self.claim(claim)
        self.may_record(found.agreement)
        given, _ = read_body(ClaimChangeBody, request, found.agreement)
        records = list(ClaimRecord.objects.filter(claim=found).order_by("pk"))
        replaces = numbered(given["replaces"], records, "of this claim")
        claims.change_claim(
            claim=found,
            known=_claim(given),
            stated_on=given["stated_on"],
            reason=given["reason"],
            replaces=replaces,
            when=self.when,
        )
        return Response(claim_data(found), status=201)


class ContributionPartBody(Body):
    """A party to the loss; leave out `investor` for the Company."""

    investor = InvestorField(required=False, allow_null=True, default=None)
    net_proceeds = usd(min_value=0)
    gross_proceeds = _amount()
    fault = Whole(default=0, help_text="Basis points; together 10000 where fault counts.")


class ContributionBody(Body):
    stated_on = Day()
    loss = usd(min_value=0)
    by = serializers.ChoiceField(ContributionRecord.By.choices)
    fault_weight = Whole(default=5_000, help_text="What fault counts for, in basis points.")
    limit = serializers.ChoiceField(
        ContributionRecord.Limit.choices, required=False, allow_blank=True, default=""
    )
    shared_again = serializers.BooleanField(default=False)
    parties = ContributionPartBody(many=True, allow_empty=False, max_length=10_000)  # type: ignore[call-arg]  # a list takes it
    reason = text(help_text="Needed when one is on record already.")


class Contributions(ClaimDoor):
    @extend_schema(request=ContributionBody, responses={201: ClaimShape})
    def post(self, request: Request, claim: UUID) -> Response:
        """Record how the loss of a claim is contributed to, section 5(d) (S7)."""
        found = self.claim(claim)
        self.may_record(found.agreement)
        given, _ = read_body(ContributionBody, request, found.agreement)
        parties = [PartyIn(**party) for party in given["parties"]]
        told = {name: given[name] for name in ContributionIn._fields if name != "parties"}
        claims.record_contribution(
            claim=found,
            contribution=ContributionIn(**told, parties=parties),
            stated_on=given["stated_on"],
            reason=given["reason"],
            when=self.when,
        )
        return Response(claim_data(found), status=201)
