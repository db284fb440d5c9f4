"""A term changed on its page, field by field, as counsel does."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client

from registrations.facts import terms_of
from registrations.rules.terms import SPEC
from registrations.services import matters
from tests import world as tell
from tests.web.forms import Desk, on_day

TODAY = date(2003, 6, 12)


@pytest.fixture
def desk(bestnet: tell.World, client: Client) -> Desk:
    return Desk(bestnet, client)


def test_each_term_opens_in_fields_whether_it_is_on_record_or_not(desk: Desk) -> None:
    with on_day(TODAY):
        for term in SPEC:
            page = desk.client.get(desk.url("change-term", term))
            assert page.status_code == 200, term
            assert page.context["form"].tree is not None, term
            assert 'name="do" value="as:data"' in page.content.decode(), term


def test_the_agreement_names_what_it_leaves_open_and_what_is_not_on_record(desk: Desk) -> None:
    with on_day(TODAY):
        page = desk.client.get(desk.url("agreement"))

    text = page.content.decode()
    said = " ".join(gap.says for gap in page.context["gaps"])
    assert "No time zone: no term names one" in said
    assert "No business-day rule" in said
    assert desk.url("change-term", "lockup") in text
    assert desk.url("change-term", "joining") in text


def test_a_term_left_blank_is_named(desk: Desk) -> None:
    with on_day(TODAY):
        url = desk.url("change-term", "filing_closes", query="?as=data")
        blank = {"value": '{"blank": "days to file"}', "kind": "correction", "reason": "A form."}
        assert desk.save(url, blank).status_code == 302
        page = desk.client.get(desk.url("agreement"))

    said = [gap.says for gap in page.context["gaps"] if gap.term == "filing_closes"]
    assert any("left blank by the form: days to file" in says for says in said)


def test_a_correction_typed_into_fields_is_looked_at_and_saved(desk: Desk) -> None:
    tell.demand(desk.world, received_on=date(2003, 6, 2))
    with on_day(TODAY):
        url = desk.url("change-term", "filing_closes")
        typed = {
            **desk.open(url),
            "v-n": "60",
            "kind": "correction",
            "reason": "The paper says sixty.",
        }
        looked = desk.look(url, typed)
        saved = desk.save(url, typed)

    assert "60 calendar days after Demand Notice received" in looked.content.decode()
    assert any(change.moved for change in looked.context["found"].changes)
    assert saved.status_code == 302
    assert terms_of(desk.world.agreement, TODAY).filing_closes.n == 60


def test_a_button_adds_a_row_and_everything_typed_stays(desk: Desk) -> None:
    with on_day(TODAY):
        url = desk.url("change-term", "request_parts")
        typed = {**desk.open(url), "summary": "In my own words", "reason": "Half typed"}
        page = desk.client.post(url, {**typed, "do": "add:v"})

    text = page.content.decode()
    assert page.status_code == 200
    assert "In my own words" in text
    assert "Half typed" in text
    assert f'name="v-{typed["v__rows"]}"' in text
    assert "error-summary" not in text


def test_the_value_is_turned_into_data_and_back_into_fields(desk: Desk) -> None:
    with on_day(TODAY):
        url = desk.url("change-term", "joining")
        typed = {**desk.open(url), "v-readings-0-says": "Counted from posting"}
        as_data = desk.client.post(url, {**typed, "do": "as:data"})
        data = as_data.context["form"]["value"].value()
        back = desk.client.post(url, {"mode": "data", "value": data, "do": "as:fields"})
        no_way = desk.client.post(url, {"mode": "data", "value": '{"n": 1}', "do": "as:fields"})

    assert '"says": "Counted from posting"' in data
    assert back.context["form"].tree.typed["v-readings-0-says"] == "Counted from posting"
    assert "No fields fit this data" in no_way.content.decode()


def test_a_field_that_is_wrong_comes_back_with_everything_typed(desk: Desk) -> None:
    with on_day(TODAY):
        url = desk.url("change-term", "filing_closes")
        typed = {**desk.open(url), "v-n": "soon", "kind": "correction", "reason": "Misread."}
        answer = desk.look(url, typed)

    text = answer.content.decode()
    assert answer.status_code == 422
    assert '<a href="#id_v-n">How many: Give a whole number' in text
    assert 'value="soon"' in text
    assert "Misread." in text


def test_a_closed_matter_refuses_a_correction_and_says_what_to_do(desk: Desk) -> None:
    world = desk.world
    matter = tell.demand(world, received_on=date(2003, 6, 2))
    tell.files(world, matter, date(2003, 7, 15), {"Alder": 1})
    matters.record_effectiveness(
        demand=matter, on=date(2003, 8, 1), when=world.at(date(2003, 8, 1))
    )
    matters.record_all_sold(demand=matter, on=date(2003, 9, 1), when=world.at(date(2003, 9, 1)))
    with on_day(date(2004, 6, 1)):
        url = desk.url("change-term", "filing_closes")
        typed = {**desk.open(url), "v-n": "60", "kind": "correction", "reason": "Sixty."}
        answer = desk.look(url, typed)

    assert answer.status_code == 422
    assert "record an amendment from a day after it began instead" in answer.content.decode()
