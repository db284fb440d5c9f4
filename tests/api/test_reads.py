"""What the reads show: terms, holdings, lists, pages."""

from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path

import pytest

from investors.models import Term
from notices.models import Notice
from registrations.keys import ENDS_IN
from tests import world as worlds
from tests.world import SIGNED_ON, World

RULES = Path(__file__).parents[2] / "registrations" / "rules"


def test_terms_in_force_on_a_day(bestnet, counsel):
    filing = Term.objects.get(name="filing_closes")
    Term.objects.create(
        agreement=bestnet.agreement,
        name="filing_closes",
        value={"n": 60},
        clause="Amendment 1",
        in_force_from=date(2004, 1, 1),
        kind=Term.Kind.AMENDMENT,
    )

    before = counsel.read("agreements/bestnet/", as_of="2003-12-31")
    after = counsel.read("agreements/bestnet/", as_of="2004-01-01")

    assert (before["slug"], before["dated_on"]) == ("bestnet", SIGNED_ON.isoformat())
    assert before["time_zone"] == "America/Detroit"
    assert _term(before, "filing_closes")["value"] == filing.value
    assert _term(before, "filing_closes")["clause"] == "1(a)"
    assert _term(after, "filing_closes")["value"] == {"n": 60}
    assert _term(after, "filing_closes")["kind"] == "amendment"
    assert len(before["terms"]) == len(after["terms"]) == bestnet.agreement.terms.count() - 1


def _term(agreement, name):
    return next(t for t in agreement["terms"] if t["name"] == name)


def test_holdings_to_the_last_share(bestnet, counsel, ids):
    act = counsel.act
    act(f"investors/{ids['Dale']}/convert/", {"quantity": 50_000, "on": "2003-05-01"})
    act(f"investors/{ids['Dale']}/exercise/", {"quantity": 20_000, "on": "2003-05-02"})
    act(
        f"investors/{ids['Dale']}/public-sale/",
        {"quantity": 10_000, "on": "2003-05-03", "under": "rule_144"},
    )
    act(
        f"investors/{ids['Cedar']}/transfer/",
        {"quantity": 1, "on": "2003-05-04", "to": ids["Birch"]},
    )
    act(
        f"investors/{ids['Alder']}/correct-ledger/",
        {"security": "common", "quantity": -3, "on": "2003-03-31", "reason": "Miscounted."},
    )

    shown = counsel.read("agreements/bestnet/holdings/", as_of="2003-05-04")

    held = {h["investor"]["name"]: h for h in shown["holdings"]}
    dale = held["Dale"]
    assert dale["investor"]["id"] == ids["Dale"]
    assert {k: dale[k] for k in ("units", "common", "preferred", "warrants")} == {
        "units": 200_000, "common": 710_000, "preferred": 150_000, "warrants": 180_000,
    }  # fmt: skip
    assert (dale["issued"], dale["from_preferred"], dale["from_warrants"]) == (
        710_000,
        300_000,
        180_000,
    )
    assert (dale["issuable"], dale["registrable"]) == (480_000, 1_190_000)
    assert held["Birch"]["of_units"] == {"numerator": 700_001, "denominator": 3_600_000}
    assert held["Birch"]["of_registrable"] == {
        "numerator": 4_200_006,
        "denominator": shown["totals"]["registrable"],
    }
    assert shown["totals"]["registrable"] == sum(h["registrable"] for h in held.values())
    assert shown["totals"]["registrable"] == 6 * 3_600_000 - 10_000 - 3
    earlier = counsel.read("agreements/bestnet/holdings/", as_of="2003-03-30")
    assert earlier["totals"]["units"] == 0
    assert earlier["holdings"][0]["of_units"] is None


def test_an_investor_and_its_addresses(bestnet, counsel):
    elm = counsel.act(
        "agreements/bestnet/investors/",
        {
            "name": "Elm & <Sons>",
            "kind": "partnership",
            "party_from": "2003-05-01",
            "address": "1 Elm Street\nDetroit",
            "contact_email": "elm@example.com",
        },
    )
    counsel.act(
        f"investors/{elm['id']}/address/",
        {"lines": "2 Elm Street\nDetroit", "in_force_from": "2003-06-03"},
    )

    shown = counsel.read(f"investors/{elm['id']}/")

    assert (shown["name"], shown["kind"]) == ("Elm & <Sons>", "partnership")
    assert [a["in_force_from"] for a in shown["addresses"]] == ["2003-05-01", "2003-06-03"]
    listed = counsel.read("agreements/bestnet/investors/", kind="partnership")["results"]
    assert listed == [shown]
    found = counsel.read("agreements/bestnet/investors/", name="elm")["results"]
    assert found == [shown]


