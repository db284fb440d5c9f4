"""A split and the like is one entry: every count on a day is after it, whenever it was found
out about (H2, H6)."""

from __future__ import annotations

from datetime import date

import pytest
from pghistory.models import Context

from investors.acts import Conflict, Refused
from investors.models import CorporateAction, LedgerEntry
from registrations.facts import company_facts, demand_facts, docket_of, holdings, per_unit
from registrations.projection import differs
from registrations.services import actions, company, ledger, transfers
from registrations.services.actions import ActionIn
from registrations.services.company import ProposalIn
from tests import world as tell


def june(day: int) -> date:
    return date(2003, 6, day)


def held(world: tell.World, name: str, on: date):
    return holdings(world.agreement, on)[world.investors[name].pk]


def trail(act: str):
    """What the audit trail says of the last such act."""
    return Context.objects.filter(metadata__act=act).latest("created_at").metadata


def test_a_split_of_the_common_makes_twelve_of_six_and_no_line(bestnet):
    lines = LedgerEntry.objects.count()
    tell.split(bestnet, 2, 1, on=june(10))

    before, after = held(bestnet, "Dale", june(9)), held(bestnet, "Dale", june(10))
    assert (before.units, before.registrable) == (200_000, 1_200_000)
    assert (after.units, after.registrable) == (200_000, 2_400_000)
    assert (after.issued, after.from_preferred, after.from_warrants) == (
        1_200_000, 800_000, 400_000,
    )  # fmt: skip
    assert per_unit(bestnet.agreement, june(10)).parts.registrable == 12
    assert LedgerEntry.objects.count() == lines
    assert (
        trail("corporate_action.recorded")["says"]
        == "Recorded a 2 for 1 split of Common Stock, counted from Tue, Jun 10, 2003"
    )


STORY = [
    lambda w, when: tell.split(w, 3, 2, on=june(5), recorded_on=june(30)),
    lambda w, when: tell.split(w, 1, 4, on=june(15), recorded_on=june(30), fractions="rounded_up"),
    lambda w, when: ledger.convert_preferred(
        investor=w.investors["Dale"], preferred=101, on=june(7), when=when
    ),
    lambda w, when: ledger.exercise_warrants(
        investor=w.investors["Dale"], warrants=33, on=june(20), when=when
    ),
    lambda w, when: transfers.record_transfer(
        investor=w.investors["Dale"],
        to=w.investors["Cedar"],
        quantity=1_001,
        on=june(16),
        when=when,
    ),
    lambda w, when: ledger.record_public_sale(
        under="statement", investor=w.investors["Dale"], shares=777, on=june(12), when=when
    ),
    lambda w, when: ledger.issue_units(
        investor=w.investors["Birch"], units=5, on=june(18), when=when
    ),
]


@pytest.mark.parametrize("start", range(len(STORY)))
def test_whatever_is_entered_first_the_holdings_are_the_same(db, start):
    """The acts of June, entered on June 30 in any order."""
    found = []
    for n, order in enumerate((STORY, [*STORY[start:], *STORY[:start]][::-1])):
        world = tell.build(slug=f"order-{n}")
        for act in order:
            act(world, world.at(june(30)))
        on_days = [holdings(world.agreement, june(day)) for day in (1, 6, 13, 17, 30)]
        names = {i.pk: name for name, i in world.investors.items()}
        found.append([{names[pk]: p for pk, p in on.items()} for on in on_days])

    assert found[0] == found[1]
    assert all(min(p) >= 0 for on in found[0] for p in on.values())


def test_a_split_found_out_about_late_moves_what_followed_it(bestnet):
    """Dale converts 1,000 Preferred on June 20 and gets 2,000 shares as far as counsel knows.
    The split of June 10 comes to light on June 25: they were 4,000."""
    dale, when = bestnet.investors["Dale"], bestnet.at(june(25))
    ledger.convert_preferred(investor=dale, preferred=1_000, on=june(20), when=when)
    assert held(bestnet, "Dale", june(20)).common == 602_000

    tell.split(bestnet, 2, 1, on=june(10), recorded_on=june(25))

    assert held(bestnet, "Dale", june(20)).common == 1_204_000
    assert held(bestnet, "Dale", june(20)).registrable == 2_400_000


