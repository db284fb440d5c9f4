"""What must hold when the faults are over."""

from __future__ import annotations

from collections import Counter
from datetime import date

from django.db import connection
from django.db.models import Count

from notices.models import Mail, Reminder
from registrations.models import DocketEntry, Flag


def assert_consistent(today: date) -> None:
    """Flags are what the dockets call for, each raised once; each reminder owed is there
    once; each write of a flag is in the trail once."""
    wanted = set(
        DocketEntry.objects.filter(flag_on__lte=today).values_list(
            "demand", "key", "flag_kind", "flag_on"
        )
    )
    standing = Counter(
        Flag.objects.filter(cleared_at=None).values_list("demand", "key", "kind", "since_on")
    )
    assert set(standing) == wanted
    assert not [flag for flag, times in standing.items() if times > 1]

    assert owed(today) == Counter(
        Reminder.objects.filter(dropped_at=None).values_list(
            "matter", "window", "closes_on", "step"
        )
    )

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pgh_label, count(*), count(DISTINCT pgh_obj_id)"
            " FROM registrations_flagevent GROUP BY 1"
        )
        trail = {label: (rows, flags) for label, rows, flags in cursor.fetchall()}
    raised = Flag.objects.count()
    cleared = Flag.objects.exclude(cleared_at=None).count()
    assert trail.get("insert", (0, 0)) == (raised, raised)
    assert trail.get("update", (0, 0)) == (cleared, cleared)


def owed(today: date) -> Counter[tuple[object, ...]]:
    """Each window's tightest step reached, once for each person reminded.

    Only company windows, and every company here has one counsel.
    """
    due: Counter[tuple[object, ...]] = Counter()
    windows = DocketEntry.objects.filter(done_on=None, party="company").exclude(aim_on=None)
    for entry in windows.select_related("demand", "agreement__company"):
        reached = [
            step
            for step in entry.agreement.company.reminder_days
            if (today - (entry.closes_on if step < 0 else entry.aim_on)).days >= -step
        ]
        if reached:
            due[entry.demand.public_id, entry.key, entry.closes_on, min(reached)] += 1
    return due


def assert_all_sent_at_least_once(received: Counter[str]) -> None:
    """Every mail is marked as sent and was in fact received; nothing else was."""
    marked = Mail.objects.filter(dropped_at=None)
    assert not marked.filter(sent_at=None).exists()
    assert set(received) == set(marked.values_list("message_id", flat=True))
    twice = Reminder.objects.values("key").annotate(n=Count("pk")).filter(n__gt=1)
    assert not twice.exists()
    assert not Reminder.objects.filter(dropped_at=None, mail=None).exists()
