"""docker-compose.yml is sound, and each of its commands works when it is really run.

There may be no container engine where this runs, so the commands run here, as processes, with the
environment the file gives them, against servers that listen on TCP and ask for a password.
"""

from __future__ import annotations

import contextlib
import http.client
import os
import re
import secrets
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from email.message import Message
from pathlib import Path
from typing import Any, NamedTuple

import psycopg
import pytest
import yaml

from tests.deploy.servers import APP_PASSWORD, OWNER_PASSWORD, Servers, free_port

pytestmark = pytest.mark.deploy

BASE = Path(__file__).resolve().parents[2]
FILE = BASE / "docker-compose.yml"
COMPOSE: dict[str, Any] = yaml.safe_load(FILE.read_text())
GIVEN = {
    "OWNER_PASSWORD": OWNER_PASSWORD,
    "APP_PASSWORD": APP_PASSWORD,
    "SECRET_KEY": secrets.token_urlsafe(50),
    "SITE_URL": "https://rights.example.com",
    "TRUSTED_PROXY": "1",
}


def filled_in(text: str) -> str:
    """Compose's ``${NAME:-default}``, ``${NAME:?message}`` and ``$$``."""

    def value(found: re.Match[str]) -> str:
        name, default = found["name"], found["default"]
        if default is None:
            return GIVEN[name]
        return GIVEN.get(name, default)

    text = re.sub(r"\$\{(?P<name>\w+)(?::\?[^}]*|:-(?P<default>[^}]*))\}", value, text)
    return text.replace("$$", "$")


class Composed:
    """The services of the file, run as processes of this machine."""

    def __init__(self, servers: Servers, folder: Path) -> None:
        self.servers, self.folder = servers, folder
        self.port = free_port()
        self.static = folder / "static"

    def env(self, service: str) -> dict[str, str]:
        given = {
            key: filled_in(str(value)) for key, value in self._of(service)["environment"].items()
        }
        there = {
            "@db:5432": f"@127.0.0.1:{self.servers.postgres_port}",
            "//redis:6379": f"//127.0.0.1:{self.servers.redis_port}",
        }
        for container, here in there.items():
            given = {key: value.replace(container, here) for key, value in given.items()}
        return {
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
            "HOSTNAME": socket.gethostname(),
            "LC_ALL": "C.UTF-8",
            **given,
            "PORT": str(self.port),
            "VAR_DIR": str(self.folder),
            "EVIDENCE_DIR": str(self.folder / "evidence"),
            "STATIC_ROOT": str(self.static),  # as the Dockerfile sets it
            # the file leaves the address to PORT and listens everywhere; here only on loopback
            "GUNICORN_CMD_ARGS": f"--bind 127.0.0.1:{self.port}",
        }

    def _of(self, service: str) -> dict[str, Any]:
        found: dict[str, Any] = COMPOSE["services"][service]
        return found

    def run(self, service: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            self._of(service)["command"], cwd=BASE, env=self.env(service),
            capture_output=True, text=True, check=False, timeout=400,
        )  # fmt: skip

    @contextlib.contextmanager
    def up(self, service: str) -> Iterator[Path]:
        log = self.folder / f"{service}.log"
        with log.open("wb") as out:
            process = subprocess.Popen(
                self._of(service)["command"], cwd=BASE, env=self.env(service),
                stdout=out, stderr=out, stdin=subprocess.DEVNULL,
            )  # fmt: skip
        try:
            yield log
            assert process.poll() is None, log.read_text()
        finally:
            process.terminate()
            process.wait(40)

    def healthy(self, service: str, log: Path, patience: float = 120) -> None:
        """Wait for the service's own health check to say yes."""
        kind, *words = self._of(service)["healthcheck"]["test"]
        command = ["sh", "-c", filled_in(words[0])] if kind == "CMD-SHELL" else words
        end = time.monotonic() + patience
        while True:
            asked = subprocess.run(
                command,
                cwd=BASE,
                env=self.env(service),
                capture_output=True,
                text=True,
                check=False,
            )
            if asked.returncode == 0:
                return
            assert time.monotonic() < end, asked.stdout + asked.stderr + log.read_text()
            time.sleep(0.3)


@pytest.fixture(scope="module")
def composed(own_servers: Servers, tmp_path_factory: pytest.TempPathFactory) -> Composed:
    running = Composed(own_servers, tmp_path_factory.mktemp("compose"))
    done = running.run("migrate")
    assert done.returncode == 0, done.stdout + done.stderr
    # the Dockerfile's own step, less the API viewer, which takes long to compress
    subprocess.run(
        [
            sys.executable, "manage.py", "collectstatic", "--noinput",
            "--ignore", "drf_spectacular_sidecar",
        ],
        cwd=BASE, check=True, capture_output=True,
        env={"PATH": os.environ["PATH"], "DEBUG": "1", "STATIC_ROOT": str(running.static)},
    )  # fmt: skip
    return running


def test_the_file_follows_the_compose_specification() -> None:
    subprocess.run(
        [
            Path(sys.executable).with_name("check-jsonschema"),
            "--builtin-schema", "vendor.compose-spec", FILE,
        ],
        check=True,
    )  # fmt: skip


