"""What a stored term may look like, said once: the same declaration reads a value, names
every problem by its path, and writes the JSON Schema others check their files with.

A shape never stops at the first problem.  ``read`` returns the value it could make of
the data, or ``None`` with the problem noted; only a value read without problems is used.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Any, NamedTuple

from .words import WORDS, Kind


class Problem(NamedTuple):
    """Something wrong in a file of terms: where, as a path, and what to write instead."""

    path: str
    says: str

    @property
    def text(self) -> str:
        return f"{self.path}: {self.says}"


@dataclass
class Desk:
    """Where a reading of one document notes its problems, and the words it may use:
    the program's own and those the document defines, by kind."""

    defined: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def wrong(self, path: str, says: str) -> None:
        self.problems.append(Problem(path, says))

    def knows(self, kind: Kind, word: str) -> bool:
        return word in WORDS[kind] or word in self.defined.get(kind.value, {})


class Shape(ABC):
    """One form of value."""

    @abstractmethod
    def read(self, value: Any, path: str, desk: Desk) -> Any:
        """The value the data stands for; problems go to ``desk``."""

    @abstractmethod
    def schema(self) -> dict[str, Any]:
        """The shape as JSON Schema (draft 2020-12)."""


@dataclass(frozen=True)
class Whole(Shape):
    """A whole number, ``least`` or more."""

    least: int = 0

    def read(self, value: Any, path: str, desk: Desk) -> int | None:
        if isinstance(value, int) and not isinstance(value, bool) and value >= self.least:
            return value
        desk.wrong(path, f"give a whole number, {self.least} or more.")
        return None

    def schema(self) -> dict[str, Any]:
        return {"type": "integer", "minimum": self.least}


@dataclass(frozen=True)
class Flag(Shape):
    """True or false."""

    def read(self, value: Any, path: str, desk: Desk) -> bool | None:
        if isinstance(value, bool):
            return value
        desk.wrong(path, "give true or false.")
        return None

    def schema(self) -> dict[str, Any]:
        return {"type": "boolean"}


@dataclass(frozen=True)
class Text(Shape):
    """Words, not empty; ``pattern`` and ``example`` where only some will do."""

    pattern: str = r"\S[\s\S]*"
    example: str = ""

    def read(self, value: Any, path: str, desk: Desk) -> str | None:
        if isinstance(value, str) and re.fullmatch(self.pattern, value, re.ASCII):
            return value
        such = f', such as "{self.example}"' if self.example else ""
        desk.wrong(path, f"give words{such}.")
        return None

    def schema(self) -> dict[str, Any]:
        return {"type": "string", "pattern": f"^(?:{self.pattern})$"}


USD = r"[0-9]+(\.[0-9]+)?"
SHARE = r"[0-9]+/[0-9]+|[0-9]+(\.[0-9]+)?%"


@dataclass(frozen=True)
class Usd(Shape):
    """An amount in US dollars, as text so that no cent is lost."""

    def read(self, value: Any, path: str, desk: Desk) -> Decimal | None:
        if isinstance(value, str) and re.fullmatch(USD, value, re.ASCII):
            return Decimal(value)
        desk.wrong(path, 'give an amount in US dollars as text, such as "0.30".')
        return None

    def schema(self) -> dict[str, Any]:
        return {"type": "string", "pattern": f"^{USD}$"}


@dataclass(frozen=True)
class Share(Shape):
    """A part of a whole, exact: "1/2" or "35%", from nothing to all of it."""

    def read(self, value: Any, path: str, desk: Desk) -> Fraction | None:
        if not isinstance(value, str) or not re.fullmatch(SHARE, value, re.ASCII):
            desk.wrong(path, 'give a share as text, such as "1/2" or "35%".')
            return None
        try:
            share = Fraction(value[:-1]) / 100 if value.endswith("%") else Fraction(value)
        except ZeroDivisionError:
            desk.wrong(path, "a share of nothing is no share.")
            return None
        if share > 1:
            desk.wrong(path, f"{value} is more than the whole; a share is at most 100%.")
            return None
        return share

    def schema(self) -> dict[str, Any]:
        return {"type": "string", "pattern": f"^({SHARE})$"}


