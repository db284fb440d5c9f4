"""The Company's delay of a demand, section 1(d) (D15).

A demand received on Monday, June 2, 2003 must be filed by Thursday, July 17.
"""

from __future__ import annotations

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from registrations.rules.findings import State
from registrations.rules.matter import Delay
from registrations.rules.terms import Terms

from .bestnet import (
    TERMS,
    concern,
    docket,
    kinds,
    matter,
    maybe,
    on,
    reading,
    state,
    stored,
    window,
)
from .matters import days, matters

PLANNED = {"firm_plans": True, "company_engaged": False, "open_to_investors": True}


def put_off(
    directed="2003-06-05",
    planned="2003-06-25",
    effective="2003-07-01",
    until=None,
    so=PLANNED,
    other="",
    id=1,
):
    return Delay(
        id,
        on(directed),
        "Common Stock, S-1",
        so,
        maybe(planned),
        maybe(effective),
        maybe(until),
        other,
    )


def test_a_planned_offering_open_to_the_investors_puts_the_filing_off():
    facts = matter(delays=(put_off(),))
    file = window(facts, "file")

    # 120 days from July 1 is October 29; 45 more is December 13; 146 days from June 5 tolled.
    assert reading(file, "due_at_end") == on("2003-10-29")
    assert reading(file, "tolled") == on("2003-12-10")
    assert reading(file, "restart") == on("2003-12-13")
    assert reading(file, "without_delay") == on("2003-07-17")
    assert (file.closes_on, file.lenient_on) == (on("2003-10-29"), on("2003-12-13"))
    assert "due on its last day" in file.because[-1].text
    assert window(facts, "delay:1").closes_on == on("2003-10-29")
    assert kinds(facts) == ["needs_decision"]


def test_counsel_decide_what_the_delay_does():
    facts = matter(delays=(put_off(),), decided={"delay_effect": ("tolled", "2003-06-20")})
    file = window(facts, "file")

    assert file.closes_on == file.lenient_on == on("2003-12-10")
    assert kinds(facts) == []


def test_filed_between_the_readings_is_for_counsel_and_after_them_late():
    between = window(matter(delays=(put_off(),), filed="2003-11-03"), "file")
    after = window(matter(delays=(put_off(),), filed="2003-12-14"), "file")

    assert state(between, "2004-01-01") is State.NEEDS_DECISION
    assert state(after, "2004-01-01") is State.MET_LATE


def test_not_filed_it_is_missed_by_the_strictest_reading():
    file = window(matter(delays=(put_off(),)), "file")

    assert state(file, "2003-10-29") is State.DUE_SOON
    assert state(file, "2003-10-30") is State.MISSED


def test_an_offering_planned_32_days_after_the_demand_notice_allows_nothing():
    facts = matter(delays=(put_off(planned="2003-07-04"),))

    assert window(facts, "file").closes_on == on("2003-07-17")
    assert kinds(facts) == ["delay_refused"]
    assert "It moves no date" in concern(facts, "delay_refused")


def test_an_offering_not_open_to_the_investors_allows_nothing():
    closed = {**PLANNED, "open_to_investors": False}

    assert kinds(matter(delays=(put_off(so=closed),))) == ["delay_refused"]


def test_what_nobody_has_recorded_is_not_taken_for_so():
    facts = matter(delays=(put_off(so={"firm_plans": True}),))

    assert window(facts, "file").closes_on == on("2003-07-17")
    assert "whether the offering is open to the Investors" in concern(facts, "delay_unknown")


def test_until_the_offering_is_effective_the_last_day_is_not_known():
    facts = matter(delays=(put_off(effective=None),))
    file = window(facts, "file")

    assert file.closes_on is None
    assert file.awaiting[0].fact == "the Company’s own registration effective"
    assert reading(file, "without_delay") == on("2003-07-17")
    assert state(file, "2003-12-01") is State.UNKNOWN
    assert state(window(facts, "delay:1"), "2003-12-01") is State.UNKNOWN


def test_the_company_may_ask_for_less_than_it_may_have():
    file = window(matter(delays=(put_off(until="2003-08-15"),)), "file")

    assert file.closes_on == on("2003-08-15")
    assert reading(file, "restart") == on("2003-09-29")


def test_and_gets_no_more():
    facts = matter(delays=(put_off(until="2003-12-31"),))

    assert window(facts, "file").closes_on == on("2003-10-29")
    assert any("may have no later day" in r.text for r in window(facts, "delay:1").because)


def test_a_short_delay_never_makes_the_last_day_earlier():
    file = window(matter(delays=(put_off(until="2003-06-20"),)), "file")

    assert file.closes_on == on("2003-07-17")
    assert reading(file, "tolled") == on("2003-08-01")


