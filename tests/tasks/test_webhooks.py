"""Stories about telling programs: what goes out, signed how, tried when, and given up when."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.core import mail as sent
from django.utils import timezone
from standardwebhooks import Webhook, WebhookVerificationError

from investors.acts import acts_on
from notices import outbox, signing, webhooks
from notices.models import Mail, WebhookAttempt, WebhookDelivery, WebhookEndpoint
from registrations.services import webhooks as acts
from registrations.services.recording import When
from tests.receiver import receiver

KINDS = ["fact.recorded", "window.opened"]
SECOND, MINUTE, HOUR, DAY = (timedelta(**{u: 1}) for u in ("seconds", "minutes", "hours", "days"))


@pytest.fixture
def listening(settings):
    settings.WEBHOOKS_TO_THIS_MACHINE = True
    with receiver() as there:
        yield there


@pytest.fixture
def when(bestnet):
    """Now, by the real clock: what is signed is only good for minutes."""
    return When(timezone.now(), bestnet.counsel)


@pytest.fixture
def made(bestnet, listening, when):
    """A webhook to the receiver, and its secret."""
    return acts.make_webhook(
        agreement=bestnet.agreement, url=listening.url, kinds=KINDS, description="", when=when
    )


def relay(now):
    return webhooks.relay(lambda: now)


def test_a_message_is_signed_as_the_scheme_has_it(listening, made, when):
    endpoint, secret = made
    acts.send_test(endpoint=endpoint, when=when)

    told = relay(when.now)

    assert told == (1, 0, 0)
    (heard,) = listening.heard
    assert Webhook(secret).verify(heard.body, heard.headers)["type"] == "webhook.test"
    assert heard.headers["content-type"] == "application/json"
    with pytest.raises(WebhookVerificationError):
        Webhook(secret).verify(heard.body.replace(b"A test", b"A text"), heard.headers)
    with pytest.raises(WebhookVerificationError):
        Webhook(secret).verify(heard.body, {**heard.headers, "webhook-id": "msg_other"})


def test_the_secret_before_signs_for_a_day_more(listening, made, when):
    endpoint, first = made
    endpoint, second = acts.renew_secret(endpoint=endpoint, when=when)
    endpoint, third = acts.renew_secret(endpoint=endpoint, when=when)

    def signs(now):
        headers = signing.signed(endpoint, "msg_1", "{}", now)
        found = set()
        for name, secret in (("first", first), ("second", second), ("third", third)):
            signature = Webhook(secret).sign("msg_1", now, "{}")
            if signature in headers["webhook-signature"].split(" "):
                found.add(name)
        return found

    assert signs(when.now) == {"second", "third"}
    assert signs(when.now + 24 * HOUR - SECOND) == {"second", "third"}
    assert signs(when.now + 24 * HOUR) == {"third"}
    acts.send_test(endpoint=endpoint, when=when)
    relay(when.now)
    for secret in (second, third):
        Webhook(secret).verify(listening.heard[0].body, listening.heard[0].headers)


def test_a_secret_outlives_the_server_s_own_while_that_is_still_named(made, when, settings):
    endpoint, secret = made
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another secret of the server's, long enough to be one of those"

    assert secret in signing.secrets(endpoint, when.now)
    settings.SECRET_KEY_FALLBACKS = []
    assert secret not in signing.secrets(endpoint, when.now)


def test_a_receiver_that_fails_is_tried_again_under_the_same_id(listening, made, when):
    listening.answer(500, 503, 200, text=b"<b>not yet</b>")
    delivery = acts.send_test(endpoint=made[0], when=when)
    now = when.now

    assert relay(now) == (0, 1, 0)
    assert relay(now + 4 * SECOND) == (0, 0, 0), "not its turn"
    assert relay(now + 5 * SECOND) == (0, 1, 0)
    assert relay(now + 5 * SECOND + 5 * MINUTE) == (1, 0, 0)

    assert len({heard.id for heard in listening.heard}) == 1
    assert len(listening.heard) == 3
    tries = list(WebhookAttempt.objects.order_by("at").values_list("status", "answer"))
    assert tries == [(500, "<b>not yet</b>"), (503, "<b>not yet</b>"), (200, "<b>not yet</b>")]
    delivery.refresh_from_db()
    assert delivery.state == "delivered"
    assert WebhookEndpoint.objects.get().failing_since is None


def test_after_the_last_wait_it_is_given_up_and_may_be_sent_again(listening, made, when):
    listening.answer(500)
    delivery = acts.send_test(endpoint=made[0], when=when)
    now, waited = when.now, []
    while WebhookDelivery.objects.filter(failed_at=None).exists():
        relay(now)
        delivery.refresh_from_db()
        if delivery.failed_at is None:
            waited.append(delivery.next_try_at - now)
            now = delivery.next_try_at

    assert tuple(waited) == webhooks.WAITS
    assert len(listening.heard) == 10
    assert now - when.now < webhooks.FAILING_ENDS, "one message alone ends no webhook"
    assert WebhookEndpoint.objects.get().ended_at is None
    listening.answer(200)
    acts.send_again(delivery=delivery, when=when._replace(now=now))
    assert relay(now) == (1, 0, 0)
    assert len({heard.id for heard in listening.heard}) == 1


def test_gone_ends_it_at_once_and_counsel_are_told(bestnet, listening, made, when):
    listening.answer(410)
    for _ in range(3):
        acts.send_test(endpoint=made[0], when=when)

    assert relay(when.now) == (0, 0, 1)

    endpoint = WebhookEndpoint.objects.get()
    assert endpoint.ended_because == "It answered that it is gone (410)."
    assert len(listening.heard) == 1
    assert [d.state for d in WebhookDelivery.objects.order_by("pk")] == [
        "failed", "dropped", "dropped",
    ]  # fmt: skip
    assert acts_on(bestnet.agreement).filter(metadata__act="webhook.given_up").count() == 1
    assert [mail.recipient for mail in Mail.objects.all()] == [bestnet.counsel.email]
    outbox.relay(lambda: when.now)
    assert listening.url in sent.outbox[-1].body


def test_five_days_of_failing_end_it(listening, made, when):
    listening.answer(500)
    for days in range(5):
        acts.send_test(endpoint=made[0], when=when._replace(now=when.now + days * DAY))
        relay(when.now + days * DAY)
    assert WebhookEndpoint.objects.get().ended_at is None

    relay(when.now + 5 * DAY)

    assert WebhookEndpoint.objects.get().ended_because == "Nothing was delivered for 5 days."
    assert Mail.objects.count() == 1


def test_an_address_that_gives_no_answer_keeps_nobody_waiting(bestnet, listening, made, when):
    silent, _ = acts.make_webhook(
        agreement=bestnet.agreement, url="http://127.0.0.1:9/", kinds=KINDS, description="",
        when=when,
    )  # fmt: skip
    for _ in range(3):
        acts.send_test(endpoint=silent, when=when)
    acts.send_test(endpoint=made[0], when=when)

    assert relay(when.now) == (2, 1, 0), "the other was told that this one was made"
    assert WebhookAttempt.objects.get(status=None).error.startswith("No connection")
    assert relay(when.now + MINUTE) == (0, 1, 0), "one try a minute, whatever waits"


def test_two_relays_never_hold_one_delivery(made, when):
    acts.send_test(endpoint=made[0], when=when)

    first, second = webhooks.lease(when.now), webhooks.lease(when.now)
    assert first is not None
    assert second is None
    later = webhooks.lease(when.now + webhooks.LEASE)
    assert later is not None
    assert later.pk == first.pk, "its holder died"
    webhooks.mark(first, webhooks.Tried(500, "", "", 1), when.now + webhooks.LEASE)
    later.refresh_from_db()
    assert later.leased_until == when.now + 2 * webhooks.LEASE, "who lost the lease moves nothing"


def test_who_died_after_posting_posts_again_under_the_same_id(listening, made, when):
    acts.send_test(endpoint=made[0], when=when)
    delivery = webhooks.lease(when.now)
    webhooks.post(delivery, when.now, webhooks.outward.Guarded())  # and was cut off here

    assert relay(when.now) == (0, 0, 0), "still leased"
    assert relay(when.now + webhooks.LEASE) == (1, 0, 0)
    assert [heard.id for heard in listening.heard] == [delivery.event.message_id] * 2
    assert listening.heard[0].body == listening.heard[1].body


def test_control_marked_first_a_message_is_lost(listening, made, when):
    acts.send_test(endpoint=made[0], when=when)
    delivery = webhooks.lease(when.now)
    webhooks.mark(delivery, webhooks.Tried(200, "", "", 1), when.now)  # and was cut off here

    assert relay(when.now + webhooks.LEASE) == (0, 0, 0)
    assert listening.heard == []


def test_only_the_beginning_of_an_answer_is_kept(listening, made, when):
    listening.answer(200, text=b"\xff\x00" + b"x" * 500_000)
    acts.send_test(endpoint=made[0], when=when)

    relay(when.now)

    kept = WebhookAttempt.objects.get().answer
    assert len(kept) == 1024
    assert kept.startswith("��xxx")


def test_a_redirect_is_an_answer_and_is_not_followed(listening, made, when):
    listening.answer(307, Location="http://169.254.169.254/latest/meta-data/")
    acts.send_test(endpoint=made[0], when=when)

    assert relay(when.now) == (0, 1, 0)

    tried = WebhookAttempt.objects.get()
    assert (tried.status, tried.error) == (307, "It redirects elsewhere, and is not followed.")


def test_a_proxy_of_the_environment_is_not_asked(listening, made, when, monkeypatch):
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    acts.send_test(endpoint=made[0], when=when)

    assert relay(when.now) == (1, 0, 0)


def test_a_body_in_any_script_is_signed_as_it_is_sent(bestnet, listening, made, when):
    name = "Ünïcode “№1” 株式会社 \u2028"
    webhooks.tell(
        bestnet.agreement.pk,
        [webhooks.Happening("k", "fact.recorded", when.now, {"says": name})],
        now=when.now,
    )

    relay(when.now)

    heard = listening.heard[-1]
    assert Webhook(made[1]).verify(heard.body, heard.headers)["data"]["says"] == name
    assert json.loads(heard.body)["timestamp"].startswith(when.now.date().isoformat())
