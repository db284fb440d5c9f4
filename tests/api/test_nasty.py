"""Every field of every act with values a confused or hostile program might send: never a
fault of ours, and nothing saved by what was refused."""

from __future__ import annotations

import json
from datetime import date
from itertools import cycle, islice
from typing import Any

import pytest
from django.db import transaction

from registrations.services.transfers import TakerIn
from tests import world as worlds
from tests.api.conftest import ROOT
from tests.api.test_refusals import facts

NASTY: list[Any] = [
    None, -1, 10**40, "", "x" * 20_000, "a\0b", "\ud800", "0001-01-01", "1900-01-01", "9999-12-31",
    [{}], "portal", "request:1",
]  # fmt: skip
# What may be kept of it: true facts, however odd.
KEPT, REFUSED = (200, 201), (400, 409)


@pytest.fixture
def bodies(bestnet, ids) -> dict[str, dict[str, Any]]:
    """A good body for every act, by its path."""
    matter = worlds.demand(bestnet, received_on=date(2003, 6, 2))
    worlds.tell(bestnet, matter, {"Birch": None}, sent_on=date(2003, 6, 5))
    when = bestnet.at(date(2003, 6, 9))
    asked = worlds.asks(bestnet, matter, "Birch", received_on=date(2003, 6, 9), distribution="")
    copy = worlds.copy_to(bestnet, matter, "Birch").delivery
    split = worlds.split(bestnet, 2, 1, on=date(2003, 6, 5))
    member = worlds.group(bestnet, "Kin", {"Birch": "entity"}, from_on=date(2003, 6, 2))["Birch"]
    gone, late = (
        worlds.transfer(bestnet, "Cedar", TakerIn(name, signed_on), 1, on=date(2003, 6, 2), by=when)
        for name, signed_on in (("Elm", None), ("Fir", date(2003, 6, 5)))
    )
    mail = {
        "method": "certified_mail", "sent_on": "2003-06-05", "received_on": "2003-06-07",
        "address_from": None,
    }  # fmt: skip
    ask = {
        "investor": ids["Cedar"], "units": 1, "shares": 6, "distribution": "x",
        "other_information": "x",
    }  # fmt: skip
    ledger = {"quantity": 1, "on": "2003-06-02", "note": "x"}
    demand, investor = f"demands/{matter.public_id}", f"investors/{ids['Dale']}"
    return {
        "agreements/bestnet/demand-notices/": {**mail, "investors": [ask], "note": "x"},
        "agreements/bestnet/investors/": {
            "name": "Elm", "kind": "person", "party_from": "2003-06-02", "address": "x",
            "facsimile": "x", "contact_name": "x", "contact_email": "x@example.com", "note": "x",
        },
        "agreements/bestnet/letter-texts/delay/": {"text": "# A\n\n{{ company }}", "reason": "x"},
        f"{investor}/address/": {"lines": "x", "facsimile": "x", "in_force_from": "2003-06-02"},
        "agreements/bestnet/corporate-actions/": {
            "kind": "exchange", "security": "preferred", "into": "common", "numerator": 3,
            "denominator": 1, "on": "2003-06-02", "place": 1, "fractions": "cash",
            "rates_follow": True, "note": "x",
        },
        f"corporate-actions/{split.public_id}/correction/": {"action": None, "reason": "x"},
        "agreements/bestnet/affiliate-groups/": {"name": "Others"},
        f"affiliate-groups/{member.group.public_id}/members/": {
            "investor": ids["Cedar"], "kin": "trust", "from_on": "2003-06-02", "to_on": None,
        },
        f"affiliate-members/{member.public_id}/changes/": {
            "kin": "void", "from_on": "2003-06-02", "to_on": None, "reason": "x",
        },
        f"transfers/{gone.public_id}/counterpart/": {
            "signed_on": "2003-06-03", "kind": "trust", "address": "x", "reason": "x",
        },
        f"transfers/{late.public_id}/standing/": {
            "choice": "never", "decided_on": "2003-06-08", "reason": "x",
        },
        f"{investor}/expiry/": ledger,
        f"{investor}/issue-units/": ledger,
        f"{investor}/convert/": ledger,
        f"{investor}/exercise/": ledger,
        f"{investor}/public-sale/": {**ledger, "under": "statement"},
        f"{investor}/transfer/": {**ledger, "to": ids["Birch"], "security": "unit"},
        f"{investor}/correct-ledger/": {
            "quantity": 1, "on": "2003-06-02", "reason": "x", "security": "warrant",
            "expires_on": "2006-03-31",
        },
        f"{demand}/company-notices/": {"copies": [{**mail, "investor": ids["Dale"]}], "note": "x"},
        f"{demand}/answers/": {**mail, **ask, "declines": False, "note": "x"},
        f"{demand}/filing/": {
            "on": "2003-07-15", "form": "S-3", "file_number": "x",
            "covers": [{"investor": ids["Cedar"], "shares": 6}],
        },
        f"{demand}/effectiveness/": {"on": "2003-09-02"},
        f"{demand}/all-sold/": {"on": "2003-09-03"},
        f"{demand}/decisions/": {
            "about": "filing_opens", "choice": "last_receipt", "decided_on": "2003-06-10",
            "reason": "x",
        },
        f"notices/{asked.public_id}/complete/": {
            **ask, "investor": ids["Birch"], "stated_on": "2003-06-10", "reason": "x",
        },
        f"deliveries/{copy.public_id}/records/": {"replaces": 1, "reason": "x", **mail},
    }  # fmt: skip


def test_no_body_is_a_fault_of_ours(bodies, counsel, monkeypatch):
    monkeypatch.setattr("rest_framework.throttling.SimpleRateThrottle.allow_request", lambda *_: 1)
    nasty = cycle(NASTY)  # each field meets a few, and each value meets many fields
    for path, good in bodies.items():
        for field in good:
            for value in islice(nasty, 3):
                _sent(counsel, path, {**good, field: value})
        for listed in ("investors", "copies", "covers"):
            for field in good[listed][0] if listed in good else ():
                for value in islice(nasty, 3):
                    _sent(counsel, path, {**good, listed: [{**good[listed][0], field: value}]})


def _sent(counsel: Any, path: str, body: Any) -> None:
    """Send it, see that a refusal saved nothing, and take back what was kept."""
    with transaction.atomic():
        before = facts()
        answer = counsel.generic(
            "POST", ROOT + path, json.dumps(body), content_type="application/json"
        )
        assert answer.status_code in KEPT + REFUSED, (path, body, answer.content)
        if answer.status_code in REFUSED:
            assert facts() == before, (path, body)
        transaction.set_rollback(True)
