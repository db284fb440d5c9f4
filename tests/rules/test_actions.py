"""Splits, stock dividends and exchanges: H2 and H6, and the order things become known in."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registrations.rules.actions import Action, per_unit
from registrations.rules.securities import (
    Ledger,
    Line,
    Position,
    first_shortfall,
    left_over,
    positions,
    unit_lines,
)

from .bestnet import TERMS, on

PARTS = TERMS.unit_parts
BOUGHT, EXPIRY = on("2003-03-31"), on("2006-03-31")
ALDER, BIRCH = 1, 2


def split(numerator, denominator, day="2003-06-10", **given):
    fields = {"security": "common", "fractions": "dropped", "place": 1, "kind": "split", **given}
    fields.setdefault("into", fields["security"])
    return Action(on=on(day), numerator=numerator, denominator=denominator, **fields)


def bought(units, holder=ALDER, day=BOUGHT):
    return unit_lines(holder, units, on=day, parts=PARTS, warrants_expire_on=EXPIRY)


def held(lines, *actions, day="2003-06-30", holder=ALDER):
    return positions(Ledger(lines, actions), on=on(day), parts=PARTS).get(holder, Position())


def test_a_two_for_one_split_makes_twelve_of_six_and_says_why():
    before = per_unit(PARTS, [split(2, 1)], on=on("2003-06-09"))
    after = per_unit(PARTS, [split(2, 1)], on=on("2003-06-10"), signed="Recitals", adjusted="7")

    assert (before.parts.registrable, after.parts.registrable) == (6, 12)
    assert [(r.rule, r.clause) for r in after.because] == [("H1", "Recitals"), ("H2", "7")]
    assert after.because[0].text == "As signed, a Unit is 3 + 1 × 2 + 1 × 1 = 6 Registrable Shares."
    assert after.because[1].text == (
        "2 for 1 split of Common Stock, counted from Tue, Jun 10, 2003: 3 Common × 2 = 6; "
        "a Preferred yields 4 Common instead of 2; a Warrant yields 2 Common instead of 1; "
        "a Unit is 6 + 1 × 4 + 1 × 2 = 12 Registrable Shares."
    )


@pytest.mark.parametrize(
    ("action", "issued", "from_preferred", "from_warrants"),
    [
        pytest.param(split(2, 1), 600, 400, 200, id="2 for 1"),
        pytest.param(split(3, 2), 450, 300, 150, id="3 for 2"),
        pytest.param(split(1, 10), 30, 20, 10, id="1 for 10 reverse"),
        pytest.param(split(1, 10, kind="dividend"), 330, 220, 110, id="a dividend of 1 for 10"),
        pytest.param(split(2, 1, rates_follow=False), 600, 200, 100, id="rates stay as they were"),
        pytest.param(split(5, 1, security="preferred"), 300, 200, 100,
                     id="more Preferred that convert into as many in all"),
        pytest.param(split(5, 1, security="preferred", rates_follow=False), 300, 1_000, 100,
                     id="more Preferred at the old rate"),
        pytest.param(split(3, 1, kind="exchange", security="preferred", into="common"),
                     600, 0, 100, id="each Preferred exchanged for 3 Common"),
        pytest.param(split(1, 2, kind="exchange", security="warrant", into="common"),
                     350, 200, 0, id="two Warrants exchanged for a Common"),
        pytest.param(split(7, 3, kind="exchange"), 700, 466, 233, id="a merger, 7 for 3"),
    ],
)  # fmt: skip
def test_what_an_action_makes_of_100_units(action, issued, from_preferred, from_warrants):
    found = held(bought(100), action)

    assert (found.issued, found.from_preferred, found.from_warrants) == (
        issued, from_preferred, from_warrants,
    )  # fmt: skip
    assert found.units == 100
    assert held(bought(100), action, day="2003-06-09") == held(bought(100))


@pytest.mark.parametrize(("fractions", "common"), [("dropped", 2), ("cash", 2), ("rounded_up", 3)])
def test_a_part_of_a_share_is_dropped_paid_or_rounded_up(fractions, common):
    """5 Common 1 for 2 is 2 1/2."""
    action = split(1, 2, fractions=fractions)
    lines = [Line(ALDER, "common", 5, BOUGHT), Line(BIRCH, "common", 4, BOUGHT)]

    assert held(lines, action).common == common
    assert held(lines, action, holder=BIRCH).common == 2
    assert left_over(Ledger(lines, [action]), action) == {ALDER: Fraction(1, 2)}


def test_what_is_entered_for_the_day_itself_is_counted_after_the_action():
    lines = [Line(ALDER, "common", 10, on(day)) for day in ("2003-06-09", "2003-06-10")]

    assert held(lines, split(2, 1)).common == 20 + 10


def test_two_actions_of_one_day_take_effect_in_their_places():
    """A reverse split that drops parts of shares, and a split back the same day."""
    lines = [Line(ALDER, "common", 15, BOUGHT)]
    cash_out, back = split(1, 10, place=1), split(10, 1, place=2)

    assert held(lines, cash_out, back).common == held(lines, back, cash_out).common == 10
    assert held(lines, split(1, 10, place=2), split(10, 1, place=1)).common == 15


def test_units_issued_converted_exercised_and_transferred_after_it_are_units_after_it():
    """Each of these is entered as signed; what it yields is what the day had."""
    day = on("2003-06-20")
    lines = [
        *bought(100),
        *bought(10, day=day),
        Line(ALDER, "preferred", -4, day), Line(ALDER, "common", 8, day, worked_from="preferred"),
        Line(ALDER, "warrant", -5, day, EXPIRY),
        Line(ALDER, "common", 5, day, worked_from="warrant"),
        Line(ALDER, "common", -7, day),  # sold: counted that day
    ]  # fmt: skip
    found = held(lines, split(2, 1))

    assert found.common == 600 + 60 + 16 + 10 - 7
    assert (found.preferred, found.warrants) == (106, 105)
    assert found.registrable == 12 * 110 - 7


def test_warrants_that_ran_out_before_an_exchange_are_exchanged_for_nothing():
    exchange = split(1, 1, "2006-04-01", kind="exchange", security="warrant", into="common")

    assert held(bought(100), exchange, day="2006-05-01").common == 300
    assert held(bought(100), exchange._replace(on=EXPIRY), day="2006-05-01").common == 400


def test_a_reverse_split_found_out_about_late_can_leave_a_later_sale_short():
    lines = [*bought(100), Line(ALDER, "common", -200, on("2003-06-20"))]

    assert first_shortfall(Ledger(lines)) is None
    short = first_shortfall(Ledger(lines, [split(1, 2)]))
    assert short == (ALDER, "common", on("2003-06-20"), 50)


# --- whatever comes ---------------------------------------------------------------------------

days = st.dates(date(2003, 4, 1), date(2003, 4, 20))
small = st.integers(1, 7)
classes = st.sampled_from(["common", "preferred"])


@st.composite
def any_actions(draw):
    found = []
    for place in range(draw(st.integers(0, 4))):
        kind = draw(st.sampled_from(["split", "dividend", "exchange"]))
        security = draw(st.sampled_from(["common", "preferred", "warrant"]))
        if kind != "exchange" and security == "warrant":
            security = "common"
        found.append(
            Action(
                draw(days), place, kind, security,
                draw(classes) if kind == "exchange" else security,
                draw(small), draw(small),
                draw(st.sampled_from(["dropped", "rounded_up", "cash"])), draw(st.booleans()),
            )
        )  # fmt: skip
    return found


@st.composite
def any_events(draw):
    """Events as they are entered, each a few lines."""
    events = []
    for _ in range(draw(st.integers(1, 8))):
        who, n, day = draw(st.sampled_from([ALDER, BIRCH])), draw(st.integers(1, 60)), draw(days)
        other = BIRCH if who == ALDER else ALDER
        events.append(
            draw(
                st.sampled_from(
                    [
                        list(bought(n, who, day)),
                        [
                            Line(who, "preferred", -n, day),
                            Line(who, "common", 2 * n, day, worked_from="preferred"),
                        ],
                        [
                            Line(who, "warrant", -n, day, EXPIRY),
                            Line(who, "common", n, day, worked_from="warrant"),
                        ],
                        [Line(who, "common", -n, day)],
                        [
                            *(line._replace(change=-line.change) for line in bought(n, who, day)),
                            *bought(n, other, day),
                        ],
                        [Line(who, "common", -n, day), Line(other, "common", n, day)],
                    ]
                )
            )
        )
    return events


def accepted(entries):
    """What stands when entries come one after another and those that leave somebody short
    are refused, as the acts refuse them."""
    ledger = Ledger([], [])
    for entry in entries:
        tried = (
            ledger._replace(actions=[*ledger.actions, entry])
            if isinstance(entry, Action)
            else ledger._replace(lines=[*ledger.lines, *entry])
        )
        if first_shortfall(tried) is None:
            ledger = tried
    return ledger


@given(any_events(), any_actions(), st.randoms(use_true_random=False), days)
def test_any_order_of_entering_gives_the_same_holdings(events, actions, rng, day):
    lines = [line for event in events for line in event]
    other = Ledger(rng.sample(lines, k=len(lines)), rng.sample(actions, k=len(actions)))
    ledger = Ledger(lines, actions)

    assert positions(other, on=day, parts=PARTS) == positions(ledger, on=day, parts=PARTS)
    assert first_shortfall(other) == first_shortfall(ledger)


@given(any_events(), any_actions(), st.randoms(use_true_random=False))
def test_nobody_is_below_zero_on_any_day_in_any_order(events, actions, rng):
    entries = [*events, *actions]
    ledger = accepted(rng.sample(entries, k=len(entries)))

    for n in range(25):
        day = date(2003, 3, 31) + timedelta(n)
        for position in positions(ledger, on=day, parts=PARTS).values():
            assert min(position) >= 0


@given(any_events(), any_actions(), days)
def test_what_happens_after_a_day_never_changes_that_day(events, actions, day):
    lines = [line for event in events for line in event]
    by_then = Ledger([e for e in lines if e.on <= day], [a for a in actions if a.on <= day])

    assert positions(by_then, on=day, parts=PARTS) == positions(
        Ledger(lines, actions), on=day, parts=PARTS
    )


@given(any_events(), st.sampled_from(["dropped", "rounded_up", "cash"]))
def test_two_for_one_and_back_changes_nothing(events, fractions):
    lines = [line for event in events for line in event]
    there = split(2, 1, "2003-05-01", fractions=fractions)
    back = split(1, 2, "2003-05-02", fractions=fractions)
    day = on("2003-06-01")

    assert positions(Ledger(lines, [there, back]), on=day, parts=PARTS) == positions(
        Ledger(lines), on=day, parts=PARTS
    )


@given(st.integers(0, 10**6), small, small)
def test_a_unit_is_worth_what_its_reason_says(units, numerator, denominator):
    action = split(numerator, denominator)
    worth = per_unit(PARTS, [action], on=on("2003-06-30")).parts.registrable
    found = held(bought(units), action).registrable

    # Each of the three sums may drop part of one share.
    assert 0 <= worth * units - found < 3
