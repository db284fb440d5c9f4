"""PostgreSQL and Redis as an operator has them: by themselves, on TCP, with a password.

Debian's own servers where they are installed, else the wheels'.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import psycopg

from config.embedded import postgres as wheel_postgres
from config.embedded import redis as wheel_redis

OWNER_PASSWORD = "ownersecret1"
APP_PASSWORD = "appsecret1"


class Servers(NamedTuple):
    """Where they listen, and what they are."""

    postgres_port: int
    redis_port: int
    postgres_version: int

    def url(self, role: str, password: str, database: str) -> str:
        return f"postgresql://{role}:{password}@127.0.0.1:{self.postgres_port}/{database}"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def postgres_programs() -> Path:
    debian = sorted(
        Path("/usr/lib/postgresql").glob("*/bin/postgres"), key=lambda path: int(path.parts[-3])
    )
    return debian[-1].parent if debian else wheel_postgres.programs()


@contextlib.contextmanager
def servers(folder: Path) -> Iterator[Servers]:
    programs = postgres_programs()
    data, sockets = folder / "pg", folder / "sockets"
    sockets.mkdir()
    secret = folder / "secret"
    secret.write_text(OWNER_PASSWORD)
    before = (
        ["unshare", "--user"] if os.geteuid() == 0 and wheel_postgres.namespaces_allowed() else []
    )
    port, redis_port = free_port(), free_port()
    subprocess.run(
        [
            *before, programs / "initdb", "-D", data, "-U", "rightsbook_owner", "-E", "UTF8",
            "--locale=C", "--auth=scram-sha-256", f"--pwfile={secret}", "--no-sync",
        ],
        check=True, capture_output=True, env={**os.environ, "LC_ALL": "C"},
    )  # fmt: skip
    redis_program = shutil.which("redis-server") or wheel_redis.program()
    assert redis_program, "no Redis: install redis-server"
    with contextlib.ExitStack() as stop:
        log = stop.enter_context((folder / "pg.log").open("wb"))
        database = subprocess.Popen(
            [
                *before, programs / "postgres", "-D", data, "-p", str(port), "-c", "fsync=off",
                "-c", "listen_addresses=127.0.0.1", "-c", f"unix_socket_directories={sockets}",
            ],
            stdout=subprocess.DEVNULL, stderr=log,
            env={**os.environ, "LC_ALL": "C"},
        )  # fmt: skip
        stop.callback(database.wait, 20)
        stop.callback(database.send_signal, signal.SIGINT)
        queue = subprocess.Popen(
            [redis_program, "--port", str(redis_port), "--bind", "127.0.0.1", "--save", ""],
            stdout=subprocess.DEVNULL,
            cwd=folder,
        )
        stop.callback(queue.wait, 20)
        stop.callback(queue.terminate)
        end = time.monotonic() + 20
        while True:
            try:
                with psycopg.connect(
                    Servers(port, 0, 0).url("rightsbook_owner", OWNER_PASSWORD, "postgres"),
                    autocommit=True,
                ) as connection:
                    connection.execute("create database rightsbook")
                    version = connection.info.server_version // 10000
                    break
            except psycopg.OperationalError:
                assert database.poll() is None, (folder / "pg.log").read_text()
                assert time.monotonic() < end
                time.sleep(0.05)
        yield Servers(port, redis_port, version)
