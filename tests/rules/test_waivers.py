"""What an Investor waived binds it and nobody else, in one matter, section 8(c) (S8).

The demand comes on June 2, 2003; the Company Notice is posted on June 5.  Birch signs for
it on June 9, Cedar on June 20, which leaves no day to file: unless Cedar waived the notice.
"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registrations.rules.findings import State
from registrations.rules.matter import Earlier, Waiver
from registrations.rules.terms import Terms
from registrations.rules.waivers import OF_THE_COMPANY, RIGHTS

from .bestnet import (
    CAST,
    TERMS,
    asks,
    certified,
    docket,
    fax,
    matter,
    on,
    state,
    stored,
    told,
    window,
)
from .matters import matters

AS_AMENDMENT = Terms.from_entries(
    stored(amendment={"needs": [{"who": "company"}, {"who": "each_investor"}],
                      "waiver": "as_amendment"})
)  # fmt: skip


def waiver(who: str, right: str, signed: str = "2003-06-10", id: int = 1) -> Waiver:
    return Waiver(id, CAST[who], who, right, on(signed))


def told_both(*waivers: Waiver, **more):
    facts = matter(
        told("Birch", certified("2003-06-05", "2003-06-09")),
        told("Cedar", certified("2003-06-05", "2003-06-20"), **more),
    )
    return facts._replace(waivers=waivers)


def keys(facts, terms=TERMS) -> set[str]:
    return {c.key for c in docket(facts, terms).concerns}


def test_a_window_to_join_is_waived_for_the_one_that_signed_and_open_for_the_other() -> None:
    facts = told_both(waiver("Birch", "join"))

    assert state(window(facts, "join:2"), "2003-06-12") is State.WAIVED
    assert state(window(facts, "join:2"), "2003-07-12") is State.WAIVED
    assert window(facts, "join:3") == window(told_both(), "join:3")
    assert "Birch waived its right to ask to be included" in window(facts, "join:2").because[0].text
    assert window(facts, "join:2").because[0].clause == "8(c)"


def test_a_notice_waived_is_owed_to_the_others_alone_and_its_receipt_holds_nothing_back() -> None:
    late = told_both()
    waived = told_both(waiver("Cedar", "notice"))

    assert window(late, "file").opens_on == on("2003-07-20")
    assert "impossible:file" in keys(late)
    assert window(waived, "file").opens_on == on("2003-07-09")
    assert "impossible:file" not in keys(waived)
    assert window(waived, "last_receipt").done_on == on("2003-06-09")


def test_a_receipt_never_recorded_is_not_missed_from_one_that_waived_the_notice() -> None:
    facts = matter(
        told("Birch", certified("2003-06-05", "2003-06-09")), told("Cedar", fax("2003-06-05"))
    )
    waived = facts._replace(waivers=(waiver("Cedar", "notice"),))

    assert "receipt:3" in keys(facts)
    assert window(facts, "file").opens_on is None
    assert "receipt:3" not in keys(waived)
    assert window(waived, "file").opens_on == on("2003-07-09")
    assert window(waived, "company_notice").done_on == on("2003-06-05")


def test_when_everybody_waived_the_notice_nothing_holds_the_filing_back() -> None:
    facts = told_both(waiver("Birch", "notice"), waiver("Cedar", "notice", id=2))

    assert window(facts, "file").opens_on is None
    assert not window(facts, "file").awaiting
    assert docket(facts).window("company_notice") is None


def test_who_waived_its_place_is_owed_no_cover_and_one_that_asked_later_is_named() -> None:
    asked = {"asks": (asks("2003-06-24"),)}
    facts = told_both(waiver("Cedar", "join"), **asked)
    filed = facts._replace(filing=matter(filed="2003-07-15", covers={"Alder": 600_000}).filing)

    assert "coverage:3" in keys(filed._replace(waivers=()))
    assert "coverage:3" not in keys(filed)
    assert "waived:3" in keys(facts)
    assert state(window(facts, "join:3"), "2003-07-01") is State.WAIVED


def test_a_duty_owed_to_all_is_waived_only_when_each_has_signed() -> None:
    some = told_both(waiver("Birch", "file"), waiver("Cedar", "file", id=2))
    every = told_both(*some.waivers, waiver("Alder", "file", "2003-06-11", id=3))

    assert state(window(some, "file"), "2003-08-01") is not State.WAIVED
    assert any("Birch waived the last day to file" in r.text for r in window(some, "file").because)
    assert state(window(every, "file"), "2003-08-01") is State.WAIVED
    assert window(every, "file").waived_on == on("2003-06-11")
    assert state(window(every, "effective"), "2003-08-01") is not State.WAIVED


def test_where_a_waiver_needs_the_consents_of_an_amendment_one_signed_alone_changes_nothing() -> (
    None
):
    facts = told_both(waiver("Birch", "join"))

    plain = docket(told_both(), AS_AMENDMENT)
    assert docket(facts, AS_AMENDMENT).windows == plain.windows
    assert keys(facts, AS_AMENDMENT) == {c.key for c in plain.concerns} | {"waiver:join:2"}


def test_looking_back_before_it_was_signed_it_is_not_there() -> None:
    facts = told_both(waiver("Birch", "join", "2003-06-10"))

    assert facts.upto(on("2003-06-09")).waivers == ()
    assert facts.upto(on("2003-06-10")).waivers == facts.waivers


@pytest.mark.parametrize("right", ["join", "file", "effective", "keep_effective"])
@given(facts=matters, who=st.integers(1, 9))
def test_a_waiver_changes_no_window_of_another_investor(right: str, facts, who: int) -> None:
    signed = facts._replace(waivers=(Waiver(1, who, "Somebody", right, on("2003-06-10")),))
    plain, other = docket(facts), docket(signed)

    assert right in RIGHTS
    assert [w.key for w in other.windows] == [w.key for w in plain.windows]
    for was, now in zip(plain.windows, other.windows, strict=True):
        if now.key.startswith("join:") and now.investor != who:
            assert now == was
        assert (now.opens_on, now.closes_on) == (was.opens_on, was.closes_on)


# --- what the Company waives -------------------------------------------------------------


def by_company(right: str, favours: str = "", signed: str = "2003-07-12") -> Waiver:
    return Waiver(7, CAST[favours] if favours else None, favours, right, on(signed))


def test_a_request_that_came_late_is_in_time_once_the_company_waived_its_last_day() -> None:
    late = told_both(asks=(asks("2003-07-11"),))
    facts = late._replace(waivers=(by_company("in_time", "Cedar"),))
    filing = matter(filed="2003-07-15", covers={"Alder": 600_000}).filing

    assert state(window(late, "join:3"), "2003-07-12") is State.MET_LATE
    assert state(window(facts, "join:3"), "2003-07-12") is State.MET
    assert (
        window(facts, "join:3")
        .because[0]
        .text.startswith(
            "The Company waived the last day for a request to be included for Cedar, in this matter"
        )
    )
    assert window(facts, "join:2") == window(late, "join:2")
    assert "coverage:3" not in keys(late._replace(filing=filing))
    assert "coverage:3" in keys(facts._replace(filing=filing))


def test_a_waiver_before_any_request_leaves_the_window_and_a_timely_one_is_not_moved() -> None:
    waived = by_company("in_time", "Cedar")
    for answered in ((), (asks("2003-06-24"),)):
        plain = told_both(asks=answered)
        found = window(plain._replace(waivers=(waived,)), "join:3")
        assert found._replace(because=found.because[1:]) == window(plain, "join:3")


def test_a_demand_too_small_is_good_once_the_company_waived_its_conditions() -> None:
    small = told_both()._replace(initiators=matter(units=2_250_000).initiators)
    taken = small._replace(waivers=(by_company("conditions"),))

    assert docket(small).ruling.outcome == "refused"
    found = docket(taken).ruling
    assert (found.outcome, found.awaiting) == ("good", ())
    assert "The Company waived the conditions a demand must meet" in found.because[0].text
    assert [r.says for r in found.readings] == [r.says for r in docket(small).ruling.readings]
    assert "ineligible" not in keys(taken)
    assert window(taken, "file").closes_on == on("2003-07-17")


def test_a_demand_when_none_is_left_is_good_by_the_waiver_and_says_both() -> None:
    used = (Earlier("DR-1", "used_up", on("2003-12-01"), 0),)
    facts = matter(demand="2004-06-01")._replace(earlier=used)
    taken = facts._replace(waivers=(by_company("conditions", signed="2004-06-02"),))

    assert docket(facts).ruling.outcome == "refused"
    found = docket(taken).ruling
    assert found.outcome == "good"
    said = [r.text for r in found.because]
    assert any("The Company waived the conditions a demand must meet" in text for text in said)
    assert any("DR-1 used one up" in text for text in said)
    assert "no_demand_left" not in {c.kind for c in docket(taken).concerns}


def test_conditions_waived_do_not_make_a_demand_given_that_was_not() -> None:
    facts = matter(demand=None)._replace(waivers=(by_company("conditions"),))

    assert docket(facts).ruling.outcome == "unknown"


def test_a_rest_the_company_waived_holds_nothing_back_and_stays_visible() -> None:
    plain = matter(
        told("Cedar", certified("2003-06-05", "2003-06-07")), others={"Resale": "2003-02-01"}
    )
    facts = plain._replace(waivers=(by_company("rest"),))

    assert "effect_means_file" in {r.name for r in window(plain, "file").readings}
    assert "effect_means_file" not in {r.name for r in window(facts, "file").readings}
    assert state(window(facts, "rest:1"), "2003-06-12") is State.WAIVED
    said = [r.says for r in window(facts, "rest:1").because]
    assert said.count("The Company waived its time of rest after another registration, in this "
                      "matter alone") == 1  # fmt: skip
    assert window(facts, "rest:1").closes_on == window(plain, "rest:1").closes_on


@given(facts=matters, right=st.sampled_from(sorted(OF_THE_COMPANY)), who=st.integers(1, 9))
def test_what_the_company_waives_shortens_no_investors_window(right: str, facts, who: int) -> None:
    waived = by_company(right)._replace(investor=who if right == "in_time" else None)
    plain = {w.key: w for w in docket(facts).windows}
    for now in docket(facts._replace(waivers=(waived,))).windows:
        was = plain.get(now.key)
        if was is None or not now.key.startswith("join:"):
            continue
        assert was.closes_on is None or now.closes_on >= was.closes_on
        assert was.lenient_on is None or now.lenient_on is not None
