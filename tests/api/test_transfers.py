"""Transfers, sales, expiry and groups by REST (H3–H6)."""

from __future__ import annotations

from datetime import date

import pytest


@pytest.fixture(autouse=True)
def _june_20(travel):
    travel(date(2003, 6, 20))


def test_the_life_of_a_transfer(bestnet, counsel, ids):
    at = f"investors/{ids['Cedar']}/transfer/"
    lines = counsel.act(at, {"quantity": 5, "on": "2003-06-10", "taker": {"name": "Elm"}})
    assert {line["investor"] for line in lines["lines"]} == {ids["Cedar"]}
    (gone,) = counsel.read("agreements/bestnet/transfers/")
    assert (gone["taker"], gone["taker_name"]) == (None, "Elm")
    assert gone["standing"]["outcome"] == "no_investor"

    late = counsel.act(
        f"transfers/{gone['id']}/counterpart/", {"signed_on": "2003-06-15", "reason": "In hand."}
    )
    assert late["standing"]["outcome"] == "needs_decision"
    made = counsel.act(
        f"transfers/{late['id']}/standing/",
        {"choice": "from_signing", "decided_on": "2003-06-20", "reason": "The Company agrees."},
    )
    assert (made["standing"]["outcome"], made["reads"]) == ("investor", "from_signing")
    held = counsel.read("agreements/bestnet/holdings/")["holdings"]
    assert [h["registrable"] for h in held if h["investor"]["name"] == "Elm"] == [30]

    counsel.act(at, {"quantity": 5, "on": "2003-06-10"}, status=400)
    both = {"to": ids["Birch"], "taker": {"name": "Fir"}}
    counsel.act(at, {"quantity": 5, "on": "2003-06-10", **both}, status=400)
    counsel.act(at, {"quantity": 5, "on": "2003-06-10", "to": ids["Birch"], "security": "warrant"})


def test_a_group_and_its_members(bestnet, counsel, ids):
    group = counsel.act("agreements/bestnet/affiliate-groups/", {"name": "Cedars"})
    at = f"affiliate-groups/{group['id']}/members/"
    body = {"investor": ids["Dale"], "kin": "partner", "from_on": "2003-06-05"}
    (member,) = counsel.act(at, body)["members"]
    refused = counsel.act(at, body, status=400)
    assert "one group" in str(refused)

    changed = counsel.act(
        f"affiliate-members/{member['id']}/changes/",
        {"kin": "partner", "from_on": "2003-06-05", "to_on": "2003-06-15", "reason": "It left."},
    )
    assert [m["to_on"] for m in changed["members"]] == ["2003-06-15"]
    assert counsel.read("agreements/bestnet/affiliate-groups/") == [changed]


def test_warrants_that_ran_out(bestnet, counsel, ids, travel):
    travel(date(2006, 5, 1))
    body = {"quantity": 200_000, "on": "2006-04-01"}
    lines = counsel.act(f"investors/{ids['Dale']}/expiry/", body)
    assert [(x["security"], x["change"]) for x in lines["lines"]] == [("warrant", -200_000)]
