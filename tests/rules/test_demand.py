"""A demand from its notice to effectiveness: D1 to D10 and the rest of D14."""

from __future__ import annotations

import pytest

from registrations.rules.demand import units_needed
from registrations.rules.findings import Force, State
from registrations.rules.matter import Filing, Initiator
from registrations.rules.terms import Terms

from .bestnet import (
    CAST,
    TERMS,
    asks,
    by_hand,
    certified,
    concern,
    copy,
    declines,
    docket,
    fax,
    join_window,
    kinds,
    matter,
    on,
    posted,
    stands,
    state,
    stored,
    told,
    window,
)

NOTICE = certified("2003-06-05", "2003-06-09")


def cedar(*requests):
    """Cedar, given notice on 5 June and in receipt of it on the 9th."""
    return told("Cedar", NOTICE, asks=requests)


# --- D1: who may demand ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("pool", "needed"),
    [(0, 1), (1, 1), (2, 2), (3, 2), (4_000_000, 2_000_001), (10**18, 5 * 10**17 + 1)],
)
def test_the_fewest_units_that_are_more_than_half(pool, needed):
    assert units_needed(pool, TERMS) == needed


def test_a_demand_too_small_starts_no_clock_and_says_why():
    facts = matter(cedar(), units=1_000_000)

    assert docket(facts).windows == ()
    assert kinds(facts) == ["ineligible"]
    assert "1,000,000 of 4,500,000 Units offered" in concern(facts, "ineligible")


@pytest.mark.parametrize(
    ("choice", "outcome"),
    [
        pytest.param("issued", "good", id="on Units issued it is enough"),
        pytest.param("offered", "refused", id="on Units offered it is not"),
        pytest.param(
            "something else", "needs_decision", id="a choice of no reading settles nothing"
        ),
    ],
)
def test_counsel_decides_between_readings_of_the_units(choice, outcome):
    decided = {"eligibility": (choice, "2003-06-03")}
    facts = matter(units=2_000_000, issued=3_055_399, held=3_055_399, decided=decided)

    assert docket(facts).ruling.outcome == outcome
    assert docket(facts.upto(on("2003-06-02"))).ruling.outcome == "needs_decision"


def test_a_decision_cannot_make_good_a_demand_short_on_every_reading():
    facts = matter(units=1, decided={"eligibility": ("held", "2003-06-03")})

    assert docket(facts).ruling.outcome == "refused"


def test_a_demand_not_known_to_have_arrived_is_neither_good_nor_refused():
    facts = matter(cedar(), demand=fax("2003-06-02"))
    found = docket(facts)

    assert found.ruling.outcome == "unknown"
    assert [a.fact for a in found.ruling.awaiting] == ["receipt of the copy sent by facsimile"]
    file = window(facts, "file")
    assert (file.opens_on, file.closes_on) == (on("2003-07-09"), None)
    assert state(file, "2003-07-01") is State.UNKNOWN


def test_a_mailed_demand_is_judged_when_given_and_its_clocks_run_from_receipt():
    facts = matter(cedar(), demand=certified("2003-05-30", "2003-06-02"))

    assert docket(facts).ruling.because[0].fact.on == on("2003-05-30")
    assert window(facts, "file").closes_on == on("2003-07-17")


# --- D2, D3: the Company Notice -------------------------------------------------------------


def test_promptly_is_the_house_standard_and_never_a_breach():
    facts = matter(told("Birch", NOTICE), told("Cedar"))
    notice = window(facts, "company_notice")

    assert (notice.force, notice.closes_on) == (Force.HOUSE, on("2003-06-05"))
    assert "not in the agreement" in notice.because[0].says
    assert [a.who for a in notice.awaiting] == ["Cedar"]
    assert stands(notice, "2003-06-09") == (State.OPEN, -4)


def test_the_company_notice_is_given_when_the_last_investor_was_given_it():
    facts = matter(told("Birch", NOTICE), told("Cedar", by_hand("2003-06-11")))

    assert window(facts, "company_notice").done_on == on("2003-06-11")


def test_the_last_safe_receipt_shows_from_the_first_day():
    safe = window(matter(told("Cedar")), "last_receipt")

    assert (safe.closes_on, safe.force) == (on("2003-06-17"), Force.DERIVED)
    assert safe.because[0].text == (
        "A later receipt leaves no day to file: 30 days before Thu, Jul 17, 2003 "
        "(last day to file) is Tue, Jun 17, 2003."
    )


