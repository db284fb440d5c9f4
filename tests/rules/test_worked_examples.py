"""Matters worked by hand first, then asked of the rules."""

import pytest

from registrations.rules.findings import State
from registrations.rules.terms import Terms

from .bestnet import (
    asks,
    by_hand,
    certified,
    concern,
    copy,
    docket,
    fax,
    join_window,
    kinds,
    matter,
    on,
    posted,
    reading,
    state,
    stored,
    told,
    window,
)

W1 = posted("2003-06-05", Birch="2003-06-07", Cedar="2003-06-09", Dale="2003-06-10")


def outcome(units, *, issued, held):
    facts = matter(units=units, issued=issued, held=held)
    return docket(facts).ruling.outcome


def test_w1_three_investors_told_by_certified_mail():
    facts = matter(*W1)

    assert docket(facts).demand.received_on == on("2003-06-02")
    for name, received_reading in [
        ("Birch", "2003-06-27"),
        ("Cedar", "2003-06-29"),
        ("Dale", "2003-06-30"),
    ]:
        join = join_window(facts, name)
        assert join.closes_on == reading(join, "given") == on("2003-06-25")
        assert join.lenient_on == reading(join, "received") == on(received_reading)
    file = window(facts, "file")
    assert (file.opens_on, file.closes_on) == (on("2003-07-10"), on("2003-07-17"))
    assert window(facts, "last_receipt").closes_on == on("2003-06-17")
    assert window(facts, "company_notice").closes_on == on("2003-06-05")
    assert window(facts, "company_notice").done_on == on("2003-06-05")
    assert kinds(facts) == []


def test_w2_filed_on_15_july_then_effective_and_kept_so_for_a_year():
    filed = matter(*W1, filed="2003-07-15", covers={"Alder": 600_000})

    assert state(window(filed, "file"), "2003-07-16") is State.MET
    assert window(filed, "effective").closes_on == on("2003-11-12")
    kept = window(filed, "keep_effective")
    assert (kept.closes_on, kept.provisional_on) == (None, on("2004-11-12"))

    effective = matter(*W1, filed="2003-07-15", covers={}, effective="2003-10-20")

    assert state(window(effective, "effective"), "2003-10-21") is State.MET
    kept = window(effective, "keep_effective")
    assert (kept.opens_on, kept.closes_on) == (on("2003-10-20"), on("2004-10-20"))


def test_w3_one_investor_signs_on_20_june_and_no_day_is_left_to_file():
    facts = matter(*posted("2003-06-05", Birch="2003-06-07", Cedar="2003-06-09", Dale="2003-06-20"))
    file = window(facts, "file")

    assert (file.opens_on, file.closes_on) == (on("2003-07-20"), on("2003-07-17"))
    assert file.impossible
    assert state(file, "2003-06-21") is State.IMPOSSIBLE
    text = concern(facts, "impossible")
    for day in ("Sun, Jul 20, 2003", "Fri, Jun 20, 2003", "Thu, Jul 17, 2003"):
        assert day in text


def test_w4_a_fax_without_receipt_leaves_its_window_and_the_first_day_to_file_unknown():
    facts = matter(*W1[:2], told("Dale", fax("2003-06-05")))
    file, join = window(facts, "file"), join_window(facts, "Dale")

    assert (file.opens_on, file.closes_on) == (None, on("2003-07-17"))
    assert [a.text for a in file.awaiting] == ["receipt of the Company Notice: Dale"]
    assert (join.opens_on, join.closes_on, join.lenient_on) == (None, None, None)
    assert {r.closes_on for r in join.readings} == {None}
    assert state(join, "2003-07-01") is State.UNKNOWN
    assert join_window(facts, "Birch").closes_on == on("2003-06-25")


