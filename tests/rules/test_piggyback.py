"""Registrations the Company proposes (P1–P6, P8, section 3), told as counsel would check them.

Days: proposed Tue 25 May 2004; Registration Notices from 1 June; planned filing 30 June.
"""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registrations.rules.company_docket import company_docket
from registrations.rules.docket import Docket
from registrations.rules.findings import Decision, State
from registrations.rules.matter import CompanyFacts, Filing, Proposal
from registrations.rules.notice import Post
from registrations.rules.terms import Terms

from .bestnet import (
    CAST,
    HOUSE,
    OPEN_DAYS,
    TERMS,
    asks,
    certified,
    copy,
    declines,
    fax,
    on,
    state,
    stored,
    told,
)

PROPOSED = on("2004-05-25")
OFFERING = Proposal(PROPOSED, "Common Stock", "S-3", True, planned_on=on("2004-06-30"))


def proposed(*invited, filed=None, covers=None, decided=(), **facts) -> CompanyFacts:
    proposal = OFFERING._replace(**facts.pop("proposal", {}))
    covered = None if covers is None else {CAST[n]: shares for n, shares in covers.items()}
    return CompanyFacts(
        proposal,
        invited,
        filing=Filing(on(filed), covered) if filed else None,
        accepted={CAST[name]: on(day) for name, day in facts.pop("accepted", {}).items()},
        decisions={
            about: Decision(about, choice, on("2004-06-01"), "Memo") for about, choice in decided
        },
        **facts,
    )


def docket(facts: CompanyFacts) -> Docket:
    return company_docket(facts, terms=TERMS, house=HOUSE, open_days=OPEN_DAYS)


def window(facts: CompanyFacts, key: str):
    found = docket(facts).window(key)
    assert found is not None
    return found


def joins(facts: CompanyFacts, name: str):
    return window(facts, f"join:{CAST[name]}")


def concerns(facts: CompanyFacts) -> dict[str, str]:
    return {c.kind: c.text for c in docket(facts).concerns}


# --- P1, P2: is a notice owed? ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("proposal", "outcome", "rule", "word"),
    [
        ({}, "owed", "P1", "public offering"),
        ({"only_for": "stock_plan"}, "excluded", "P2", "stock plan"),
        ({"only_for": "reorganization"}, "excluded", "P2", "Rule 145"),
        ({"only_for": "conversion"}, "excluded", "P2", "debt"),
        ({"public_offering": False}, "excluded", "P1", "not for a public offering"),
        ({"form_allows": False}, "excluded", "P1", "could not carry"),
        ({"form_allows": None}, "unknown", "P1", "not on record"),
        ({"form_allows": None, "only_for": "stock_plan"}, "excluded", "P2", "stock plan"),
    ],
)
def test_what_owes_a_notice_and_what_does_not(proposal, outcome, rule, word):
    ruling = docket(proposed(told("Birch"), proposal=proposal)).ruling

    assert ruling.outcome == outcome
    assert (ruling.because[0].rule, ruling.because[0].clause) == (rule, "3(a)")
    assert word in ruling.because[0].text


def test_an_excluded_registration_starts_no_investor_s_window():
    found = docket(proposed(told("Birch"), proposal={"only_for": "stock_plan"}))

    assert [w.key for w in found.windows] == ["file"]
    assert found.concerns == ()


def test_an_agreement_that_does_not_leave_it_out_owes_the_notice():
    terms = Terms.from_entries(stored(piggyback_excluded=["reorganization"]))
    facts = proposed(proposal={"only_for": "stock_plan"})
    found = company_docket(facts, terms=terms, house=HOUSE, open_days=OPEN_DAYS)

    assert found.ruling.outcome == "owed"


def test_counsel_s_conclusion_governs_and_the_facts_reading_stays_visible():
    facts = proposed(
        told("Birch"),
        proposal={"only_for": "conversion"},
        decided=[("notice_owed", "owed")],
    )
    ruling = docket(facts).ruling

    assert ruling.outcome == "owed"
    assert ruling.decision.reason == "Memo"
    assert [(r.name, r.governs) for r in ruling.readings] == [("owed", True), ("excluded", False)]
    assert "debt" in ruling.readings[1].says


def test_what_is_not_known_names_the_missing_fact_and_calls_for_it():
    facts = proposed(told("Birch"), proposal={"form_allows": None})

    assert "could carry the Investors’ shares" in concerns(facts)["screening"]


# --- P3: methods of notice, and a reply mailed in the window and received after it -----------


