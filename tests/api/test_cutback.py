"""A cutback by REST: worked out, saved, read as saved, and replaced (P7, H5)."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from registrations.models import Demand
from registrations.services import ledger
from tests.services.saved import rows
from tests.services.test_cutback import TODAY, offering

__all__ = ["offering"]


@pytest.fixture
def at(offering: Demand, travel) -> str:
    travel(TODAY)
    return f"company-registrations/{offering.public_id}/"


def gets(answer: dict[str, Any]) -> dict[str, int]:
    return {s["name"]: s["gets"] for s in answer["sellers"] if s["counted"]}


def test_working_it_out_saves_nothing(at, counsel, reader, ids):
    for program in (counsel, reader):
        program.read("agreements/")  # a token's first use of a day is noted
    before = rows()
    body = {
        "maximum": 2_000_000, "company": 1_000_000,
        "others": [{"name": "Lender", "held": 6_000_000, "asked": 10}],
        "counted": [{"investor": ids["Dale"], "counted": True}],
        "groups": [{"investor": ids["Dale"], "group": "Fund"}],
    }  # fmt: skip
    told = counsel.act(f"{at}cutback/", body, status=200)

    assert told["total"] == 2_000_000
    assert gets(told)["The Company"] == 1_000_000
    assert gets(told)["Lender"] == 10
    assert {s["name"]: s["came"] for s in told["sellers"]}["Dale"] == "late"
    assert told["steps"][0].startswith("1,000,000 shares for The Company.")
    assert reader.act(f"{at}cutback/", body, status=200) == told
    assert rows() == before


def test_what_is_saved_is_read_as_saved_and_says_what_would_be_otherwise(
    at, counsel, bestnet, offering
):
    saved = counsel.act(f"{at}allocations/", {"maximum": 1_000_000})
    assert gets(saved) == {"Alder": 766_667, "Birch": 233_333}
    assert counsel.read(f"{at}allocations/")["results"] == [saved]
    one = counsel.read(f"allocations/{saved['id']}/")
    assert one == {**saved, "changed_since": []}

    ledger.issue_units(
        investor=bestnet.investors["Birch"], units=1_600_000, on=TODAY, when=bestnet.at(TODAY)
    )
    one = counsel.read(f"allocations/{saved['id']}/")
    assert gets(one) == gets(saved)
    assert one["changed_since"] == [
        {"name": "Alder", "saved": 766_667, "now": 500_000},
        {"name": "Birch", "saved": 233_333, "now": 500_000},
    ]


def test_another_names_the_one_it_replaces_and_says_why(at, counsel):
    first = counsel.act(f"{at}allocations/", {"maximum": 1_000_000})
    unseen = counsel.act(f"{at}allocations/", {"maximum": 9, "reason": "More."}, status=409)
    assert unseen["errors"][0]["field"] == "reason" if "errors" in unseen else unseen

    body = {"maximum": 1_100_000, "replaces": first["id"], "reason": "The book grew."}
    second = counsel.act(f"{at}allocations/", body)
    assert second["replaces"] == first["id"]
    assert counsel.read(f"allocations/{first['id']}/")["replaced_by"] == second["id"]
    assert [a["id"] for a in counsel.read(f"{at}allocations/")["results"]] == [
        second["id"],
        first["id"],
    ]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "maximum"),
        ({"maximum": 1, "on": "2004-05-01"}, "on"),
        ({"maximum": 1, "others": [{"name": "L", "held": 1, "asked": 2}]}, "others.0.asked"),
        ({"maximum": 1, "offering": "demand"}, "offering"),
    ],
)
def test_what_cannot_be_names_the_field(at, counsel, body, field):
    response = counsel.post(f"/api/v1/{at}cutback/", body, format="json")

    assert response.status_code in (400, 409, 422)
    assert field in response.content.decode()


def test_a_reader_may_not_save(at, reader):
    reader.act(f"{at}allocations/", {"maximum": 5}, status=403)


def test_a_day_is_taken_as_of(at, counsel):
    told = counsel.act(f"{at}cutback/", {"maximum": 5, "on": "2004-06-10"}, status=200)

    assert [s["name"] for s in told["sellers"]] == ["Alder"]
    assert told["on"] == date(2004, 6, 10).isoformat()
