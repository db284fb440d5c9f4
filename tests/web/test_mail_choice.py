"""When reminders go to a person: at once, each morning, or not at all."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core import mail as sent
from django.test import Client

from investors.models import MailChoice
from notices import outbox
from notices.models import Reminder
from registrations import sweep
from registrations.models import Demand
from registrations.services.people import choose_mail
from tests import world as tell
from tests.web.pages import read, signed_in

DETROIT = ZoneInfo("America/Detroit")


@pytest.fixture
def matter(bestnet: tell.World) -> Demand:
    """Birch's last day to join is June 25, 2003."""
    found = tell.demand(bestnet, received_on=date(2003, 6, 2))
    tell.tell(bestnet, found, {"Birch": date(2003, 6, 7)}, sent_on=date(2003, 6, 5))
    return found


def on(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=DETROIT)


def mailed(now: datetime) -> dict[str, str]:
    """Who got a mail of Birch's window in a round at an instant, and its subject."""
    sent.outbox.clear()
    sweep.sweep(now)
    outbox.relay(lambda: now)
    return {
        m.to[0]: m.subject
        for m in sent.outbox
        if "bestnet.example" not in m.to[0] and "access" not in m.subject
    }


def choose(client: Client, when: str) -> None:
    assert client.post("/account/mail/", {"remind": when}).status_code == 302


def test_who_acts_for_an_investor_is_reminded_and_told_no_number_of_the_matter(
    bestnet: tell.World, matter: Demand
) -> None:
    tell.representative(bestnet, "Birch")

    found = mailed(on(date(2003, 6, 18), 0, 5))

    subject = "Ask to join by Wed, Jun 25, 2003: Demand Registration"
    assert found == {"birch@investors.example": subject, "birch@portal.example": subject}
    assert all("DR-1" not in m.body for m in sent.outbox if m.to[0] in found)


def test_one_who_wants_none_gets_none_and_what_waited_is_dropped(
    bestnet: tell.World, matter: Demand
) -> None:
    client = signed_in(tell.representative(bestnet, "Birch"))
    sweep.sweep(on(date(2003, 6, 18), 0, 5))
    choose(client, "none")

    assert set(mailed(on(date(2003, 6, 18), 0, 10))) == {"birch@investors.example"}
    mine = Reminder.objects.filter(recipient="birch@portal.example")
    assert [r.dropped_at is not None for r in mine] == [True]
    assert read(client, "/account/").text.count("No reminders") == 1

    choose(client, "at_once")
    assert set(mailed(on(date(2003, 6, 18), 0, 15))) == {"birch@portal.example"}


def test_a_digest_waits_for_the_morning_but_not_with_what_is_due(
    bestnet: tell.World, matter: Demand
) -> None:
    client = signed_in(tell.representative(bestnet, "Birch"))
    choose(client, "digest")
    june_18 = date(2003, 6, 18)

    assert set(mailed(on(june_18, 0, 5))) == {"birch@investors.example"}
    assert mailed(on(june_18, 8, 59)) == {}
    assert set(mailed(on(june_18, 9))) == {"birch@portal.example"}
    assert mailed(on(june_18, 9, 5)) == {}

    # The day before the last: there is no morning to wait for.
    assert len(mailed(on(date(2003, 6, 24), 0, 5))) == 2


def test_a_relay_that_was_down_at_nine_catches_up(bestnet: tell.World, matter: Demand) -> None:
    client = signed_in(tell.representative(bestnet, "Birch"))
    choose(client, "digest")
    sweep.sweep(on(date(2003, 6, 18), 0, 5))

    assert "birch@portal.example" in mailed(on(date(2003, 6, 18), 15))


def test_counsel_may_have_a_digest_and_not_nothing(bestnet: tell.World, matter: Demand) -> None:
    client = signed_in(bestnet.counsel)
    page = read(client, "/account/mail/")
    assert "None: I look here" not in page.text
    refused = client.post("/account/mail/", {"remind": "none"})
    assert refused.status_code == 422
    assert not MailChoice.objects.exists()

    # Somebody who chose nothing at all and acts for the Company since is reminded.
    choose_mail(bestnet.counsel, remind=False, digest=False, now=on(date(2003, 6, 2), 12))
    now = on(date(2003, 7, 3), 0, 5)
    sweep.sweep(now)
    assert Reminder.objects.filter(recipient=bestnet.counsel.email).exists()


def test_a_digest_across_the_change_of_clocks_goes_at_nine(bestnet: tell.World) -> None:
    """October 26, 2003 has 25 hours in Detroit; nine in the morning is nine all the same."""
    found = tell.demand(bestnet, received_on=date(2003, 10, 6))
    tell.tell(bestnet, found, {"Birch": date(2003, 10, 14)}, sent_on=date(2003, 10, 13))
    client = signed_in(tell.representative(bestnet, "Birch"))
    choose(client, "digest")
    day = date(2003, 10, 26)  # a week before November 2, the last day
    assert day + timedelta(days=7) == date(2003, 11, 2)

    assert "birch@portal.example" not in mailed(on(day, 8, 59))
    assert "birch@portal.example" in mailed(on(day, 9))
