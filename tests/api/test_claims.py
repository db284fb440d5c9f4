"""Claims for indemnity and contribution by REST (S7)."""

from __future__ import annotations

from datetime import date

import pytest

from registrations.models import ContributionRecord
from tests import world as tell

CLAIM = {
    "stated_on": "2004-03-01",
    "claimant": "company",
    "about": "The prospectus left out a loan.",
    "known_on": "2004-03-01",
    "amount": "400000.00",
    "gross_proceeds": "250000.00",
    "net_proceeds": "237500.00",
}


@pytest.fixture
def at(bestnet, travel) -> str:
    matter = tell.demand(bestnet, received_on=date(2003, 6, 2))
    tell.files(bestnet, matter, date(2003, 7, 15), {"Alder": 1_000_000, "Birch": 60_000})
    travel(date(2004, 6, 15))
    return f"demands/{matter.public_id}/claims/"


def test_from_knowledge_to_contribution(at, counsel, ids):
    made = counsel.act(at, {**CLAIM, "against": ids["Birch"]})
    claim = f"claims/{made['id']}/"
    assert made["reference"] == "IC-1"
    assert [(p["reading"], p["payable"]) for p in made["payable"]] == [
        ("gross", "250000.00"),
        ("net_of_selling_expenses", "237500.00"),
    ]
    rulings = {q["question"]: q["ruling"] for q in made["questions"]}
    assert rulings["held_harmless"]["outcome"] == "good"
    assert rulings["notice"]["awaiting"][0]["fact"] == "notice of the claim"

    known = {
        **CLAIM, "against": ids["Birch"], "stated_on": "2004-03-05", "replaces": 1,
        "notice_method": "certified_mail", "notice_sent_on": "2004-03-03",
    }  # fmt: skip
    told = counsel.act(f"{claim}changes/", known)
    rulings = {q["question"]: q["ruling"] for q in told["questions"]}
    assert rulings["notice"]["outcome"] == "good"
    assert rulings["notice"]["because"][0]["result"] == "2004-03-04"
    counsel.act(f"{claim}changes/", known, 409)
    more = {**known, "replaces": 2, "amount": "500000.00"}
    assert counsel.act(f"{claim}changes/", more, 400)["errors"][0]["field"] == "reason"

    loss = {
        "stated_on": "2004-06-01", "loss": "1000000.00", "by": "net_proceeds", "limit": "gross",
        "parties": [
            {"net_proceeds": "700000.00"},
            {"investor": ids["Birch"], "net_proceeds": "300000.00", "gross_proceeds": "250000.00"},
        ],
    }  # fmt: skip
    wrong = counsel.act(f"{claim}contributions/", loss, 400)["errors"][0]
    assert (wrong["field"], "above the gross" in wrong["message"]) == ("parties", True)
    loss["parties"][1]["net_proceeds"] = "237500.00"
    told = counsel.act(f"{claim}contributions/", loss)["contribution"]
    # 700,000 : 237,500 of a million; Birch's $253,333.33 is above its $250,000.00.
    assert [p["bears"] for p in told["parts"]] == ["746666.67", "250000.00"]
    assert told["left"] == "3333.33"
    assert counsel.read(claim)["contribution"] == told
    assert ContributionRecord.objects.count() == 1


def test_the_list_asks_as_few_questions_for_many_as_for_one(
    at, counsel, ids, django_assert_max_num_queries
):
    counsel.act(at, {**CLAIM, "against": ids["Birch"]})
    with django_assert_max_num_queries(25) as one:
        assert len(counsel.read(at)) == 1
    asked = len(one.captured_queries)
    assert asked > 0
    for _ in range(3):
        counsel.act(at, {**CLAIM, "against": ids["Alder"]})
    with django_assert_max_num_queries(asked):
        assert [c["reference"] for c in counsel.read(at)] == ["IC-1", "IC-2", "IC-3", "IC-4"]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "against"),
        ({"claimant": "selling_investor"}, "claimant_investor"),
        ({"claimant": "bank"}, "claimant"),
        ({"carve_outs": ["rain"]}, "carve_outs"),
        ({"amount": "1.234"}, "amount"),
    ],
)
def test_what_cannot_be_names_its_field(at, counsel, body, field):
    problem = counsel.act(at, {**CLAIM, **body}, 400)

    assert problem["errors"][0]["field"].split(".")[0] == field