def test_a_reverse_split_that_leaves_a_recorded_sale_short_is_refused_with_the_name(bestnet):
    ledger.record_public_sale(
        under="statement",
        investor=bestnet.investors["Dale"],
        shares=400_000,
        on=june(20),
        when=bestnet.at(june(20)),
    )
    with pytest.raises(Refused, match="Dale would hold 100,000 Common Stock fewer than none") as no:
        tell.split(bestnet, 1, 2, on=june(10), recorded_on=june(21))

    assert (no.value.field, no.value.rule) == ("numerator", "H6")
    assert not CorporateAction.objects.exists()


def test_what_it_does_to_a_matter_under_way(bestnet):
    """Alder asks for 13,800,000 of the 13,800,000 it held; after the split Birch may ask for
    twice what it could, and the majority by Units stays what it was."""
    matter = tell.demand(bestnet, received_on=june(2), shares=13_800_000)
    tell.tell(bestnet, matter, {"Birch": june(7)}, sent_on=june(5))
    tell.split(bestnet, 2, 1, on=june(10))
    tell.asks(bestnet, matter, "Birch", received_on=june(12), shares=8_400_000)

    facts = demand_facts(matter)
    (birch,) = [i for i in facts.invited if i.name == "Birch"]
    assert [i.held for i in facts.initiators] == [13_800_000]
    assert birch.requests[0].held == 8_400_000
    assert docket_of(matter).ruling.outcome == "good"
    assert differs(matter.pk) == []

    ours = company.propose_registration(
        agreement=bestnet.agreement, proposal=ProposalIn("Common", form_allows=True),
        proposed_on=june(11), when=bestnet.at(june(11)),
    )  # fmt: skip
    assert len(company_facts(ours).invited) == 4


def test_it_is_put_right_by_an_entry_and_struck_out_by_another(bestnet):
    wrong = tell.split(bestnet, 3, 1, on=june(10))
    right = actions.correct_action(
        replaces=wrong,
        action=ActionIn("split", "common", 2, 1, june(10), "dropped"),
        reason="The certificate says two for one.",
        when=bestnet.at(june(12)),
    )
    assert held(bestnet, "Dale", june(10)).registrable == 2_400_000
    with pytest.raises(Conflict):
        actions.correct_action(
            replaces=wrong, action=None, reason="Never filed.", when=bestnet.at(june(12))
        )

    struck = actions.correct_action(
        replaces=right, action=None, reason="Never filed.", when=bestnet.at(june(13))
    )
    assert held(bestnet, "Dale", june(10)).registrable == 1_200_000
    assert CorporateAction.objects.count() == 3
    said = Context.objects.get(metadata__says__startswith="Struck out").metadata
    assert said["says"] == (
        "Struck out a 2 for 1 split of Common Stock, counted from Tue, Jun 10, 2003: "
        "it never happened"
    )
    assert said["reason"] == "Never filed."
    with pytest.raises(Conflict):
        actions.correct_action(
            replaces=struck, action=None, reason="Again.", when=bestnet.at(june(13))
        )


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"numerator": 0}, "numerator"),
        ({"denominator": 0}, "denominator"),
        ({"numerator": 1}, "numerator"),  # one for one
        ({"numerator": 10**9}, "numerator"),
        ({"kind": "void"}, "kind"),
        ({"security": "warrant"}, "security"),
        ({"security": "unit"}, "security"),
        ({"kind": "exchange", "into": ""}, "into"),
        ({"kind": "exchange", "security": "common", "into": "warrant"}, "into"),
        ({"fractions": ""}, "fractions"),
        ({"on": june(21)}, "on"),  # not come yet
        ({"on": tell.SIGNED_ON}, "on"),  # the agreement counts shares after it
        ({"place": 0}, "place"),
        ({"on": june(10)}, "place"),  # another is the first of that day already
    ],
)
def test_what_is_no_action_is_refused_at_its_field(bestnet, given, field):
    tell.split(bestnet, 3, 1, on=june(10))
    said = ActionIn("split", "common", 2, 1, june(11), "dropped")._replace(**given)

    with pytest.raises(Refused) as no:
        actions.record_action(agreement=bestnet.agreement, action=said, when=bestnet.at(june(20)))
    assert no.value.field == field
    assert CorporateAction.objects.count() == 1


def test_other_agreements_know_nothing_of_it(bestnet):
    other = tell.build({"Elm": 10}, slug="elsewhere")
    tell.split(bestnet, 2, 1, on=june(10))

    assert held(other, "Elm", june(10)).registrable == 60
