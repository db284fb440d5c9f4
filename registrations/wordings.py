"""The words of a letter as counsel edit them: a text with places to fill, in a closed language.

The language is Liquid with most of it taken away.  A text names values from a list that is
closed for its kind of letter, asks whether one is there and goes through lists: it cannot
assign, count, load another text, or reach into a value.  What is not allowed is refused when
the text is saved, with its line; what runs is held to a number of turns and characters.

A letter as text: the heading on the first line after ``# ``, then paragraphs with an empty line
between them; below a line ``---`` lines of the form ``Name: what it is``.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple, TextIO

from liquid import Environment, Mode, StrictUndefined
from liquid.ast import Node
from liquid.builtin import content, illegal, output
from liquid.builtin.expressions.primitive import RangeLiteral
from liquid.builtin.filters.misc import default
from liquid.builtin.tags import case_tag, comment_tag, for_tag, if_tag, unless_tag
from liquid.context import RenderContext
from liquid.exceptions import LiquidError, ResourceLimitError
from liquid.expression import Expression
from liquid.stringify import to_liquid_string
from liquid.template import BoundTemplate

MOST = 20_000  # characters of a text
_MOST_PLACES, _MOST_INSIDE = 1_000, 300
_MOST_TURNS = 2_000
_MOST_OUT = 200_000  # characters of a letter
_TAGS = {
    "if": ("elsif", "else", "endif"),
    "unless": ("elsif", "else", "endunless"),
    "case": ("when", "else", "endcase"),
    "for": ("else", "endfor"),
    "comment": ("endcomment",),
}
_KNOWN = {*_TAGS, *(inner for inners in _TAGS.values() for inner in inners)}
_BRACES = re.compile(r"\{\{|\}\}|\{%|%\}")


def _text(value: object) -> str:
    return "" if value is None else to_liquid_string(value, autoescape=False)


def _join(value: object, between: object = " ") -> str:
    many = value if isinstance(value, list) else [value]
    return _text(between).join(map(_text, many))


_FILTERS: Mapping[str, Callable[..., object]] = {
    "upcase": lambda value: _text(value).upper(),
    "downcase": lambda value: _text(value).lower(),
    "capitalize": lambda value: _text(value).capitalize(),
    "join": _join,
    "default": default,
}
_LOOP = ("first", "last", "index", "length")  # what forloop tells

Values = Mapping[str, str | Sequence[str]]


class Wording(NamedTuple):
    """A letter's words once its places are filled: plain text."""

    heading: str
    paragraphs: tuple[str, ...]
    rows: tuple[tuple[str, str], ...] = ()


class Unfit(Exception):
    """A text that is not a letter's: ``message`` says why, ``line`` where, from 1, or 0."""

    def __init__(self, message: str, line: int = 0) -> None:
        self.line, self.message = line, f"Line {line}: {message}" if line else message
        super().__init__(self.message)


# What a value says is text and never part of the letter's form: while the form is read these
# stand for the characters it is read by.  Neither a text nor a value may have them itself.
_FORM = str.maketrans({"\n": "\x01", "#": "\x02", "-": "\x03", ":": "\x04"})
_BACK = str.maketrans({1: "\n", 2: "#", 3: "-", 4: ":"})
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ufffe\uffff\ud800-\udfff]")


class _FilledNode(output.OutputNode):
    def render_to_output(self, context: RenderContext, buffer: TextIO) -> int:
        said = to_liquid_string(self.expression.evaluate(context), autoescape=False)
        return buffer.write(_CONTROL.sub("", said).translate(_FORM))


class _Filled(output.Output):
    node_class = _FilledNode


