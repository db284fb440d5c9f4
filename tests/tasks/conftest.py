"""What the stories about jobs may ask for."""

from __future__ import annotations

import pytest

from .matters import make_company, make_matter


@pytest.fixture
def matter(db):
    """BestNet's first demand: Karen is its counsel."""
    return make_matter(make_company("BestNet"))
