"""Passwords guessed as fast as a machine can: the guesses are stopped before they cost
anything, and everybody else's pages go on."""

from __future__ import annotations

import os
import re
import statistics
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlencode

import pytest
import requests
from django.core.cache import cache
from django.core.handlers.base import BaseHandler
from django.db import connection
from django.test import Client, RequestFactory

from tests.deploy.servers import free_port
from tests.world import PASSWORD, World

from .test_timing import HASHER

ROOT = Path(__file__).resolve().parents[2]
FORM = "application/x-www-form-urlencoded"
AT_ONCE = 50
WHILE = 20  # seconds in which pages are asked for, from the moment the guesses are sent


@pytest.fixture
def server(bestnet: World) -> Iterator[str]:
    """The address of a web server as it is deployed: gunicorn, and the hasher at its full
    cost.  It believes the proxy that a request says it came through."""
    port, name = free_port(), connection.settings_dict["NAME"]
    url = re.sub(r"/[^/?]*\?", f"/{name}?", os.environ["DATABASE_URL"])
    process = subprocess.Popen(
        [
            sys.executable, "-m", "gunicorn", "config.wsgi", "--bind", f"127.0.0.1:{port}",
            "--worker-class", "gthread", "--workers", "2", "--threads", "4",
        ],
        cwd=ROOT,
        env={**os.environ, "DATABASE_URL": url, "TRUSTED_PROXY": "1", "LOG_LEVEL": "ERROR"},
    )  # fmt: skip
    site, end = f"http://127.0.0.1:{port}", time.monotonic() + 30
    while True:
        try:
            if requests.get(f"{site}/healthz", headers=through(0), timeout=5).ok:
                break
        except requests.ConnectionError:
            assert process.poll() is None
            assert time.monotonic() < end
            time.sleep(0.2)
    yield site
    process.terminate()
    process.wait(20)


def through(visitor: int) -> dict[str, str]:
    """Headers of a request that came through the proxy from a visitor's own network."""
    return {
        "X-Forwarded-For": f"10.{visitor}.0.1",
        "X-Forwarded-Proto": "https",
        "Host": "localhost",
    }


def at_the_door(site: str, visitor: int) -> Callable[[str, str], requests.Response]:
    """Somebody with the sign-in form before them, who may send it any number of times."""
    opened = requests.get(f"{site}/sign-in/", headers=through(visitor), timeout=30)
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', opened.text)
    assert token
    cookies = {c.name: c.value for c in opened.cookies}

    def send(email: str, password: str) -> requests.Response:
        return requests.post(
            f"{site}/sign-in/",
            {"csrfmiddlewaretoken": token[1], "username": email, "password": password},
            headers=through(visitor) | {"Referer": "https://localhost/sign-in/"},
            cookies=cookies, allow_redirects=False, timeout=60,
        )  # fmt: skip

    return send


def p95(seconds: list[float]) -> float:
    return statistics.quantiles(seconds, n=20)[-1]


@pytest.mark.parametrize("networks", [1, AT_ONCE])
def test_fifty_guesses_at_once_leave_everybody_else_their_pages(server, bestnet, networks):
    cache.clear()
    signed_in = at_the_door(server, 200)(bestnet.counsel.email, PASSWORD)
    assert signed_in.status_code == 302
    cookies = {c.name: c.value for c in signed_in.cookies}

    def page() -> float:
        start = time.perf_counter()
        address = f"{server}/a/{bestnet.agreement.slug}/"
        answer = requests.get(address, headers=through(200), cookies=cookies, timeout=60)
        assert answer.status_code == 200, answer.status_code
        return time.perf_counter() - start

    def pages() -> list[float]:
        end = time.perf_counter() + WHILE
        return [page() for _ in iter(lambda: time.perf_counter() < end, False)]

    pages()
    quiet = pages()
    doors = [at_the_door(server, n % networks) for n in range(AT_ONCE)]
    with ThreadPoolExecutor(AT_ONCE) as guessers:
        guesses = [
            guessers.submit(door, f"nobody-{n}@bestnet.example", "guessed")
            for n, door in enumerate(doors)
        ]
        beset = pages()
    answers = Counter(guess.result().status_code for guess in guesses)

    assert set(answers) <= {422, 429, 503}, answers
    assert answers[422] >= 1, "the control: some are hashed"
    assert p95(beset) <= 2 * p95(quiet), (answers, p95(quiet), max(beset))


def test_a_guess_too_many_is_refused_before_anything_is_hashed(bestnet, settings, monkeypatch):
    settings.PASSWORD_HASHERS = [HASHER]
    cache.clear()
    client = Client()
    sent = {"username": bestnet.counsel.email, "password": "guessed"}
    while client.post("/sign-in/", sent).status_code != 429:
        pass
    monkeypatch.setattr(type(bestnet.counsel), "check_password", None)
    monkeypatch.setattr(type(bestnet.counsel), "set_password", None)
    server = BaseHandler()
    server.load_middleware()
    took = []
    for _ in range(50):
        request = RequestFactory().post("/sign-in/", urlencode(sent), content_type=FORM)
        start = time.perf_counter()
        answer = server.get_response(request)
        took.append(time.perf_counter() - start)
        assert answer.status_code == 429

    assert statistics.median(took) < 0.005, took
