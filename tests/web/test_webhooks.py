"""Webhooks on pages: made with a secret shown once, what was told and answered, ended."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.test import Client

from notices import signing
from notices import webhooks as sending
from notices.models import WebhookDelivery, WebhookEndpoint
from tests import world as tell
from tests.web.forms import Desk, on_day
from tests.web.pages import Page, read, signed_in
from tests.world import noon

JUNE_12 = date(2003, 6, 12)
URL = "https://93.184.216.34/hook"


@pytest.fixture(autouse=True)
def _june():
    with on_day(JUNE_12):
        yield


@pytest.fixture
def desk(bestnet: tell.World) -> Desk:
    return Desk(bestnet, Client())


def save(desk: Desk, at: str, **data: object):
    """What saving answers, and what the same form sent again does."""
    form = {**desk.open(at), **data, "do": "save"}
    return desk.client.post(at, form), desk.client.post(at, form)


def make(desk: Desk, url: str = URL, **data: object):
    return save(desk, desk.url("make-webhook"), url=url, description="The deal room", **data)


def secret_on(answer) -> str:
    page = Page(answer.content.decode())
    page.check()
    (secret,) = re.findall(r"whsec_[\w+/=]+", page.text)
    return secret


def test_a_secret_is_shown_once_and_the_form_makes_one_webhook(desk):
    assert read(desk.client, desk.url("webhooks")).heading == (
        "No program is told of what happens here."
    )

    first, again = make(desk)

    assert first.status_code == 200
    assert "no-store" in first["Cache-Control"]
    secret, webhook = secret_on(first), WebhookEndpoint.objects.get()
    assert secret == signing.secrets(webhook, noon(JUNE_12))[0]
    assert again.status_code == 302
    assert again["Location"] == desk.url("webhook", webhook.public_id)
    for page in ("webhooks", "audit"):
        assert "whsec_" not in read(desk.client, desk.url(page)).html
    page = read(desk.client, desk.url("webhook", webhook.public_id))
    assert "whsec_" not in page.html
    assert page.heading == "The deal room"
    assert (
        "Made a webhook to https://93.184.216.34/hook" in read(desk.client, desk.url("audit")).text
    )


def test_an_address_inside_comes_back_with_the_reason_at_its_field(desk):
    answer, _ = make(desk, "https://169.254.169.254/latest/meta-data/")

    assert answer.status_code == 422
    page = Page(answer.content.decode())
    assert "leads to the network’s own link, where cloud machines keep their credentials" in (
        page.text
    )
    assert 'value="https://169.254.169.254/latest/meta-data/"' in page.html
    assert "id_url_error" in page.html
    assert not WebhookEndpoint.objects.exists()


def test_a_test_is_sent_and_its_answer_shown_as_text(bestnet, desk):
    make(desk)
    webhook = WebhookEndpoint.objects.get()
    sent = desk.client.post(desk.url("test-webhook", webhook.public_id))
    assert "Not tried yet." in read(desk.client, sent["Location"]).text
    sending.mark(
        sending.lease(noon(JUNE_12)),
        sending.Tried(500, "<script>alert(1)</script>", "", 12),
        noon(JUNE_12),
    )

    page = read(desk.client, sent["Location"])

    assert "<script>alert(1)</script>" in page.text
    assert "<script>alert" not in page.html
    assert "webhook.test" in page.heading
    assert "Next try" in page.text
    listed = read(desk.client, desk.url("webhook", webhook.public_id))
    assert "No message was taken since" in listed.text
    assert "Failing" in read(desk.client, desk.url("webhooks")).text
    failed = read(desk.client, desk.url("webhook", webhook.public_id, query="?state=failed"))
    assert "No message stands so." in failed.text

    answer = desk.client.post(
        desk.url("webhook-again", webhook.public_id, WebhookDelivery.objects.get().public_id)
    )
    assert answer.status_code == 302
    assert WebhookDelivery.objects.get().tries == 0

    reader = signed_in(bestnet.reader)
    assert "Send again" not in read(reader, sent["Location"]).text
    assert reader.post(desk.url("test-webhook", webhook.public_id)).status_code == 403


def test_it_is_changed_its_secret_renewed_told_again_and_ended(desk):
    first = secret_on(make(desk)[0])
    webhook = WebhookEndpoint.objects.get()
    at = webhook.public_id

    answer, _ = save(desk, desk.url("change-webhook", at), kinds=["window.missed"])
    assert answer.status_code == 302
    assert "a window missed" in read(desk.client, desk.url("webhook", at)).text

    second = secret_on(save(desk, desk.url("renew-webhook-secret", at))[0])
    assert second != first
    assert "The one before signs too until" in read(desk.client, desk.url("webhook", at)).text

    sent, _ = save(desk, desk.url("replay-webhook", at), since="2003-06-01")
    assert sent.status_code == 302
    assert "0 messages on the way." in read(desk.client, desk.url("webhook", at)).text

    ended, _ = save(desk, desk.url("end-webhook", at), reason="It moved.")
    assert ended.status_code == 302
    assert "It moved." in read(desk.client, desk.url("webhooks")).text
    assert desk.client.get(desk.url("change-webhook", at)).status_code == 404
    desk.client.post(desk.url("test-webhook", at))
    assert "This webhook was ended." in read(desk.client, desk.url("webhook", at)).text


def test_many_messages_come_by_pages(desk):
    make(desk)
    webhook = WebhookEndpoint.objects.get()
    for _ in range(51):
        sending.test(webhook, now=noon(JUNE_12))

    page = read(desk.client, desk.url("webhook", webhook.public_id))

    assert "1 to 50 of 51" in page.text


def test_nobody_else_s_webhook_is_here(bestnet, desk):
    make(desk)
    webhook = WebhookEndpoint.objects.get()
    other = tell.build({"Yew": 600}, slug="elsewhere")
    theirs = Desk(other, Client())

    for name in ("webhook", "change-webhook", "end-webhook", "replay-webhook"):
        assert theirs.client.get(theirs.url(name, webhook.public_id)).status_code == 404
        assert theirs.client.get(desk.url(name, webhook.public_id)).status_code == 404
