"""Affiliate groups by REST: which Investors count as one (H5)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import Prefetch
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from investors.models import AffiliateGroup, AffiliateMember, Agreement

from ..services import affiliates
from .bodies import Body, Day, InvestorField, read_body, text
from .doors import Door
from .shapes import PartyShape

Kin = AffiliateMember.Kin


class MemberShape(serializers.ModelSerializer):
    """An Investor in a group, from a day through a last day; null while it belongs to it."""

    id = serializers.UUIDField(source="public_id")
    investor = PartyShape()

    class Meta:
        model = AffiliateMember
        fields = ["id", "investor", "kin", "from_on", "to_on", "reason", "recorded_at"]


class GroupShape(serializers.ModelSerializer):
    """A group and its members as they stand, past ones too."""

    id = serializers.UUIDField(source="public_id")
    members = MemberShape(many=True, source="standing_members")

    class Meta:
        model = AffiliateGroup
        fields = ["id", "name", "members"]


class GroupBody(Body):
    name = serializers.CharField(max_length=200)


class MemberBody(Body):
    investor = InvestorField()
    kin = serializers.ChoiceField([(k.value, k.label) for k in Kin if k is not Kin.VOID])
    from_on = Day()
    to_on = Day(required=False, allow_null=True, default=None, help_text="Its last day.")


class MemberChangeBody(Body):
    """What stands from now on; `void` as `kin` says that it never belonged."""

    kin = serializers.ChoiceField(Kin.choices)
    from_on = Day()
    to_on = Day(required=False, allow_null=True, default=None, help_text="Its last day.")
    reason = text(help_text="Why. It stays on the record.")


class GroupsAndForm(Door):
    """The affiliate groups under an agreement."""

    @extend_schema(responses=GroupShape(many=True))
    def get(self, request: Request, slug: str) -> Response:
        """Every group, by name."""
        groups = _with_members().filter(agreement=self.agreement(slug)).order_by("name")
        return Response(GroupShape(groups, many=True).data)

    @extend_schema(request=GroupBody, responses={201: GroupShape})
    def post(self, request: Request, slug: str) -> Response:
        """Name a group of Investors that count as one (H5)."""
        agreement = self.agreement(slug)
        self.may_record(agreement)
        given, _ = read_body(GroupBody, request, agreement)
        group = affiliates.form_group(agreement=agreement, **given, when=self.when)
        return Response(group_data(group.pk), status=201)


class AddMember(Door):
    @extend_schema(request=MemberBody, responses={201: GroupShape})
    def post(self, request: Request, group: UUID) -> Response:
        """Record that an Investor belongs to the group from a day; one group a day (H5)."""
        visible = AffiliateGroup.objects.filter(
            agreement__in=Agreement.objects.visible_to(self.user)
        )
        found = get_object_or_404(visible.select_related("agreement__company"), public_id=group)
        self.may_record(found.agreement)
        given, _ = read_body(MemberBody, request, found.agreement)
        affiliates.add_member(group=found, **given, when=self.when)
        return Response(group_data(found.pk), status=201)


class ChangeMember(Door):
    @extend_schema(request=MemberChangeBody, responses={201: GroupShape})
    def post(self, request: Request, member: UUID) -> Response:
        """Record a member’s last day, or put right what is recorded of it."""
        visible = AffiliateMember.objects.filter(
            group__agreement__in=Agreement.objects.visible_to(self.user)
        )
        found = get_object_or_404(
            visible.select_related("group__agreement__company", "investor"), public_id=member
        )
        self.may_record(found.group.agreement)
        given, _ = read_body(MemberChangeBody, request, found.group.agreement)
        affiliates.change_member(replaces=found, **given, when=self.when)
        return Response(group_data(found.group_id), status=201)


def _with_members() -> Any:
    members = (
        AffiliateMember.objects.standing()
        .exclude(kin=Kin.VOID)
        .select_related("investor")
        .order_by("from_on", "pk")
    )
    return AffiliateGroup.objects.prefetch_related(
        Prefetch("members", members, to_attr="standing_members")
    )


def group_data(pk: int) -> dict[str, Any]:
    return dict(GroupShape(_with_members().get(pk=pk)).data)
