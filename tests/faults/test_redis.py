"""R1, R3, R6, R7 with the real programs: workers and beats that lose Redis, each other, or
their lives.  Their timetable is sixty times as fast as the real one."""

from __future__ import annotations

import os
import time
from datetime import timedelta
from statistics import quantiles

import pytest
from django.core.cache import cache
from django.test import Client, override_settings
from django.utils import timezone

from investors.models import Company
from notices.heartbeat import pulse
from notices.models import Heartbeat, Mail, Notice, Reminder
from registrations.models import Flag
from tests import world as worlds
from tests.tasks.matters import make_company, make_matter, put_open

from .conftest import all_sent, eventually
from .consistency import assert_all_sent_at_least_once, assert_consistent

DAY = timedelta(days=1)
NOTICES = 100  # in the time without Redis


def missed_yesterday(n: int = 20) -> None:
    """Duties that ended the day before yesterday, and a person to tell of each."""
    demand = make_matter(make_company("BestNet"), zone="UTC")
    for number in range(n):
        put_open(demand, timezone.now().date() - 2 * DAY, f"window-{number}")


def done() -> bool:
    return (
        Reminder.objects.exists()
        and not Reminder.objects.filter(mail=None, dropped_at=None).exists()
        and all_sent()
    )


def alive(name: str) -> bool:
    return not next(p for p in pulse(timezone.now()) if p.name == name).dead


def assert_done_once(sink) -> None:
    assert_consistent(timezone.now().date())
    assert_all_sent_at_least_once(sink.copies)


def test_five_beats_do_what_one_does(programs, redis_server, sink):
    redis_server.start()
    missed_yesterday()
    programs.worker()
    for _ in range(5):
        programs.beat()

    eventually(lambda: Flag.objects.exists() and done(), within=60)
    time.sleep(3)  # and goes on beating

    assert_done_once(sink)
    assert len(sink.got) == len(sink.copies) == Mail.objects.count()


@pytest.mark.parametrize("step", ["sweep.settled", "relay.sent"])
def test_a_worker_killed_in_mid_task_is_made_good_by_the_next(step, programs, redis_server, sink):
    redis_server.start()
    missed_yesterday()
    programs.beat()
    dying = programs.worker(RIGHTSBOOK_DIE_AT=step)
    eventually(lambda: "signal 9" in programs.log("worker"), within=60)
    os.killpg(dying.pid, 9)
    dying.wait()
    if step == "relay.sent":  # the lease is a minute: by then its turn has come again
        Mail.objects.filter(sent_at=None).update(leased_until=timezone.now())
    else:
        assert not Flag.objects.exists()

    programs.worker()
    eventually(lambda: Flag.objects.exists() and done(), within=65)

    assert_done_once(sink)


def test_a_dead_beat_and_a_dead_worker_are_seen(programs, redis_server):
    redis_server.start()
    worker, beat = programs.worker(), programs.beat()
    eventually(lambda: Heartbeat.objects.count() == 2, within=60)
    assert alive("sweep")
    assert alive("relay")

    os.killpg(beat.pid, 9)
    os.killpg(worker.pid, 9)
    worker.wait()
    last = Heartbeat.objects.get(name="relay").beat_at

    assert {p.name: p.dead for p in pulse(last + timedelta(seconds=44))}["relay"] is False
    assert {p.name: p.dead for p in pulse(last + timedelta(minutes=4))} == {
        "sweep": True,
        "relay": True,
    }


def record(n: int, slug: str) -> float:
    """Counsel records a demand, the Company Notice and ``n`` answers to it, and asks how we
    are after each tenth; the 95th percentile of the time an answer took, in seconds."""
    world = worlds.build(slug=slug, zone="UTC")
    Company.objects.filter(pk=world.company.pk).update(reminder_days=[366])
    today = timezone.now().date()
    demand = worlds.demand(world, received_on=today - 9 * DAY)
    told = {name: today - 6 * DAY for name in world.investors if name != "Alder"}
    worlds.tell(world, demand, told, sent_on=today - 8 * DAY)
    page = Client()
    took = []
    for number in range(n):
        start = time.perf_counter()
        worlds.asks(
            world, demand, "Birch", received_on=today - number % 5 * DAY, declines=bool(number % 2)
        )
        took.append(time.perf_counter() - start)
        if number % 10 == 0:
            assert page.get("/readyz").status_code == 200
    return quantiles(took, n=20)[-1]


@pytest.mark.parametrize("how", ["killed", "flushed", "absent"])
def test_without_redis_nothing_is_lost_and_acts_go_on(how, programs, redis_server, sink):
    normal = record(NOTICES, "before")
    Reminder.objects.all().delete()
    if how != "absent":
        redis_server.start()
    programs.worker()
    programs.beat()
    if how == "killed":
        eventually(Heartbeat.objects.exists, within=60)
        redis_server.process.kill()
        redis_server.process.wait()
    if how == "flushed":
        eventually(Heartbeat.objects.exists, within=60)
    nowhere = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": f"unix://{redis_server.socket}?db=1",
            "OPTIONS": {"socket_connect_timeout": 2, "socket_timeout": 2},
        }
    }
    with override_settings(CACHES=nowhere):
        if how == "flushed":
            cache._cache.get_client().flushall()
        meanwhile = record(NOTICES, "meanwhile")
        if how == "flushed":
            cache._cache.get_client().flushall()

    answers = Notice.objects.filter(agreement__slug="meanwhile", kind__in=["request", "decline"])
    assert answers.count() == NOTICES
    assert meanwhile <= 2 * normal + 0.1

    if how != "flushed":
        redis_server.start()
    took = eventually(done, within=120)

    assert took <= 120
    assert_all_sent_at_least_once(sink.copies)
    reminded = Reminder.objects.filter(agreement__slug="meanwhile", window="file", dropped_at=None)
    assert reminded.count() == 1
