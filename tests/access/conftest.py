from __future__ import annotations

import pytest

from tests.world import World

from .places import Place, whole


@pytest.fixture
def place(bestnet: World) -> Place:
    return whole(bestnet)
