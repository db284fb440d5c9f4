"""Two who act on the same thing at once: what one has not seen, it does not act over."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier
from typing import Any

import pytest
import time_machine
from django.db import connection

from registrations.models import Demand, StatementRecord
from tests import world as worlds
from tests.api.conftest import ROOT, Caller, caller
from tests.world import World

JUNE_2 = date(2003, 6, 2)
JULY_20 = "2003-07-20 16:00:00+00:00"


@pytest.fixture(autouse=True)
def _july() -> Any:
    with time_machine.travel(JULY_20, tick=False):
        yield


@pytest.fixture
def matter(bestnet: World) -> Demand:
    return worlds.demand(bestnet, received_on=JUNE_2)


def files(client: Caller, matter: Demand, seen: str, **headers: str) -> Any:
    """A program records the filing, on what it saw."""
    return client.post(
        f"{ROOT}demands/{matter.public_id}/filing/", {"on": "2003-07-15"}, format="json",
        headers={"If-Match": seen, **headers},
    )  # fmt: skip


def filed(matter: Demand) -> int:
    return StatementRecord.objects.filter(statement__demand=matter).count()


def test_an_act_on_what_was_seen_is_recorded_and_one_on_what_was_not_is_refused(
    counsel: Caller, matter: Demand
) -> None:
    at = f"{ROOT}demands/{matter.public_id}/"
    seen = counsel.get(at)["ETag"]
    assert counsel.get(at)["ETag"] == seen

    first = files(counsel, matter, seen)
    late = files(counsel, matter, seen)
    again = files(counsel, matter, counsel.get(at)["ETag"])

    assert first.status_code == 201, first.content
    assert first["ETag"] == counsel.get(at)["ETag"] != seen
    assert late.status_code == 412
    assert late.json()["errors"][0]["field"] == "If-Match"
    assert "Read it again" in late.json()["detail"]
    assert again.status_code not in (201, 412), "it is on record, and now it is told so"
    assert filed(matter) == 1


@pytest.mark.parametrize(("named", "status"), [("*", 201), ('"another"', 412), ("nonsense", 412)])
def test_any_state_or_none_there_was(
    counsel: Caller, matter: Demand, named: str, status: int
) -> None:
    assert files(counsel, matter, named).status_code == status
    assert filed(matter) == (status == 201)


def test_a_state_is_of_its_day_and_none_is_told_looking_back(
    counsel: Caller, matter: Demand
) -> None:
    at = f"{ROOT}demands/{matter.public_id}/"
    seen = counsel.get(at)["ETag"]
    assert "ETag" not in counsel.get(f"{at}docket/?as_of=2003-06-30")
    with time_machine.travel("2003-07-21 16:00:00+00:00", tick=False):
        assert files(counsel, matter, seen).status_code == 412


def test_what_records_nothing_has_no_state_to_compare(counsel: Caller, matter: Demand) -> None:
    at = f"{ROOT}agreements/bestnet/terms/filing_closes/"
    assert counsel.post(at, {"events": {}}, format="json").status_code == 200
    answer = counsel.post(at, {"events": {}}, format="json", headers={"If-Match": "*"})
    assert answer.status_code == 400
    assert "If-Match" in answer.json()["detail"]
    new = counsel.post(
        f"{ROOT}agreements/", {}, format="json", headers={"If-Match": '"1-2003-07-20"'}
    )
    assert new.status_code == 400


def test_sent_again_under_its_key_it_gets_its_answer_though_it_is_seen_no_more(
    counsel: Caller, matter: Demand
) -> None:
    seen = counsel.get(f"{ROOT}demands/{matter.public_id}/")["ETag"]
    key = {"Idempotency-Key": "one"}

    first = files(counsel, matter, seen, **key)
    second = files(counsel, matter, seen, **key)

    assert (first.status_code, second.status_code) == (201, 201)
    assert second["Idempotency-Replayed"] == "true"
    assert filed(matter) == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_at_once_that_saw_the_same_one_records() -> None:
    world = worlds.build()
    matter = worlds.demand(world, received_on=JUNE_2)
    clients = [caller(world.counsel), caller(world.counsel)]
    seen = clients[0].get(f"{ROOT}demands/{matter.public_id}/")["ETag"]
    both = Barrier(2)

    def at_once(client: Caller) -> int:
        both.wait()
        try:
            return int(files(client, matter, seen).status_code)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        answers = sorted(pool.map(at_once, clients))

    assert answers == [201, 412]
    assert filed(matter) == 1
