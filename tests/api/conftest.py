"""Callers of the API whose every answer is checked against the API's own description."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.core.cache import cache
from django.utils import timezone
from knox.models import get_digest_token
from knox.settings import CONSTANTS
from rest_framework.test import APIClient

from investors.models import ApiToken, User
from tests import world as worlds
from tests.api.contract import contract

ROOT = "/api/v1/"


class Caller(APIClient):
    """A program with a person's token.  Addresses are given from ``/api/v1/`` on."""

    def request(self, **kwargs: Any) -> Any:
        response = super().request(**kwargs)
        contract().check(kwargs["REQUEST_METHOD"], kwargs["PATH_INFO"], response)
        return response

    def read(self, path: str, status: int = 200, **query: Any) -> Any:
        response = self.get(ROOT + path, query)
        assert response.status_code == status, response.content
        return response.json()

    def act(self, path: str, body: Any = None, status: int = 201, **query: str) -> Any:
        """Do a named act and give what it answers, which must have this status."""
        response = self.post(ROOT + path, body or {}, format="json", query_params=query)
        assert response.status_code == status, response.content
        return response.json()


def using(token: str) -> Caller:
    """A program that sends this token."""
    client = Caller()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {token}")
    return client


def caller(user: User | None = None) -> Caller:
    """A program that may do what a person may; with none, one without a token."""
    if user is None:
        return Caller()
    digest, token = get_digest_token()
    ApiToken.objects.create(
        digest=digest,
        token_key=token[: CONSTANTS.TOKEN_KEY_LENGTH],
        user=user,
        expiry=timezone.now() + timedelta(days=3650),
        name="A program",
        scope="record",
    )
    return using(token)


@pytest.fixture(autouse=True)
def _no_requests_counted_before() -> None:
    cache.clear()


@pytest.fixture
def travel() -> Iterator[Callable[[date], None]]:
    """Move every clock to noon of a day in the agreement's zone."""
    with time_machine.travel(worlds.noon(date(2003, 6, 2)), tick=True) as traveller:
        yield lambda day: traveller.move_to(worlds.noon(day))


@pytest.fixture
def counsel(bestnet: worlds.World) -> Caller:
    return caller(bestnet.counsel)


@pytest.fixture
def reader(bestnet: worlds.World) -> Caller:
    return caller(bestnet.reader)


@pytest.fixture
def stranger(bestnet: worlds.World) -> Caller:
    return caller(bestnet.stranger)


@pytest.fixture
def nobody(db: None) -> Caller:
    return caller()


@pytest.fixture
def ids(bestnet: worlds.World) -> dict[str, str]:
    """Each Investor's public id by name."""
    return {name: str(i.public_id) for name, i in bestnet.investors.items()}
