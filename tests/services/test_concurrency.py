"""Several people at once: the second is told, nothing is lost, numbers have no gaps.

Each race has a control: the same race with the agreement's lock taken out.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import date
from threading import Barrier, BrokenBarrierError, Thread
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models.query import QuerySet

from investors.acts import Conflict
from investors.models import Agreement, LedgerEntry
from notices.models import DeliveryRecord, Notice
from registrations.facts import docket_of, holdings
from registrations.models import Demand, Statement
from registrations.projection import differs
from registrations.services import correspondence, deliveries, ledger, matters
from registrations.services.deliveries import CopyIn
from registrations.services.requests import AskIn
from tests import world as tell

pytestmark = pytest.mark.django_db(transaction=True)


def june(day: int) -> date:
    return date(2003, 6, day)


@pytest.fixture
def world(transactional_db: None) -> tell.World:
    return tell.build()


@pytest.fixture
def matter(world: tell.World) -> Demand:
    matter = tell.demand(world, received_on=june(2))
    tell.tell(world, matter, {"Birch": june(7), "Cedar": june(9), "Dale": None}, sent_on=june(5))
    return matter


def at_once(*attempts: Callable[[], Any]) -> list[Any]:
    """Each attempt in a thread of its own, all let go together; what each gave or raised."""
    gate, outcomes = Barrier(len(attempts)), [None] * len(attempts)

    def run(n: int, attempt: Callable[[], Any]) -> None:
        try:
            gate.wait()
            outcomes[n] = attempt()
        except Exception as raised:
            outcomes[n] = raised
        finally:
            connection.close()

    threads = [Thread(target=run, args=each) for each in enumerate(attempts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes


@pytest.fixture
def no_lock(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take the lock out: a locking read becomes a plain one.  Everybody reaches it before
    anybody goes on, as in the worst case."""
    gate = Barrier(8)

    def plain(self: QuerySet[Any], **_: Any) -> QuerySet[Any]:
        with suppress(BrokenBarrierError):
            gate.wait(timeout=5)
        return self

    monkeypatch.setattr(QuerySet, "select_for_update", plain)


def raised(outcomes: list[Any], kind: type[Exception]) -> int:
    return sum(isinstance(o, kind) for o in outcomes)


def test_two_correct_one_receipt_and_one_is_told(world, matter):
    stands = tell.copy_to(world, matter, "Birch")

    def correct(day: int) -> Callable[[], DeliveryRecord]:
        return lambda: deliveries.record_delivery(
            replaces=stands,
            copy=CopyIn("certified_mail", june(5), june(day)),
            reason="Misread.",
            when=world.at(june(20)),
        )

    outcomes = at_once(correct(10), correct(11))

    assert raised(outcomes, Conflict) == 1
    (won,) = [o for o in outcomes if isinstance(o, DeliveryRecord)]
    assert tell.copy_to(world, matter, "Birch").pk == won.pk
    assert stands.delivery.records.count() == 3  # posted, signed for, corrected
    assert differs(matter.pk) == []


def file_at_once(world: tell.World, matter: Demand) -> list[Any]:
    on = date(2003, 7, 15)
    return at_once(
        *[
            lambda n=n: matters.record_filing(
                demand=matter, on=on, covers={world.investors["Alder"].pk: n}, when=world.at(on)
            )
            for n in range(8)
        ]
    )


def test_eight_record_the_filing_and_seven_are_told(world, matter):
    outcomes = file_at_once(world, matter)

    assert raised(outcomes, Conflict) == 7
    assert Statement.objects.filter(demand=matter).count() == 1
    assert docket_of(matter).window("file").done_on == date(2003, 7, 15)
    assert differs(matter.pk) == []


def number_at_once(world: tell.World) -> list[Any]:
    return at_once(
        *[
            lambda n=n: correspondence.record_demand_notice(
                agreement=world.agreement,
                asks=[AskIn(world.investors["Alder"])],
                copy=CopyIn("personal", None, june(2 + n)),
                when=world.at(june(20)),
            )
            for n in range(8)
        ]
    )


def test_demands_race_and_every_one_is_recorded_without_a_gap(world):
    outcomes = number_at_once(world)

    assert raised(outcomes, Exception) == 0
    assert sorted(Demand.objects.values_list("number", flat=True)) == list(range(1, 9))
    assert sorted(Notice.objects.values_list("number", flat=True)) == list(range(1, 9))
    assert all(differs(d.pk) == [] for d in Demand.objects.all())


def test_holdings_are_not_sold_twice(world):
    """Dale holds 600,000 Common; eight sell 100,000 at once, and two of them are refused."""
    outcomes = at_once(
        *[
            lambda: ledger.record_public_sale(
                under="statement",
                investor=world.investors["Dale"],
                shares=100_000,
                on=june(1),
                when=world.at(june(1)),
            )
        ]
        * 8
    )

    assert raised(outcomes, Exception) == 2
    assert holdings(world.agreement, june(1))[world.investors["Dale"].pk].common == 0


def test_acts_on_two_agreements_do_not_wait_for_each_other(world):
    """The lock is the agreement's: while one is held, the other's act goes through."""
    other = tell.build({"Elm": 10}, slug="elsewhere")
    with transaction.atomic():
        Agreement.objects.select_for_update(no_key=True).get(pk=world.agreement.pk)
        (outcome,) = at_once(
            lambda: ledger.issue_units(
                investor=other.investors["Elm"], units=1, on=june(1), when=other.at(june(1))
            )
        )
    assert len(outcome) == 4


# --- the controls: without the lock -----------------------------------------------------------


def test_control_without_the_lock_numbers_collide(world, no_lock):
    outcomes = number_at_once(world)

    assert raised(outcomes, IntegrityError) > 0
    assert Demand.objects.count() < 8


def test_control_without_the_lock_filings_fall_on_the_constraint(world, matter, no_lock):
    """The database still lets one through, but the others get an error, not an answer."""
    outcomes = file_at_once(world, matter)

    assert raised(outcomes, Conflict) < 7
    assert Statement.objects.filter(demand=matter).count() <= 1


def test_control_without_the_lock_holdings_are_sold_twice(world, no_lock):
    outcomes = at_once(
        *[
            lambda: ledger.record_public_sale(
                under="statement",
                investor=world.investors["Dale"],
                shares=100_000,
                on=june(1),
                when=world.at(june(1)),
            )
        ]
        * 8
    )

    assert raised(outcomes, Exception) < 2
    sold = LedgerEntry.objects.filter(kind="public_sale").count()
    assert sold > 6
