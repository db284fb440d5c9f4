"""Under which name a failed sign-in is recorded."""

from collections.abc import Mapping

from django.http import HttpRequest


def attempted_account(request: HttpRequest | None, credentials: Mapping[str, str] | None) -> str:
    """The e-mail address that was tried, in one spelling, whichever field it came in.

    One spelling, so that a guesser cannot begin a new count by changing a capital letter.
    """
    given: Mapping[str, str] = credentials or (request.POST if request else {})
    return str(given.get("email") or given.get("username") or "").strip().lower()
