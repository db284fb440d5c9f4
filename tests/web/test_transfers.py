"""Transfers and groups through the pages (H4, H5)."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client

from investors.models import AffiliateMember, Investor, Transfer
from tests import world as w
from tests.web.forms import Desk, on_day

TODAY = date(2003, 6, 20)


@pytest.fixture
def desk(bestnet: w.World, client: Client) -> Desk:
    return Desk(bestnet, client)


def page(desk: Desk, name: str, *args: object, query: str = "") -> str:
    return desk.client.get(desk.url(name, *args, query=query)).content.decode()


def test_to_one_that_did_not_sign_then_signs_and_counsel_decides(desk: Desk) -> None:
    cedar = desk.world.investors["Cedar"].public_id
    url = desk.url("record-ledger", cedar, query="?act=transfer")
    data = {"to": "newcomer", "name": "Elm", "quantity": "1,000", "on": "2003-06-10"}
    with on_day(TODAY):
        looked = desk.look(url, {**desk.open(url), **data}).content.decode()
        assert "it leaves the register and carries no rights here." in looked
        assert desk.save(url, data).status_code == 302
        gone = Transfer.objects.get()
        shown = page(desk, "transfers")
        assert "Elm" in shown
        assert "No rights here" in shown
        assert "signed no counterpart" in shown
        assert not Investor.objects.filter(name="Elm").exists()

        url = desk.url("record-counterpart", gone.public_id)
        unsaid = desk.client.post(url, {**desk.open(url), "signed_on": "2003-06-18"})
        assert unsaid.status_code == 422
        data = {"signed_on": "2003-06-18", "kind": "trust", "reason": "Counterpart in hand."}
        assert desk.save(url, data).status_code == 302
        shown = page(desk, "transfers")
        assert "Decision needed" in shown
        assert "8 days later" in shown
        assert "Two readings" in shown
        asked = page(desk, "decisions")
        assert "One question waits for counsel’s decision." in asked
        assert "Is Elm an Investor for what it took?" in asked
        elm = Investor.objects.get(name="Elm")
        assert "it was no party" in page(desk, "holder", elm.public_id, query="?as_of=2003-06-12")
        assert "6,000 Registrable Shares" in page(desk, "holder", elm.public_id)

        late = Transfer.objects.standing().get()
        url = desk.url("decide-standing", late.public_id)
        data = {"choice": "never", "decided_on": "2003-06-20", "reason": "Not at the time."}
        assert desk.save(url, data).status_code == 302
        shown = page(desk, "transfers")
        assert "No rights here" in shown
        assert "“Not at the time.”" in shown
        assert "Nothing to decide." in page(desk, "decisions")
        assert "holds no Registrable Shares" in page(desk, "holder", elm.public_id)
        assert desk.client.get(desk.url("record-counterpart", late.public_id)).status_code == 404


def test_to_one_that_signs_that_day(desk: Desk) -> None:
    cedar = desk.world.investors["Cedar"].public_id
    url = desk.url("record-ledger", cedar, query="?act=transfer")
    data = {
        "to": "newcomer", "name": "Elm", "security": "preferred", "quantity": "50",
        "on": "2003-06-10", "signed_on": "2003-06-10", "address": "9 Elm Street",
    }  # fmt: skip
    with on_day(TODAY):
        assert desk.save(url, data).status_code == 302
        elm = Investor.objects.get(name="Elm")
        shown = page(desk, "holder", elm.public_id)
    assert "Elm holds 100 Registrable Shares." in shown
    assert "9 Elm Street" in shown
    assert "Transfer of shares or Warrants" in shown


def test_a_sale_says_on_the_holder_s_page_what_it_ended(desk: Desk) -> None:
    dale = desk.world.investors["Dale"].public_id
    url = desk.url("record-ledger", dale, query="?act=public_sale")
    with on_day(TODAY):
        for under in ("statement", "rule_144"):
            data = {"quantity": "10", "on": "2003-06-10", "under": under}
            assert desk.save(url, data).status_code == 302
        shown = page(desk, "holder", dale)
    assert "Sold under a registration statement: no longer Registrable Shares." in shown
    assert "Sold under Rule 144, which does not end Registrable Shares here" in shown


def test_a_group_is_formed_joined_and_left(desk: Desk) -> None:
    dale, cedar = (desk.world.investors[name] for name in ("Dale", "Cedar"))
    with on_day(TODAY):
        assert "Every Investor counts for itself." in page(desk, "affiliate-groups")
        assert desk.save(desk.url("form-group"), {"name": "Cedars"}).status_code == 302
        group = desk.world.agreement.affiliate_groups.get()
        url = desk.url("add-member", group.public_id)
        for who, kin in ((cedar, "entity"), (dale, "partner")):
            data = {"investor": str(who.public_id), "kin": kin, "from_on": "2003-06-05"}
            assert desk.save(url, data).status_code == 302
        twice = desk.client.post(url, {**desk.open(url), **data, "do": "save"})
        assert twice.status_code == 422
        assert "Dale is in Cedars" in str(twice.context["form"].errors["investor"])
        assert "§3(c)" in str(twice.context["form"].errors["investor"])

        shown = page(desk, "affiliate-groups")
        assert "3,600,000 Registrable Shares together" in shown
        member = AffiliateMember.objects.get(investor=dale)
        url = desk.url("change-member", member.public_id)
        data = {"to_on": "2003-06-15", "reason": "It left."}
        assert desk.save(url, data).status_code == 302
        shown = page(desk, "affiliate-groups")
        assert "2,400,000 Registrable Shares together" in shown
        assert "through Sun, Jun 15, 2003" in shown
        before = page(desk, "affiliate-groups", query="?as_of=2003-06-15")
        assert "3,600,000 Registrable Shares together" in before
