"""One statement’s page: what became of it, what is due, and whom it covers."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client

from registrations.models import Demand, StatementRecord
from tests import world as w
from tests.web.forms import Desk, on_day
from tests.web.pages import read


@pytest.fixture
def desk(bestnet: w.World, client: Client) -> Desk:
    return Desk(bestnet, client)


@pytest.fixture
def matter(bestnet: w.World) -> Demand:
    """W1, with Birch's request for 60,000 and a filing that leaves 10,000 of them out."""
    matter = w.demand(bestnet, received_on=date(2003, 6, 2))
    receipts = {"Birch": date(2003, 6, 7), "Cedar": date(2003, 6, 9), "Dale": date(2003, 6, 10)}
    w.tell(bestnet, matter, receipts, sent_on=date(2003, 6, 5))
    w.asks(bestnet, matter, "Birch", received_on=date(2003, 6, 20), shares=60_000)
    w.files(bestnet, matter, date(2003, 7, 15), {"Alder": 1_000_000, "Birch": 50_000})
    return matter


def test_comments_an_amendment_and_effectiveness_use_the_demand_up(
    desk: Desk, matter: Demand
) -> None:
    page = desk.url("statement", matter.statement.public_id)
    record = desk.url("record-event", matter.statement.public_id)
    with on_day(date(2003, 9, 10)):
        before = read(desk.client, page).text
        assert "The one demand is alive." in before
        assert "10,000" in before
        desk.save(f"{record}?kind=comments", {"on": "2003-08-01", "note": "Twelve comments"})
        assert "A comment letter waits for an answer." in read(desk.client, page).text
        desk.save(f"{record}?kind=response", {"on": "2003-08-10"})
        birch = desk.world.investors["Birch"].pk
        amended = desk.save(
            f"{record}?kind=pre_amendment", {"on": "2003-08-10", f"covers_{birch}": "60,000"}
        )
        assert amended.status_code == 302
        desk.save(f"{record}?kind=effective", {"on": "2003-09-02"})
        after = read(desk.client, page).text
        front = read(desk.client, desk.url("dashboard")).text
        matter_page = read(desk.client, desk.url("demand", 1)).text
    assert "A comment letter waits" not in after
    assert "The one demand is used up." in after
    assert "It covers all 1,060,000 Registrable Shares asked for in time" in after
    assert "One Demand Registration owed, no demand left." in front
    assert "The one demand is used up." in matter_page


def test_a_withdrawal_says_at_whose_wish(desk: Desk, matter: Demand) -> None:
    url = desk.url("record-event", matter.statement.public_id, query="?kind=withdrawn")
    with on_day(date(2003, 9, 10)):
        silent = desk.client.post(url, {**desk.open(url), "on": "2003-09-01", "do": "save"})
        assert silent.status_code == 422
        assert "detail" in silent.context["form"].errors
        assert desk.save(url, {"on": "2003-09-01", "detail": "company"}).status_code == 302
        page = read(desk.client, desk.url("demand", 1)).text
        assert "The Company withdrew it before it became effective" in page
        wrong = StatementRecord.objects.get(kind="withdrawn")
        data = {"detail": "learned", "reason": "The letter was the Investors’"}
        assert desk.save(desk.url("correct-statement", wrong.pk), data).status_code == 302
        page = read(desk.client, desk.url("demand", 1)).text
    assert "solely for material information about the Company that they learned" in page
    assert StatementRecord.objects.standing().get(kind="withdrawn").detail == "learned"


@pytest.mark.parametrize(
    ("kind", "day"),
    [("effective", "2003-07-14"), ("response", "2003-08-01"), ("withdrawn", "2003-09-11")],
)
def test_what_contradicts_the_record_is_refused(
    desk: Desk, matter: Demand, kind: str, day: str
) -> None:
    url = desk.url("record-event", matter.statement.public_id, query=f"?kind={kind}")
    detail = {"detail": "company"} if kind == "withdrawn" else {}
    with on_day(date(2003, 9, 10)):
        page = desk.client.post(url, {**desk.open(url), **detail, "on": day, "do": "save"})
    assert page.status_code == 422
    assert "on" in page.context["form"].errors
    assert StatementRecord.objects.count() == 1


@pytest.mark.parametrize("kind", ["filed", "nonsense"])
def test_there_is_no_such_thing_to_record(desk: Desk, matter: Demand, kind: str) -> None:
    url = desk.url("record-event", matter.statement.public_id, query=f"?kind={kind}")

    assert desk.client.get(url).status_code == 404
