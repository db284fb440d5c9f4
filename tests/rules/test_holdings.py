"""The ledger: H1, H2 and H6."""

import pytest

from registrations.rules.securities import (
    Ledger,
    Line,
    Position,
    Shortfall,
    first_shortfall,
    positions,
    unit_lines,
)

from .bestnet import CAST, TERMS, on

PARTS = TERMS.unit_parts
ALDER, BIRCH = CAST["Alder"], CAST["Birch"]
BOUGHT, EXPIRY = on("2003-03-30"), on("2006-03-30")


def bought(holder, units):
    return unit_lines(holder, units, on=BOUGHT, parts=PARTS, warrants_expire_on=EXPIRY)


def held(*lines, day="2003-06-02"):
    return positions(Ledger(lines), on=on(day), parts=PARTS)


def warrants(holder, change, day):
    return Line(holder, "warrant", change, on(day), EXPIRY)


def test_an_untouched_unit_is_three_shares_issued_and_three_issuable():
    alder = held(*bought(ALDER, 100_000))[ALDER]

    assert (alder.units, alder.issued, alder.issuable, alder.registrable) == (
        100_000, 300_000, 300_000, 600_000,
    )  # fmt: skip
    assert (alder.from_preferred, alder.from_warrants) == (200_000, 100_000)
    assert PARTS.registrable == 6


def test_all_the_units_offered_are_27_million_shares():
    alder = held(*bought(ALDER, TERMS.units_offered))[ALDER]

    assert (alder.issued, alder.issuable, alder.registrable) == (13_500_000, 13_500_000, 27_000_000)


@pytest.mark.parametrize(
    ("event", "issued", "issuable"),
    [
        pytest.param(
            [Line(ALDER, "preferred", -1_000, on("2003-05-01")),
             Line(ALDER, "common", 2_000, on("2003-05-01"))],
            302_000, 298_000, id="conversion moves shares from issuable to issued",
        ),
        pytest.param(
            [warrants(ALDER, -1_000, "2003-05-01"), Line(ALDER, "common", 1_000, on("2003-05-01"))],
            301_000, 299_000, id="exercise does the same",
        ),
        pytest.param(
            [Line(ALDER, "common", -50_000, on("2003-05-01"))],
            250_000, 300_000, id="a public sale takes shares away",
        ),
        pytest.param(
            [Line(ALDER, "common", -300_000, on("2003-06-03"))],
            300_000, 300_000, id="an entry of the next day changes nothing today",
        ),
    ],
)  # fmt: skip
def test_what_an_event_does_to_a_holding(event, issued, issuable):
    alder = held(*bought(ALDER, 100_000), *event)[ALDER]

    assert (alder.issued, alder.issuable) == (issued, issuable)


def test_a_transfer_moves_a_holding_and_makes_no_share():
    lines = [
        *bought(ALDER, 100_000),
        Line(ALDER, "unit", -40_000, on("2003-05-01")),
        Line(BIRCH, "unit", 40_000, on("2003-05-01")),
        Line(ALDER, "common", -120_000, on("2003-05-01")),
        Line(BIRCH, "common", 120_000, on("2003-05-01")),
    ]
    found = held(*lines)

    assert (found[ALDER].units, found[BIRCH].units) == (60_000, 40_000)
    assert found[ALDER].plus(found[BIRCH]) == held(*bought(ALDER, 100_000))[ALDER]


@pytest.mark.parametrize(
    ("day", "issuable"),
    [
        pytest.param("2006-03-29", 300_000, id="the day before the last"),
        pytest.param("2006-03-30", 300_000, id="on the last day it may be exercised"),
        pytest.param("2006-03-31", 200_000, id="the day after"),
    ],
)
@pytest.mark.parametrize("entered", [False, True], ids=["no entry of expiry", "expiry entered"])
def test_a_warrant_counts_through_its_last_day(day, issuable, entered):
    expiry = [warrants(ALDER, -100_000, "2006-03-31")] if entered else []

    assert held(*bought(ALDER, 100_000), *expiry, day=day)[ALDER].issuable == issuable


def test_nobody_holds_anything_before_the_first_entry():
    assert held(*bought(ALDER, 1), day="2003-03-29") == {}


def test_a_unit_without_warrants_has_no_line_for_them():
    lines = unit_lines(
        ALDER, 10, on=BOUGHT, parts=PARTS._replace(warrants=0), warrants_expire_on=None
    )

    assert [line.security for line in lines] == ["unit", "common", "preferred"]


def test_the_first_day_a_holding_falls_below_zero_is_named():
    lines = [
        *bought(ALDER, 100),
        Line(ALDER, "common", -200, on("2003-05-01")),
        Line(ALDER, "common", -200, on("2003-06-01")),
        Line(ALDER, "common", 500, on("2003-07-01")),
    ]

    assert first_shortfall(Ledger(lines)) == Shortfall(ALDER, "common", on("2003-06-01"), 100)
    assert first_shortfall(Ledger(lines[::-1])) == first_shortfall(Ledger(lines))


def test_what_comes_and_goes_on_one_day_is_summed_before_it_is_judged():
    day = on("2003-05-01")
    lines = [Line(BIRCH, "common", -10, day), Line(BIRCH, "common", 10, day)]

    assert first_shortfall(Ledger(lines)) is None


def test_warrants_of_one_expiry_do_not_pay_for_another():
    lines = [
        Line(ALDER, "warrant", 10, BOUGHT, EXPIRY),
        Line(ALDER, "warrant", -5, on("2003-05-01"), on("2007-01-01")),
    ]

    assert first_shortfall(Ledger(lines)) == Shortfall(ALDER, "warrant", on("2003-05-01"), 5)


def test_an_empty_position_is_nothing():
    assert Position().registrable == 0