def mailed() -> CompanyFacts:
    """Birch by certified mail, Cedar by fax, Alder by e-mail, Dale by regular mail."""
    return proposed(
        told(
            "Birch",
            certified("2004-06-01", "2004-06-04"),
            asks=(asks("2004-06-23", sent="2004-06-20", id=1),),
        ),
        told("Cedar", fax("2004-06-03", "2004-06-03"), asks=(asks("2004-06-23", id=2),)),
        told("Alder", copy("email", "2004-06-01")),
        told(
            "Dale",
            copy("regular_mail", "2004-06-01", "2004-06-05"),
            asks=(asks("2004-06-25", id=3),),
        ),
    )


def test_each_window_runs_from_the_day_the_notice_was_given_to_that_investor():
    facts = mailed()
    given = {n: joins(facts, n).opens_on for n in ("Birch", "Cedar", "Alder", "Dale")}
    by = {n: joins(facts, n).closes_on for n in ("Birch", "Cedar", "Alder", "Dale")}

    assert given == {
        "Birch": on("2004-06-01"), "Cedar": on("2004-06-03"), "Alder": None,
        "Dale": on("2004-06-05"),
    }  # fmt: skip
    assert by == {
        "Birch": on("2004-06-21"), "Cedar": on("2004-06-23"), "Alder": None,
        "Dale": on("2004-06-25"),
    }  # fmt: skip


def test_a_reply_is_timed_by_its_receipt():
    facts = mailed()

    assert state(joins(facts, "Birch"), "2004-06-28") is State.MET_LATE
    assert state(joins(facts, "Cedar"), "2004-06-28") is State.MET
    assert state(joins(facts, "Dale"), "2004-06-28") is State.MET


def test_an_unlisted_method_gives_no_notice_and_says_what_is_missing():
    window = joins(mailed(), "Alder")

    assert state(window, "2004-07-30") is State.UNKNOWN
    assert window.awaiting[0].who == "Alder"


def test_a_fax_with_no_receipt_leaves_the_window_unknown():
    facts = proposed(told("Cedar", fax("2004-06-03")))

    assert joins(facts, "Cedar").closes_on is None
    assert "Cedar’s receipt of the Registration Notice" in concerns(facts)["missing_receipt"]


def test_the_reason_names_the_registration_notice_and_its_clause():
    first = joins(mailed(), "Birch").because[0]

    assert (first.rule, first.clause) == ("P3", "3(a)")
    assert first.text == (
        "Last day to ask to join: 20 days after Tue, Jun 1, 2004 "
        "(Registration Notice given to the Investor) is Mon, Jun 21, 2004."
    )


def test_an_incomplete_request_is_kept_and_named():
    facts = proposed(
        told("Birch", certified("2004-06-01"), asks=(asks("2004-06-10", distribution=""),))
    )

    assert "intended method of distribution" in concerns(facts)["incomplete_request"]
    assert state(joins(facts, "Birch"), "2004-06-28") is State.MET


# --- P4: the planned filing ---------------------------------------------------------------------


def test_the_last_safe_day_to_give_notice():
    """30 June less 20 days is 10 June; less 10 more for the mail, 31 May."""
    found = window(proposed(told("Birch")), "last_notice")

    assert found.closes_on == on("2004-06-10")
    assert {r.name: r.closes_on for r in found.readings} == {
        "counts_when_sent": on("2004-06-10"),
        "counts_on_receipt": on("2004-05-31"),
    }
    assert "our standard, not in the agreement" in found.readings[1].says
    assert state(found, "2004-06-11") is State.MISSED


def test_with_no_planned_day_the_last_safe_day_is_unknown():
    found = window(proposed(told("Birch"), proposal={"planned_on": None}), "last_notice")

    assert found.closes_on is None
    assert found.awaiting[0].fact == "the planned filing day"


def test_the_plan_moves_and_the_last_safe_day_with_it():
    facts = proposed(told("Birch"), proposal={"planned_on": on("2004-07-15")})

    assert window(facts, "last_notice").closes_on == on("2004-06-25")


def test_a_filing_before_a_window_closes_cuts_nobody_off_and_names_them():
    facts = proposed(
        told("Birch", certified("2004-06-01")),
        told("Cedar", certified("2004-06-05")),
        told("Dale", certified("2004-06-01"), asks=(declines("2004-06-10"),)),
        filed="2004-06-23",
        covers={},
    )
    said = concerns(facts)

    assert "Cedar" in said["amendment"]  # its window runs to 25 June
    assert "Birch" not in said["amendment"]  # closed on 21 June
    assert "Dale" not in said["amendment"]  # has answered
    assert joins(facts, "Cedar").closes_on == on("2004-06-25")


