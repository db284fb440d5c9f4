"""What is refused: with which status, field, clause and rule, and nothing saved."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from investors.models import Address, Investor, LedgerEntry
from notices.models import DeliveryRecord, Evidence, Notice, RequestRecord
from registrations.models import Decision, Demand, StatementRecord
from tests import world as worlds
from tests.api.conftest import ROOT, Caller
from tests.world import World

JUNE_2, JUNE_5, JUNE_9 = date(2003, 6, 2), date(2003, 6, 5), date(2003, 6, 9)
MAIL = {"method": "certified_mail", "sent_on": "2003-06-02", "received_on": "2003-06-02"}
FACTS = (
    Investor, Address, LedgerEntry, Notice, DeliveryRecord, RequestRecord, Evidence, Demand,
    StatementRecord, Decision,
)  # fmt: skip


def facts() -> dict[str, int]:
    return {model.__name__: model._default_manager.count() for model in FACTS}


@pytest.fixture
def matter(bestnet: World) -> Demand:
    """A demand of June 2; the Company Notice sent to three, Birch's signed for on June 9."""
    matter = worlds.demand(bestnet, received_on=JUNE_2)
    worlds.tell(bestnet, matter, {"Birch": JUNE_9, "Cedar": None, "Dale": None}, sent_on=JUNE_5)
    return matter


@pytest.fixture
def refuses(counsel: Caller) -> Callable[..., Any]:
    """Do an act that must be refused, and see that nothing was saved."""

    def refused(path: str, body: Any, field: str, status: int = 400, **told: str) -> Any:
        before = facts()
        problem = counsel.act(path, body, status)
        assert facts() == before
        assert problem["status"] == status
        assert problem["instance"] == ROOT + path.partition("?")[0]
        error = problem["errors"][0]
        assert error["field"] == field, problem
        for name, value in told.items():
            assert error[name] == value, problem
        return error

    return refused


def demand_notice(ids: dict[str, str], **changed: Any) -> dict[str, Any]:
    ask = {"investor": ids["Alder"], "shares": 1_000_000}
    return {**MAIL, "investors": [ask], **changed}


@pytest.mark.parametrize(
    ("changed", "field", "clause", "rule", "message"),
    [
        pytest.param(
            {"sent_on": "2003-06-09"}, "received_on", "8(a)", "N3",
            "The received date, Mon, Jun 2, 2003, is before the sent date, Mon, Jun 9, 2003. "
            "Check both.",
            id="received before sent",
        ),
        pytest.param({"method": "pigeon"}, "method", "8(a)", "N2", None, id="not a method"),
        pytest.param(
            {"method": "facsimile", "sent_on": None, "received_on": None}, "received_on", "", "",
            None, id="no day at all",
        ),
        pytest.param({"sent_on": None}, "sent_on", "8(a)", "N1", None, id="mail with no posting"),
        pytest.param(
            {"sent_on": "2099-06-02", "received_on": None}, "sent_on", "", "", None, id="to come"
        ),
        pytest.param({"sent_on": "2003-02-30"}, "sent_on", "", "", None, id="no such day"),
        pytest.param({"sent_on": "0203-06-02"}, "sent_on", "", "", None, id="a slip of the pen"),
        pytest.param({"investors": []}, "investors", "", "", None, id="nobody asks"),
        pytest.param({"sender": "me"}, "sender", "", "", "There is no such field.", id="unknown"),
    ],
)  # fmt: skip
def test_a_demand_notice(bestnet, ids, refuses, changed, field, clause, rule, message):
    body = demand_notice(ids, **changed)
    path = "agreements/bestnet/demand-notices/"

    error = refuses(path, body, field, clause=clause, rule=rule)

    assert message in (None, error["message"])


def test_more_than_is_held(bestnet, ids, refuses):
    ask = {"investor": ids["Dale"], "units": 200_001}

    error = refuses(
        "agreements/bestnet/demand-notices/",
        {**MAIL, "investors": [ask]},
        "investors.0.units",
        clause="1(a)",
        rule="D5",
    )

    assert error["message"].startswith("Dale held 200,000 Units on Mon, Jun 2, 2003.")


