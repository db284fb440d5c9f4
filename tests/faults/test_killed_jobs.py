"""R1, R2: jobs killed with SIGKILL at every step they can be cut off at."""

from __future__ import annotations

import random
from datetime import date, timedelta
from threading import Thread

import pytest
from django.utils import timezone

from notices import outbox
from notices.models import Mail, Reminder
from registrations.models import DocketEntry, Flag
from tests.tasks.matters import make_company, make_matter, noon, put_open

from .conftest import SIGKILLED, all_sent, eventually
from .consistency import assert_all_sent_at_least_once, assert_consistent
from .jobs import run_mark_then_send, run_move_then_flag, run_relay, run_sweep

MISSED = date(2003, 10, 2)
TODAY = MISSED + timedelta(days=1)
KILLS = 20
LEASE = 6.0  # seconds; the real minute would only make the test wait, and much less than this runs
# out under a relay that a busy machine holds up: a repeat without a kill


def entries(n: int) -> None:
    """``n`` duties of one company, missed yesterday."""
    demand = make_matter(make_company("BestNet"))
    first = put_open(demand, MISSED, "window-0")
    copies = []
    for number in range(1, n):
        copy = DocketEntry.objects.get(pk=first.pk)
        copy.pk, copy.key = None, f"window-{number}"
        copies.append(copy)
    DocketEntry.objects.bulk_create(copies)


def reminders(n: int) -> None:
    """``n`` reminders waiting, each to another person."""
    demand = make_matter(make_company("BestNet"))
    Reminder.objects.bulk_create(
        Reminder(
            key=f"reminder-{number}",
            agreement=demand.agreement,
            matter=demand.public_id,
            matter_name="DR-1",
            window="file",
            step=1,
            aim_on=MISSED,
            closes_on=MISSED,
            party="company",
            recipient=f"person-{number}@bestnet.example",
            detail={"act": "File the Registration Statement", "because": []},
        )
        for number in range(n)
    )


@pytest.mark.parametrize("step", ["sweep.locked", "sweep.settled", "sweep.committed"])
def test_a_sweep_killed_at_any_step_is_made_good_by_the_next(step, processes, at):
    entries(1000)
    now = noon(TODAY)
    rng = random.Random(step)  # noqa: S311
    for _ in range(KILLS):
        where = at(die_at=step, nth=rng.randint(1, 2), batch=20)
        assert processes.run(run_sweep, where, now) == SIGKILLED
    assert Flag.objects.count() < 1000

    assert processes.run(run_sweep, at(), now) == 0

    assert_consistent(TODAY)
    assert Flag.objects.count() == 1000


def test_control_a_sweep_in_two_transactions_loses_flags(processes, at):
    entries(100)
    where = at(die_at="sweep.settled", batch=20)

    assert processes.run(run_move_then_flag, where, noon(TODAY)) == SIGKILLED
    assert processes.run(run_sweep, at(), noon(TODAY)) == 0

    assert Flag.objects.count() == 80


@pytest.mark.parametrize("step", ["relay.gathered", "relay.leased", "relay.sent", "relay.marked"])
def test_a_relay_killed_at_any_step_loses_no_mail(step, processes, at, sink):
    reminders(60)
    where = at(lease_seconds=LEASE)
    for _ in range(KILLS):
        if step == "relay.gathered" and not Reminder.objects.filter(mail=None).exists():
            break
        assert processes.run(run_relay, where._replace(die_at=step)) == SIGKILLED

    finish(processes, where)

    assert_all_sent_at_least_once(sink.copies)
    repeats = len(sink.got) - len(sink.copies)
    assert repeats <= (KILLS if step == "relay.sent" else 0)
    assert outbox.contents() == outbox.Outbox(waiting=0, oldest_at=None, failed=0)


@pytest.mark.parametrize("relays", [1, 2])
def test_a_relay_killed_between_sending_and_marking(relays, processes, at, sink):
    """A hundred kills and more: nothing lost, at most one repeat a kill, under one name."""
    reminders(300)
    where = at(lease_seconds=LEASE)
    killed: list[int] = []

    def one_after_another(seed: int) -> None:
        rng = random.Random(seed)  # noqa: S311
        for _ in range(120 // relays):
            dies = where._replace(die_at="relay.sent", nth=rng.randint(1, 3))
            killed.append(processes.run(run_relay, dies))

    lives = [Thread(target=one_after_another, args=[seed]) for seed in range(relays)]
    for life in lives:
        life.start()
    for life in lives:
        life.join()
    kills = killed.count(SIGKILLED)
    assert kills >= 100

    finish(processes, where)

    assert_all_sent_at_least_once(sink.copies)
    assert len(sink.got) - len(sink.copies) <= kills
    whose = dict(Mail.objects.values_list("message_id", "recipient"))
    assert all(whose[message_id] == recipient for message_id, recipient in sink.got)


def test_control_marking_before_sending_loses_mail(processes, at, sink):
    reminders(30)
    for _ in range(5):
        assert processes.run(run_mark_then_send, at(die_at="relay.sent", nth=2)) == SIGKILLED
    assert processes.run(run_mark_then_send, at()) == 0

    assert all_sent()
    assert len(sink.copies) == 30 - 5


def finish(processes, where) -> None:
    """Relays nobody kills, until nothing waits: a dead one's lease has to run out first."""

    def rounds() -> bool:
        assert processes.run(run_relay, where) == 0
        return all_sent() and not Reminder.objects.filter(mail=None).exists()

    took = eventually(rounds, within=LEASE + 30)
    assert took <= LEASE + 15
    assert not Mail.objects.filter(sent_at=None, leased_until__gt=timezone.now()).exists()
