"""Every test run gets a PostgreSQL and a Redis of its own, thrown away at the end.

Loaded from pyproject.toml with ``-p``, so that it runs before pytest-django reads the settings.
A DATABASE_URL that happens to be set is never used: nobody's tests may reach anybody's data.
"""

from __future__ import annotations

import atexit
import contextlib
import os
import secrets
import signal
import tempfile
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.hashers import Argon2PasswordHasher

_running = contextlib.ExitStack()


class QuickArgon2(Argon2PasswordHasher):
    """The production hasher with its cost taken out, as tests make many accounts."""

    time_cost = 1
    memory_cost = 8
    parallelism = 1


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests() -> None:
    worker = os.environ.get("PYTEST_XDIST_WORKER")
    if worker:
        # Clearing the cache empties a whole Redis database: each worker has two of its own.
        from config.embedded.redis import DATABASES

        number = (2 + 2 * int(worker.removeprefix("gw"))) % DATABASES
        os.environ["REDIS_URL"] = f"{os.environ['RIGHTSBOOK_TEST_REDIS'][:-1]}{number}"
        # What one worker files must not be counted by another's test.
        os.environ["EVIDENCE_DIR"] = str(Path(os.environ["EVIDENCE_DIR"]) / worker)
        return
    from config.embedded import Postgres, Redis

    # A conftest that does not import, or a plain `kill`, must not leave servers behind: pytest
    # skips its own last hook for the first, and the second becomes an ordinary interruption.
    atexit.register(_running.close)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    # pytest's own temporary folders are kept after a run; a database is not worth keeping.
    root = Path(_running.enter_context(tempfile.TemporaryDirectory(prefix="rightsbook-test-")))
    database, queue = Postgres(root, durable=False), Redis(root, durable=False)
    _running.callback(database.stop)
    database.start()
    _running.callback(queue.stop)
    queue.start()
    for name in ("DEBUG", "DEMO", "TRUSTED_PROXY", "STATIC_ROOT", "ALLOWED_HOSTS"):
        os.environ.pop(name, None)
    os.environ.pop("MIGRATE_DATABASE_URL", None)
    os.environ.update(
        # pytest-django makes and drops test databases, so it connects as the superuser
        DATABASE_URL=database.url("postgres", "postgres"),
        REDIS_URL=queue.url(),
        RIGHTSBOOK_TEST_REDIS=queue.url(),
        SECRET_KEY=secrets.token_urlsafe(50),
        SITE_URL="http://localhost",
        EMAIL_URL="memorymail://",
        REQUIRE_MFA="0",  # asked for by the tests that are about it
        BREACHED_PASSWORDS="0",  # nothing here asks the internet
        EVIDENCE_DIR=str(root / "evidence"),
        LOG_LEVEL="WARNING",
        # Playwright's driver keeps an event loop in the test's thread, where Django would
        # otherwise refuse to touch the database.
        DJANGO_ALLOW_ASYNC_UNSAFE="true",
    )


def pytest_unconfigure() -> None:
    _running.close()


@pytest.fixture(scope="session", autouse=True)
def _quick_passwords() -> None:
    from django.conf import settings

    settings.PASSWORD_HASHERS = ["config.pytest_plugin.QuickArgon2", *settings.PASSWORD_HASHERS]


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """Kept connections would hold a test database that is about to be dropped."""
    from django.conf import settings

    settings.DATABASES["default"]["CONN_MAX_AGE"] = 0


def pytest_configure(config: pytest.Config) -> None:
    # Only now, so that its fixtures take the place of pytest-playwright's.
    config.pluginmanager.import_plugin("config.pytest_browser")


# --- In CI a skipped test is a failure -----------------------------------------------------------


def _skipped(config: pytest.Config) -> list[str]:
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    if os.environ.get("CI") != "true" or reporter is None:
        return []
    return [report.nodeid for report in reporter.stats.get("skipped", [])]


@pytest.hookimpl(tryfirst=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    if _skipped(session.config) and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    for name in _skipped(config):
        terminalreporter.write_line(f"skipped, which CI counts as a failure: {name}", red=True)