class _Letters(Environment):
    """The language: what is not registered here does not exist in it."""

    block_nesting_limit = 8
    context_depth_limit = 12
    loop_iteration_limit = _MOST_TURNS
    local_namespace_limit = 10_000
    output_stream_limit = _MOST_OUT

    def setup_tags_and_filters(self, *, extra: bool = False) -> None:
        for tag in (
            content.Literal, _Filled, illegal.Illegal, if_tag.IfTag, unless_tag.UnlessTag,
            case_tag.CaseTag, for_tag.ForTag, comment_tag.CommentTag,
        ):  # fmt: skip
            self.add_tag(tag)
        for name, does in _FILTERS.items():
            self.add_filter(name, does)


_LETTERS = _Letters(tolerance=Mode.STRICT, undefined=StrictUndefined)


def check(text: str, names: Mapping[str, bool], *examples: Values) -> None:
    """Raise ``Unfit`` unless the text is a letter that names nothing but ``names``, each told
    whether it is a list, and that every example can be put into."""
    if len(text) > MOST:
        raise Unfit(f"A letter has {MOST:,} characters at most; this has {len(text):,}.")
    text = _plain(text)
    if found := _CONTROL.search(text):
        raise Unfit("There is a character here that cannot be shown.", _line(text, found.start()))
    _only_known_tags(text)
    template = _parsed(text)
    _only_known_names(template, text, names)
    for values in examples:
        filled(text, values)


def filled(text: str, values: Values) -> Wording:
    """The text with its places filled.  Raises ``Unfit`` where it cannot be: nothing that a
    value says can change the form of the letter, or be read as its language."""
    template = _parsed(_plain(text))
    # In Liquid an empty text is so; nothing is not, which is what “if it is there” asks.
    given = {n: (v if isinstance(v, str) else list(v)) or None for n, v in values.items()}
    try:
        made = template.render(**given)
    except ResourceLimitError as wrong:
        raise Unfit(
            "The letter runs too long: it may go through lists in "
            f"{_MOST_TURNS:,} turns and have {_MOST_OUT:,} characters at most."
        ) from wrong
    except (LiquidError, ArithmeticError, LookupError, TypeError, ValueError) as wrong:
        raise Unfit(_said(wrong), _at(wrong, text)) from wrong
    except RecursionError as wrong:
        raise Unfit("It is nested too deep.") from wrong
    return _read(made)


def _plain(text: str) -> str:
    """Lines as they are kept, whatever a browser sent."""
    return text.replace("\r\n", "\n").replace("\r", "\n").strip() + "\n"


@lru_cache(maxsize=64)
def _parsed(text: str) -> BoundTemplate:
    try:
        return _LETTERS.parse(text)
    except RecursionError as wrong:
        raise Unfit("It is nested too deep.") from wrong
    except LiquidError as wrong:
        if isinstance(wrong.__cause__, RecursionError):
            raise Unfit("It is nested too deep.") from wrong
        raise Unfit(_said(wrong), _at(wrong, text)) from wrong


def _only_known_tags(text: str) -> None:
    """Refuse braces that do not pair and tags that are not ours, before the language's own
    reader sees the text: it takes a time that grows with the square of braces left open."""
    opened, count = None, 0
    for mark in _BRACES.finditer(text):
        closes = mark[0] in ("}}", "%}")
        at = _line(text, mark.start())
        if opened is None and closes:
            raise Unfit(f"“{mark[0]}” closes nothing.", at)
        if opened is None:
            opened = mark
            continue
        at = _line(text, opened.start())
        if not closes or (opened[0] == "{{") != (mark[0] == "}}"):
            raise Unfit(f"“{opened[0]}” is not closed.", at)
        inside = text[opened.end() : mark.start()]
        count += 1
        if len(inside) > _MOST_INSIDE or count > _MOST_PLACES:
            raise Unfit(
                f"A letter has {_MOST_PLACES:,} places in braces at most, each of "
                f"{_MOST_INSIDE} characters.",
                at,
            )
        if opened[0] == "{%" and (tag := _word(inside)) not in _KNOWN:
            raise Unfit(
                f"“{tag[:40]}” is nothing a letter may do. It may use {', '.join(_TAGS)}.", at
            )
        opened = None
    if opened is not None:
        raise Unfit(f"“{opened[0]}” is not closed.", _line(text, opened.start()))


