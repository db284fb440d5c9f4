"""Investors that count as one, from a day through a day (H5)."""

from __future__ import annotations

from datetime import date

import pytest

from investors.acts import Conflict, Refused
from investors.models import AffiliateMember
from registrations.facts import affiliate_groups
from registrations.services import affiliates
from tests import world as tell

from .saved import refused


def june(day: int) -> date:
    return date(2003, 6, day)


def groups(world: tell.World, on: date) -> dict[str, str]:
    names = {i.pk: name for name, i in world.investors.items()}
    found = dict(world.agreement.affiliate_groups.values_list("pk", "name"))
    return {names[i]: found[g] for i, g in affiliate_groups(world.agreement, on).items()}


def test_a_partner_joins_and_leaves(bestnet):
    kin = tell.group(bestnet, "Cedars", {"Cedar": "entity", "Dale": "partner"}, from_on=june(5))
    affiliates.change_member(
        replaces=kin["Dale"], kin="retired_partner", from_on=june(5), to_on=june(20),
        reason="It left on June 20.", when=bestnet.at(june(25)),
    )  # fmt: skip

    assert groups(bestnet, june(4)) == {}
    assert groups(bestnet, june(20)) == {"Cedar": "Cedars", "Dale": "Cedars"}
    assert groups(bestnet, june(21)) == {"Cedar": "Cedars"}
    assert AffiliateMember.objects.count() == 3


def test_nobody_is_in_two_groups_on_a_day_nor_twice_in_one(bestnet):
    kin = tell.group(bestnet, "Cedars", {"Cedar": "entity", "Dale": "partner"}, from_on=june(5))
    others = affiliates.form_group(
        agreement=bestnet.agreement, name="Birches", when=bestnet.at(june(6))
    )
    for group in (others, kin["Dale"].group):
        for from_on, to_on in ((june(6), None), (june(1), june(5)), (june(1), None)):
            with pytest.raises(Refused, match="Dale is in ") as no:
                affiliates.add_member(
                    group=group, investor=bestnet.investors["Dale"], kin="family",
                    from_on=from_on, to_on=to_on, when=bestnet.at(june(10)),
                )  # fmt: skip
            assert (no.value.field, no.value.clause, no.value.rule) == ("investor", "3(c)", "H5")

    affiliates.add_member(
        group=others, investor=bestnet.investors["Dale"], kin="family", from_on=june(1),
        to_on=june(4), when=bestnet.at(june(10)),
    )  # fmt: skip
    assert groups(bestnet, june(4)) == {"Dale": "Birches"}


def test_what_was_wrong_is_put_right_and_what_never_was_is_struck_out(bestnet):
    dale = tell.group(bestnet, "Cedars", {"Dale": "partner"}, from_on=june(5))["Dale"]

    def change(replaces, **given):
        said = {"kin": "partner", "from_on": june(5), "to_on": None, "reason": "So.", **given}
        return affiliates.change_member(replaces=replaces, when=bestnet.at(june(10)), **said)

    with refused("reason"):
        change(dale)  # what is on record already
    with refused("reason"):
        change(dale, to_on=june(8), reason=" ")
    with refused("to_on"):
        change(dale, to_on=june(4))
    with refused("kin"):
        change(dale, kin="friend")
    never = change(dale, kin="void")
    assert groups(bestnet, june(6)) == {}
    for gone in (dale, never):
        with pytest.raises(Conflict):
            change(gone, to_on=june(8))
    with refused("name"):
        affiliates.form_group(agreement=bestnet.agreement, name="CEDARS", when=bestnet.at(june(10)))


def test_an_investor_of_another_agreement_is_no_member(bestnet):
    other = tell.build({"Elm": 10}, slug="elsewhere")
    group = affiliates.form_group(agreement=bestnet.agreement, name="Kin", when=bestnet.at(june(5)))
    with refused("investor"):
        affiliates.add_member(
            group=group, investor=other.investors["Elm"], kin="partner", from_on=june(5),
            when=bestnet.at(june(5)),
        )  # fmt: skip