def test_with_no_other_investor_nobody_is_told_and_nothing_holds_the_filing_back():
    facts = matter()
    file = window(facts, "file")

    assert [w.key for w in docket(facts).windows] == ["file", "effective", "keep_effective"]
    assert (file.opens_on, file.closes_on, file.awaiting) == (None, on("2003-07-17"), ())
    assert state(file, "2003-06-02") is State.OPEN
    assert not docket(facts).concerns


# --- D4: joining in time --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("received", "found"),
    [
        pytest.param("2003-06-24", State.MET, id="day 19"),
        pytest.param("2003-06-25", State.MET, id="day 20"),
        pytest.param("2003-06-26", State.NEEDS_DECISION, id="day 21, the first past the strictest"),
        pytest.param("2003-06-29", State.NEEDS_DECISION, id="day 20 from receipt"),
        pytest.param("2003-06-30", State.MET_LATE, id="late under both"),
    ],
)
def test_a_request_on_each_side_of_both_readings(received, found):
    facts = matter(cedar(asks(received)))
    join = join_window(facts, "Cedar")

    assert state(join, "2003-07-31") is found
    assert ("needs_decision" in kinds(facts)) is (found is State.NEEDS_DECISION)


def test_how_late_is_counted_from_the_most_lenient_day():
    assert stands(join_window(matter(cedar(asks("2003-07-02"))), "Cedar"), "2003-07-02").days == 3


@pytest.mark.parametrize(
    ("choice", "found"),
    [
        pytest.param("received", State.MET, id="counted from receipt it is in time"),
        pytest.param("given", State.MET_LATE, id="counted from giving it is late"),
    ],
)
def test_counsels_decision_on_a_request_governs(choice, found):
    facts = matter(cedar(asks("2003-06-27")), decided={"request:1": (choice, "2003-06-30")})
    join = join_window(facts, "Cedar")

    assert state(join, "2003-07-01") is found
    assert [r.name for r in join.readings if r.governs] == [choice]
    assert join.because[0].fact.name.startswith(f"Company Notice {choice}")
    assert kinds(facts) == []
    before = join_window(facts.upto(on("2003-06-29")), "Cedar")
    assert state(before, "2003-06-29") is State.NEEDS_DECISION


def test_a_request_after_the_strict_day_waits_for_the_receipt_that_would_settle_it():
    facts = matter(told("Cedar", certified("2003-06-05"), asks=(asks("2003-06-27"),)))
    join = join_window(facts, "Cedar")

    assert (join.closes_on, join.lenient_on) == (on("2003-06-25"), None)
    assert state(join, "2003-12-31") is State.NEEDS_DECISION
    assert [a.fact for a in join.awaiting] == ["receipt of the Company Notice"]
    assert "a day not on record" in concern(facts, "needs_decision")


def test_terms_with_one_reading_leave_nothing_to_decide():
    terms = Terms.from_entries(stored(joining={"n": 20, "after": "company_notice_received"}))
    join = join_window(matter(cedar(asks("2003-06-27"))), "Cedar", terms)

    assert (join.closes_on, join.lenient_on, join.readings) == (
        on("2003-06-29"), on("2003-06-29"), (),
    )  # fmt: skip
    assert state(join, "2003-07-01") is State.MET


def test_a_decline_answers_and_may_be_taken_back_by_asking():
    refused = matter(cedar(declines("2003-06-12")))
    join = join_window(refused, "Cedar")
    assert (join.done_as, state(join, "2003-06-13")) == ("declined", State.MET)

    join = join_window(matter(cedar(declines("2003-06-12"), asks("2003-06-20", id=2))), "Cedar")
    assert (join.done_as, join.done_on) == ("asked to join", on("2003-06-20"))


def test_a_request_taken_back_is_a_decline_and_asking_again_counts_from_then():
    withdrawn = (asks("2003-06-12"), declines("2003-06-15", id=2))
    join = join_window(matter(cedar(*withdrawn)), "Cedar")
    assert (join.done_as, join.done_on) == ("declined", on("2003-06-15"))

    again = matter(cedar(*withdrawn, asks("2003-06-27", id=3)))
    assert join_window(again, "Cedar").done_on == on("2003-06-27")
    assert kinds(again) == ["needs_decision"]


