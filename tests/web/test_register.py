"""The register through the pages: holders, the ledger, addresses, consents, contacts."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.test import Client

from investors.models import Address, Contact, ElectronicConsent, Investor, LedgerEntry
from registrations.facts import holdings
from tests import world as w
from tests.web.forms import Desk, on_day

TODAY = date(2003, 6, 20)


@pytest.fixture
def desk(bestnet: w.World, client: Client) -> Desk:
    return Desk(bestnet, client)


def units(desk: Desk, name: str, on: date = TODAY) -> int:
    found = holdings(desk.world.agreement, on).get(desk.world.investors[name].pk)
    return found.units if found else 0


def ledger(desk: Desk, name: str, act: str) -> str:
    return desk.url("record-ledger", desk.world.investors[name].public_id, query=f"?act={act}")


def test_adding_a_holder(desk: Desk) -> None:
    url = desk.url("add-holder")
    with on_day(TODAY):
        twice = desk.client.post(url, {**desk.open(url), "name": "alder", "kind": "person",
                                       "party_from": "2003-03-30", "do": "save"})  # fmt: skip
        assert twice.status_code == 422
        assert "already on the register" in twice.context["form"].errors["name"][0]
        wrong = desk.client.post(url, {**desk.open(url), "name": "Elm", "kind": "person",
                                       "party_from": "2003-03-30", "contact_email": "nonsense",
                                       "do": "save"})  # fmt: skip
        assert wrong.status_code == 422
        assert "contact_email" in wrong.context["form"].errors
        assert not Investor.objects.filter(name="Elm").exists()
        saved = desk.save(url, {"name": "Elm", "kind": "trust", "party_from": "Mar 30 2003",
                                "address": "2 Elm Street",
                                "contact_email": "elm@x.example"})  # fmt: skip
    elm = Investor.objects.get(name="Elm")
    assert saved["Location"] == desk.url("holder", elm.public_id)


@pytest.mark.parametrize(
    ("act", "data", "after"),
    [
        ("issue", {"quantity": "1,000"}, 201_000),
        ("conversion", {"quantity": "1,000"}, 200_000),
        ("exercise", {"quantity": "1,000"}, 200_000),
        ("public_sale", {"quantity": "600,000", "under": "statement"}, 200_000),
        ("correction", {"quantity": "-5", "security": "unit", "reason": "A slip"}, 199_995),
    ],
)
def test_each_act_shows_before_and_after(
    desk: Desk, act: str, data: dict[str, str], after: int
) -> None:
    url = ledger(desk, "Dale", act)
    with on_day(TODAY):
        looked = desk.look(url, {**desk.open(url), **data, "on": "2003-06-19"})
        assert '<th scope="row">Registrable Shares</th>' in looked.content.decode()
        before = LedgerEntry.objects.count()
        saved = desk.save(url, {**data, "on": "2003-06-19"})
    assert saved.status_code == 302
    assert LedgerEntry.objects.count() > before
    assert units(desk, "Dale") == after


def test_a_transfer_moves_units_and_shows_both(desk: Desk) -> None:
    cedar = desk.world.investors["Cedar"]
    url = ledger(desk, "Dale", "transfer")
    data = {"to": str(cedar.public_id), "quantity": "50,000", "on": "2003-06-19"}
    with on_day(TODAY):
        page = desk.look(url, {**desk.open(url), **data}).content.decode()
        assert page.count("Registrable Shares</th>") == 2
        assert desk.save(url, data).status_code == 302
    assert (units(desk, "Dale"), units(desk, "Cedar")) == (150_000, 450_000)


@pytest.mark.parametrize(
    ("act", "data", "field"),
    [
        ("public_sale", {"quantity": "600,001", "on": "2003-06-19", "under": "statement"},
         "quantity"),
        ("public_sale", {"quantity": "1", "on": "2003-03-30", "under": "statement"},
         "quantity"),  # before the issue
        ("public_sale", {"quantity": "1", "on": "2003-06-19"}, "under"),
        ("expiry", {"quantity": "1", "on": "2003-06-19"}, "quantity"),  # none has run out
        ("exercise", {"quantity": "200,001", "on": "2003-06-19"}, "quantity"),
        ("issue", {"quantity": "0", "on": "2003-06-19"}, "quantity"),
        ("issue", {"quantity": "1.5", "on": "2003-06-19"}, "quantity"),
        ("issue", {"quantity": "9" * 20, "on": "2003-06-19"}, "quantity"),
        ("issue", {"quantity": "1", "on": "2003-06-21"}, "on"),
        ("issue", {"quantity": "1", "on": ""}, "on"),
        ("transfer", {"quantity": "1", "on": "2003-06-19", "to": ""}, "to"),
        ("transfer", {"quantity": "1", "on": "2003-06-19", "to": "newcomer"}, "name"),
        ("transfer", {"quantity": "1", "on": "2003-06-19", "to": "newcomer", "name": "alder"},
         "name"),
        ("transfer", {"quantity": "1", "on": "2003-06-19", "to": "newcomer", "name": "Elm",
                      "signed_on": "2003-06-21"}, "signed_on"),
        ("transfer", {"quantity": "600,001", "on": "2003-06-19", "to": "newcomer", "name": "Elm",
                      "security": "common"}, "quantity"),
        ("correction", {"quantity": "5", "security": "unit", "on": "2003-06-19"}, "reason"),
        ("correction", {"quantity": "5", "security": "gold", "reason": "x", "on": "2003-06-19"},
         "security"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_and_kept(
    desk: Desk, act: str, data: dict[str, str], field: str
) -> None:
    url = ledger(desk, "Dale", act)
    before = LedgerEntry.objects.count()
    with on_day(TODAY):
        page = desk.client.post(url, {**desk.open(url), **data, "do": "save"})
    assert page.status_code == 422
    assert field in page.context["form"].errors
    assert f'value="{data["quantity"]}"' in page.content.decode()
    assert LedgerEntry.objects.count() == before


def test_address_consent_and_contacts(desk: Desk) -> None:
    dale = desk.world.investors["Dale"]
    address = desk.url("change-address", dale.public_id)
    consent = desk.url("record-consent", dale.public_id)
    contact = desk.url("add-contact", dale.public_id)
    with on_day(TODAY):
        data = {"lines": "9 New Street", "in_force_from": "2003-06-18"}
        assert desk.save(address, data).status_code == 302
        later = desk.client.post(address, {**desk.open(address), **data, "do": "save",
                                           "in_force_from": "2003-06-21"})  # fmt: skip
        assert later.status_code == 422
        assert desk.save(consent, {"signed_on": "2003-06-01"}).status_code == 302
        signed = ElectronicConsent.objects.get()
        withdraw = desk.url("withdraw-consent", signed.pk)
        early = desk.client.post(withdraw, {**desk.open(withdraw), "withdrawn_on": "2003-05-31",
                                            "reason": "Letter", "do": "save"})  # fmt: skip
        assert early.status_code == 422
        data = {"withdrawn_on": "2003-06-19", "reason": "Letter"}
        assert desk.save(withdraw, data).status_code == 302
        assert desk.save(contact, {"email": "d@x.example"}).status_code == 302
        twice = desk.client.post(contact, {**desk.open(contact), "email": "D@x.example",
                                           "do": "save"})  # fmt: skip
        assert twice.status_code == 422
        assert "email" in twice.context["form"].errors
        person = Contact.objects.get(email="d@x.example")
        assert desk.save(desk.url("end-contact", person.pk), {}).status_code == 302
    assert Address.objects.filter(investor=dale).count() == 2
    page = desk.client.get(desk.url("holder", dale.public_id)).content.decode()
    for words in ("9 New Street", "Withdrawn Thu, Jun 19, 2003", "Reminders stopped"):
        assert words in page


def test_the_company_has_papers_of_its_own(desk: Desk) -> None:
    with on_day(TODAY):
        url = desk.url("record-company-consent")
        assert desk.save(url, {"signed_on": "2003-06-01"}).status_code == 302
        url = desk.url("change-company-address")
        data = {"lines": "1 Other Road", "in_force_from": "2003-06-18"}
        assert desk.save(url, data).status_code == 302
        page = desk.client.get(desk.url("company-papers")).content.decode()
    assert "1 Other Road" in page
    assert "by portal or e-mail" in page


def test_holders_as_of_a_day(desk: Desk) -> None:
    url = desk.url("holders")
    with on_day(TODAY):
        page = desk.client.get(url)
        assert page.context["total"].units == 3_600_000
        assert page.context["rows"][0].investor.name == "Alder"
        before = desk.client.get(url, {"as_of": "2003-03-30"})
    assert before.context["total"].units == 0


def test_the_lists_cost_the_same_for_many(desk: Desk, django_assert_max_num_queries: Any) -> None:
    with on_day(TODAY):
        for n in range(55):
            w.add(desk.world, f"Holder {n:02}", 10)
        with django_assert_max_num_queries(22):
            page = desk.client.get(desk.url("holders"))
        assert len(page.context["rows"]) == 50
        assert len(desk.client.get(desk.url("holders"), {"page": "2"}).context["rows"]) == 9
        with django_assert_max_num_queries(27):
            desk.client.get(desk.url("holder", desk.world.investors["Dale"].public_id))
