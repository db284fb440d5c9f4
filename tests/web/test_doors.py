"""Who may open what: every address of the record, for counsel, reader, stranger, nobody."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client

from investors.models import Contact, ElectronicConsent
from notices.models import Delivery
from registrations.models import StatementRecord
from registrations.services import register
from tests import world as w
from tests.web.forms import Desk

READ = ("notices", "notice", "decisions", "holders", "holder", "company-papers", "agreement",
        "statements", "audit", "settings")  # fmt: skip
WRITE = (
    "record-notice", "complete-request", "add-evidence", "record-receipt", "record-filing",
    "record-effectiveness", "record-all-sold", "decide", "record-statement", "correct-statement",
    "add-holder", "record-ledger", "change-address", "add-contact", "record-consent",
    "end-contact", "withdraw-consent", "change-company-address", "record-company-consent",
)  # fmt: skip


@pytest.fixture
def addresses(bestnet: w.World, client: Client) -> dict[str, str]:
    """Every address, about things that are there."""
    desk = Desk(bestnet, client)
    matter = w.demand(bestnet, received_on=date(2003, 6, 2))
    w.asks(bestnet, matter, "Birch", received_on=date(2003, 6, 20))
    w.files(bestnet, matter, date(2003, 7, 15))
    birch = bestnet.investors["Birch"]
    register.record_consent(
        agreement=bestnet.agreement,
        investor=birch,
        signed_on=date(2003, 6, 1),
        when=bestnet.at(date(2003, 7, 15)),
    )
    args = {
        "notice": [1],
        "complete-request": [2],
        "add-evidence": [1],
        "record-receipt": [Delivery.objects.first().public_id],
        "holder": [birch.public_id],
        "end-contact": [Contact.objects.first().pk],
        "withdraw-consent": [ElectronicConsent.objects.get().pk],
        "correct-statement": [StatementRecord.objects.get().pk],
        **{
            name: [1]
            for name in ("record-filing", "record-effectiveness", "record-all-sold", "decide")
        },
        **{
            name: [birch.public_id]
            for name in ("record-ledger", "change-address", "add-contact", "record-consent")
        },
    }
    query = {"decide": "?about=eligibility"}
    found = {
        name: desk.url(name, *args.get(name, []), query=query.get(name, ""))
        for name in READ + WRITE
    }
    client.logout()
    return found


def test_every_door(bestnet: w.World, client: Client, addresses: dict[str, str]) -> None:
    wrong = []
    expected = {
        "counsel": {"get": (200, 200), "post": (422, 405)},
        "reader": {"get": (403, 200), "post": (403, 405)},
        "stranger": {"get": (404, 404), "post": (404, 404)},
        "nobody": {"get": (302, 302), "post": (302, 302)},
    }
    for who, answers in expected.items():
        client.logout()
        if who != "nobody":
            client.force_login(getattr(bestnet, who))
        for name, address in addresses.items():
            for method, (write, read) in answers.items():
                want = write if name in WRITE else read
                if name == "settings" and method == "post" and who in ("counsel", "reader"):
                    want = write
                got = getattr(client, method)(address).status_code
                if got != want:
                    wrong.append((who, method, name, got, want))
    assert not wrong


def test_another_agreements_things_are_not_under_this_one(
    bestnet: w.World, client: Client, addresses: dict[str, str]
) -> None:
    """Counsel of two agreements cannot reach one's things by the other's address."""
    other = w.build(slug="elsewhere")
    client.force_login(other.counsel)
    moved = {
        name: address.replace("/a/bestnet/", "/a/elsewhere/")
        for name, address in addresses.items()
        if name not in (
            "notices", "decisions", "holders", "company-papers", "agreement", "statements",
            "audit", "settings",
            "record-notice", "record-statement", "add-holder", "change-company-address",
            "record-company-consent",
        )
    }  # fmt: skip
    answers = {name: client.get(address).status_code for name, address in moved.items()}
    assert set(answers.values()) == {404}, answers
