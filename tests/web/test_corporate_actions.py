"""Splits and the like through the pages: recorded once for the class, seen before saving."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client

from investors.models import CorporateAction
from tests import world as w
from tests.web.forms import Desk, on_day
from tests.web.pages import signed_in

TODAY = date(2003, 6, 20)
SPLIT = {
    "kind": "split", "security": "common", "numerator": "2", "denominator": "1",
    "on": "Jun 10, 2003", "fractions": "dropped",
}  # fmt: skip


@pytest.fixture
def desk(bestnet: w.World, client: Client) -> Desk:
    return Desk(bestnet, client)


def test_a_split_shows_what_it_makes_of_everything_and_is_saved_once(desk: Desk) -> None:
    url = desk.url("record-action")
    with on_day(TODAY):
        looked = desk.look(url, {**desk.open(url), **SPLIT}).content.decode()
        for row in ("10,800,000</td><td", "21,600,000</td><td", ">6</td><td", ">12</td>"):
            assert row in looked
        assert "Every holding comes out in whole shares." in looked
        assert not CorporateAction.objects.exists()
        assert desk.save(url, SPLIT)["Location"] == desk.url("corporate-actions")

        page = desk.client.get(desk.url("corporate-actions")).content.decode()
        assert "2 for 1 split of Common Stock, counted from <b>Tue, Jun 10, 2003</b>" in page
        assert "One untouched Unit on Fri, Jun 20, 2003: 12 Registrable Shares" in page
        before = desk.client.get(desk.url("corporate-actions", query="?as_of=2003-06-09"))
        assert "One untouched Unit on Mon, Jun 9, 2003: 6" in before.content.decode()

        holders = desk.client.get(desk.url("holders")).content.decode()
        assert "43,200,000 Registrable Shares, fully converted." in holders
        assert "6 Common, 1 Preferred (converts to 4) and 1 Warrant (for 2): 12 Reg" in holders
        assert "3 Common × 2 = 6; a Preferred yields 4 Common instead of 2" in holders

        dale = desk.world.investors["Dale"].public_id
        holder = desk.client.get(desk.url("holder", dale)).content.decode()
        assert "2 for 1 split of Common Stock" in holder
        assert "+600,000" in holder
        assert "200,000 × 4" in holder


def test_parts_of_shares_are_counted_and_said(desk: Desk) -> None:
    w.add(desk.world, "Elm", 1)
    url = desk.url("record-action")
    reverse = {**SPLIT, "numerator": "1", "denominator": "2", "fractions": "cash"}
    with on_day(TODAY):
        looked = desk.look(url, {**desk.open(url), **reverse}).content.decode()
    assert "1 holder has part of a share: 1/2, paid in cash." in looked


def test_a_participant_s_table_says_what_a_unit_is_by_then(desk: Desk) -> None:
    matter = w.demand(desk.world, received_on=date(2003, 6, 2))
    w.split(desk.world, 2, 1, on=date(2003, 6, 10))
    with on_day(TODAY):
        page = desk.client.get(desk.url("demand", matter.in_address)).content.decode()
    assert "12 per untouched Unit" in page
    assert "27,600,000" in page  # Alder's 2,300,000 Units


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"numerator": "0"}, "numerator"),
        ({"denominator": "0"}, "denominator"),
        ({"numerator": "1"}, "numerator"),
        ({"numerator": "1.5"}, "numerator"),
        ({"security": "warrant"}, "security"),
        ({"kind": "exchange"}, "into"),
        ({"fractions": ""}, "fractions"),
        ({"on": "2003-06-21"}, "on"),
        ({"on": "2003-03-30"}, "on"),
        ({"place": "0"}, "place"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field_and_kept(
    desk: Desk, data: dict[str, str], field: str
) -> None:
    url = desk.url("record-action")
    with on_day(TODAY):
        typed = {**desk.open(url), **SPLIT, "note": "Certificate", **data, "do": "save"}
        page = desk.client.post(url, typed)
    assert page.status_code == 422
    assert field in page.context["form"].errors
    assert "Certificate" in page.content.decode()
    assert not CorporateAction.objects.exists()


def test_it_is_corrected_then_struck_out_and_all_of_it_stays_to_be_read(desk: Desk) -> None:
    first = w.split(desk.world, 3, 1, on=date(2003, 6, 10))
    url = desk.url("correct-action", first.public_id)
    with on_day(TODAY):
        opened = desk.open(url)
        assert (opened["numerator"], opened["rates_follow"]) == ("3", "on")
        unsaid = desk.client.post(url, {**opened, "numerator": "2", "do": "save"})
        assert unsaid.status_code == 422
        assert "reason" in unsaid.context["form"].errors
        assert desk.save(url, {"numerator": "2", "reason": "Misread."}).status_code == 302
        stale = desk.client.post(url, {**opened, "reason": "Misread.", "never": "on"})
        assert stale.status_code == 409
        second = CorporateAction.objects.standing().get()
        url = desk.url("correct-action", second.public_id)
        assert desk.save(url, {"never": "on", "reason": "Not filed."}).status_code == 302
        page = desk.client.get(desk.url("corporate-actions")).content.decode()
        trail = desk.client.get(desk.url("audit")).content.decode()
    assert "No split or the like is on record." in page
    assert "Replaced: “Misread.”" in page
    assert "Never happened: “Not filed.”" in page
    assert "Struck out a 2 for 1 split of Common Stock" in trail


def test_a_reader_reads_it_and_a_stranger_finds_nothing(desk: Desk) -> None:
    url = desk.url("corporate-actions")
    page = signed_in(desk.world.reader).get(url)
    assert page.status_code == 200
    assert desk.url("record-action") not in page.content.decode()
    assert signed_in(desk.world.stranger).get(url).status_code == 404
