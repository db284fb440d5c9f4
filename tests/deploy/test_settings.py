"""Production refuses an unsafe environment, in words that say what to set."""

from __future__ import annotations

import os
import secrets
import subprocess
import sys

import pytest

pytestmark = pytest.mark.deploy

GOOD = {
    "SECRET_KEY": secrets.token_urlsafe(50),
    "DATABASE_URL": "postgresql://app:pw@db:5432/rightsbook",
    "REDIS_URL": "redis://redis:6379/0",
    "EMAIL_URL": "smtp://mail:1025",
    "SITE_URL": "https://rights.example.com",
}


def load(show: str = "None", /, **env: str) -> subprocess.CompletedProcess[str]:
    """Import the settings in a fresh interpreter that has this environment and no other."""
    return subprocess.run(
        [sys.executable, "-c", f"from config import settings as s; print([{show}])"],
        env={"PATH": os.environ["PATH"], **env},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"SECRET_KEY": ""}, "SECRET_KEY must be"),
        ({"SECRET_KEY": "short"}, "SECRET_KEY must be"),
        ({"SECRET_KEY": "x" * 60}, "SECRET_KEY must be"),
        ({"SECRET_KEY": "django-insecure-" + secrets.token_urlsafe(50)}, "SECRET_KEY must be"),
        ({"DATABASE_URL": ""}, "DATABASE_URL is not set"),
        ({"REDIS_URL": ""}, "REDIS_URL is not set"),
        ({"REDIS_URL": "localhost:6379"}, "REDIS_URL must look like"),
        ({"EMAIL_URL": ""}, "EMAIL_URL is not set"),
        ({"SITE_URL": ""}, "SITE_URL is not set"),
        ({"SITE_URL": "http://rights.example.com"}, "must begin with https://"),
        ({"ALLOWED_HOSTS": "*"}, "ALLOWED_HOSTS must name"),
        ({"ALLOWED_HOSTS": "good.example.com,.example.com"}, "ALLOWED_HOSTS must name"),
        ({"DEBUG": "1"}, "DEBUG is on, but rights.example.com"),
        ({"DEMO": "1"}, "DEMO is on, but rights.example.com"),
        ({"WEBHOOKS_TO_THIS_MACHINE": "1"}, "WEBHOOKS_TO_THIS_MACHINE is for trying"),
    ],
)
def test_production_does_not_start_with(wrong: dict[str, str], said: str) -> None:
    done = load(**{**GOOD, **wrong})
    assert done.returncode != 0
    assert said in done.stderr


def test_production_starts_and_is_held_to_https() -> None:
    done = load(
        "s.DEBUG, s.PRODUCTION, s.SESSION_COOKIE_SECURE, s.SECURE_SSL_REDIRECT, s.ALLOWED_HOSTS",
        **GOOD,
    )
    assert done.stdout.strip() == "[False, True, True, True, ['rights.example.com']]", done.stderr


@pytest.mark.parametrize(
    ("env", "required"), [({}, True), ({"REQUIRE_MFA": "0"}, False), ({"REQUIRE_MFA": "1"}, True)]
)
def test_production_asks_counsel_for_a_second_factor_unless_told_not_to(
    env: dict[str, str], required: bool
) -> None:
    assert load("s.REQUIRE_MFA", **GOOD, **env).stdout.strip() == f"[{required}]"


def test_a_machine_of_one_s_own_asks_for_none() -> None:
    assert load("s.REQUIRE_MFA", DEBUG="1").stdout.strip() == "[False]"


def test_sessions_end_as_the_environment_says() -> None:
    shown = "s.SESSION_IDLE.seconds, s.SESSION_LONGEST.seconds, s.SESSION_COOKIE_NAME"
    told = {"SESSION_IDLE_MINUTES": "10", "SESSION_HOURS": "8"}

    assert load(shown, **GOOD).stdout.strip() == "[1800, 43200, '__Host-session']"
    assert load(shown, **GOOD, **told).stdout.strip() == "[600, 28800, '__Host-session']"


def test_djangos_own_deployment_check_is_clean() -> None:
    done = subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        env={"PATH": os.environ["PATH"], **GOOD},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def test_the_urls_options_are_kept_beside_ours() -> None:
    url = "postgresql://app@/rightsbook?host=/run/pg%20sockets&options=-c%20statement_timeout%3D9s"
    done = load("s.DATABASES['default']['OPTIONS']", **{**GOOD, "DATABASE_URL": url})
    assert "'host': '/run/pg sockets'" in done.stdout
    assert "lock_timeout=10s" in done.stdout
    assert "statement_timeout=9s" in done.stdout


@pytest.mark.parametrize(
    ("url", "queue", "cache"),
    [
        ("redis://redis:6379", "redis://redis:6379/0", "redis://redis:6379/1"),
        ("rediss://:pw@redis:6379/4", "rediss://:pw@redis:6379/4", "rediss://:pw@redis:6379/5"),
        (
            "unix:///run/r.sock?db=2",
            "redis+socket:///run/r.sock?virtual_host=2",
            "unix:///run/r.sock?db=3",
        ),
    ],
)
def test_one_redis_address_serves_queue_and_cache(url: str, queue: str, cache: str) -> None:
    done = load(
        "s.CELERY_BROKER_URL, s.CACHES['default']['LOCATION']", **{**GOOD, "REDIS_URL": url}
    )
    assert done.stdout.strip() == repr([queue, cache]), done.stderr
