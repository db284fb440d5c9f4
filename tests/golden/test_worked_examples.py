"""The worked examples W1 to W7 and W10, told as counsel would live them, through the acts.

Every day below was counted by hand.
"""

from __future__ import annotations

from datetime import date

import pytest

from registrations.facts import docket_of
from registrations.models import Demand, DocketEntry, DocketState, Flag
from registrations.projection import differs
from registrations.rules.findings import State
from registrations.rules.states import standing
from registrations.services import matters
from registrations.services.recording import redraw
from tests import world as tell


def june(day: int) -> date:
    return date(2003, 6, day)


def july(day: int) -> date:
    return date(2003, 7, day)


def begun(bestnet: tell.World, **receipts: date | None) -> Demand:
    """A demand in hand on June 2, its Company Notices posted on June 5 and signed for."""
    matter = tell.demand(bestnet, received_on=june(2))
    signed = {"Birch": june(7), "Cedar": june(9), "Dale": june(10), **receipts}
    tell.tell(bestnet, matter, signed, sent_on=june(5))
    return matter


def joins(matter: Demand) -> dict[str, tuple[date | None, date | None]]:
    """Each Investor's last day to ask to join: the strictest and the most lenient."""
    windows = [w for w in docket_of(matter).windows if w.act == "Ask to join"]
    return {w.who: (w.closes_on, w.lenient_on) for w in windows}


def state(matter: Demand, key: str, on: date) -> State:
    window = docket_of(matter, as_of=on).window(key)
    assert window is not None
    return standing(window, today=on, soon_days=7).state


def kinds(matter: Demand) -> set[str]:
    return {c.kind for c in docket_of(matter).concerns}


# --- W1 -------------------------------------------------------------------------------


def test_w1_the_dates_follow_from_the_papers(bestnet):
    matter = begun(bestnet)

    docket = docket_of(matter)
    file = docket.window("file")
    assert docket.ruling.outcome == "good"
    assert (file.opens_on, file.closes_on) == (july(10), july(17))
    assert docket.window("last_receipt").closes_on == june(17)
    assert joins(matter) == {
        "Birch": (june(25), june(27)),
        "Cedar": (june(25), june(29)),
        "Dale": (june(25), june(30)),
    }
    assert docket.concerns == ()
    assert differs(matter.pk) == []


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        (june(9), State.UNKNOWN),  # Dale has not signed yet: the first day is not known
        (june(10), State.NOT_YET_OPEN),
        (july(9), State.NOT_YET_OPEN),
        (july(10), State.DUE_SOON),
        (july(17), State.DUE_SOON),
        (july(18), State.MISSED),
    ],
)
def test_w1_the_filing_as_it_stood_on_a_day(bestnet, on, expected):
    assert state(begun(bestnet), "file", on) is expected


def test_w1_a_window_goes_by_and_is_flagged_from_the_day_after(bestnet):
    matter = begun(bestnet)

    redraw(matter, now=tell.noon(july(17)))
    assert not Flag.objects.filter(key="file").exists()
    redraw(matter, now=tell.noon(july(21)))

    flag = Flag.objects.get(key="file")
    assert (flag.kind, flag.since_on, flag.cleared_on) == ("missed", july(18), None)


# --- W2 -------------------------------------------------------------------------------


def test_w2_filed_in_time_and_kept_effective_a_year(bestnet):
    matter = begun(bestnet)
    tell.files(bestnet, matter, july(15), {"Alder": 1_000_000})

    assert docket_of(matter).window("effective").closes_on == date(2003, 11, 12)
    assert state(matter, "file", july(15)) is State.MET
    assert docket_of(matter).window("keep_effective").closes_on is None

    matters.record_effectiveness(
        demand=matter, on=date(2003, 9, 2), when=bestnet.at(date(2003, 9, 2))
    )

    assert docket_of(matter).window("keep_effective").closes_on == date(2004, 9, 2)
    assert docket_of(matter).concerns == ()
    assert DocketEntry.objects.get(demand=matter, key="file").done_on == july(15)
    assert differs(matter.pk) == []


# --- W3 -------------------------------------------------------------------------------


