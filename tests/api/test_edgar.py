"""What EDGAR says, by REST: listed, accepted, set aside; and EDGAR asked."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from registrations.edgar import Folder
from registrations.models import EdgarAnswer, Statement
from registrations.services import edgar, edgar_following
from tests import world as tell
from tests.world import World, noon

SAVED = Path(__file__).parents[1] / "edgar"
AUG_20 = date(2003, 8, 20)
HOME = "agreements/bestnet/edgar/"


@pytest.fixture
def known(bestnet: World, travel: Any) -> World:
    tell.demand(bestnet, received_on=date(2003, 6, 2))
    when = bestnet.at(date(2003, 6, 2))
    edgar.set_cik(agreement=bestnet.agreement, cik="9999999001", reason="Form ID", when=when)
    bestnet.company.refresh_from_db()
    travel(AUG_20)
    return bestnet


def ask(world: World, saved: str = "story") -> None:
    edgar_following.follow(world.company, Folder(SAVED / saved), noon(AUG_20))


def waiting(counsel: Any) -> dict[str, Any]:
    found = counsel.read("edgar-proposals/", agreement="bestnet", waiting="true")["results"]
    return {each["kind"]: each for each in found}


def test_a_filing_listed_previewed_and_accepted(counsel, known, ids):
    assert counsel.act(HOME)["wanted_at"]
    ask(known)
    told = counsel.read(HOME)
    assert (told["cik"], told["found"], told["problem"], told["waiting"]) == (
        "9999999001",
        1,
        "",
        1,
    )
    filing = waiting(counsel)["filed"]
    assert filing["on"] == "2003-07-15"
    assert any(r["clause"] == "17 CFR 232.13(a)(2)" for r in filing["reasons"])
    path = f"edgar-proposals/{filing['id']}/acceptance/"
    matter = known.agreement.demands.get()
    body = {
        "demand": str(matter.public_id), "covers": [{"investor": ids["Alder"], "shares": 5_000}],
    }  # fmt: skip

    seen = counsel.act(path, body, status=200, preview="true")
    assert seen["saved"] is False
    assert not Statement.objects.exists()
    assert counsel.act(path, {}, status=400)["errors"][0]["field"] == "demand"

    answered = counsel.act(path, body)
    assert answered["answer"]["accepted"] is True
    entry = counsel.read(f"demands/{matter.public_id}/")["statement"]["history"][0]
    assert (entry["on"], entry["edgar"]) == ("2003-07-15", ["9999999001-03-000041"])
    assert waiting(counsel) == {}
    counsel.act(path, body, status=409)


def test_what_changed_and_what_was_set_aside_are_told(counsel, known):
    ask(known)
    first = waiting(counsel)["filed"]
    ask(known, "corrected")
    second = waiting(counsel)["filed"]
    assert second["replaces"] == first["id"]
    assert "was 2003-07-15, is 2003-07-16" in second["changed"]
    path = f"edgar-proposals/{second['id']}/dismissal/"

    assert counsel.act(path, {}, status=400)["errors"][0]["field"] == "reason"
    answered = counsel.act(path, {"reason": "Another offering."})

    assert (answered["answer"]["accepted"], answered["answer"]["reason"]) == (
        False, "Another offering.",
    )  # fmt: skip
    seen = counsel.read("edgar-proposals/", waiting="false")["results"]
    assert {each["id"]: each["stands"] for each in seen} == {first["id"]: False, second["id"]: True}
    counsel.act(f"edgar-proposals/{first['id']}/acceptance/", {}, status=409)


def test_a_day_in_question_has_to_be_chosen(counsel, known):
    ask(known, "filed_late")
    filing = waiting(counsel)["filed"]
    path = f"edgar-proposals/{filing['id']}/acceptance/"
    body = {"demand": str(known.agreement.demands.get().public_id)}
    assert [each["on"] for each in filing["days"]] == ["2003-07-15", "2003-07-16"]

    assert counsel.act(path, body, status=400)["errors"][0]["field"] == "on"
    counsel.act(path, {**body, "on": "2003-07-16"})

    assert EdgarAnswer.objects.get().record.on == date(2003, 7, 16)


def test_without_a_cik_nobody_is_asked(counsel, bestnet, travel):
    counsel.act(HOME, status=400)


def test_a_reader_and_a_stranger(reader, stranger, known):
    ask(known)
    (filing,) = waiting(reader).values()

    for act in ("acceptance", "dismissal"):
        reader.act(f"edgar-proposals/{filing['id']}/{act}/", {}, status=403)
        stranger.act(f"edgar-proposals/{filing['id']}/{act}/", {}, status=404)
    reader.act(HOME, status=403)
    stranger.read(HOME, status=404)
    assert stranger.read("edgar-proposals/")["results"] == []
