"""Contradictions are refused, by field and clause, and leave nothing behind; breaches are
recorded as what they are."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from investors.models import LedgerEntry
from notices.models import Notice, RequestRecord
from registrations.facts import docket_of
from registrations.models import Demand, StatementRecord
from registrations.projection import differs
from registrations.services import (
    agreements,
    correspondence,
    deliveries,
    evidence,
    ledger,
    matters,
    register,
    requests,
    transfers,
)
from registrations.services.deliveries import CopyIn
from registrations.services.requests import AskIn
from tests import world as tell

from .saved import conflicts, refused, rows

PDF = b"%PDF-1.7\n%%EOF\n"
METHODS = "8(a)"
PARTS = "1(a)"


def june(day: int) -> date:
    return date(2003, 6, day)


def july(day: int) -> date:
    return date(2003, 7, day)


@pytest.fixture
def matter(bestnet: tell.World) -> Demand:
    """A demand of June 2, its Company Notices posted on June 5 and signed for."""
    matter = tell.demand(bestnet, received_on=june(2))
    tell.tell(
        bestnet, matter, {"Birch": june(7), "Cedar": june(9), "Dale": june(10)}, sent_on=june(5)
    )
    return matter


@pytest.fixture
def elsewhere(bestnet: tell.World) -> tell.World:
    """Another company's agreement, with Investors and a demand of its own."""
    other = tell.build({"Elm": 3_000_000, "Fir": 500_000}, slug="elsewhere")
    other.matter = tell.demand(other, received_on=june(2), by=("Elm",))  # type: ignore[attr-defined]
    return other


def demand(world: tell.World, copy: CopyIn, **ask: object) -> Demand:
    return correspondence.record_demand_notice(
        agreement=world.agreement,
        asks=[AskIn(world.investors["Alder"], **ask)],  # type: ignore[arg-type]
        copy=copy,
        when=world.at(june(20)),
    )


# --- days and methods ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("copy", "field"),
    [
        pytest.param(CopyIn("facsimile", june(5), june(4)), "received_on", id="before sending"),
        pytest.param(CopyIn("facsimile", june(21), None), "sent_on", id="sent tomorrow"),
        pytest.param(CopyIn("facsimile", june(5), june(21)), "received_on", id="comes tomorrow"),
        pytest.param(CopyIn("pigeon", june(5), june(6)), "method", id="no such method"),
        pytest.param(CopyIn("", june(5), june(6)), "method", id="no method"),
        pytest.param(CopyIn("certified_mail", None, june(5)), "sent_on", id="mail not sent"),
    ],
)
def test_days_and_methods_that_cannot_be(bestnet, matter, copy, field):
    clause = "" if june(21) in copy else METHODS
    with refused(field, clause):
        demand(bestnet, copy)
    birch = bestnet.investors["Birch"]
    with refused(f"{field}_{birch.pk}", clause):
        correspondence.record_company_notice(
            demand=matter, copies=[(birch, copy)], when=bestnet.at(june(20))
        )
    with refused(field, clause):
        correspondence.record_answer(
            demand=matter, ask=AskIn(birch), copy=copy, when=bestnet.at(june(20))
        )
    with refused(field, clause):
        deliveries.record_delivery(
            replaces=tell.copy_to(bestnet, matter, "Birch"),
            copy=copy,
            reason="A correction.",
            when=bestnet.at(june(20)),
        )


def test_a_demand_does_not_come_before_the_agreement(bestnet):
    """The agreement is of March 30, 2003."""
    with refused("received_on"):
        demand(bestnet, CopyIn("personal", None, date(2003, 3, 29)))
    with refused("sent_on"):
        demand(bestnet, CopyIn("certified_mail", date(2003, 3, 29), date(2003, 4, 2)))