def test_a_request_in_time_that_the_statement_leaves_out_is_a_defect():
    facts = proposed(
        told("Cedar", certified("2004-06-05"), asks=(asks("2004-06-25", shares=6_000),)),
        filed="2004-06-23",
        covers={"Cedar": 1_000},
    )
    [defect] = [c for c in docket(facts).concerns if c.kind == "coverage_defect"]

    assert (defect.rule, defect.investor) == ("P4", CAST["Cedar"])
    assert "1,000 of the 6,000" in defect.text


def test_a_late_request_is_owed_nothing():
    facts = proposed(
        told("Birch", certified("2004-06-01"), asks=(asks("2004-06-23"),)),
        filed="2004-06-30",
        covers={},
    )

    assert "coverage_defect" not in concerns(facts)


def test_filing_before_the_notice_was_given_is_recorded_and_named():
    facts = proposed(told("Birch", certified("2004-06-25")), filed="2004-06-23", covers={})

    assert "Birch" in concerns(facts)["filed_untold"]
    assert state(window(facts, "file"), "2004-06-30") is State.MET_EARLY


# --- P5: withdrawal -----------------------------------------------------------------------------


def test_withdrawn_nothing_hangs_on_it_any_more():
    facts = proposed(
        told("Birch", fax("2004-06-01")),
        told("Cedar", certified("2004-06-01")),
        withdrawn_on=on("2004-06-15"),
    )

    assert concerns(facts) == {}
    assert state(joins(facts, "Cedar"), "2004-07-30") is State.SUPERSEDED
    assert state(window(facts, "file"), "2004-07-30") is State.SUPERSEDED
    assert state(window(facts, "last_notice"), "2004-07-30") is State.SUPERSEDED


def test_before_the_withdrawal_it_stood_as_it_stood():
    facts = proposed(told("Cedar", certified("2004-06-01")), withdrawn_on=on("2004-06-15"))

    assert state(joins(facts.upto(on("2004-06-14")), "Cedar"), "2004-06-14") is State.DUE_SOON


# --- P6: underwriting ---------------------------------------------------------------------------


def underwritten(**facts) -> CompanyFacts:
    birch = told("Birch", certified("2004-06-01"), asks=(asks("2004-06-10", shares=6_000),))
    return proposed(birch, proposal={"underwritten": True}, filed="2004-06-30", covers={}, **facts)


def test_who_has_not_accepted_the_underwriting_is_not_yet_able_to_participate():
    facts = underwritten()
    [found] = [c for c in docket(facts).concerns if c.kind == "not_accepted"]

    assert (found.clause, found.since) == ("3(c)", on("2004-06-10"))
    assert "coverage_defect" not in concerns(facts)


def test_once_accepted_its_shares_are_owed():
    facts = underwritten(accepted={"Birch": "2004-06-12"})

    assert "not_accepted" not in concerns(facts)
    assert "0 of the 6,000" in concerns(facts)["coverage_defect"]


def test_an_acceptance_to_come_does_not_count_yet():
    facts = underwritten(accepted={"Birch": "2004-06-12"})

    assert "not_accepted" in concerns(facts.upto(on("2004-06-11")))


# --- P8: the same shares in two registrations -------------------------------------------------


def in_two(*decided) -> CompanyFacts:
    """Birch holds 600,000, of which 595,000 sit in another registration, and asks for 6,000."""
    request = asks("2004-06-10", shares=6_000, id=7)._replace(committed=595_000)
    return proposed(
        told("Birch", certified("2004-06-01"), asks=(request,)),
        filed="2004-06-30",
        covers={"Birch": 5_000},
        decided=decided,
    )


def test_shares_in_another_registration_are_left_out_until_counsel_allows_them():
    assert "1,000 of the Registrable Shares" in concerns(in_two())["needs_decision"]
    assert "coverage_defect" not in concerns(in_two())


def test_counsel_may_allow_them_for_that_request():
    said = concerns(in_two(("both:7", "allowed")))

    assert "needs_decision" not in said
    assert "5,000 of the 6,000" in said["coverage_defect"]


def test_counsel_may_leave_them_out_for_good():
    assert concerns(in_two(("both:7", "left_out"))) == {}


# --- whatever the days --------------------------------------------------------------------------

days = st.integers(0, 120).map(lambda n: PROPOSED + timedelta(n))


