"""`make demo` on a good day and on bad ones: it mends what it can and says the rest plainly.

Each test has a data folder of its own, with a space in its name.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from config.embedded import CannotStart, Postgres, Redis, held
from config.embedded.processes import command_line, socket_folder, stop_leftover
from config.launch import BASE
from tests.deploy.servers import free_port

pytestmark = pytest.mark.deploy


@pytest.fixture
def data(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "data with space"
    yield folder
    Postgres(folder).remove()
    Redis(folder).remove()


class Demo:
    """A launcher of its own, as `make demo` starts it."""

    def __init__(self, data: Path, port: int | str | None = None) -> None:
        self.data, self.port = data, port or free_port()
        self.out = data.with_name(f"{time.monotonic_ns()}.out")
        env = {
            name: value
            for name, value in os.environ.items()
            if not name.endswith("_URL") and name not in {"SECRET_KEY", "EVIDENCE_DIR"}
        }
        with self.out.open("wb") as out:
            self.process = subprocess.Popen(
                [
                    sys.executable, "-m", "config.launch", "demo",
                    "--port", str(self.port), "--data", data,
                ],
                cwd=BASE, env=env, stdin=subprocess.DEVNULL, stdout=out, stderr=out,
            )  # fmt: skip

    def said(self) -> str:
        return self.out.read_text()

    def ready(self, patience: float = 300) -> None:
        end = time.monotonic() + patience
        while "Logs and mail are in" not in self.said():
            assert self.process.poll() is None, self.said()
            assert time.monotonic() < end, self.said()
            time.sleep(0.1)

    def stop(self, sign: signal.Signals = signal.SIGINT) -> int:
        self.process.send_signal(sign)
        return self.process.wait(60)

    def refused(self, patience: float = 120) -> str:
        assert self.process.wait(patience) == 1, self.said()
        assert "Traceback" not in self.said()
        return self.said()


@contextlib.contextmanager
def demo(data: Path, port: int | str | None = None) -> Iterator[Demo]:
    running = Demo(data, port)
    try:
        yield running
    finally:
        if running.process.poll() is None:
            running.stop(signal.SIGTERM)


def processes_of(data: Path, port: int | str) -> list[str]:
    """Command lines of whatever still runs for this data folder: a launch leaves none."""
    marks = (str(data), str(socket_folder("redis", data)), f"127.0.0.1:{port}")
    found = []
    for pid in (int(entry.name) for entry in Path("/proc").glob("[0-9]*")):
        line = command_line(pid)
        with contextlib.suppress(OSError):
            environment = Path(f"/proc/{pid}/environ").read_bytes().split(b"\0")
            ours = f"VAR_DIR={data}".encode() in environment
            if line and pid != os.getpid() and (ours or any(mark in line for mark in marks)):
                found.append(line)
    return found


def test_from_nothing_then_killed_then_again_then_stopped(data: Path) -> None:
    """One long story, because each start costs seconds."""
    with demo(data) as first:
        first.ready()
        address = f"http://localhost:{first.port}"
        assert f"Rightsbook runs at {address}/" in first.said()
        with urllib.request.urlopen(f"{address}/readyz", timeout=10) as answer:
            assert answer.status == 200

        second = Demo(data)
        assert "already runs on" in second.refused()

        # The launcher is killed outright: its servers and processes live on as orphans.
        first.process.kill()
        first.process.wait()
        assert processes_of(data, first.port)

    with demo(data, first.port) as again:  # the very port the orphans hold
        again.ready()
        url = f"postgresql://rightsbook_app@/rightsbook?host={socket_folder('pg', data)}"
        with psycopg.connect(url) as connection:
            people = connection.execute("select count(*) from investors_user").fetchone()
        assert people
        assert people[0] > 0
        assert again.stop(signal.SIGINT) == 130
        assert "Traceback" not in again.said()
    assert processes_of(data, again.port) == []
    assert not socket_folder("pg", data).exists()
    assert not socket_folder("redis", data).exists()

    # and SIGTERM in the middle of a start
    with demo(data) as third:
        time.sleep(1.5)
        assert third.stop(signal.SIGTERM) == 143, third.said()
    assert processes_of(data, third.port) == []


def test_a_taken_port_is_said_before_anything_starts(data: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with demo(data, port) as refused:
            said = refused.refused()
    assert f"Port {port} is in use by another program" in said
    assert f"make demo PORT={port + 1}" in said
    assert not (data / "pg18").exists()


@pytest.mark.parametrize("port", ["0", "70000"])
def test_a_port_that_is_none(data: Path, port: str) -> None:
    with demo(data, port) as refused:
        assert "is not a port" in refused.refused()


def test_a_server_of_ones_own_that_does_not_answer(data: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "config.launch", "demo", "--port", str(free_port()), "--data", data],
        cwd=BASE, capture_output=True, text=True, check=False, timeout=120,
        env={
            **os.environ,
            "DATABASE_URL": f"postgresql://app:pw@127.0.0.1:{free_port()}/rightsbook",
            "REDIS_URL": "",
        },
    )  # fmt: skip
    assert done.returncode == 1
    assert "DATABASE_URL does not answer" in done.stderr
    assert "Traceback" not in done.stderr


def test_an_interrupted_initdb_is_begun_again(data: Path) -> None:
    half = data / "pg18.new"
    half.mkdir(parents=True)
    (half / "PG_VERSION").write_text("18\n")
    server = Postgres(data, durable=False)
    server.start()
    server.stop()
    assert (server.data / "PG_VERSION").exists()
    assert not half.exists()


def test_a_folder_that_is_no_cluster_is_left_alone_and_named(data: Path) -> None:
    server = Postgres(data, durable=False)
    server.start()
    server.stop()
    (server.data / "PG_VERSION").unlink()
    with pytest.raises(CannotStart, match=r"not a whole PostgreSQL folder.*make demo-reset"):
        Postgres(data, durable=False).start()
    assert (server.data / "base").exists()


def test_leftover_pid_files_of_other_programs_are_no_hindrance(data: Path) -> None:
    """After a crash and a reboot the numbers may belong to anybody, such as this test."""
    server, queue = Postgres(data, durable=False), Redis(data, durable=False)
    server.start()
    server.stop()
    (server.data / "postmaster.pid").write_text(f"{os.getpid()}\n{server.data}\n")
    queue.pid_file.write_text(f"{os.getpid()}\n")
    socket_folder("redis", data).mkdir(mode=0o700)
    (socket_folder("redis", data) / "redis.sock").touch()
    server.start()
    queue.start()
    queue.stop()
    server.stop()


def test_only_a_process_we_started_is_stopped(tmp_path: Path) -> None:
    other = subprocess.Popen(["sleep", "60"])
    pid_file = tmp_path / "web.pid"
    try:
        pid_file.write_text(f"{other.pid}\n")
        stop_leftover(pid_file, "gunicorn", signal.SIGTERM)
        assert other.poll() is None
        assert not pid_file.exists()
    finally:
        other.kill()
        other.wait()


def test_a_folder_has_one_holder(data: Path) -> None:
    with held(data), pytest.raises(CannotStart, match="already runs on"), held(data):
        pass
    with held(data):
        pass


def test_reset_forgets_even_a_broken_folder(data: Path) -> None:
    (data / "pg18").mkdir(parents=True)
    (data / "pg18" / "rubbish").touch()
    (data / "outbox").mkdir()
    env = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    command = [sys.executable, "-m", "config.launch", "reset", "--data", str(data)]
    done = subprocess.run(command, cwd=BASE, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "starts afresh" in done.stdout
    assert not (data / "pg18").exists()
    assert not (data / "outbox").exists()

    env["DATABASE_URL"] = "postgresql://app@db/rightsbook"
    done = subprocess.run(command, cwd=BASE, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "does not touch a database of yours" in done.stderr


def test_root_without_user_namespaces_runs_postgresql_as_a_plain_account(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EMBEDDED_NO_USERNS", "1")
    server = Postgres(data, durable=False)
    server.start()
    try:
        assert server.process is not None
        owner = Path(f"/proc/{server.process.pid}").stat().st_uid
        assert owner != 0  # whoever runs this test
    finally:
        server.stop()
        server.remove()
        if server.data.parents[1] != data.parent:
            shutil.rmtree(server.data.parents[1])
        monkeypatch.undo()


def test_the_stand_in_for_redis_answers(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EMBEDDED_REDIS", "fake")
    queue = Redis(data, durable=False)
    queue.start()
    try:
        assert queue.url().startswith("redis://127.0.0.1:")
    finally:
        queue.stop()