# --- D5: what a request must say ------------------------------------------------------------


@pytest.mark.parametrize(
    ("request_", "lacks"),
    [
        pytest.param(asks("2003-06-20", shares=None), "the amount", id="no amount"),
        pytest.param(asks("2003-06-20", distribution=""), "the intended method", id="no method"),
        pytest.param(asks("2003-06-20", other=None), "the other information", id="no information"),
    ],
)
def test_an_incomplete_request_is_recorded_and_named(request_, lacks):
    facts = matter(cedar(request_))

    assert lacks in concern(facts, "incomplete_request")
    assert join_window(facts, "Cedar").done_on == on("2003-06-20")


def test_a_request_completed_later_keeps_the_day_it_first_came():
    incomplete = asks("2003-06-20", distribution="")
    facts = matter(cedar(incomplete, asks("2003-07-02", id=2)))

    assert kinds(facts) == []
    join = join_window(facts, "Cedar")
    assert (join.done_on, state(join, "2003-07-03")) == (on("2003-06-20"), State.MET)
    assert kinds(facts.upto(on("2003-07-01"))) == ["incomplete_request"]


def test_a_complete_request_replaced_by_one_that_lacks_a_part_is_incomplete_again():
    facts = matter(cedar(asks("2003-06-20"), asks("2003-06-22", distribution="", id=2)))

    assert kinds(facts) == ["incomplete_request"]


@pytest.mark.parametrize(
    ("shares", "over"),
    [
        pytest.param(600_000, False, id="all it holds"),
        pytest.param(600_001, True, id="one more than it holds"),
    ],
)
def test_nobody_asks_for_more_than_it_holds(shares, over):
    assert kinds(matter(cedar(asks("2003-06-20", shares=shares)))) == ["over_request"] * over


def test_an_initiating_investor_may_not_ask_for_more_than_it_holds_either():
    facts = matter(units=2_250_001, shares=13_500_007)

    assert "13,500,007 Registrable Shares and held 13,500,006" in concern(facts, "over_request")


# --- D6, D7, D8: when to file ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("last_receipt", "days_left"),
    [
        pytest.param("2003-06-02", 16, id="received the same day"),
        pytest.param("2003-06-16", 2, id="fourteen days on"),
        pytest.param("2003-06-17", 1, id="fifteen days on, one day left"),
        pytest.param("2003-06-18", 0, id="sixteen days on, none"),
    ],
)
def test_how_many_days_are_left_to_file(last_receipt, days_left):
    facts = matter(told("Birch", by_hand("2003-06-02")), told("Cedar", by_hand(last_receipt)))
    file = window(facts, "file")

    assert max(0, (file.closes_on - file.opens_on).days + 1) == days_left
    assert file.impossible is (days_left == 0)
    assert ("impossible" in kinds(facts)) is (days_left == 0)


def test_an_impossible_window_never_hides_that_the_last_day_has_passed():
    facts = matter(told("Cedar", by_hand("2003-06-20")))
    file = window(facts, "file")

    assert state(file, "2003-07-17") is State.IMPOSSIBLE
    assert state(file, "2003-07-18") is State.MISSED
    assert kinds(facts._replace(filing=Filing(on("2003-07-17"), {1: 600_000}))) == []


def test_the_missing_receipts_are_named_one_by_one():
    facts = matter(
        told("Birch", NOTICE),
        told("Cedar", fax("2003-06-05")),
        told("Dale", certified("2003-06-05")),
    )

    assert [a.who for a in window(facts, "file").awaiting] == ["Cedar", "Dale"]
    missing = [c for c in docket(facts).concerns if c.kind == "missing_receipt"]
    assert [(c.who, c.since) for c in missing] == [
        ("Cedar", on("2003-06-15")),
        ("Dale", on("2003-06-15")),
    ]


def test_counsel_may_decide_that_the_first_receipt_counts():
    facts = matter(
        told("Birch", by_hand("2003-06-07")),
        told("Cedar", by_hand("2003-06-20")),
        decided={"filing_opens": ("first_receipt", "2003-06-23")},
    )
    file = window(facts, "file")

    assert file.opens_on == on("2003-07-07")
    assert [r.name for r in file.readings if r.governs] == ["first_receipt"]
    assert kinds(facts) == []
    assert kinds(facts.upto(on("2003-06-22"))) == ["impossible"]