@pytest.mark.parametrize(
    ("ask", "field"),
    [
        ({"investor": "5b0fbbe1-9d9c-4dc5-8a47-7a2f9d3f1c00"}, "investors.0.investor"),
        ({"investor": 17}, "investors.0.investor"),
        ({"investor": None}, "investors.0.investor"),
        ({"units": -1}, "investors.0.units"),
        ({"units": 1.5}, "investors.0.units"),
        ({"units": "1"}, "investors.0.units"),
        ({"units": True}, "investors.0.units"),
        ({"units": 10**19}, "investors.0.units"),
        ({"holding": 1}, "investors.0.holding"),
        ({"distribution": "a\0b"}, "investors.0.distribution"),
    ],
)
def test_an_ask_that_cannot_be_read(bestnet, ids, refuses, ask, field):
    body = {**MAIL, "investors": [{"investor": ids["Alder"], **ask}]}

    refuses("agreements/bestnet/demand-notices/", body, field)


def test_an_investor_of_another_agreement_is_not_known(bestnet, refuses):
    other = worlds.build({"Elm": 100}, slug="elsewhere")
    ask = {"investor": str(other.investors["Elm"].public_id), "units": 1}

    refuses(
        "agreements/bestnet/demand-notices/", {**MAIL, "investors": [ask]}, "investors.0.investor"
    )


def test_a_company_notice_names_the_copy(matter, ids, refuses):
    copies = [
        {"investor": ids["Birch"], "method": "certified_mail", "sent_on": "2003-06-05"},
        {"investor": ids["Cedar"], "method": "pigeon", "sent_on": "2003-06-05"},
    ]
    path = f"demands/{matter.public_id}/company-notices/"

    refuses(path, {"copies": copies}, "copies.1.method", clause="8(a)", rule="N2")
    refuses(path, {"copies": []}, "copies")
    copies[1] |= {"method": "facsimile", "address_from": "2001-01-01"}
    refuses(path, {"copies": copies}, "copies.1.address_from")


def test_an_answer(matter, ids, refuses):
    path = f"demands/{matter.public_id}/answers/"
    answer = {**MAIL, "investor": ids["Birch"]}

    refuses(path, {**answer, "shares": 4_200_001}, "shares", clause="1(a)", rule="D5")
    refuses(path, {**answer, "investor": ids["Alder"]}, "investor")
    refuses(path, {**answer, "declines": "perhaps"}, "declines")


LEDGER = {"quantity": 100, "on": "2003-06-02"}


@pytest.mark.parametrize(
    ("act", "changed", "field"),
    [
        ("convert", {"quantity": 200_001}, "quantity"),
        ("exercise", {"quantity": 200_001}, "quantity"),
        ("exercise", {"on": "2006-04-01"}, "quantity"),
        ("public-sale", {"quantity": 600_001}, "quantity"),
        ("public-sale", {"on": "2003-03-30"}, "quantity"),
        ("public-sale", {"under": "wink"}, "under"),
        ("expiry", {}, "quantity"),  # none has run out
        ("transfer", {"security": "gold"}, "security"),
        ("issue-units", {"quantity": 0}, "quantity"),
        ("issue-units", {"on": "2099-12-31"}, "on"),
        ("issue-units", {"on": "9999-12-31"}, "on"),
        ("transfer", {"quantity": 200_001}, "quantity"),
        ("transfer", {"to": None}, "to"),
        ("correct-ledger", {"security": "common", "quantity": -600_001, "reason": "x"}, "quantity"),
        ("correct-ledger", {"security": "common", "reason": " "}, "reason"),
        ("correct-ledger", {"security": "common", "quantity": 0, "reason": "x"}, "quantity"),
        ("correct-ledger", {"security": "bond", "reason": "x"}, "security"),
        (
            "correct-ledger",
            {"security": "common", "reason": "x", "expires_on": "2006-01-01"},
            "expires_on",
        ),
    ],
)
def test_a_holding_below_zero_and_other_slips(bestnet, ids, refuses, act, changed, field):
    own = {"transfer": {"to": ids["Birch"]}, "public-sale": {"under": "statement"}}
    body = {**LEDGER, **own.get(act, {}), **changed}

    refuses(f"investors/{ids['Dale']}/{act}/", body, field)


def test_below_zero_on_a_later_day_is_refused_too(bestnet, counsel, ids, refuses):
    counsel.act(
        f"investors/{ids['Dale']}/public-sale/",
        {"quantity": 600_000, "on": "2003-09-01", "under": "statement"},
    )

    error = refuses(
        f"investors/{ids['Dale']}/public-sale/",
        {"quantity": 1, "on": "2003-05-01", "under": "statement"},
        "quantity",
        rule="H6",
    )

    assert "on Mon, Sep 1, 2003" in error["message"]


