"""A registration the Company proposes, by REST, each act on its own day (P1–P6)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from registrations.models import Demand
from tests import world as tell
from tests.api.conftest import Caller
from tests.world import World

PROPOSED = {
    "proposed_on": "2004-05-25",
    "what": "2,000,000 shares of Common Stock",
    "account": "the Company",
    "form": "S-3",
    "form_allows": True,
    "underwritten": True,
    "planned_on": "2004-06-30",
}


def june(day: int) -> date:
    return date(2004, 6, day)


@pytest.fixture
def proposed(bestnet: World, counsel: Caller, travel: Callable[[date], None]) -> dict[str, Any]:
    travel(date(2004, 5, 25))
    return counsel.act("agreements/bestnet/company-registrations/", PROPOSED)


def window(docket: Any, key: str) -> Any:
    return next(w for w in docket["windows"] if w["key"] == key)


def test_from_proposal_to_withdrawal(proposed, counsel, ids, travel):
    at = f"company-registrations/{proposed['id']}/"
    assert proposed["reference"] == "CR-1"
    assert proposed["proposal"]["planned_on"] == "2004-06-30"

    travel(june(1))
    copies = [
        {"investor": ids[name], "method": "certified_mail", "sent_on": "2004-06-01"}
        for name in ("Alder", "Birch", "Cedar", "Dale")
    ]
    notice = counsel.act(f"{at}registration-notices/", {"copies": copies})
    assert notice["kind"] == "registration"

    travel(june(10))
    asked = counsel.act(
        f"{at}piggyback-requests/",
        {
            "investor": ids["Birch"], "method": "facsimile", "received_on": "2004-06-10",
            "shares": 60_000, "distribution": "Through a broker", "other_information": "None",
        },
    )  # fmt: skip
    assert asked["kind"] == "piggyback"
    docket = counsel.read(f"{at}docket/")
    assert docket["ruling"]["outcome"] == "owed"
    assert window(docket, f"join:{ids['Birch']}")["closes_on"] == "2004-06-21"
    assert [c["kind"] for c in docket["concerns"]] == ["not_accepted"]

    accepted = counsel.act(f"{at}acceptances/", {"investor": ids["Birch"], "on": "2004-06-10"})
    assert accepted["acceptances"][0]["accepted_on"] == "2004-06-10"
    moved = {k: v for k, v in PROPOSED.items() if k != "proposed_on"}
    moved |= {
        "planned_on": "2004-07-20", "stated_on": "2004-06-10", "replaces": 1,
        "reason": "The auditors need longer.",
    }  # fmt: skip
    changed = counsel.act(f"{at}changes/", moved)
    assert [h["planned_on"] for h in changed["history"]] == ["2004-06-30", "2004-07-20"]
    counsel.act(f"{at}changes/", moved, status=409)  # entry 1 stands no more

    travel(june(20))
    filed = counsel.act(
        f"{at}filing/",
        {"on": "2004-06-20", "covers": [{"investor": ids["Birch"], "shares": 60_000}]},
    )
    assert filed["statement"]["filed_on"] == "2004-06-20"
    kinds = [c["kind"] for c in counsel.read(f"{at}docket/")["concerns"]]
    assert kinds == ["amendment"]

    counsel.act(f"{at}withdrawal/", {"on": "2004-06-20", "reason": "The market fell."})
    docket = counsel.read(f"{at}docket/")
    assert window(docket, "file")["superseded_on"] == "2004-06-20"
    assert docket["concerns"] == []
    assert [r["reference"] for r in counsel.read(
        "company-registrations/", withdrawn="true")["results"]] == ["CR-1"]  # fmt: skip


def test_effectiveness_and_correction(proposed, counsel, travel):
    at = f"company-registrations/{proposed['id']}/"
    travel(june(20))
    counsel.act(f"{at}filing/", {"on": "2004-06-18"})
    counsel.act(
        f"{at}statement-corrections/",
        {"kind": "filed", "replaces": 1, "on": "2004-06-17", "reason": "Misread."},
    )
    counsel.act(f"{at}effectiveness/", {"on": "2004-06-19"})
    sold = counsel.act(f"{at}all-sold/", {"on": "2004-06-20"})

    assert sold["statement"]["filed_on"] == "2004-06-17"
    assert sold["statement"]["all_sold_on"] == "2004-06-20"


def test_an_excluded_one_needs_a_memo(bestnet, counsel, travel):
    travel(date(2004, 5, 25))
    plan = {**PROPOSED, "only_for": "stock_plan"}

    problem = counsel.act("agreements/bestnet/company-registrations/", plan, status=400)
    assert problem["errors"][0]["field"] == "memo"
    assert (problem["errors"][0]["rule"], problem["errors"][0]["clause"]) == ("P2", "3(a)")

    made = counsel.act(
        "agreements/bestnet/company-registrations/", {**plan, "memo": "Employees only."}
    )
    decided = counsel.read(f"company-registrations/{made['id']}/decisions/")["decided"]
    assert [(d["about"], d["choice"], d["reason"]) for d in decided] == [
        ("notice_owed", "excluded", "Employees only.")
    ]


def test_a_preview_saves_nothing(bestnet, counsel, travel):
    travel(date(2004, 5, 25))
    shown = counsel.act(
        "agreements/bestnet/company-registrations/", PROPOSED, status=200, preview="true"
    )

    assert shown["after"]["ruling"]["outcome"] == "owed"
    assert not Demand.objects.exists()


def test_the_same_shares_twice_are_counsel_s_to_allow(bestnet, proposed, counsel, ids, travel):
    demand = tell.demand(bestnet, received_on=date(2004, 5, 3), by=("Alder",), shares=13_000_000)
    at = f"company-registrations/{proposed['id']}/"
    travel(june(10))
    copy = {"investor": ids["Alder"], "method": "certified_mail", "sent_on": "2004-06-01"}
    counsel.act(f"{at}registration-notices/", {"copies": [copy]})
    asked = {
        "investor": ids["Alder"], "method": "facsimile", "received_on": "2004-06-10",
        "shares": 1_000_000, "distribution": "Through a broker", "other_information": "None",
    }  # fmt: skip
    request = counsel.act(f"{at}piggyback-requests/", asked)

    about = f"both:{request['id']}"
    known = {c["key"] for c in counsel.read(f"{at}docket/")["concerns"]}
    assert f"decide:{about}" in known
    allowed = {
        "about": about, "choice": "allowed", "decided_on": "2004-06-10", "reason": "Cut back."
    }  # fmt: skip
    counsel.act(f"{at}decisions/", allowed)
    known = {c["key"] for c in counsel.read(f"{at}docket/")["concerns"]}
    assert f"decide:{about}" not in known
    assert demand.reference == "DR-1"


def test_each_kind_has_its_own_address(bestnet, proposed, counsel, stranger, reader):
    """What is a demand's is not found under the Company's registrations, or the other way."""
    counsel.read(f"demands/{proposed['id']}/", status=404)
    assert counsel.read("demands/")["results"] == []
    stranger.read(f"company-registrations/{proposed['id']}/", status=404)
    assert stranger.read("company-registrations/")["results"] == []
    reader.act(
        f"company-registrations/{proposed['id']}/withdrawal/",
        {"on": "2004-05-25", "reason": "No."}, status=403,
    )  # fmt: skip


def test_a_list_of_many_asks_as_few_questions_as_one_of_one(
    bestnet, proposed, counsel, django_assert_max_num_queries
):
    with django_assert_max_num_queries(25) as one:
        counsel.read("company-registrations/")
    asked = len(one.captured_queries)
    for _ in range(4):
        counsel.act("agreements/bestnet/company-registrations/", PROPOSED)

    assert asked > 0
    with django_assert_max_num_queries(asked):
        assert len(counsel.read("company-registrations/")["results"]) == 5
