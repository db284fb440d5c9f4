"""What Selling Investors furnish, by REST (S5)."""

from __future__ import annotations

from datetime import date

import pytest

from tests import world as tell


@pytest.fixture
def at(bestnet, travel) -> str:
    matter = tell.demand(bestnet, received_on=date(2003, 6, 2))
    travel(date(2003, 7, 5))
    return f"demands/{matter.public_id}/"


def test_asked_answered_in_part_and_completed(at, counsel, ids):
    (alder,) = counsel.read(f"{at}information/")
    assert (alder["answer"], alder["days_since_asked"]) == ("not_asked", None)

    ask = {
        "investors": [ids["Alder"]], "sent_on": "2003-06-20", "method": "regular_mail",
        "due_on": "2003-07-01", "parts": ["name", "percent_after", "shares_offered"],
    }  # fmt: skip
    (alder,) = counsel.act(f"{at}information-requests/", ask)
    assert (alder["answer"], alder["days_late"]) == ("not_answered", 4)
    assert alder["because"][1]["rule"] == "S5"
    assert counsel.act(f"{at}information-requests/", ask, 400)["errors"][0]["field"] == "reason"

    part = {"investor": ids["Alder"], "received_on": "2003-06-28", "shares_offered": 900_000}
    (alder,) = counsel.act(f"{at}information-answers/", part)
    assert (alder["answer"], alder["missing"]) == ("parts_missing", ["name", "percent_after"])
    assert alder["doubts"] == ["It offers 900,000; it asked to have 1,000,000 registered."]

    whole = {**part, "received_on": "2003-07-03", "name": "Alder", "percent_after": "12.500"}
    (alder,) = counsel.act(f"{at}information-answers/", whole)
    assert (alder["answer"], alder["days_late"], alder["missing"]) == ("answered", 2, [])
    assert alder["answered"]["percent_after"] == "12.500"

    changed = {**whole, "shares_offered": 1_000_000}
    problem = counsel.act(f"{at}information-answers/", changed, 400)
    assert problem["errors"][0]["field"] == "reason"
    (alder,) = counsel.act(f"{at}information-answers/", {**changed, "reason": "Its letter."})
    assert alder["doubts"] == []


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "name"),
        ({"percent_after": "101"}, "percent_after"),
        ({"shares_before": -1}, "shares_before"),
        ({"name": "x", "received_on": "2003-07-06"}, "received_on"),
    ],
)
def test_what_cannot_be_names_its_field(at, counsel, ids, body, field):
    given = {"investor": ids["Alder"], "received_on": "2003-06-28", **body}

    assert counsel.act(f"{at}information-answers/", given, 400)["errors"][0]["field"] == field
