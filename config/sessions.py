"""Sessions in the database that know when they began and when they were last used."""

from __future__ import annotations

import time
from typing import Any

from django.contrib.sessions.backends.db import SessionStore as DatabaseStore


class SessionStore(DatabaseStore):
    """A session with two instants in it, in seconds since 1970: ``began``, which signing in
    sets anew, and ``seen``, which every save does."""

    def save(self, must_create: bool = False) -> Any:
        now = time.time()
        if not self.is_empty():
            self.setdefault("began", now)
            self["seen"] = now
        return super().save(must_create)

    def too_old(self, *, now: float, idle: float, longest: float) -> bool:
        """Whether the session was unused, or has lasted, longer than these many seconds."""
        return bool(now - self.get("seen", now) > idle or now - self.get("began", now) > longest)
