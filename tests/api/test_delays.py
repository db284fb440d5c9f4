"""The Company's delay by REST (D15)."""

from __future__ import annotations

from datetime import date

import pytest

from tests import world as tell

DELAY = {
    "directed_on": "2003-06-05",
    "what": "Common Stock, Form S-1",
    "circumstances": {"firm_plans": True, "company_engaged": False, "open_to_investors": True},
    "planned_on": "2003-06-25",
}


@pytest.fixture
def path(bestnet: tell.World) -> str:
    return f"demands/{tell.demand(bestnet, received_on=date(2003, 6, 2)).public_id}"


def file_window(counsel, path):
    return next(w for w in counsel.read(f"{path}/docket/")["windows"] if w["key"] == "file")


def test_directed_and_completed(counsel, path, travel):
    travel(date(2003, 7, 2))
    previewed = counsel.act(f"{path}/delays/", DELAY, status=200, preview="true")
    assert previewed["before"]["windows"] != previewed["after"]["windows"]
    shown = counsel.act(f"{path}/delays/", DELAY)
    assert [d["number"] for d in shown["delays"]] == [1]
    assert file_window(counsel, path)["closes_on"] is None

    known = {**DELAY, "delay": 1, "counted_from_on": "2003-07-01", "reason": "Effective."}
    shown = counsel.act(f"{path}/delay-corrections/", known)
    assert [(d["number"], d["counted_from_on"]) for d in shown["delays"]] == [(1, "2003-07-01")]
    file = file_window(counsel, path)
    assert file["closes_on"] == "2003-10-29"
    assert {r["name"]: r["closes_on"] for r in file["readings"]}["restart"] == "2003-12-13"
    assert any(r["rule"] == "D15" and r["clause"] == "1(d)" for r in file["because"])


def test_refused_by_field(counsel, path, travel):
    travel(date(2003, 7, 2))
    assert "circumstances" in str(
        counsel.act(f"{path}/delays/", {**DELAY, "circumstances": {"moon": True}}, status=400)
    )
    none = {**DELAY, "delay": 1, "reason": "x"}
    assert "delay" in str(counsel.act(f"{path}/delay-corrections/", none, status=400))
    counsel.act(f"{path}/delays/", DELAY)
    counsel.act(f"{path}/delays/", DELAY, status=409)
