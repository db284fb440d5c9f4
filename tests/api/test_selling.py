"""Carrying a registration through by REST (S2, S3, S4)."""

from __future__ import annotations

from datetime import date

import pytest

from registrations.models import Demand, Suspension
from tests import world as tell

NOV_3, NOV_12 = date(2003, 11, 3), date(2003, 11, 12)


@pytest.fixture
def matter(bestnet: tell.World) -> Demand:
    return tell.selling(bestnet)


def outcomes(shown) -> dict[str, str]:
    return {s["investor"]["name"]: s["outcome"] for s in shown["sellers"]}


def test_stopped_and_resumed(matter, counsel, ids, travel):
    path = f"demands/{matter.public_id}"
    travel(NOV_3)
    assert outcomes(counsel.read(f"{path}/selling/")) == {"Alder": "may", "Birch": "may"}
    assert outcomes(counsel.read(f"{path}/selling/", as_of="2003-09-01")) == {
        "Alder": "must_not",
        "Birch": "must_not",
    }
    counsel.act(f"{path}/suspensions/", {"on": "2003-11-03", "time": "09:30", "note": "A loss"})
    copies = [
        {"investor": ids[name], "method": "certified_mail", "sent_on": "2003-11-03"}
        for name in ("Alder", "Birch")
    ]
    notice = {"suspension": "S-1", "copies": copies, "asks_to_stop": True, "time": "10:00"}
    previewed = counsel.act(f"{path}/suspension-notices/", notice, status=200, preview="true")
    assert [c["kind"] for c in previewed["after"]["concerns"]] == ["suspended"]
    assert Suspension.objects.get().letters.count() == 0
    stopped = counsel.act(f"{path}/suspension-notices/", notice)
    assert outcomes(stopped) == {"Alder": "must_not", "Birch": "must_not"}
    [flag] = counsel.read("flags/", kind="suspended")["results"]
    assert flag["text"].startswith("Do not sell under DR-1: S-1.")

    travel(NOV_12)
    counsel.act(
        f"{path}/suspension-answers/",
        {
            "suspension": "S-1", "investors": [ids["Alder"], ids["Birch"]],
            "kind": "acknowledged", "on": "2003-11-05",
        },
    )  # fmt: skip
    furnished = counsel.act(
        f"{path}/prospectuses/",
        {
            "suspension": "S-1", "investors": [ids["Alder"], ids["Birch"]], "kind": "revised",
            "method": "overnight_courier", "copies": 20, "sent_on": "2003-11-10",
        },
    )  # fmt: skip
    assert outcomes(furnished) == {"Alder": "unknown", "Birch": "unknown"}
    [one, two] = [e for e in furnished["entries"] if e["what"] == "prospectus"]
    assert (one["investor"]["name"], one["number"], one["copies"]) == ("Alder", 1, 20)
    shown = counsel.act(
        f"{path}/selling-corrections/",
        {"what": "prospectus", "replaces": two["number"], "received_on": "2003-11-12"},
    )
    assert outcomes(shown) == {"Alder": "unknown", "Birch": "may"}
    birch = next(s for s in shown["sellers"] if s["investor"]["name"] == "Birch")
    assert birch["suspensions"] == [
        {
            "suspension": "S-1", "outcome": "may", "told_on": "2003-11-03",
            "asked_on": "2003-11-03", "acknowledged_on": "2003-11-05", "copies_out": None,
            "copies_returned": None, "revised_sent_on": "2003-11-10",
            "revised_received_on": "2003-11-12", "missing": ["copies returned"],
        }
    ]  # fmt: skip
    again = {"what": "prospectus", "replaces": 2, "copies": 19, "reason": "Miscounted"}
    counsel.act(f"{path}/selling-corrections/", again, status=409)
    released = counsel.act(
        f"{path}/suspension-releases/",
        {"suspension": "S-1", "on": "2003-11-12", "note": "The loss was restated"},
    )
    assert outcomes(released) == {"Alder": "may", "Birch": "may"}
    back = counsel.read(f"{path}/selling/", as_of="2003-11-05")
    assert outcomes(back) == {"Alder": "must_not", "Birch": "must_not"}
    assert [e["what"] for e in back["entries"]] == ["amendment", "notice", "answer", "answer"]


