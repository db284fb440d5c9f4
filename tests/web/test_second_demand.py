"""A demand after the one owed was used up, and a second for what there was no room for,
sections 1(a) and 1(c) (D11, D13), as counsel meet them."""

from __future__ import annotations

from datetime import date

import pytest

from registrations.models import Demand, Flag
from registrations.services import matters
from tests import world as tell

from .forms import Desk, on_day
from .pages import Page, signed_in

# Alder alone asks, and the statement covers all it asked for.
ASKED = 1_000_000
COUNTS = (("authorized_common", 50_000_000), ("outstanding_common", 30_000_000),
          ("reserved_common", 12_000_000))  # fmt: skip


@pytest.fixture
def used_up(bestnet: tell.World) -> Demand:
    matter = tell.demand(bestnet, received_on=date(2003, 6, 2), shares=ASKED)
    tell.files(bestnet, matter, date(2003, 7, 15), {"Alder": ASKED})
    matters.record_effectiveness(
        demand=matter, on=date(2003, 9, 2), when=bestnet.at(date(2003, 9, 2))
    )
    return matter


def see(world: tell.World, path: str) -> Page:
    answer = signed_in(world.counsel).get(f"/a/bestnet/{path}")
    assert answer.status_code == 200
    return Page(answer.content.decode())


def count(desk: Desk, kind: str, number: int, on: str) -> None:
    typed = {"kind": kind, "count": f"{number:,}", "on": on, "source": "Transfer agent"}
    assert desk.save(desk.url("record-share-count"), typed).status_code == 302


def test_no_demand_is_left_until_counsel_decide_otherwise(bestnet, used_up, client):
    desk = Desk(bestnet, client)
    with on_day(date(2004, 6, 1)):
        for kind, number in (*COUNTS[:2], ("reserved_common", 0)):
            count(desk, kind, number, "2003-06-01")
        tell.demand(bestnet, received_on=date(2004, 6, 1))
        page = see(bestnet, "registrations/DR-2/")
        assert page.heading == "DR-2 starts no clock: no demand is left."
        assert "DR-1 used one up" in page.text
        assert "no demand was left to make" in page.text
        assert Flag.objects.get(kind="no_demand_left", cleared_at=None).since_on == date(2004, 6, 1)
        assert "DR-2: no demand is left" in see(bestnet, "").text

        url = desk.url("decide", 2, query="?about=demand_left")
        choice = {"choice": "owed", "decided_on": "2004-06-01", "reason": "The Board agreed."}
        assert desk.save(url, choice).status_code == 302
        assert see(bestnet, "registrations/DR-2/").heading.startswith("DR-2 must be filed by")
        assert "Decision: whether a demand is left" in see(bestnet, "registrations/DR-2/").text


def test_short_capital_gives_a_second_demand(bestnet, used_up, client):
    desk = Desk(bestnet, client)
    with on_day(date(2004, 6, 1)):
        for kind, number in COUNTS:
            count(desk, kind, number, "2003-06-01")
        first = see(bestnet, "registrations/DR-1/").text
        # 3,600,000 Units need 10,800,000 shares on conversion and exercise; 8,000,000 are free.
        assert "Authorized capital has no room for 2,800,000 Registrable Shares" in first
        assert "two Demand Registrations owed, one demand left." in (
            see(bestnet, "").text.lower().replace("demand registrations", "Demand Registrations")
        )
        tell.demand(bestnet, received_on=date(2004, 6, 1), shares=2_800_000)
        assert see(bestnet, "registrations/DR-2/").heading.startswith("DR-2 must be filed by")
        counts = see(bestnet, "company/").text
        assert "Common Stock reserved for others" in counts
        assert "12,000,000" in counts


def test_without_the_counts_the_page_asks_for_them(bestnet, used_up):
    with on_day(date(2004, 6, 1)):
        tell.demand(bestnet, received_on=date(2004, 6, 1))
        page = see(bestnet, "registrations/DR-2/")
        assert page.heading.startswith("DR-2 must be filed by")
        assert "Whether a demand is left is not known" in page.text
