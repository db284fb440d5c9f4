"""How often a program may ask.  The counts live in Redis, and Redis may be gone: then
nobody is held back, because a fact that cannot be recorded is worse than one asked twice."""

from __future__ import annotations

import logging
from math import ceil
from typing import TYPE_CHECKING

from redis.exceptions import RedisError
from rest_framework.request import Request
from rest_framework.throttling import AnonRateThrottle, SimpleRateThrottle, UserRateThrottle

if TYPE_CHECKING:  # the framework reads its settings, and so this file, while it loads its views
    from rest_framework.views import APIView

logger = logging.getLogger(__name__)


class UnlessRedisIsGone(SimpleRateThrottle):
    """A limit that lets everybody by while the counts cannot be read."""

    num_requests: int | None
    duration: int | None

    def allow_request(self, request: Request, view: APIView) -> bool:
        try:
            return super().allow_request(request, view)
        except RedisError:
            logger.warning("Redis does not answer; requests are not counted")
            return True

    def said(self) -> tuple[str, str] | None:
        """What the headers say of this limit: its policy, and what is left of it, as the IETF's
        draft has them; ``None`` where it did not count this request."""
        seen = getattr(self, "history", None)
        if seen is None or self.num_requests is None or self.duration is None:
            return None
        left = max(0, self.num_requests - len(seen))
        again = ceil(self.duration - (self.now - seen[-1])) if seen else 0
        return (
            f'"{self.scope}";q={self.num_requests};w={self.duration}',
            f'"{self.scope}";r={left};t={max(0, again)}',
        )


class PerUser(UnlessRedisIsGone, UserRateThrottle):
    """So many a minute for each person."""


class PerAddress(UnlessRedisIsGone, AnonRateThrottle):
    """So many a minute for each address that has not signed in."""
