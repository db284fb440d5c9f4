"""A cache that stands between the server and its people, and keeps whatever it is not told
to leave: what one of them got, another never gets."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import requests
from cachecontrol import CacheControlAdapter
from cachecontrol.cache import DictCache
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.test import Client

from config.middleware import PrivateUnlessSaid
from tests import world as tell

from .places import BACKEND, Place, primary_key, whole
from .policy import POLICY, Policy
from .test_who_may_see_what import told_in

THEIR_OWN = {Policy.OWN, Policy.SIGNED, Policy.SIGNED_IN, Policy.SHARED}


@pytest.fixture
def between() -> Iterator[requests.Session]:
    """A client that asks through the cache.  It keeps by address alone, as a cache does that
    is told nothing of who asks, and follows what a server says it may keep."""
    with requests.Session() as session:
        session.mount("http://", CacheControlAdapter(DictCache()))
        yield session


@pytest.mark.django_db(transaction=True)
def test_who_asks_second_gets_nothing_of_the_first(
    live_server: Any, between: requests.Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    place: Place = whole(tell.build())
    cookies = {}
    for who, person in place.investors.items():
        client = Client()
        client.force_login(person, BACKEND)
        cookies[who] = {
            settings.SESSION_COOKIE_NAME: client.cookies[settings.SESSION_COOKIE_NAME].value
        }

    def ask(who: str, path: str) -> requests.Response:
        return between.get(live_server.url + path, cookies=cookies[who], allow_redirects=False)

    told: list[str] = []
    for route in (route for route, policy in POLICY.items() if policy in THEIR_OWN):
        path = primary_key(place, route).address(route)
        ask("dale", path)
        second = ask("birch", path)
        assert not second.from_cache, path
        told += [f"{path}: {each}" for each in told_in(second.text, place, to="birch")]
    assert told == []

    monkeypatch.setattr(PrivateUnlessSaid, "__call__", may_be_kept)
    home = f"/portal/{place.ids['investor']}/"
    assert ask("dale", home).status_code == 200
    assert ask("birch", home).from_cache, "the control: without our word it would be kept"


def may_be_kept(self: PrivateUnlessSaid, request: HttpRequest) -> HttpResponse:
    response = self.get_response(request)
    response.headers["Cache-Control"] = "max-age=600"
    response.headers.pop("Vary", None)
    return response
