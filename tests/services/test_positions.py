"""Who holds what on a day, against numbers worked out by hand and in the filings (H1, H2, D1)."""

from __future__ import annotations

from datetime import date

import pytest

from investors.models import Investor
from registrations.facts import demand_facts, docket_of, holdings
from registrations.rules.securities import Position
from registrations.services import ledger, register, transfers
from tests import world as tell

COVER = 21_439_058  # shares on the prospectus cover


def june(day: int) -> date:
    return date(2003, 6, day)


def total(world: tell.World, on: date) -> Position:
    position = Position()
    for held in holdings(world.agreement, on).values():
        position = position.plus(held)
    return position


@pytest.mark.parametrize(
    ("units", "common", "from_preferred", "from_warrants", "registrable"),
    [
        (3_055_399, 9_166_197, 6_110_798, 3_055_399, 18_332_394),
        (3_563_593, 10_690_779, 7_127_186, 3_563_593, 21_381_558),
    ],
)
def test_the_figures_of_the_filings(db, units, common, from_preferred, from_warrants, registrable):
    world = tell.build({"Alder": 2_000_000, "Birch": units - 2_000_000})

    held = total(world, date(2003, 5, 19))

    assert held.units == units
    assert (held.common, held.from_preferred, held.from_warrants) == (
        common, from_preferred, from_warrants,
    )  # fmt: skip
    assert held.registrable == registrable == 6 * units
    assert held.issued + held.issuable == registrable


def test_the_cover_names_57_500_more_than_the_units_account_for(db):
    world = tell.build({"Alder": 3_563_593})
    assert COVER - total(world, date(2003, 5, 19)).registrable == 57_500


def test_a_holding_through_its_life(db):
    """100 Units: 300 Common, 100 Preferred, 100 Warrants; 600 shares.  Conversion and
    exercise move shares from issuable to issued and change no total; a public sale takes
    them off; expiry takes what was never exercised."""
    world = tell.build({"Birch": 100})
    birch = world.investors["Birch"]
    for on, act in (
        (june(1), lambda on: ledger.convert_preferred(
            investor=birch, preferred=40, on=on, when=world.at(on))),
        (june(2), lambda on: ledger.exercise_warrants(
            investor=birch, warrants=30, on=on, when=world.at(on))),
        (june(3), lambda on: ledger.record_public_sale(under="statement",
            investor=birch, shares=200, on=on, when=world.at(on))),
    ):  # fmt: skip
        act(on)

    def held(on: date) -> tuple[int, int, int, int]:
        p = holdings(world.agreement, on).get(birch.pk, Position())
        return p.units, p.issued, p.issuable, p.registrable

    assert held(date(2003, 3, 30)) == (0, 0, 0, 0)
    assert held(date(2003, 3, 31)) == (100, 300, 300, 600)
    assert held(june(1)) == (100, 380, 220, 600)
    assert held(june(2)) == (100, 410, 190, 600)
    assert held(june(3)) == (100, 210, 190, 400)
    assert held(date(2006, 3, 31)) == (100, 210, 190, 400)
    assert held(date(2006, 4, 1)) == (100, 210, 120, 330)


@pytest.mark.parametrize(
    ("sent_on", "received_on", "method", "units"),
    [
        (june(2), june(6), "certified_mail", 2_300_000),  # given June 2, before the transfer
        (june(2), june(6), "facsimile", 2_000_000),  # given June 6, after it
        (june(4), june(6), "certified_mail", 2_000_000),  # on the day of it
    ],
)
def test_initiating_units_are_those_of_the_day_the_demand_was_given(
    bestnet, sent_on, received_on, method, units
):
    """Alder transfers 300,000 of its 2,300,000 Units on June 4."""
    transfers.record_transfer(
        investor=bestnet.investors["Alder"],
        to=bestnet.investors["Birch"],
        quantity=300_000,
        on=june(4),
        when=bestnet.at(june(4)),
    )
    matter = tell.demand(bestnet, sent_on=sent_on, received_on=received_on, method=method)

    facts = demand_facts(matter)
    assert [i.units for i in facts.initiators] == [units]
    assert (facts.units_issued, facts.units_held) == (3_600_000, 3_600_000)
    good = "good" if units > 2_250_000 else "needs_decision"
    assert docket_of(matter).ruling.outcome == good


def test_issued_counts_issues_and_corrections_up_to_the_day_and_no_transfer(bestnet):
    birch, cedar = bestnet.investors["Birch"], bestnet.investors["Cedar"]
    today = bestnet.at(june(20))
    transfers.record_transfer(investor=birch, to=cedar, quantity=5, on=june(1), when=today)
    ledger.issue_units(investor=birch, units=7, on=june(2), when=today)
    ledger.issue_units(investor=birch, units=11, on=june(3), when=today)
    ledger.correct_ledger(
        investor=cedar, security="unit", change=-2, on=june(1), reason="Miscounted.", when=today
    )
    facts = demand_facts(tell.demand(bestnet, received_on=june(2)))
    assert (facts.units_issued, facts.units_held) == (3_600_005, 3_600_005)


def test_who_was_no_party_that_day_neither_starts_nor_counts_nor_is_told(bestnet):
    """Elm signed its counterpart on June 10 (H4).  A demand of June 2 knows nothing of it,
    whatever it is entered as holding."""
    elm = register.add_investor(
        agreement=bestnet.agreement,
        name="Elm",
        kind=Investor.Kind.PERSON,
        party_from=june(10),
        when=bestnet.at(june(12)),
    )
    bestnet.investors["Elm"] = elm
    transfers.record_transfer(
        investor=bestnet.investors["Birch"], to=elm, quantity=100_000, on=june(1),
        when=bestnet.at(june(12)),
    )  # fmt: skip

    matter = tell.demand(bestnet, received_on=june(2), by=("Alder", "Elm"), shares=1)
    facts = demand_facts(matter)
    assert {i.name: i.units for i in facts.initiators} == {"Alder": 2_300_000, "Elm": 0}
    assert facts.units_held == 3_500_000

    later = tell.demand(bestnet, received_on=june(2), by=("Alder",))
    assert "Elm" not in {i.name for i in demand_facts(later).invited}
    assert "Elm" in {
        i.name for i in demand_facts(tell.demand(bestnet, received_on=june(11))).invited
    }
