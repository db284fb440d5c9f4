"""The life of a statement by REST."""

from __future__ import annotations

from datetime import date

import pytest

from registrations.models import Demand
from tests import world as tell


@pytest.fixture
def filed(bestnet: tell.World) -> Demand:
    matter = tell.demand(bestnet, received_on=date(2003, 6, 2))
    tell.files(bestnet, matter, date(2003, 7, 15), {"Alder": 900_000})
    return matter


def test_amended_then_withdrawn_at_the_investors_request(filed, counsel, ids, travel):
    travel(date(2003, 10, 1))
    path = f"demands/{filed.public_id}"
    covers = [{"investor": ids["Alder"], "shares": 1_000_000}]

    counsel.act(
        f"{path}/statement-events/", {"kind": "pre_amendment", "on": "2003-08-01", "covers": covers}
    )
    counsel.act(f"{path}/statement-events/", {"kind": "supplement", "on": "2003-08-02"})
    counsel.act(f"{path}/statement-events/", {"kind": "supplement", "on": "2003-08-05"})
    shown = counsel.act(
        f"{path}/statement-corrections/",
        {"kind": "supplement", "replaces": 1, "on": "2003-08-03", "reason": "Misread."},
    )
    assert [(e["number"], e["on"], e["stands"]) for e in shown["statement"]["history"][-3:]] == [
        (1, "2003-08-02", False), (2, "2003-08-05", True), (3, "2003-08-03", True),
    ]  # fmt: skip
    assert [c["shares"] for c in shown["statement"]["covers"]] == [1_000_000]
    again = counsel.act(
        f"{path}/statement-corrections/",
        {"kind": "supplement", "replaces": 1, "on": "2003-08-04", "reason": "Misread."},
        status=409,
    )
    assert "replaces" in str(again)

    event = {"kind": "withdrawn", "on": "2003-09-01", "detail": "investors"}
    previewed = counsel.act(f"{path}/statement-events/", event, status=200, preview="true")
    assert previewed["before"]["use"]["outcome"] == "alive"
    assert previewed["after"]["use"]["outcome"] == "used_up"
    withdrawn = counsel.act(f"{path}/statement-events/", event)["statement"]
    assert (withdrawn["withdrawn_on"], withdrawn["withdrawn_by"]) == ("2003-09-01", "investors")


@pytest.mark.parametrize(
    ("event", "field"),
    [
        ({"kind": "withdrawn", "on": "2003-09-01"}, "detail"),
        ({"kind": "comments", "on": "2003-09-01", "detail": "firm"}, "detail"),
        ({"kind": "effective", "on": "2003-07-14"}, "on"),
        ({"kind": "filed", "on": "2003-07-14"}, "kind"),
    ],
)
def test_what_cannot_be_recorded_names_its_field(filed, counsel, travel, event, field):
    travel(date(2003, 10, 1))
    path = f"demands/{filed.public_id}/statement-events/"

    answered = counsel.post(f"/api/v1/{path}", event, format="json")

    assert answered.status_code in (400, 409, 422)
    assert field in str(answered.json()["errors"])
