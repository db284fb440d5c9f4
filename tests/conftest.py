"""What every test may ask for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection

from tests import world as worlds


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Send away who is still connected before the test database is dropped: a browser that
    was closed can leave a server thread with a connection for a moment."""
    yield
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity"
            " where datname = current_database() and pid <> pg_backend_pid()"
        )
        connection.close()


@pytest.fixture
def bestnet(db: None) -> worlds.World:
    """The BestNet agreement with Alder, Birch, Cedar and Dale, and counsel."""
    return worlds.build()
