"""Filing, effectiveness, corrections and decisions through the pages."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.test import Client

from registrations.models import Decision, Demand, Statement, StatementRecord
from tests import world as w
from tests.web.forms import Desk, on_day

D = date(2003, 6, 2)
TOLD = {"Birch": date(2003, 6, 7), "Cedar": date(2003, 6, 9), "Dale": date(2003, 6, 10)}


@pytest.fixture
def desk(bestnet: w.World, client: Client) -> Desk:
    return Desk(bestnet, client)


@pytest.fixture
def matter(bestnet: w.World) -> Demand:
    matter = w.demand(bestnet, received_on=D)
    w.tell(bestnet, matter, TOLD, sent_on=date(2003, 6, 5))
    return matter


def test_filing_is_filled_in_with_what_each_asked_for(desk: Desk, matter: Demand) -> None:
    w.asks(desk.world, matter, "Birch", received_on=date(2003, 6, 20), shares=60_000)
    w.asks(desk.world, matter, "Dale", received_on=date(2003, 6, 20), declines=True)
    alder, birch = desk.world.investors["Alder"].pk, desk.world.investors["Birch"].pk
    url = desk.url("record-filing", 1)
    with on_day(date(2003, 7, 15)):
        opened = desk.open(url)
        covers = {k: v for k, v in opened.items() if k.startswith("covers_")}
        assert covers == {f"covers_{alder}": "1,000,000", f"covers_{birch}": "60,000"}
        short = desk.look(url, {**opened, "on": "2003-07-15", f"covers_{birch}": "50,000"})
        assert "covers 50,000 of the 60,000" in short.content.decode()
        saved = desk.save(url, {"on": "July 15, 2003", "form": "S-3"})
    assert saved.status_code == 302
    record = StatementRecord.objects.get()
    assert record.on == date(2003, 7, 15)
    assert {c.investor_id: c.shares for c in record.covers.all()} == {
        alder: 1_000_000, birch: 60_000
    }  # fmt: skip


@pytest.mark.parametrize("day", ["2003-06-01", "2003-07-16"])
def test_a_filing_before_the_demand_or_still_to_come_is_refused(
    desk: Desk, matter: Demand, day: str
) -> None:
    url = desk.url("record-filing", 1)
    with on_day(date(2003, 7, 15)):
        page = desk.client.post(url, {**desk.open(url), "on": day, "file_number": "333-1",
                                      "do": "save"})  # fmt: skip
    assert page.status_code == 422
    assert "on" in page.context["form"].errors
    assert 'value="333-1"' in page.content.decode()
    assert not Statement.objects.exists()


def test_a_late_filing_is_recorded_and_said_to_be_late_beforehand(
    desk: Desk, matter: Demand
) -> None:
    url = desk.url("record-filing", 1)
    with on_day(date(2003, 7, 21)):
        looked = desk.look(url, {**desk.open(url), "on": "2003-07-20"}).content.decode()
        assert "Save filing and record a missed date" in looked
        assert "3 days late" in looked
        assert desk.save(url, {"on": "2003-07-20"}).status_code == 302


def test_effectiveness_then_sale_then_a_correction(desk: Desk, matter: Demand) -> None:
    w.files(desk.world, matter, date(2003, 7, 15))
    effective, sold = desk.url("record-effectiveness", 1), desk.url("record-all-sold", 1)
    with on_day(date(2003, 12, 1)):
        early = desk.client.post(
            effective, {**desk.open(effective), "on": "2003-07-01", "do": "save"}
        )
        assert early.status_code == 422
        assert desk.save(effective, {"on": "2003-09-02"}).status_code == 302
        assert desk.save(sold, {"on": "2003-11-30"}).status_code == 302
        again = desk.client.post(sold, {**desk.open(sold), "on": "2003-11-30", "do": "save"})
        assert again.status_code == 409
        record = StatementRecord.objects.get(kind="effective")
        correct = desk.url("correct-statement", record.pk)
        silent = desk.client.post(correct, {**desk.open(correct), "on": "2003-09-03", "do": "save"})
        assert silent.status_code == 422
        assert "reason" in silent.context["form"].errors
        stale = {**desk.open(correct), "on": "2003-09-03", "reason": "Order dated the 3rd"}
        data = {"on": "2003-09-04", "reason": "Notice of effectiveness"}
        assert desk.save(correct, data).status_code == 302
        assert desk.client.post(correct, {**stale, "do": "save"}).status_code == 409
    page = desk.client.get(desk.url("statements")).content.decode()
    for words in ("Filed", "Thu, Sep 4, 2003", "Replaced: “Notice of effectiveness”"):
        assert words in page
    standing = StatementRecord.objects.standing().get(kind="effective")
    assert (standing.on, standing.reason) == (date(2003, 9, 4), "Notice of effectiveness")


def test_another_statement_starts_a_rest(desk: Desk, matter: Demand) -> None:
    url = desk.url("record-statement")
    with on_day(date(2003, 6, 20)):
        data = {"name": "Form S-1 for the spring offering", "effective_on": "2003-02-01"}
        looked = desk.look(url, {**desk.open(url), **data}).content.decode()
        assert "Thu, Jul 31, 2003" in looked  # W10
        assert desk.save(url, data).status_code == 302
    assert Statement.objects.get().demand is None


def test_a_decision_shows_the_readings_and_needs_a_reason(desk: Desk, matter: Demand) -> None:
    request = w.asks(desk.world, matter, "Cedar", received_on=date(2003, 6, 26))
    page = desk.client.get(desk.url("decisions")).content.decode()
    assert "One question waits" in page
    url = desk.url("decide", 1, query=f"?about=request:{request.pk}")
    with on_day(date(2003, 6, 27)):
        page = desk.client.get(url).content.decode()
        assert "1 day late, and left out" in page
        assert "in time, and included" in page
        silent = desk.client.post(url, {**desk.open(url), "choice": "received", "do": "save"})
        assert silent.status_code == 422
        assert not Decision.objects.exists()
        saved = desk.save(url, {"choice": "received", "reason": "The later sentence governs."})
    assert saved.status_code == 302
    assert Decision.objects.get().choice == "received"
    page = desk.client.get(desk.url("decisions")).content.decode()
    assert "Nothing to decide." in page
    assert "The later sentence governs." in page


@pytest.mark.parametrize("about", ["nonsense", "request:999999", "request:x"])
def test_what_is_not_there_cannot_be_decided(desk: Desk, matter: Demand, about: str) -> None:
    assert desk.client.get(desk.url("decide", 1, query=f"?about={about}")).status_code == 404


def test_settings_say_why_and_move_only_our_own_dates(desk: Desk, matter: Demand) -> None:
    url = desk.url("settings")
    with on_day(date(2003, 6, 20)):
        silent = desk.client.post(url, {**desk.open(url), "due_soon_days": "10", "do": "save"})
        assert silent.status_code == 422
        wrong = {"reminder_days": "a week", "reason": "x"}
        page = desk.client.post(url, {**desk.open(url), **wrong, "do": "save"})
        assert page.status_code == 422
        assert "reminder_days" in page.context["form"].errors
        saved = desk.save(
            url, {"promptly_business_days": "5", "reminder_days": "10, 3, 0", "reason": "Policy"}
        )
    assert saved.status_code == 302
    company = desk.world.company
    company.refresh_from_db()
    assert (company.promptly_business_days, company.reminder_days) == (5, [10, 3, 0])
    trail: Any = desk.client.get(desk.url("audit")).content.decode()
    assert "Policy" in trail


def test_an_early_filing_is_not_called_a_missed_date(desk: Desk, matter: Demand) -> None:
    url = desk.url("record-filing", 1)
    with on_day(date(2003, 7, 15)):
        looked = desk.look(url, {**desk.open(url), "on": "2003-07-09"}).content.decode()
    assert "Save filing and record an early filing" in looked
    assert "1 day early" in looked
    assert "missed date" not in looked