def test_an_investor_and_an_address(bestnet, ids, refuses):
    investor = {"name": "Elm", "party_from": "2003-03-30"}
    path = "agreements/bestnet/investors/"

    refuses(path, {**investor, "name": "ALDER"}, "name")
    refuses(path, {**investor, "name": "  "}, "name")
    refuses(path, {**investor, "kind": "bank"}, "kind")
    refuses(path, {**investor, "contact_email": "elm at example"}, "contact_email")
    refuses(path, {**investor, "party_from": "2099-01-01"}, "party_from")
    refuses(path, {**investor, "id": 7, "agreement_id": 1}, "agreement_id")
    refuses(f"investors/{ids['Dale']}/address/", {"lines": "", "in_force_from": "x"}, "lines")


def test_a_filing(matter, ids, counsel, refuses):
    path = f"demands/{matter.public_id}/filing/"

    refuses(path, {"on": "2003-06-01"}, "on")
    refuses(path, {"on": "2099-06-01"}, "on")
    refuses(path, {"on": "2003-07-15", "covers": [{"investor": ids["Alder"]}]}, "covers.0.shares")
    refuses(f"demands/{matter.public_id}/effectiveness/", {"on": "2003-09-02"}, "on")
    counsel.act(path, {"on": "2003-07-15"})
    refuses(path, {"on": "2003-07-16"}, "on", 409)
    refuses(f"demands/{matter.public_id}/effectiveness/", {"on": "2003-07-14"}, "on")
    counsel.act(f"demands/{matter.public_id}/effectiveness/", {"on": "2003-09-02"})
    corrections = f"demands/{matter.public_id}/statement-corrections/"
    corrected = {"kind": "filed", "replaces": 1, "on": "2003-07-16"}
    refuses(corrections, corrected, "reason")
    refuses(corrections, {**corrected, "reason": "x", "on": "2003-09-03"}, "on")
    refuses(corrections, {**corrected, "reason": "x", "replaces": 2}, "replaces")
    shown = counsel.act(corrections, {**corrected, "reason": "EDGAR says so."})["statement"]
    assert shown["filed_on"] == "2003-07-16"
    assert [(e["kind"], e["number"], e["on"]) for e in shown["history"]] == [
        ("filed", 1, "2003-07-15"), ("effective", 1, "2003-09-02"), ("filed", 2, "2003-07-16"),
    ]  # fmt: skip
    refuses(corrections, {**corrected, "reason": "x"}, "replaces", 409)
    refuses(f"demands/{matter.public_id}/effectiveness/", {"on": "2003-09-03"}, "on", 409)


def test_a_decision(matter, refuses):
    path = f"demands/{matter.public_id}/decisions/"
    body = {"about": "filing_opens", "choice": "last_receipt", "decided_on": "2003-06-10"}

    refuses(path, {**body, "reason": " "}, "reason")
    refuses(path, {**body, "reason": "x", "choice": "any"}, "choice")
    refuses(path, {**body, "reason": "x", "about": "the weather"}, "about")
    refuses(path, {**body, "reason": "x", "about": f"request:{matter.public_id}"}, "about")
    refuses(path, {**body, "reason": "x", "decided_on": "2099-01-01"}, "decided_on")


def copy_to(counsel: Caller, who: str) -> Any:
    return counsel.read("deliveries/", recipient=who)["results"][0]


def test_a_receipt(matter, counsel, ids, refuses):
    copy = copy_to(counsel, ids["Birch"])
    path = f"deliveries/{copy['id']}/records/"

    refuses(path, {"received_on": "2003-06-08"}, "replaces")
    refuses(path, {"replaces": 3, "received_on": "2003-06-08"}, "replaces")
    refuses(path, {"replaces": 2, "received_on": "2003-06-08"}, "reason")
    refuses(
        path,
        {"replaces": 2, "received_on": "2003-06-04", "reason": "x"},
        "received_on",
        clause="8(a)",
        rule="N3",
    )
    refuses(path, {"replaces": 2, "received_on": "2003-06-09"}, "received_on")


def test_a_stale_correction(matter, counsel, ids, refuses):
    copy = copy_to(counsel, ids["Birch"])

    error = refuses(
        f"deliveries/{copy['id']}/records/",
        {"replaces": 1, "received_on": "2003-06-08", "reason": "I read the card again."},
        "replaces",
        409,
    )

    assert "meanwhile" in error["message"]


