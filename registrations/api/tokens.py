"""Who a program acts for, by its token, and whether the token may do what is asked.

What a token opens is narrowed where everything asks what a person may see
(``Agreement.objects.visible_to``); here is only whether it may record.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils import timezone
from knox.auth import TokenAuthentication as KnoxAuthentication
from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request

from investors import sight
from investors.models import ApiToken, User

from ..services import tokens

if TYPE_CHECKING:  # the framework reads its settings, and so this file, while it loads its views
    from rest_framework.views import APIView


class TokenAuthentication(KnoxAuthentication):
    """The package's, which finds the token by its digest.  The person it gives knows the
    token they came with; its first use of a day is noted."""

    def validate_user(self, auth_token: ApiToken) -> tuple[User, ApiToken]:
        user, token = super().validate_user(auth_token)
        user.token = token
        sight.narrow(user)
        today = timezone.now().date()
        if token.used_on != today:
            tokens.note_use(token=token, on=today)
        return user, token

    def _cleanup_token(self, auth_token: Any) -> bool:
        # The package removes a token that is over.  Ours stay, for their person to see.
        return not auth_token.is_good(timezone.now())


class InScope(BasePermission):
    """A token to read may not record.  Whoever came without a token has no scope."""

    message = (
        "This token may read, not record. Recording needs a token with the scope “Read and "
        "record” (record): make one under API tokens in your account."
    )

    def has_permission(self, request: Request, view: APIView) -> bool:
        token = request.auth
        if not isinstance(token, ApiToken) or request.method in SAFE_METHODS:
            return True
        return token.scope == ApiToken.Scope.RECORD or not getattr(view, "records", True)
