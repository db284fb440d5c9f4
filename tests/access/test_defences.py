"""What holds at every address there is, whoever asks: looking changes nothing, a form needs
its token, no other method is taken, and every answer carries the headers that guard it."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.http import HttpResponse
from django.test import Client, override_settings

from tests.world import PASSWORD

from .places import CANARY, Place, Visitors, primary_key
from .policy import POLICY

JULY_20 = "2003-07-20 16:00:00+00:00"
# What is kept of a visit: the session, and that a browser is signed in.
OF_THE_VISIT = ("django_session", "usersessions_usersession", "axes_")
GUARDS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "X-Frame-Options": "DENY",
}


def addresses(place: Place) -> Iterator[tuple[str, str]]:
    for route in POLICY:
        yield route, primary_key(place, route).address(route)


@time_machine.travel(JULY_20, tick=False)
def test_looking_changes_nothing_and_every_answer_is_guarded(
    place: Place, caplog: pytest.LogCaptureFixture
) -> None:
    """Asked of every address, by nobody, by counsel and by an Investor's person: no row is
    written, the answer carries the headers that guard it, nobody keeps a copy, and no line
    of the log tells a holding."""
    caplog.set_level(logging.INFO)
    visitors = Visitors(
        {"nobody": None, "counsel": place.world.counsel, "dale": place.investors["dale"]}
    )
    wrong: list[str] = []
    written: list[str] = []
    refused = 0

    def watch(execute: Any, sql: str, params: Any, many: Any, context: Any) -> Any:
        if re.match(r"\s*(INSERT|UPDATE|DELETE|TRUNCATE)", sql, re.I):
            written.append(sql)
        return execute(sql, params, many, context)

    everywhere = [(route, address) for route, address in addresses(place)]
    for route, address in [*everywhere, ("nowhere", "/no-such-page/"), ("api", "/api/v1/none/")]:
        for who in visitors.people:
            written.clear()
            with connection.execute_wrapper(watch):
                answer = visitors.ask(who, "get", address)
            if answer.status_code in (401, 403, 404, 405, 410, 429):
                refused += 1
            told = [s for s in written if not any(t in s for t in OF_THE_VISIT)]
            told += list(unguarded(answer))
            wrong += [f"{route} to {who}: {each[:160]}" for each in told]
    lines = [r.getMessage() for r in caplog.records]

    assert wrong == []
    assert [line for line in lines if str(CANARY) in line or f"{CANARY:,}" in line] == []
    said = [line for line in lines if re.match(r"4\d\d to (nobody|account \d+): GET /", line)]
    assert len(said) == refused > 0, "each refusal is on record with who asked"


def unguarded(answer: HttpResponse) -> Iterator[str]:
    """What an answer lacks of what guards it."""
    headers = answer.headers
    policy = headers.get("Content-Security-Policy", "")
    for name, value in GUARDS.items():
        if headers.get(name) != value:
            yield f"{name}: {headers.get(name)}"
    if "default-src 'none'" not in policy or "unsafe-inline" in policy:
        yield f"Content-Security-Policy: {policy}"
    if "camera=()" not in headers.get("Permissions-Policy", ""):
        yield "no Permissions-Policy"
    if "no-store" not in headers.get("Cache-Control", ""):
        yield f"Cache-Control: {headers.get('Cache-Control')}"


def test_an_answer_without_its_guards_is_found() -> None:
    """The control."""
    assert len(list(unguarded(HttpResponse()))) == len(GUARDS) + 3


@time_machine.travel(JULY_20, tick=False)
def test_no_other_method_is_taken(place: Place) -> None:
    visitors = Visitors({"counsel": place.world.counsel, "dale": place.investors["dale"]})
    wrong = []
    for method in ("put", "patch", "delete", "trace"):
        for route, address in addresses(place):
            for who in visitors.people:
                status = visitors.ask(who, method, address).status_code
                if status not in (403, 404, 405):
                    wrong.append(f"{method.upper()} {route} by {who}: {status}")

    assert wrong == []


@time_machine.travel(JULY_20, tick=False)
def test_a_form_without_its_token_is_refused(place: Place) -> None:
    people = {"nobody": None, "counsel": place.world.counsel, "dale": place.investors["dale"]}
    visitors = Visitors(people, enforce_csrf_checks=True)
    wrong = []
    for route, address in addresses(place):
        for who in visitors.people:
            status = visitors.ask(who, "post", address).status_code
            if status not in (401, 403, 404, 405):
                wrong.append(f"{route} by {who}: {status}")

    assert wrong == []


@pytest.mark.parametrize(
    "onward", ["//evil.example", "/\\evil.example", "https:evil.example", "https://evil.example/",
               "javascript:alert(1)", "/%0d%0aLocation:%20//evil.example"],
)  # fmt: skip
def test_signing_in_leads_nowhere_else(place: Place, onward: str) -> None:
    answer = Client().post(
        "/sign-in/", {"username": place.world.counsel.email, "password": PASSWORD, "next": onward}
    )

    assert answer.status_code == 302
    assert "evil" not in answer["Location"] or answer["Location"].startswith("/%0d")
    assert not answer["Location"].startswith(("//", "/\\", "http", "javascript"))


@override_settings(ALLOWED_HOSTS=["rightsbook.example"])
def test_a_forged_host_is_refused() -> None:
    for address in ("/sign-in/", "/healthz-not", "/account/password/forgotten/"):
        answer = Client().get(address, headers={"host": "evil.example"})
        assert answer.status_code == 400
        assert b"evil.example" not in answer.content


@pytest.mark.parametrize("address", ["/.git/config", "/static/", "/../etc/passwd", "/.env"])
def test_nothing_beside_the_application_is_served(address: str) -> None:
    assert Client().get(address).status_code == 404
