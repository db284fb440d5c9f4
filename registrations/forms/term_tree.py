"""A term's value as the fields of a form, made from its shape: what was typed grows into a
tree of fields, and the tree gives the value back.

What is typed is flat, a name and a text for each field, so that a page without
JavaScript can add a row or choose another form and lose nothing.  A name is the way to
the part: ``v-tiers-0-basis``.  ``__rows`` counts the rows of a list, ``__is`` says which
form was chosen, ``__key`` what a row is called.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from registrations.rules import shapes
from registrations.rules.shapes import Desk, Problem, Shape
from registrations.rules.words import METHOD_NAMES, WORDS

from .part_words import CHECKS, FORMS, HINTS, KEYS, LABELS, OPTIONS, ROWS, found, plain
from .term_nodes import (
    ABSENT,
    MOST_ROWS,
    WORD,
    WRITTEN,
    Fork,
    Group,
    Leaf,
    Named,
    Node,
    Parts,
    Rows,
)

ROOT = "v"
MOST_DEPTH = 24

Defined = Mapping[str, Mapping[str, str]]


class NoFields(ValueError):
    """A value that no field stands for: it is edited as data."""


class Tree:
    """The form of one term's value, as typed."""

    def __init__(
        self, term: str, shape: Shape, typed: Mapping[str, str], defined: Defined, label: str
    ) -> None:
        self.shape, self.defined = shape, defined
        self.typed = {n: text for n, text in typed.items() if n.split("-")[0].startswith(ROOT)}
        self._focus = ""
        self._label, self._term = label, term
        self.found: list[Problem] = []
        self._grow()

    @classmethod
    def of(cls, term: str, shape: Shape, value: Any, defined: Defined, label: str) -> Tree:
        """The form filled in with a value.  Raises ``NoFields`` for one it cannot show."""
        try:
            typed = dict(spread(shape, value, ROOT))
        except (KeyError, TypeError, AttributeError) as wrong:
            raise NoFields from wrong
        tree = cls(term, shape, typed, defined, label)
        if tree.value != value:
            raise NoFields
        return tree

    def _grow(self) -> None:
        self.root = _Growing(self.typed, self.defined, self._focus).node(
            self.shape, ROOT, (self._term,), self._label
        )

    @property
    def kept(self) -> list[tuple[str, str]]:
        """What was typed in a form that another was chosen for since: sent along, so that
        choosing it again brings it back."""
        drawn = {name for node in self.root.every() for name in _sent(node)}
        return [(n, text) for n, text in self.typed.items() if n not in drawn and text]

    @property
    def value(self) -> Any:
        """The value as typed, right or wrong; ``None`` where nothing is."""
        value = self.root.data("value")
        return None if value is ABSENT else value

    def read(self, at: str) -> Any:
        """The value typed.  Every problem with it is noted at its field, and in ``found``
        as the anchor of its field and what to do."""
        self.hush()
        desk = Desk(self.defined)
        value = self.root.data(at)
        value = None if value is ABSENT else value
        self.shape.read(value, at, desk)
        nodes = {node.path: node for node in self.root.every() if node.path}
        for problem in desk.problems:
            self._note(problem, nodes)
        self.found = [
            Problem(node.anchor, f"{node.label}: {says}")
            for node in self.root.every()
            for says in node.errors
        ]
        return value

    def _note(self, problem: Problem, nodes: Mapping[str, Node]) -> None:
        path = problem.path
        while path not in nodes and path:
            path = path[: max(path.rfind("."), path.rfind("["), 0)]
        node = nodes.get(path, self.root)
        if isinstance(node, Rows) and len(node.rows) < node.least:
            says = node.missing()
        elif problem.says == "is in the list twice.":
            says = "This is in the list twice."
        elif node.empty and not isinstance(node, Parts):
            says = node.missing()
        else:
            says = CHECKS.get(problem.says) or problem.says[0].upper() + problem.says[1:]
        if says not in node.errors:
            node.errors.append(says)

    def hush(self) -> None:
        """Say nothing of what is missing."""
        self.found = []
        for node in self.root.every():
            node.errors = []

    # --- the buttons ----------------------------------------------------------------

    def change(self, asked: str) -> None:
        """Add a row, take one away or move one up: ``add:v-tiers``, ``drop:v-tiers-1``,
        ``up:v-tiers-1``.  Anything else only grows the form anew."""
        verb, _, name = asked.partition(":")
        self._focus = name
        if verb == "add":
            rows = _count(self.typed.get(f"{name}__rows"))
            self.typed[f"{name}__rows"] = str(min(rows + 1, MOST_ROWS))
            self._focus = f"{name}-{rows}"
        elif verb in ("drop", "up"):
            of, _, number = name.rpartition("-")
            rows = _count(self.typed.get(f"{of}__rows"))
            if number.isdigit() and int(number) < rows:
                self._move(of, int(number), rows, drop=verb == "drop")
        self._grow()

    def _move(self, of: str, number: int, rows: int, *, drop: bool) -> None:
        order = list(range(rows))
        if drop:
            order.remove(number)
            self._focus = of
        elif number:
            order[number - 1], order[number] = order[number], order[number - 1]
            self._focus = f"{of}-{number - 1}"
        each: dict[int, dict[str, str]] = {n: {} for n in range(rows)}
        for name in [n for n in self.typed if n.startswith(f"{of}-")]:
            found = re.fullmatch(r"([0-9]+)(.*)", name[len(of) + 1 :])
            if found and int(found[1]) < rows and (found[2] == "" or found[2][0] in "-_"):
                each[int(found[1])][found[2]] = self.typed.pop(name)
        for new, old in enumerate(order):
            self.typed.update({f"{of}-{new}{rest}": text for rest, text in each[old].items()})
        self.typed[f"{of}__rows"] = str(len(order))


