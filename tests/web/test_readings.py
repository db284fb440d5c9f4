"""Counsel choose a reading for the whole agreement on its page."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client

from registrations.facts import docket_of
from registrations.models import Demand
from tests import world as tell
from tests.web.forms import Desk, on_day

TODAY = date(2003, 6, 12)
MEMO = "The later sentence is the special one."


@pytest.fixture
def desk(bestnet: tell.World, client: Client) -> Desk:
    return Desk(bestnet, client)


@pytest.fixture
def matter(bestnet: tell.World) -> Demand:
    found = tell.demand(bestnet, received_on=date(2003, 6, 2))
    tell.tell(bestnet, found, {"Birch": date(2003, 6, 9)}, sent_on=date(2003, 6, 5))
    return found


def test_every_date_that_moves_is_shown_before_it_is_saved(desk: Desk, matter: Demand) -> None:
    with on_day(TODAY):
        url = desk.url("choose-reading", query="?about=joining")
        typed = {**desk.open(url), "choice": "received", "reason": MEMO}
        looked = desk.look(url, typed)
        saved = desk.save(url, typed)
        page = desk.client.get(desk.url("readings"))
        dates = desk.client.get(desk.url("demand", matter.in_address)).content.decode()

    moved = [c for c in looked.context["moved"] if c.what.startswith("Answers by")]
    assert [(c.before, c.after) for c in moved] == [("Wed, Jun 25, 2003", "Sun, Jun 29, 2003")]
    assert saved.status_code == 302
    assert saved["Location"].endswith("/agreement/readings/#joining")
    card = next(c for c in page.context["cards"] if c.question.name == "joining")
    assert card.standing.reason == MEMO
    assert len(card.question.options) == 2
    assert f"for the whole agreement: {MEMO}" in dates
    # The other reading is still in sight, with its day.
    assert "20 days from the day the Company Notice was given: Wed, Jun 25" in dates
    assert docket_of(matter).window(f"join:{desk.world.investors['Birch'].pk}").closes_on == date(
        2003, 6, 29
    )


def test_a_reading_without_a_memo_is_asked_for_one_and_stays_chosen(desk: Desk) -> None:
    with on_day(TODAY):
        url = desk.url("choose-reading", query="?about=filing_opens")
        answer = desk.look(url, {**desk.open(url), "choice": "first_receipt"})

    assert answer.status_code == 422
    assert "Say why" in answer.context["form"].errors["reason"][0]
    assert answer.context["form"]["choice"].value() == "first_receipt"


def test_the_question_is_opened_again_and_earlier_choices_are_listed(desk: Desk) -> None:
    with on_day(TODAY):
        url = desk.url("choose-reading", query="?about=joining")
        desk.save(url, {"choice": "received", "reason": MEMO})
        desk.save(url, {"choice": "open", "reason": "Both may be argued."})
        page = desk.client.get(desk.url("readings"))

    card = next(c for c in page.context["cards"] if c.question.name == "joining")
    assert card.standing.choice == ""
    assert [reading.choice for reading, _ in card.earlier] == ["received"]
    assert "Left open again" in page.content.decode()


def test_there_is_no_such_question(desk: Desk) -> None:
    with on_day(TODAY):
        url = desk.url("choose-reading", query="?about=weather")
        assert desk.client.get(url).status_code == 404


def test_a_reader_sees_the_readings_and_no_button(bestnet: tell.World, client: Client) -> None:
    desk = Desk(bestnet, client, bestnet.reader)
    with on_day(TODAY):
        page = client.get(desk.url("readings"))

    assert page.status_code == 200
    assert "Choose a reading" not in page.content.decode()
