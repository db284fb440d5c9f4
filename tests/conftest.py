"""What every test may ask for."""

from __future__ import annotations

import pytest

from tests import world as worlds


@pytest.fixture
def bestnet(db: None) -> worlds.World:
    """The BestNet agreement with Alder, Birch, Cedar and Dale, and counsel."""
    return worlds.build()