def _word(inside: str) -> str:
    return (inside.strip("- \t\n").split() or [""])[0]


def _only_known_names(template: BoundTemplate, text: str, names: Mapping[str, bool]) -> None:
    told = template.analyze(include_partials=False)
    for name, spans in told.filters.items():
        if name not in _FILTERS:
            raise Unfit(
                f"There is no filter “{name[:40]}”. There are {', '.join(_FILTERS)}.",
                _line(text, spans[0].index),
            )
    unknown = {name: used for name, used in told.globals.items() if name not in names}
    for name, used in sorted(unknown.items(), key=lambda each: each[1][0].span.index):
        near = difflib.get_close_matches(name, names, 1, 0.5)
        raise Unfit(
            f"This letter knows no “{name[:60]}”."
            + (f" Did you mean “{near[0]}”?" if near else " The names it knows are listed below."),
            _line(text, used[0].span.index),
        )
    for name, used in told.variables.items():
        for each in used:
            inner = each.segments[1:]
            if inner and not (name == "forloop" and len(inner) == 1 and inner[0] in _LOOP):
                raise Unfit(
                    f"“{each}” is not known: there is nothing within “{name[:60]}” to name.",
                    _line(text, each.span.index),
                )
    for expression in _expressions(template.nodes, template):
        if isinstance(expression, RangeLiteral):
            index = expression.token.start_index
            raise Unfit(
                "A letter goes through the lists it is given, not through numbers.",
                _line(text, index),
            )


def _expressions(nodes: Sequence[Node], template: BoundTemplate) -> Iterator[Expression]:
    context = RenderContext(template)
    waiting: list[Any] = list(nodes)
    while waiting:
        each = waiting.pop()
        if isinstance(each, Expression):
            yield each
            waiting += each.children()
        else:
            waiting += [*each.expressions(), *each.children(context, include_partials=False)]


def _line(text: str, index: int) -> int:
    return text.count("\n", 0, max(index, 0)) + 1


def _at(wrong: Exception, text: str) -> int:
    token = getattr(wrong, "token", None)
    return _line(text, token.start_index) if token is not None and token.start_index >= 0 else 0


def _said(wrong: Exception) -> str:
    """What a person can do about a mistake in the language."""
    message = str(wrong.args[0]) if isinstance(wrong, LiquidError) and wrong.args else ""
    if "undefined" in message:
        return "This names something the letter does not have."
    return f"This cannot be read: {message[:160] or 'check what stands in braces'}."


def _read(made: str) -> Wording:
    """The letter of a filled text."""
    head, *rest = made.strip("\n ").split("\n")
    if not head.startswith("# ") or not head[2:].strip():
        raise Unfit("The first line is the heading: begin it with “# ”.", 1)
    above, below = rest, []
    for n, line in enumerate(rest):
        if line.strip() == "---":
            above, below = rest[:n], rest[n + 1 :]
            break
    paragraphs = ["\n".join(each) for each in _blocks(above)]
    if not paragraphs:
        raise Unfit("A letter has at least one paragraph below its heading.")
    rows = []
    for line in below:
        name, colon, what = line.partition(":")
        if not line.strip():
            continue
        if not colon or not name.strip():
            said = line.strip().translate(_BACK)[:60]
            raise Unfit(f"Below “---” each line is “Name: what it is”; “{said}” is not.")
        if what.strip():  # a line nothing was filled into is left out
            rows.append((name.strip().translate(_BACK), what.strip().translate(_BACK)))
    return Wording(
        head[2:].strip().translate(_BACK),
        tuple(each.translate(_BACK) for each in paragraphs),
        tuple(rows),
    )


def _blocks(lines: Sequence[str]) -> Iterator[list[str]]:
    block: list[str] = []
    for line in lines:
        if line.strip():
            block.append(line.strip())
        elif block:
            yield block
            block = []
    if block:
        yield block
