"""A dead job is seen: by its age, on /readyz, whatever it was last doing."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
from django.db import OperationalError, connection
from django.test import RequestFactory

from notices.heartbeat import EVERY_SECONDS, beat, pulse
from registrations import health, tasks

NOW = datetime(2003, 10, 2, 16, 0, tzinfo=UTC)

pytestmark = pytest.mark.django_db


def ask(rf: RequestFactory) -> dict:
    answer = health.readyz(rf.get("/readyz"))
    assert answer.status_code == 200
    return json.loads(answer.content)


def test_a_job_that_never_ran_is_dead():
    assert {p.name: (p.dead, p.age) for p in pulse(NOW)} == {
        "sweep": (True, None),
        "relay": (True, None),
    }


@pytest.mark.parametrize("name", EVERY_SECONDS)
def test_a_job_is_dead_after_three_of_its_periods(name):
    beat(name, now=NOW)
    limit = 3 * EVERY_SECONDS[name]

    seen = {
        age: next(p.dead for p in pulse(NOW + timedelta(seconds=age)) if p.name == name)
        for age in (0, limit, limit + 1)
    }

    assert seen == {0: False, limit: False, limit + 1: True}


def test_readyz_names_the_dead_and_stays_ready(rf):
    tasks.sweep.run()

    jobs = {job["name"]: job["dead"] for job in ask(rf)["jobs"]}

    assert jobs == {"sweep": False, "relay": True}


def test_healthz_needs_nothing(rf):
    assert health.healthz(rf.get("/healthz")).content == b"ok\n"


def test_without_the_database_it_is_not_ready(rf):
    def gone(execute, sql, params, many, context):
        raise OperationalError("server closed the connection")

    with connection.execute_wrapper(gone):
        answer = health.readyz(rf.get("/readyz"))

    assert answer.status_code == 503
