"""Webhooks by REST: made, changed, told again, ended; and no secret in what is kept."""

from __future__ import annotations

from datetime import date

import pytest
from django.utils import timezone

from investors.models import KeptAnswer
from notices import webhooks
from notices.models import WebhookDelivery, WebhookEndpoint
from registrations import webhooks as told
from tests import world as tell
from tests.api.conftest import ROOT

JUNE_2 = date(2003, 6, 2)
AT = "agreements/bestnet/webhooks/"
BODY = {"url": "https://93.184.216.34/hook", "kinds": ["fact.recorded"]}


@pytest.fixture(autouse=True)
def _june(travel):
    travel(JUNE_2)


def test_a_webhook_s_life(bestnet, counsel, reader):
    made = counsel.act(AT, {**BODY, "description": "The deal room"})
    one = f"webhooks/{made['id']}/"

    assert made["secret"].startswith("whsec_")
    assert "secret" not in counsel.read(one)
    assert reader.read(AT)[0]["description"] == "The deal room"

    changed = counsel.act(f"{one}changes/", {"kinds": ["window.missed", "window.opened"]})
    assert (changed["kinds"], changed["description"]) == (["window.opened", "window.missed"], "")

    renewed = counsel.act(f"{one}secret/")
    assert renewed["secret"] != made["secret"]

    test = counsel.act(f"{one}test/")
    assert (test["type"], test["state"], test["attempts"]) == ("webhook.test", "waiting", [])
    assert test["body"]["data"]["agreement"] == "bestnet"
    now = timezone.now()
    webhooks.mark(webhooks.lease(now), webhooks.Tried(500, "<no>", "", 12), now)
    tried = reader.read(f"webhook-deliveries/{test['id']}/")
    assert [a["answer"] for a in tried["attempts"]] == ["<no>"]
    assert tried["tries"] == 1
    again = counsel.act(f"webhook-deliveries/{test['id']}/again/")
    assert (again["tries"], again["message_id"]) == (0, test["message_id"])

    assert counsel.act(f"{one}end/", {}, 400)["errors"][0]["field"] == "reason"
    assert counsel.act(f"{one}end/", {"reason": "Moved."})["ended_because"] == "Moved."
    for act, body in (
        ("test", {}), ("secret", {}), ("changes", {"kinds": ["window.opened"]}),
        ("replay", {"since": "2003-06-01"}), ("end", {"reason": "Again."}),
    ):  # fmt: skip
        counsel.act(f"{one}{act}/", body, 409)


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("https://169.254.169.254/latest/meta-data/iam/", "where cloud machines keep their"),
        ("https://[fd00:ec2::254]/", "a private network"),
        ("https://metadata@93.184.216.34/", "Leave the name and password out"),
        ("http://93.184.216.34/", "Begin it with https://"),
    ],
)
def test_an_address_inside_is_refused_with_the_reason(bestnet, counsel, url, says):
    problem = counsel.act(AT, {**BODY, "url": url}, 400)

    assert problem["errors"][0]["field"] == "url"
    assert says in problem["detail"]
    assert not WebhookEndpoint.objects.exists()


def test_what_cannot_be_is_refused(bestnet, counsel):
    for body, field in (
        ({**BODY, "kinds": []}, "kinds"),
        ({**BODY, "kinds": ["window.closed"]}, "kinds.0"),
        ({**BODY, "secret": "mine"}, "secret"),
        ({"kinds": ["fact.recorded"]}, "url"),
    ):
        assert counsel.act(AT, body, 400)["errors"][0]["field"] == field
    counsel.act(AT, BODY)
    assert "is in use" in counsel.act(AT, BODY, 400)["detail"]


def test_sent_again_under_one_key_it_is_made_once_and_its_secret_told_once(bestnet, counsel):
    first, again = (
        counsel.post(ROOT + AT, BODY, format="json", headers={"Idempotency-Key": "k"})
        for _ in range(2)
    )

    assert again["Idempotency-Replayed"] == "true"
    secret = first.json()["secret"]
    assert again.json() == {**first.json(), "secret": None}
    assert WebhookEndpoint.objects.count() == 1
    assert secret not in KeptAnswer.objects.get().body


def test_what_programs_were_told_is_listed_by_state(bestnet, counsel, stranger):
    made = counsel.act(AT, BODY)
    tell.demand(bestnet, received_on=JUNE_2)
    now = timezone.now()
    told.gather_all(now)
    webhooks.mark(webhooks.lease(now), webhooks.Tried(200, "", "", 1), now)

    def states(**query):
        rows = counsel.read("webhook-deliveries/", webhook=made["id"], **query)["results"]
        return [row["state"] for row in rows]

    assert sorted(states()) == ["delivered", "waiting"]
    assert states(state="delivered") == ["delivered"]
    assert states(state="failed") == []
    assert states(type="fact.recorded", state="waiting") == ["waiting"]
    assert stranger.read("webhook-deliveries/", webhook=made["id"])["results"] == []
    counsel.read("webhook-deliveries/", 400, state="lost")

    assert counsel.act(f"webhooks/{made['id']}/replay/", {"since": "2003-06-02"}) == {
        "messages": WebhookDelivery.objects.count()
    }
    assert states() == ["waiting", "waiting"]
    future = counsel.act(f"webhooks/{made['id']}/replay/", {"since": "2003-06-03"}, 400)
    assert future["errors"][0]["field"] == "since"
