"""How anything is written: one act, one transaction, one lock, one line in the trail.

Every write to the register, the correspondence or a matter happens inside ``act``: it
locks the agreement, so that acts on one agreement follow one another, and gives the audit
trail who, what and why for every row the act touches.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pghistory
from django.db import connection, transaction
from django.db.models import BigIntegerField, QuerySet
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast
from pghistory.models import Context

from . import sight
from .models import Agreement, User


class Refused(Exception):
    """A contradiction, or a fact that cannot be read: nothing was recorded.

    ``field`` names what the person typed, ``message`` says what is wrong and what to do,
    ``clause`` is the section it comes from, where one does.
    """

    def __init__(self, field: str, message: str, clause: str = "", rule: str = "") -> None:
        super().__init__(message)
        self.field = field
        self.message = message
        self.clause = clause
        self.rule = rule


class Conflict(Refused):
    """Somebody recorded something meanwhile that this act did not know of."""


@contextmanager
def act(
    agreement: Agreement, verb: str, *, by: User | str, says: str, reason: str = "", **detail: Any
) -> Iterator[Agreement]:
    """One act on an agreement: a transaction that holds the agreement's row lock and
    whose every change is in the audit trail under ``verb`` and the sentence ``says``.

    ``by`` is the person, or the name of the job that acts.
    """
    with noted(agreement, verb, by=by, says=says, reason=reason, **detail):
        yield Agreement.objects.select_for_update(no_key=True).get(pk=agreement.pk)


@contextmanager
def noted(
    agreement: Agreement, verb: str, *, by: User | str, says: str, reason: str = "", **detail: Any
) -> Iterator[None]:
    """A line in an agreement's trail for what changes no fact of it, such as a token that
    opens it: as ``act``, but without the agreement's lock, so that nobody waits."""
    who = by.pk if isinstance(by, User) else None
    with (
        transaction.atomic(),
        sight.whole(agreement.pk),
        pghistory.context(
            agreement=agreement.pk,
            act=verb,
            actor=str(by),
            actor_id=who,
            says=says,
            reason=reason,
            **detail,
        ),
    ):
        yield
    forget_context()


def acts_on(agreement: Agreement) -> QuerySet[Any]:
    """The acts on an agreement, in the trail; the look-up its index was made for."""
    acts: QuerySet[Any] = Context.objects.annotate(
        of=Cast(KeyTextTransform("agreement", "metadata"), BigIntegerField())
    )
    return acts.filter(of=agreement.pk)


def forget_context() -> None:
    """Let nothing written later in the same transaction be filed under this act: the
    trail's context lasts to the end of the transaction, not of the act."""
    if connection.in_atomic_block:
        with connection.cursor() as cursor:
            cursor.execute(
                "select set_config('pghistory.context_id', '', true),"
                " set_config('pghistory.context_metadata', '', true)"
            )
