"""R6: everything done twice at once, by eight sweeps or by five beats, is done once."""

from __future__ import annotations

from collections import Counter

import pytest
from django.db import connection

from notices.models import Mail, Reminder
from registrations.models import DocketEntry, Flag
from tests.tasks.matters import noon

from .consistency import assert_consistent
from .jobs import run_relay, run_sweep, run_unguarded_sweep
from .test_killed_jobs import TODAY, entries, reminders

SWEEPS = 8


def eight_at_once(processes, job, at) -> None:
    start = processes.barrier(SWEEPS)
    running = [processes.start(job, at(batch=100), noon(TODAY), start) for _ in range(SWEEPS)]
    for process in running:
        process.join(120)
    assert [process.exitcode for process in running] == [0] * SWEEPS


def test_eight_sweeps_at_once_are_as_good_as_one(processes, at):
    entries(2000)

    eight_at_once(processes, run_sweep, at)

    assert_consistent(TODAY)
    assert (Flag.objects.count(), Reminder.objects.count()) == (2000, 2000)
    assert not DocketEntry.objects.filter(attend_on__lte=TODAY).exists()


@pytest.fixture
def no_unique_keys():
    """The two unique keys the sweep leans on, gone for one test."""
    with connection.cursor() as cursor:
        cursor.execute("DROP INDEX flag_stands_once")
        cursor.execute("ALTER TABLE notices_reminder DROP CONSTRAINT reminder_once")
    yield
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE registrations_flag, notices_reminder CASCADE")
        cursor.execute(
            "CREATE UNIQUE INDEX flag_stands_once ON registrations_flag"
            " (demand_id, key, kind) WHERE cleared_at IS NULL"
        )
        cursor.execute("ALTER TABLE notices_reminder ADD CONSTRAINT reminder_once UNIQUE (key)")


def test_control_without_lock_and_keys_things_are_done_twice(no_unique_keys, processes, at):
    entries(2000)

    eight_at_once(processes, run_unguarded_sweep, at)

    standing = Counter(Flag.objects.values_list("demand", "key"))
    assert max(standing.values()) > 1
    assert Reminder.objects.count() > 2000


def test_mails_are_made_once_however_many_relays_gather(processes, at, sink):
    reminders(200)
    running = [processes.start(run_relay, at()) for _ in range(4)]
    for process in running:
        process.join(60)

    assert len(sink.got) == len(sink.copies) == 200
    assert Mail.objects.exclude(sent_at=None).count() == 200