def test_w5_a_request_posted_in_time_and_received_between_the_readings():
    cedar = told(
        "Cedar",
        certified("2003-06-05", "2003-06-09"),
        asks=(asks("2003-06-26", sent="2003-06-24"),),
    )
    facts = matter(W1[0], cedar, W1[2])
    join = join_window(facts, "Cedar")

    assert join.done_on == on("2003-06-26")
    assert (join.closes_on, join.lenient_on) == (on("2003-06-25"), on("2003-06-29"))
    assert state(join, "2003-06-26") is State.NEEDS_DECISION
    assert kinds(facts) == ["needs_decision"]


@pytest.mark.parametrize(
    ("units", "issued", "held", "said"),
    [
        pytest.param(1_527_699, 3_055_399, 3_055_399, "refused", id="short on every reading"),
        pytest.param(1_527_700, 3_055_399, 3_055_399, "needs_decision", id="more than half issued"),
        pytest.param(2_250_000, 3_055_399, 3_055_399, "needs_decision", id="half of those offered"),
        pytest.param(2_250_001, 3_055_399, 3_055_399, "good", id="good on every reading"),
    ],
)
def test_w6_a_majority_of_which_units(units, issued, held, said):
    assert outcome(units, issued=issued, held=held) == said


@pytest.mark.parametrize(
    ("units", "said"),
    [
        pytest.param(2_000_000, "refused", id="exactly half of four million"),
        pytest.param(2_000_001, "good", id="one more than half"),
    ],
)
def test_w6_exactly_half_is_not_a_majority(units, said):
    terms = Terms.from_entries(stored(units_offered=4_000_000))
    facts = matter(units=units, issued=4_000_000, held=4_000_000)

    assert docket(facts, terms).ruling.outcome == said


@pytest.mark.parametrize(
    ("received", "latest", "practical"),
    [
        pytest.param("2003-11-25", "2004-01-09", "2004-01-09", id="a Friday is a filing day"),
        pytest.param("2003-11-20", "2004-01-04", "2004-01-02", id="a Sunday: file on Friday"),
    ],
)
def test_w7_the_practical_last_day_to_file_across_the_year_end(received, latest, practical):
    file = window(matter(demand=received), "file")

    assert file.closes_on == on(latest)
    assert file.practical_closes_on == file.remind_on == on(practical)
    assert state(file, latest) is State.DUE_SOON


def test_w10_another_statement_puts_the_company_to_rest_and_leaves_the_demand_good():
    facts = matter(*W1, others={"The resale statement": "2003-02-01"})
    rest = window(facts, "rest:1")

    assert rest.closes_on == on("2003-07-31")
    assert docket(facts).ruling.outcome == "good"
    assert state(rest, "2003-07-31") is State.OPEN
    assert state(rest, "2003-08-01") is State.LAPSED
    file = window(facts, "file")
    assert file.closes_on == on("2003-07-17")
    assert reading(file, "effect_means_file") == on("2003-07-31")


# --- Scenarios, with their own figures ------------------------------------------------------


@pytest.mark.parametrize(
    ("held", "good"),
    [
        pytest.param([2_250_000], False, id="a: exactly half"),
        pytest.param([2_250_001], True, id="b: one more"),
        pytest.param([900_000, 600_000], False, id="c: two holders, a third"),
        pytest.param([1_400_000, 900_000], True, id="d: Alder and Birch together"),
    ],
)
def test_scenario_00_1_a_majority_is_strictly_more_than_half(held, good):
    facts = matter()
    first = facts.initiators[0]
    facts = facts._replace(
        initiators=tuple(first._replace(investor=n, units=u) for n, u in enumerate(held))
    )

    assert docket(facts).ruling.outcome == ("good" if good else "refused")
    assert all("2,250,001 needed" in r.says for r in docket(facts).ruling.readings)


