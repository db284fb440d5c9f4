"""What is saved: every row there is, so that a refusal can be shown to have saved nothing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.apps import apps
from django.db import connection

from investors.acts import Conflict, Refused

OURS = ("investors", "notices", "registrations", "pghistory")


def tables() -> list[str]:
    """Every table of ours and of the audit trail."""
    return sorted(
        model._meta.db_table
        for label in OURS
        for model in apps.get_app_config(label).get_models()
        if model._meta.managed and not model._meta.proxy
    )


def rows() -> dict[str, int]:
    """How many rows each table has."""
    query = " union all ".join(f"select '{t}', count(*) from {t}" for t in tables())  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(query)
        return dict(cursor.fetchall())


@contextmanager
def refused(field: str, clause: str = "", kind: type[Refused] = Refused) -> Iterator[Any]:
    """The act is refused, names this field and clause, says why, and saves nothing."""
    before = rows()
    with pytest.raises(kind) as refusal:
        yield refusal
    assert (refusal.value.field, refusal.value.clause) == (field, clause)
    assert len(refusal.value.message) > 10
    assert rows() == before


@contextmanager
def conflicts(field: str) -> Iterator[None]:
    """Somebody was faster: the act is refused as a conflict and saves nothing."""
    with refused(field, kind=Conflict):
        yield
