"""Processes to kill, a mail server that keeps what it is given, and what must hold after."""

from __future__ import annotations

import multiprocessing
import os
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from email import message_from_bytes
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP
from django.db import connection

from config.embedded import Redis
from notices.models import Mail

from .jobs import At, Job

ROOT = Path(__file__).resolve().parents[2]
SIGKILLED = -9


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.faults)
            item.add_marker(pytest.mark.django_db(transaction=True))


class Processes:
    """Starts jobs in processes forked from one that has everything imported already."""

    def __init__(self) -> None:
        self.context = multiprocessing.get_context("forkserver")
        self.context.set_forkserver_preload(["tests.faults.jobs"])

    def start(self, job: Job, *arguments: Any) -> Any:
        process = self.context.Process(target=job, args=arguments)
        process.start()
        return process

    def run(self, job: Job, *arguments: Any, patience: float = 60) -> int:
        """Run a job to its end, whatever that is; its exit code, -9 when it was killed."""
        process = self.start(job, *arguments)
        process.join(patience)
        if process.is_alive():
            process.kill()
            raise AssertionError(f"{job.__name__} did not end in {patience} s")
        return process.exitcode

    def barrier(self, parties: int) -> Any:
        return self.context.Barrier(parties)


@pytest.fixture(scope="session")
def processes() -> Processes:
    return Processes()


class Sink:
    """A mail server that keeps each message it said 250 to.  ``rcpt`` may answer otherwise."""

    def __init__(self) -> None:
        self.port = 0
        self.got: list[tuple[str, str]] = []
        self.rcpt: Callable[[str], str | None] = lambda address: None

    async def handle_RCPT(self, server, session, envelope, address, options):
        if answer := self.rcpt(address):
            return answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        message = message_from_bytes(envelope.content)
        self.got.append((message["Message-ID"], envelope.rcpt_tos[0]))
        return "250 kept"

    @property
    def copies(self) -> Counter[str]:
        """How often each Message-ID came."""
        return Counter(message_id for message_id, _ in self.got)


class Quiet(SMTP):
    """aiosmtpd's server; clients that die in mid-sentence are what we are here for."""

    def connection_lost(self, error: Exception | None) -> None:
        super().connection_lost(None)


class Server(Controller):
    def factory(self) -> SMTP:
        return Quiet(self.handler, hostname="sink")


@pytest.fixture
def sink() -> Iterator[Sink]:
    """A mail server, listening."""
    handler = Sink()
    handler.port = free_port()
    server = Server(handler, hostname="127.0.0.1", port=handler.port)
    server.start()
    yield handler
    server.stop()


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def at(sink: Sink) -> Callable[..., At]:
    """Where jobs run: the test's own database and mail server."""

    def where(**more: Any) -> At:
        name = str(connection.settings_dict["NAME"])
        return At(database=name, smtp_port=sink.port)._replace(**more)

    return where


@pytest.fixture
def redis_server(tmp_path: Path) -> Iterator[Redis]:
    """A Redis of the test's own, to be killed; not started yet."""
    server = Redis(tmp_path, durable=False)
    yield server
    server.stop()


class Programs:
    """The project's own programs as an operator starts them: workers, beats."""

    def __init__(self, env: dict[str, str], folder: Path) -> None:
        self.env, self.folder, self.started = env, folder, ExitStack()

    def start(self, name: str, *words: str, **env: str) -> subprocess.Popen[bytes]:
        log = (self.folder / f"{name}.log").open("ab")
        process = subprocess.Popen(
            [sys.executable, "-m", "celery", *words],
            cwd=ROOT, env=self.env | env, stdout=log, stderr=log, start_new_session=True,
        )  # fmt: skip
        self.started.callback(log.close)
        self.started.callback(process.wait)
        self.started.callback(_kill_all, process)
        return process

    def worker(self, **env: str) -> subprocess.Popen[bytes]:
        return self.start("worker", "-A", "tests.faults.quick", "worker", "-c", "1", **env)

    def beat(self) -> subprocess.Popen[bytes]:
        return self.start("beat", "-A", "tests.faults.quick", "beat")

    def log(self, name: str) -> str:
        return (self.folder / f"{name}.log").read_text(errors="replace")


def _kill_all(process: subprocess.Popen[bytes]) -> None:
    """A program and the children it forked: it was started in a process group of its own."""
    if process.poll() is None:
        os.killpg(process.pid, 9)


@pytest.fixture
def programs(redis_server: Redis, sink: Sink, tmp_path: Path) -> Iterator[Programs]:
    """Ready to start against the test's database, its own Redis and its mail server."""
    database = os.environ["DATABASE_URL"].replace(
        "/postgres?", f"/{connection.settings_dict['NAME']}?"
    )
    env = os.environ | {
        "DEBUG": "1",
        "DATABASE_URL": database,
        "REDIS_URL": redis_server.url(),
        "EMAIL_URL": f"smtp://127.0.0.1:{sink.port}",
        "SITE_URL": "http://localhost",
        "LOG_LEVEL": "INFO",
    }
    found = Programs(env, tmp_path)
    with found.started:
        yield found


def eventually(holds: Callable[[], bool], *, within: float, every: float = 0.2) -> float:
    """Wait until something holds; how many seconds that took."""
    start = time.monotonic()
    while time.monotonic() - start < within:
        if holds():
            return time.monotonic() - start
        time.sleep(every)
    raise AssertionError(f"not within {within} seconds")


def all_sent() -> bool:
    return not Mail.objects.filter(sent_at=None, dropped_at=None).exists()
