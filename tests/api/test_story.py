"""A whole demand by REST, from the register to effectiveness, each act on its own day."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from notices.models import Notice
from registrations.models import Demand, Flag, StatementRecord
from tests.api.conftest import Caller
from tests.world import World


def june(day: int) -> date:
    return date(2003, 6, day)


@pytest.fixture
def begun(
    bestnet: World, counsel: Caller, ids: dict[str, str], travel: Callable[[date], None]
) -> dict[str, Any]:
    """Alder's Demand Notice in the Company's hands on June 2, 2003."""
    travel(june(2))
    return counsel.act(
        "agreements/bestnet/demand-notices/",
        {
            "method": "certified_mail",
            "sent_on": "2003-06-02",
            "received_on": "2003-06-02",
            "investors": [
                {
                    "investor": ids["Alder"],
                    "shares": 1_000_000,
                    "distribution": "Sale on the open market",
                    "other_information": "None",
                }
            ],
        },
    )


def posted(counsel: Caller, demand: str, ids: dict[str, str], names: tuple[str, ...]) -> Any:
    """The Company Notice, certified, posted to some Investors on June 5."""
    return counsel.act(
        f"demands/{demand}/company-notices/",
        {
            "copies": [
                {"investor": ids[name], "method": "certified_mail", "sent_on": "2003-06-05"}
                for name in names
            ]
        },
    )


def window(docket: Any, key: str) -> Any:
    return next(w for w in docket["windows"] if w["key"] == key)


SIGNED_FOR = {"Birch": june(7), "Cedar": june(9), "Dale": june(10)}


@pytest.fixture
def told(
    begun: dict[str, Any],
    counsel: Caller,
    ids: dict[str, str],
    travel: Callable[[date], None],
) -> dict[str, Any]:
    """W1: notices posted on June 5, signed for on June 7, 9 and 10."""
    travel(june(5))
    notice = posted(counsel, begun["id"], ids, tuple(SIGNED_FOR))
    for copy in notice["deliveries"]:
        day = SIGNED_FOR[copy["recipient"]["name"]]
        travel(day)
        answered = counsel.act(
            f"deliveries/{copy['id']}/records/", {"replaces": 1, "received_on": day.isoformat()}
        )
        assert answered["stands"]["number"] == 2
        assert answered["stands"]["sent_on"] == "2003-06-05"
        assert [r["received_on"] for r in answered["history"]] == [None, day.isoformat()]
    return begun


def test_the_dates_and_their_reasons(told, counsel, ids, travel):
    travel(june(12))

    docket = counsel.read(f"demands/{told['id']}/docket/")

    assert docket["as_of"] == "2003-06-12"
    assert docket["ruling"]["outcome"] == "good"
    assert docket["demand_notice"] == {"given_on": "2003-06-02", "received_on": "2003-06-02"}
    file = window(docket, "file")
    assert (file["opens_on"], file["closes_on"]) == ("2003-07-10", "2003-07-17")
    assert (file["practical_opens_on"], file["practical_on"]) == ("2003-07-10", "2003-07-17")
    assert (file["state"], file["days"]) == ("not_yet_open", 28)
    assert [(r["rule"], r["clause"], r["days"], r["result"]) for r in file["because"]] == [
        ("D6", "1(a)", 30, "2003-07-10"),
        ("D7", "1(a)", 45, "2003-07-17"),
    ]
    assert file["because"][1]["counted_from"] == {
        "fact": "Demand Notice received by the Company",
        "on": "2003-06-02",
    }
    assert file["because"][1]["text"] == (
        "Last day to file: 45 days after Mon, Jun 2, 2003 (Demand Notice received by the "
        "Company) is Thu, Jul 17, 2003."
    )
    safe = window(docket, "last_receipt")
    assert (safe["closes_on"], safe["done_on"], safe["state"]) == (
        "2003-06-17",
        "2003-06-10",
        "met",
    )
    joins = {w["investor"]: w for w in docket["windows"] if w["key"].startswith("join:")}
    assert {name: w["closes_on"] for name, w in joins.items()} == dict.fromkeys(
        SIGNED_FOR, "2003-06-25"
    )
    assert {name: w["lenient_on"] for name, w in joins.items()} == {
        "Birch": "2003-06-27",
        "Cedar": "2003-06-29",
        "Dale": "2003-06-30",
    }
    assert [
        (r["name"], r["closes_on"]) for r in joins["Cedar"]["readings"]
    ] == [("given", "2003-06-25"), ("received", "2003-06-29")]  # fmt: skip
    for name, join in joins.items():
        assert join["key"] == f"join:{ids[name]}"
        assert join["investor_id"] == ids[name]


def test_an_earlier_day_shows_what_was_then_unknown(told, counsel):
    docket = counsel.read(f"demands/{told['id']}/docket/", as_of="2003-06-08")

    file = window(docket, "file")
    assert (file["opens_on"], file["closes_on"]) == (None, "2003-07-17")
    assert file["state"] == "unknown"
    assert [a["who"] for a in file["awaiting"]] == ["Cedar", "Dale"]


def test_a_day_before_the_demand_knows_nothing_of_it(told, counsel):
    docket = counsel.read(f"demands/{told['id']}/docket/", as_of="2003-05-30")

    assert docket["ruling"]["outcome"] == "unknown"
    assert docket["demand_notice"] == {"given_on": None, "received_on": None}


def test_from_the_register_to_effectiveness(told, bestnet, counsel, ids, travel):
    demand = told["id"]
    travel(june(24))
    answer = counsel.act(
        f"demands/{demand}/answers/",
        {
            "investor": ids["Birch"],
            "shares": 60_000,
            "method": "certified_mail",
            "sent_on": "2003-06-20",
            "received_on": "2003-06-23",
        },
    )
    docket = counsel.read(f"demands/{demand}/docket/")
    assert window(docket, f"join:{ids['Birch']}")["state"] == "met"
    missing = next(c for c in docket["concerns"] if c["kind"] == "incomplete_request")
    assert missing["key"] == f"incomplete:{answer['id']}"
    assert (missing["rule"], missing["clause"], missing["since"]) == ("D5", "1(a)", "2003-06-23")

    completed = counsel.act(
        f"notices/{answer['id']}/complete/",
        {
            "investor": ids["Birch"],
            "distribution": "Sale on the open market",
            "other_information": "None",
            "stated_on": "2003-06-24",
        },
    )
    assert completed["requests"][0]["shares"] == 60_000
    declined = counsel.act(
        f"demands/{demand}/answers/",
        {
            "investor": ids["Cedar"],
            "declines": True,
            "method": "certified_mail",
            "sent_on": "2003-06-20",
            "received_on": "2003-06-23",
        },
    )
    assert declined["kind"] == "decline"
    docket = counsel.read(f"demands/{demand}/docket/")
    assert not [c for c in docket["concerns"] if c["kind"] == "incomplete_request"]

    travel(date(2003, 7, 15))
    filed = counsel.act(
        f"demands/{demand}/filing/",
        {
            "on": "2003-07-15",
            "form": "S-3",
            "file_number": "333-1",
            "covers": [
                {"investor": ids["Alder"], "shares": 1_000_000},
                {"investor": ids["Birch"], "shares": 60_000},
            ],
        },
    )
    assert filed["statement"]["filed_on"] == "2003-07-15"
    assert [c["shares"] for c in filed["statement"]["covers"]] == [1_000_000, 60_000]
    docket = counsel.read(f"demands/{demand}/docket/")
    assert window(docket, "file")["state"] == "met"
    assert window(docket, "effective")["closes_on"] == "2003-11-12"
    assert not docket["concerns"]

    travel(date(2003, 9, 2))
    effective = counsel.act(f"demands/{demand}/effectiveness/", {"on": "2003-09-02"})
    assert effective["statement"]["effective_on"] == "2003-09-02"
    docket = counsel.read(f"demands/{demand}/docket/")
    assert window(docket, "effective")["state"] == "met"
    assert window(docket, "keep_effective")["closes_on"] == "2004-09-02"

    travel(date(2004, 1, 5))
    sold = counsel.act(f"demands/{demand}/all-sold/", {"on": "2004-01-02"})
    assert sold["statement"]["all_sold_on"] == "2004-01-02"
    assert counsel.read("demands/", filed="true")["results"] == [sold]
    assert counsel.read("demands/", filed="false")["results"] == []


def test_between_two_readings_counsel_decides(told, counsel, ids, travel):
    demand = told["id"]
    travel(june(26))
    late = counsel.act(
        f"demands/{demand}/answers/",
        {
            "investor": ids["Cedar"],
            "shares": 60_000,
            "distribution": "Sale on the open market",
            "other_information": "None",
            "method": "certified_mail",
            "sent_on": "2003-06-24",
            "received_on": "2003-06-26",
        },
    )
    about = f"request:{late['id']}"
    docket = counsel.read(f"demands/{demand}/docket/")
    assert window(docket, f"join:{ids['Cedar']}")["state"] == "needs_decision"
    assert f"decide:{about}" in {c["key"] for c in docket["concerns"]}
    flag = counsel.read("flags/", demand=demand, kind="needs_decision")["results"][0]
    assert flag["key"] == f"decide:{about}"
    assert flag["since_on"] == "2003-06-26"
    asked = counsel.read(f"demands/{demand}/decisions/")
    assert {"about": about, "choices": ["given", "received"]} in asked["open_to_decision"]

    decision = {
        "about": about,
        "choice": "received",
        "decided_on": "2003-06-26",
        "reason": "The later sentence is the more specific.",
    }
    shown = counsel.act(f"demands/{demand}/decisions/", decision, 200, preview="true")
    assert shown["saved"] is False
    assert window(shown["before"], f"join:{ids['Cedar']}")["state"] == "needs_decision"
    assert window(shown["after"], f"join:{ids['Cedar']}")["state"] == "met"
    assert counsel.read(f"demands/{demand}/decisions/")["decided"] == []

    decided = counsel.act(f"demands/{demand}/decisions/", decision)

    assert decided["decided"][0]["about"] == about
    docket = counsel.read(f"demands/{demand}/docket/")
    assert window(docket, f"join:{ids['Cedar']}")["state"] == "met"
    assert counsel.read("flags/", demand=demand, kind="needs_decision")["results"] == []
    cleared = counsel.read("flags/", demand=demand, cleared="true")["results"]
    assert [f["cleared_on"] for f in cleared if f["kind"] == "needs_decision"] == ["2003-06-26"]


def test_a_preview_of_each_act_saves_nothing(told, bestnet, counsel, ids, travel):
    travel(june(24))
    demand = Demand.objects.get()
    before = rows()
    counts = {"investor": ids["Birch"], "shares": 60_000}
    mail = {"method": "certified_mail", "sent_on": "2003-06-20", "received_on": "2003-06-23"}
    copy = counsel.read("deliveries/", recipient=ids["Dale"])["results"][0]

    begins = counsel.act(
        "agreements/bestnet/demand-notices/", {**mail, "investors": [counts]}, 200, preview="true"
    )
    assert begins["before"] is None
    assert begins["after"]["reference"] == "DR-2"
    answers = counsel.act(f"demands/{told['id']}/answers/", {**mail, **counts}, 200, preview="true")
    assert "incomplete:new" in {c["key"] for c in answers["after"]["concerns"]}
    corrected = counsel.act(
        f"deliveries/{copy['id']}/records/",
        {"replaces": 2, "received_on": "2003-06-20", "reason": "The card was misread."},
        200,
        preview="true",
    )
    assert window(corrected["before"], "file")["opens_on"] == "2003-07-10"
    assert window(corrected["after"], "file")["opens_on"] == "2003-07-20"
    assert window(corrected["after"], "file")["state"] == "impossible"
    filed = counsel.act(f"demands/{told['id']}/filing/", {"on": "2003-06-24"}, 200, preview="true")
    assert window(filed["after"], "file")["state"] == "met_early"

    assert rows() == before
    assert not hasattr(demand, "statement")


def rows() -> dict[str, int]:
    return {m.__name__: m.objects.count() for m in (Demand, Notice, Flag, StatementRecord)}
