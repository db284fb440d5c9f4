"""Whatever is recorded, in whatever order, and however often the sweep runs: afterwards the
flags are what the dockets call for, and each reminder owed is there exactly once."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from notices.models import Mail, Reminder
from registrations import sweep
from registrations.models import DocketEntry, Flag

from .matters import noon, put, put_open

START = date(2003, 9, 1)
DAY = timedelta(days=1)
STEPS = [30, 14, 7, 3, 1, 0, -1]
PARTY = {"file": "company", "notice": "company", "join:1": "investor"}
TO = {"company": "karen@bestnet.example", "investor": "ada@bestnet.example"}

keys = st.sampled_from(sorted(PARTY))
acts = st.one_of(
    st.tuples(st.just("open"), keys, st.integers(0, 25), st.integers(0, 3)),
    st.tuples(st.just("concern"), keys, st.integers(0, 25), st.sampled_from(["early", "late"])),
    st.tuples(st.just("done"), keys),
    st.tuples(st.just("gone"), keys),
    st.tuples(st.just("days pass"), st.integers(0, 9)),
    st.tuples(st.just("mail goes")),
    st.tuples(st.just("sweep"), st.sampled_from(["due", "all", "matter", "twice"])),
)


def wanted_flags(today: date) -> set[tuple[str, str, date]]:
    return {
        (e.key, e.flag_kind, e.flag_on)
        for e in DocketEntry.objects.exclude(flag_on=None)
        if e.flag_on <= today
    }


def owed(today: date) -> set[str]:
    """The key of each reminder due: the tightest step reached of each window not done."""
    due = set()
    for e in DocketEntry.objects.exclude(aim_on=None).filter(done_on=None).select_related("demand"):
        reached = [s for s in STEPS if today >= (e.closes_on if s < 0 else e.aim_on) - s * DAY]
        if reached:
            to = TO[e.party]
            due.add(f"{e.demand.public_id}:{e.key}:{e.closes_on}:{min(reached)}:{to}")
    return due


def check(today: date) -> None:
    standing = Flag.objects.filter(cleared_at=None)
    assert set(standing.values_list("key", "kind", "since_on")) == wanted_flags(today)
    assert standing.count() == len(wanted_flags(today))
    due = owed(today)
    sent = set(Reminder.objects.filter(mail__sent_at__isnull=False).values_list("key", flat=True))
    waiting = Reminder.objects.filter(dropped_at=None).exclude(mail__sent_at__isnull=False)
    assert set(waiting.values_list("key", flat=True)) == due - sent


class Story:
    """A matter as it goes on, one act after another."""

    def __init__(self, matter):
        self.matter, self.today, self.mails = matter, START, 0
        self.kept: dict[int, str] = {}

    def do(self, act):
        getattr(self, act[0].replace(" ", "_"))(*act[1:])
        for pk, text in Flag.objects.values_list("pk", "text"):
            assert self.kept.setdefault(pk, text) == text
        assert Flag.objects.count() == len(self.kept)

    def open(self, key, days, before):
        closes_on = START + days * DAY
        aim_on = closes_on - before * DAY
        put_open(self.matter, closes_on, key, party=PARTY[key], aim_on=aim_on, text=f"{closes_on}")

    def concern(self, key, days, kind):
        put(self.matter, key, flag_kind=kind, flag_on=START + days * DAY, party="")

    def done(self, key):
        put(self.matter, key, done_on=self.today, closes_on=START, party=PARTY[key])

    def gone(self, key):
        DocketEntry.objects.filter(key=key).delete()
        sweep.reconcile(self.matter.pk, noon(self.today))

    def days_pass(self, days):
        self.today += days * DAY

    def mail_goes(self):
        for reminder in Reminder.objects.filter(mail=None, dropped_at=None):
            self.mails += 1
            reminder.mail = Mail.objects.create(
                message_id=f"<{self.mails}@x>", recipient="x@x", sent_at=noon(self.today)
            )
            reminder.save()

    def sweep(self, how):
        now = noon(self.today)
        if how == "all":
            sweep.sweep_all(now)
        elif how == "matter":
            sweep.reconcile(self.matter.pk, now)
        else:
            sweep.sweep(now)
        check(self.today)
        if how == "twice":
            assert sweep.sweep(now) == sweep.Swept()


@pytest.mark.django_db
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(story=st.lists(acts, min_size=3, max_size=25))
def test_flags_and_reminders_follow_from_the_docket_alone(matter, story):
    with transaction.atomic():
        told = Story(matter)
        for act in story:
            told.do(act)
        told.sweep("twice")
        transaction.set_rollback(True)


@pytest.mark.django_db
@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    days=st.lists(st.integers(0, 25), min_size=1, max_size=3),
    swept_on=st.sets(st.integers(0, 30)),
)
def test_late_is_on_time(matter, days, swept_on):
    """Sweeping on some days, on all days, or once at the end gives the same flags."""
    ends = []
    for visits in (range(31), sorted(swept_on | {30}), [30]):
        with transaction.atomic():
            for key, day in zip(sorted(PARTY), days, strict=False):
                put_open(matter, START + day * DAY, key, party=PARTY[key])
            for visit in visits:
                sweep.sweep(noon(START + visit * DAY))
            rows = Flag.objects.order_by("key")
            ends.append(list(rows.values_list("key", "kind", "since_on", "text", "cleared_on")))
            transaction.set_rollback(True)

    assert ends[0] == ends[1] == ends[2]
