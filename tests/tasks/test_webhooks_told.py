"""Stories about what programs are told: every act, and what its dates do, once each."""

from __future__ import annotations

import json
from datetime import date, timedelta

from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator, FormatChecker

from investors.models import Company
from notices import webhooks as sending
from notices.models import WebhookDelivery, WebhookEvent, WebhookKind
from registrations import sweep
from registrations import webhooks as told
from registrations.as_data import docket_data
from registrations.facts import docket_of
from registrations.models import DocketEntry, Flag
from registrations.services import webhooks as acts
from tests import world as tell
from tests.api.contract import contract
from tests.world import noon

ALL = list(WebhookKind.values)
JUNE_2 = date(2003, 6, 2)
DAY = timedelta(days=1)


def listen(world, *, on=JUNE_2, kinds=ALL, path=""):
    endpoint, _ = acts.make_webhook(
        agreement=world.agreement, url=f"https://93.184.216.34/{path}", kinds=kinds,
        description="", when=world.at(on),
    )  # fmt: skip
    return endpoint


def gather(world, day):
    return told.gather(world.agreement, now=noon(day))


def heard(endpoint, kind=None):
    """What an address is told, in order."""
    deliveries = WebhookDelivery.objects.filter(endpoint=endpoint).select_related("event")
    bodies = [json.loads(d.event.body) for d in deliveries.order_by("pk")]
    return [b for b in bodies if kind in (None, b["type"])]


def test_every_act_on_the_trail_is_told(bestnet):
    endpoint = listen(bestnet)
    gather(bestnet, JUNE_2)
    tell.demand(bestnet, received_on=JUNE_2)

    assert gather(bestnet, JUNE_2) > 0
    made, demand = heard(endpoint, "fact.recorded")

    assert made["data"]["act"] == "webhook.made"
    assert demand["data"]["act"] == "demand.recorded"
    assert demand["data"]["by"] == "Casey Counsel"
    assert demand["data"]["says"].startswith("Recorded")
    assert demand["data"]["agreement"] == "bestnet"
    assert demand["data"]["page"] == "http://localhost/a/bestnet/audit/"


def test_nothing_of_before_is_told(bestnet):
    matter = tell.demand(bestnet, received_on=JUNE_2)
    sweep.sweep_all(noon(date(2004, 1, 2)))
    assert Flag.objects.exists()

    endpoint = listen(bestnet, on=date(2004, 1, 2))
    gather(bestnet, date(2004, 1, 2))

    assert [each["data"].get("act") for each in heard(endpoint)] == ["webhook.made"]
    assert DocketEntry.objects.filter(demand=matter).exists()


def test_control_without_catching_up_it_would_be(bestnet, monkeypatch):
    tell.demand(bestnet, received_on=JUNE_2)
    monkeypatch.setattr(acts, "catch_up", lambda agreement, now: None)
    endpoint = listen(bestnet)

    gather(bestnet, JUNE_2)

    assert len(heard(endpoint)) > 2


def test_a_second_program_is_told_from_when_it_came_and_the_first_misses_nothing(bestnet):
    first = listen(bestnet)
    tell.demand(bestnet, received_on=JUNE_2)
    second = listen(bestnet, path="second")
    gather(bestnet, JUNE_2)

    # In no order: a test's acts all bear the time its one transaction began.
    verbs = [sorted(b["data"]["act"] for b in heard(e, "fact.recorded")) for e in (first, second)]
    assert verbs == [["demand.recorded", "webhook.made", "webhook.made"], ["webhook.made"]]


