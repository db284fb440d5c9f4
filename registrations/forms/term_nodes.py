"""The parts a term's form is made of: a field, several beside each other, a list, or one
of several forms.  Each gives the value that is typed into it back."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from registrations.rules import shapes
from registrations.rules.shapes import Shape

MOST_ROWS = 80
ABSENT = object()  # what an optional part left empty gives
WORD, WRITTEN = "=", "written"  # how a choice says that a word, or something longer, stands
_ALWAYS = ("unit", "of", "share", "value", "basis", "within", "is")

Group = tuple[str, list[tuple[str, str]]]


@dataclass
class Node(ABC):
    """A part of the form.  ``optional`` parts left empty are not in the value; ``row``
    says that it is one of several, and can be taken away."""

    name: str
    label: str
    hint: str = ""
    optional: bool = False
    row: bool = False
    path: str = ""
    errors: list[str] = field(default_factory=list)
    kind = ""

    @property
    def anchor(self) -> str:
        """The id its first message leads to."""
        return f"id_{self.name}"

    @abstractmethod
    def data(self, path: str) -> Any:
        """The value it stands for, as JSON, at a path of the whole value."""

    def inside(self) -> Iterator[Node]:
        """Its own parts."""
        return iter(())

    def every(self) -> Iterator[Node]:
        """It and every part within."""
        yield self
        for part in self.inside():
            yield from part.every()

    @property
    def empty(self) -> bool:
        """Whether nothing is typed anywhere in it."""
        return all(part.empty for part in self.inside())

    @property
    def wrong(self) -> bool:
        """Whether something in it has to be put right."""
        return any(part.errors for part in self.every())

    def missing(self) -> str:
        """What to say where it has to be there and is not."""
        return "Fill this in."


@dataclass
class Leaf(Node):
    """One field: a line, a text or a choice."""

    shape: Shape = field(default_factory=shapes.Text)
    typed: str = ""
    groups: list[Group] = field(default_factory=list)
    autofocus: bool = False

    @property
    def kind(self) -> str:  # type: ignore[override]
        if self.groups:
            return "select"
        plain_text = isinstance(self.shape, shapes.Text) and self.shape == shapes.Text()
        return "area" if plain_text else "line"

    @property
    def whole(self) -> bool:
        """Whether it takes a whole number."""
        return isinstance(self.shape, shapes.Whole)

    @property
    def empty(self) -> bool:
        return not self.typed.strip()

    def data(self, path: str) -> Any:
        self.path = path
        text = self.typed.replace("\r\n", "\n").strip()
        if not text:
            return ABSENT
        if isinstance(self.shape, shapes.Whole):
            digits = re.sub(r"[\s,]", "", text)
            return int(digits) if re.fullmatch(r"[0-9]{1,15}", digits) else text
        if isinstance(self.shape, shapes.Flag):
            return {"yes": True, "no": False}.get(text, text)
        return text

    def missing(self) -> str:
        return "Choose one." if self.groups else "Fill this in."


@dataclass
class Parts(Node):
    """Named parts beside each other."""

    parts: dict[str, Node] = field(default_factory=dict)
    kind = "parts"

    def inside(self) -> Iterator[Node]:
        return iter(self.parts.values())

    def data(self, path: str) -> Any:
        self.path = path
        given = {n: part.data(f"{path}.{n}") for n, part in self.parts.items()}
        if (self.optional or self.row) and self.empty:
            return ABSENT
        return {name: value for name, value in given.items() if value is not ABSENT}

    @property
    def small(self) -> bool:
        """Whether it is fields only, so that they can stand in one line."""
        return all(isinstance(part, Leaf) for part in self.parts.values())

    @property
    def shown(self) -> list[Node]:
        """The parts that are always in sight."""
        return [p for n, p in self.parts.items() if not self._folded(n, p)]

    @property
    def more(self) -> list[Node]:
        """What it may say besides and does not: folded away until opened."""
        return [p for n, p in self.parts.items() if self._folded(n, p)]

    def _folded(self, name: str, part: Node) -> bool:
        some_needed = any(not each.optional for each in self.parts.values())
        aside = part.optional and some_needed and name not in _ALWAYS
        return aside and part.empty and not part.wrong


@dataclass
class Rows(Node):
    """A list, or values by name: as many rows as were added.  ``keys`` has each row's
    name where it has one."""

    noun: str = "Entry"
    least: int = 1
    rows: list[Node] = field(default_factory=list)
    keys: list[Leaf] = field(default_factory=list)
    focus: bool = False
    kind = "rows"

    def inside(self) -> Iterator[Node]:
        yield from self.keys
        yield from self.rows

    @property
    def drawn(self) -> list[tuple[Leaf | None, Node]]:
        if not self.named:
            return [(None, row) for row in self.rows]
        return list(zip(self.keys, self.rows, strict=True))

    @property
    def full(self) -> bool:
        return len(self.rows) >= MOST_ROWS

    @property
    def empty(self) -> bool:
        return not self.rows or all(part.empty for part in self.inside())

    def data(self, path: str) -> Any:
        self.path = path
        value: Any = self._named(path) if self.named else self._listed(path)
        return ABSENT if self.optional and not value else value

    named = False

    def _listed(self, path: str) -> list[Any]:
        value: list[Any] = []
        for row in self.rows:
            item = row.data(f"{path}[{len(value)}]")
            if item is not ABSENT:
                value.append(item)
            else:
                row.path = ""
        return value

    def _named(self, path: str) -> dict[str, Any]:
        return {}

    def missing(self) -> str:
        many = {1: "one", 2: "two"}.get(self.least, str(self.least))
        return f"Add at least {many}."


@dataclass
class Named(Rows):
    """Rows that each have a name."""

    named = True

    def _named(self, path: str) -> dict[str, Any]:
        value: dict[str, Any] = {}
        for key, row in zip(self.keys, self.rows, strict=True):
            name = key.typed.strip()
            if not name and row.empty:
                continue
            if not name:
                key.errors = [key.missing()]
            elif name in value:
                key.errors = ["This is in the list twice."]
            item = row.data(f"{path}.{name}")
            nothing: Any = {} if isinstance(row, Parts) else None
            value[name] = nothing if item is ABSENT else item
        return value


@dataclass
class Fork(Node):
    """One of several forms: the one chosen, and its fields."""

    groups: list[Group] = field(default_factory=list)
    chosen: str = ""
    form: Parts | None = None
    autofocus: bool = False
    kind = "fork"

    def inside(self) -> Iterator[Node]:
        if self.form is not None:
            yield self.form

    @property
    def empty(self) -> bool:
        return not self.chosen

    def data(self, path: str) -> Any:
        self.path = path
        if not self.chosen:
            return ABSENT
        if self.chosen.startswith(WORD):
            return self.chosen[len(WORD) :]
        if self.form is None:
            return self.chosen
        value = self.form.data(path)
        if self.chosen != WRITTEN and self.chosen not in value:
            value[self.chosen] = None
        return value

    def missing(self) -> str:
        return "Choose one."
