"""Recovery codes as they are kept: by their digests, once their person has seen them.

Until then, the moments between making them and showing them, allauth keeps the seed they
come from, closed with ``SECRET_KEY``.
"""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db import transaction
from django.utils.crypto import constant_time_compare, salted_hmac

from .models import User

_SALT = "investors.recovery"
_KEPT = "sha256:"


class KeptCode(str):
    """The digest of a recovery code, equal to the code somebody types and to nothing else.

    The digest is keyed with ``SECRET_KEY``: eight figures would soon be found out from a
    plain one by whoever got hold of the table.
    """

    __hash__ = str.__hash__

    def __eq__(self, typed: object) -> bool:
        keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
        return any(constant_time_compare(self, digest(str(typed), key)) for key in keys)


def digest(code: str, key: str) -> str:
    """What is kept of a code, under one of the server's secrets."""
    return _KEPT + salted_hmac(_SALT, code, secret=key, algorithm="sha256").hexdigest()


def kept(text: str) -> KeptCode | None:
    """A code as it is kept; ``None`` for any other secret."""
    return KeptCode(text) if text.startswith(_KEPT) else None


@transaction.atomic
def keep_digests(user: User) -> None:
    """From now on keep only the digests of the codes a person has left."""
    of_user = Authenticator.objects.select_for_update().filter(user=user)
    held = of_user.filter(type=Authenticator.Type.RECOVERY_CODES).first()
    if held is not None and "seed" in held.data:
        left = held.wrap().get_unused_codes()
        # allauth's own name for codes that come from no seed.
        codes = [digest(code, settings.SECRET_KEY) for code in left]
        held.data = {"migrated_codes": codes, "viewed_at": held.data.get("viewed_at")}
        held.save(update_fields=["data"])