def test_nothing_in_a_matter_comes_before_its_demand(bestnet, matter):
    """The demand is of June 2."""
    early = CopyIn("facsimile", june(1), june(5))
    cedar = bestnet.investors["Cedar"]
    with refused(f"sent_on_{cedar.pk}", "1(a)"):
        correspondence.record_company_notice(
            demand=matter, copies=[(cedar, early)], when=bestnet.at(june(20))
        )
    with refused("sent_on", "1(a)"):
        correspondence.record_answer(
            demand=matter, ask=AskIn(cedar), copy=early, when=bestnet.at(june(20))
        )
    with refused("sent_on", "1(a)"):
        deliveries.record_delivery(
            replaces=tell.copy_to(bestnet, matter, "Birch"),
            copy=early,
            reason="A correction.",
            when=bestnet.at(june(20)),
        )


def test_the_company_notice_goes_once_to_every_other_investor(bestnet, matter):
    alder, cedar = bestnet.investors["Alder"], bestnet.investors["Cedar"]
    copy = CopyIn("facsimile", june(5), june(5))
    with refused(f"investor_{alder.pk}", "1(a)"):
        correspondence.record_company_notice(
            demand=matter, copies=[(alder, copy)], when=bestnet.at(june(20))
        )
    with refused(f"investor_{cedar.pk}"):
        correspondence.record_company_notice(
            demand=matter, copies=[(cedar, copy), (cedar, copy)], when=bestnet.at(june(20))
        )


def test_an_answer_asks_or_declines(bestnet, matter):
    cedar = bestnet.investors["Cedar"]
    copy = CopyIn("facsimile", june(6), june(6))
    with refused("declines"):
        correspondence.record_answer(
            demand=matter,
            ask=AskIn(cedar, None, 600),
            copy=copy,
            declines=True,
            when=bestnet.at(june(20)),
        )
    with refused("shares", "1(a)"):
        correspondence.record_answer(
            demand=matter, ask=AskIn(cedar, None, 0), copy=copy, when=bestnet.at(june(20))
        )


def test_a_notice_with_no_day_at_all(bestnet, matter):
    with refused("received_on"):
        demand(bestnet, CopyIn("facsimile"))
    birch = bestnet.investors["Birch"]
    with refused(f"received_on_{birch.pk}", METHODS):
        correspondence.record_company_notice(
            demand=matter, copies=[(birch, CopyIn("facsimile"))], when=bestnet.at(june(20))
        )


def test_the_day_is_the_agreements_own_not_the_servers(bestnet):
    """June 20 has begun in London and not yet in Grand Rapids."""
    late = bestnet.at(june(19))._replace(now=tell.noon(june(19)) + timedelta(hours=11))
    with refused("received_on"):
        correspondence.record_demand_notice(
            agreement=bestnet.agreement,
            asks=[AskIn(bestnet.investors["Alder"])],
            copy=CopyIn("personal", None, june(20)),
            when=late,
        )


def test_days_to_come_everywhere_else(bestnet, matter):
    today, morrow = bestnet.at(june(20)), june(21)
    birch = bestnet.investors["Birch"]
    with refused("on"):
        matters.record_filing(demand=matter, on=morrow, when=today)
    with refused("effective_on"):
        matters.record_other_statement(
            agreement=bestnet.agreement, name="S-3", effective_on=morrow, when=today
        )
    with refused("decided_on"):
        matters.decide(
            demand=matter,
            about="eligibility",
            choice="held",
            decided_on=morrow,
            reason="So.",
            when=today,
        )
    with refused("in_force_from"):
        register.change_address(
            agreement=bestnet.agreement,
            investor=birch,
            lines="2 New Street",
            in_force_from=morrow,
            when=today,
        )
    with refused("signed_on"):
        register.record_consent(
            agreement=bestnet.agreement, investor=birch, signed_on=morrow, when=today
        )
    with refused("on"):
        ledger.issue_units(investor=birch, units=1, on=morrow, when=today)
    with refused("party_from"):
        register.add_investor(
            agreement=bestnet.agreement, name="Gum", kind="person", party_from=morrow, when=today
        )


