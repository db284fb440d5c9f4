"""Counsel ask what each holder gets at the underwriters' maximum; nothing is saved (P7)."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client

from registrations.facts import holdings
from tests import world as w
from tests.services.saved import rows
from tests.web.forms import Desk, on_day

TODAY = date(2003, 6, 20)


@pytest.fixture
def desk(bestnet: w.World, client: Client) -> Desk:
    return Desk(bestnet, client)


def ask(desk: Desk, **asked: str):
    investors = desk.world.investors
    query = {
        {"maximum": "maximum", "company": "company"}.get(name)
        or f"{name.split('_')[1]}_{investors[name.split('_')[0].capitalize()].pk}": value
        for name, value in asked.items()
    }
    with on_day(TODAY):
        return desk.client.get(desk.url("cutback"), query)


def test_the_page_before_anything_is_asked(desk: Desk) -> None:
    with on_day(TODAY):
        page = desk.client.get(desk.url("cutback"))

    assert page.status_code == 200
    assert page.context["offering"] is None
    assert not page.context["form"].errors


def test_the_company_first_and_then_by_holdings(desk: Desk) -> None:
    held = holdings(desk.world.agreement, TODAY)
    alder, birch = (desk.world.investors[n] for n in ("Alder", "Birch"))
    before = rows()

    page = ask(desk, maximum="1,000", company="400", alder_asks="600", birch_asks="600")

    offering = page.context["offering"]
    assert page.context["company_gets"] == 400
    assert offering.total == 1000
    together = held[alder.pk].registrable + held[birch.pk].registrable
    exact = 600 * held[alder.pk].registrable / together
    assert abs(offering.shares[alder.pk] - exact) < 1
    assert page.context["heading"] == "Holders get 600 of the 1,200 shares they ask for."
    assert rows() == before


def test_with_nothing_asked_for_the_page_says_what_is_missing(desk: Desk) -> None:
    page = ask(desk, maximum="1,000", company="400")

    assert page.context["offering"] is None
    assert "Enter what each asks for" in page.context["heading"]


def test_those_who_count_together_are_one(desk: Desk) -> None:
    page = ask(
        desk, maximum="900", alder_asks="900", alder_group="Fund ", birch_asks="900",
        birch_group="fund",
    )  # fmt: skip

    groups = {c.group for c in page.context["form"].claims()}
    assert groups == {0}
    assert page.context["offering"].total == 900


def test_more_than_is_held_is_told_at_its_field_and_nothing_typed_is_lost(desk: Desk) -> None:
    page = ask(desk, maximum="lots", alder_asks="999,999,999", birch_asks="5")

    form, alder = page.context["form"], desk.world.investors["Alder"]
    assert "can ask for no more" in form.errors[f"asks_{alder.pk}"][0]
    assert "maximum" in form.errors
    assert page.context["offering"] is None
    assert 'value="999,999,999"' in page.content.decode()
    assert 'value="lots"' in page.content.decode()


def test_a_stranger_is_told_nothing(desk: Desk, client: Client) -> None:
    client.logout()
    assert client.get(desk.url("cutback")).status_code == 302
