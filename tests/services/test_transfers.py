"""Who an Investor's securities went to, and whether the rights went with them (H4, H6)."""

from __future__ import annotations

from datetime import date

import pytest

from investors.acts import Conflict, Refused
from investors.models import Investor, LedgerEntry, Transfer
from registrations.facts import demand_facts, holdings, ledger_of, taken_of, terms_of
from registrations.rules.securities import Position, first_shortfall
from registrations.rules.transferees import standing
from registrations.services import ledger, register, transfers
from registrations.services.transfers import TakerIn
from tests import world as tell

from .saved import refused


def june(day: int) -> date:
    return date(2003, 6, day)


def held(world: tell.World, name: str, on: date) -> Position:
    return holdings(world.agreement, on).get(world.investors[name].pk, Position())


def total(world: tell.World, on: date) -> int:
    return sum(p.registrable for p in holdings(world.agreement, on).values())


def outcome(transfer: Transfer) -> str:
    return standing(taken_of(transfer), terms_of(transfer.agreement, transfer.on)).outcome


@pytest.mark.parametrize(
    ("security", "quantity", "registrable"),
    [("unit", 10, 60), ("common", 10, 10), ("preferred", 10, 20), ("warrant", 10, 10)],
)
def test_to_another_investor_the_rights_go_with_them(bestnet, security, quantity, registrable):
    before = held(bestnet, "Cedar", june(10)).registrable, held(bestnet, "Dale", june(10))
    made = tell.transfer(
        bestnet, "Cedar", bestnet.investors["Dale"], quantity, on=june(10), security=security
    )

    assert outcome(made) == "investor"
    assert held(bestnet, "Cedar", june(10)).registrable == before[0] - registrable
    assert held(bestnet, "Dale", june(10)).registrable == before[1].registrable + registrable
    assert total(bestnet, june(10)) == 21_600_000


def test_whoever_signs_that_day_joins_the_register_that_day(bestnet):
    made = tell.transfer(
        bestnet, "Cedar", TakerIn("Elm", june(10), "trust", "9 Elm Street"), 100_000, on=june(10)
    )
    elm = Investor.objects.get(name="Elm")

    assert (elm.party_from, elm.kind, elm.addresses.get().lines) == (
        june(10), "trust", "9 Elm Street",
    )  # fmt: skip
    assert outcome(made) == "investor"
    assert held(bestnet, "Elm", june(9)).registrable == 0
    assert held(bestnet, "Elm", june(10)).registrable == 600_000
    assert {i.name for i in demand_facts(tell.demand(bestnet, received_on=june(12))).invited} == {
        "Birch", "Cedar", "Dale", "Elm",
    }  # fmt: skip


def test_what_went_to_one_that_did_not_sign_carries_no_rights(bestnet):
    """Elm can neither start nor join and is sent nothing; its name is kept."""
    made = tell.transfer(bestnet, "Cedar", TakerIn("Elm"), 100_000, on=june(10))

    assert outcome(made) == "no_investor"
    assert (made.taker, made.taker_name, made.signed_on) == (None, "Elm", None)
    assert not Investor.objects.filter(name="Elm").exists()
    assert (total(bestnet, june(9)), total(bestnet, june(10))) == (21_600_000, 21_000_000)
    facts = demand_facts(tell.demand(bestnet, received_on=june(12)))
    assert facts.units_held == 3_500_000
    assert {i.name for i in facts.invited} == {"Birch", "Cedar", "Dale"}


def test_signed_later_it_counts_from_then_and_counsel_is_asked(bestnet):
    made = tell.transfer(bestnet, "Cedar", TakerIn("Elm", june(20)), 100_000, on=june(10),
                         by=bestnet.at(june(20)))  # fmt: skip

    assert outcome(made) == "needs_decision"
    assert total(bestnet, june(19)) == 21_000_000
    assert held(bestnet, "Elm", june(20)).registrable == 600_000

    never = transfers.decide_standing(
        transfer=made, choice="never", decided_on=june(21), reason="Not at the time.",
        when=bestnet.at(june(21)),
    )  # fmt: skip
    assert outcome(never) == "no_investor"
    assert held(bestnet, "Elm", june(25)).registrable == 0
    assert total(bestnet, june(25)) == 21_000_000
    with pytest.raises(Conflict):
        transfers.decide_standing(
            transfer=made, choice="from_signing", decided_on=june(21), reason="It signed.",
            when=bestnet.at(june(21)),
        )  # fmt: skip

    again = transfers.decide_standing(
        transfer=never, choice="from_signing", decided_on=june(22), reason="The Company agrees.",
        when=bestnet.at(june(22)),
    )  # fmt: skip
    assert outcome(again) == "investor"
    assert held(bestnet, "Elm", june(25)).registrable == 600_000
    assert Transfer.objects.count() == 3


