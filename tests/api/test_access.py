"""Who may see and do what; and problems that are nobody's body's fault."""

from __future__ import annotations

import json
import re
from datetime import date
from typing import Any

import pytest
from django.test import Client
from rest_framework.throttling import UserRateThrottle

from investors.models import (
    AffiliateMember,
    CorporateAction,
    Import,
    Investor,
    Membership,
    Transfer,
)
from notices.models import Delivery, Notice, WebhookDelivery, WebhookEndpoint
from registrations.models import Allocation, Claim, Demand, EdgarProposal
from registrations.services import claims, company, webhooks
from registrations.services.claims import ClaimIn
from registrations.services.company import ProposalIn
from registrations.services.cutback import save_allocation
from registrations.services.offering import CutbackIn, OtherIn
from registrations.services.transfers import TakerIn
from tests import world as worlds
from tests.api.conftest import ROOT
from tests.services import imported
from tests.world import World

ABSENT = "5b0fbbe1-9d9c-4dc5-8a47-7a2f9d3f1c00"
JUNE_2 = date(2003, 6, 2)
NAMED = "(?<=agreements/)bestnet|(?<=terms/)joining|(?<=letter-texts/)delay|(?<=letters/)notice"


@pytest.fixture
def matter(bestnet: World) -> Demand:
    matter = worlds.demand(bestnet, received_on=JUNE_2)
    worlds.tell(bestnet, matter, {"Birch": date(2003, 6, 20)}, sent_on=date(2003, 6, 5))
    worlds.split(bestnet, 2, 1, on=JUNE_2)
    worlds.group(bestnet, "Kin", {"Birch": "partner"}, from_on=JUNE_2)
    worlds.transfer(bestnet, "Cedar", TakerIn("Elm"), 1, on=JUNE_2, by=bestnet.at(JUNE_2))
    proposed = company.propose_registration(
        agreement=bestnet.agreement, proposal=ProposalIn("Common Stock", form_allows=True),
        proposed_on=JUNE_2, when=bestnet.at(JUNE_2),
    )  # fmt: skip
    claims.record_claim(
        demand=matter, claim=ClaimIn("underwriter", "A loan.", claimant_name="A bank"),
        stated_on=JUNE_2, when=bestnet.at(JUNE_2),
    )  # fmt: skip
    worlds.edgar_says(bestnet)
    save_allocation(
        demand=proposed, given=CutbackIn(5, JUNE_2, others=(OtherIn("Lender", 5, 5),)),
        when=bestnet.at(JUNE_2),
    )  # fmt: skip
    endpoint, _ = webhooks.make_webhook(
        agreement=bestnet.agreement, url="https://93.184.216.34/", kinds=["fact.recorded"],
        description="", when=bestnet.at(JUNE_2),
    )  # fmt: skip
    webhooks.send_test(endpoint=endpoint, when=bestnet.at(JUNE_2))
    return matter