# --- what is asked for ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("ask", "field"),
    [
        ({"shares": 13_800_001}, "shares"),  # 6 for each of 2,300,000 Units
        ({"units": 2_300_001}, "units"),
    ],
)
def test_more_than_is_held_on_the_day(bestnet, ask, field):
    with refused(field, PARTS):
        demand(bestnet, CopyIn("personal", None, june(2)), **ask)
    assert demand(bestnet, CopyIn("personal", None, june(2)), **{k: v - 1 for k, v in ask.items()})


def test_what_is_held_is_counted_on_the_day_the_paper_came(bestnet, matter):
    """Birch sold on June 12 what it asks for on June 13; on June 11 it had it still."""
    birch = bestnet.investors["Birch"]
    ledger.record_public_sale(
        under="statement", investor=birch, shares=2_100_000, on=june(12), when=bestnet.at(june(12))
    )
    with refused("shares", PARTS):
        tell.asks(bestnet, matter, "Birch", received_on=june(13), shares=4_200_000)
    tell.asks(bestnet, matter, "Birch", received_on=june(11), shares=4_200_000)
    assert {c.kind for c in docket_of(matter).concerns} == set()


def test_a_demand_is_measured_on_the_day_it_was_given(bestnet):
    """Posted June 2, in hand June 6; Alder sold on June 4.  Certified mail is given when
    sent, a fax when it comes."""
    alder = bestnet.investors["Alder"]
    ledger.record_public_sale(
        under="statement", investor=alder, shares=6_900_000, on=june(4), when=bestnet.at(june(4))
    )
    with refused("shares", PARTS):
        demand(bestnet, CopyIn("facsimile", june(2), june(6)), shares=13_800_000)
    posted = demand(bestnet, CopyIn("certified_mail", june(2), june(6)), shares=13_800_000)
    assert docket_of(posted).concerns == ()


@pytest.mark.parametrize("number", [-1, -(10**30), 10**15 + 1, 10**30])
def test_numbers_that_cannot_be(bestnet, matter, number):
    birch, today = bestnet.investors["Birch"], bestnet.at(june(20))
    for field in ("units", "shares"):
        with refused(field):
            demand(bestnet, CopyIn("personal", None, june(2)), **{field: number})
    with refused("shares"):
        tell.asks(bestnet, matter, "Birch", received_on=june(20), shares=number)
    with refused("covers"):
        matters.record_filing(demand=matter, on=june(20), covers={birch.pk: number}, when=today)
    with refused("quantity"):
        ledger.issue_units(investor=birch, units=number, on=june(20), when=today)
    with refused("quantity"):
        ledger.convert_preferred(investor=birch, preferred=number, on=june(20), when=today)
    with refused("quantity"):
        ledger.exercise_warrants(investor=birch, warrants=number, on=june(20), when=today)
    with refused("quantity"):
        ledger.record_public_sale(
            under="statement", investor=birch, shares=number, on=june(20), when=today
        )
    with refused("quantity"):
        transfers.record_transfer(
            investor=birch, to=bestnet.investors["Cedar"], quantity=number, on=june(20), when=today
        )
    if abs(number) > 1:
        with refused("quantity"):
            ledger.correct_ledger(
                investor=birch, security="common", change=number, on=june(20), reason="So.",
                when=today,
            )  # fmt: skip


def test_an_initiating_investor_is_named_once_and_does_not_join_itself(bestnet, matter):
    alder = bestnet.investors["Alder"]
    with refused("investors"):
        correspondence.record_demand_notice(
            agreement=bestnet.agreement,
            asks=[AskIn(alder), AskIn(alder)],
            copy=CopyIn("personal", None, june(2)),
            when=bestnet.at(june(2)),
        )
    with refused("investors"):
        correspondence.record_demand_notice(
            agreement=bestnet.agreement,
            asks=[],
            copy=CopyIn("personal", None, june(2)),
            when=bestnet.at(june(2)),
        )
    with refused("investors"):
        correspondence.record_company_notice(demand=matter, copies=[], when=bestnet.at(june(20)))
    with refused("investor"):
        tell.asks(bestnet, matter, "Alder", received_on=june(20))