def test_scenario_00_2_two_clocks_for_joining():
    facts = matter(
        *posted("2004-03-05", Birch="2004-03-08", Cedar="2004-03-09"),
        demand=certified("2004-03-01", "2004-03-04"),
        filed="2004-04-15",
    )

    assert docket(facts).demand.received_on == on("2004-03-04")
    birch, cedar = join_window(facts, "Birch"), join_window(facts, "Cedar")
    assert birch.opens_on == cedar.opens_on == on("2004-03-05")
    assert reading(birch, "given") == reading(cedar, "given") == on("2004-03-25")
    assert reading(birch, "received") == on("2004-03-28")
    assert reading(cedar, "received") == on("2004-03-29")
    file = window(facts, "file")
    assert [(r.name, r.opens_on) for r in file.readings] == [
        ("last_receipt", on("2004-04-08")),
        ("first_receipt", on("2004-04-07")),
    ]
    assert (file.opens_on, file.closes_on) == (on("2004-04-08"), on("2004-04-18"))
    assert file.practical_closes_on == on("2004-04-16")
    assert not file.impossible
    assert window(facts, "effective").closes_on == on("2004-08-13")


def test_scenario_00_3_a_slow_company_notice_empties_the_window():
    facts = matter(told("Cedar", by_hand("2004-03-26")), demand="2004-03-04")
    file = window(facts, "file")

    assert (file.opens_on, file.closes_on) == (on("2004-04-25"), on("2004-04-18"))
    assert file.impossible
    assert window(facts, "last_receipt").closes_on == on("2004-03-19")

    just = matter(told("Cedar", by_hand("2004-03-19")), demand="2004-03-04")
    file = window(just, "file")
    assert file.opens_on == file.closes_on == on("2004-04-18")
    assert not file.impossible


def test_scenario_00_4_methods_of_notice_and_a_mailed_reply_that_came_too_late():
    """The scenario is told of a Registration Notice; notice and reply count alike here."""
    facts = matter(
        told(
            "Birch",
            certified("2004-06-01", "2004-06-04"),
            asks=(asks("2004-06-23", sent="2004-06-20"),),
        ),
        told("Cedar", fax("2004-06-03", "2004-06-03"), asks=(asks("2004-06-23"),)),
        told("Dale", copy("regular_mail", "2004-06-01", "2004-06-05"), asks=(asks("2004-06-25"),)),
        told("Elm", copy("email", "2004-06-01")),
        demand="2004-05-28",
    )

    joins = {name: join_window(facts, name) for name in ("Birch", "Cedar", "Dale", "Elm")}
    assert {name: w.opens_on for name, w in joins.items()} == {
        "Birch": on("2004-06-01"),
        "Cedar": on("2004-06-03"),
        "Dale": on("2004-06-05"),
        "Elm": None,
    }
    by_given = {name: reading(w, "given") for name, w in joins.items()}
    assert by_given == {
        "Birch": on("2004-06-21"),
        "Cedar": on("2004-06-23"),
        "Dale": on("2004-06-25"),
        "Elm": None,
    }
    timely = {n: joins[n].done_on <= by_given[n] for n in ("Birch", "Cedar", "Dale")}
    assert timely == {"Birch": False, "Cedar": True, "Dale": True}


def test_scenario_00_12_late_on_one_reading_and_timely_on_the_other():
    cedar = told("Cedar", certified("2004-03-05", "2004-03-09"), asks=(asks("2004-03-27"),))
    facts = matter(cedar, demand="2004-03-04")
    join = join_window(facts, "Cedar")

    assert join.remind_on == reading(join, "given") == on("2004-03-25")
    assert reading(join, "received") == on("2004-03-29")
    assert reading(join, "given") < join.done_on <= reading(join, "received")
    assert state(join, "2004-03-27") is State.NEEDS_DECISION
    assert kinds(facts) == ["needs_decision"]


def test_scenario_00_15_the_denominator_when_not_all_units_were_sold():
    ruling = docket(matter(units=2_100_000, issued=4_000_000, held=4_000_000)).ruling

    assert ruling.outcome == "needs_decision"
    says = {r.name: r.says for r in ruling.readings}
    assert "2,250,001 needed: not enough" in says["offered"]
    assert "2,000,001 needed: enough" in says["issued"]