def test_a_window_s_life_is_told_with_the_reasons_the_api_gives(bestnet):
    endpoint = listen(bestnet)
    matter = tell.demand(bestnet, received_on=JUNE_2)
    gather(bestnet, JUNE_2)
    opened = {b["data"]["window"]["key"]: b["data"] for b in heard(endpoint, "window.opened")}
    file = DocketEntry.objects.get(demand=matter, key="file")
    assert "company_notice" in opened
    matter.refresh_from_db()
    there = docket_data(matter, docket_of(matter), today=JUNE_2)
    for key, data in opened.items():
        assert data["window"] == next(w for w in there["windows"] if w["key"] == key)
        assert data["window"]["because"] or data["window"]["awaiting"]
        assert data["api"].endswith(f"/api/v1/demands/{matter.public_id}/docket/")
        assert data["page"] == "http://localhost/a/bestnet/registrations/DR-1/"

    day = file.aim_on - 7 * DAY
    gather(bestnet, day)
    soon = [b["data"] for b in heard(endpoint, "window.due_soon")]
    (soon,) = [s for s in soon if (s["window"]["key"], s["days_before"]) == ("file", 7)]
    assert soon["window"]["practical_on"] == file.practical_closes_on.isoformat()

    late = file.closes_on + DAY
    sweep.sweep(noon(late))
    gather(bestnet, late)
    missed = [b["data"] for b in heard(endpoint, "window.missed")]
    (flag,) = [m["flag"] for m in missed if m["flag"]["key"] == "file"]
    assert flag["because"] == next(w for w in there["windows"] if w["key"] == "file")["because"]
    assert flag["kind"] == "missed"

    tell.files(bestnet, matter, file.closes_on, {"Alder": 100})
    gather(bestnet, late)
    (cleared,) = [b["data"]["flag"] for b in heard(endpoint, "flag.cleared")
                  if b["data"]["flag"]["key"] == "file"]  # fmt: skip
    assert cleared["cleared_at"] is not None


def test_a_flag_that_came_and_went_between_two_looks_is_told_both_ways(bestnet):
    endpoint = listen(bestnet)
    matter = tell.demand(bestnet, received_on=JUNE_2)
    file = DocketEntry.objects.get(demand=matter, key="file")
    late = file.closes_on + DAY
    sweep.sweep(noon(late))
    tell.files(bestnet, matter, file.closes_on, {"Alder": 100})

    gather(bestnet, late)
    gather(bestnet, late)

    flags = [(b["type"], b["data"]["flag"]["key"]) for b in heard(endpoint) if "flag" in b["data"]]
    assert flags.count(("window.missed", "file")) == 1
    assert flags.count(("flag.cleared", "file")) == 1


def test_reminder_days_say_what_soon_is(bestnet):
    Company.objects.update(reminder_days=[5, -1])
    endpoint = listen(bestnet)
    matter = tell.demand(bestnet, received_on=JUNE_2)
    aim_on = DocketEntry.objects.get(demand=matter, key="file").aim_on
    bestnet.agreement.company.refresh_from_db()

    steps = []
    for before in (6, 5, 4, 0, -1):
        gather(bestnet, aim_on - before * DAY)
        steps.append(
            sum(b["data"]["window"]["key"] == "file" for b in heard(endpoint, "window.due_soon"))
        )

    assert steps == [0, 1, 1, 1, 1]


def test_a_week_of_outage_tells_the_tightest_reminder_alone(bestnet):
    endpoint = listen(bestnet)
    matter = tell.demand(bestnet, received_on=JUNE_2)
    aim_on = DocketEntry.objects.get(demand=matter, key="file").aim_on

    gather(bestnet, aim_on - 2 * DAY)

    assert [b["data"]["days_before"] for b in heard(endpoint, "window.due_soon")
            if b["data"]["window"]["key"] == "file"] == [3]  # fmt: skip


def test_only_what_an_address_asked_for_is_told(bestnet):
    endpoint = listen(bestnet, kinds=["window.opened"])
    tell.demand(bestnet, received_on=JUNE_2)
    gather(bestnet, JUNE_2)

    assert {b["type"] for b in heard(endpoint)} == {"window.opened"}


def test_another_agreement_s_program_hears_nothing_of_this_one(bestnet):
    other = tell.build({"Yew": 600}, slug="elsewhere")
    endpoint = listen(other)
    listen(bestnet)
    tell.demand(bestnet, received_on=JUNE_2)

    told.gather_all(noon(JUNE_2))

    assert {b["data"]["agreement"] for b in heard(endpoint)} == {"elsewhere"}


def test_one_agreement_that_fails_holds_up_none_of_the_others(bestnet, monkeypatch):
    other = tell.build({"Yew": 600}, slug="elsewhere")
    endpoint = listen(bestnet)
    listen(other)
    tell.demand(bestnet, received_on=JUNE_2)
    gathered = told.gather

    def fails(agreement, *, now):
        if agreement.slug == "elsewhere":
            raise ValueError("a rule raised")
        return gathered(agreement, now=now)

    monkeypatch.setattr(told, "gather", fails)

    assert told.gather_all(noon(JUNE_2)) > 0
    assert heard(endpoint, "fact.recorded")


