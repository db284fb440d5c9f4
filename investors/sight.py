"""What whoever asks may see of the database's rows, told to the database itself.

Every query starts from what a person may see; row-level security stands underneath, and
holds a query that forgot to (``investors.guards``).  A web server's connection sees no row
of any agreement until a request says who asks; a job's and a command's sees them all.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar

from django.conf import settings
from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from .guards import SETTINGS
from .models import User

# Whether less than everything is seen; until a request says so, as the process was started.
_narrowed: ContextVar[bool] = ContextVar("narrowed", default=settings.SERVES_WEB)
# Whether the connection was told something that is to be taken back.
_told: ContextVar[bool] = ContextVar("told", default=False)

_ENDS = "; ".join(f"reset rightsbook.{each}" for each in ("everything", *SETTINGS))


def narrow(user: User | None, *, whole: bool = False) -> None:
    """From here on the connection sees what this person may see, or nothing of any
    agreement; a token for one agreement narrows it to that.  ``whole``: everything, for
    staff at the admin's pages."""
    token = user.token if user is not None else None
    with connection.cursor() as cursor:
        cursor.execute(
            "select rightsbook_sees(%s, %s, %s)",
            [
                user.pk if user is not None else None,
                token.agreement_id if token is not None else None,
                whole,
            ],
        )
    _narrowed.set(not whole)
    _told.set(True)


def look_again(user: User) -> None:
    """What a person sees once they put an agreement on record, which is one more."""
    if _narrowed.get():
        narrow(user)


def widen() -> None:
    """The request is over: the connection sees again what it saw when it was made."""
    if not _told.get():
        return
    _narrowed.set(settings.SERVES_WEB)
    _told.set(False)
    if connection.connection is not None and not connection.needs_rollback:
        # A transaction that failed takes nothing, and undoes it itself.
        with connection.cursor() as cursor:
            cursor.execute(_ENDS)


@contextmanager
def whole(agreement_id: int) -> Iterator[None]:
    """One agreement, whole, and no other, to the end of the block: for what is worked out
    from everybody's facts, whoever asks.  What of it is shown is the caller's to answer for."""
    with _lifted(whole="on", agreements=f"{{{agreement_id}}}"):
        yield


@contextmanager
def everything() -> Iterator[None]:
    """Every row, to the end of the block: to find what a secret opens, before it is known
    whom it concerns."""
    with _lifted(everything="on"):
        yield


@contextmanager
def _lifted(**settings: str) -> Iterator[None]:
    if not _narrowed.get():
        yield
        return
    # Within a transaction, so that it is undone with whatever fails.
    with transaction.atomic(savepoint=False), connection.cursor() as cursor:
        before = _set(cursor, settings)
        yield
        _set(cursor, before)


def _set(cursor: CursorWrapper, settings: Mapping[str, str | None]) -> dict[str, str | None]:
    """Set these to the end of the transaction; what they were."""
    each = "current_setting(%s, true), set_config(%s, %s, true)"
    given = [x for n, value in settings.items() for x in (f"rightsbook.{n}",) * 2 + (value,)]
    cursor.execute(f"select {', '.join([each] * len(settings))}", given)
    return dict(zip(settings, cursor.fetchone()[::2], strict=True))