def test_a_window_of_one_weekend_has_calendar_days_and_no_edgar_day():
    """Demand on Thursday 22 May: last day Sunday 6 July.  Receipt on Wednesday 4 June: first
    day Friday 4 July, a holiday."""
    facts = matter(told("Cedar", by_hand("2003-06-04")), demand="2003-05-22")
    file = window(facts, "file")

    assert (file.opens_on, file.closes_on) == (on("2003-07-04"), on("2003-07-06"))
    assert (file.practical_opens_on, file.practical_closes_on) == (
        on("2003-07-07"), on("2003-07-03"),
    )  # fmt: skip
    assert kinds(facts) == ["no_edgar_day"]
    assert state(file, "2003-07-05") is State.DUE_SOON


@pytest.mark.parametrize(
    ("filed", "found"),
    [
        pytest.param("2003-07-08", (State.MET_EARLY, 1), id="the day before it opens"),
        pytest.param("2003-07-09", (State.MET, 0), id="the day it opens"),
        pytest.param("2003-07-17", (State.MET, 0), id="the last day"),
        pytest.param("2003-07-18", (State.MET_LATE, 1), id="the day after"),
    ],
)
def test_a_filing_is_judged_by_the_contract(filed, found):
    facts = matter(cedar(), filed=filed, covers={"Alder": 600_000})

    assert stands(window(facts, "file"), "2003-08-01") == found


# --- D9, S1: effectiveness ------------------------------------------------------------------


def test_before_filing_the_days_that_follow_it_are_shown_and_not_judged_by():
    facts = matter(cedar())
    effective, kept = window(facts, "effective"), window(facts, "keep_effective")

    assert (effective.closes_on, effective.provisional_on) == (None, on("2003-11-14"))
    assert (kept.closes_on, kept.provisional_on) == (None, on("2004-11-14"))
    assert state(effective, "2004-12-31") is State.NOT_YET_OPEN


@pytest.mark.parametrize(
    ("effective", "until"),
    [
        pytest.param("2003-10-20", "2004-10-20", id="the same date next year"),
        pytest.param("2004-02-29", "2005-02-28", id="from a leap day, the 28th"),
    ],
)
def test_kept_effective_for_a_year_at_the_most(effective, until):
    facts = matter(filed="2003-07-15", effective=effective)

    assert window(facts, "keep_effective").closes_on == on(until)
    sold = matter(filed="2003-07-15", effective=effective, sold="2004-03-02")
    kept = window(sold, "keep_effective")
    assert (kept.done_on, kept.done_as) == (on("2004-03-02"), "all sold")


# --- D10: what the statement covers ---------------------------------------------------------


def covered(*requests, covers, **more):
    facts = matter(
        cedar(*requests), filed="2003-07-15", covers={"Alder": 600_000, **covers}, **more
    )
    return [(c.kind, c.who) for c in docket(facts).concerns if c.kind.startswith("coverage")]


DEFECT, UNKNOWN = [("coverage_defect", "Cedar")], [("coverage_unknown", "Cedar")]


@pytest.mark.parametrize(
    ("requests", "covers", "found"),
    [
        pytest.param([asks("2003-06-25")], 6_000, [], id="a timely request, covered in full"),
        pytest.param([asks("2003-06-25")], 5_999, DEFECT, id="one share short"),
        pytest.param([asks("2003-06-30")], 0, [], id="late under both, owed nothing"),
        pytest.param([declines("2003-06-12")], 0, [], id="declined"),
        pytest.param(
            [asks("2003-06-20"), asks("2003-06-24", shares=9_000, id=2)], 6_000, DEFECT,
            id="raised in time, the larger amount counts",
        ),
        pytest.param(
            [asks("2003-06-20"), asks("2003-06-30", shares=9_000, id=2)], 6_000, [],
            id="raised too late, the first amount counts",
        ),
        pytest.param(
            [asks("2003-06-20", shares=700_000, held=600_000)], 600_000, [],
            id="asked for more than it holds, owed what it holds",
        ),
        pytest.param(
            [asks("2003-06-20", shares=None)], 0, UNKNOWN, id="an amount nobody has stated"
        ),
    ],
)  # fmt: skip
def test_the_statement_covers_every_timely_request(requests, covers, found):
    assert covered(*requests, covers={"Cedar": covers}) == found


