"""What tests of the pages may ask for."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.cache import cache
from django.db import transaction
from django.test import Client

from registrations.models import Demand
from tests import world as tell
from tests.web.pages import signed_in


@pytest.fixture
def nobody_counted(db: None) -> None:
    """Requests and wrong tries of earlier tests are not held against this one."""
    cache.clear()


@pytest.fixture
def told_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """allauth tells of a change once it is committed, which a test's transaction never is,
    and asks for the request it was made in."""
    monkeypatch.setattr(transaction, "on_commit", lambda told, **_: told())


@pytest.fixture
def matter(bestnet: tell.World) -> Demand:
    """Told on June 5 by certified mail: the last day to join is June 25."""
    found = tell.demand(bestnet, received_on=date(2003, 6, 2))
    receipts = {"Birch": date(2003, 6, 9), "Cedar": date(2003, 6, 7), "Dale": None}
    tell.tell(bestnet, found, receipts, sent_on=date(2003, 6, 5))
    return found


@pytest.fixture
def birch(bestnet: tell.World) -> Client:
    return signed_in(tell.representative(bestnet, "Birch"))
