"""Settings of a workspace, and who is reminded: the dockets and the reminders follow at once."""

from __future__ import annotations

from datetime import date

import pytest
from pghistory.models import Context

from investors.models import Company
from notices.models import Reminder
from registrations import library
from registrations.facts import docket_of
from registrations.models import DocketEntry
from registrations.projection import differs
from registrations.services import agreements, register
from registrations.services.workspace import change_settings
from registrations.sweep import sweep
from tests import world as tell

from .saved import refused

AS_THEY_ARE = {
    "reminder_days": [30, 14, 7, 3, 1, 0, -1],
    "promptly_business_days": 3,
    "receipt_expected_days": 7,
    "due_soon_days": 7,
}


def june(day: int) -> date:
    return date(2003, 6, day)


def change(world: tell.World, on: date, **new: object) -> Company:
    return change_settings(
        agreement=world.agreement,
        **{**AS_THEY_ARE, "reason": "House policy.", **new},
        when=world.at(on),
    )


def test_the_houses_own_standards_redraw_every_docket(bestnet):
    matter = tell.demand(bestnet, received_on=june(2))
    tell.tell(bestnet, matter, {"Birch": june(7), "Cedar": june(9), "Dale": None}, sent_on=june(5))
    assert docket_of(matter).window("company_notice").closes_on == june(5)

    change(bestnet, june(12), promptly_business_days=5, receipt_expected_days=2)

    matter.refresh_from_db()
    assert DocketEntry.objects.get(demand=matter, key="company_notice").closes_on == june(9)
    dale = bestnet.investors["Dale"].pk
    assert DocketEntry.objects.get(demand=matter, key=f"receipt:{dale}").flag_on == june(7)
    assert matter.flags.get(cleared_at=None).key == f"receipt:{dale}"
    assert differs(matter.pk) == []


def test_new_reminder_days_count_at_once(bestnet):
    """45 days before July 17 is June 2; with the days as they were, 30 before is June 17."""
    matter = tell.demand(bestnet, received_on=june(2))
    owed = Reminder.objects.filter(matter=matter.public_id, window="file", dropped_at=None)
    assert not owed.exists()

    change(bestnet, june(3), reminder_days=[7, 45])

    assert [r.step for r in owed] == [45]
    bestnet.company.refresh_from_db()
    assert bestnet.company.reminder_days == [45, 7]


def test_a_contact_added_is_reminded_and_one_ended_no_longer(bestnet):
    matter = tell.demand(bestnet, received_on=june(2))
    tell.tell(bestnet, matter, {"Birch": june(7)}, sent_on=june(5))
    birch = bestnet.investors["Birch"]
    now = tell.noon(june(20))
    sweep(now)
    waiting = Reminder.objects.filter(window=f"join:{birch.pk}", dropped_at=None)
    assert {r.recipient for r in waiting.all()} == {"birch@investors.example"}

    register.add_contact(
        investor=birch, name="Bea", email="bea@investors.example", when=bestnet.at(june(20))
    )
    assert {r.recipient for r in waiting.all()} == {
        "birch@investors.example",
        "bea@investors.example",
    }

    register.end_contact(contact=birch.contacts.get(name="Birch"), when=bestnet.at(june(20)))
    assert {r.recipient for r in waiting.all()} == {"bea@investors.example"}


def test_each_agreement_of_the_company_has_the_change_on_its_trail(bestnet):
    second = agreements.put_on_record(
        company=bestnet.company,
        slug="second",
        title="Second",
        dated_on=june(1),
        time_zone=tell.ZONE,
        terms=library.agreement("bestnet").terms,
        when=bestnet.at(june(2)),
    )
    change(bestnet, june(3), due_soon_days=10)

    contexts = Context.objects.filter(metadata__act="settings.changed")
    assert {c.metadata["agreement"] for c in contexts} == {bestnet.agreement.pk, second.pk}
    assert {(c.metadata["actor"], c.metadata["says"]) for c in contexts} == {
        ("Casey Counsel", "Changed our own standards: reminders, promptly, receipts, due soon")
    }
    events = Company.pgh_event_model.objects.filter(pgh_context__in=contexts)
    assert sorted((e.pgh_label, e.due_soon_days) for e in events) == [
        ("stands", 10),
        ("update", 10),
    ]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("reminder_days", []),
        ("reminder_days", list(range(13))),
        ("reason", " "),
        ("reminder_days", [367]),
        ("reminder_days", [-61]),
        ("promptly_business_days", -1),
        ("promptly_business_days", 367),
        ("receipt_expected_days", -1),
        ("due_soon_days", 10**9),
    ],
)
def test_settings_that_cannot_be(bestnet, field, value):
    with refused(field):
        change(bestnet, june(3), **{field: value})


def test_settings_as_they_are_already(bestnet):
    with refused("reminder_days"):
        change(bestnet, june(3))