# --- the ledger -------------------------------------------------------------------------------


@pytest.mark.parametrize("on", [june(1), june(20)])
def test_more_than_is_held(bestnet, on):
    """Birch holds 700,000 Units: 2,100,000 Common, 700,000 Preferred, 700,000 Warrants."""
    birch, cedar = bestnet.investors["Birch"], bestnet.investors["Cedar"]
    today = bestnet.at(june(20))
    with refused("quantity"):
        ledger.record_public_sale(
            under="statement", investor=birch, shares=2_100_001, on=on, when=today
        )
    with refused("quantity"):
        ledger.convert_preferred(investor=birch, preferred=700_001, on=on, when=today)
    with refused("quantity"):
        ledger.exercise_warrants(investor=birch, warrants=700_001, on=on, when=today)
    with refused("quantity"):
        transfers.record_transfer(investor=birch, to=cedar, quantity=700_001, on=on, when=today)
    with refused("quantity"):
        ledger.correct_ledger(
            investor=birch, security="unit", change=-700_001, on=on, reason="So.", when=today
        )


def test_an_entry_dated_back_may_not_take_what_a_later_one_needed(bestnet):
    birch, today = bestnet.investors["Birch"], bestnet.at(june(20))
    ledger.record_public_sale(
        under="statement", investor=birch, shares=2_000_000, on=june(10), when=today
    )
    with refused("quantity"):
        ledger.record_public_sale(
            under="statement", investor=birch, shares=100_001, on=june(1), when=today
        )
    ledger.record_public_sale(
        under="statement", investor=birch, shares=100_000, on=june(1), when=today
    )
    with refused("quantity"):  # before any Units were issued
        ledger.record_public_sale(
            under="statement", investor=birch, shares=1, on=date(2003, 3, 30), when=today
        )


def test_warrants_are_good_through_their_last_day_and_not_after(bestnet):
    birch = bestnet.investors["Birch"]
    last = date(2006, 3, 31)
    with refused("quantity"):
        ledger.exercise_warrants(
            investor=birch, warrants=1, on=date(2006, 4, 1), when=bestnet.at(date(2006, 4, 1))
        )
    ledger.exercise_warrants(investor=birch, warrants=1, on=last, when=bestnet.at(last))


def test_units_go_to_another_investor_of_the_same_agreement(bestnet, elsewhere):
    birch, today = bestnet.investors["Birch"], bestnet.at(june(20))
    for to in (birch, elsewhere.investors["Fir"]):
        with refused("to"):
            transfers.record_transfer(investor=birch, to=to, quantity=1, on=june(20), when=today)


def test_a_correction_says_what_and_why(bestnet):
    birch, today = bestnet.investors["Birch"], bestnet.at(june(20))

    def correct(security: str, change: int, reason: str, **more: date) -> None:
        ledger.correct_ledger(
            investor=birch, security=security, change=change, on=june(1), reason=reason,
            when=today, **more,
        )  # fmt: skip

    for field, attempt in (
        ("quantity", ("common", 0, "So.")),
        ("reason", ("common", 1, "  ")),
        ("security", ("bond", 1, "So.")),
    ):
        with refused(field):
            correct(*attempt)
    with refused("expires_on"):
        correct("common", 1, "So.", expires_on=date(2006, 3, 31))


def test_lots_are_taken_alike_in_any_order_of_entry(db):
    """Two lots of ten Warrants.  Ten exercised on day 10, then ten entered for day 5: the
    second takes the other lot, where the first had emptied the sooner one for good."""
    world = tell.build({"Birch": 10})
    birch = world.investors["Birch"]
    ledger.issue_units(investor=birch, units=10, on=june(1), when=world.at(june(1)))
    for on in (june(10), june(5)):
        ledger.exercise_warrants(investor=birch, warrants=10, on=on, when=world.at(june(10)))
    with refused("quantity"):
        ledger.exercise_warrants(investor=birch, warrants=1, on=june(5), when=world.at(june(10)))


