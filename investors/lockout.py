"""Signing in that was stopped: under which name a try is counted, and the answer kept for the
tries that follow."""

import hashlib
from collections.abc import Callable, Mapping

from allauth.account.adapter import get_adapter
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse_lazy

_THE_DOOR = reverse_lazy("sign-in")
# The counts themselves decide when a stop ends; they are asked again this often, in seconds.
_ASKED_AGAIN = 60


def attempted_account(request: HttpRequest | None, credentials: Mapping[str, str] | None) -> str:
    """The e-mail address that was tried, in one spelling, whichever field it came in.

    One spelling, so that a guesser cannot begin a new count by changing a capital letter.
    """
    given: Mapping[str, str] = credentials or (request.POST if request else {})
    return str(given.get("email") or given.get("username") or "").strip().lower()


def stop(request: HttpRequest, *, minutes: int, account: str = "") -> HttpResponse:
    """The answer that signing in is stopped for so many minutes, from this address, for one
    account or for any.  It is kept, and given to those who go on without any work."""
    page = render_to_string("account/locked.html", {"minutes": minutes})
    cache.set(_key(request, account), page, _ASKED_AGAIN)
    return _stopped(page)


class GoingOnIsCheap:
    """Who is stopped and goes on guessing is answered before a session, the database or a
    hash is asked for anything."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method == "POST" and request.path == str(_THE_DOOR):
            account = attempted_account(request, None)
            keys = [_key(request, ""), _key(request, account)]
            for page in cache.get_many(keys).values():
                return _stopped(page)
        return self.get_response(request)


def _stopped(page: str) -> HttpResponse:
    return HttpResponse(page, status=429, headers={"Retry-After": str(_ASKED_AGAIN)})


def _key(request: HttpRequest, account: str) -> str:
    of = f"{get_adapter(request).get_client_ip(request)} {account}"
    return f"stopped.{hashlib.sha256(of.encode()).hexdigest()}"