def test_counsels_decision_brings_a_request_within_the_coverage():
    decided = {"request:1": ("received", "2003-07-01")}

    assert covered(asks("2003-06-27"), covers={}, decided=decided) == DEFECT


def test_a_request_whose_window_is_not_known_to_have_closed_is_not_late():
    dale = told("Dale", fax("2003-06-05"), asks=(asks("2003-07-01"),))
    facts = matter(dale, filed="2003-07-15", covers={"Alder": 600_000})

    assert "coverage_defect" in kinds(facts)


def test_the_demand_notice_is_covered_too():
    facts = matter(filed="2003-07-15", covers={"Alder": 599_999})

    assert "599,999 of the 600,000" in concern(facts, "coverage_defect")
    assert kinds(matter(shares=None, filed="2003-07-15", covers={})) == ["coverage_unknown"]


def test_coverage_nobody_recorded_is_unknown_not_nothing():
    assert kinds(matter(filed="2003-07-15")) == ["coverage_unknown"]


# --- D14: the rest after another statement --------------------------------------------------


def rested(effective, received="2003-06-02"):
    return matter(*posted("2003-06-05", Cedar="2003-06-09"), demand=received,
                  others={"Other": effective})  # fmt: skip


@pytest.mark.parametrize(
    ("effective", "rests", "delays_filing"),
    [
        pytest.param("2002-12-03", False, False, id="over the day before the demand"),
        pytest.param("2002-12-04", True, False, id="its last day is the demand's"),
        pytest.param("2003-01-18", True, False, id="over on the last day to file"),
        pytest.param("2003-01-19", True, True, id="still running the day after"),
        pytest.param("2003-07-17", True, True, id="began on the last day to file"),
        pytest.param("2003-07-18", True, False, id="began when filing was already overdue"),
    ],
)
def test_which_rest_bears_on_the_filing(effective, rests, delays_filing):
    facts = rested(effective)
    file = window(facts, "file")

    assert (docket(facts).window("rest:1") is not None) is rests
    assert file.closes_on == on("2003-07-17")
    assert any(r.name == "effect_means_file" for r in file.readings) is delays_filing
    assert any(r.rule == "D14" for r in file.because) is delays_filing


def test_every_number_is_a_term():
    """Another agreement, other numbers: 10, 15, 60, 90 and 30 days."""
    given, received = (
        {"says": word, "when": {"n": 10, "after": f"company_notice_{word}"}}
        for word in ("given", "received")
    )
    terms = Terms.from_entries(
        stored(
            joining={"readings": [given, received]},
            filing_opens={"n": 15, "after": "company_notice_received_by_last"},
            filing_closes={"n": 60, "after": "demand_notice_received"},
            effectiveness={"n": 90, "after": "filed"},
            rests=[{"says": "Another statement", "ends": {"n": 30, "after": "other_effective"}}],
            keep_effective={"n": 90, "after": "effective"},
        )
    )
    facts = matter(
        cedar(), filed="2003-07-15", effective="2003-08-01", others={"Other": "2003-06-01"}
    )
    ends = {w.key: w.closes_on for w in docket(facts, terms).windows}

    assert ends == {
        "company_notice": on("2003-06-05"),
        "last_receipt": on("2003-07-17"),
        f"join:{CAST['Cedar']}": on("2003-06-15"),
        "file": on("2003-08-01"),
        "effective": on("2003-10-13"),
        "keep_effective": on("2003-10-30"),
        "rest:1": on("2003-07-01"),
    }
    assert window(facts, "file", terms).opens_on == on("2003-06-24")


def test_several_initiating_investors_add_up_and_affiliates_are_not_pooled():
    facts = matter()._replace(
        initiators=(Initiator(1, "Alder", 2_000_000), Initiator(2, "Birch", 250_001))
    )

    assert docket(facts).ruling.outcome == "good"
    assert docket(facts._replace(initiators=facts.initiators[:1])).ruling.outcome == "refused"


def test_a_copy_by_a_method_not_listed_is_awaited_as_a_copy_that_counts():
    join = join_window(matter(told("Cedar", copy("email", "2003-06-05", "2003-06-05"))), "Cedar")

    assert [a.text for a in join.awaiting] == [
        "a signed consent to electronic delivery, or the letter itself: Cedar"
    ]