def test_a_unit_whose_warrants_ran_out_can_still_be_transferred(bestnet):
    on = date(2006, 4, 1)
    birch, cedar = bestnet.investors["Birch"], bestnet.investors["Cedar"]
    transfers.record_transfer(
        investor=birch, to=cedar, quantity=700_000, on=on, when=bestnet.at(on)
    )
    with refused("quantity"):
        transfers.record_transfer(investor=birch, to=cedar, quantity=1, on=on, when=bestnet.at(on))


# --- filing and after -----------------------------------------------------------------------


def test_a_filing_before_its_demand_and_effectiveness_before_filing(bestnet, matter):
    with refused("on", PARTS):
        matters.record_filing(demand=matter, on=june(1), when=bestnet.at(june(20)))
    with refused("on"):
        matters.record_effectiveness(demand=matter, on=july(20), when=bestnet.at(july(20)))
    tell.files(bestnet, matter, july(15))
    later = bestnet.at(date(2003, 9, 2))
    with refused("on"):
        matters.record_effectiveness(demand=matter, on=july(14), when=later)
    matters.record_effectiveness(demand=matter, on=july(16), when=later)
    with refused("on"):
        matters.record_all_sold(demand=matter, on=july(15), when=later)
    filed = StatementRecord.objects.get(kind="filed")
    for day, clause in ((july(17), ""), (june(1), PARTS)):
        with refused("on", clause):
            matters.correct_statement_record(replaces=filed, on=day, reason="Misread.", when=later)


def test_a_demand_is_not_moved_past_the_filing_made_for_it(bestnet, matter):
    tell.files(bestnet, matter, july(15))
    record = matter.notice.deliveries.get().records.get()
    with refused("sent_on", PARTS):
        deliveries.record_delivery(
            replaces=record,
            copy=CopyIn("certified_mail", july(16), july(17)),
            reason="Misread.",
            when=bestnet.at(july(20)),
        )


def test_a_second_filing_is_a_conflict(bestnet, matter):
    tell.files(bestnet, matter, july(15))
    with conflicts("on"):
        tell.files(bestnet, matter, july(16))
    later = bestnet.at(july(20))
    matters.record_effectiveness(demand=matter, on=july(18), when=later)
    with conflicts("on"):
        matters.record_effectiveness(demand=matter, on=july(19), when=later)


# --- corrections ------------------------------------------------------------------------------


def test_a_stale_correction_is_a_conflict(bestnet, matter):
    seen_by_both = tell.copy_to(bestnet, matter, "Dale")
    for day, refuses in ((june(11), False), (june(12), True)):
        attempt = {
            "replaces": seen_by_both,
            "copy": CopyIn("certified_mail", june(5), day),
            "reason": "Misread.",
            "when": bestnet.at(june(20)),
        }
        if refuses:
            with conflicts("reason"):
                deliveries.record_delivery(**attempt)
        else:
            deliveries.record_delivery(**attempt)
    assert tell.copy_to(bestnet, matter, "Dale").received_on == june(11)


def test_a_stale_completion_is_a_conflict(bestnet, matter):
    request = tell.asks(bestnet, matter, "Birch", received_on=june(20), distribution="")
    seen_by_both = RequestRecord.objects.get(notice=request)
    ask = AskIn(bestnet.investors["Birch"], None, 60_000, "Brokers", "None")
    attempt = {
        "notice": request, "stated_on": june(20), "replaces": seen_by_both,
        "when": bestnet.at(june(20)),
    }  # fmt: skip
    requests.complete_request(ask=ask, **attempt)
    with conflicts("reason"):
        requests.complete_request(ask=ask._replace(shares=1), reason="So.", **attempt)


