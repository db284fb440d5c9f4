"""PostgreSQL and Redis for a machine that has neither, out of two Python wheels.

Only the programs inside the wheels are used.  Their Python interfaces are not: one shares a
lock file between users, loosens the modes of every parent folder, cannot take a path with a
space and forgets a server when its holder is killed; the other puts the data in a temporary
folder and runs it as a daemon.
"""

from __future__ import annotations

import contextlib
import fcntl
from collections.abc import Iterator
from pathlib import Path

from config.embedded.postgres import Postgres
from config.embedded.processes import CannotStart
from config.embedded.redis import Redis

__all__ = ["CannotStart", "Postgres", "Redis", "held", "services"]

DATABASE = "rightsbook"
OWNER = "rightsbook_owner"  # owns the tables and changes their shape
APP = "rightsbook_app"  # reads and writes rows, and no more


@contextlib.contextmanager
def held(root: Path) -> Iterator[None]:
    """Hold a data folder, so that no second launcher runs on it.  The system frees it if we die."""
    root.mkdir(parents=True, exist_ok=True)
    with (root / ".lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise CannotStart(
                f"Rightsbook already runs on {root}. Stop it there first (Ctrl-C in its window)."
            ) from None
        yield


@contextlib.contextmanager
def services(
    root: Path, *, postgres: bool = True, redis: bool = True, durable: bool = True
) -> Iterator[dict[str, str]]:
    """Run what is asked for under ``root``; give the environment that finds it; stop it all.

    The caller holds the folder (`held`).  ``durable=False`` trades safety on power loss for
    speed, for tests.
    """
    env: dict[str, str] = {}
    with contextlib.ExitStack() as running:
        if postgres:
            database = Postgres(root, durable=durable)
            running.callback(database.stop)
            database.start()
            database.create(DATABASE, owner=OWNER, app=APP)
            env["DATABASE_URL"] = database.url(DATABASE, APP)
            env["MIGRATE_DATABASE_URL"] = database.url(DATABASE, OWNER)
        if redis:
            queue = Redis(root, durable=durable)
            running.callback(queue.stop)
            queue.start()
            env["REDIS_URL"] = queue.url()
        yield env
