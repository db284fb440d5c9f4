"""What every test may ask for."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection

from config.embedded import APP
from config.logs import OneLineNoSecrets
from config.roles import grant
from registrations import demo
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


class Told(logging.Handler):
    """Keeps the lines of the log that tell a secret, as the log of a server would have them."""

    OPENS = re.compile(
        r"rb_[0-9a-f]{16,}"  # a token
        r"|whsec_[\w+/=]{16,}"  # what a webhook is signed with
        r"|/(?:calendar|invitation|account/password/new|account/address)/[\w:.-]{16,}"
        r"|(?:sessionid|csrftoken|csrfmiddlewaretoken)\W+\w{16,}"
        rf"|{re.escape(worlds.PASSWORD)}|{re.escape(demo.PASSWORD)}"
        r"|\b[A-Z2-7]{32}\b"  # the seed of an authenticator app
        r"|1,?046,?527"  # what Alder holds where nobody else may know
    )

    def __init__(self) -> None:
        super().__init__(logging.INFO)
        self.addFilter(OneLineNoSecrets())
        self.secrets: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        line = logging.Formatter().format(record)
        if self.OPENS.search(line):
            self.secrets.append(line)


@pytest.fixture(autouse=True)
def told_by_the_log() -> Iterator[list[str]]:
    """The log of whatever a test does, at the level it has in production, tells no secret."""
    handler, root = Told(), logging.getLogger()
    before = root.level
    root.setLevel(logging.INFO)
    root.addHandler(handler)
    yield handler.secrets
    root.removeHandler(handler)
    root.setLevel(before)
    assert handler.secrets == []


@pytest.fixture(autouse=True)
def _nobody_was_counted() -> None:
    """What is rolled back after a test is the database; counts of tries are in the cache."""
    cache.clear()


@pytest.fixture
def as_superuser(db: None) -> None:
    """For what the application may not do, and whom no policy holds."""
    with connection.cursor() as cursor:
        cursor.execute("reset role")


@pytest.fixture
def bestnet(db: None) -> worlds.World:
    """The BestNet agreement with Alder, Birch, Cedar and Dale, and counsel."""
    return worlds.build()
