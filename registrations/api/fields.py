"""``?fields=``: of what is answered, only these.  Whoever needs two columns of ten thousand
rows carries no more over the wire."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rest_framework.exceptions import ValidationError

FIELDS = "fields"
MOST = 40


def only(data: Any, asked: str) -> Any:
    """The answer with only the fields asked for: of a page, in each of its rows.

    Raises ``ValidationError`` naming those there are.
    """
    names = [name.strip() for name in asked.split(",")]
    if not all(names) or len(names) > MOST:
        raise ValidationError({FIELDS: "Name fields with commas between: name,public_id."})
    if isinstance(data, list):
        return [_row(row, names) for row in data]
    if isinstance(data, Mapping) and {"next", "previous", "results"} == data.keys():
        return {**data, "results": [_row(row, names) for row in data["results"]]}
    return _row(data, names)


def _row(row: Any, names: list[str]) -> dict[str, Any]:
    unknown = [name for name in names if name not in row]
    if unknown:
        there = ", ".join(row)
        raise ValidationError({FIELDS: f"There is no “{unknown[0][:40]}”. There are: {there}."})
    return {name: row[name] for name in names}
