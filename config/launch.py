"""Run Rightsbook on one machine: servers, web, worker and beat, stopped together by Ctrl-C.

python -m config.launch demo [--port 8000] [--data var]    the whole application, with its story
python -m config.launch reset [--data var]                 forget what the demo stored
python -m config.launch run [--migrated] -- COMMAND …      COMMAND with throw-away servers
"""

from __future__ import annotations

import argparse
import contextlib
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from pathlib import Path

import psycopg
import redis

from config.embedded import CannotStart, Postgres, Redis, held, services
from config.embedded.processes import last_lines, stop_leftover

BASE = Path(__file__).resolve().parent.parent
VAR = BASE / "var"
HOST = "127.0.0.1"
GRACE = 10  # seconds a process has to finish what it is doing


class Stopped(Exception):
    """Somebody asked us to stop."""


def _stop_on_signals() -> None:
    """The first signal unwinds everything; later ones must not cut the tidying up short."""

    def stop(number: int, _frame: object) -> None:
        for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(each, signal.SIG_IGN)
        raise Stopped(128 + number)

    for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(each, stop)


# --- The processes ----------------------------------------------------------------------------


def programs(port: int) -> dict[str, list[str]]:
    """What runs beside the servers."""
    python = sys.executable
    return {
        "web": [
            python, "-m", "gunicorn", "config.wsgi", "--bind", f"{HOST}:{port}",
            "--worker-class", "gthread", "--workers", "2", "--threads", "4",
            "--graceful-timeout", "8", "--no-control-socket",
        ],
        "worker": [
            python, "-m", "celery", "-A", "config", "worker", "--loglevel", "INFO",
            "--concurrency", "2", "--without-gossip", "--without-mingle",
        ],
        "beat": [python, "-m", "celery", "-A", "config", "beat", "--loglevel", "INFO"],
    }  # fmt: skip


def stop_leftovers(data: Path) -> None:
    """Stop what a launcher that was killed left running on this folder."""
    for name in programs(0):
        stop_leftover(data / f"{name}.pid", sys.executable, signal.SIGTERM, GRACE)


@contextlib.contextmanager
def running(
    data: Path, port: int, env: dict[str, str]
) -> Iterator[dict[str, subprocess.Popen[bytes]]]:
    """Web, worker and beat, each writing to its own log under ``data``.

    Each leads a session of its own, so that Ctrl-C reaches only us and we stop them in turn.
    """
    started: dict[str, subprocess.Popen[bytes]] = {}
    try:
        for name, command in programs(port).items():
            with (data / f"{name}.log").open("wb") as log:
                started[name] = subprocess.Popen(
                    command, cwd=BASE, env=env, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                    start_new_session=True,
                )  # fmt: skip
            (data / f"{name}.pid").write_text(f"{started[name].pid}\n")
        yield started
    finally:
        for process in started.values():
            process.terminate()
        end = time.monotonic() + GRACE
        for name, process in started.items():
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(max(0.1, end - time.monotonic()))
            with contextlib.suppress(ProcessLookupError):  # its children, had it died before them
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            (data / f"{name}.pid").unlink(missing_ok=True)


def manage(env: dict[str, str], *words: str, module: str | None = None) -> None:
    """Run a management command, or a module of ours, to its end."""
    command = [sys.executable, *(["-m", module] if module else ["manage.py"]), *words]
    process = subprocess.Popen(
        command, cwd=BASE, env=env, stdin=subprocess.DEVNULL, start_new_session=True
    )
    try:
        status = process.wait()
    except BaseException:
        process.terminate()
        process.wait()
        raise
    if status:
        raise CannotStart(f"`{' '.join(command[1:])}` failed; the lines above say why.")


# --- Checks before anything starts --------------------------------------------------------------