def _sent(node: Node) -> Iterator[str]:
    """The names a node sends itself."""
    if isinstance(node, Leaf):
        yield node.name
    elif isinstance(node, Rows):
        yield f"{node.name}__rows"
    elif isinstance(node, Fork):
        yield f"{node.name}__is"


def _count(text: str | None) -> int:
    return min(int(text), MOST_ROWS) if text and re.fullmatch(r"[0-9]{1,3}", text) else 0


# --- a value, as it would have been typed -------------------------------------------------


def spread(shape: Shape, value: Any, name: str) -> Iterator[tuple[str, str]]:
    """Every field a value fills in, by name.  Raises ``KeyError``, ``TypeError`` or
    ``AttributeError`` for a value that is not of the shape."""
    match shape:
        case shapes.Record():
            known = {**shape.needs, **shape.may}
            for part, item in value.items():
                yield from spread(known[part], item, f"{name}-{part}")
        case shapes.ListOf():
            yield f"{name}__rows", str(len(value))
            for n, item in enumerate(value):
                yield from spread(shape.of, item, f"{name}-{n}")
        case shapes.MapOf():
            yield f"{name}__rows", str(len(value))
            for n, (key, item) in enumerate(value.items()):
                yield f"{name}-{n}__key", key
                yield from spread(shape.of, item, f"{name}-{n}")
        case shapes.ByKey():
            (form,) = [key for key in shape.forms if key in value] or [""]
            yield f"{name}__is", form
            yield from spread(shape.forms[form], value, name)
        case shapes.Either():
            if isinstance(value, str):
                yield f"{name}__is", WORD + value
                return
            if not isinstance(shape.written, shapes.ByKey):
                yield f"{name}__is", WRITTEN
            yield from spread(shape.written, value, name)
        case shapes.Flag():
            yield name, {True: "yes", False: "no"}[value]
        case _:
            yield name, str(value)


# --- what was typed, as fields ------------------------------------------------------------


