"""The page of one demand: by when to file, why, and what could move it."""

from __future__ import annotations

from datetime import date
from unittest import mock

import pytest
import time_machine
from django.urls import reverse

from investors.models import LedgerEntry
from registrations.models import DocketEntry
from registrations.services import matters
from registrations.sweep import sweep
from tests import world as tell
from tests.web.pages import Page, read, signed_in

PAGE = "/a/bestnet/registrations/DR-1/"
ALL_SIGNED = {"Birch": 7, "Cedar": 9, "Dale": 10}


def june(day: int) -> date:
    return date(2003, 6, day)


def july(day: int) -> date:
    return date(2003, 7, day)


def begun(world, receipts=ALL_SIGNED, **more):
    matter = tell.demand(world, received_on=june(2), **more)
    days = {name: june(day) if day else None for name, day in receipts.items()}
    tell.tell(world, matter, days, sent_on=june(5))
    return matter


def see(world, day: date, query: str = "", *, by=None, **headers: str) -> Page:
    with time_machine.travel(tell.noon(day), tick=False):
        return read(signed_in(by or world.counsel), PAGE + query, **headers)


def test_the_heading_answers_by_when_to_file(bestnet):
    begun(bestnet)

    page = see(bestnet, june(11))

    assert page.heading == (
        "DR-1 must be filed by Thursday, July 17, and no earlier than Thursday, July 10."
    )
    assert page.title == "DR-1: file by Jul 17 – Rightsbook"
    assert see(bestnet, july(11)).heading.endswith("It may be filed now.")


def test_a_notice_recorded_from_here_is_of_this_registration(bestnet):
    begun(bestnet)
    tell.demand(bestnet, received_on=june(10))
    record = reverse("record-notice", args=["bestnet"])

    assert f"{record}?for=DR-1" in see(bestnet, june(11)).links


def test_every_date_opens_its_sum_its_clause_and_its_readings(bestnet):
    begun(bestnet)

    text = see(bestnet, june(11)).text

    panel = text.split("Why Thu, Jul 10, 2003?")[1].split("Why ")[0]
    assert "Company Notice last received, day 0 Tue, Jun 10, 2003" in panel
    assert "Calendar days + 30 First day to file Thu, Jul 10, 2003" in panel
    assert "Reading used. 30 days from the last Investor’s receipt: Thu, Jul 10." in panel
    assert "30 days from the first Investor’s receipt: Mon, Jul 7." in panel
    panel = text.split("Why Thu, Jul 17, 2003?")[1].split("Why ")[0]
    assert "day 0 Mon, Jun 2, 2003 Calendar days + 45 Last day to file" in panel
    assert "A business day." in panel


def test_the_second_reading_is_told_apart(bestnet):
    begun(bestnet)

    text = see(bestnet, june(11)).text

    assert "Investors may ask to join until Wed, Jun 25, 2003" in text
    assert "On the second reading, until Mon, Jun 30, 2003" in text


def test_a_missing_receipt_is_named_and_the_first_day_is_not_proven(bestnet):
    matter = begun(bestnet, {"Birch": 7, "Cedar": 9, "Dale": None})

    page = see(bestnet, june(12))

    assert page.heading == (
        "DR-1 must be filed by Thursday, July 17. The first day is not known yet: not before "
        "Wednesday, July 9 (not proven)."
    )
    assert "Proof of receipt is missing for Dale." in page.text
    assert "If it received the Company Notice after Tue, Jun 17" in page.text
    assert "One receipt missing. Not before Wed, Jul 9, 2003, on the receipts so far." in page.text
    copy = tell.copy_to(bestnet, matter, "Dale").delivery.public_id
    assert reverse("record-receipt", args=["bestnet", copy]) in page.links


def test_with_no_receipt_at_all_nothing_is_guessed(bestnet):
    begun(bestnet, {"Birch": None, "Cedar": None, "Dale": None})

    page = see(bestnet, june(12))

    assert page.heading == (
        "DR-1 must be filed by Thursday, July 17. The first day is not known yet."
    )


def test_a_copy_that_counts_on_receipt_has_not_been_given(bestnet):
    matter = tell.demand(bestnet, received_on=june(2))
    tell.tell(bestnet, matter, {"Birch": june(7), "Cedar": june(9)}, sent_on=june(5))
    tell.tell(bestnet, matter, {"Dale": None}, sent_on=june(5), method="facsimile")

    page = see(bestnet, june(12))

    assert "Company Notice to Dale Not given yet" in page.text
    assert "By facsimile; it counts only when received" in page.text
    assert "One Investor not known yet." in page.text