def test_w3_a_late_receipt_leaves_no_day_and_both_dates_are_shown(bestnet):
    matter = begun(bestnet, Dale=june(20))

    file = docket_of(matter).window("file")
    assert (file.opens_on, file.closes_on, file.impossible) == (july(20), july(17), True)
    flag = Flag.objects.get(cleared_at=None)
    assert flag.kind == "impossible"
    assert "Jul 20, 2003" in flag.text
    assert "Jul 17, 2003" in flag.text


def test_w3_the_receipt_corrected_gives_the_days_back_and_keeps_the_warning(bestnet):
    matter = begun(bestnet, Dale=june(20))

    tell.signed_for(
        bestnet, matter, "Dale", june(10), reason="The card was misread: 10, not 20.", on=june(23)
    )

    file = docket_of(matter).window("file")
    assert (file.opens_on, file.impossible) == (july(10), False)
    cleared = Flag.objects.get(kind="impossible")
    assert cleared.cleared_on == june(23)
    assert "Jul 20, 2003" in cleared.text
    assert differs(matter.pk) == []


# --- W4 -------------------------------------------------------------------------------


def by_fax_to_dale(bestnet: tell.World) -> Demand:
    matter = tell.demand(bestnet, received_on=june(2))
    tell.tell(bestnet, matter, {"Birch": june(7), "Cedar": june(9)}, sent_on=june(5))
    tell.tell(bestnet, matter, {"Dale": None}, sent_on=june(5), method="facsimile")
    return matter


def test_w4_a_fax_nobody_saw_arrive_leaves_the_first_day_unknown(bestnet):
    matter = by_fax_to_dale(bestnet)

    file = docket_of(matter).window("file")
    assert (file.opens_on, file.closes_on) == (None, july(17))
    assert [a.who for a in file.awaiting] == ["Dale"]
    assert joins(matter)["Dale"] == (None, None)
    assert joins(matter)["Birch"] == (june(25), june(27))
    assert state(matter, "file", july(1)) is State.UNKNOWN


def test_w4_its_receipt_found_later_fills_the_day_in_without_a_reason(bestnet):
    matter = by_fax_to_dale(bestnet)

    tell.signed_for(bestnet, matter, "Dale", june(5), on=june(30))

    assert docket_of(matter).window("file").opens_on == july(9)
    assert joins(matter)["Dale"] == (june(25), june(25))
    assert differs(matter.pk) == []


# --- W5 -------------------------------------------------------------------------------


def between_the_readings(bestnet: tell.World) -> tuple[Demand, str]:
    matter = begun(bestnet)
    request = tell.asks(bestnet, matter, "Cedar", sent_on=june(24), received_on=june(26))
    return matter, f"request:{request.pk}"


def test_w5_a_request_between_two_readings_waits_for_counsel(bestnet):
    matter, about = between_the_readings(bestnet)
    cedar = f"join:{bestnet.investors['Cedar'].pk}"

    assert state(matter, cedar, june(26)) is State.NEEDS_DECISION
    assert kinds(matter) == {"needs_decision"}
    assert Flag.objects.get(cleared_at=None).key == f"decide:{about}"


@pytest.mark.parametrize(
    ("choice", "expected", "owed"),
    [("received", State.MET, {"coverage_defect"}), ("given", State.MET_LATE, set())],
)
def test_w5_counsel_decides_and_the_decision_governs(bestnet, choice, expected, owed):
    matter, about = between_the_readings(bestnet)
    cedar = f"join:{bestnet.investors['Cedar'].pk}"

    matters.decide(
        demand=matter,
        about=about,
        choice=choice,
        decided_on=june(27),
        reason="Memo of June 27.",
        when=bestnet.at(june(27)),
    )
    tell.files(bestnet, matter, july(15), {"Alder": 1_000_000})

    assert state(matter, cedar, july(16)) is expected
    assert state(matter, cedar, june(26)) is State.NEEDS_DECISION  # as it stood the day before
    assert kinds(matter) == owed
    assert not Flag.objects.filter(kind="needs_decision", cleared_at=None).exists()
    assert differs(matter.pk) == []