def addresses(world: World) -> tuple[list[str], list[str]]:
    """Every address of one thing: to read, and to act on."""
    demand, ours = (Demand.objects.get(kind=kind) for kind in ("demand", "company"))
    notice, copy = Notice.objects.first(), Delivery.objects.first()
    member = AffiliateMember.objects.select_related("group").get()
    kept = Allocation.objects.get()
    assert notice
    assert copy
    sent = Import.objects.filter(agreement=world.agreement).first() or imported.sent(
        world, imported.csv_file(imported.ROWS)
    )
    agreement = f"agreements/{world.agreement.slug}/"
    investor = f"investors/{world.investors['Dale'].public_id}/"
    matter = f"demands/{demand.public_id}/"
    proposed = f"company-registrations/{ours.public_id}/"
    claim = f"claims/{Claim.objects.get().public_id}/"
    webhook = f"webhooks/{WebhookEndpoint.objects.get().public_id}/"
    message = f"webhook-deliveries/{WebhookDelivery.objects.get().public_id}/"
    reads = [
        f"{agreement}webhooks/", webhook, message,
        agreement, f"{agreement}investors/", f"{agreement}holdings/", f"{agreement}file/",
        f"{agreement}corporate-actions/", f"{agreement}affiliate-groups/",
        f"{agreement}transfers/",
        f"{agreement}terms/joining/", f"{agreement}readings/", investor, matter,
        f"{agreement}letter-kinds/", f"{agreement}letter-texts/delay/",
        f"{matter}letters/", f"{proposed}letters/",
        f"{matter}letters/notice/file/", f"{proposed}letters/notice/file/",
        f"{matter}docket/", f"{matter}decisions/", proposed, f"{proposed}docket/",
        f"{matter}selling/", f"{proposed}selling/",
        f"{proposed}decisions/", f"{matter}expenses/", f"{proposed}expenses/",
        f"{matter}waivers/", f"{proposed}waivers/",
        f"{matter}claims/", f"{proposed}claims/", claim,
        f"{matter}information/", f"{proposed}information/",
        f"{matter}allocations/", f"{proposed}allocations/", f"allocations/{kept.public_id}/",
        f"{agreement}other-holders/", f"{matter}inclusions/", f"{matter}circumstances/",
        f"{agreement}edgar/",
        f"notices/{notice.public_id}/", f"{agreement}share-counts/",
        f"{agreement}tie-out/", f"{agreement}open-cap-format/",
        f"deliveries/{copy.public_id}/",
        f"{agreement}imports/", f"imports/{sent.public_id}/", f"imports/{sent.public_id}/rows/",
    ]  # fmt: skip
    acts = [
        f"{agreement}imports/",
        *(
            f"imports/{sent.public_id}/{act}/"
            for act in ("columns", "confirmation", "cancellation", "drop")
        ),
        f"{agreement}webhooks/", f"{message}again/",
        *(f"{webhook}{act}/" for act in ("changes", "secret", "end", "test", "replay")),
        f"{agreement}investors/", f"{agreement}demand-notices/", f"{agreement}corporate-actions/",
        f"{agreement}affiliate-groups/",
        f"corporate-actions/{CorporateAction.objects.get().public_id}/correction/",
        f"affiliate-groups/{member.group.public_id}/members/",
        f"affiliate-members/{member.public_id}/changes/",
        f"transfers/{Transfer.objects.get().public_id}/counterpart/",
        f"transfers/{Transfer.objects.get().public_id}/standing/",
        f"{agreement}company-registrations/", f"{agreement}readings/", f"{agreement}share-counts/",
        f"{agreement}term-amendments/", f"{agreement}term-corrections/",
        f"{agreement}letter-texts/delay/",
        f"{agreement}other-holders/", f"{matter}inclusions/", f"{matter}circumstances/",
        f"{agreement}edgar/",
        *(
            f"edgar-proposals/{EdgarProposal.objects.get().public_id}/{act}/"
            for act in ("acceptance", "dismissal")
        ),
        *(
            f"{investor}{act}/"
            for act in (
                "address", "issue-units", "convert", "exercise", "expiry", "transfer",
                "public-sale", "correct-ledger",
            )
        ),
        *(
            f"{matter}{act}/"
            for act in (
                "company-notices", "answers", "filing", "effectiveness", "all-sold", "decisions",
                "statement-corrections", "statement-events", "delays", "delay-corrections",
                "waivers", "waiver-corrections",
                "expenses", "expense-corrections", "claims", "information-requests",
                "information-answers", "allocations",
            )
        ),
        f"{claim}changes/", f"{claim}contributions/",
        *(
            f"{proposed}{act}/"
            for act in (
                "registration-notices", "piggyback-requests", "changes", "acceptances",
                "withdrawal", "filing", "effectiveness", "all-sold", "decisions",
                "waivers", "waiver-corrections",
                "statement-corrections", "expenses", "expense-corrections", "claims",
                "information-requests", "information-answers", "allocations",
            )
        ),
        *(
            f"{of}{act}/"
            for of in (matter, proposed)
            for act in (
                "suspensions", "suspension-notices", "suspension-answers", "suspension-releases",
                "prospectuses", "states", "selling-corrections",
            )
        ),
        f"notices/{notice.public_id}/complete/", f"deliveries/{copy.public_id}/records/",
    ]  # fmt: skip
    return reads, acts


