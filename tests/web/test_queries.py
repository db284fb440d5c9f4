"""A page costs the same number of queries for ten rows as for a thousand."""

from __future__ import annotations

from datetime import date

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from notices.heartbeat import EVERY_SECONDS, beat
from registrations.services.recording import redraw
from registrations.sweep import sweep
from tests import world as tell
from tests.web import crowds
from tests.web.pages import read, signed_in

FEW, MANY = 10, 1_000
ROOT = "/a/bestnet/"
ON = date(2003, 6, 18)
MOST = {
    "": 19,
    "registrations/": 10,
    "deadlines/": 12,
    "cutback/": 14,
    "deadlines/?state=all&page=2": 12,
}
DEMAND_MOST = 24
PORTAL_MOST = 34


def queries(world, address: str) -> list[str]:
    with time_machine.travel(tell.noon(ON), tick=False):
        client = signed_in(world.counsel)
        with CaptureQueriesContext(connection) as seen:
            read(client, address)
    return [q["sql"] for q in seen.captured_queries]


@pytest.fixture
def begun(bestnet):
    bestnet.matter = tell.demand(bestnet, received_on=date(2003, 6, 2))
    receipts = {"Birch": date(2003, 6, 7), "Cedar": date(2003, 6, 9), "Dale": None}
    tell.tell(bestnet, bestnet.matter, receipts, sent_on=date(2003, 6, 5))
    sweep(tell.noon(ON))
    for job in EVERY_SECONDS:
        beat(job, now=tell.noon(ON))
    return bestnet


@pytest.mark.parametrize("part", MOST)
def test_matters(begun, part):
    crowds.matters(begun, begun.matter, FEW)
    few = queries(begun, ROOT + part)
    crowds.matters(begun, begun.matter, MANY)
    many = queries(begun, ROOT + part)

    assert len(few) == len(many) <= MOST[part], "\n\n".join(sql[:300] for sql in many)


@pytest.mark.parametrize(
    "part",
    [
        "",
        "registrations/",
        "registrations/DR-1/",
        "registrations/DR-1/?page=2",
        "deadlines/",
        "cutback/",
    ],
)
def test_investors_in_one_matter(begun, part):
    crowds.investors(begun, begun.matter, FEW)
    redraw(begun.matter, now=tell.noon(ON))
    few = queries(begun, ROOT + part)
    crowds.investors(begun, begun.matter, MANY)
    redraw(begun.matter, now=tell.noon(ON))
    many = queries(begun, ROOT + part)

    assert len(few) == len(many) <= MOST.get(part, DEMAND_MOST), "\n\n".join(
        sql[:300] for sql in many
    )


def test_the_portal_asks_for_one_investor_alone(begun):
    birch = begun.investors["Birch"]
    client = signed_in(tell.representative(begun, "Birch"))
    counted = {}
    for upto in (FEW, MANY):
        crowds.investors(begun, begun.matter, upto)
        redraw(begun.matter, now=tell.noon(ON))
        for page in ("", "holdings/", "notices/", "requests/"):
            with (
                time_machine.travel(tell.noon(ON), tick=False),
                CaptureQueriesContext(connection) as seen,
            ):
                read(client, f"/portal/{birch.public_id}/{page}")
            counted[upto, page] = len(seen)
            assert len(seen) <= PORTAL_MOST, page

    for page in ("", "holdings/", "notices/", "requests/"):
        assert counted[FEW, page] == counted[MANY, page]


def test_a_crowd_is_shown_by_pages_and_its_totals_are_of_all(begun):
    crowds.investors(begun, begun.matter, MANY)
    redraw(begun.matter, now=tell.noon(ON))
    with time_machine.travel(tell.noon(ON), tick=False):
        client = signed_in(begun.counsel)
        page = read(client, f"{ROOT}registrations/DR-1/?page=3")

        assert "101 to 150 of 1,004" in page.text
        assert "Total of all 1,004" in page.text
        assert "?page=4#participants" in page.links
        dashboard = read(client, ROOT)
    assert "DR-1 requests close for 1,003 Investors" in dashboard.text
    assert len(dashboard.html) < 120_000
