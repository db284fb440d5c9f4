"""Affiliate groups: which Investors count as one, and from which day to which (H5)."""

from __future__ import annotations

from typing import Any, NamedTuple, cast

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse

from investors.models import AffiliateGroup, AffiliateMember, Investor
from registrations.facts import holdings, terms_of
from registrations.forms.affiliates import ChangeMemberForm, GroupForm, MemberForm
from registrations.forms.base import ActForm
from registrations.rules.days import say
from registrations.rules.securities import Position
from registrations.services import affiliates
from registrations.tables import Table

from .exports import ListPage
from .register import RegisterAct

Kin = AffiliateMember.Kin


class MemberRow(NamedTuple):
    """One member, and what it holds on the day if it belongs to the group then."""

    row: AffiliateMember
    belongs: bool
    registrable: int


class GroupRow(NamedTuple):
    """A group with its members, those that belong to it on the day first."""

    group: AffiliateGroup
    members: list[MemberRow]
    registrable: int
    earlier: list[AffiliateMember]


class GroupsPage(ListPage):
    """Which Investors count as one?"""

    template_name = "counsel/register/groups.html"
    listed = "groups"
    nav = "holders"
    follows_as_of = True

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        held = holdings(self.agreement, self.day)
        terms = terms_of(self.agreement, max(self.day, self.agreement.dated_on))
        rows: dict[int, list[AffiliateMember]] = {}
        for row in (
            AffiliateMember.objects.filter(group__agreement=self.agreement)
            .select_related("investor", "recorded_by", "replacement")
            .order_by("investor__name", "from_on", "pk")
        ):
            rows.setdefault(row.group_id, []).append(row)
        groups = []
        for group in AffiliateGroup.objects.filter(agreement=self.agreement).order_by("name"):
            members, earlier = [], []
            for row in rows.get(group.pk, []):
                if hasattr(row, "replacement"):
                    earlier.append(row)
                elif row.kin != Kin.VOID:
                    belongs = row.from_on <= self.day and (
                        row.to_on is None or self.day <= row.to_on
                    )
                    position = held.get(row.investor_id, Position())
                    members.append(MemberRow(row, belongs, position.registrable * belongs))
            members.sort(key=lambda m: not m.belongs)
            groups.append(GroupRow(group, members, sum(m.registrable for m in members), earlier))
        kwargs.update(
            groups=groups,
            clause=terms.clause("cutback"),
            heading=f"{len(groups):,} {'group' if len(groups) == 1 else 'groups'} of Investors "
            f"{'counts' if len(groups) == 1 else 'count'} as one."
            if groups
            else "No Investors count as one.",
        )
        return super().get_context_data(**kwargs)

    def table(self, context: dict[str, Any]) -> Table:
        return Table(
            f"{self.agreement.slug}-groups-{self.day}",
            ["Group", "Investor", "Kin", "From", "To", "Belongs now", "Registrable Shares"],
            ([
                g.group.name, m.row.investor.name, m.row.get_kin_display(), m.row.from_on,
                m.row.to_on, "yes" if m.belongs else "no", m.registrable,
            ] for g in context["groups"] for m in g.members),
        )  # fmt: skip


class GroupAct(RegisterAct):
    """An act on a group: no date hangs on it."""

    looks = False

    def consequences(self, form: ActForm) -> None:
        return None

    def lands_on(self, made: Any) -> str:
        return reverse("affiliate-groups", args=[self.agreement.slug])

    def where(self) -> list[tuple[str, str]]:
        return [*super().where(), ("Groups that count as one", self.lands_on(None))]


class FormGroup(GroupAct):
    """A group gets its name."""

    form_class = GroupForm
    heading = "Form a group that counts as one"
    intro = (
        "An entity and its partners, stockholders, their estates, families and trusts are one "
        "Investor where shares are cut back by what each holds."
    )
    button = "Save group"
    saved = "Group saved. Add its members."

    def perform(self, form: ActForm, *, trying: bool) -> Any:
        return affiliates.form_group(
            agreement=self.agreement, name=form.cleaned_data["name"], when=self.acting
        )


class AddMember(GroupAct):
    """An Investor belongs to a group."""

    form_class = MemberForm
    button = "Save member"
    saved = "Member saved."

    def find(self) -> None:
        self.group = get_object_or_404(
            AffiliateGroup, agreement=self.agreement, public_id=self.kwargs["group"]
        )
        self.group.agreement = self.agreement
        self.heading = f"Add a member to {self.group.name}"
        self.intro = "On any day an Investor belongs to one group, or to none."

    def form_options(self) -> dict[str, Any]:
        found = Investor.objects.filter(agreement=self.agreement).order_by("name", "pk")
        return {"investors": list(found)}

    def perform(self, form: ActForm, *, trying: bool) -> Any:
        data = form.cleaned_data
        return affiliates.add_member(
            group=self.group,
            investor=cast(MemberForm, form).investor(),
            kin=data["kin"],
            from_on=data["from_on"],
            to_on=data["to_on"],
            when=self.acting,
        )


class ChangeMember(GroupAct):
    """A member left, or what is recorded of it was wrong."""

    form_class = ChangeMemberForm
    button = "Save change"
    saved = "Change saved."

    def find(self) -> None:
        self.member = get_object_or_404(
            AffiliateMember.objects.select_related("group", "investor"),
            group__agreement=self.agreement,
            public_id=self.kwargs["member"],
        )
        if self.member.kin == Kin.VOID:
            raise Http404
        self.member.group.agreement = self.agreement
        self.heading = f"{self.member.investor.name} in {self.member.group.name}"
        self.intro = f"On record: {self.member.get_kin_display()}, from {say(self.member.from_on)}."

    def form_options(self) -> dict[str, Any]:
        member = self.member
        return {"initial": {n: getattr(member, n) for n in ("kin", "from_on", "to_on")}}

    def perform(self, form: ActForm, *, trying: bool) -> Any:
        data = form.cleaned_data
        return affiliates.change_member(
            replaces=self.member,
            kin=data["kin"],
            from_on=data["from_on"],
            to_on=data["to_on"],
            reason=data["reason"],
            when=self.acting,
        )
