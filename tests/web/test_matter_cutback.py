"""The cutback of one registration, as counsel works on it and saves it (P7, H5)."""

from __future__ import annotations

import csv
from datetime import date

import pytest
from django.test import Client

from registrations.models import Allocation, Demand
from registrations.services import cutback, ledger
from tests import world as tell
from tests.services.saved import rows
from tests.services.test_cutback import TODAY, offering
from tests.web.forms import Desk, on_day
from tests.web.pages import signed_in

__all__ = ["offering"]
CR_1 = ("CR-1",)


@pytest.fixture
def desk(bestnet: tell.World, client: Client, offering: Demand) -> Desk:
    return Desk(bestnet, client)


def look(desk: Desk, **query: str):
    with on_day(TODAY):
        return desk.client.get(desk.url("matter-cutback", *CR_1), query)


def text(page) -> str:
    return page.content.decode().replace("\u00a0", " ")


def pk(desk: Desk, name: str) -> int:
    return desk.world.investors[name].pk


def test_before_anything_is_typed_the_page_shows_who_asked_and_how_that_stands(desk) -> None:
    page = look(desk)

    assert page.context["worked"] is None
    assert not page.context["form"].errors
    assert "What does each holder get" in text(page)
    assert [(r.seller.name, r.came) for r in page.context["seller_rows"]] == [
        ("Alder", "Asked in time"),
        ("Birch", "Asked in time"),
        ("Cedar", "Has not accepted the underwriting"),
        ("Dale", "Asked late"),
    ]


def test_looking_saves_nothing_and_the_address_says_it_all(desk) -> None:
    before = rows()
    page = look(desk, maximum="2,000,000", company="1,000,000")

    assert "At 2,000,000 shares, holders get 1,000,000 of the 3,900,000 they asked for." in text(
        page
    )
    assert [(r.name, r.gets) for r in page.context["rows"]] == [
        ("Alder", 766_667),
        ("Birch", 233_333),
    ]
    assert "Adds up to 1,000,000, and 1,000,000 of the Company’s." in text(page)
    assert "Not counted: Cedar (600,000 asked for); Dale (500,000 asked for)." in text(page)
    assert rows() == before


def test_a_late_request_is_let_in_and_a_lender_added(desk) -> None:
    query = {
        "maximum": "1200000", f"in_{pk(desk, 'Dale')}": "on", f"out_{pk(desk, 'Alder')}": "on",
        f"with_{pk(desk, 'Birch')}": "Fund", f"with_{pk(desk, 'Dale')}": "fund",
        "name_1": "Lender", "holds_1": "5,400,000", "asks_1": "600,000",
    }  # fmt: skip
    page = look(desk, **query)

    shown = [(r.kind, r.name, r.gets) for r in page.context["rows"]]
    assert shown == [
        ("group", "Fund", 600_000),
        ("member", "Birch", 466_667),
        ("member", "Dale", 133_333),
        ("alone", "Lender", 600_000),
    ]
    assert 'name="name_2"' in text(page), "one more row to type in"


def test_the_other_reading_is_one_choice_away(desk) -> None:
    query = {"maximum": "3,895,000"}
    again, left = look(desk, **query), look(desk, **query, again="no")

    assert again.context["got"] == 3_895_000
    assert left.context["got"] == 3_886_167  # Birch’s part passes the 900,000 it asked for
    assert left.context["other_got"] == 3_895_000
    assert "is not shared again" in text(left)


@pytest.mark.parametrize(
    ("typed", "field", "says"),
    [
        ({"maximum": "many"}, "maximum", "is not a whole number"),
        ({"maximum": "5", "on": "Jul 9, 2004"}, "on", "has not come yet"),
        ({"maximum": "5", "name_1": "Lender", "holds_1": "1", "asks_1": "2"}, "asks_1", "no more"),
        ({"maximum": "5", "asks_1": "2", "holds_1": "2"}, "name_1", "Say who"),
    ],
)
def test_what_cannot_be_is_told_at_its_field_and_nothing_typed_is_lost(desk, typed, field, says):
    page = look(desk, **typed)

    assert says in page.context["form"].errors[field][0]
    assert all(f'value="{value}"' in text(page) for value in typed.values())


def save(desk: Desk, query: str, **given: str):
    with on_day(TODAY):
        url = desk.url("save-allocation", *CR_1, query=f"?{query}")
        return desk.save(url, given)