def absent(path: str) -> str:
    """The same address of a thing that does not exist."""
    return re.sub(r"[0-9a-f-]{36}|(?<=agreements/)bestnet", ABSENT, path)


def test_the_addresses_are_all_of_them(bestnet, matter):
    from tests.api.contract import contract

    reads, acts = addresses(bestnet)
    described = {
        (method, re.sub(r"\{\w+\}", "*", path.removeprefix(ROOT)))
        for path, operations in contract().described["paths"].items()
        for method in operations
        if "{" in path and not path.endswith("/evidence/") and "/library/" not in path
    }
    walked = {
        (method, re.sub(f"[0-9a-f-]{{36}}|{NAMED}", "*", path))
        for method, paths in (("get", reads), ("post", acts))
        for path in paths
    }
    asks = {
        ("post", "agreements/*/terms/*/"),
        ("post", "demands/*/cutback/"),
        ("post", "company-registrations/*/cutback/"),
    }  # ask, and record nothing
    assert walked | asks == described


def test_a_stranger_is_told_what_one_is_told_of_nothing(bestnet, matter, stranger):
    reads, acts = addresses(bestnet)

    for method, paths in (("get", reads), ("post", acts)):
        for path in paths:
            foreign = getattr(stranger, method)(ROOT + path)
            nothing = getattr(stranger, method)(ROOT + absent(path))
            assert foreign.status_code == nothing.status_code == 404, path
            assert without_instance(foreign) == without_instance(nothing)
    for path in (
        "agreements/", "demands/", "company-registrations/", "notices/", "deliveries/", "flags/",
        "edgar-proposals/",
        "webhook-deliveries/",
    ):  # fmt: skip
        assert stranger.read(path)["results"] == []


def without_instance(response: Any) -> dict[str, Any]:
    return {**response.json(), "instance": ""}


def test_evidence_is_a_stranger_s_no_more(bestnet, matter, stranger, reader):
    path = f"{ROOT}notices/{matter.notice.public_id}/evidence/"

    assert stranger.post(path, {}, format="multipart").status_code == 404
    assert reader.post(path, {}, format="multipart").status_code == 403


def test_a_stranger_cannot_find_by_filter(bestnet, matter, stranger):
    assert stranger.read("notices/", demand=str(matter.public_id))["results"] == []
    assert stranger.read("flags/", agreement="bestnet")["results"] == []


def test_read_only_counsel_reads_and_does_not_record(bestnet, matter, reader):
    reads, acts = addresses(bestnet)
    before = Investor.objects.count(), Notice.objects.count()

    for path in reads:
        reader.read(path)
    for path in acts:
        problem = reader.act(path, {}, 403)
        assert problem["detail"] == "Your account may read this agreement, not record in it."

    assert (Investor.objects.count(), Notice.objects.count()) == before


def test_who_has_left_sees_nothing(bestnet, matter, counsel):
    Membership.objects.filter(user=bestnet.counsel).update(ended_at=worlds.noon(JUNE_2))

    counsel.read(f"demands/{matter.public_id}/", 404)


