"""Where else a secret could come out: the mail people get, the queue, the cache."""

from __future__ import annotations

from datetime import date

import redis
import time_machine
from django.core import mail
from django.core.cache import cache

from config.celery import app
from notices import outbox
from registrations import sweep
from registrations.tasks import sweep as sweep_task
from tests import world as tell

from .places import CANARY, Place, Visitors, primary_key
from .policy import POLICY
from .test_who_may_see_what import told_in


def test_mail_to_an_investor_s_people_tells_of_no_other(place: Place) -> None:
    for day in (6, 11, 18, 22, 24, 25, 26, 30):
        now = tell.noon(date(2003, 6, day))
        sweep.sweep(now)
        outbox.relay(lambda now=now: now)
    who_by_address = {user.email: who for who, user in place.investors.items()}
    told: list[str] = []
    for sent in mail.outbox:
        words = f"{sent.subject}\n{sent.body}\n{sent.extra_headers}"
        for to in sent.to:
            if who := who_by_address.get(to):
                told += [f"{who} is told {secret!r}" for secret in told_in(words, place, to=who)]

    assert set(who_by_address) <= {to for sent in mail.outbox for to in sent.to}
    assert told == []


def kept_in(server: redis.Redis) -> list[bytes]:
    """Every key and value of a Redis database, as bytes."""
    found: list[bytes] = []
    for key in server.scan_iter():
        found.append(key)
        kind = server.type(key)
        if kind == b"string":
            found.append(server.get(key) or b"")
        elif kind == b"list":
            found += server.lrange(key, 0, -1)
        elif kind == b"hash":
            found += [part for pair in server.hgetall(key).items() for part in pair]
        else:
            found += list(server.smembers(key)) if kind == b"set" else []
    return found


@time_machine.travel("2003-07-20 16:00:00+00:00", tick=False)
def test_the_queue_and_the_cache_keep_no_name_and_no_holding(place: Place) -> None:
    visitors = Visitors({"counsel": place.world.counsel, **place.investors})
    for route in POLICY:
        address = primary_key(place, route).address(route)
        for who in visitors.people:
            visitors.ask(who, "get", address)
    sweep_task.delay()
    with app.connection_for_read() as connection:
        kept = kept_in(connection.default_channel.client)
    kept += kept_in(cache._cache.get_client())  # type: ignore[attr-defined]
    found = b"\n".join(kept).decode(errors="replace")

    assert "registrations.tasks.sweep" in found, "the control: the message is in the queue"
    assert list(told_in(found, place)) == []
    assert str(CANARY) not in found
