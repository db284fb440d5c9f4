"""Agreements whose terms come with the program, each a JSON file of term entries."""

from __future__ import annotations

import json
from importlib import resources

from ..rules.terms import TermEntry


def terms(name: str) -> dict[str, TermEntry]:
    """The stored terms of a library agreement, by term: ``Terms.from_entries`` reads them."""
    text = resources.files(__package__).joinpath(f"{name}.json").read_text(encoding="utf-8")
    return {term: TermEntry(**entry) for term, entry in json.loads(text).items()}