class _Growing(NamedTuple):
    """What a tree grows from."""

    typed: Mapping[str, str]
    defined: Defined
    focus: str

    def node(
        self,
        shape: Shape,
        name: str,
        trail: Sequence[str],
        label: str,
        *,
        optional: bool = False,
        row: bool = False,
        hint: str | None = None,
        depth: int = 0,
    ) -> Node:
        """The fields of one part."""
        if hint is None:
            hint = found(HINTS, trail) or ""
        about: dict[str, Any] = {
            "name": name,
            "label": label,
            "hint": hint,
            "optional": optional,
            "row": row,
        }
        match shape:
            case shapes.Record():
                return Parts(**about, parts=self._parts(shape, name, trail, depth))
            case shapes.ListOf() | shapes.MapOf():
                return self._rows(shape, name, trail, about, depth)
            case shapes.ByKey():
                groups = [("", list(FORMS[shape.name].items()))]
                return self._fork(shape, None, groups, name, trail, about, depth)
            case shapes.Either():
                return self._either(shape, name, trail, about, depth)
        return Leaf(
            **about,
            shape=shape,
            typed=self.typed.get(name, ""),
            groups=self._groups(shape, trail),
            autofocus=self.focus == name,
        )

    def _parts(
        self, shape: shapes.Record, name: str, trail: Sequence[str], depth: int
    ) -> dict[str, Node]:
        return {
            part: self.node(
                of,
                f"{name}-{part}",
                (*trail, part),
                found(LABELS, (*trail, part)) or plain(part).capitalize(),
                optional=part in shape.may,
                depth=depth + 1,
            )
            for part, of in {**shape.needs, **shape.may}.items()
        }

    def _rows(
        self,
        shape: shapes.ListOf | shapes.MapOf,
        name: str,
        trail: Sequence[str],
        about: dict[str, Any],
        depth: int,
    ) -> Rows:
        count = _count(self.typed.get(f"{name}__rows"))
        if depth > MOST_DEPTH:
            count = 0
        elif f"{name}__rows" not in self.typed and not about["optional"]:
            count = shape.least
        noun = found(ROWS, trail[-1:]) or "Entry"
        within = (*trail, trail[-1]) if isinstance(shape.of, shapes.MapOf) else trail
        rows = [
            self.node(shape.of, f"{name}-{n}", within, f"{noun} {n + 1}", row=True, hint="",
                      depth=depth + 1)
            for n in range(count)
        ]  # fmt: skip
        made = Named if isinstance(shape, shapes.MapOf) else Rows
        keys = []
        if isinstance(shape, shapes.MapOf):
            keys = [self._key(shape, f"{name}-{n}__key", trail) for n in range(count)]
        return made(
            **about, noun=noun, least=shape.least, rows=rows, keys=keys,
            focus=self.focus == name,
        )  # fmt: skip

    def _key(self, shape: shapes.MapOf, name: str, trail: Sequence[str]) -> Leaf:
        names = tuple(shape.names)
        groups: list[Group] = []
        if names:
            said = {**METHOD_NAMES, **(found(OPTIONS, trail) or {})}
            groups = [("", [(str(n), said.get(n) or plain(n)) for n in names])]
        return Leaf(
            name,
            found(KEYS, trail) or "Name",
            typed=self.typed.get(name, ""),
            shape=shapes.Text(r"\S.*"),
            groups=groups,
            autofocus=f"{self.focus}__key" == name,
        )

    def _either(
        self,
        shape: shapes.Either,
        name: str,
        trail: Sequence[str],
        about: dict[str, Any],
        depth: int,
    ) -> Fork:
        groups = [
            (title, [(WORD + value, said) for value, said in options])
            for title, options in self._groups(shape.word, trail)
        ]
        if isinstance(shape.written, shapes.ByKey):
            groups.append(("A day worked out itself", list(FORMS[shape.written.name].items())))
            return self._fork(shape.written, shape.word, groups, name, trail, about, depth)
        groups.append(("", [(WRITTEN, "a period")]))
        forms = shapes.ByKey("", {WRITTEN: shape.written})
        return self._fork(forms, shape.word, groups, name, trail, about, depth)

    def _fork(
        self,
        shape: shapes.ByKey,
        word: Shape | None,
        groups: list[Group],
        name: str,
        trail: Sequence[str],
        about: dict[str, Any],
        depth: int,
    ) -> Fork:
        chosen = self.typed.get(f"{name}__is", "")
        form = shape.forms.get(chosen)
        if depth > MOST_DEPTH:
            chosen, form = "", None
        if form is None and not (word is not None and chosen.startswith(WORD)):
            chosen = ""
        made: Parts | None = None
        if isinstance(form, shapes.Record):
            # Its parts are called what they are called in any form of its kind.
            made = Parts(name, about["label"], parts=self._parts(form, name, trail, depth + 1))
        return Fork(**about, groups=groups, chosen=chosen, form=made, autofocus=self.focus == name)

    def _groups(self, shape: Shape, trail: Sequence[str]) -> list[Group]:
        """The choices a part has; none where it is typed."""
        said = found(OPTIONS, trail) or {}
        match shape:
            case shapes.Flag():
                return [("", [("yes", "Yes"), ("no", "No")])]
            case shapes.Choice():
                return [("", [(m.value, said.get(m.value) or plain(m.value)) for m in shape.of])]
            case shapes.OneOf():
                return [("", [(n, said.get(n) or plain(n)) for n in shape.names])]
            case shapes.Word():
                own = sorted(self.defined.get(shape.kind.value, {}).items())
                every = [("Known to the program", list(WORDS[shape.kind].items()))]
                return [("Defined by the agreement", own), *every] if own else every
        return []