def test_a_stale_correction_of_a_filing_is_a_conflict(bestnet, matter):
    tell.files(bestnet, matter, july(15))
    seen_by_both = StatementRecord.objects.get()
    attempt = {"replaces": seen_by_both, "reason": "Misread.", "when": bestnet.at(july(20))}
    matters.correct_statement_record(on=july(14), **attempt)
    with conflicts("on"):
        matters.correct_statement_record(on=july(16), **attempt)


def test_a_consent_is_withdrawn_once_and_not_before_it_was_signed(bestnet):
    consent = register.record_consent(
        agreement=bestnet.agreement,
        investor=bestnet.investors["Birch"],
        signed_on=june(2),
        when=bestnet.at(june(2)),
    )
    attempt = {"consent": consent, "reason": "", "when": bestnet.at(june(20))}
    with refused("withdrawn_on", "8(c)"):
        register.withdraw_consent(withdrawn_on=june(1), **attempt)
    register.withdraw_consent(withdrawn_on=june(10), **attempt)
    with conflicts("withdrawn_on"):
        register.withdraw_consent(withdrawn_on=june(11), **attempt)


def test_a_recorded_fact_is_changed_only_with_a_reason(bestnet, matter):
    stands = tell.copy_to(bestnet, matter, "Dale")
    today = bestnet.at(june(20))
    for copy, field in (
        (CopyIn("certified_mail", june(5), june(11)), "reason"),
        (CopyIn("certified_mail", june(5), None), "reason"),
        (CopyIn("certified_mail", june(6), june(10)), "reason"),
        (CopyIn("personal", june(5), june(10)), "reason"),
        (CopyIn("certified_mail", june(5), june(10)), "received_on"),  # nothing new
    ):
        with refused(field):
            deliveries.record_delivery(replaces=stands, copy=copy, when=today)
    request = tell.asks(bestnet, matter, "Birch", received_on=june(20))
    birch = bestnet.investors["Birch"]
    for ask in (AskIn(birch, None, 59_999), AskIn(birch, None, None)):
        with refused("reason"):
            requests.complete_request(notice=request, ask=ask, stated_on=june(20), when=today)
    with refused("stated_on"):
        requests.complete_request(
            notice=request, ask=AskIn(birch), stated_on=june(19), reason="So.", when=today
        )
    tell.files(bestnet, matter, july(15))
    with refused("reason"):
        matters.correct_statement_record(
            replaces=StatementRecord.objects.get(), on=july(14), reason=" ",
            when=bestnet.at(july(20)),
        )  # fmt: skip


def test_a_decision_needs_a_reason_a_question_and_a_reading(bestnet, matter):
    def decide(about: str, choice: str, reason: str = "A memo.") -> None:
        matters.decide(
            demand=matter,
            about=about,
            choice=choice,
            decided_on=june(3),
            reason=reason,
            when=bestnet.at(june(20)),
        )

    request = tell.asks(bestnet, matter, "Birch", received_on=june(20))
    for field, attempt in (
        ("reason", ("eligibility", "held", " ")),
        ("about", ("the weather", "held")),
        ("about", (f"request:{request.pk + 999}", "given")),
        ("choice", ("eligibility", "given")),
        ("choice", ("filing_opens", "held")),
        ("choice", (f"request:{request.pk}", "offered")),
    ):
        with refused(field):
            decide(*attempt)


# --- other parties and other agreements -----------------------------------------------------


def test_another_partys_address(bestnet, matter, elsewhere):
    birch, cedar = bestnet.investors["Birch"], bestnet.investors["Cedar"]
    today = bestnet.at(june(20))
    company = bestnet.agreement.addresses.get(investor=None)
    theirs = elsewhere.agreement.addresses.get(investor=None)
    for address in (cedar.addresses.get(), company, theirs):
        copy = CopyIn("certified_mail", june(5), None, address)
        with refused(f"address_{birch.pk}", METHODS):
            correspondence.record_company_notice(demand=matter, copies=[(birch, copy)], when=today)
        with refused("address", METHODS):
            deliveries.record_delivery(
                replaces=tell.copy_to(bestnet, matter, "Birch"),
                copy=copy,
                reason="So.",
                when=today,
            )
    for address in (birch.addresses.get(), theirs):
        with refused("address", METHODS):
            demand(bestnet, CopyIn("certified_mail", june(5), None, address))
        with refused("address", METHODS):
            correspondence.record_answer(
                demand=matter,
                ask=AskIn(birch),
                copy=CopyIn("certified_mail", june(5), None, address),
                when=today,
            )