def test_once_and_never_again_in_the_same_demand():
    facts = matter(delays=(put_off(until="2003-08-15"), put_off("2003-08-10", id=2)))

    assert window(facts, "file").closes_on == on("2003-08-15")
    assert docket(facts).window("delay:2") is None
    assert "1 already" in concern(facts, "delay_refused")


def test_nor_in_another():
    before = put_off("2003-04-10", id=9)

    assert kinds(matter(delays=(put_off(),), delayed_elsewhere=(before,))) == ["delay_refused"]


def test_another_ground_is_usable_only_on_counsels_decision():
    claimed = put_off(planned=None, so={}, other="An acquisition under way")
    undecided = matter(delays=(claimed,))
    allowed = matter(delays=(claimed,), decided={"delay:1": ("allowed", "2003-06-09")})
    refused = matter(delays=(claimed,), decided={"delay:1": ("not_allowed", "2003-06-09")})

    assert window(undecided, "file").closes_on == on("2003-07-17")
    assert "does not define: An acquisition under way" in concern(undecided, "needs_decision")
    assert window(allowed, "file").closes_on == on("2003-10-29")
    assert window(refused, "file").closes_on == on("2003-07-17")
    assert "not allowed: Counsel's memo" in concern(refused, "delay_refused")


def test_a_delay_after_the_last_day_cures_nothing():
    late = matter(delays=(put_off("2003-07-18"),))

    assert window(late, "file").closes_on == on("2003-07-17")


def test_an_agreement_that_gives_no_right_to_delay_moves_nothing():
    entries = {name: entry for name, entry in stored().items() if name != "delay"}
    facts = matter(delays=(put_off(),))

    found = docket(facts, Terms.from_entries(entries))
    assert found.window("file").closes_on == on("2003-07-17")
    assert [c.kind for c in found.concerns] == ["delay_refused"]


def test_an_agreement_that_says_the_clock_stops_has_one_reading():
    ninety = {
        "each": {"n": 90},
        "uses": [{"count": 1, "within": {"n": 12, "unit": "month"}}],
        "where": {"fact": "officer_certificate"},
        "tolls": True,
    }
    terms = Terms.from_entries(stored(delay=ninety))
    certified = put_off(planned=None, effective=None, so={"officer_certificate": True})
    file = window(matter(delays=(certified,)), "file", terms)

    assert file.closes_on == file.lenient_on == on("2003-10-15")  # July 17 and 90 days
    assert docket(matter(delays=(certified,)), terms).concerns == ()


def test_a_year_later_such_an_agreement_allows_another():
    yearly = {"each": {"n": 90}, "uses": [{"count": 1, "within": {"n": 12, "unit": "month"}}]}
    terms = Terms.from_entries(stored(delay={**yearly, "tolls": True}))
    ask = put_off(planned=None, effective=None, so={})

    def outcome(before):
        facts = matter(delays=(ask,), delayed_elsewhere=(put_off(before, id=9),))
        return docket(facts, terms).window("delay:1") is not None

    assert outcome("2002-06-05")
    assert not outcome("2002-06-06")


def test_where_suspensions_share_the_allowance_counsel_decides():
    shared = {
        "each": {"n": 90},
        "uses": [{"count": 2, "within": {"n": 12, "unit": "month"}}],
        "tolls": True,
        "shared_with": "suspension",
    }
    terms = Terms.from_entries(stored(delay=shared))
    ask = put_off(planned=None, effective=None, so={})
    decided = matter(delays=(ask,), decided={"delay:1": ("allowed", "2003-06-09")})

    (asked,) = docket(matter(delays=(ask,)), terms).concerns
    assert asked.key == "decide:delay:1"
    assert "shares its allowance with suspensions of sales" in asked.text
    assert window(matter(delays=(ask,)), "file", terms).closes_on == on("2003-07-17")
    assert window(decided, "file", terms).closes_on == on("2003-10-15")


@given(matters)
def test_a_delay_never_brings_the_last_day_forward(facts):
    undelayed = docket(facts._replace(delays=()), TERMS).window("file")
    delayed = docket(facts, TERMS).window("file")

    if undelayed is None or undelayed.closes_on is None or delayed.closes_on is None:
        return
    assert undelayed.closes_on <= delayed.closes_on <= delayed.lenient_on
    assert delayed.opens_on == undelayed.opens_on


@given(days, st.integers(0, 400), st.integers(0, 200))
def test_at_most_one_delay_ever_stands(first, between, offering):
    effective = first + timedelta(offering)
    one = put_off()._replace(directed_on=first, counted_from_on=effective)
    two = one._replace(id=2, directed_on=first + timedelta(between))

    running = [w for w in docket(matter(delays=(two, one))).windows if w.rule == "D15"]
    assert len(running) <= 1