def test_every_service_is_pinned_checked_and_unprivileged() -> None:
    for name, service in COMPOSE["services"].items():
        assert ":" in service["image"], name
        assert not service["image"].endswith(":latest"), name
        assert "healthcheck" in service, name
        if service.get("build"):
            assert service["read_only"] is True, name
            assert service["cap_drop"] == ["ALL"], name
    assert "USER rightsbook" in (BASE / "Dockerfile").read_text()


def test_no_secret_has_a_default() -> None:
    text = FILE.read_text()
    for name in ("OWNER_PASSWORD", "APP_PASSWORD", "SECRET_KEY"):
        assert re.search(rf"\$\{{{name}:\?", text)
        assert not re.search(rf"\$\{{{name}(:-|\}})", text)


def test_the_image_gets_every_folder_the_settings_need() -> None:
    copied = set(re.findall(r"^COPY (\w+) \w+$", (BASE / "Dockerfile").read_text(), re.M))
    assert copied == {"config", "investors", "notices", "registrations", "templates", "static"}
    ignored = (BASE / ".dockerignore").read_text().splitlines()
    assert {f"!{name}" for name in copied} <= set(ignored)


def test_migrating_twice_changes_nothing(composed: Composed) -> None:
    again = composed.run("migrate")
    assert again.returncode == 0, again.stderr
    assert "No migrations to apply" in again.stdout


class Answer(NamedTuple):
    status: int
    headers: Message
    text: str


def test_web_answers_holds_to_https_and_serves_fingerprinted_files(composed: Composed) -> None:
    def get(path: str, **headers: str) -> Answer:
        line = http.client.HTTPConnection("127.0.0.1", composed.port, timeout=10)
        with contextlib.closing(line):
            line.request("GET", path, headers={"Host": "rights.example.com", **headers})
            answer = line.getresponse()
            return Answer(answer.status, answer.headers, answer.read().decode())

    with composed.up("web") as log:
        composed.healthy("web", log)
        moved = get("/")
        assert moved.status == 301
        assert moved.headers["Location"] == "https://rights.example.com/"
        assert get("/readyz", Host="evil.example.com").status == 400

        secure = {"X-Forwarded-Proto": "https", "X-Forwarded-For": "203.0.113.9"}
        page = get("/sign-in/", **secure)
        assert "max-age=31536000" in page.headers["Strict-Transport-Security"]
        assert "default-src 'none'" in page.headers["Content-Security-Policy"]
        assert "camera=()" in page.headers["Permissions-Policy"]
        assert "__Host-csrf=" in page.headers["Set-Cookie"]
        assert (
            page.headers["Cache-Control"].endswith("private")
            or "no-store" in page.headers["Cache-Control"]
        )
        style = re.search(r'href="(/static/css/app\.[0-9a-f]+\.css)"', page.text)
        assert style, "the style sheet has no fingerprint"
        sheet = get(style[1], **secure)
        assert "immutable" in sheet.headers["Cache-Control"]
        assert "default-src 'none'" in sheet.headers["Content-Security-Policy"]


def test_beat_queues_and_worker_does(composed: Composed) -> None:
    with composed.up("worker") as worker_log, composed.up("beat") as beat_log:
        composed.healthy("beat", beat_log)
        composed.healthy("worker", worker_log)
        end = time.monotonic() + 90
        while "notices.tasks.relay" not in worker_log.read_text().partition("ready.")[2]:
            assert time.monotonic() < end, worker_log.read_text() + beat_log.read_text()
            time.sleep(0.2)
    assert "Traceback" not in worker_log.read_text()


@pytest.mark.parametrize(
    "statement",
    [
        "truncate investors_user cascade",
        "drop table investors_user cascade",
        "alter table investors_user disable trigger all",
        "alter table investors_user owner to rightsbook_app",
        "create trigger t before insert on investors_user"
        " for each row execute function suppress_redundant_updates_trigger()",
        "set session_replication_role = replica",
        "set role rightsbook_owner",
        "delete from django_migrations",
        "create table mine (id int)",
    ],
)
def test_the_application_may_not(composed: Composed, statement: str) -> None:
    url = composed.servers.url("rightsbook_app", APP_PASSWORD, "rightsbook")
    with psycopg.connect(url) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute(statement)


def test_the_application_may_read_and_write_rows_and_history_follows(composed: Composed) -> None:
    done = subprocess.run(
        [
            sys.executable, "manage.py", "shell", "-c",
            "import pghistory; from investors.models import User, UserEvent\n"
            "with pghistory.context(act='test'):\n"
            "    u = User.objects.create_user(email='ann@example.com', password='x')\n"
            "    User.objects.filter(pk=u.pk).update(is_active=False)\n"
            "print(list(UserEvent.objects.filter(pgh_obj=u).order_by('pgh_id')"
            ".values_list('is_active', 'pgh_context__metadata__act')))",
        ],
        cwd=BASE, env=composed.env("web"), capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert "[(True, 'test'), (False, 'test')]" in done.stdout, done.stdout + done.stderr
    url = composed.servers.url("rightsbook_app", APP_PASSWORD, "rightsbook")
    for statement in (
        "delete from investors_userevent",
        "update investors_userevent set email = 'x@example.com'",
    ):
        with psycopg.connect(url) as connection, pytest.raises(psycopg.errors.RaiseException):
            connection.execute(statement)