def test_an_investor_of_another_agreement_is_nobody_here(bestnet, matter, elsewhere):
    elm, today = elsewhere.investors["Elm"], bestnet.at(june(20))
    copy = CopyIn("personal", None, june(20))
    with refused("investors"):
        correspondence.record_demand_notice(
            agreement=bestnet.agreement, asks=[AskIn(elm)], copy=copy, when=today
        )
    with refused(f"investor_{elm.pk}"):
        correspondence.record_company_notice(demand=matter, copies=[(elm, copy)], when=today)
    for declines in (False, True):
        with refused("investor"):
            correspondence.record_answer(
                demand=matter, ask=AskIn(elm), copy=copy, declines=declines, when=today
            )
    request = tell.asks(bestnet, matter, "Birch", received_on=june(20))
    with refused("investor"):
        requests.complete_request(notice=request, ask=AskIn(elm), stated_on=june(20), when=today)
    with refused("covers"):
        matters.record_filing(demand=matter, on=june(20), covers={elm.pk: 1}, when=today)
    tell.files(bestnet, matter, july(15))
    with refused("covers"):
        matters.correct_statement_record(
            replaces=StatementRecord.objects.get(), on=july(15), reason="So.",
            covers={elm.pk: 1}, when=bestnet.at(july(20)),
        )  # fmt: skip
    with refused("investor"):
        register.change_address(
            agreement=bestnet.agreement,
            investor=elm,
            lines="2 New Street",
            in_force_from=june(1),
            when=today,
        )
    with refused("investor"):
        register.record_consent(
            agreement=bestnet.agreement, investor=elm, signed_on=june(1), when=today
        )


def test_evidence_is_of_this_notice_and_this_copy(bestnet, matter, elsewhere):
    file, today = SimpleUploadedFile("card.pdf", PDF), bestnet.at(june(20))
    theirs = elsewhere.matter.notice.deliveries.get()
    company_notice = Notice.objects.get(answers=matter.notice)
    for delivery in (theirs, matter.notice.deliveries.get()):
        with refused("delivery"):
            evidence.attach_evidence(
                notice=company_notice, delivery=delivery, files=[file], when=today
            )
    with refused("files"):
        evidence.attach_evidence(notice=company_notice, delivery=None, files=[], when=today)
    with refused("files"):
        correspondence.record_company_notice(
            demand=matter,
            copies=[(bestnet.investors["Birch"], CopyIn("personal", None, june(20)))],
            files={bestnet.investors["Cedar"].pk: [file]},
            when=today,
        )


# --- the register ----------------------------------------------------------------------------


def test_investors_and_contacts_that_cannot_be(bestnet):
    today = bestnet.at(june(20))

    def add(**given: str) -> None:
        register.add_investor(
            agreement=bestnet.agreement,
            **{"name": "Gum", "kind": "person", "party_from": june(1), **given},
            when=today,
        )

    for field, given in (
        ("name", {"name": " "}),
        ("name", {"name": "birch"}),
        ("name", {"name": "x" * 201}),
        ("kind", {"kind": "robot"}),
        ("facsimile", {"address": "1 Gum Street", "facsimile": "1" * 41}),
        ("contact_email", {"contact_email": "not an address"}),
        ("contact_name", {"contact_name": "x" * 121, "contact_email": "g@example.com"}),
    ):
        with refused(field):
            add(**given)
    birch = bestnet.investors["Birch"]
    with refused("contact_email"):
        register.add_contact(investor=birch, name="B", email="BIRCH@investors.example", when=today)
    with refused("lines", METHODS):
        register.change_address(
            agreement=bestnet.agreement, investor=birch, lines=" \n", in_force_from=june(1),
            when=today,
        )  # fmt: skip


