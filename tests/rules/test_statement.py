"""The life of a registration statement, section by section (D10, D13, S1)."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registrations.rules.findings import State
from registrations.rules.statement import Event, counter, out_of_order, unanswered

from .bestnet import asks, certified, concern, docket, kinds, matter, on, state, told, window
from .matters import matters

FILED, EFFECTIVE = "2003-07-15", "2003-09-02"
BIRCH = told("Birch", certified("2003-06-05", "2003-06-07"))
BIRCH_ASKS = told(
    "Birch", certified("2003-06-05", "2003-06-07"), asks=(asks("2003-06-20", shares=400_000),)
)


@pytest.mark.parametrize(
    ("covers", "effective", "withdrawn", "use"),
    [
        pytest.param(3_000_000, EFFECTIVE, None, "used_up", id="a: effective, covers all"),
        pytest.param(2_800_000, EFFECTIVE, None, "alive", id="b: effective, 200,000 short"),
        pytest.param(3_000_000, None, "investors", "used_up", id="c: the price fell"),
        pytest.param(3_000_000, None, "learned", "alive", id="d: later-learned information"),
        pytest.param(3_000_000, None, "company", "alive", id="e: withdrawn by the Company"),
        pytest.param(3_000_000, None, None, "alive", id="f: never declared effective"),
        pytest.param(2_800_000, None, "investors", "alive", id="withdrawn, and short"),
    ],
)
def test_when_the_one_demand_is_used_up(covers, effective, withdrawn, use):
    facts = matter(
        told("Birch", certified("2003-06-05", "2003-06-07"),
             asks=(asks("2003-06-20", shares=2_400_000, held=3_000_000),)),
        filed=FILED,
        covers={"Alder": 600_000, "Birch": covers - 600_000},
        effective=effective,
        withdrawn=("2003-10-01", withdrawn) if withdrawn else None,
    )  # fmt: skip

    found = docket(facts).use

    assert found.outcome == use
    assert all(reason.clause for reason in found.because)


def test_a_demand_nobody_filed_for_is_alive():
    assert docket(matter(BIRCH)).use.outcome == "alive"


def test_what_the_statement_covers_is_not_on_record():
    found = docket(matter(filed=FILED, effective=EFFECTIVE)).use

    assert found.outcome == "undetermined"
    assert [a.fact for a in found.awaiting] == ["the shares the statement covers"]


@pytest.mark.parametrize(
    ("covers", "decided", "use"),
    [
        ({"Alder": 600_000}, None, "undetermined"),
        ({"Alder": 600_000}, "given", "used_up"),
        ({"Alder": 600_000}, "received", "alive"),
        ({"Alder": 600_000, "Birch": 6_000}, None, "used_up"),
    ],
)
def test_a_request_between_the_two_readings_leaves_it_open(covers, decided, use):
    """Birch's request came on June 26: a day late if counted from giving, in time if counted
    from receipt on June 7."""
    facts = matter(
        told("Birch", certified("2003-06-05", "2003-06-07"), asks=(asks("2003-06-26"),)),
        filed=FILED,
        covers=covers,
        effective=EFFECTIVE,
        decided={"request:1": (decided, "2003-07-01")} if decided else None,
    )

    assert docket(facts).use.outcome == use


@given(matters)
def test_whatever_happened_the_counter_has_reasons_and_a_short_statement_uses_nothing(facts):
    found = docket(facts)

    assert found.use.outcome in ("used_up", "alive", "undetermined")
    assert found.use.because
    if any(c.kind == "coverage_defect" for c in found.concerns):
        assert found.use.outcome != "used_up"


@pytest.mark.parametrize(
    ("uses", "stands"),
    [
        ({}, ("alive", 1)),
        ({"alive": 3}, ("alive", 1)),
        ({"used_up": 1}, ("used_up", 0)),
        ({"undetermined": 1}, ("undetermined", 1)),
        ({"used_up": 2}, ("used_up", 0)),
    ],
)
def test_one_demand_is_owed(uses, stands):
    assert counter(1, uses) == stands


@pytest.mark.parametrize(
    ("method", "sold", "distributed", "ends", "done"),
    [
        pytest.param("resale", None, None, "2005-08-13", None, id="a: resale, not all sold"),
        pytest.param("resale", "2005-03-02", None, "2005-08-13", "2005-03-02", id="b: all sold"),
        pytest.param("firm", None, "2004-10-01", "2005-08-13", "2004-10-01", id="c: completed"),
        pytest.param("firm", None, None, "2005-08-13", None, id="d: not completed"),
        pytest.param("firm", "2004-09-01", None, "2005-08-13", None, id="sold is not completed"),
        pytest.param("", "2005-03-02", None, "2005-08-13", "2005-03-02", id="method not recorded"),
    ],
)
def test_how_long_it_is_kept_effective(method, sold, distributed, ends, done):
    facts = matter(
        filed="2004-04-15", effective="2004-08-13", sold=sold, method=method,
        distributed=distributed,
    )  # fmt: skip

    kept = window(facts, "keep_effective")

    assert (kept.closes_on, kept.done_on) == (on(ends), on(done) if done else None)


def test_a_year_from_february_29_ends_on_february_28():
    kept = window(matter(filed="2003-12-01", effective="2004-02-29"), "keep_effective")

    assert kept.closes_on == date(2005, 2, 28)


def test_an_amendment_heals_what_the_filing_left_out():
    short = matter(BIRCH_ASKS, filed=FILED, covers={"Alder": 600_000})
    healed = matter(
        BIRCH_ASKS, filed=FILED, covers={"Alder": 600_000},
        amended={"2003-08-01": {"Alder": 600_000, "Birch": 400_000}},
    )  # fmt: skip

    assert kinds(short) == ["coverage_defect"]
    assert kinds(healed) == []
    assert docket(healed.upto(on("2003-07-31"))).concerns == docket(short).concerns


def test_an_amendment_that_drops_an_investor_is_a_defect_from_its_day():
    facts = matter(
        BIRCH_ASKS, filed=FILED, covers={"Alder": 600_000, "Birch": 400_000},
        amended={"2003-08-01": {"Alder": 600_000}},
    )  # fmt: skip

    [defect] = docket(facts).concerns

    assert (defect.kind, defect.since, defect.who) == ("coverage_defect", on("2003-08-01"), "Birch")


def test_cover_for_more_than_an_investor_held_is_remarked():
    facts = matter(
        told("Birch", certified("2003-06-05", "2003-06-07"), asks=(asks("2003-06-20"),)),
        filed=FILED, covers={"Alder": 600_000, "Birch": 600_001},
    )  # fmt: skip

    assert concern(facts, "coverage_above_holding") == (
        "The statement covers 600,001 Registrable Shares of Birch, who held 600,000 when it asked."
    )


@pytest.mark.parametrize(
    ("by", "then"),
    [("investors", State.SUPERSEDED), ("learned", State.SUPERSEDED), ("company", State.MISSED)],
)
def test_only_the_investors_own_withdrawal_ends_the_duty(by, then):
    facts = matter(filed=FILED, covers={"Alder": 600_000}, withdrawn=("2003-10-01", by))

    assert state(window(facts, "effective"), "2003-12-01") is then
    assert kinds(facts) == (["withdrawn"] if by == "company" else [])


@pytest.mark.parametrize(
    ("kind", "day", "beside", "clashes"),
    [
        ("effective", "2003-07-14", ("filed", FILED), True),
        ("effective", FILED, ("filed", FILED), False),
        ("pre_amendment", "2003-09-03", ("effective", EFFECTIVE), True),
        ("post_amendment", "2003-09-01", ("effective", EFFECTIVE), True),
        ("supplement", "2003-10-02", ("withdrawn", "2003-10-01"), True),
        ("withdrawn", "2003-10-01", ("comments", "2003-10-02"), True),
        ("comments", "2003-09-10", ("effective", EFFECTIVE), False),
        ("method", "2003-01-01", ("filed", FILED), False),
    ],
)
def test_what_cannot_come_before_what(kind, day, beside, clashes):
    other = Event(beside[0], on(beside[1]))

    assert out_of_order(Event(kind, on(day)), [other]) == (other if clashes else None)


EVENTS = st.builds(
    Event,
    st.sampled_from(["filed", "comments", "effective", "post_amendment", "withdrawn", "method"]),
    st.dates(date(2003, 1, 1), date(2003, 1, 9)),
)


@given(EVENTS, EVENTS)
def test_a_contradiction_is_one_whichever_is_recorded_first(one, other):
    assert bool(out_of_order(one, [other])) == bool(out_of_order(other, [one]))


def test_the_comment_letter_that_waits_for_an_answer():
    letters = [Event("comments", on("2003-08-01")), Event("comments", on("2003-08-20"))]
    answer = Event("response", on("2003-08-10"))

    assert unanswered([*letters, answer]) == on("2003-08-20")
    assert unanswered([letters[0], answer]) is None
    assert unanswered([]) is None
