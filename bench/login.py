"""A sign-in against one hash of a password, which is most of what it should take."""

from __future__ import annotations

from collections.abc import Iterator

from django.contrib.auth.hashers import check_password, make_password
from django.core.cache import cache
from django.test import Client

from bench.measure import Result, Side, compare
from bench.sweep import as_owner
from investors.models import User

PASSWORD, TIMES = "a long enough password", 5


def results() -> Iterator[Result]:
    as_owner()
    User.objects.create_user("login@example.com", PASSWORD, name="Bench")
    encoded = make_password(PASSWORD)

    def signed_in() -> None:
        for _ in range(TIMES):
            cache.clear()  # counts of tries: a person signs in once
            answer = Client().post(
                "/sign-in/", {"login": "login@example.com", "password": PASSWORD}
            )
            assert answer.status_code == 302, answer.status_code

    def hashed() -> None:
        for _ in range(TIMES):
            assert check_password(PASSWORD, encoded)

    yield compare(
        "a sign-in",
        Side("the sign-in page, from the form to the session", signed_in),
        Side("one hash of the password", hashed),
        n=TIMES,
        target=1.15,
    )
