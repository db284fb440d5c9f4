"""Relays of webhooks killed with SIGKILL at every step they can be cut off at."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import pytest
from django.utils import timezone

from notices import webhooks
from notices.models import WebhookAttempt, WebhookDelivery, WebhookEndpoint
from tests.receiver import Receiver, receiver
from tests.tasks.matters import make_company, make_matter

from .conftest import SIGKILLED, eventually
from .jobs import run_mark_then_post, run_tell

KILLS = 10
LEASE = 4.0  # seconds; the real minute would only make the test wait


@pytest.fixture
def there() -> Iterator[Receiver]:
    with receiver() as listening:
        yield listening


def waiting(there: Receiver, n: int) -> None:
    """``n`` messages on their way to the receiver."""
    agreement = make_matter(make_company("BestNet")).agreement
    now = timezone.now()
    endpoint = WebhookEndpoint.objects.create(
        agreement=agreement, url=there.url, kinds=["fact.recorded"], made_at=now,
        made_by=agreement.company.memberships.first().user,
    )  # fmt: skip
    for _ in range(n):
        webhooks.test(endpoint, now=now)


def copies(there: Receiver) -> Counter[str]:
    return Counter(heard.id for heard in there.heard)


@pytest.mark.parametrize("step", ["webhook.leased", "webhook.posted", "webhook.marked"])
def test_a_relay_killed_at_any_step_loses_no_message(step, processes, at, there):
    waiting(there, 40)
    where = at(lease_seconds=LEASE)
    for _ in range(KILLS):
        assert processes.run(run_tell, where._replace(die_at=step, nth=2)) == SIGKILLED

    def all_told() -> bool:
        assert processes.run(run_tell, where) == 0
        return not WebhookDelivery.objects.filter(delivered_at=None).exists()

    eventually(all_told, within=LEASE + 30)

    told = set(WebhookDelivery.objects.values_list("event__message_id", flat=True))
    assert set(copies(there)) == told
    repeats = len(there.heard) - len(told)
    assert repeats == (KILLS if step == "webhook.posted" else 0)
    assert WebhookAttempt.objects.count() == len(told)


def test_control_marking_before_posting_loses_messages(processes, at, there):
    waiting(there, 10)
    for _ in range(3):
        assert processes.run(run_mark_then_post, at(die_at="webhook.posted")) == SIGKILLED
    assert processes.run(run_mark_then_post, at()) == 0

    assert not WebhookDelivery.objects.filter(delivered_at=None).exists()
    assert len(copies(there)) == 10 - 3


def test_relays_at_once_tell_each_message_once(processes, at, there):
    waiting(there, 60)
    running = [processes.start(run_tell, at()) for _ in range(4)]
    for process in running:
        process.join(60)

    assert len(there.heard) == len(copies(there)) == 60
