"""API tokens: made by a person for a program, used, and revoked.

Each of these is a line on the trail of every agreement the token opens.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from uuid import UUID, uuid4

import pghistory
from django.db import transaction
from knox.models import get_digest_token
from knox.settings import CONSTANTS

from investors.acts import Refused, noted
from investors.models import Agreement, ApiToken, User

from ..rules.days import say
from .recording import When

MOST_DAYS = 365
MOST_LETTERS = 80


@transaction.atomic
def make_token(
    *,
    name: str,
    scope: str,
    agreement: Agreement | None,
    days: int,
    when: When,
    once: UUID | None = None,
) -> tuple[ApiToken, str]:
    """Make a token for whoever acts, good for so many days: the token's row, and the token
    itself, which is kept nowhere and cannot be had again.

    ``agreement`` is the only one it opens; ``None`` for all that its person may see, those
    to come included.  ``once`` is the one-time key of the form it was asked for in.
    Raises ``Refused`` for a name, scope, agreement or term that cannot be, and for a form
    sent twice.
    """
    name = name.strip()
    if not (0 < len(name) <= MOST_LETTERS and name.isprintable()):
        raise Refused("name", f"Say what the token is for, in 1 to {MOST_LETTERS} characters.")
    if scope not in ApiToken.Scope.values:
        raise Refused("scope", f"Give one of: {', '.join(ApiToken.Scope.values)}.")
    if not 1 <= days <= MOST_DAYS:
        raise Refused("days", f"A token is good for 1 to {MOST_DAYS} days.")
    seen = Agreement.objects.visible_to(when.by)
    if agreement is not None and not seen.filter(pk=agreement.pk).exists():
        raise Refused("agreement", "Choose an agreement you may see.")
    # Two forms of one person wait for each other here, so that the second finds the first.
    User.objects.select_for_update(no_key=True).get(pk=when.by.pk)
    if once is not None and ApiToken.objects.filter(public_id=once).exists():
        raise Refused(
            "once",
            "This form was sent already and its token shown once. If you did not keep the "
            "token, revoke it below, open this page again and make another.",
        )
    ends_at = when.now + timedelta(days=days)
    digest, secret = get_digest_token()

    def make() -> ApiToken:
        return ApiToken.objects.create(
            digest=digest,
            token_key=secret[: CONSTANTS.TOKEN_KEY_LENGTH],
            public_id=once or uuid4(),
            user=when.by,
            expiry=ends_at,
            name=name,
            scope=scope,
            agreement=agreement,
        )

    words = ApiToken.Scope(scope).label.lower()
    token = _on_each_trail(
        "token.made",
        opens=[agreement] if agreement is not None else list(seen.order_by("pk")),
        by=when.by,
        says=f"Made the API token “{name}”, to {words}, good until {say(ends_at.date())}",
        do=make,
    )
    return token, secret


@transaction.atomic
def revoke_token(*, token: ApiToken, when: When) -> ApiToken:
    """End a token at once.  One that was revoked before stays as it was."""
    held = ApiToken.objects.select_for_update(no_key=True, of=("self",)).get(pk=token.pk)
    if held.revoked_at is not None:
        return held

    def revoke() -> ApiToken:
        held.revoked_at = when.now
        held.save(update_fields=["revoked_at"])
        return held

    return _on_each_trail(
        "token.revoked",
        opens=_opened_by(held),
        by=when.by,
        says=f"Revoked the API token “{held.name}”",
        do=revoke,
    )


@transaction.atomic
def note_use(*, token: ApiToken, on: date) -> None:
    """Note the first use of a token on a day (in UTC); later uses that day leave no trace.
    Of many at once, one notes it and none waits."""
    free = ApiToken.objects.select_for_update(skip_locked=True, no_key=True).filter(pk=token.pk)
    held = free.exclude(used_on=on).first()
    if held is None:
        return

    def use() -> ApiToken:
        held.used_on = on
        held.save(update_fields=["used_on"])
        return held

    _on_each_trail(
        "token.used",
        opens=_opened_by(held),
        by=held.user,
        says=f"Used the API token “{held.name}”, for the first time on {say(on)}",
        do=use,
    )


def _opened_by(token: ApiToken) -> list[Agreement]:
    if token.agreement is not None:
        return [token.agreement]
    return list(Agreement.objects.visible_to(token.user).order_by("pk"))


def _on_each_trail(
    verb: str, *, opens: list[Agreement], by: User, says: str, do: Callable[[], ApiToken]
) -> ApiToken:
    """Do it, once, with a line on the trail of each agreement the token opens."""
    if not opens:
        return do()
    first, *others = opens
    with noted(first, verb, by=by, says=says):
        token = do()
    for each in others:
        with noted(each, verb, by=by, says=says):
            pghistory.create_event(token, label="stands")
    return token
