"""What holds for every response."""

import logging
import time
from collections.abc import Callable
from typing import Any

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.contrib.auth import logout
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect

from investors import accounts, sight
from investors.models import User

logger = logging.getLogger("rightsbook.refused")

_REFUSALS = {401, 403, 404, 405, 410, 429}
# What somebody can reach who still has to set up a second factor.
_TO_SET_ONE_UP = {
    "second-factor", "mfa_activate_totp", "mfa_add_webauthn", "account_reauthenticate",
}  # fmt: skip
# What answers whoever asks, signed in or not.
_FOR_ANYBODY = {"sign-out", "theme", "healthz", "readyz"}
# What answers without reading a row of any agreement, also while the database is down.
_WITHOUT_ROWS = {"healthz", "readyz"}


class PrivateUnlessSaid:
    """No page is kept by a shared cache, or shown again by "back" after signing out, unless its
    view says otherwise.  Static files are answered earlier and are not touched."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Cache-Control", "private, no-store")
        return response


class RefusalsOnRecord:
    """Each request that is refused leaves a line in the log: what was asked, by which account
    and from which network.  The log gives it its instant, and takes secrets out of addresses."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code in _REFUSALS:
            logger.warning(
                "%s to %s: %s %s from %s",
                response.status_code, _who(request), request.method, request.path,
                _network(request),
            )  # fmt: skip
        return response


def _who(request: HttpRequest) -> str:
    # A form refused for its token comes back before anybody is known; and with the database
    # gone nobody is.
    try:
        user = getattr(request, "user", None)
        return f"account {user.pk}" if user is not None and user.is_authenticated else "nobody"
    except DatabaseError:
        return "somebody"


def _network(request: HttpRequest) -> str:
    try:
        return accounts.network_of(get_adapter(request).get_client_ip(request))
    except PermissionDenied:  # a proxy that does not say for whom it asks
        return "an unknown network"


class ReadOrSend:
    """Pages are read or sent, and take no other method; the API says so itself, in its own
    words."""

    METHODS = ("GET", "HEAD", "OPTIONS", "POST")

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method not in self.METHODS and not request.path.startswith("/api/"):
            return HttpResponseNotAllowed(self.METHODS)
        return self.get_response(request)


class SessionsEnd:
    """A session ends when nobody used it for ``SESSION_IDLE`` or ``SESSION_LONGEST`` after it
    began, whichever is first.  Its use is noted once a minute, not at every page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        session, now = request.session, time.time()
        if settings.SESSION_COOKIE_NAME in request.COOKIES and not session.is_empty():
            if session.too_old(  # type: ignore[attr-defined]  # ours: config.sessions
                now=now,
                idle=settings.SESSION_IDLE.total_seconds(),
                longest=settings.SESSION_LONGEST.total_seconds(),
            ):
                logout(request)
            elif now - session.get("seen", now) > 60:
                session.modified = True
        return self.get_response(request)


class RowsForWhoAsks:
    """The database shows a request the rows its person may see, and staff in the admin all;
    the API, which learns by a token who asks, narrows it again."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        try:
            return self.get_response(request)
        finally:
            sight.widen()

    def process_view(self, request: HttpRequest, *view: Any) -> None:
        match = request.resolver_match
        if match is None or match.url_name in _WITHOUT_ROWS:
            return
        user = request.user if isinstance(request.user, User) else None
        staff = user is not None and user.is_active and user.is_staff
        sight.narrow(user, whole=staff and match.app_name == "admin")


class SecondFactorFirst:
    """Where ``REQUIRE_MFA`` is on, who acts for a company or uses the admin reaches nothing
    before they have a second factor and this session has shown it.

    The API is not held back here: by token it needs none, and by session it asks the same
    question itself and answers in its own words.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *view: Any) -> HttpResponse | None:
        match = request.resolver_match
        if (
            not settings.REQUIRE_MFA
            or match is None
            or match.url_name in _FOR_ANYBODY
            or match.route.startswith("api/")
            or not accounts.second_factor_is_due(request)
        ):
            return None
        if accounts.second_factor_is_set_up(request.user):  # type: ignore[arg-type]
            # Set up elsewhere after this session began: it has to be shown here, too.
            logout(request)
            return redirect("sign-in")
        return None if match.url_name in _TO_SET_ONE_UP else redirect("second-factor")
