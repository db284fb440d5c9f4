"""A person's dates in their own calendar program: at an address only they know, told as
new, moved or gone, and of nobody else's affairs."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from django.test import Client
from icalendar import Calendar

from investors.models import AccountRecord, CalendarFeed, User
from registrations.models import Demand
from registrations.services import waivers
from tests import world as tell
from tests.web.forms import on_day
from tests.web.pages import read, signed_in

JUNE_12 = date(2003, 6, 12)


def address(user: User) -> str:
    """The address of a new calendar, as its page shows it this once."""
    answer = signed_in(user).post("/account/calendar/", {"do": "make"})
    (found,) = re.findall(r"http://localhost(/calendar/\S+?\.ics)", answer.content.decode())
    return str(found)


def events(at: str, **headers: str) -> dict[str, Any]:
    """The dates at an address, by what they say."""
    answer = Client().get(at, headers=headers)
    assert answer.status_code == 200
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    calendar = Calendar.from_ical(answer.content)
    return {str(event["SUMMARY"]): event for event in calendar.walk("VEVENT")}


def test_counsel_read_what_the_company_owes(bestnet: tell.World, matter: Demand) -> None:
    with on_day(JUNE_12):
        found = events(address(bestnet.counsel))

    file = found["File the Registration Statement (DR-1)"]
    assert file["DTSTART"].dt == date(2003, 7, 17)  # the 45th day after June 2
    assert file["DTEND"].dt == date(2003, 7, 18)  # the end is not in it
    assert file["DTSTART"].to_ical() == b"20030717"
    assert file["STATUS"] == "TENTATIVE"  # whether it may open hangs on Dale's receipt
    assert "Last day to file: 45 days after Mon, Jun 2, 2003" in file["DESCRIPTION"]
    assert "Section 1(a)" in file["DESCRIPTION"]
    assert "/a/bestnet/registrations/DR-1/" in file["URL"]
    told = found["Last day for Investors: Ask to join (DR-1)"]
    assert told["DTSTART"].dt == date(2003, 6, 25)
    assert told["STATUS"] == "CONFIRMED"
    assert "Birch" not in str(found)


def test_an_investors_people_read_its_own_last_day_alone(
    bestnet: tell.World, matter: Demand
) -> None:
    with on_day(JUNE_12):
        found = events(address(tell.representative(bestnet, "Birch")))

    (event,) = found.values()
    assert event["SUMMARY"] == "Last day to answer: Demand Registration, notice of Thu, Jun 5, 2003"
    assert event["DTSTART"].dt == date(2003, 6, 25)
    assert "20 days after Thu, Jun 5, 2003" in event["DESCRIPTION"]
    assert "DR-1" not in str(event)
    assert "4,200,000" not in str(event)


def test_an_investor_told_of_nothing_has_an_empty_calendar(bestnet: tell.World) -> None:
    tell.demand(bestnet, received_on=date(2003, 6, 2))
    with on_day(JUNE_12):
        assert events(address(tell.representative(bestnet, "Birch"))) == {}


def test_what_changes_is_told_as_a_change_and_what_is_gone_as_cancelled(
    bestnet: tell.World, matter: Demand
) -> None:
    person = tell.representative(bestnet, "Dale")
    birch = tell.representative(bestnet, "Birch")
    with on_day(JUNE_12):
        dale, other = address(person), address(birch)
        (first,) = events(dale).values()
        (again,) = events(dale).values()
        (before,) = events(other).values()
    assert (first["SEQUENCE"], again["SEQUENCE"]) == (0, 0)
    assert first.to_ical() == again.to_ical()

    with on_day(date(2003, 6, 13)):
        tell.asks(bestnet, matter, "Dale", received_on=date(2003, 6, 13))
        (answered,) = events(dale).values()
        waivers.record_waiver(
            demand=matter, investor=bestnet.investors["Birch"], right="join",
            signed_on=date(2003, 6, 13), when=bestnet.at(date(2003, 6, 13)),
        )  # fmt: skip
        (gone,) = events(other).values()
        (still,) = events(other).values()
    assert "You answered." in answered["DESCRIPTION"]
    assert (answered["UID"], answered["SEQUENCE"]) == (first["UID"], 1)
    assert (gone["UID"], gone["SEQUENCE"], gone["STATUS"]) == (before["UID"], 1, "CANCELLED")
    assert still.to_ical() == gone.to_ical()

    with on_day(date(2003, 10, 1)):
        assert events(other) == {}  # three months are enough to hear of it


def test_a_program_that_has_it_already_is_told_so(bestnet: tell.World, matter: Demand) -> None:
    with on_day(JUNE_12):
        at = address(bestnet.counsel)
        first = Client().get(at)
        same = Client().get(at, headers={"If-None-Match": first["ETag"]})
        tell.signed_for(bestnet, matter, "Dale", date(2003, 6, 10))
        other = Client().get(at, headers={"If-None-Match": first["ETag"]})

    assert (same.status_code, same.content) == (304, b"")
    assert (other.status_code, other["ETag"] != first["ETag"]) == (200, True)


def test_only_a_digest_of_the_address_is_kept_and_it_is_shown_once(bestnet: tell.World) -> None:
    counsel = signed_in(bestnet.counsel)
    assert read(counsel, "/account/calendar/").heading == "Your dates in your own calendar"
    at = address(bestnet.counsel)
    secret = at.removeprefix("/calendar/").removesuffix(".ics")
    page = read(counsel, "/account/calendar/")

    assert page.heading == "Your dates are in your calendar."
    assert secret not in page.html
    assert secret not in str(list(CalendarFeed.objects.values()))
    assert len(secret) == 43  # 256 bits


@pytest.mark.parametrize("how", ["ended", "made anew", "account switched off", "never made"])
def test_an_address_that_opens_nothing_says_what_to_do(bestnet: tell.World, how: str) -> None:
    at = address(bestnet.counsel)
    counsel = signed_in(bestnet.counsel)
    if how == "ended":
        assert counsel.post("/account/calendar/", {"do": "end"}).status_code == 302
    elif how == "made anew":
        assert events(address(bestnet.counsel)) == {}
    elif how == "account switched off":
        User.objects.filter(pk=bestnet.counsel.pk).update(is_active=False)
    else:
        at = "/calendar/never.ics"
    answer = Client().get(at)

    assert answer.status_code == 404
    assert "This calendar address opens nothing" in answer.content.decode()


def test_making_and_ending_it_are_on_the_accounts_record(bestnet: tell.World) -> None:
    address(bestnet.counsel)
    counsel = signed_in(bestnet.counsel)
    counsel.post("/account/calendar/", {"do": "end"})
    counsel.post("/account/calendar/", {"do": "end"})  # there is none any more

    what = AccountRecord.objects.filter(user=bestnet.counsel).order_by("pk")
    assert [w for w in what.values_list("what", flat=True) if w.startswith("calendar")] == [
        "calendar_made", "calendar_ended",
    ]  # fmt: skip


def test_one_whose_access_ended_reads_nothing_more(bestnet: tell.World, matter: Demand) -> None:
    with on_day(JUNE_12):
        at = address(bestnet.counsel)
        assert events(at)
        bestnet.counsel.memberships.update(ended_at=tell.noon(JUNE_12))
        assert {str(e["STATUS"]) for e in events(at).values()} == {"CANCELLED"}
