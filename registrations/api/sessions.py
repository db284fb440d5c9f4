"""The API for somebody signed in to the pages, such as a reader of its description."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from drf_spectacular.authentication import SessionScheme
from rest_framework.authentication import SessionAuthentication
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request

from investors import accounts


class SessionWithSecondFactor(SessionAuthentication):
    """The session of the pages, held to the second factor as the pages are."""

    def authenticate(self, request: Request) -> tuple[Any, None] | None:
        found = super().authenticate(request)
        if found and settings.REQUIRE_MFA and accounts.second_factor_is_due(request._request):
            raise PermissionDenied(
                "Your account must have a second factor. Set one up on the page of your account."
            )
        return found


class SessionWithSecondFactorScheme(SessionScheme):  # type: ignore[no-untyped-call]
    """How the description names it."""

    target_class = "registrations.api.sessions.SessionWithSecondFactor"