def refuse_taken_port(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as gunicorn binds it
        try:
            probe.bind((HOST, port))
        except PermissionError:
            raise CannotStart(
                f"Port {port} needs an administrator. Choose one above 1023: make demo PORT=8001"
            ) from None
        except OSError:
            raise CannotStart(
                f"Port {port} is in use by another program. Stop it, or choose another: "
                f"make demo PORT={port + 1 if port < 65535 else 8001}"
            ) from None


def refuse_silent_database(env: dict[str, str], name: str) -> None:
    try:
        psycopg.connect(env[name], connect_timeout=5).close()
    except psycopg.Error as problem:
        raise CannotStart(f"{name} does not answer: {str(problem).strip()}") from None


def refuse_silent_redis(env: dict[str, str]) -> None:
    try:
        redis.Redis.from_url(env["REDIS_URL"], socket_connect_timeout=5).ping()
    except (redis.RedisError, ValueError) as problem:
        raise CannotStart(f"REDIS_URL does not answer: {problem}") from None


def secret_key(data: Path) -> str:
    """A secret of this data folder's own, so that sign-ins outlive a restart."""
    file = data / "secret_key"
    if not file.exists() or len(file.read_text()) < 50:
        file.unlink(missing_ok=True)
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
            out.write(secrets.token_urlsafe(50))
    return file.read_text()


# --- The commands -------------------------------------------------------------------------------


def demo(data: Path, port: int) -> None:
    with held(data):
        stop_leftovers(data)
        refuse_taken_port(port)
        own = {name: os.environ.get(name, "") for name in ("DATABASE_URL", "REDIS_URL")}
        env = {name: value for name, value in os.environ.items() if name not in SET_BY_US}
        env |= {
            "DEMO": "1",
            "VAR_DIR": str(data),
            "SECRET_KEY": secret_key(data),
            "SITE_URL": f"http://localhost:{port}",
            "PYTHONUNBUFFERED": "1",
        }
        if own["DATABASE_URL"]:
            env["MIGRATE_DATABASE_URL"] = (
                os.environ.get("MIGRATE_DATABASE_URL") or own["DATABASE_URL"]
            )
        print("Starting the servers …", flush=True)
        with services(data, postgres=not own["DATABASE_URL"], redis=not own["REDIS_URL"]) as found:
            env |= found
            refuse_silent_redis(env)
            refuse_silent_database(env, "MIGRATE_DATABASE_URL")
            print("Bringing the tables up to date …", flush=True)
            manage(env, "migrate", "--noinput", "--verbosity", "0")
            if env["MIGRATE_DATABASE_URL"] != env["DATABASE_URL"]:
                manage(env, module="config.roles")
                refuse_silent_database(env, "DATABASE_URL")
            manage(env, "load_demo")
            manage(env, "sweep")  # so that what was due while nothing ran is seen at once
            with running(data, port, env) as started:
                _wait_until_ready(data, env["SITE_URL"], started)
                print(f"\nRightsbook runs at {env['SITE_URL']}/   (Ctrl-C stops it)\n", flush=True)
                manage(env, "demo_brief")
                print(f"\nLogs and mail are in {data}", flush=True)
                while True:
                    _raise_if_ended(data, started)
                    time.sleep(0.5)


# What the demo decides, whatever the shell it is started from has set for something else.
SET_BY_US = {"DEBUG", "MIGRATE_DATABASE_URL", "ALLOWED_HOSTS", "STATIC_ROOT", "TRUSTED_PROXY"}


def _raise_if_ended(data: Path, started: dict[str, subprocess.Popen[bytes]]) -> None:
    for name, process in started.items():
        if process.poll() is not None:
            log = data / f"{name}.log"
            raise CannotStart(f"The {name} process ended ({log}):\n{last_lines(log, 8)}")


def _wait_until_ready(
    data: Path, site: str, started: dict[str, subprocess.Popen[bytes]], patience: float = 180
) -> None:
    end = time.monotonic() + patience
    said = "no answer yet"
    while time.monotonic() < end:
        _raise_if_ended(data, started)
        try:
            with urllib.request.urlopen(f"{site}/readyz", timeout=5):  # noqa: S310 - our own address
                return
        except urllib.error.HTTPError as answer:
            said = f"it answered {answer.code}"
        except OSError as problem:
            said = str(problem)
        time.sleep(0.1)
    raise CannotStart(f"{site}/readyz is not ready: {said}. See {data / 'web.log'}")


def reset(data: Path) -> None:
    if os.environ.get("DATABASE_URL"):
        raise CannotStart(
            "DATABASE_URL is set, and demo-reset does not touch a database of yours. "
            "Unset it, or empty that database yourself."
        )
    with held(data):
        stop_leftovers(data)
        Postgres(data).remove()
        Redis(data).remove()
        for folder in ("evidence", "outbox"):
            shutil.rmtree(data / folder, ignore_errors=True)
    print("The demo's data is gone; the next `make demo` starts afresh.")


def run(command: Sequence[str], *, migrated: bool) -> int:
    """For a shell, a benchmark or an experiment: an empty database and queue, gone afterwards."""
    with (
        tempfile.TemporaryDirectory(prefix="rightsbook-run-") as folder,
        services(Path(folder), durable=False) as found,
    ):
        env = {"DEMO": "1", "VAR_DIR": folder, **os.environ, **found}
        if migrated:
            manage(env, "migrate", "--noinput", "--verbosity", "0")
            manage(env, module="config.roles")
        process = subprocess.Popen(command, env=env)
        try:
            return process.wait()
        except Stopped:
            process.terminate()
            process.wait()
            raise


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m config.launch", description=__doc__.split("\n")[0]
    )
    commands = parser.add_subparsers(dest="command", required=True)
    for name in ("demo", "reset"):
        command = commands.add_parser(name)
        command.add_argument("--data", type=Path, default=VAR)
        if name == "demo":
            command.add_argument("--port", type=int, default=8000)
    alone = commands.add_parser("run")
    alone.add_argument("--migrated", action="store_true")
    alone.add_argument("words", nargs=argparse.REMAINDER)
    asked = parser.parse_args(argv)
    _stop_on_signals()
    try:
        if asked.command == "demo":
            if not 0 < asked.port < 65536:
                raise CannotStart(f"{asked.port} is not a port: choose one from 1 to 65535.")
            demo(asked.data.resolve(), asked.port)
        elif asked.command == "reset":
            reset(asked.data.resolve())
        else:
            words = asked.words[1:] if asked.words[:1] == ["--"] else asked.words
            return run(words, migrated=asked.migrated)
    except CannotStart as problem:
        print(f"\n{problem}", file=sys.stderr)
        return 1
    except Stopped as how:
        print("Stopped.", flush=True)
        return int(how.args[0])
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
