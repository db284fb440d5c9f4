"""Capital too small to register every share, and whether a demand is left, sections 1(a) and
1(c) (D11, D13)."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from registrations.rules.capital import room
from registrations.rules.matter import Capital, Earlier
from registrations.rules.terms import Terms

from .bestnet import concern, docket, kinds, matter, maybe, on, stored

# 4,500,000 Units: 13,500,000 shares issued and as many issuable on conversion and exercise.
ISSUABLE = 13_500_000
COUNTS = Capital(100_000_000, 50_000_000, 40_000_000, on("2003-06-01"))


def earlier(use="used_up", used="2003-12-01", short=None):
    return (Earlier("DR-1", use, maybe(used), short),)


def test_ten_million_free_of_thirteen_and_a_half_needed_leave_three_and_a_half_out():
    found = room(COUNTS, ISSUABLE)

    assert (found.free, found.short) == (10_000_000, 3_500_000)
    facts = matter()._replace(issuable=ISSUABLE, capital=COUNTS)
    assert "no room for 3,500,000 Registrable Shares" in concern(facts, "capital_short")
    assert docket(facts).window("file").closes_on == on("2003-07-17")


def test_with_room_for_all_nothing_is_raised():
    assert kinds(matter()._replace(issuable=10_000_000, capital=COUNTS)) == []


def test_a_count_nobody_recorded_is_unknown_and_not_taken_for_nothing():
    found = room(COUNTS._replace(reserved=None), ISSUABLE)

    assert (found.free, found.short) == (None, None)
    assert [a.fact for a in found.awaiting] == ["Common Stock reserved for others"]
    assert kinds(matter()._replace(issuable=ISSUABLE, capital=Capital())) == []


@given(*(st.integers(0, 10**12) for _ in range(4)))
def test_what_is_free_and_what_is_short_make_up_what_is_issuable(one, two, three, issuable):
    found = room(Capital(one, two, three, on("2003-06-01")), issuable)

    assert found.short == max(0, issuable - found.free)
    assert 0 <= found.short <= issuable


def test_the_one_demand_used_up_before_leaves_none():
    facts = matter(demand="2004-06-01")._replace(earlier=earlier(short=0))

    found = docket(facts)
    assert found.ruling.outcome == "refused"
    assert found.windows == ()
    assert "DR-1 used one up" in concern(facts, "no_demand_left")


def test_a_demand_that_came_before_the_other_was_used_up_stands():
    facts = matter(demand="2003-11-30")._replace(earlier=earlier(short=0))

    assert docket(facts).ruling.outcome == "good"


def test_one_withdrawn_by_the_company_leaves_the_demand_alive():
    facts = matter(demand="2004-06-01")._replace(earlier=earlier(use="alive"))

    assert docket(facts).ruling.outcome == "good"


def test_a_second_demand_is_owed_for_what_there_was_no_room_for():
    facts = matter(demand="2004-06-01", shares=3_500_000)
    facts = facts._replace(earlier=earlier(short=3_500_000))

    assert docket(facts).ruling.outcome == "good"
    assert kinds(facts) == []


def test_and_for_no_more_than_that():
    facts = matter(demand="2004-06-01", shares=3_500_001)
    facts = facts._replace(earlier=earlier(short=3_500_000))

    assert "is for the 3,500,000 Registrable Shares left out" in concern(facts, "over_request")


def test_and_no_third():
    before = (*earlier(short=3_500_000), Earlier("DR-2", "used_up", on("2005-01-01"), 0))
    facts = matter(demand="2006-06-01")._replace(earlier=before)

    assert docket(facts).ruling.outcome == "refused"


def test_unless_the_counts_are_on_record_counsel_decide():
    facts = matter(demand="2004-06-01")._replace(earlier=earlier())
    decided = matter(demand="2004-06-01", decided={"demand_left": ("not_owed", "2004-06-02")})

    assert docket(facts).window("file") is not None
    assert "Whether a demand is left is not known" in concern(facts, "needs_decision")
    refused = docket(decided._replace(earlier=earlier()))
    assert (refused.ruling.outcome, refused.windows) == ("refused", ())


def test_an_agreement_that_counts_no_demands_never_runs_out():
    entries = {name: entry for name, entry in stored().items() if name != "demand_count"}
    facts = matter(demand="2004-06-01")._replace(earlier=earlier(short=0))

    assert docket(facts, Terms.from_entries(entries)).ruling.outcome == "good"