def test_nobody(bestnet, matter, nobody):
    reads, acts = addresses(bestnet)

    for path in reads[:5]:
        problem = nobody.read(path, 401)
        assert problem["type"] == "urn:rightsbook:problem:unauthenticated"
    for path in acts[:5]:
        nobody.act(path, {}, 401)
    answer = nobody.get(ROOT + "agreements/")
    assert answer["WWW-Authenticate"] == "Bearer"
    assert answer["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("method", ["put", "patch", "delete"])
def test_no_fact_is_put_patched_or_deleted(bestnet, matter, counsel, method):
    for path in addresses(bestnet)[0]:
        answer = getattr(counsel, method)(ROOT + path)
        assert answer.status_code == 405, path
        assert answer["Content-Type"] == "application/problem+json"
        assert "GET" in answer["Allow"]


def test_elsewhere(counsel, nobody):
    for path in ("", "nothing/", "demands/17/", "agreements/bestnet", "agreements/a b/"):
        assert counsel.read(path, 404)["type"] == "urn:rightsbook:problem:not-found"
    nobody.read("nothing/", 401)


@pytest.mark.parametrize(
    ("path", "query", "field"),
    [
        ("agreements/bestnet/holdings/", {"as_of": "yesterday"}, "as_of"),
        ("agreements/bestnet/holdings/", {"as_of": "2003-02-30"}, "as_of"),
        ("agreements/bestnet/holdings/", {"as_of": ""}, "as_of"),
        ("agreements/bestnet/holdings/", {"as_of": "2099-01-01"}, "as_of"),
        ("agreements/bestnet/holdings/", {"asof": "2003-06-02"}, "asof"),
        ("agreements/bestnet/", {"as_of": "03/06/02"}, "as_of"),
        ("agreements/bestnet/investors/", {"ordering": "note"}, "ordering"),
        ("agreements/bestnet/investors/", {"kind": "bank"}, "kind"),
        ("agreements/bestnet/investors/", {"name": "a\0b"}, "name"),
        ("agreements/", {"page_size": "201"}, "page_size"),
        ("agreements/", {"cursor": "zz"}, "cursor"),
        ("flags/", {"cursor": "cD1ub25l"}, "cursor"),
        ("demands/", {"cursor": "cD1ub25l"}, "cursor"),
        ("notices/", {"demand": "17"}, "demand"),
        ("flags/", {"cleared": "true", "since": "soon"}, "since"),
    ],
)
def test_a_query_that_cannot_be_read(bestnet, counsel, path, query, field):
    assert counsel.read(path, 400, **query)["errors"][0]["field"] == field


def test_a_body_that_cannot_be_read(bestnet, matter, counsel):
    path = f"{ROOT}demands/{matter.public_id}/filing/"

    broken = counsel.generic("POST", path, "{", content_type="application/json")
    listed = counsel.generic("POST", path, "[1]", content_type="application/json")
    form = counsel.post(path, {"on": "2003-07-15"}, format="multipart")
    large = counsel.generic(
        "POST", path, json.dumps({"on": "x" * 6_000_000}), content_type="application/json"
    )
    perhaps = counsel.post(path + "?preview=perhaps", {"on": "2003-07-15"}, format="json")

    assert [r.status_code for r in (broken, listed, form, large, perhaps)] == [
        400, 400, 415, 413, 400,
    ]  # fmt: skip
    assert {r["Content-Type"] for r in (broken, listed, form, large, perhaps)} == {
        "application/problem+json"
    }


def test_too_many_requests(bestnet, counsel, monkeypatch):
    monkeypatch.setattr(UserRateThrottle, "THROTTLE_RATES", {"user": "2/min", "anon": "2/min"})
    first = counsel.get(ROOT + "agreements/")
    counsel.read("agreements/")

    answer = counsel.get(ROOT + "agreements/")

    assert answer.status_code == 429
    assert 0 < int(answer["Retry-After"]) <= 60
    assert [each["RateLimit-Policy"] for each in (first, answer)] == ['"user";q=2;w=60'] * 2
    assert re.fullmatch(r'"user";r=1;t=\d+', first["RateLimit"])
    assert re.fullmatch(r'"user";r=0;t=\d+', answer["RateLimit"])


def test_with_redis_gone_nobody_is_held_back(bestnet, counsel, settings):
    counsel.read("agreements/")
    cache = settings.CACHES["default"]
    settings.CACHES = {"default": cache | {"LOCATION": "unix:///nowhere/redis.sock?db=1"}}

    answer = counsel.get(ROOT + "agreements/")

    assert answer.status_code == 200


def test_a_session_serves_too_and_its_acts_need_the_form_s_token(bestnet, matter):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(bestnet.counsel)

    assert browser.get(ROOT + "agreements/").status_code == 200
    refused = browser.post(
        f"{ROOT}demands/{matter.public_id}/filing/",
        {"on": "2003-07-15"},
        content_type="application/json",
    )
    assert refused.status_code == 403
    assert refused["Content-Type"] == "application/problem+json"
