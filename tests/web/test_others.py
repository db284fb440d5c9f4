"""Other Holders in a demand, section 1(b) (D12), as counsel work through them."""

from __future__ import annotations

from datetime import date

import pytest

from registrations.models import Demand, Inclusion, OtherHolder
from registrations.rules.others import Other, Place, placed
from tests import world as tell
from tests.rules.bestnet import TERMS, on

from .forms import Desk, on_day
from .pages import Page, signed_in

ZED = {"name": "Zed Fund", "paper": "Rights agreement of 2001", "from_on": "2001-05-01",
       "shares": "500,000"}  # fmt: skip


@pytest.fixture
def matter(bestnet: tell.World) -> Demand:
    return tell.demand(bestnet, received_on=date(2003, 6, 2))


def see(world: tell.World, query: str = "") -> Page:
    answer = signed_in(world.counsel).get(f"/a/bestnet/registrations/DR-1/others/{query}")
    assert answer.status_code == 200
    return Page(answer.content.decode())


def test_a_holder_is_offered_a_place_asks_for_one_and_accepts_the_terms(bestnet, matter, client):
    desk = Desk(bestnet, client)
    with on_day(date(2003, 6, 20)):
        assert "No Other Holder is on record" in see(bestnet).text
        assert desk.save(desk.url("record-other-holder"), ZED).status_code == 302
        assert "Not offered a place yet" in see(bestnet).text
        zed = OtherHolder.objects.get().public_id
        url = desk.url("record-inclusion", 1, zed)

        assert desk.save(url, {"offered_on": "2003-06-05"}).status_code == 302
        assert "No answer yet" in see(bestnet).text

        more = {"answered_on": "2003-06-10", "joins": "yes", "shares": "600,000"}
        assert desk.save(url, more).status_code == 422  # says no why
        assert desk.save(url, {**more, "reason": "Its letter came."}).status_code == 302
        page = see(bestnet)
        assert page.heading == "No Other Holder has a place in DR-1."
        assert "has not accepted the section’s terms, which the Company requires" in page.text
        assert "100,000 past its right" in page.text

        more = {"terms_accepted_on": "2003-06-12", "reason": "Signed."}
        assert desk.save(url, more).status_code == 302
        assert see(bestnet).heading == "One Other Holder has a place in DR-1."
        assert see(bestnet, "?as_of=2003-06-11").heading == "No Other Holder has a place in DR-1."
    assert Inclusion.objects.count() == 3


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"offered_on": "2003-06-01"}, "The Demand Notice is of"),
        ({"offered_on": "2003-06-05", "joins": "yes"}, "enter both, or neither"),
        ({"offered_on": "2003-06-05", "joins": "yes", "answered_on": "2003-06-04"}, "offered on"),
        ({"offered_on": "2003-06-05", "shares": "5"}, "Only one that joins"),
        ({"offered_on": "2003-06-21"}, "has not come yet"),
    ],
)
def test_what_contradicts_itself_is_refused(bestnet, matter, client, typed, says):
    desk = Desk(bestnet, client)
    with on_day(date(2003, 6, 20)):
        desk.save(desk.url("record-other-holder"), ZED)
        url = desk.url("record-inclusion", 1, OtherHolder.objects.get().public_id)
        answer = desk.save(url, typed)
        assert answer.status_code == 422
        assert says in answer.content.decode()
    assert not Inclusion.objects.exists()


def test_a_right_is_corrected_with_a_reason_and_no_name_stands_twice(bestnet, matter, client):
    desk = Desk(bestnet, client)
    with on_day(date(2003, 6, 20)):
        desk.save(desk.url("record-other-holder"), ZED)
        assert desk.save(desk.url("record-other-holder"), ZED).status_code == 409
        url = desk.url("correct-other-holder", OtherHolder.objects.get().public_id)
        assert desk.save(url, {"shares": "700,000", "reason": "Misread."}).status_code == 302
        assert OtherHolder.objects.standing().get().shares == 700_000
        assert "for 700,000 shares" in see(bestnet).text


def test_by_rest(bestnet, matter, client):
    client.force_login(bestnet.counsel)
    with on_day(date(2003, 6, 20)):
        base = "/api/v1/agreements/bestnet/other-holders/"
        typed = {**ZED, "shares": 500_000}
        made = client.post(base, typed, content_type="application/json")
        assert made.status_code == 201, made.content
        offered = {"holder": made.json()["id"], "offered_on": "2003-06-05", "terms_required": False}
        body = {**offered, "answered_on": "2003-06-10", "joins": True}
        path = f"/api/v1/demands/{matter.public_id}/inclusions/"
        shown = client.post(path, body, content_type="application/json")
        assert shown.status_code == 201, shown.content
        assert [(each["name"], each["place"]) for each in shown.json()] == [
            ("Zed Fund", "included")
        ]
        assert client.get(path).json() == shown.json()
        assert [each["name"] for each in client.get(base).json()] == ["Zed Fund"]


def test_one_that_declined_has_no_place_whatever_it_accepted():
    zed = Other(
        "Zed", "Its paper", 5, on("2003-06-05"), True, on("2003-06-10"), False, None,
        on("2003-06-11"),
    )  # fmt: skip
    assert [s.place for s in placed([zed], on("2003-06-20"), TERMS)] == [Place.DECLINED]
