"""Every operation tried with whatever its description allows: what is answered is what was
promised, and nothing breaks."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
import schemathesis
import time_machine
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections, transaction
from hypothesis import HealthCheck, Phase, given, settings
from rest_framework.throttling import SimpleRateThrottle
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    positive_data_acceptance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from registrations.services.tokens import make_token
from tests.access.places import Place, primary_key, whole
from tests.access.policy import POLICY
from tests.api.contract import contract
from tests.world import World

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]


# A page's cursor is ours to make, a day to come is not to be had, and fields are chosen from what
# is answered: no description says so.  test_fields tries the last on every GET.
OURS = {"cursor", "as_of", "fields"}
TRIES = 8


def wildcards(path: str) -> str:
    return re.sub(r"[<{][^>}]+[>}]", "*", path).lstrip("/")


ROUTES = {wildcards(route): route for route in POLICY if route.startswith("api/")}


def named_in(operation: Any, place: Place) -> dict[str, str]:
    """What an address of the operation is filled with to be about something there is."""
    route = ROUTES[wildcards(operation.path)]
    pattern = re.sub(r"\\{(\w+)\\}", r"(?P<\1>[^/]+)", re.escape(operation.path))
    found = re.fullmatch(pattern, primary_key(place, route).address(route))
    assert found, operation.path
    return found.groupdict()


def wrong_with(operation: Any, place: Place, token: str) -> list[str]:
    """What an operation answers that it does not promise, tried with what it says it takes."""
    there, told = named_in(operation, place), []
    turn = itertools.count()
    # What may be asked is answered; what may be recorded hangs on what is on record.
    checks = [*CHECKS, positive_data_acceptance] if operation.method == "get" else CHECKS

    @settings(
        max_examples=TRIES, phases=[Phase.generate], database=None, deadline=None,
        derandomize=True, suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(case=operation.as_strategy())
    def tried(case: Any) -> None:
        if there and next(turn) % 3:
            case.path_parameters = dict(there)
        for name in OURS & set(case.query or ()):
            del case.query[name]
        with transaction.atomic():
            answer = case.call(headers={"Authorization": f"Bearer {token}"})
            transaction.set_rollback(True)
        try:
            case.validate_response(answer, checks=checks)
        except FailureGroup as wrong:
            told.extend(
                f"{operation.label}: {each.title}: {each.message} {answer.text[:200]}"
                for each in wrong.exceptions
            )

    tried()
    return told


@pytest.fixture
def one_connection() -> Iterator[None]:
    """The server is called within the test's own transaction and must not end it."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.mark.usefixtures("one_connection")
@time_machine.travel("2003-07-20 16:00:00+00:00", tick=False)
def test_what_is_promised_is_what_is_answered(
    bestnet: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(SimpleRateThrottle, "allow_request", lambda *_: True)
    place = whole(bestnet)
    when = bestnet.at(date(2003, 7, 20))
    token = make_token(name="Try", scope="record", agreement=None, days=30, when=when)[1]
    schema = schemathesis.openapi.from_dict(contract().described)
    schema.app = get_wsgi_application()
    operations = [found.ok() for found in schema.get_all_operations()]
    wrong = [each for operation in operations for each in wrong_with(operation, place, token)]

    assert len(operations) > 100
    assert wrong == [], "\n".join(wrong)
