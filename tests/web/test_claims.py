"""Claims for indemnity and contribution, as counsel keeps them (S7)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
import time_machine

from registrations.models import Claim, ClaimRecord, ContributionRecord, Demand
from registrations.services import claims
from registrations.services.claims import ClaimIn
from tests import world as tell

from .forms import Desk
from .pages import Page, read, signed_in

TODAY = "2004-06-15 16:00:00+00:00"
KNEW = date(2004, 3, 1)


@pytest.fixture
def filed(bestnet: tell.World) -> Demand:
    """Alder and Birch sell: 1,000,000 and 60,000 shares are covered."""
    matter = tell.demand(bestnet, received_on=date(2003, 6, 2))
    tell.files(bestnet, matter, date(2003, 7, 15), {"Alder": 1_000_000, "Birch": 60_000})
    return matter


def fill(desk: Desk, url: str, given: dict[str, Any]) -> Any:
    return desk.client.post(url, {**desk.open(url), **given, "do": "save"})


def claimed(world: tell.World, matter: Demand, **known: Any) -> Claim:
    """A claim of Birch against the Company, or as given."""
    facts = {
        "claimant": "selling_investor", "claimant_investor": world.investors["Birch"],
        "about": "The prospectus left out a loan.", "known_on": KNEW, **known,
    }  # fmt: skip
    return claims.record_claim(
        demand=matter, claim=ClaimIn(**facts), stated_on=KNEW, when=world.at(KNEW)
    )


def page(world: tell.World, path: str) -> Page:
    return read(signed_in(world.counsel), f"/a/{world.agreement.slug}/{path}")


@time_machine.travel(TODAY, tick=False)
def test_claims_are_reached_from_the_registration(bestnet, filed):
    assert "/a/bestnet/registrations/DR-1/claims/" in page(bestnet, "registrations/DR-1/").links
    empty = page(bestnet, "registrations/DR-1/claims/")
    assert empty.heading == "DR-1: no claim for indemnity is on record."

    claimed(bestnet, filed, amount=Decimal("400000"))

    listed = page(bestnet, "registrations/DR-1/claims/")
    assert listed.heading == "One claim for indemnity because of DR-1."
    assert "IC-1 Birch claims $400,000.00 of the Company" in listed.text


@time_machine.travel(TODAY, tick=False)
def test_counsel_records_a_claim_and_what_becomes_known_later(bestnet, filed, client):
    desk = Desk(bestnet, client)
    birch = str(bestnet.investors["Birch"].pk)
    made = fill(
        desk,
        desk.url("record-claim", 1),
        {
            "stated_on": "2004-03-01", "claimant": "selling_investor", "claimant_investor": birch,
            "about": "The prospectus left out a loan.", "known_on": "2004-03-01",
        },
    )  # fmt: skip
    assert made.status_code == 302
    assert made["Location"].endswith("/claims/IC-1/")
    told = page(bestnet, "claims/IC-1/")
    assert told.heading == "IC-1: Birch claims indemnity of the Company."
    assert "our standard, not in the agreement" in told.text
    assert "Not on record: notice of the claim." in told.text
    assert "Not on record: the amount claimed." in told.text

    url = desk.url("change-claim", 1)
    later = fill(
        desk,
        url,
        {
            "stated_on": "2004-03-20", "amount": "400,000", "notice_method": "certified_mail",
            "notice_sent_on": "2004-03-15", "counsel": "Smith & Co.",
        },
    )  # fmt: skip
    assert later.status_code == 302
    told = page(bestnet, "claims/IC-1/")
    assert "Notice was given on Mon, Mar 15, 2004, 11 days past our standard" in told.text
    assert "For counsel to judge" in told.text
    assert "approval of Smith & Co." in told.text
    assert "No limit $400,000.00" in told.text

    # To change what was stated takes a reason.
    changed = {"stated_on": "2004-03-21", "amount": "500,000"}
    refused = fill(desk, url, changed)
    assert refused.status_code == 422
    assert "Say why" in " ".join(refused.context["form"].errors["reason"])
    assert fill(desk, url, {**changed, "reason": "Interest added."}).status_code == 302
    assert "“Interest added.”" in page(bestnet, "claims/IC-1/").text
    assert ClaimRecord.objects.count() == 3
    assert "Recorded a claim for indemnity of Birch" in page(bestnet, "audit/").text


@time_machine.travel(TODAY, tick=False)
def test_a_seller_s_liability_is_shown_on_each_reading(bestnet, filed):
    """The discount leaves $237,500 of $250,000: the agreement says proceeds, no more."""
    claimed(
        bestnet,
        filed,
        claimant="company",
        claimant_investor=None,
        against=bestnet.investors["Birch"],
        amount=Decimal("400000"),
        gross_proceeds=Decimal("250000"),
        net_proceeds=Decimal("237500"),
        furnished=True,
    )

    told = page(bestnet, "claims/IC-1/")

    assert told.heading == "IC-1: The Company claims $400,000.00 of Birch."
    assert "Limited to gross proceeds $250,000.00" in told.text
    assert "Limited to proceeds net of selling expenses $237,500.00" in told.text
    assert "The words bear two meanings" in told.text


@time_machine.travel(TODAY, tick=False)
def test_a_settlement_without_consent_is_not_covered(bestnet, filed):
    settled = {"settled_by": "indemnified", "settled_on": date(2004, 2, 20)}
    claimed(bestnet, filed, **settled)

    told = page(bestnet, "claims/IC-1/")

    assert "Settled on Fri, Feb 20, 2004 without it: the settlement is not covered" in told.text
    assert "One question against it" in told.text


@pytest.mark.parametrize(
    ("typed", "field", "says"),
    [
        ({"claimant": ""}, "claimant", "Choose who claims"),
        ({"claimant_investor": ""}, "claimant_investor", "Choose the Selling Investor"),
        ({"claimant": "company", "claimant_investor": ""}, "against", "against itself"),
        ({"claimant": "underwriter", "claimant_investor": ""}, "claimant_name", "Enter the name"),
        ({"about": ""}, "about", "Say what the claim is about"),
        ({"notice_sent_on": "2004-03-02"}, "notice_method", "Choose how the notice went"),
        (
            {"notice_method": "facsimile", "notice_sent_on": "2004-03-05",
             "notice_received_on": "2004-03-04"},
            "notice_received_on", "before the sent date",
        ),
        ({"settled_on": "2004-03-05"}, "settled_by", "Choose who settles"),
        ({"known_on": "2004-07-01"}, "known_on", "has not come yet"),
        ({"gross_proceeds": "1", "net_proceeds": "2"}, "net_proceeds", "gross proceeds are"),
    ],
)  # fmt: skip
@time_machine.travel(TODAY, tick=False)
def test_what_contradicts_itself_is_refused_at_its_field(
    bestnet, filed, client, typed, field, says
):
    desk = Desk(bestnet, client)
    given = {
        "stated_on": "2004-03-01", "claimant": "selling_investor",
        "claimant_investor": str(bestnet.investors["Birch"].pk), "about": "A loan.", **typed,
    }  # fmt: skip

    answer = fill(desk, desk.url("record-claim", 1), given)

    assert answer.status_code == 422
    assert says in " ".join(answer.context["form"].errors[field])
    assert not Claim.objects.exists()


# --- contribution ---------------------------------------------------------------------------


def parts(world: tell.World, **more: str) -> dict[str, str]:
    """A loss of $1,000,000: the Company received $700,000, Alder $200,000, Birch $100,000."""
    alder, birch = (world.investors[name].pk for name in ("Alder", "Birch"))
    return {
        "loss": "1,000,000", "by": "net_proceeds", "limit": "", "net_company": "700,000",
        f"net_{alder}": "200,000", f"net_{birch}": "100,000",
        f"gross_{alder}": "210,000", f"gross_{birch}": "105,000", **more,
    }  # fmt: skip


@time_machine.travel(TODAY, tick=False)
def test_a_loss_is_worked_out_and_nothing_is_saved(bestnet, filed, client):
    client.force_login(bestnet.reader)
    url = "/a/bestnet/registrations/DR-1/contribution/"
    assert client.get(url).status_code == 200

    answer = client.get(url, parts(bestnet))

    assert answer.context["heading"] == "The Company bears the most: $700,000.00."
    assert not ContributionRecord.objects.exists()


@time_machine.travel(TODAY, tick=False)
def test_a_limit_keeps_both_readings_of_what_becomes_of_the_rest(bestnet, filed, client):
    client.force_login(bestnet.counsel)
    url = "/a/bestnet/registrations/DR-1/contribution/"

    answer = client.get(url, {**parts(bestnet), "loss": "2,000,000", "limit": "gross"})

    told = Page(answer.content.decode())
    told.check()
    # Alder's part would be $400,000 and Birch's $200,000; they received $210,000 and $105,000.
    assert "$285,000.00 stays where it fell" in told.heading
    assert "Alder $210,000.00 $210,000.00" in told.text
    assert "The Company $1,400,000.00 $1,685,000.00" in told.text


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"by": "net_proceeds_and_fault"}, "do not add up to the whole"),
        ({"loss": ""}, "Enter an amount"),
        ({"fault_company": "101"}, "is not a percentage"),
    ],
)
@time_machine.travel(TODAY, tick=False)
def test_numbers_that_cannot_be_are_said(bestnet, filed, client, typed, says):
    client.force_login(bestnet.counsel)
    answer = client.get("/a/bestnet/registrations/DR-1/contribution/", {**parts(bestnet), **typed})

    assert says in answer.content.decode()
    assert "told" not in answer.context


@time_machine.travel(TODAY, tick=False)
def test_what_was_worked_out_goes_on_the_record_of_a_claim(bestnet, filed, client):
    claimed(bestnet, filed)
    desk = Desk(bestnet, client)
    alder, birch = (bestnet.investors[name].pk for name in ("Alder", "Birch"))
    loss = parts(
        bestnet, by="net_proceeds_and_fault", fault_company="50", **{f"fault_{alder}": "50"},
        **{f"fault_{birch}": "0"},
    )  # fmt: skip
    url = desk.url("record-contribution", 1)

    assert fill(desk, url, {**loss, "stated_on": "2004-06-01"}).status_code == 302

    told = page(bestnet, "claims/IC-1/")
    # (70% + 50%) / 2, (20% + 50%) / 2, (10% + 0%) / 2
    assert "The Company $700,000.00 50% $600,000.00" in told.text
    assert "Alder $200,000.00 50% $350,000.00" in told.text
    assert "Birch $100,000.00 0% $50,000.00" in told.text
    again = fill(desk, url, {**loss, "stated_on": "2004-06-02", "reason": ""})
    assert again.status_code == 422
    better = fill(desk, url, {**loss, "stated_on": "2004-06-02", "reason": "Agreed on."})
    assert better.status_code == 302
    assert ContributionRecord.objects.standing().get().reason == "Agreed on."