def test_an_impossible_window_hides_neither_date(bestnet):
    begun(bestnet, {"Birch": 7, "Cedar": 9, "Dale": 20})

    page = see(bestnet, june(21))

    assert page.heading == (
        "DR-1 has no day left to file: not before Sunday, July 20, and not after Thursday, July 17."
    )
    assert "No day left" in page.text
    assert "the first practical day is Mon, Jul 21" in page.text


def test_a_missed_filing_says_how_long_ago(bestnet):
    begun(bestnet)

    page = see(bestnet, july(20))

    assert page.heading == "DR-1 had to be filed by Thursday, July 17. That was 3 days ago."
    assert "Missed 3 days ago" in page.text


def test_filed_then_effective_then_sold(bestnet):
    matter = begun(bestnet)
    tell.files(bestnet, matter, july(15), {"Alder": 1_000_000})
    assert see(bestnet, july(16)).heading == (
        "DR-1 was filed on Tuesday, July 15. It must be effective by Wednesday, November 12."
    )
    matters.record_effectiveness(
        demand=matter, on=date(2003, 9, 2), when=bestnet.at(date(2003, 9, 2))
    )
    page = see(bestnet, date(2003, 9, 3))
    assert page.heading.startswith("DR-1 became effective on Tuesday, September 2.")
    assert "at most through Thursday, September 2, 2004." in page.heading


def test_filed_late_stays_late(bestnet):
    matter = begun(bestnet)
    tell.files(bestnet, matter, july(21), {"Alder": 1_000_000})

    page = see(bestnet, july(22))

    assert page.heading.startswith("DR-1 was filed on Monday, July 21, 4 days late.")


def test_a_demand_too_small_starts_no_clock(bestnet):
    tell.demand(bestnet, received_on=june(2), by=("Birch",))

    page = see(bestnet, june(3))

    assert page.heading == "DR-1 starts no clock: the demand is not good."
    assert "No date follows from a demand that is not good." in page.text
    assert "Record the filing" not in page.text


def test_a_demand_good_on_some_readings_shows_all_three(db):
    world = tell.build({"Alder": 2_000_000, "Birch": 1_000_000, "Cedar": 55_399})
    tell.demand(world, received_on=june(2))

    page = see(world, june(3))

    assert "Counsel must decide whether the demand is good." in page.text
    assert "Of those offered: 2,000,000 of 4,500,000" in page.text
    assert "Of those issued: 2,000,000 of 3,055,399" in page.text
    assert "Of those held now: 2,000,000 of 3,055,399" in page.text
    decide = reverse("decide", args=["bestnet", 1])
    assert f"{decide}?about=eligibility" in page.links


def test_participants_show_what_each_answered(bestnet):
    matter = begun(bestnet)
    tell.asks(bestnet, matter, "Birch", received_on=june(12), shares=60_000)
    tell.asks(bestnet, matter, "Dale", received_on=june(13), shares=None, declines=True)

    text = see(bestnet, june(20)).text.split("Participants")[-1]

    assert "Joined in part Thu, Jun 12" in text
    assert "Declined Fri, Jun 13" in text
    assert "No answer · 5 days left" in text
    assert "Total 3,600,000 1,060,000" in text


def test_a_request_between_the_readings_can_be_decided_from_its_row(bestnet):
    matter = begun(bestnet)
    asked = tell.asks(bestnet, matter, "Cedar", received_on=june(26))

    page = see(bestnet, june(27))

    assert "Decision needed" in page.text
    decide = reverse("decide", args=["bestnet", 1])
    assert f"{decide}?about=request:{asked.pk}" in page.links


def test_what_if_changes_the_answer_and_nothing_else(bestnet):
    matter = begun(bestnet, {"Birch": 7, "Cedar": 9, "Dale": None})
    dale = bestnet.investors["Dale"].public_id
    before = list(DocketEntry.objects.filter(demand=matter).order_by("pk").values())

    page = see(bestnet, june(12), f"?received_{dale}=2003-06-20&filed_on=2003-07-21")

    supposed = page.text.split("Nothing here is saved")[1].split("Flags raised here")[0]
    assert "First day to file Not known Sun, Jul 20 Becomes known" in supposed
    assert "Days to file in Not known None" in supposed
    assert "Filing Not filed 4 days late" in supposed
    assert page.heading.startswith("DR-1 must be filed by Thursday, July 17")
    assert list(DocketEntry.objects.filter(demand=matter).order_by("pk").values()) == before


def test_with_nobody_to_invite_no_first_day_is_supposed_unknown(bestnet):
    everyone = tuple(bestnet.investors)
    tell.demand(bestnet, received_on=june(2), by=everyone, shares=10)

    supposed = see(bestnet, june(11)).text.split("Nothing here is saved")[1]

    assert "Last day to file Thu, Jul 17" in supposed
    assert "First day to file" not in supposed
    assert "Days to file in" not in supposed


