"""A demand under terms of any form: the same days as the quicker rules where both can work,
and days of its own where only these can."""

from __future__ import annotations

from datetime import timedelta
from fractions import Fraction

from hypothesis import given

from registrations.library import agreement as library
from registrations.rules import by_terms
from registrations.rules.delay import judged_delays
from registrations.rules.docket import demand_docket
from registrations.rules.findings import State
from registrations.rules.matter import Circumstances, Delay, DemandFacts, Waiver
from registrations.rules.situation import Calendars
from registrations.rules.terms import Terms

from .bestnet import (
    HOUSE,
    OPEN_DAYS,
    TERMS,
    asks,
    certified,
    docket,
    matter,
    on,
    posted,
    state,
    stored,
    told,
)
from .matters import matters


def under(name: str) -> Terms:
    """The terms of another agreement, counting business days by EDGAR's calendar."""
    return Terms.from_entries(library(name).terms, Calendars(OPEN_DAYS, OPEN_DAYS))


def worked(facts: DemandFacts, terms: Terms):
    return demand_docket(facts, terms=terms, house=HOUSE, open_days=OPEN_DAYS)


@given(matters)
def test_the_first_agreement_gives_the_same_days_by_either_way(facts):
    decided = {k: d for k, d in facts.decisions.items() if k.startswith("request:")}
    facts = facts._replace(decisions=decided, all_sold_on=None, distributed_on=None)
    facts = facts._replace(others=(), earlier=())
    demand = facts.post.arrival(TERMS)
    known = by_terms.situation(facts, demand, TERMS)

    ruling = by_terms.eligibility(facts, demand, TERMS, known)
    quick = docket(facts)
    assert ruling.outcome == quick.ruling.outcome
    if ruling.outcome == "refused":
        return
    delays = judged_delays(facts, demand, TERMS, OPEN_DAYS)
    slow = by_terms.worked_out(facts, demand, delays, TERMS, HOUSE, OPEN_DAYS, known)
    assert slow.arrivals == quick.notices
    for window in slow.windows:
        other = quick.window(window.key)
        assert other is not None, window.key
        assert window.opens_on == other.opens_on, window.key
        assert window.closes_on == other.closes_on, window.key
        assert window.lenient_on == other.lenient_on, window.key
        assert window.done_on == other.done_on, window.key


def waiver(name, right, investor, signed="2003-06-06"):
    return Waiver(1, investor, name, right, on(signed))


def test_a_waiver_binds_its_signer_alone_under_terms_of_any_form():
    ten = {"n": 10, "unit": "business", "after": "company_notice_delivered"}
    terms = Terms.from_entries(stored(joining=ten))
    facts = matter(*posted("2003-06-05", Birch="2003-06-09", Cedar=None))
    freed = worked(facts._replace(waivers=(waiver("Cedar", "notice", 3),)), terms)
    gave_up = worked(facts._replace(waivers=(waiver("Cedar", "join", 3),)), terms)

    assert worked(facts, terms).window("file").opens_on is None
    assert freed.window("file").opens_on == on("2003-07-09")
    assert state(gave_up.window("join:3"), "2003-07-01") is State.WAIVED
    assert state(gave_up.window("join:2"), "2003-06-10") is not State.WAIVED


def test_what_follows_the_filing_follows_the_delay():
    thirty = {"n": 30, "after": "demand_notice_given"}
    ninety = {"each": {"n": 90}, "tolls": True}
    terms = Terms.from_entries(stored(filing_closes=thirty, delay=ninety))
    delayed = matter(delays=(Delay(1, on("2003-06-10")),))

    assert worked(delayed, terms).window("file").closes_on == on("2003-09-30")
    assert worked(delayed, terms).window("effective").provisional_on == on("2004-01-28")


# --- others: who asks, by which form, from what ----------------------------------------------

NVCA = "nvca-model-ira-2020"


def nvca(**told) -> DemandFacts:
    """A demand received by hand on Monday, June 2, 2003; Fund One holds 60 of 100 shares."""
    facts = matter(*posted("2003-06-05", Birch="2003-06-09"), demand="2003-06-02")
    (one,) = facts.initiators
    return facts._replace(
        initiators=(one._replace(held=600, shares=600),),
        registrable=1_000,
        circumstances=Circumstances(**told),
    )


def test_a_long_form_demand_is_filed_in_sixty_days_and_a_short_form_in_forty_five():
    by_form = {
        form: worked(nvca(choices={"form": form}), under(NVCA)).window("file").closes_on
        for form in ("S-1", "S-3")
    }
    assert by_form == {"S-1": on("2003-08-01"), "S-3": on("2003-07-17")}