@dataclass(frozen=True)
class Choice(Shape):
    """One of the members of an enumeration."""

    of: type[StrEnum]

    def read(self, value: Any, path: str, desk: Desk) -> StrEnum | None:
        try:
            return self.of(value)
        except ValueError:
            desk.wrong(path, f"give one of: {', '.join(self.of)}.")
            return None

    def schema(self) -> dict[str, Any]:
        return {"enum": [member.value for member in self.of]}


@dataclass(frozen=True)
class OneOf(Shape):
    """One of some names."""

    names: tuple[str, ...]

    def read(self, value: Any, path: str, desk: Desk) -> str | None:
        if isinstance(value, str) and value in self.names:
            return value
        desk.wrong(path, f"give one of: {', '.join(self.names)}.")
        return None

    def schema(self) -> dict[str, Any]:
        return {"enum": list(self.names)}


NAME = r"[a-z][a-z0-9_]*"


@dataclass(frozen=True)
class Word(Shape):
    """A word of the program's vocabulary, or one the document defines itself."""

    kind: Kind

    def read(self, value: Any, path: str, desk: Desk) -> str | None:
        if isinstance(value, str) and desk.knows(self.kind, value):
            return value
        desk.wrong(
            path,
            f"“{value}” is no {self.kind.noun} the program knows; "
            f"use one it knows, or say what it means under defined_words.{self.kind.value}.",
        )
        return None

    def schema(self) -> dict[str, Any]:
        return {"type": "string", "pattern": f"^{NAME}$"}


@dataclass(frozen=True)
class ListOf(Shape):
    """A list, each item once, of at least ``least``.  ``readings`` says that each is a
    reading of the same words, the one that governs first."""

    of: Shape
    least: int = 1
    readings: bool = False

    def read(self, value: Any, path: str, desk: Desk) -> tuple[Any, ...] | None:
        if not isinstance(value, list) or len(value) < self.least:
            desk.wrong(path, "give a list" + (" with something in it." if self.least else "."))
            return None
        for n, item in enumerate(value):
            if item in value[:n]:
                desk.wrong(f"{path}[{n}]", "is in the list twice.")
        return tuple(self.of.read(item, f"{path}[{n}]", desk) for n, item in enumerate(value))

    def schema(self) -> dict[str, Any]:
        return {
            "type": "array",
            "items": self.of.schema(),
            "minItems": self.least,
            "uniqueItems": True,
        }


@dataclass(frozen=True)
class MapOf(Shape):
    """Values by name.  ``names`` says which names there may be; any, where it is empty."""

    of: Shape
    names: Iterable[str] = ()
    least: int = 1

    def read(self, value: Any, path: str, desk: Desk) -> dict[str, Any] | None:
        if not isinstance(value, dict) or len(value) < self.least:
            desk.wrong(path, "give values by name, such as {…: …}.")
            return None
        names = tuple(self.names)
        for name in value:
            if names and name not in names:
                desk.wrong(f"{path}.{name}", f"give one of: {', '.join(names)}.")
        return {name: self.of.read(item, f"{path}.{name}", desk) for name, item in value.items()}

    def schema(self) -> dict[str, Any]:
        names = tuple(self.names)
        found: dict[str, Any] = {
            "type": "object",
            "additionalProperties": self.of.schema(),
            "minProperties": self.least,
        }
        if names:
            found["propertyNames"] = {"enum": list(names)}
        return found


