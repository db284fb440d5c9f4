"""What every test may ask for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection

from config.embedded import APP
from config.roles import grant
from tests import world as worlds


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Give the application's role its rights in the test database.  At the end, send away who
    is still connected before it is dropped: a browser that was closed can leave a server
    thread with a connection for a moment."""
    with django_db_blocker.unblock():
        connection.ensure_connection()
        owner = connection.connection.info
    where = f"/{owner.dbname}?host={owner.host}"
    grant(f"postgresql://{owner.user}@{where}", f"postgresql://{APP}@{where}")
    yield
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity"
            " where datname = current_database() and pid <> pg_backend_pid()"
        )
        connection.close()


@pytest.fixture
def _django_db_helper(_django_db_helper: None) -> None:
    """What a test does in its own transaction it does as the application does: with its
    rights and under row-level security, which a superuser is not held to."""
    if connection.in_atomic_block:
        with connection.cursor() as cursor:
            cursor.execute(f"set local role {APP}")


@pytest.fixture
def as_superuser(db: None) -> None:
    """For what the application may not do, and whom no policy holds."""
    with connection.cursor() as cursor:
        cursor.execute("reset role")


@pytest.fixture
def bestnet(db: None) -> worlds.World:
    """The BestNet agreement with Alder, Birch, Cedar and Dale, and counsel."""
    return worlds.build()
