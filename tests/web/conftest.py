"""What tests of the pages may ask for."""

from __future__ import annotations

import pytest
from django.core.cache import cache
from django.db import transaction


@pytest.fixture
def nobody_counted(db: None) -> None:
    """Requests and wrong tries of earlier tests are not held against this one."""
    cache.clear()


@pytest.fixture
def told_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """allauth tells of a change once it is committed, which a test's transaction never is,
    and asks for the request it was made in."""
    monkeypatch.setattr(transaction, "on_commit", lambda told, **_: told())
