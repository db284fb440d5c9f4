"""The expense ledger by REST (S6)."""

from __future__ import annotations

from datetime import date

import pytest

from registrations.services import company
from registrations.services.company import ProposalIn
from tests import world as tell


@pytest.fixture
def at(bestnet, travel) -> str:
    """The address of a demand whose statement covers Alder and Birch."""
    matter = tell.demand(bestnet, received_on=date(2003, 6, 2))
    tell.files(bestnet, matter, date(2003, 7, 15), {"Alder": 1_000_000, "Birch": 60_000})
    travel(date(2003, 8, 1))
    return f"demands/{matter.public_id}/"


def test_from_an_invoice_to_a_repayment(at, counsel, ids):
    fee = {"kind": "listing", "amount": "500.00", "on": "2003-07-20"}
    told = counsel.act(f"{at}expenses/", fee)
    assert (told["total"], told["unpaid"]) == ("500.00", "500.00")
    paid = {**fee, "paid_by": "investor", "payer": ids["Birch"], "invoice": "A-17"}
    told = counsel.act(
        f"{at}expense-corrections/", {**paid, "replaces": 1, "reason": "Paid today."}
    )
    (debt,) = told["debts"]
    assert debt["debtor"]["party"] == "company"
    assert debt["creditor"]["investor"]["name"] == "Birch"
    assert [(e["number"], e["stands"]) for e in told["entries"]] == [(1, False), (2, True)]
    assert told["entries"][1]["parts"][0]["because"][0]["rule"] == "S6"
    assert told["entries"][1]["parts"][0]["because"][0]["clause"] == "4"

    stale = {**paid, "replaces": 1, "reason": "Again."}
    counsel.act(f"{at}expense-corrections/", stale, 409)
    counsel.act(f"{at}expense-corrections/", {**stale, "replaces": 9}, 400)

    repaid = {
        "kind": "repayment", "amount": "500.00", "on": "2003-07-25", "paid_by": "company",
        "about": ids["Birch"],
    }  # fmt: skip
    assert counsel.act(f"{at}expenses/", repaid)["debts"] == []
    assert counsel.read(f"{at}expenses/")["totals"] == [{"borne_by": "company", "amount": "500.00"}]


def test_the_sellers_parts_and_what_is_ours(at, counsel, ids):
    told = counsel.act(
        f"{at}expenses/",
        {"kind": "underwriting_discount", "amount": "1060.00", "on": "2003-07-20",
         "paid_by": "company"},
    )  # fmt: skip

    parts = {p["investor"]["name"]: p["bears"] for p in told["parties"] if p["investor"]}
    assert parts == {"Alder": "1000.00", "Birch": "60.00"}
    assert "our standard" in told["assumes"][0]["text"]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"kind": "bribes"}, "kind"),
        ({"amount": "1.234"}, "amount"),
        ({"amount": "-1.00"}, "amount"),
        ({"paid_by": "investor"}, "payer"),
        ({"paid_by": "bank"}, "paid_by"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_what_cannot_be_names_its_field(at, counsel, body, field):
    given = {"kind": "listing", "amount": "500.00", "on": "2003-07-20", **body}

    assert counsel.act(f"{at}expenses/", given, 400)["errors"][0]["field"] == field


def test_a_company_registration_has_its_own(bestnet, counsel, travel):
    travel(date(2003, 8, 1))
    proposed = company.propose_registration(
        agreement=bestnet.agreement,
        proposal=ProposalIn("Common Stock", form_allows=True),
        proposed_on=date(2003, 7, 1),
        when=bestnet.at(date(2003, 7, 1)),
    )
    at = f"company-registrations/{proposed.public_id}/expenses/"

    told = counsel.act(
        at, {"kind": "company_counsel", "amount": "9000.00", "on": "2003-07-20",
             "paid_by": "company"},
    )  # fmt: skip

    assert told["totals"] == [{"borne_by": "company", "amount": "9000.00"}]
    counsel.read(at.replace("company-registrations", "demands"), 404)
