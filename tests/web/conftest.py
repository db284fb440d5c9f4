"""What tests of the pages may ask for."""

from __future__ import annotations

import pytest
from django.core.cache import cache


@pytest.fixture
def nobody_counted(db: None) -> None:
    """Requests and wrong tries of earlier tests are not held against this one."""
    cache.clear()