def test_one_that_signs_after_all_joins_with_what_splits_made_of_it(bestnet):
    gone = tell.transfer(bestnet, "Cedar", TakerIn("Elm"), 1_000, on=june(10), security="common")
    tell.split(bestnet, 3, 1, on=june(15))
    signed = transfers.record_counterpart(
        transfer=gone, signed_on=june(20), reason="Counterpart of June 20.",
        when=bestnet.at(june(20)),
    )  # fmt: skip
    bestnet.investors["Elm"] = signed.taker

    assert outcome(signed) == "needs_decision"
    assert held(bestnet, "Elm", june(19)) == Position()
    assert held(bestnet, "Elm", june(20)).common == 3_000
    with pytest.raises(Conflict):
        transfers.record_counterpart(
            transfer=gone, signed_on=june(20), reason="Again.", when=bestnet.at(june(20))
        )


def test_found_to_have_signed_at_the_time_it_was_an_investor_all_along(bestnet):
    gone = tell.transfer(bestnet, "Cedar", TakerIn("Elm"), 1_000, on=june(10))
    signed = transfers.record_counterpart(
        transfer=gone, signed_on=june(10), reason="Found in the closing binder.",
        when=bestnet.at(june(20)),
    )  # fmt: skip

    assert outcome(signed) == "investor"
    assert total(bestnet, june(10)) == 21_600_000
    with pytest.raises(Refused, match="Nothing is in question"):
        transfers.decide_standing(
            transfer=signed, choice="never", decided_on=june(20), reason="So.",
            when=bestnet.at(june(20)),
        )  # fmt: skip


@pytest.mark.parametrize("security", ["unit", "common", "preferred", "warrant"])
def test_more_than_is_held_on_any_day_is_refused(bestnet, security):
    """Dale holds 200,000 Units; on June 15 all of them went to Cedar."""
    dale, cedar = bestnet.investors["Dale"], bestnet.investors["Cedar"]
    tell.transfer(bestnet, "Dale", cedar, 200_000, on=june(15))

    for to in (cedar, TakerIn("Elm"), TakerIn("Elm", june(10))):
        with pytest.raises(Refused) as no:
            transfers.record_transfer(
                investor=dale, to=to, quantity=1, security=security, on=june(10),
                when=bestnet.at(june(20)),
            )  # fmt: skip
        assert (no.value.field, no.value.rule) == ("quantity", "H6")
    assert Transfer.objects.count() == 1
    assert not Investor.objects.filter(name="Elm").exists()
    assert first_shortfall(ledger_of(bestnet.agreement)) is None


def test_slips_of_the_pen(bestnet):
    cedar, when = bestnet.investors["Cedar"], bestnet.at(june(20))

    def record(to, **given):
        said = {"quantity": 1, "on": june(10), **given}
        transfers.record_transfer(investor=cedar, to=to, when=when, **said)

    with refused("name"):
        record(TakerIn("  "))
    with refused("name"):
        record(TakerIn("ALDER"))
    with refused("kind"):
        record(TakerIn("Elm", kind="bank"))
    with refused("signed_on"):
        record(TakerIn("Elm", june(21)))
    with refused("to"):
        record(cedar)
    with refused("security"):
        record(TakerIn("Elm"), security="gold")
    with refused("on"):
        record(TakerIn("Elm"), on=june(21))


# --- Warrants that ran out, and sales ---------------------------------------------------------


def test_warrants_that_ran_out_are_taken_off_and_nothing_else_changes(bestnet):
    dale, later = bestnet.investors["Dale"], date(2006, 5, 1)
    last = date(2006, 3, 31)
    assert held(bestnet, "Dale", last).from_warrants == 200_000
    before = held(bestnet, "Dale", later)
    with pytest.raises(Refused, match="had 0 Warrants that had run out free"):
        ledger.record_expiry(investor=dale, warrants=1, on=last, when=bestnet.at(later))

    ledger.record_expiry(investor=dale, warrants=200_000, on=later, when=bestnet.at(later))

    assert held(bestnet, "Dale", later) == before
    assert held(bestnet, "Dale", last).from_warrants == 200_000
    with pytest.raises(Refused, match="had 0 Warrants that had run out free"):
        ledger.record_expiry(investor=dale, warrants=1, on=later, when=bestnet.at(later))


@pytest.mark.parametrize("under", ["statement", "rule_144"])
def test_a_sale_says_what_it_was_under(bestnet, under):
    dale = bestnet.investors["Dale"]
    (line,) = ledger.record_public_sale(
        investor=dale, shares=10, under=under, on=june(10), when=bestnet.at(june(10))
    )
    assert line.sold_under == under
    assert held(bestnet, "Dale", june(10)).registrable == 1_199_990
    with refused("under"):
        ledger.record_public_sale(
            investor=dale, shares=10, under="", on=june(10), when=bestnet.at(june(10))
        )


def test_who_is_no_party_yet_is_in_no_count(bestnet):
    """Elm is on the register from June 20; what it was entered as having before is not held
    under the agreement until then (H4)."""
    elm = register.add_investor(
        agreement=bestnet.agreement, name="Elm", kind="person", party_from=june(20),
        when=bestnet.at(june(20)),
    )  # fmt: skip
    tell.transfer(bestnet, "Cedar", elm, 1, on=june(10), by=bestnet.at(june(20)))

    assert elm.pk not in holdings(bestnet.agreement, june(19))
    assert holdings(bestnet.agreement, june(20))[elm.pk].registrable == 6
    assert LedgerEntry.objects.filter(investor=elm).exists()