def test_prospectuses_and_states(matter, counsel, ids, travel):
    path = f"demands/{matter.public_id}"
    travel(date(2003, 9, 10))
    counsel.act(
        f"{path}/prospectuses/",
        {
            "investors": [ids["Alder"]], "kind": "final", "method": "personal",
            "sent_on": "2003-09-03", "received_on": "2003-09-03",
        },
    )  # fmt: skip
    asked = {"state": "MI", "kind": "requested", "on": "2003-07-01", "investor": ids["Alder"]}
    counsel.act(f"{path}/states/", asked)
    shown = counsel.act(f"{path}/states/", {"state": "MI", "kind": "cleared", "on": "2003-08-01"})

    assert [
        (w["kind"], [i["name"] for i in w["investors"]]) for w in shown["without_prospectus"]
    ] == [
        ("preliminary", ["Birch"]),
        ("final", ["Birch"]),
    ]
    assert shown["states"] == [
        {
            "state": "MI", "name": "Michigan", "status": "cleared", "since": "2003-08-01",
            "open": False,
        }
    ]  # fmt: skip
    corrected = counsel.act(
        f"{path}/selling-corrections/",
        {"what": "state", "replaces": 2, "on": "2003-08-04", "reason": "Misread"},
    )
    assert corrected["states"][0]["since"] == "2003-08-04"
    assert [e["stands"] for e in corrected["entries"] if e["what"] == "state"] == [
        True,
        False,
        True,
    ]


@pytest.mark.parametrize(
    ("act", "body", "field"),
    [
        ("suspensions", {"on": "2003-11-13", "note": "So"}, "on"),
        ("suspensions", {"on": "2003-11-03", "time": "4pm", "note": "So"}, "time"),
        ("suspension-notices", {"suspension": "S-2"}, "suspension"),
        ("suspension-notices", {"received_on": "2003-11-02"}, "copies.0.received_on"),
        ("suspension-answers", {"kind": "acknowledged", "on": "2003-11-05"}, "investors"),
        ("suspension-releases", {"suspension": "S-1", "on": "2003-11-05", "note": "So"}, "on"),
        ("prospectuses", {"kind": "revised", "sent_on": "2003-11-05"}, "suspension"),
        ("prospectuses", {"kind": "final"}, "sent_on"),
        ("states", {"state": "ZZ", "kind": "filed", "on": "2003-11-05"}, "state"),
        ("states", {"state": "MI", "kind": "requested", "on": "2003-11-05"}, "investor"),
        ("selling-corrections", {"what": "amendment", "replaces": 2, "reason": "So"}, "replaces"),
        ("selling-corrections", {"what": "amendment", "replaces": 1, "copies": 2}, "copies"),
        ("selling-corrections", {"what": "amendment", "replaces": 1, "on": "2003-11-04"}, "reason"),
    ],
)  # fmt: skip
def test_what_cannot_be_recorded_names_its_field(matter, counsel, ids, travel, act, body, field):
    path = f"demands/{matter.public_id}"
    travel(NOV_12)
    counsel.act(f"{path}/suspensions/", {"on": "2003-11-03", "note": "A loss"})
    if act == "suspension-notices":
        copy = {"investor": ids["Alder"], "method": "certified_mail", "sent_on": "2003-11-03"}
        copies = [{**copy, **{k: v for k, v in body.items() if k == "received_on"}}]
        named = body.get("suspension", "S-1")
        body = {"suspension": named, "asks_to_stop": True, "copies": copies}
    if act == "suspension-answers":
        body = {"suspension": "S-1", "investors": [ids["Alder"]], **body}
    if act == "prospectuses":
        body = {"investors": [ids["Alder"]], "method": "personal", **body}

    answered = counsel.post(f"/api/v1/{path}/{act}/", body, format="json")

    assert answered.status_code in (400, 409, 422), answered.content
    assert field in [e["field"] for e in answered.json()["errors"]], answered.content


def test_nothing_is_filed_yet(bestnet, counsel, travel):
    matter = tell.demand(bestnet, received_on=date(2003, 6, 2))
    path = f"demands/{matter.public_id}"

    assert counsel.read(f"{path}/selling/")["sellers"] == []
    answered = counsel.post(
        f"/api/v1/{path}/suspensions/", {"on": "2003-06-02", "note": "So"}, format="json"
    )
    assert "Record the filing first" in str(answered.json())
