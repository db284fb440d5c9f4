"""Agreements that come with the program, each a file in the exchange format: starting
points for a new one, and the first agreement itself."""

from __future__ import annotations

import json
from functools import lru_cache
from importlib import resources
from typing import Any

from ..rules.exchange import Document, read_document


@lru_cache(maxsize=1)
def names() -> tuple[str, ...]:
    """The names of all of them, in order."""
    files = (entry.name for entry in resources.files(__package__).iterdir())
    return tuple(sorted(name.removesuffix(".json") for name in files if name.endswith(".json")))


def data(name: str) -> Any:
    """The data of one file.  Raises ``FileNotFoundError`` where there is none."""
    text = resources.files(__package__).joinpath(f"{name}.json").read_text(encoding="utf-8")
    return json.loads(text)


@lru_cache(maxsize=64)
def agreement(name: str) -> Document:
    """One agreement of the library, read.  Raises ``ValueError`` listing what is wrong."""
    document, problems = read_document(data(name))
    if document is None:
        raise ValueError("; ".join(problem.text for problem in problems))
    return document
