"""The dashboard says what is wrong, what is next, and whom we wait for."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from investors.models import Agreement, Membership
from notices.heartbeat import EVERY_SECONDS, beat
from notices.models import Mail, Reminder
from registrations.sweep import sweep
from tests import world as tell
from tests.web.pages import Page, read, signed_in

HOME = "/a/bestnet/"


def june(day: int) -> date:
    return date(2003, 6, day)


def july(day: int) -> date:
    return date(2003, 7, day)


@pytest.fixture
def begun(bestnet):
    """A demand of June 2; everybody told on June 5 and signed for by June 10."""
    bestnet.matter = tell.demand(bestnet, received_on=june(2))
    receipts = {"Birch": june(7), "Cedar": june(9), "Dale": june(10)}
    tell.tell(bestnet, bestnet.matter, receipts, sent_on=june(5))
    return bestnet


def see(world, day: date, address: str = HOME, *, by=None, swept: bool = True) -> Page:
    """The page as counsel sees it at noon of a day, the sweep having run."""
    now = tell.noon(day)
    with time_machine.travel(now, tick=False):
        if swept:
            sweep(now)
            for job in EVERY_SECONDS:
                beat(job, now=now)
        return read(signed_in(by or world.counsel), address)


def test_before_any_demand_it_says_what_will_appear(bestnet):
    page = see(bestnet, june(1))

    assert page.heading == "No registration is under way."
    assert "A registration starts when the Company receives a Demand Notice." in page.text
    record = reverse("record-notice", args=["bestnet"])
    assert f"{record}?kind=demand" in page.links


def test_the_heading_names_the_next_date(begun):
    page = see(begun, june(11))

    assert page.heading == "Nothing is missed. The next window closes Wednesday, June 25."


def test_one_row_for_all_whose_window_closes_together(begun):
    tell.asks(begun, begun.matter, "Birch", received_on=june(12))

    page = see(begun, june(18))

    assert "DR-1 requests close for three Investors" in page.text
    assert "1 of 3 answered" in page.text
    assert "On the second reading Mon, Jun 30." in page.text


def test_first_and_last_day_to_file_are_both_listed(begun):
    page = see(begun, june(26))

    assert "First day the Company may file DR-1" in page.text
    assert "Last day to file DR-1" in page.text
    assert "Start the EDGAR filing by 5:30 pm ET." in page.text


def test_a_missed_window_comes_first_with_its_reason_and_one_thing_to_do(begun):
    page = see(begun, july(20))

    assert page.heading.startswith("One window was missed.")
    assert "DR-1 was not filed by its last day" in page.text
    assert "Missed 3 days ago" in page.text
    assert "45 days after Mon, Jun 2, 2003" in page.text
    assert reverse("record-filing", args=["bestnet", 1]) in page.links
    assert page.text.index("Missed") < page.text.index("Due soon")


def test_a_window_with_no_day_shows_both_dates(bestnet):
    matter = tell.demand(bestnet, received_on=june(2))
    receipts = {"Birch": june(7), "Cedar": june(9), "Dale": june(20)}
    tell.tell(bestnet, matter, receipts, sent_on=june(5))

    page = see(bestnet, june(21))

    assert "One registration has no day left to file." in page.heading
    assert "Sun, Jul 20, 2003" in page.text
    assert "Thu, Jul 17, 2003" in page.text
    first = page.text.split("First day the Company may file DR-1")[1].split("Last day")[0]
    assert "No day left" in first


def test_a_request_between_the_readings_waits_for_counsel(begun):
    tell.asks(begun, begun.matter, "Cedar", received_on=june(26))

    page = see(begun, june(27))

    assert "One question waits for counsel." in page.heading
    assert "DR-1: Cedar asked between the two readings" in page.text
    decide = reverse("decide", args=["bestnet", 1])
    assert any(link.startswith(f"{decide}?about=request:") for link in page.links)


def test_it_names_who_owes_an_answer_and_whose_receipt_is_missing(bestnet):
    matter = tell.demand(bestnet, received_on=june(2))
    tell.tell(bestnet, matter, {"Birch": june(7), "Cedar": june(9), "Dale": None}, sent_on=june(5))
    tell.asks(bestnet, matter, "Birch", received_on=june(12))

    waiting = see(bestnet, june(16)).text.split("Waiting on Investors")[1]

    assert "Birch" not in waiting
    assert "Cedar DR-1 answer, by Wed, Jun 25." in waiting
    assert "Proof of receipt" not in waiting.split("Dale")[0]
    assert "No receipt" in waiting


def test_a_demand_too_small_says_so(bestnet):
    tell.demand(bestnet, received_on=june(2), by=("Birch",))

    page = see(bestnet, june(3))

    assert "DR-1 is not good: too few Units asked for it" in page.text
    assert "Not available" in page.text


def test_the_picture_has_a_sentence_and_a_table(begun):
    page = see(begun, june(11))

    assert 'role="img" aria-labelledby="lane-dr-1-title"' in page.html
    assert "DR-1: Demand Notice Mon, Jun 2." in page.text
    assert "Read as a table" in page.text


def test_dead_jobs_are_named_in_red_and_living_ones_are_not(begun):
    page = see(begun, june(11), swept=False)
    assert "Dates are not being checked." in page.text
    assert "has never finished a round" in page.text

    assert "Dates are not being checked." not in see(begun, june(11)).text

    with time_machine.travel(tell.noon(june(11)) + timedelta(hours=5), tick=False):
        page = read(signed_in(begun.counsel), HOME)
    assert "last finished 5 hours ago" in page.text


def test_mail_given_up_on_is_shown_with_whom_and_why(begun):
    mail = Mail.objects.create(
        message_id="<1@here>",
        recipient="birch@investors.example",
        failed_at=timezone.now(),
        last_error="550 no such mailbox",
    )
    sweep(tell.noon(june(20)))
    Reminder.objects.filter(recipient="birch@investors.example").update(mail=mail)

    page = see(begun, june(20))

    assert "A reminder did not reach birch@investors.example." in page.text
    assert "550 no such mailbox" in page.text


def test_an_earlier_day_is_banded_read_only_and_without_later_flags(begun):
    see(begun, july(20))

    page = see(begun, july(20), f"{HOME}?as_of=2003-06-26")

    assert "The record as of Thursday, June 26, 2003. Read-only." in page.text
    assert page.heading.startswith("Nothing is missed.")
    assert "Record a notice" not in page.text
    assert "/a/bestnet/deadlines/?as_of=2003-06-26" in page.links


@pytest.mark.parametrize("given", ["yesterday", "2003-13-01", "2999-01-01"])
def test_a_day_that_cannot_be_shown_is_answered_with_today(begun, given):
    page = see(begun, june(11), f"{HOME}?as_of={given}")

    assert "Today is shown." in page.text
    assert "Record a notice" in page.text


def test_read_only_counsel_see_all_and_are_offered_nothing_to_record(begun):
    page = see(begun, june(11), by=begun.reader)

    assert "DR-1 Demand" in page.text
    assert "Record a notice" not in page.text


def test_a_stranger_learns_nothing(begun):
    with time_machine.travel(tell.noon(june(11)), tick=False):
        for part in ("", "registrations/", "deadlines/", "registrations/DR-1/"):
            address = f"{HOME}{part}"
            assert signed_in(begun.stranger).get(address).status_code == 404
            anybody = signed_in(begun.counsel)
            anybody.logout()
            answer = anybody.get(address)
            assert answer.status_code == 302
            assert answer["Location"] == f"/sign-in/?next={address}"


def test_home_leads_to_the_only_agreement_or_lists_them(begun):
    with time_machine.travel(tell.noon(june(11)), tick=False):
        client = signed_in(begun.counsel)
        assert client.get("/").headers["Location"] == HOME
        Agreement.objects.create(
            company=begun.company, slug="second", dated_on=june(1), time_zone=tell.ZONE
        )
        page = read(client, "/")
        assert page.heading == "Nothing is missed in your agreements."
        assert {HOME, "/a/second/"} <= set(page.links)

        Membership.objects.filter(user=begun.counsel).update(ended_at=timezone.now())
        assert "You act for no company here" in read(client, "/").text


def test_registrations_and_deadlines_answer_in_their_headings(begun):
    page = see(begun, june(18), f"{HOME}registrations/")
    assert page.heading == "One registration is under way."

    page = see(begun, june(18), f"{HOME}deadlines/")
    assert page.heading == (
        "The next date is Wednesday, June 25. Three windows close within seven days."
    )
    assert page.text.count("Ask to join") == 3
    headings = re.findall(r"<h([1-6])", page.html)
    assert headings[:3] == ["1", "2", "3"]


@pytest.mark.parametrize(
    ("query", "there", "absent"),
    [
        ("?party=investor", "Ask to join", "File the Registration Statement"),
        ("?party=company&state=all", "File the Registration Statement", "Ask to join Birch"),
        ("?state=done", "Last Investor receives the Company Notice", "Ask to join"),
        ("?state=unknown", "Registration Statement becomes effective", "Ask to join"),
        ("?state=nonsense&party=nobody&page=-3", "Ask to join", "Nothing to show"),
    ],
)
def test_deadlines_are_filtered_in_the_address(begun, query, there, absent):
    page = see(begun, june(18), f"{HOME}deadlines/{query}")

    assert there in page.text
    assert absent not in page.text


def test_the_admin_shows_the_same_flags(begun):
    see(begun, july(20))
    begun.counsel.is_staff = begun.counsel.is_superuser = True
    begun.counsel.save()

    response = signed_in(begun.counsel).get("/admin/")

    assert "1 flag standing" in response.content.decode()
    assert "DR-1 was not filed by its last day" in response.content.decode()
    assert signed_in(begun.counsel).get("/admin/registrations/flag/?stands=1").status_code == 200
