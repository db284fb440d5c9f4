"""How long an answer takes does not tell whether somebody signs in with an address."""

from __future__ import annotations

import itertools
import random
import statistics
import time
from collections.abc import Callable
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.test import Client

from tests.web.forms import Desk
from tests.world import PASSWORD, World

pytestmark = [pytest.mark.faults, pytest.mark.django_db]

PAIRS = 200
HASHER = "config.hashers.Argon2"  # as in production, at its full cost


def sign_in(address: str, visitor: str) -> int:
    typed = {"username": address, "password": "not the password"}
    return Client(REMOTE_ADDR=visitor).post("/sign-in/", typed).status_code


def forgotten(address: str, visitor: str) -> int:
    typed = {"email": address}
    return Client(REMOTE_ADDR=visitor).post("/account/password/forgotten/", typed).status_code


def difference(known: list[float], unknown: list[float]) -> float:
    """The two-sided p of the rank-sum test of Mann and Whitney, by its normal approximation."""
    ranked = sorted([(seconds, 1) for seconds in known] + [(seconds, 0) for seconds in unknown])
    ranks = sum(place for place, (_, is_known) in enumerate(ranked, 1) if is_known)
    m, n = len(known), len(unknown)
    u = ranks - m * (m + 1) / 2
    spread = (m * n * (m + n + 1) / 12) ** 0.5
    return 2 * (1 - statistics.NormalDist().cdf(abs(u - m * n / 2) / spread))


def timed(ask: Callable[[str, str], int], known: Callable[[int], str]) -> float:
    """Ask of known and unknown addresses turn and turn about, each time as another visitor,
    so that nobody is stopped for asking too often."""
    rng = random.Random(1)  # noqa: S311  # the order of asking, no secret
    visitors = (f"10.{a}.{b}.1" for a, b in itertools.product(range(250), repeat=2))
    took: dict[bool, list[float]] = {True: [], False: []}
    for n in range(PAIRS):
        for exists in rng.sample([True, False], k=2):
            address = known(n) if exists else f"nobody-{n}@bestnet.example"
            visitor = next(visitors)
            start = time.perf_counter()
            status = ask(address, visitor)
            took[exists].append(time.perf_counter() - start)
            assert status == (422 if ask is sign_in else 302)
    return difference(took[True], took[False])


@pytest.fixture
def people(bestnet: World, settings) -> Callable[[int], str]:
    """Somebody with an account, each time another."""
    settings.PASSWORD_HASHERS = [HASHER]
    cache.clear()
    model = type(bestnet.counsel)
    person = model.objects.create_user("first@bestnet.example", PASSWORD, name="First")
    for n in range(PAIRS):
        other = model(
            email=f"person-{n}@bestnet.example", name="A person", password=person.password
        )
        other.save()
    return lambda n: f"person-{n}@bestnet.example"


def test_nobody_learns_by_inviting_somebody_who_has_an_account(people, bestnet, client):
    desk = Desk(bestnet, client)
    url = desk.url("invite-person", bestnet.investors["Dale"].public_id)
    opened = desk.open(url)

    def invite(address: str, visitor: str) -> int:
        typed = {"name": "A person", "email": address, "role": "views", "once": str(uuid4())}
        return client.post(url, {**opened, **typed, "do": "save"}).status_code

    assert any(timed(invite, people) > 0.01 for _ in range(2))


@pytest.mark.parametrize("ask", [sign_in, forgotten])
def test_nobody_learns_by_a_clock_who_has_an_account(people, ask):
    # By chance alone one such test in a hundred fails; two in a row, one in ten thousand.
    assert any(timed(ask, people) > 0.01 for _ in range(2))


def test_the_clock_would_tell_a_difference_of_a_hash(people, settings, monkeypatch):
    """The control: without a hash for nobody, the test above sees it at once."""
    monkeypatch.setattr("django.contrib.auth.backends.UserModel.set_password", lambda *_: None)

    assert timed(sign_in, people) < 0.01
