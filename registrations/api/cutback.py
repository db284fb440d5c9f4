"""Cutbacks by REST: worked out without saving anything, saved, and read as saved (P7, H5)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import Prefetch, QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from investors.models import Investor

from ..models import Allocation, AllocationLine, Demand
from ..services.cutback import changed_since, save_allocation, steps_saved
from ..services.offering import CutbackIn, OtherIn, Worked, work_out
from .bodies import Body, Day, InvestorField, Whole, read_body, text
from .doors import Door
from .paging import Listing

Came = AllocationLine.Came


class CountedBody(Body):
    """Whether an Investor’s request is counted, whatever the record says of it."""

    investor = InvestorField()
    counted = serializers.BooleanField()


class CountedWithBody(Body):
    """The word an Investor is counted with; those of one word are a single holder (H5)."""

    investor = InvestorField()
    group = serializers.CharField(max_length=200, allow_blank=True)


class OtherBody(Body):
    """Another selling holder, who is not an Investor here."""

    name = serializers.CharField(max_length=200)
    held = Whole(help_text="Registrable securities held.")
    asked = Whole()
    group = text(200)


class CutbackBody(Body):
    """An offering to be cut back.  Who asks, and what each holds, is taken from the record
    as of `on`.  Leave out `shared_again` for the governing reading."""

    maximum = Whole(help_text="Shares the underwriters will take.")
    on = Day(required=False, help_text="Left out: today.")
    company = Whole(required=False, default=0, help_text="The Company’s own shares.")
    offering = text(40, help_text="The kind of offering, where the agreement orders several.")
    where = serializers.ListField(
        child=serializers.CharField(max_length=40), required=False, max_length=20, default=list
    )
    shared_again = serializers.BooleanField(required=False, allow_null=True, default=None)
    counted = CountedBody(many=True, required=False, max_length=20_000)  # type: ignore[call-arg]  # a list takes it
    groups = CountedWithBody(many=True, required=False, max_length=20_000)  # type: ignore[call-arg]  # a list takes it
    others = OtherBody(many=True, required=False, max_length=1_000)  # type: ignore[call-arg]  # a list takes it


class AllocationBody(CutbackBody):
    replaces = serializers.UUIDField(
        required=False,
        allow_null=True,
        default=None,
        help_text="The allocation that stands, as you last read it; null where none does.",
    )
    reason = text(2000, help_text="Needed when it replaces one. It stays on the record.")


class AllottedShape(serializers.Serializer):
    """One seller: what it held and asked, and what it gets.  `came` says how its request
    stands on the record; one that is not `counted` gets nothing."""

    investor = serializers.UUIDField(allow_null=True)
    name = serializers.CharField()
    who = serializers.CharField()
    came = serializers.ChoiceField(Came.choices)
    counted = serializers.BooleanField()
    held = serializers.IntegerField()
    asked = serializers.IntegerField()
    group = serializers.CharField()
    gets = serializers.IntegerField()


class CutbackShape(serializers.Serializer):
    """An offering cut back: who gets what, and how that was worked out."""

    demand = serializers.UUIDField()
    on = serializers.DateField()
    maximum = serializers.IntegerField()
    offering = serializers.CharField()
    where = serializers.ListField(child=serializers.CharField())
    clause = serializers.CharField()
    shared_again = serializers.BooleanField()
    sellers = AllottedShape(many=True)
    total = serializers.IntegerField()
    steps = serializers.ListField(child=serializers.CharField())


class FewerShape(serializers.Serializer):
    name = serializers.CharField()
    fewer = serializers.IntegerField()


class OtherwiseShape(serializers.Serializer):
    name = serializers.CharField()
    gets = serializers.IntegerField()


class WorkedShape(CutbackShape):
    """The same, not saved.  `one_more_costs` names who would get fewer shares if the
    underwriters took one more; `otherwise` is what each gets on the other reading, null
    where that is the same."""

    one_more_costs = FewerShape(many=True)
    otherwise = OtherwiseShape(many=True, allow_null=True)


class ChangeShape(serializers.Serializer):
    """What a seller got as saved, and would get by today’s facts."""

    name = serializers.CharField()
    saved = serializers.IntegerField()
    now = serializers.IntegerField()


class AllocationShape(CutbackShape):
    """An allocation as it was saved.  `replaced_by` is the one saved in its place, or null."""

    id = serializers.UUIDField()
    replaces = serializers.UUIDField(allow_null=True)
    replaced_by = serializers.UUIDField(allow_null=True)
    reason = serializers.CharField()
    recorded_at = serializers.DateTimeField()
    recorded_by = serializers.CharField(allow_null=True)

    def to_representation(self, instance: Any) -> Any:
        return super().to_representation(
            saved_data(instance) if isinstance(instance, Allocation) else instance
        )


class AllocationInFull(AllocationShape):
    """An allocation as it was saved, and who would get another number of shares by today’s
    facts."""

    changed_since = ChangeShape(many=True)

    def to_representation(self, instance: Allocation) -> Any:
        today = instance.demand.agreement.day_of(self.context["now"])
        changes = [change._asdict() for change in changed_since(instance, today)]
        return super().to_representation({**saved_data(instance), "changed_since": changes})


def worked_data(demand: Demand, worked: Worked) -> dict[str, Any]:
    """A cutback that is not saved, as JSON-ready data."""
    names = {s.id: s.name for s in worked.sellers}
    ids = {
        i.pk: i.public_id
        for i in Investor.objects.filter(pk__in=[s.investor for s in worked.sellers if s.investor])
    }
    shares = worked.result.shares
    return dict(
        WorkedShape(
            {
                "demand": demand.public_id,
                "on": worked.given.on,
                "maximum": worked.given.maximum,
                "offering": worked.offering,
                "where": sorted(worked.given.where),
                "clause": worked.clause,
                "shared_again": worked.shared_again,
                "sellers": [
                    {
                        **s._asdict(),
                        "investor": ids[s.investor] if s.investor else None,
                        "gets": shares.get(s.id, 0),
                    }
                    for s in worked.sellers
                ],
                "total": worked.result.total,
                "steps": [f"{step.lead} {step.text}" for step in worked.steps],
                "one_more_costs": [
                    {"name": names[who], "fewer": fewer} for who, fewer in worked.costs.items()
                ],
                "otherwise": [
                    {"name": names[who], "gets": gets}
                    for who, gets in worked.otherwise.shares.items()
                ]
                if worked.otherwise
                else None,
            }
        ).data
    )


def saved_data(saved: Allocation) -> dict[str, Any]:
    """A saved allocation, as data its shape takes."""
    lines = sorted(saved.lines.all(), key=lambda line: line.pk)
    replaced: Allocation | None = saved.replaces  # type: ignore[assignment]  # its own kind
    replacement = getattr(saved, "replacement", None)
    return {
        "id": saved.public_id,
        "demand": saved.demand.public_id,
        "on": saved.on,
        "maximum": saved.maximum,
        "offering": saved.offering,
        "where": saved.where,
        "clause": saved.clause,
        "shared_again": saved.shared_again,
        "sellers": [
            {
                "investor": line.investor.public_id if line.investor else None,
                **{
                    name: getattr(line, name)
                    for name in ("name", "who", "came", "counted", "held", "asked", "group", "gets")
                },
            }
            for line in lines
        ],
        "total": sum(line.gets for line in lines),
        "steps": [f"{step.lead} {step.text}" for step in steps_saved(saved)],
        "replaces": replaced.public_id if replaced else None,
        "replaced_by": replacement.public_id if replacement else None,
        "reason": saved.reason,
        "recorded_at": saved.recorded_at,
        "recorded_by": saved.recorded_by.name if saved.recorded_by else None,
    }


def with_lines(allocations: QuerySet[Allocation]) -> QuerySet[Allocation]:
    """Allocations with what their JSON shows."""
    return allocations.select_related(
        "demand__agreement__company", "demand__notice", "recorded_by", "replaces", "replacement"
    ).prefetch_related(
        Prefetch("lines", AllocationLine.objects.select_related("investor").order_by("pk"))
    )


class OfferingDoor(Door):
    """A view that reads what a body says of an offering."""

    def given(self, body: type[CutbackBody], demand: Demand) -> tuple[CutbackIn, dict[str, Any]]:
        """What the body says of the offering, and what else it says."""
        said, _ = read_body(body, self.request, demand.agreement)
        offering = CutbackIn(
            maximum=said.pop("maximum"),
            on=said.pop("on", None) or demand.agreement.day_of(self.now),
            company=said.pop("company"),
            offering=said.pop("offering"),
            where=frozenset(said.pop("where")),
            shared_again=said.pop("shared_again"),
            counted={c["investor"].pk: c["counted"] for c in said.pop("counted", ())},
            groups={g["investor"].pk: g["group"] for g in said.pop("groups", ())},
            others=tuple(OtherIn(**other) for other in said.pop("others", ())),
        )
        return offering, said


class Cutback(OfferingDoor):
    records = False

    @extend_schema(request=CutbackBody, responses=WorkedShape)
    def post(self, request: Request, demand: UUID) -> Response:
        """Work out who may sell how much at what the underwriters will take.  Saves nothing
        (P7, H5)."""
        matter = self.demand(demand)
        offering, _ = self.given(CutbackBody, matter)
        return Response(worked_data(matter, work_out(matter, offering)))


class Allocations(OfferingDoor, Listing):
    """The allocations saved for a registration, newest first."""

    serializer_class = AllocationShape
    ordering_fields = ("recorded_at",)
    ordering = ("-recorded_at",)
    queryset = Allocation.objects.none()

    def get_queryset(self) -> QuerySet[Allocation]:
        demand = self.demand(self.kwargs["demand"])
        return with_lines(Allocation.objects.filter(demand=demand))

    @extend_schema(request=AllocationBody, responses={201: AllocationShape})
    def post(self, request: Request, demand: UUID) -> Response:
        """Save an allocation as counsel relies on it; one stands for a registration, and
        another replaces it and says why (P7)."""
        matter = self.demand(demand)
        self.may_record(matter.agreement)
        offering, said = self.given(AllocationBody, matter)
        replaces = None
        if said["replaces"] is not None:
            replaces = get_object_or_404(Allocation, demand=matter, public_id=said["replaces"])
        saved = save_allocation(
            demand=matter,
            given=offering,
            replaces=replaces,
            reason=said["reason"],
            when=self.when,
        )
        kept = with_lines(Allocation.objects.all()).get(pk=saved.pk)
        return Response(AllocationShape(kept).data, status=201)


class OneAllocation(Door):
    """An allocation as it was saved."""

    @extend_schema(responses=AllocationInFull)
    def get(self, request: Request, allocation: UUID) -> Response:
        demands = Demand.objects.visible_to(self.user)
        found = with_lines(Allocation.objects.filter(demand__in=demands))
        saved = get_object_or_404(found, public_id=allocation)
        return Response(AllocationInFull(saved, context={"now": self.now}).data)