def test_of_two_who_found_the_same_at_once_one_tells_it(bestnet):
    """Both looked before either wrote: the unique key keeps one, and one delivery."""
    endpoint = listen(bestnet)
    tell.demand(bestnet, received_on=JUNE_2)
    now = noon(JUNE_2)
    first = list(told.Untold(bestnet.agreement, now).happenings())
    second = list(told.Untold(bestnet.agreement, now).happenings())

    counts = [sending.tell(bestnet.agreement.pk, each, now=now) for each in (first, second)]

    assert counts == [len(first), 0]
    assert len(heard(endpoint)) == len(first)


def test_a_log_is_replayed_from_a_day_on_with_what_another_missed(bestnet):
    first = listen(bestnet, kinds=["fact.recorded"])
    tell.demand(bestnet, received_on=JUNE_2)
    gather(bestnet, JUNE_2)
    second = listen(bestnet, kinds=["fact.recorded"], path="second")
    gather(bestnet, JUNE_2)
    for delivery in WebhookDelivery.objects.all():
        sending.mark(delivery, sending.Tried(200, "", "", 1), noon(JUNE_2))
    before = {d.event.message_id for d in WebhookDelivery.objects.filter(endpoint=first)}

    count = acts.send_again_since(endpoint=second, since=JUNE_2, when=bestnet.at(JUNE_2))

    waiting = WebhookDelivery.objects.filter(sending.UNDER_WAY)
    assert count == waiting.count() == len(before)
    assert {d.event.message_id for d in waiting} == before
    assert {d.endpoint_id for d in waiting} == {second.pk}


def test_every_message_is_what_the_description_says(bestnet):
    """Of each type, with no field more or less than the OpenAPI description has."""
    endpoint = listen(bestnet)
    acts.send_test(endpoint=endpoint, when=bestnet.at(JUNE_2))
    matter = tell.demand(bestnet, received_on=JUNE_2)
    tell.tell(bestnet, matter, {"Birch": date(2003, 7, 20)}, sent_on=date(2003, 7, 19))
    for days in (0, 30, 60, 200):
        sweep.sweep(noon(JUNE_2 + days * DAY))
        gather(bestnet, JUNE_2 + days * DAY)
    tell.files(bestnet, matter, date(2003, 8, 1), {"Alder": 100})
    gather(bestnet, JUNE_2 + 200 * DAY)
    described = contract().strict

    found = heard(endpoint)

    assert {b["type"] for b in found} == {*ALL, "webhook.test"} == {*described["webhooks"]}
    for body in found:
        content = described["webhooks"][body["type"]]["post"]["requestBody"]["content"]
        Draft202012Validator(
            {**content["application/json"]["schema"], "components": described["components"]},
            format_checker=FormatChecker(),
        ).validate(body)


def test_an_idle_look_asks_the_same_however_much_was_told(bestnet):
    listen(bestnet)
    gather(bestnet, JUNE_2)

    def asked() -> int:
        with CaptureQueriesContext(connection) as seen:
            assert gather(bestnet, JUNE_2) == 0
        return len(seen)

    before = asked()
    tell.demand(bestnet, received_on=JUNE_2)
    gather(bestnet, JUNE_2)
    assert WebhookEvent.objects.count() > 5

    assert asked() == before <= 18


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(days=st.lists(st.integers(0, 120), min_size=2, max_size=5))
def test_however_often_and_when_it_is_gathered_each_thing_is_told_once(bestnet, days):
    """In any order, twice, with the clock gone back: the second look finds nothing new."""
    if not WebhookEvent.objects.exists():
        listen(bestnet)
        tell.demand(bestnet, received_on=JUNE_2)
    for each in days:
        day = JUNE_2 + each * DAY
        sweep.sweep(noon(day))
        gather(bestnet, day)
        assert gather(bestnet, day) == 0
    keys = list(WebhookEvent.objects.values_list("key", flat=True))
    assert len(keys) == len(set(keys))
