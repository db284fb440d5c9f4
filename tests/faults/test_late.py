"""R8, R24: a sweep that was off for days, and facts that turn out to have been wrong."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core import mail

from notices import outbox
from notices.models import Reminder
from registrations import projection, sweep
from registrations.facts import docket_of
from registrations.models import Flag
from tests import world as worlds
from tests.tasks.matters import make_company, make_matter, noon, put_open

DAY = timedelta(days=1)
START = date(2003, 9, 22)
END = START + 10 * DAY


def ten_windows() -> None:
    demand = make_matter(make_company("BestNet"))
    for n in range(10):
        put_open(demand, START + n * DAY, f"window-{n}")


def flags() -> list[tuple[object, ...]]:
    rows = Flag.objects.filter(cleared_at=None).order_by("key")
    return list(rows.values_list("key", "kind", "since_on", "text"))


def run(day: date) -> None:
    sweep.sweep(noon(day))
    outbox.relay(lambda: noon(day))


def test_ten_days_off_end_like_ten_days_on_with_one_digest():
    ten_windows()
    for day in range(11):
        run(START + day * DAY)
    on_time = flags()
    assert len(mail.outbox) == 11
    mail.outbox.clear()

    other = make_matter(make_company("Other"))
    for n in range(10):
        put_open(other, START + n * DAY, f"window-{n}")
    run(END)

    late = [flag for flag in flags() if flag in on_time]
    assert [f[:3] for f in late] == [f[:3] for f in flags()]
    assert Flag.objects.filter(demand=other).count() == 10
    (digest,) = mail.outbox
    assert digest.to == ["karen@other.example"]
    assert digest.subject.endswith("and 9 more dates")


def test_control_flags_dated_by_the_sweep_differ_when_it_is_late(monkeypatch):
    """With the sweep's own day in place of the fact's, on time and late are not the same."""
    by_the_sweep = sweep._SETTLE.replace(
        "e.flag_kind, e.flag_on, e.text", "e.flag_kind, %(today)s, e.text"
    )
    assert by_the_sweep != sweep._SETTLE
    monkeypatch.setattr(sweep, "_SETTLE", by_the_sweep)
    ten_windows()

    sweep.sweep(noon(END))

    assert {flag[2] for flag in flags()} == {END}


def test_control_reminders_on_the_very_day_alone_are_lost_when_it_is_late(monkeypatch):
    """With an edge in place of a level, a sweep that comes a day late reminds of nothing."""
    on_the_day = sweep._SETTLE.replace("due_on <= %(today)s)", "due_on = %(today)s)")
    assert on_the_day != sweep._SETTLE
    monkeypatch.setattr(sweep, "_SETTLE", on_the_day)
    demand = make_matter(make_company("BestNet"))
    put_open(demand, START)

    sweep.sweep(noon(START - 6 * DAY))

    assert not Reminder.objects.exists()


# --- Corrected facts ---------------------------------------------------------------------------

RECEIVED = date(2003, 5, 1)  # the Demand Notice; to be filed by June 15
LATER = date(2003, 7, 15)  # by then a good deal is missed
SHIFTS = [-20, -10, -3, -2, -1, 1, 2, 3, 10, 20]


def a_missed_filing() -> tuple[worlds.World, object]:
    world = worlds.build()
    demand = worlds.demand(world, received_on=RECEIVED)
    told = {name: RECEIVED + 14 * DAY for name in world.investors if name != "Alder"}
    worlds.tell(world, demand, told, sent_on=RECEIVED + 12 * DAY)
    sweep.sweep(worlds.noon(LATER))
    return world, demand


def standing(demand) -> set[tuple[object, ...]]:
    rows = Flag.objects.filter(demand=demand, cleared_at=None)
    return set(rows.values_list("key", "kind", "since_on"))


def called_for(demand, today: date) -> set[tuple[object, ...]]:
    """The flags the facts call for, worked out afresh."""
    rows = projection.entries(demand, docket_of(demand)).values()
    return {(r.key, r.flag_kind, r.flag_on) for r in rows if r.flag_on and r.flag_on <= today}


@pytest.mark.parametrize("shift", SHIFTS)
def test_flags_follow_a_corrected_receipt_and_the_old_ones_keep_their_words(shift):
    world, demand = a_missed_filing()
    before = {f.pk: (f.text, f.detail, f.since_on) for f in Flag.objects.all()}
    assert standing(demand) == called_for(demand, LATER) != set()

    for name in ("Birch", "Cedar", "Dale"):
        received_on = RECEIVED + (14 + shift) * DAY
        if received_on < RECEIVED + 12 * DAY:  # it cannot have come before it was sent
            received_on = RECEIVED + 12 * DAY
        if received_on == RECEIVED + 14 * DAY:
            continue
        worlds.signed_for(
            world, demand, name, received_on, reason="The card was misread.", on=LATER
        )

    assert standing(demand) == called_for(demand, LATER)
    after = {f.pk: (f.text, f.detail, f.since_on) for f in Flag.objects.filter(pk__in=before)}
    assert after == before


def test_the_sixteenth_day_raises_a_conflict_and_its_correction_clears_it():
    world, demand = a_missed_filing()
    worlds.signed_for(world, demand, "Birch", RECEIVED + 16 * DAY, reason="Misread.", on=LATER)
    raised = {kind for _, kind, _ in standing(demand)}
    assert "impossible" in raised

    worlds.signed_for(world, demand, "Birch", RECEIVED + 14 * DAY, reason="Misread.", on=LATER)

    assert "impossible" not in {kind for _, kind, _ in standing(demand)}
    old = Flag.objects.get(kind="impossible")
    assert old.cleared_on == LATER
    assert old.detail["because"]


def test_control_a_sweep_that_never_clears_leaves_flags_the_facts_do_not_call_for(monkeypatch):
    world, demand = a_missed_filing()
    worlds.signed_for(world, demand, "Birch", RECEIVED + 16 * DAY, reason="Misread.", on=LATER)
    monkeypatch.setattr(sweep, "_SETTLE", sweep._SETTLE.replace("AND s.unwanted", "AND false"))
    monkeypatch.setattr(sweep, "_CLEAR_ORPHANS", sweep._CLEAR_ORPHANS + " AND false")

    worlds.signed_for(world, demand, "Birch", RECEIVED + 14 * DAY, reason="Misread.", on=LATER)

    assert standing(demand) > called_for(demand, LATER)
