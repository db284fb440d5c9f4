"""Terms amended and corrected by REST, seen first in every matter (S8, section 8(c))."""

from __future__ import annotations

from datetime import date

import pytest

from tests import world as tell
from tests.api.conftest import Caller
from tests.world import World

AMEND = "agreements/bestnet/term-amendments/"
CORRECT = "agreements/bestnet/term-corrections/"
IN_TEN = {
    "term": "joining",
    "value": {"n": 10, "after": "company_notice_given"},
    "clause": "1(a)",
    "summary": "Ten days from the Company Notice.",
    "reason": "Amendment No. 1",
}
JUNE_2 = date(2003, 6, 2)


def told(world: World) -> str:
    """A demand whose Company Notice was posted to Birch on June 5, 2003; its address."""
    matter = tell.demand(world, received_on=JUNE_2)
    tell.tell(world, matter, {"Birch": None}, sent_on=date(2003, 6, 5))
    return f"demands/{matter.public_id}/"


def last_day(counsel: Caller, matter: str) -> str:
    windows = counsel.read(f"{matter}docket/")["windows"]
    day: str = next(w["closes_on"] for w in windows if w["key"].startswith("join:"))
    return day


def test_a_correction_is_seen_in_every_matter_and_then_moves_it(
    counsel: Caller, bestnet: World, travel
) -> None:
    matter = told(bestnet)
    travel(date(2003, 6, 12))

    seen = counsel.act(CORRECT, IN_TEN, 200, preview="true")
    (moved,) = seen["matters"]
    before, after = (
        next(w["closes_on"] for w in moved[side]["windows"] if w["key"].startswith("join:"))
        for side in ("before", "after")
    )
    assert (before, after) == ("2003-06-25", "2003-06-15")
    assert last_day(counsel, matter) == "2003-06-25"

    made = counsel.act(CORRECT, IN_TEN)
    assert (made["kind"], made["in_force_from"]) == ("correction", "2003-03-30")
    assert last_day(counsel, matter) == "2003-06-15"


def test_an_amendment_takes_the_consents_and_leaves_matters_begun_before(
    counsel: Caller, bestnet: World, travel
) -> None:
    matter = told(bestnet)
    travel(date(2003, 6, 12))
    body = {**IN_TEN, "in_force_from": "2003-06-10", "company_consents": True}
    everybody = [str(i.public_id) for i in bestnet.investors.values()]

    refused = counsel.act(AMEND, {**body, "consents": everybody[1:]}, 400)
    assert "Missing: Alder" in str(refused)
    assert "8(c)" in str(refused)

    assert counsel.act(AMEND, {**body, "consents": everybody}, 200, preview="true") == {
        "saved": False,
        "matters": [],
    }
    made = counsel.act(AMEND, {**body, "consents": everybody})
    assert (made["kind"], made["in_force_from"]) == ("amendment", "2003-06-10")
    assert last_day(counsel, matter) == "2003-06-25"


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"term": "weather"}, "term"),
        ({"value": {"n": 10, "after": "nothing"}}, "value"),
        ({"reason": " "}, "reason"),
        ({"in_force_from": "2003-05-05"}, "in_force_from"),
    ],
)
def test_what_is_wrong_is_named_by_its_field(
    counsel: Caller, bestnet: World, wrong: dict[str, object], field: str
) -> None:
    problem = counsel.act(CORRECT, {**IN_TEN, **wrong}, 400)
    assert any(error["field"].startswith(field) for error in problem["errors"])


def test_a_reading_is_seen_in_every_matter_before_it_is_chosen(
    counsel: Caller, bestnet: World, travel
) -> None:
    matter = tell.demand(bestnet, received_on=JUNE_2)
    tell.tell(bestnet, matter, {"Birch": date(2003, 6, 9)}, sent_on=date(2003, 6, 5))
    travel(date(2003, 6, 12))
    choice = {
        "question": "joining", "choice": "received", "governs_from": "2003-06-12",
        "reason": "The later sentence is the special one.",
    }  # fmt: skip

    seen = counsel.act("agreements/bestnet/readings/", choice, 200, preview="true")

    assert [each["after"]["windows"] != each["before"]["windows"] for each in seen["matters"]] == [
        True
    ]
    listed = {q["question"]: q for q in counsel.read("agreements/bestnet/readings/")["questions"]}
    assert listed["joining"]["chosen"] is None
