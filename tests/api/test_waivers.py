"""Waivers in one matter by REST (S8)."""

from __future__ import annotations

from datetime import date

from tests import world as tell


def test_recorded_previewed_corrected_and_taken_back(counsel, bestnet, travel):
    matter = tell.demand(bestnet, received_on=date(2003, 6, 2))
    tell.tell(bestnet, matter, {"Birch": date(2003, 6, 9), "Dale": None}, sent_on=date(2003, 6, 5))
    path = f"demands/{matter.public_id}/"
    waiver = {"investor": str(bestnet.investors["Dale"].public_id), "right": "join",
              "signed_on": "2003-06-10"}  # fmt: skip
    travel(date(2003, 6, 12))

    previewed = counsel.act(f"{path}waivers/", waiver, status=200, preview="true")
    assert previewed["before"]["windows"] != previewed["after"]["windows"]
    assert counsel.read(f"{path}waivers/")["waivers"] == []

    shown = counsel.act(f"{path}waivers/", waiver)
    assert [(w["investor"]["name"], w["right"]) for w in shown["waivers"]] == [("Dale", "join")]
    assert "keep_effective" in shown["may_be_waived"]
    windows = counsel.read(f"{path}docket/")["windows"]
    joins = {w["investor"]: w["state"] for w in windows if w["key"].startswith("join:")}
    assert joins["Dale"] == "waived"
    assert joins["Birch"] != "waived"

    put_right = {**waiver, "signed_on": "2003-06-11", "reason": "The paper says the 11th."}
    shown = counsel.act(f"{path}waiver-corrections/", put_right)
    assert [w["signed_on"] for w in shown["waivers"]] == ["2003-06-11"]
    gone = {**put_right, "taken_back": True, "reason": "Another Dale."}
    assert counsel.act(f"{path}waiver-corrections/", gone)["waivers"] == []
    assert "right" in str(counsel.act(f"{path}waiver-corrections/", gone, status=400))


def test_refused_by_field(counsel, bestnet, travel):
    matter = tell.demand(bestnet, received_on=date(2003, 6, 2))
    travel(date(2003, 6, 12))
    body = {"investor": str(bestnet.investors["Dale"].public_id), "right": "weather",
            "signed_on": "2003-06-10"}  # fmt: skip
    path = f"demands/{matter.public_id}/waivers/"

    assert "right" in str(counsel.act(path, body, status=400))
    assert "signed_on" in str(
        counsel.act(path, {**body, "right": "join", "signed_on": "2003-06-13"}, status=400)
    )


def test_the_company_waives_the_conditions_of_a_demand(counsel, bestnet, travel):
    matter = tell.demand(bestnet, received_on=date(2003, 6, 2), by=("Dale",))
    travel(date(2003, 6, 12))
    path = f"demands/{matter.public_id}/"
    body = {"right": "conditions", "signed_on": "2003-06-10"}

    assert "investor" in str(counsel.act(f"{path}waivers/", {**body, "right": "join"}, status=400))
    shown = counsel.act(f"{path}waivers/", body)
    (waiver,) = shown["waivers"]
    assert (waiver["signed_by"], waiver["investor"]) == ("company", None)
    assert counsel.read(f"{path}docket/")["ruling"]["outcome"] == "good"

    gone = {**body, "taken_back": True, "reason": "Not signed after all."}
    assert counsel.act(f"{path}waiver-corrections/", gone)["waivers"] == []
    assert counsel.read(f"{path}docket/")["ruling"]["outcome"] == "refused"