def test_words_too_long_for_their_place(bestnet, matter):
    today = bestnet.at(july(20))
    for field, given in (("form", {"form": "x" * 13}), ("file_number", {"file_number": "1" * 21})):
        with refused(field):
            matters.record_filing(demand=matter, on=july(15), when=today, **given)
    for field, name in (("name", " "), ("name", "x" * 121)):
        with refused(field):
            matters.record_other_statement(
                agreement=bestnet.agreement, name=name, effective_on=july(1), when=today
            )


def test_an_agreement_with_a_term_nobody_can_read(bestnet):
    from registrations import library

    terms = library.agreement("bestnet").terms
    for wrong in (
        {**terms, "joining": terms["joining"]._replace(value={"n": 20})},
        {**terms, "joining": terms["joining"]._replace(value=-1)},
        {**terms, "weather": terms["joining"]},
    ):
        with refused("terms"):
            agreements.put_on_record(
                company=bestnet.company, slug="second", title="Second", dated_on=june(1),
                time_zone=tell.ZONE, terms=wrong, when=bestnet.at(june(2)),
            )  # fmt: skip
    with refused("slug"):
        agreements.put_on_record(
            company=bestnet.company, slug="bestnet", title="Second", dated_on=june(1),
            time_zone=tell.ZONE, terms=terms, when=bestnet.at(june(2)),
        )  # fmt: skip


# --- breaches are recorded -------------------------------------------------------------------


def test_breaches_are_recorded_and_named(bestnet, matter):
    """A late notice, a late request, an early filing, a filing too late, a demand by too
    few Units, a second demand: all of them happened."""
    dale = f"join:{bestnet.investors['Dale'].pk}"

    tell.asks(bestnet, matter, "Dale", received_on=july(1))
    assert docket_of(matter).window(dale).done_on == july(1)

    tell.files(bestnet, matter, july(9))
    file = docket_of(matter).window("file")
    assert file.done_on == july(9) < file.opens_on

    small = tell.demand(bestnet, received_on=july(2), by=("Birch",), shares=1)
    assert docket_of(small).ruling.outcome == "refused"

    second = tell.demand(bestnet, received_on=july(3))
    assert second.reference == "DR-3"
    tell.tell(bestnet, second, {"Birch": july(30)}, sent_on=july(25))
    assert docket_of(second).window("last_receipt").closes_on < july(30)
    tell.files(bestnet, second, date(2003, 9, 1))
    file = docket_of(second).window("file")
    assert file.done_on > file.closes_on
    assert all(differs(d.pk) == [] for d in (matter, small, second))


def test_a_sale_entered_later_for_an_earlier_day_is_kept_and_named(bestnet, matter):
    """The request was good on what was known; the sale says it asked for too much."""
    tell.asks(bestnet, matter, "Birch", received_on=june(20), shares=4_200_000)
    ledger.record_public_sale(
        under="statement",
        investor=bestnet.investors["Birch"],
        shares=1,
        on=june(19),
        when=bestnet.at(june(25)),
    )
    assert [c.kind for c in docket_of(matter).concerns] == ["over_request"]
    assert differs(matter.pk) == []


def test_the_refusal_helper_sees_a_row(bestnet):
    """The control: an act that is not refused does change the count of rows."""
    before = rows()
    ledger.issue_units(
        investor=bestnet.investors["Birch"], units=1, on=june(1), when=bestnet.at(june(1))
    )
    after = rows()
    assert after["investors_ledgerentry"] == before["investors_ledgerentry"] + 4
    assert after["pghistory_context"] == before["pghistory_context"] + 1
    assert LedgerEntry.objects.filter(kind="issue").count() == 20