def test_which_form_was_asked_for_is_named_while_nobody_has_said():
    file = worked(nvca(), under(NVCA)).window("file")

    assert file.closes_on is None
    assert [a.fact for a in file.awaiting] == ["which form"]
    assert state(file, "2003-12-01") is State.UNKNOWN


def test_a_filing_counted_from_the_closing_waits_for_its_day():
    terms = Terms.from_entries(stored(filing_closes={"n": 30, "after": "closing"}))
    facts = matter()

    assert [a.fact for a in worked(facts, terms).window("file").awaiting] == ["closing"]
    closed = facts._replace(circumstances=Circumstances({"closing": on("2003-05-20")}))
    file = worked(closed, terms).window("file")
    assert file.closes_on == on("2003-06-19")
    assert file.because[-1].rule == "D7"


def test_a_window_counted_from_sending_runs_from_the_day_it_was_posted():
    twenty = {"n": 20, "after": "company_notice_sent"}
    terms = Terms.from_entries(stored(joining=twenty))
    facts = matter(told("Cedar", certified("2003-06-05", "2003-06-09"), asks=(asks("2003-06-26"),)))

    join = worked(facts, terms).window("join:3")
    assert join.closes_on == join.lenient_on == on("2003-06-25")
    assert state(join, "2003-07-01") is State.MET_LATE


def test_business_days_are_counted_by_the_agreements_own_calendar():
    ten = {"n": 10, "unit": "business", "after": "company_notice_delivered"}
    terms = Terms.from_entries(stored(joining=ten), Calendars(OPEN_DAYS, OPEN_DAYS))

    join = worked(matter(*posted("2003-06-25", Cedar="2003-06-27")), terms).window("join:3")
    assert join.closes_on == on("2003-07-14")  # July 4 does not count


def test_a_demand_by_too_few_shares_is_refused_by_its_own_share():
    share = {"is": "at_least", "share": "25%", "of": "registrable_shares"}
    quarter = {"measure": "initiating_shares", **share}
    terms = Terms.from_entries(stored(demand_threshold=quarter))
    facts = nvca()

    assert worked(facts, terms).ruling.outcome == "good"
    short = worked(facts._replace(registrable=2_401), terms)
    assert short.ruling.outcome == "refused"
    assert [c.kind for c in short.concerns] == ["ineligible"]
    assert "at least" in short.concerns[0].text


def test_a_demand_too_early_is_not_good():
    terms = Terms.from_entries(
        stored(
            demand_opens={"n": 180, "after": "ipo_effective"},
            filing_closes={"n": 30, "after": "closing"},
        )
    )
    ipo = Circumstances({"ipo_effective": on("2002-12-05")})

    early = worked(matter()._replace(circumstances=ipo), terms)
    assert early.ruling.outcome == "refused"
    assert "the first day to demand is Tue, Jun 3, 2003" in early.concerns[0].text
    later = Circumstances({"ipo_effective": on("2002-12-04")})
    assert worked(matter()._replace(circumstances=later), terms).ruling.outcome == "good"


def test_what_was_held_is_measured_exactly():
    worth = {"measure": "held_usd", "is": "at_least", "value": "5000000"}
    terms = Terms.from_entries(stored(demand_threshold=worth))

    def outcome(usd):
        told = Circumstances(measures={"held_usd": Fraction(usd)})
        return worked(matter()._replace(circumstances=told), terms).ruling.outcome

    assert (outcome("5000000"), outcome("4999999.99")) == ("good", "refused")
    assert worked(matter(), terms).ruling.outcome == "unknown"


def test_a_term_that_is_not_there_leaves_its_day_unknown_and_is_named():
    entries = {name: entry for name, entry in stored().items() if name != "joining"}
    found = worked(matter(*posted("2003-06-05", Cedar="2003-06-09")), Terms.from_entries(entries))

    join = found.window("join:3")
    assert join.closes_on is None
    assert [a.fact for a in join.awaiting] == ["a term not on record: last day to ask to join"]
    assert found.window("file").closes_on == on("2003-07-17")


@given(matters)
def test_a_later_demand_never_has_an_earlier_last_day(facts):
    terms = Terms.from_entries(stored(filing_closes={"n": 30, "after": "demand_notice_given"}))
    facts = facts._replace(decisions={}, delays=(), earlier=())
    first = worked(facts, terms).window("file")
    if first is None or first.closes_on is None:
        return
    assert first.closes_on == first.because[-1].result
    assert first.closes_on >= facts.post.arrival(terms).given_on + timedelta(30)
