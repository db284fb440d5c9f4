"""Which words a term hangs on: what must be known before it can answer."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from typing import Any, NamedTuple

from . import conditions, reckoning
from .allowances import Rest
from .damages import Damages
from .lockups import Lockup
from .money import ShareCount
from .words import Kind


class Needed(NamedTuple):
    """A word a term hangs on; ``options`` are the choices it tells apart, for a choice."""

    kind: Kind | None  # None: a choice, such as the form
    word: str
    options: tuple[str, ...] = ()


def needed_by(value: Any) -> Iterator[Needed]:
    """Every word a term's value hangs on, in the order it names them."""
    match value:
        case reckoning.On(event) | reckoning.Promptly(event):
            yield Needed(Kind.EVENT, event)
        case conditions.IsSo(fact, _) | reckoning.Provided(fact, _, _, _):
            yield Needed(Kind.FACT, fact)
        case conditions.OfShare(measure, _, of, _):
            yield Needed(Kind.MEASURE, measure)
            yield Needed(Kind.MEASURE, of)
        case conditions.OfValue(measure, _, _):
            yield Needed(Kind.MEASURE, measure)
        case reckoning.Cases(by, cases, _) | conditions.ByChoice(by, cases, _):
            yield Needed(None, by, tuple(cases))
        case Damages():
            yield Needed(Kind.MEASURE, value.base)
        case ShareCount():
            yield Needed(Kind.MEASURE, value.divided_by)
        case Lockup() | Rest():
            lifted = value.waived if isinstance(value, Lockup) else value.lifted
            if lifted:
                yield Needed(Kind.FACT, lifted)
    for part in _parts(value):
        yield from needed_by(part)


def _parts(value: Any) -> Iterator[Any]:
    if is_dataclass(value):
        yield from (getattr(value, field.name) for field in fields(value))
    elif isinstance(value, dict):
        yield from value.values()
    elif isinstance(value, tuple):
        yield from value