def test_the_what_if_fragment_is_the_one_in_the_page(bestnet):
    begun(bestnet, {"Birch": 7, "Cedar": 9, "Dale": None})
    query = f"?received_{bestnet.investors['Dale'].public_id}=2003-06-11"

    whole = see(bestnet, june(12), query)
    part = see(bestnet, june(12), query, **{"HX-Request": "true"})

    assert part.heading == ""
    assert part.html.strip() in whole.html


@pytest.mark.parametrize(
    ("query", "problem"),
    [
        ("filed_on=soon", "“soon” is not a day."),
        ("filed_on=2003-05-01", "The Demand Notice came Mon, Jun 2, 2003."),
        ("received_{dale}=2003-06-04", "The copy was sent Thu, Jun 5, 2003."),
        ("received_nobody=2003-06-04&received_00000000-0000-4000-8000-000000000000=x", ""),
    ],
)
def test_a_day_that_cannot_be_supposed_says_why(bestnet, query, problem):
    begun(bestnet, {"Birch": 7, "Cedar": 9, "Dale": None})
    dale = bestnet.investors["Dale"].public_id

    page = see(bestnet, june(12), "?" + query.format(dale=dale))

    assert problem in page.text
    assert "Give a day to see what would change." in page.text


def test_an_earlier_day_is_the_record_as_it_stood(bestnet):
    begun(bestnet)

    page = see(bestnet, july(20), "?as_of=2003-06-08")

    assert page.heading == (
        "DR-1 must be filed by Thursday, July 17. The first day is not known yet: not before "
        "Monday, July 7 (not proven)."
    )
    assert "Read-only." in page.text
    assert "Record the filing" not in page.text
    before = see(bestnet, july(20), "?as_of=2003-06-01")
    assert before.heading == "DR-1 has no dates yet: the Demand Notice is not proven received."


def test_flags_keep_their_words_after_they_are_cleared(bestnet):
    matter = begun(bestnet)
    sweep(tell.noon(july(18)))
    tell.files(bestnet, matter, july(17), {"Alder": 1_000_000})

    text = see(bestnet, july(19)).text.split("Flags raised here")[1]

    assert "DR-1 was not filed by its last day" in text
    assert "Raised Fri, Jul 18, 2003, 12:00 pm ET. Cleared Thu, Jul 17, 2003, 12:00 pm ET." in text
    assert "Stands" not in text


def test_a_term_that_cannot_be_read_is_named_and_the_page_opens(bestnet):
    begun(bestnet)
    from registrations.rules.terms import TermError

    with mock.patch(
        "registrations.views.demand.terms_for", side_effect=TermError("joining", "n is missing.")
    ):
        page = see(bestnet, june(11))

    assert page.heading == "The dates of DR-1 cannot be worked out: a term cannot be read."
    assert "joining: n is missing." in page.text


def test_a_holder_with_one_share_and_a_very_long_name(bestnet):
    name = "The Extraordinarily Long Named Family Partnership of the Seventh Part " + "x" * 45
    matter = begun(bestnet)
    holder = tell.add(bestnet, name, 0)
    LedgerEntry.objects.create(
        agreement=bestnet.agreement, investor=holder, act=holder.public_id, kind="issue",
        security="common", change=1, on=date(2003, 3, 31),
    )  # fmt: skip
    tell.tell(bestnet, matter, {name: june(10)}, sent_on=june(5))

    assert name in see(bestnet, june(12)).text


def test_no_such_demand_is_not_found(bestnet):
    with time_machine.travel(tell.noon(june(11)), tick=False):
        assert signed_in(bestnet.counsel).get(PAGE).status_code == 404


def test_receipts_are_counted_as_days_on_record_not_as_proof(bestnet):
    begun(bestnet, {"Birch": 7, "Cedar": 9, "Dale": 10})

    text = see(bestnet, june(12)).text

    assert text.count("3 of 3 receipts on record.") == 2
    assert "proven by" not in text
    assert "with proof" not in text


def test_of_two_copies_the_method_shown_is_that_of_the_day_shown(bestnet):
    matter = tell.demand(bestnet, received_on=june(2))
    tell.tell(bestnet, matter, {"Birch": None, "Cedar": None, "Dale": None},
              sent_on=june(6), method="facsimile")  # fmt: skip
    tell.tell(bestnet, matter, {"Birch": None, "Cedar": None, "Dale": None}, sent_on=june(9))

    text = see(bestnet, june(12)).text

    assert "Company Notice given to three Investors Mon, Jun 9, 2003 Certified mail." in text


def test_the_second_reading_cites_its_own_day(bestnet):
    begun(bestnet)

    html = see(bestnet, june(11)).html

    button = html.split('popovertarget="why-join-later"')[1].split("</button>")[0]
    assert "Jun 30" in button
    assert "Jun 25" not in button
