"""Whatever is recorded, in whatever order: the stored docket is the facts', flags follow from
facts and day, the ledger adds up and never falls below zero, nothing vanishes, and a past day
knows nothing of what came after it."""

from __future__ import annotations

import os
import random
import re
from collections import Counter, defaultdict
from datetime import date

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from investors.models import LedgerEntry
from registrations.facts import docket_of, holdings
from registrations.models import Demand, Flag
from registrations.projection import differs, rebuild, verify
from registrations.rules.docket import Docket
from registrations.rules.states import flag_from
from registrations.services import ledger, matters, register, requests, transfers
from registrations.services.requests import AskIn
from tests import world as tell

from .saved import rows
from .stories import COMPANY, COURSE, DAY, HOLDINGS, LEDGER, PAPERS, REGISTER, START, Story, acts
from .test_database import FACTS, ours

# A few in every run; EXAMPLES=200 for a long one.
MANY = int(os.environ.get("EXAMPLES", "0"))
told = settings(
    max_examples=MANY or 5,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
PAPERY = (*PAPERS, *PAPERS, *COURSE, *COMPANY)


@pytest.fixture
def world(db: None) -> tell.World:
    return tell.build(HOLDINGS)


def begun(world: tell.World, *, in_real_time: bool = False) -> Story:
    """A story that has begun: a demand in hand and a Company Notice on its way."""
    story = Story(world, in_real_time=in_real_time)
    assert story.do(("demand", (1, 0, 0, 0)))
    assert story.do(("company_notice", (0, 0, 0, 8)))
    return story


# --- after every act --------------------------------------------------------------------------


def wanted_flags(docket: Docket, today: date) -> set[tuple[str, str, date]]:
    since = {(w.key, "missed", day) for w in docket.windows if (day := flag_from(w)) is not None}
    since |= {(c.key, c.kind, c.since) for c in docket.concerns}
    return {flag for flag in since if flag[2] <= today}


def check_dockets(today: date) -> None:
    for demand in Demand.objects.all():
        assert differs(demand.pk) == []
        standing = Flag.objects.filter(demand=demand, cleared_at=None)
        assert sorted(standing.values_list("key", "kind", "since_on")) == sorted(
            wanted_flags(docket_of(demand), today)
        )


def check_ledger(world: tell.World, today: date) -> None:
    """Every balance on every day, summed by hand, lot by lot of Warrants."""
    entries = list(LedgerEntry.objects.filter(agreement=world.agreement))
    balances: dict[tuple[object, ...], Counter[date]] = defaultdict(Counter)
    for e in entries:
        balances[e.investor_id, e.security, e.expires_on][e.on] += e.change
    for lot, changes in balances.items():
        balance = 0
        for day in sorted(changes):
            balance += changes[day]
            assert balance >= 0, (lot, day)
    for on in {today, today - 5 * DAY, START}:
        held = holdings(world.agreement, on)
        for investor in world.investors.values():
            of = [e for e in entries if e.investor_id == investor.pk and e.on <= on]
            live = [e for e in of if e.expires_on is None or e.expires_on >= on]
            sums = Counter(dict.fromkeys(("unit", "common", "preferred", "warrant"), 0))
            for e in live:
                sums[e.security] += e.change
            found = held.get(investor.pk)
            if found is None:
                # Nothing, or no party yet: then what it has carries no rights (H4).
                assert investor.party_from > on or not any(sums.values())
                continue
            assert (found.units, found.common, found.preferred, found.warrants) == (
                sums["unit"], sums["common"], sums["preferred"], sums["warrant"],
            )  # fmt: skip
            assert found.registrable == sums["common"] + 2 * sums["preferred"] + sums["warrant"]


def check_nothing_vanished(before: dict[str, int], after: dict[str, int]) -> None:
    kept = [ours()[name]._meta.db_table for name in FACTS]
    kept += [t for t in after if t.startswith("pghistory") or t.endswith("event")]
    assert all(after[table] >= before[table] for table in kept)


@told
@given(
    tale=st.lists(
        st.one_of(acts(*PAPERY), acts(*LEDGER), acts(*REGISTER), acts("days_pass")),
        min_size=8,
        max_size=22,
    )
)
def test_stored_is_rebuilt_and_flags_follow_from_facts(world, tale):
    with transaction.atomic():
        world.investors = {n: i for n, i in world.investors.items() if n in HOLDINGS}
        story = begun(world)
        for act in tale:
            before = rows()
            happened = story.do(act)
            after = rows()
            if not happened:
                assert after == before
            check_nothing_vanished(before, after)
            check_dockets(story.today)
        check_ledger(world, story.today)
        for demand in Demand.objects.all():
            stored = list(demand.docket.order_by("key").values())
            demand.docket.all().delete()
            assert rebuild(demand.pk, now=tell.noon(story.today))
            anew = list(demand.docket.order_by("key").values())
            for row in stored + anew:
                del row["id"], row["attend_on"]
            assert anew == stored
        transaction.set_rollback(True)


@told
@given(tale=st.lists(acts(*LEDGER, "days_pass"), min_size=5, max_size=30))
def test_the_ledger_adds_up_and_never_falls_below_zero(world, tale):
    with transaction.atomic():
        story = Story(world)
        for act in tale:
            story.do(act)
        check_ledger(world, story.today)
        transaction.set_rollback(True)


# --- a past day never looks ahead -------------------------------------------------------------


@told
@given(
    tale=st.lists(
        st.one_of(
            acts(*PAPERS, "file", "effective", "all_sold", "decide", "other_statement"),
            acts(*COMPANY),
            acts(*LEDGER),
            acts("address", "consent", "withdraw", "newcomer"),
            acts("days_pass"),
        ),
        min_size=8,
        max_size=30,
    )
)
def test_the_docket_of_a_past_day_is_what_it_was_that_day(world, tale):
    """Everything entered on the day it happens: what a day's docket was that evening is
    what it is looked back at from any later day."""
    with transaction.atomic():
        world.investors = {n: i for n, i in world.investors.items() if n in HOLDINGS}
        story = begun(world, in_real_time=True)
        evenings: dict[tuple[int, date], Docket] = {}

        def evening() -> None:
            for demand in Demand.objects.all():
                evenings[demand.pk, story.today] = docket_of(demand)

        for act in tale:
            if act[0] == "days_pass":
                evening()
            story.do(act)
        evening()
        for (pk, day), as_it_was in evenings.items():
            assert docket_of(Demand.objects.get(pk=pk), as_of=day) == as_it_was
        transaction.set_rollback(True)


def test_a_request_completed_later_stands_where_it_stood(bestnet):
    """Two start a demand, the first completes its request later, and both are left out of
    the filing: looked back at, that evening names them in the same order."""
    matter = tell.demand(bestnet, received_on=date(2003, 6, 2), by=("Alder", "Birch"))
    tell.files(bestnet, matter, date(2003, 7, 15), {"Cedar": 1})
    requests.complete_request(
        notice=matter.notice,
        ask=AskIn(bestnet.investors["Alder"], None, 1_000_000, "Sale on the open market", "None"),
        stated_on=date(2003, 7, 20),
        when=bestnet.at(date(2003, 7, 20)),
    )

    assert docket_of(matter, as_of=date(2003, 7, 20)) == docket_of(matter)


def test_before_it_began_a_matter_has_no_dates(bestnet):
    matter = tell.demand(bestnet, received_on=date(2003, 6, 2))
    docket = docket_of(matter, as_of=date(2003, 6, 1))
    assert docket.ruling.outcome == "unknown"
    assert all(w.closes_on is None for w in docket.windows)


# --- the order of entry makes no difference ---------------------------------------------------


def plainly(docket: Docket) -> tuple[object, ...]:
    """A docket without the keys of rows, which follow the order of entry."""
    nameless = re.compile(r":\d+")
    windows = sorted(
        (nameless.sub("", w.key), w.who, str(w[6:8]), str(w.lenient_on), str(w.done_on), w.done_as)
        for w in docket.windows
    )
    concerns = sorted((nameless.sub("", c.key), c.kind, c.text, c.since) for c in docket.concerns)
    return docket.ruling, windows, concerns


@told
@given(order=st.permutations(range(14)))
def test_the_order_of_entry_makes_no_difference(world, order):
    def june(day: int) -> date:
        return date(2003, 6, day)

    on = world.at(date(2003, 7, 31))
    birch, cedar, dale = (world.investors[n] for n in ("Birch", "Cedar", "Dale"))
    with transaction.atomic():
        matter = tell.demand(world, received_on=june(2), by=("Alder",))
        tell.tell(world, matter, {"Birch": None, "Cedar": None, "Dale": None}, sent_on=june(5))
        late = date(2003, 7, 31)
        facts = [
            lambda: tell.signed_for(world, matter, "Birch", june(7), on=late),
            lambda: tell.signed_for(world, matter, "Cedar", june(9), on=late),
            lambda: tell.signed_for(world, matter, "Dale", june(10), on=late),
            lambda: tell.asks(world, matter, "Birch", received_on=june(24), shares=4_000_000),
            lambda: tell.asks(world, matter, "Cedar", received_on=june(26), distribution=""),
            lambda: tell.asks(world, matter, "Dale", received_on=june(20), declines=True),
            lambda: tell.files(world, matter, date(2003, 7, 15), {"Alder": 999_999}),
            lambda: ledger.exercise_warrants(investor=birch, warrants=100_000, on=june(1), when=on),
            lambda: ledger.convert_preferred(
                investor=birch, preferred=200_000, on=june(23), when=on
            ),
            lambda: transfers.record_transfer(
                investor=dale, to=cedar, quantity=50_000, on=june(1), when=on
            ),
            lambda: ledger.issue_units(investor=cedar, units=7, on=june(2), when=on),
            lambda: ledger.correct_ledger(
                investor=dale, security="common", change=-1, on=june(4), reason="So.", when=on
            ),
            lambda: matters.record_other_statement(
                agreement=world.agreement, name="S-3", effective_on=date(2003, 2, 1), when=on
            ),
            lambda: register.record_consent(
                agreement=world.agreement, investor=birch, signed_on=june(1), when=on
            ),
        ]
        for n in order:
            facts[n]()
        assert differs(matter.pk) == []
        found = plainly(docket_of(matter))
        transaction.set_rollback(True)
    with transaction.atomic():
        matter = tell.demand(world, received_on=june(2), by=("Alder",))
        tell.tell(world, matter, {"Birch": None, "Cedar": None, "Dale": None}, sent_on=june(5))
        for fact in facts:
            fact()
        assert plainly(docket_of(matter)) == found
        transaction.set_rollback(True)


def test_a_control_stale_projection_is_seen_and_mended(bestnet):
    """What the properties above would show if an act forgot to redraw."""
    matter = tell.demand(bestnet, received_on=date(2003, 6, 2))
    matter.docket.filter(key="file").update(closes_on=date(2003, 7, 18))
    type(matter.docket_state).objects.update(outcome="refused")
    assert differs(matter.pk) == ["(ruling)", "file"]
    assert verify(now=tell.noon(date(2003, 6, 3))) == [str(matter.public_id)]
    assert differs(matter.pk) == []
    assert verify(now=tell.noon(date(2003, 6, 3))) == []


def test_the_stories_do_a_good_deal(world):
    """A control: most acts happen, some are refused, and all kinds occur."""
    dice = random.Random(7)  # noqa: S311
    story = begun(world)
    names = [*PAPERY, *LEDGER, *REGISTER, "days_pass"]
    with transaction.atomic():
        for _ in range(60):
            story.do((dice.choice(names), tuple(dice.randrange(12) for _ in range(4))))
        assert story.done > 15
        assert story.refused > 8
        transaction.set_rollback(True)


def test_a_past_day_knows_no_later_completion_decision_or_addressee(bestnet):
    """June 30, looked back at from July 20: the request still lacked its parts, counsel's
    first decision stood, and nobody had written to Elm yet."""

    def july(day: int) -> date:
        return date(2003, 7, day)

    matter = tell.demand(bestnet, received_on=date(2003, 6, 2))
    tell.tell(bestnet, matter, {"Birch": date(2003, 6, 7), "Cedar": None}, sent_on=date(2003, 6, 5))
    request = tell.asks(
        bestnet, matter, "Birch", received_on=date(2003, 6, 20), shares=None, distribution=""
    )

    def decide(choice: str, on: date) -> None:
        matters.decide(
            demand=matter, about="filing_opens", choice=choice, decided_on=on, reason="A memo.",
            when=bestnet.at(on),
        )  # fmt: skip

    decide("first_receipt", date(2003, 6, 28))
    evening = docket_of(matter)
    assert [c.kind for c in evening.concerns if c.rule == "D5"] == ["incomplete_request"]
    assert evening.window("file").opens_on == july(7)

    decide("last_receipt", july(3))
    requests.complete_request(
        notice=request,
        ask=AskIn(bestnet.investors["Birch"], None, 60_000, "Brokers", "None"),
        stated_on=july(4),
        when=bestnet.at(july(4)),
    )
    tell.add(bestnet, "Elm", 0, on=july(5))
    tell.tell(bestnet, matter, {"Elm": None}, sent_on=july(6))

    assert docket_of(matter, as_of=date(2003, 6, 30)) == evening
    now = docket_of(matter)
    assert now.window("file").opens_on is None
    assert [c for c in now.concerns if c.rule == "D5"] == []
    assert "Elm" in {w.who for w in now.windows}