def test_what_is_saved_stays_as_saved_and_says_when_the_facts_have_moved(desk, offering) -> None:
    answer = save(desk, "maximum=1000000", reason="As told to the underwriters.")
    kept = Allocation.objects.get()
    assert answer.status_code == 302
    with on_day(TODAY):
        page = desk.client.get(answer["Location"])
    assert "Today’s facts give the same result." in text(page)

    ledger.issue_units(
        investor=desk.world.investors["Birch"], units=1_600_000, on=TODAY,
        when=desk.world.at(TODAY),
    )  # fmt: skip
    with on_day(TODAY):
        page = desk.client.get(answer["Location"])
    assert [(r.name, r.gets) for r in page.context["rows"]] == [
        ("Alder", 766_667),
        ("Birch", 233_333),
    ]
    assert "Alder: 766,667 as saved, 500,000 by today’s facts" in text(page)
    assert str(kept.public_id) in text(look(desk)), "the cutback page lists it"


def test_a_second_one_says_why_it_replaces_the_first(desk, offering) -> None:
    save(desk, "maximum=1000000")
    refused = save(desk, "maximum=1100000")
    assert refused.status_code == 422
    assert "Say why" in text(refused)

    save(desk, "maximum=1100000", reason="The book grew.")
    first, second = Allocation.objects.order_by("pk")
    assert (second.replaces, second.reason) == (first, "The book grew.")
    assert cutback.standing(offering) == second
    with on_day(TODAY):
        page = desk.client.get(desk.url("allocation", first.public_id))
    assert "Replaced." in text(page)
    assert "The book grew." in text(page)


def test_an_address_that_does_not_work_out_leads_back_to_where_it_is_told(desk) -> None:
    with on_day(TODAY):
        answer = desk.client.get(desk.url("save-allocation", *CR_1, query="?maximum=lots"))

    assert answer.status_code == 302
    assert answer["Location"].endswith("/cutback/?maximum=lots")


def test_worked_out_anew_it_says_the_same_of_the_offering(desk, offering) -> None:
    query = (
        f"maximum=1200000&company=100000&in_{pk(desk, 'Dale')}=on&with_{pk(desk, 'Dale')}=F"
        "&again=no&name_1=Lender&holds_1=5400000&asks_1=600000"
    )
    page = save(desk, query)
    with on_day(TODAY):
        saved = desk.client.get(page["Location"])
        anew = desk.client.get(saved.context["again"])

    assert [(r.name, r.gets) for r in anew.context["rows"]] == [
        (r.name, r.gets) for r in saved.context["rows"]
    ]


def test_as_a_spreadsheet_live_and_saved_alike(desk) -> None:
    query = "maximum=1000000&name_1==Lender&holds_1=10&asks_1=10"
    live = look(desk, format="csv", maximum="1000000", name_1="=Lender", holds_1="10", asks_1="10")
    saved_at = save(desk, query)["Location"]
    with on_day(TODAY):
        kept = desk.client.get(saved_at, {"format": "csv"})

    body = live.getvalue()
    assert body == kept.getvalue()
    assert live["Content-Type"].startswith("text/csv")
    lines = list(csv.reader(body.decode().splitlines()))
    assert lines[1] == [
        "Alder", "Asked in time", "yes", "", "13800000", "3000000", "766666", "2233334",
    ]  # fmt: skip
    assert lines[-1][0] == "'=Lender", "no spreadsheet takes it for a formula"


def test_a_demand_has_no_order_of_claims_here_and_the_page_says_so(desk) -> None:
    tell.demand(desk.world, received_on=date(2004, 6, 29))
    with on_day(TODAY):
        page = desk.client.get(desk.url("matter-cutback", 1))

    assert page.context["form"] is None
    assert "gives no order for a cutback of DR-1" in text(page)


def test_a_reader_sees_it_and_may_not_save(desk, bestnet) -> None:
    reader = signed_in(bestnet.reader)
    query = {"maximum": "1000000"}
    with on_day(TODAY):
        page = reader.get(desk.url("matter-cutback", *CR_1), query)
        answer = reader.get(desk.url("save-allocation", *CR_1), query)

    assert "Save allocation" not in text(page)
    assert answer.status_code == 403
