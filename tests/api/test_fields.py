"""Only the fields asked for, on every GET of the API."""

from __future__ import annotations

from datetime import date

import pytest
import time_machine
from django.test import Client

from tests.access.places import BACKEND, Place, primary_key, whole
from tests.access.policy import POLICY, Policy
from tests.world import World, noon

from .conftest import ROOT, caller

READ = [
    route
    for route, policy in POLICY.items()
    if route.startswith("api/v1/") and policy in (Policy.SEEN, Policy.SIGNED_IN)
]
OTHERWISE = {"api/v1/schema/", "api/v1/docs/"}  # not the API's own data


@pytest.fixture
def place(bestnet: World) -> Place:
    return whole(bestnet)


@time_machine.travel("2003-07-20 16:00:00+00:00", tick=False)
def test_each_answer_has_what_was_asked_for_and_no_more(place, subtests):
    client = Client()
    client.force_login(place.world.counsel, BACKEND)
    for route in sorted(set(READ) - OTHERWISE):
        with subtests.test(route):
            address = primary_key(place, route).address(route)
            address = address.replace("library/joining", "library/bestnet")
            answer = client.get(address)
            if answer.status_code == 405 or (
                answer.status_code == 404 and route.endswith("/letters/<slug:letter>/file/")
            ):
                continue  # an act, or a letter nobody is owed
            assert answer.status_code == 200
            data = answer.json()
            rows = data if isinstance(data, list) else data.get("results", [data])
            for name in list(rows[0])[:3] if rows else []:
                less = client.get(address, {"fields": name})
                assert less.status_code == 200
                told = less.json()
                chosen = told if isinstance(told, list) else told.get("results", [told])
                if rows is not data and "results" in data:
                    assert told["next"] == data["next"]
                assert chosen == [{name: row[name]} for row in rows]


@time_machine.travel(noon(date(2003, 6, 12)), tick=False)
def test_a_field_there_is_not_is_refused_by_name(bestnet):
    counsel = caller(bestnet.counsel)
    path = ROOT + "agreements/bestnet/investors/"
    for asked in ("name,secret", "", "name,,note", "__class__"):
        answer = counsel.get(path, {"fields": asked})
        assert answer.status_code == 400, asked
        (error,) = answer.json()["errors"]
        assert error["field"] == "fields"
    assert "name" in error["message"]
    assert counsel.post(path + "?fields=name", {"name": "Elm"}).status_code == 400