def test_a_copy_to_an_address_no_longer_of_record_is_not_given_when_sent(bestnet, counsel, ids):
    matter = worlds.demand(bestnet, received_on=date(2003, 6, 2))
    counsel.act(
        f"investors/{ids['Dale']}/address/", {"lines": "2 Dale", "in_force_from": "2003-06-03"}
    )

    notice = counsel.act(
        f"demands/{matter.public_id}/company-notices/",
        {
            "copies": [
                {
                    "investor": ids["Dale"],
                    "method": "certified_mail",
                    "sent_on": "2003-06-05",
                    "address_from": SIGNED_ON.isoformat(),
                }
            ]
        },
    )

    copy = notice["deliveries"][0]
    assert copy["stands"]["address"]["lines"].startswith("1 Dale Street")
    docket = counsel.read(f"demands/{matter.public_id}/docket/")
    join = next(w for w in docket["windows"] if w["key"] == f"join:{ids['Dale']}")
    assert join["closes_on"] is None
    moved = counsel.act(
        f"deliveries/{copy['id']}/records/",
        {"replaces": 1, "address_from": "2003-06-03", "reason": "It went to the new one."},
    )
    assert moved["stands"]["address"]["lines"] == "2 Dale"
    docket = counsel.read(f"demands/{matter.public_id}/docket/")
    join = next(w for w in docket["windows"] if w["key"] == f"join:{ids['Dale']}")
    assert join["closes_on"] == "2003-06-25"


@pytest.fixture
def two(bestnet: World) -> World:
    """Two matters; in the first the Company Notice came too late to Cedar, not yet to Dale."""
    first = worlds.demand(bestnet, received_on=date(2003, 6, 2))
    worlds.tell(
        bestnet,
        first,
        {"Birch": date(2003, 6, 7), "Cedar": date(2003, 6, 20), "Dale": None},
        sent_on=date(2003, 6, 5),
    )
    worlds.asks(bestnet, first, "Birch", received_on=date(2003, 6, 20), distribution="")
    worlds.demand(bestnet, received_on=date(2003, 6, 3), by=("Birch",))
    return bestnet


def test_lists_filter_and_order(two, counsel, ids):
    demands = counsel.read("demands/", ordering="number")["results"]
    assert [d["reference"] for d in demands] == ["DR-1", "DR-2"]
    first, second = (d["id"] for d in demands)
    good = counsel.read("demands/", outcome="refused", agreement="bestnet")["results"]
    assert [d["id"] for d in good] == [second]
    assert counsel.read("demands/", agreement="none")["results"] == []

    thread = counsel.read("notices/", demand=first, ordering="number")["results"]
    assert [n["kind"] for n in thread] == ["demand", "company", "request"]
    assert {n["demand"] for n in thread} == {first}
    assert [(n["copies"], n["received"]) for n in thread] == [(1, 1), (3, 2), (1, 1)]
    assert [n["sender"] and n["sender"]["name"] for n in thread] == ["Alder", None, "Birch"]

    missing = counsel.read("deliveries/", notice=thread[1]["id"], received="false")["results"]
    assert [d["recipient"]["name"] for d in missing] == ["Dale"]
    to_company = counsel.read(f"notices/{thread[0]['id']}/")["deliveries"]
    assert [d["recipient"] for d in to_company] == [None]

    flags = counsel.read("flags/", demand=first)["results"]
    assert {f["kind"] for f in flags} >= {"missed", "incomplete_request"}
    assert all(f["cleared_at"] is None and f["because"] for f in flags)
    since = [f["since_on"] for f in flags]
    assert since == sorted(since)


def test_pages_by_cursor_hide_and_repeat_nothing(bestnet, counsel):
    for n in range(7):
        worlds.add(bestnet, f"Oak {n}", 0)
    names, url = [], "/api/v1/agreements/bestnet/investors/?page_size=3"

    while url:
        page = counsel.get(url).json()
        names += [i["name"] for i in page["results"]]
        url = page["next"]

    assert names == sorted(bestnet.investors)


def test_days_alike_are_paged_through(two, counsel):
    everything = counsel.read("flags/")["results"]
    seen, url = [], "/api/v1/flags/?page_size=1"

    while url:
        page = counsel.get(url).json()
        seen += page["results"]
        url = page["next"]

    assert seen == everything


def test_no_database_key_is_shown(two, counsel):
    """Every number that ends a docket's key is turned into a public id."""
    source = "".join(path.read_text() for path in RULES.glob("*.py"))
    made = set(re.findall(r'f"([a-z_:]+):\{[a-z.0-9\[\]]+\}"', source))
    # These end in a number of the matter's own, or in another key.
    numbered = {
        "amended",
        "delay",
        "decide",
        "rests",
        "revised",
        "suspended",
        "tell_sellers",
        "waiver",
    }
    of_rights = {key for key in ENDS_IN if key.startswith("waiver:")}
    assert made - numbered == set(ENDS_IN) - of_rights

    for demand in counsel.read("demands/")["results"]:
        text = json.dumps(counsel.read(f"demands/{demand['id']}/docket/"))
        assert not re.search(r'"[a-z_:]+:\d+"', text)
    assert not re.search(r'"[a-z_:]+:\d+"', json.dumps(counsel.read("flags/")))


def test_every_notice_can_be_read(two, counsel):
    for notice in Notice.objects.all():
        shown = counsel.read(f"notices/{notice.public_id}/")
        for copy in shown["deliveries"]:
            assert copy == counsel.read(f"deliveries/{copy['id']}/")
