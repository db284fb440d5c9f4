"""Stories about the sweep: what it raises, clears, queues and drops, and when."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from investors.models import Contact, Membership, User
from notices.models import Mail, Reminder
from registrations import sweep
from registrations.models import DocketEntry, Flag

from .matters import make_company, make_matter, noon, put, put_open

CLOSES = date(2003, 10, 2)
DAY = timedelta(days=1)

pytestmark = pytest.mark.django_db


def run(day, **zone):
    return sweep.sweep(noon(day, **zone))


def reminders(**where):
    rows = Reminder.objects.filter(dropped_at=None, **where).order_by("pk")
    return list(rows.values_list("step", flat=True))


def test_a_missed_day_is_flagged_once_and_dated_by_the_fact(matter):
    put_open(matter, CLOSES)

    for day in (CLOSES, CLOSES + DAY, CLOSES + DAY, CLOSES + 9 * DAY):
        run(day)

    flag = Flag.objects.get()
    assert (flag.kind, flag.since_on, flag.cleared_at) == ("missed", CLOSES + DAY, None)
    assert flag.raised_at == noon(CLOSES + DAY)
    assert flag.detail["because"][0]["clause"] == "1(a)"


def test_a_second_sweep_changes_nothing(matter):
    put_open(matter, CLOSES)
    run(CLOSES + DAY)
    flags, queued = list(Flag.objects.values()), list(Reminder.objects.values())

    again = run(CLOSES + DAY)

    assert again == sweep.Swept()
    assert list(Flag.objects.values()) == flags
    assert list(Reminder.objects.values()) == queued


def test_a_filing_clears_the_flag_and_leaves_it_on_record(matter):
    put_open(matter, CLOSES)
    run(CLOSES + DAY)
    put(matter, closes_on=CLOSES, done_on=CLOSES)

    run(CLOSES + 3 * DAY)

    flag = Flag.objects.get()
    assert (flag.since_on, flag.cleared_on) == (CLOSES + DAY, CLOSES + 3 * DAY)
    assert flag.text == "File the Registration Statement"


def test_a_flag_whose_day_moved_is_raised_anew_and_the_old_keeps_its_text(matter):
    put_open(matter, CLOSES, text="as first reckoned")
    run(CLOSES + 5 * DAY)
    put_open(matter, CLOSES + 2 * DAY, text="as corrected")

    run(CLOSES + 5 * DAY)

    old, new = Flag.objects.order_by("pk")
    assert (old.text, old.since_on, old.cleared_on) == (
        "as first reckoned", CLOSES + DAY, CLOSES + 5 * DAY,
    )  # fmt: skip
    assert (new.text, new.since_on, new.cleared_on) == ("as corrected", CLOSES + 3 * DAY, None)


def test_an_entry_that_is_gone_takes_its_flag_and_reminders_with_it(matter):
    put_open(matter, CLOSES)
    run(CLOSES + DAY)
    DocketEntry.objects.all().delete()

    swept = sweep.reconcile(matter.pk, noon(CLOSES + 2 * DAY))

    assert (swept.cleared, swept.dropped) == (1, 1)
    assert Flag.objects.get().cleared_on == CLOSES + 2 * DAY


def test_only_the_tightest_step_reached_is_sent(matter):
    put_open(matter, CLOSES)

    run(CLOSES - 5 * DAY)

    assert reminders() == [7]


def test_a_week_of_outage_loses_no_reminder_and_repeats_none(matter):
    put_open(matter, CLOSES)
    steps = []
    for day in (CLOSES - 14 * DAY, CLOSES - 14 * DAY, CLOSES - 3 * DAY, CLOSES):
        run(day)
        Mail.objects.filter(sent_at=None).delete()
        for reminder in Reminder.objects.filter(mail=None, dropped_at=None):
            reminder.mail = Mail.objects.create(
                message_id=f"<{reminder.pk}@x>", recipient=reminder.recipient, sent_at=noon(day)
            )
            reminder.save()
            steps.append(reminder.step)

    assert steps == [14, 3, 0]


def test_a_looser_step_not_yet_sent_gives_way_to_a_tighter_one(matter):
    put_open(matter, CLOSES)
    run(CLOSES - 14 * DAY)

    run(CLOSES - 7 * DAY)

    assert reminders() == [7]
    assert Reminder.objects.get(step=14).dropped_at == noon(CLOSES - 7 * DAY)


def test_reminders_aim_at_the_practical_day_and_are_overdue_after_the_last(matter):
    saturday = date(2003, 10, 4)
    put_open(matter, saturday, aim_on=saturday - DAY)

    run(saturday - 2 * DAY)
    assert reminders() == [1]
    run(saturday - DAY)
    assert reminders() == [0]
    run(saturday)
    assert reminders() == [0]
    run(saturday + DAY)
    assert reminders() == [-1]


def test_reminders_stop_when_the_act_is_done(matter):
    put_open(matter, CLOSES)
    run(CLOSES - 7 * DAY)
    put(matter, closes_on=CLOSES, done_on=CLOSES - 6 * DAY)

    for day in range(-6, 3):
        run(CLOSES + day * DAY)

    assert reminders() == []
    assert Reminder.objects.count() == 1


def test_a_moved_day_drops_what_waits_and_reminds_of_the_new_one(matter):
    put_open(matter, CLOSES)
    run(CLOSES - 7 * DAY)
    put_open(matter, CLOSES + 2 * DAY)

    run(CLOSES - 5 * DAY)

    assert reminders(closes_on=CLOSES) == []
    assert reminders(closes_on=CLOSES + 2 * DAY) == [7]


def test_a_fact_withdrawn_brings_back_the_reminder_it_had_dropped(matter):
    put_open(matter, CLOSES)
    run(CLOSES - 7 * DAY)
    put(matter, closes_on=CLOSES, done_on=CLOSES - 7 * DAY)
    run(CLOSES - 7 * DAY)
    put_open(matter, CLOSES)

    run(CLOSES - 7 * DAY)

    assert reminders() == [7]
    assert Reminder.objects.count() == 1


def test_a_reminder_already_sent_is_not_sent_again_when_a_day_moves_there_and_back(matter):
    put_open(matter, CLOSES)
    run(CLOSES - 7 * DAY)
    mail = Mail.objects.create(message_id="<1@x>", recipient="x@x", sent_at=noon(CLOSES))
    Reminder.objects.update(mail=mail)
    for closes_on in (CLOSES + 30 * DAY, CLOSES):
        put_open(matter, closes_on)
        run(CLOSES - 7 * DAY)

    assert Reminder.objects.get(step=7).mail == mail


def test_counsel_are_reminded_of_the_companys_days_and_contacts_of_their_investors(matter):
    put_open(matter, CLOSES)
    put_open(matter, CLOSES, "join:1", party="investor")

    run(CLOSES)

    to = set(Reminder.objects.values_list("window", "recipient"))
    assert to == {("file", "karen@bestnet.example"), ("join:1", "ada@bestnet.example")}


def test_nobody_to_remind_is_no_reason_not_to_flag(matter):
    User.objects.update(is_active=False)
    put_open(matter, CLOSES)

    run(CLOSES + DAY)

    assert Flag.objects.count() == 1
    assert Reminder.objects.count() == 0


def test_somebody_new_is_reminded_within_the_hour_and_sooner_when_told(matter):
    put_open(matter, CLOSES)
    put_open(matter, CLOSES, "join:1", party="investor")
    run(CLOSES - 5 * DAY)
    new = User.objects.create(email="nina@bestnet.example", name="Nina")
    Membership.objects.create(company=matter.agreement.company, user=new, role="owner")
    run(CLOSES - 5 * DAY)
    assert not Reminder.objects.filter(recipient=new.email).exists()

    sweep.sweep_all(noon(CLOSES - 5 * DAY))
    assert reminders(recipient=new.email) == [7]

    investor = matter.agreement.investors.get()
    Contact.objects.create(investor=investor, name="Bo", email="bo@x.example")
    sweep.attend_again([matter.agreement_id])
    run(CLOSES - 5 * DAY)
    assert reminders(recipient="bo@x.example") == [7]


def test_each_agreement_has_its_own_day():
    east = make_matter(make_company("East"), zone="Pacific/Kiritimati")
    west = make_matter(make_company("West"), zone="Pacific/Pago_Pago")
    for demand in (east, west):
        put_open(demand, CLOSES)

    sweep.sweep(noon(CLOSES + DAY, "Pacific/Kiritimati"))

    assert Flag.objects.get().demand == east
    sweep.sweep(noon(CLOSES + DAY, "Pacific/Pago_Pago"))
    assert Flag.objects.filter(cleared_at=None).count() == 2


def test_an_idle_entry_is_next_attended_when_something_falls_due(matter):
    entry = put_open(matter, CLOSES)
    seen = []
    for day in (CLOSES - 40 * DAY, CLOSES - 30 * DAY, CLOSES, CLOSES + DAY):
        run(day)
        entry.refresh_from_db()
        seen.append(entry.attend_on)

    assert seen == [CLOSES - 30 * DAY, CLOSES - 14 * DAY, CLOSES + DAY, None]


def test_a_clock_that_ran_ahead_is_put_right(matter):
    put_open(matter, CLOSES)
    run(CLOSES + 3650 * DAY)
    assert Flag.objects.filter(cleared_at=None).count() == 1

    sweep.sweep_all(noon(CLOSES - 7 * DAY))

    assert Flag.objects.filter(cleared_at=None).count() == 0
    assert reminders() == [7]


def test_flags_name_who_raised_them_in_the_trail(matter):
    put_open(matter, CLOSES)
    run(CLOSES + DAY)
    put(matter, closes_on=CLOSES, done_on=CLOSES)
    run(CLOSES + DAY)

    events = list(Flag.objects.get().events.order_by("pgh_id"))
    assert [e.pgh_label for e in events] == ["insert", "update"]
    assert {e.pgh_context.metadata["actor"] for e in events} == {"Rightsbook"}
    assert events[0].text == events[1].text


def test_batches_do_it_all(matter, monkeypatch):
    monkeypatch.setattr(sweep, "BATCH", 3)
    for n in range(10):
        put_open(matter, CLOSES, f"window-{n}")

    assert run(CLOSES + DAY).raised == 10
    assert DocketEntry.objects.filter(attend_on__isnull=False).count() == 0
