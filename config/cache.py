"""The cache: counts of requests and of wrong tries, and second-factor codes already used."""

from __future__ import annotations

import logging
from typing import Any

from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)

# Where allauth marks a code as used: without a mark, nobody can tell that it was not.
_USED_CODES = "allauth.mfa.totp.used"


class CountsUnlessGone(RedisCache):
    """Redis; and while it does not answer, a cache that has forgotten everything.

    Nobody is kept from signing in then: wrong passwords are counted in the database as
    well.  The one exception is a code of an authenticator app, which is refused because it
    may have been used; passkeys and recovery codes go on working.
    """

    def get(self, key: Any, default: Any = None, version: int | None = None) -> Any:
        try:
            return super().get(key, default, version)
        except RedisError:
            return self._gone(default)

    def get_many(self, keys: Any, version: int | None = None) -> dict[Any, Any]:
        try:
            return dict(super().get_many(keys, version))
        except RedisError:
            return dict(self._gone({}))

    def set(self, key: Any, value: Any, timeout: Any = 300, version: int | None = None) -> None:
        try:
            super().set(key, value, timeout, version)
        except RedisError:
            self._gone(None)

    def add(self, key: Any, value: Any, timeout: Any = 300, version: int | None = None) -> bool:
        try:
            return super().add(key, value, timeout, version)
        except RedisError:
            return bool(self._gone(not str(key).startswith(_USED_CODES)))

    def delete(self, key: Any, version: int | None = None) -> bool:
        try:
            return super().delete(key, version)
        except RedisError:
            return bool(self._gone(False))

    def _gone(self, answer: Any) -> Any:
        logger.warning("Redis does not answer; requests are not counted")
        return answer
