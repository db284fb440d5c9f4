"""Several small tables in one query.

A matter hangs on many tables that mostly hold nothing for it.  Asked one at a time they
cost a trip to the database each; asked together, one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, time
from typing import Any, NamedTuple

from django.db import models
from django.db.models import F, Func, JSONField, QuerySet, Value

Rows = Mapping[str, list[Any]]
"""The rows of each part by its name, each a list of its columns, in the order of its keys."""


class Part(NamedTuple):
    """One table's share: which rows, and which of their columns."""

    rows: QuerySet[Any]
    columns: tuple[str, ...]


def part(rows: QuerySet[Any], *columns: str) -> Part:
    """Some columns of some rows; ``investor__name`` and the like reach over."""
    return Part(rows, columns)


def together(parts: Mapping[str, Part]) -> Rows:
    """The rows of every part, in one query.  Days and times of day come as such, what is
    stored as JSON as it is, and any other column as a number, text or ``None``."""
    arms = [
        rows.order_by()
        .annotate(
            of_part=Value(name),
            by_key=F("pk"),
            as_row=Func(*columns, function="jsonb_build_array", output_field=JSONField()),
        )
        .values_list("of_part", "by_key", "as_row")
        for name, (rows, columns) in parts.items()
    ]
    found: dict[str, list[Any]] = {name: [] for name in parts}
    for name, _, row in arms[0].union(*arms[1:], all=True).order_by("of_part", "by_key"):
        found[name].append(row)
    for name, (rows, columns) in parts.items():
        if found[name]:
            _restore(found[name], rows.model, columns)
    return found


def _restore(rows: list[list[Any]], model: type[models.Model], columns: tuple[str, ...]) -> None:
    """Make days and times of what JSON has only as text."""
    for n, column in enumerate(columns):
        read = _reader(model, column)
        if read is not None:
            for row in rows:
                if row[n] is not None:
                    row[n] = read(row[n])


def _reader(model: type[models.Model], column: str) -> Callable[[str], Any] | None:
    *through, last = column.split("__")
    for step in through:
        related = model._meta.get_field(step).related_model
        assert isinstance(related, type)
        model = related
    field = model._meta.pk if last == "pk" else model._meta.get_field(last)
    if isinstance(field, models.DateTimeField):
        raise TypeError(f"{column} is an instant, and facts have none.")
    if isinstance(field, models.DateField):
        return date.fromisoformat
    return time.fromisoformat if isinstance(field, models.TimeField) else None