# --- W6 -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("offered", "issued", "units", "outcome"),
    [
        (4_500_000, 3_055_399, 1_527_699, "refused"),
        (4_500_000, 3_055_399, 1_527_700, "needs_decision"),
        (4_500_000, 3_055_399, 2_250_000, "needs_decision"),
        (4_500_000, 3_055_399, 2_250_001, "good"),
        (4_000_000, 4_000_000, 2_000_000, "refused"),
        (4_000_000, 4_000_000, 2_000_001, "good"),
    ],
)
def test_w6_more_than_half_of_which_units(db, offered, issued, units, outcome):
    bestnet = tell.build({"Alder": units, "Birch": issued - units}, offered=offered)

    matter = tell.demand(bestnet, received_on=june(2), shares=None)

    assert docket_of(matter).ruling.outcome == outcome
    assert DocketState.objects.get(demand=matter).outcome == outcome
    assert {f.kind for f in Flag.objects.all()} == {
        "refused": {"ineligible"}, "needs_decision": {"needs_decision"}, "good": set(),
    }[outcome]  # fmt: skip
    assert differs(matter.pk) == []


@pytest.mark.parametrize(
    ("choice", "outcome"), [("offered", "refused"), ("issued", "good"), ("held", "good")]
)
def test_w6_counsel_chooses_which_units_count(db, choice, outcome):
    bestnet = tell.build({"Alder": 2_000_000, "Birch": 1_055_399})
    matter = tell.demand(bestnet, received_on=june(2), shares=None)

    matters.decide(
        demand=matter,
        about="eligibility",
        choice=choice,
        decided_on=june(3),
        reason="Memo of June 3.",
        when=bestnet.at(june(3)),
    )

    assert docket_of(matter).ruling.outcome == outcome
    assert differs(matter.pk) == []


# --- W7 -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("received_on", "closes_on", "practical_on"),
    [
        (date(2003, 11, 25), date(2004, 1, 9), date(2004, 1, 9)),
        (date(2003, 11, 20), date(2004, 1, 4), date(2004, 1, 2)),
    ],
)
def test_w7_the_last_day_is_the_contracts_and_edgars_is_beside_it(
    bestnet, received_on, closes_on, practical_on
):
    matter = tell.demand(bestnet, received_on=received_on)

    file = docket_of(matter).window("file")
    assert (file.closes_on, file.practical_closes_on) == (closes_on, practical_on)
    assert DocketEntry.objects.get(demand=matter, key="file").aim_on == practical_on


# --- W10 ------------------------------------------------------------------------------


def test_w10_another_statements_rest_outlasts_the_demand_but_not_the_duty_to_file(bestnet):
    other = matters.record_other_statement(
        agreement=bestnet.agreement,
        name="Form S-3",
        effective_on=date(2003, 2, 1),
        when=bestnet.at(june(1)),
    )
    matter = begun(bestnet)

    docket = docket_of(matter)
    rest = docket.window(f"rest:{other.pk}")
    assert (rest.opens_on, rest.closes_on) == (date(2003, 2, 1), july(31))
    assert docket.ruling.outcome == "good"
    file = docket.window("file")
    assert file.closes_on == july(17)
    assert {r.name: r.closes_on for r in file.readings}["effect_means_file"] == july(31)
    assert state(matter, f"rest:{other.pk}", july(31)) is State.OPEN
    assert state(matter, f"rest:{other.pk}", date(2003, 8, 1)) is State.LAPSED


def test_w10_a_rest_entered_after_the_demand_makes_the_same_docket(bestnet):
    matter = begun(bestnet)
    other = matters.record_other_statement(
        agreement=bestnet.agreement,
        name="Form S-3",
        effective_on=date(2003, 2, 1),
        when=bestnet.at(june(12)),
    )

    assert docket_of(matter).window(f"rest:{other.pk}").closes_on == july(31)
    assert differs(matter.pk) == []


def test_w10_effectiveness_of_one_demands_statement_is_a_rest_for_the_next(bestnet):
    """The second matter's projection follows an act on the first."""
    first = begun(bestnet)
    second = tell.demand(bestnet, received_on=june(12), by=("Alder", "Birch"))
    tell.files(bestnet, first, july(15))

    filed = matters.record_effectiveness(demand=first, on=july(25), when=bestnet.at(july(25)))

    rest = docket_of(second).window(f"rest:{filed.statement_id}")
    assert rest.closes_on == date(2004, 1, 21)
    assert differs(second.pk) == []

    matters.correct_statement_record(
        replaces=filed, on=july(24), reason="The order is of the 24th.", when=bestnet.at(july(28))
    )
    assert docket_of(second).window(f"rest:{filed.statement_id}").closes_on == date(2004, 1, 20)
    assert differs(second.pk) == []
    assert differs(first.pk) == []