@dataclass(frozen=True)
class Record(Shape):
    """Named parts: ``needs`` must be there, ``may`` can be; no other is understood.

    ``make`` builds the value from the parts that are there, by name.  ``check`` looks at
    the whole and says what contradicts itself.
    """

    make: Callable[..., Any]
    needs: Mapping[str, Shape]
    may: Mapping[str, Shape] = field(default_factory=dict)
    check: Callable[[Any], str | None] | None = None
    keys: Mapping[str, str] = field(default_factory=dict)  # a JSON name that is no Python name

    def read(self, value: Any, path: str, desk: Desk) -> Any:
        if not isinstance(value, dict):
            desk.wrong(path, f"give {self._example()}.")
            return None
        before = len(desk.problems)
        known = {**self.needs, **self.may}
        for name in value:
            if name not in known:
                desk.wrong(f"{path}.{name}", f"is not understood here; known: {', '.join(known)}.")
        for name in self.needs:
            if name not in value:
                desk.wrong(f"{path}.{name}", "is missing.")
        parts = {
            self.keys.get(name, name): shape.read(value[name], f"{path}.{name}", desk)
            for name, shape in known.items()
            if name in value
        }
        if len(desk.problems) > before:
            return None
        made = self.make(**parts)
        if self.check is not None and (says := self.check(made)):
            desk.wrong(path, says)
        return made

    def _example(self) -> str:
        return "{" + ", ".join(f'"{name}": …' for name in self.needs or self.may) + "}"

    def schema(self) -> dict[str, Any]:
        return {
            "type": "object",
            "properties": {n: s.schema() for n, s in {**self.needs, **self.may}.items()},
            "required": list(self.needs),
            "additionalProperties": False,
        }


@dataclass(frozen=True)
class ByKey(Shape):
    """One of several records, told apart by the one name each alone has.

    Named shapes are written once in the schema, under ``$defs``, and may hold themselves.
    """

    name: str
    forms: Mapping[str, Shape]

    def read(self, value: Any, path: str, desk: Desk) -> Any:
        if isinstance(value, dict):
            found = [key for key in self.forms if key in value]
            if len(found) == 1:
                return self.forms[found[0]].read(value, path, desk)
            if len(found) > 1:
                desk.wrong(path, f"give only one of: {', '.join(found)}.")
                return None
        desk.wrong(path, f"give {self.name} with one of: {', '.join(self.forms)}.")
        return None

    def schema(self) -> dict[str, Any]:
        return {"$ref": f"#/$defs/{self.name}"}

    def definition(self) -> dict[str, Any]:
        """What stands under ``$defs``."""
        return {"oneOf": [form.schema() for form in self.forms.values()]}


@dataclass(frozen=True)
class Either(Shape):
    """A word where one will do, or something written out: told apart by whether it is
    text.  ``made`` turns the word into the value the rules work with."""

    word: Shape
    written: Shape
    made: Callable[[Any], Any] = lambda word: word

    def read(self, value: Any, path: str, desk: Desk) -> Any:
        if not isinstance(value, str):
            return self.written.read(value, path, desk)
        word = self.word.read(value, path, desk)
        return None if word is None else self.made(word)

    def schema(self) -> dict[str, Any]:
        return {"anyOf": [self.word.schema(), self.written.schema()]}


@dataclass(frozen=True)
class Day(Shape):
    """A legal day, such as 2003-06-02."""

    def read(self, value: Any, path: str, desk: Desk) -> date | None:
        try:
            return date.fromisoformat(value)
        except (TypeError, ValueError):
            desk.wrong(path, "give a day, such as 2003-06-02.")
            return None

    def schema(self) -> dict[str, Any]:
        return {"type": "string", "format": "date"}


@dataclass(frozen=True)
class Number(Shape):
    """An exact number: whole, or as text where it has decimals."""

    def read(self, value: Any, path: str, desk: Desk) -> Decimal | None:
        if isinstance(value, int) and not isinstance(value, bool):
            return Decimal(value)
        if isinstance(value, str) and re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", value, re.ASCII):
            return Decimal(value)
        desk.wrong(path, 'give a whole number, or text such as "12.50".')
        return None

    def schema(self) -> dict[str, Any]:
        return {"type": ["integer", "string"], "pattern": r"^-?[0-9]+(\.[0-9]+)?$"}