def test_the_rest_of_a_request(bestnet, matter, counsel, ids, refuses):
    notice = worlds.asks(
        bestnet, matter, "Birch", received_on=JUNE_9, distribution="", other_information=None
    )
    path = f"notices/{notice.public_id}/complete/"
    body = {"investor": ids["Birch"], "stated_on": "2003-06-10"}

    refuses(path, {**body, "investor": ids["Dale"]}, "investor")
    refuses(path, {**body, "stated_on": "2003-06-01"}, "stated_on")
    refuses(path, {**body, "shares": 70_000}, "reason")
    refuses(path, {**body, "shares": 4_200_001, "reason": "x"}, "shares", clause="1(a)", rule="D5")


PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("receipt.pdf", b"MZ\x90\x00" + b"\0" * 60, "not what its name says"),
        ("receipt.pdf", b"<html><script>alert(1)</script></html>", "not what its name says"),
        ("receipt.exe", PDF, "not a PDF"),
        ("receipt.pdf", b"", "empty"),
    ],
)
def test_a_file_that_is_not_what_it_says(matter, counsel, name, content, words):
    before = facts()

    answer = counsel.post(
        f"{ROOT}notices/{matter.notice.public_id}/evidence/",
        {"files": [SimpleUploadedFile("card.pdf", PDF), SimpleUploadedFile(name, content)]},
        format="multipart",
    )

    assert answer.status_code == 400
    assert words in answer.json()["errors"][0]["message"]
    assert answer.json()["errors"][0]["field"].startswith("files")
    assert facts() == before


def test_evidence_of_another_notice_or_none(matter, counsel):
    path = f"{ROOT}notices/{matter.notice.public_id}/evidence/"
    other = Notice.objects.exclude(pk=matter.notice_id).get().deliveries.first()
    files = [SimpleUploadedFile("card.pdf", PDF)]

    elsewhere = counsel.post(
        path, {"files": files, "delivery": str(other.public_id)}, format="multipart"
    )
    without = counsel.post(path, {}, format="multipart")
    unknown = counsel.post(
        path, {"files": [SimpleUploadedFile("a.pdf", PDF)], "name": "x"}, format="multipart"
    )

    assert elsewhere.json()["errors"][0]["field"] == "delivery"
    assert without.json()["errors"][0]["field"] == "files"
    assert unknown.json()["errors"][0]["field"] == "name"
    assert not Evidence.objects.exists()


def test_evidence_kept(matter, counsel):
    kept = counsel.post(
        f"{ROOT}notices/{matter.notice.public_id}/evidence/",
        {"files": [SimpleUploadedFile("card.pdf", PDF)]},
        format="multipart",
    )

    assert kept.status_code == 201
    shown = counsel.read(f"notices/{matter.notice.public_id}/")["evidence"]
    assert shown == kept.json()
    assert (shown[0]["media_type"], shown[0]["size"]) == ("application/pdf", len(PDF))


@pytest.mark.parametrize("field", ["pk", "id", "recorded_by", "recorded_at", "agreement", "demand"])
def test_no_body_may_set_what_is_not_asked(bestnet, matter, ids, refuses, field):
    demand = f"demands/{matter.public_id}"
    bodies: dict[str, Any] = {
        "agreements/bestnet/demand-notices/": demand_notice(ids),
        "agreements/bestnet/investors/": {"name": "Elm", "party_from": "2003-03-30"},
        f"investors/{ids['Dale']}/issue-units/": LEDGER,
        f"investors/{ids['Dale']}/address/": {"lines": "x", "in_force_from": "2003-06-02"},
        f"{demand}/company-notices/": {"copies": [{"investor": ids["Cedar"], **MAIL}]},
        f"{demand}/answers/": {"investor": ids["Cedar"], **MAIL},
        f"{demand}/filing/": {"on": "2003-07-15"},
        f"{demand}/effectiveness/": {"on": "2003-07-15"},
        f"{demand}/all-sold/": {"on": "2003-07-15"},
        f"{demand}/decisions/": {
            "about": "filing_opens", "choice": "last_receipt", "decided_on": "2003-06-10",
            "reason": "x",
        },
    }  # fmt: skip

    for path, body in bodies.items():
        refuses(path, {**body, field: 1}, field)
