"""Answers kept for requests that come again: what was done is answered again, not done again."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import NamedTuple

from django.db import connection

from investors.models import Agreement, KeptAnswer, User


class Asked(NamedTuple):
    """A request that carries a key: who sent it, with which token (its digest; empty for a
    browser that is signed in), and the fingerprint of what it asks."""

    by: User
    token: str
    key: str
    fingerprint: str


def alone(asked: Asked) -> bool:
    """Whether this is the only request under its key until the transaction it is in ends.

    A lock nobody waits for: the second of two is told at once.  It is on 64 bits of a
    digest; two keys that meet there, if ever, only take turns.
    """
    owner = f"{asked.by.pk}\n{asked.token}\n{asked.key}".encode()
    number = int.from_bytes(hashlib.sha256(owner).digest()[:8], signed=True)
    with connection.cursor() as cursor:
        cursor.execute("select pg_try_advisory_xact_lock(%s)", [number])
        (got,) = cursor.fetchone()
    return bool(got)


def kept(asked: Asked) -> KeptAnswer | None:
    """The answer kept under the key, if any: to the same request, or to another."""
    return KeptAnswer.objects.filter(by=asked.by, token=asked.token, key=asked.key).first()


def keep(
    asked: Asked, *, agreement: Agreement, status: int, body: str, now: datetime
) -> KeptAnswer:
    """Keep the answer to an act, in the act's own transaction."""
    return KeptAnswer.objects.create(
        by=asked.by,
        token=asked.token,
        key=asked.key,
        fingerprint=asked.fingerprint,
        agreement=agreement,
        status=status,
        body=body,
        answered_at=now,
    )


def forget(*, before: datetime) -> int:
    """Remove the answers given before an instant; how many they were."""
    _, each = KeptAnswer.objects.filter(answered_at__lt=before).delete()
    return each.get(KeptAnswer._meta.label, 0)
