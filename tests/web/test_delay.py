"""Counsel record that the Company put a demand off, section 1(d) (D15)."""

from __future__ import annotations

from datetime import date

import pytest

from registrations.models import DelayRecord, Demand
from registrations.services import delays
from registrations.services.delays import DelayIn
from tests import world as tell

from .forms import Desk, on_day
from .pages import Page, signed_in

TYPED = {
    "directed_on": "Jun 5, 2003",
    "what": "Common Stock, Form S-1",
    "so_company_engaged": "no",
    "so_firm_plans": "yes",
    "so_open_to_investors": "yes",
    "planned_on": "Jun 25, 2003",
}


@pytest.fixture
def matter(bestnet: tell.World) -> Demand:
    return tell.demand(bestnet, received_on=date(2003, 6, 2))


def see(world: tell.World, path: str = "registrations/DR-1/") -> Page:
    answer = signed_in(world.counsel).get(f"/a/bestnet/{path}")
    assert answer.status_code == 200
    return Page(answer.content.decode())


def test_put_off_completed_decided_and_the_dates_move_each_time(bestnet, matter, client):
    desk = Desk(bestnet, client)
    with on_day(date(2003, 6, 6)):
        url = desk.url("record-delay", 1)
        looked = desk.look(url, {**desk.open(url), **TYPED})
        assert "Waits for the Company’s own registration effective" in looked.content.decode()
        assert DelayRecord.objects.count() == 0
        assert desk.save(url, TYPED).status_code == 302
        page = see(bestnet)
        assert page.heading == (
            "DR-1 is put off. Its last day to file waits for: the Company’s own registration "
            "effective."
        )
        assert "/a/bestnet/registrations/DR-1/delay/1/" in page.links

    with on_day(date(2003, 7, 2)):
        url = desk.url("correct-delay", 1, 1)
        opened = desk.open(url)
        assert opened["so_firm_plans"] == "yes"
        assert desk.save(url, {"counted_from_on": "Jul 1, 2003"}).status_code == 422  # no reason
        reason = {"counted_from_on": "Jul 1, 2003", "reason": "The offering became effective."}
        assert desk.save(url, reason).status_code == 302
        page = see(bestnet)
        assert "filed by Wednesday, October 29" in page.heading
        assert "What the delay does to the last day to file is open" in page.text
        assert "After the delay the days of the delay do not count: Wed, Dec 10" in page.text

        decide = desk.url("decide", 1, query="?about=delay_effect")
        choice = {"choice": "tolled", "decided_on": "2003-07-02", "reason": "Our memo."}
        assert desk.save(decide, choice).status_code == 302
        page = see(bestnet)
        assert "filed by Wednesday, December 10" in page.heading
        assert "Decision: what the delay does to the last day to file" in page.text
        assert "The days of the delay do not count" in see(bestnet, "decisions/").text


def test_a_second_delay_is_recorded_moves_nothing_and_is_flagged(bestnet, matter):
    once = DelayIn(date(2003, 6, 5), "One", {"company_engaged": True, "open_to_investors": True})
    for day, until in ((5, 20), (25, 28)):
        delays.record_delay(
            demand=matter,
            delay=once._replace(
                directed_on=date(2003, 6, day),
                counted_from_on=date(2003, 6, 4),
                until_on=date(2003, 7, until),
            ),
            when=bestnet.at(date(2003, 6, 30)),
        )
    with on_day(date(2003, 6, 30)):
        page = see(bestnet)
        assert "A delay the agreement does not allow." in page.text
        assert "filed by Sunday, July 20" in page.heading
        assert "a delay the agreement does not allow" in see(bestnet, "").text


def test_another_ground_waits_for_counsel(bestnet, matter, client):
    desk = Desk(bestnet, client)
    with on_day(date(2003, 6, 6)):
        ground = {"directed_on": "Jun 5, 2003", "other_ground": "A merger under way",
                  "counted_from_on": "Jun 1, 2003"}  # fmt: skip
        assert desk.save(desk.url("record-delay", 1), ground).status_code == 302
        assert "Decide whether it is allowed." in see(bestnet).text
        url = desk.url("decide", 1, query="?about=delay:1")
        choice = {"choice": "allowed", "decided_on": "2003-06-06", "reason": "It is material."}
        assert desk.save(url, choice).status_code == 302
        assert "filed by Monday, September 29" in see(bestnet).heading
        assert "The delay is allowed" in see(bestnet, "decisions/").text


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"directed_on": "May 30, 2003"}, "and a delay answers it"),
        ({"directed_on": "Jun 7, 2003"}, "has not come yet"),
        ({"directed_on": "Jun 5, 2003", "until_on": "Jun 4, 2003"}, "It ends no sooner"),
        ({"directed_on": ""}, "Enter"),
    ],
)
def test_what_cannot_be_is_refused_and_stays_typed(bestnet, matter, client, typed, says):
    desk = Desk(bestnet, client)
    with on_day(date(2003, 6, 6)):
        answer = desk.save(desk.url("record-delay", 1), {**TYPED, **typed})
        assert answer.status_code == 422
        assert says in answer.content.decode()
        assert "Common Stock, Form S-1" in answer.content.decode()
    assert DelayRecord.objects.count() == 0