@given(sent=days, transit=st.integers(0, 60), answered=days, filed=days)
def test_a_request_in_time_is_always_included(sent, transit, answered, filed):
    """Whenever it is filed, a request received within the window is owed its shares."""
    notice = certified(sent.isoformat(), (sent + timedelta(transit)).isoformat())
    facts = proposed(
        told("Birch", notice, asks=(asks(answered.isoformat(), shares=6_000),)),
        filed=filed.isoformat(),
        covers={},
    )
    in_time = answered <= sent + timedelta(20)

    assert ("coverage_defect" in concerns(facts)) is in_time


@given(received=days, later=st.integers(0, 60))
def test_a_later_receipt_never_opens_an_earlier_window(received, later):
    early = joins(proposed(told("Cedar", fax(None, received.isoformat()))), "Cedar")
    late_on = received + timedelta(later)
    late = joins(proposed(told("Cedar", fax(None, late_on.isoformat()))), "Cedar")

    assert (late.opens_on - early.opens_on).days == later
    assert (late.closes_on - early.closes_on).days == later


@given(planned=days)
def test_a_notice_given_by_the_last_safe_day_closes_by_the_planned_filing(planned: date):
    facts = proposed(told("Birch"), proposal={"planned_on": planned})
    safe = window(facts, "last_notice").closes_on
    given_then = proposed(told("Birch", certified(safe.isoformat())))

    assert joins(given_then, "Birch").closes_on == planned


@given(day=days, withdrawn=st.none() | days, filed=st.none() | days)
def test_a_past_day_knows_nothing_of_what_came_after(day, withdrawn, filed):
    full = mailed()._replace(
        withdrawn_on=withdrawn, filing=Filing(filed) if filed else None, accepted={2: PROPOSED}
    )
    known = full.upto(day)

    assert known.withdrawn_on in (None, withdrawn)
    for found in docket(known).windows:
        assert found.done_on is None or found.done_on <= day
        assert found.superseded_on is None or found.superseded_on <= day
    assert all(
        c.received_on is None or c.received_on <= day for i in known.invited for c in i.post.copies
    )
    assert all(isinstance(i.post, Post) for i in known.invited)


# --- terms of other forms ---------------------------------------------------------------------


def under(**values) -> Terms:
    return Terms.from_entries(stored(**values))


def without(*names: str) -> Terms:
    return Terms.from_entries({n: e for n, e in stored().items() if n not in names})


def by(terms: Terms, facts: CompanyFacts) -> Docket:
    return company_docket(facts, terms=terms, house=HOUSE, open_days=OPEN_DAYS)


ASKED = told("Birch", certified("2004-06-01", "2004-06-04"), asks=(asks("2004-06-14"),))


def test_an_answer_counted_from_sending_or_in_business_days_has_its_day():
    sent = under(piggyback_joining={"n": 10, "after": "registration_notice_sent"})
    business = under(
        piggyback_joining={"n": 10, "unit": "business", "after": "registration_notice_delivered"}
    )

    assert by(sent, proposed(ASKED)).window("join:2").closes_on == on("2004-06-11")
    assert state(by(sent, proposed(ASKED)).window("join:2"), "2004-07-01") is State.MET_LATE
    assert by(business, proposed(ASKED)).window("join:2").closes_on == on("2004-06-18")
    assert by(sent, proposed(ASKED)).window("last_notice") is None


def test_a_notice_due_some_days_before_the_filing_is_a_duty_by_that_day():
    terms = under(piggyback_notice={"n": 20, "before": "filing_planned"})

    notice = by(terms, proposed(ASKED)).window("registration_notice")
    assert notice.closes_on == on("2004-06-10")
    assert state(
        by(terms, proposed(told("Birch"))).window("registration_notice"), "2004-06-11"
    ) is (State.MISSED)
    unplanned = proposed(ASKED, proposal={"planned_on": None})
    assert [a.fact for a in by(terms, unplanned).window("registration_notice").awaiting] == [
        "filing, as planned"
    ]


def test_a_term_not_on_record_leaves_its_window_unknown_and_named():
    join = by(without("piggyback_joining"), proposed(ASKED)).window("join:2")

    assert join.closes_on is None
    assert "last day to ask to be included" in join.awaiting[0].fact


def test_with_no_such_term_at_all_nobody_knows_whether_notice_is_owed():
    found = by(without("piggyback_joining", "piggyback_notice"), proposed(ASKED))

    assert (found.ruling.outcome, found.windows) == ("unknown", ())
    assert [c.kind for c in found.concerns] == ["not_worked_out"]
