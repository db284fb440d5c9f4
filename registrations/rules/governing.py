"""Which of several readings governs, chosen once for a whole agreement (N8).

A term that bears more than one reading lists them all, the one used until counsel chooses
first.  A choice puts its reading first and is kept beside the terms with its memo; the
other readings stay where they were, and are worked out as before.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

from .conditions import CONDITION
from .delay import EFFECT_SAYS
from .findings import Decision
from .reckoning import WHEN
from .shapes import ByKey, Desk, ListOf, MapOf, Record, Shape
from .terms import SPEC, TermEntry, Terms
from .wording import say_condition, say_when

DELAY_EFFECT = "delay_effect"
_SCALARS: Mapping[tuple[str, str], str] = {
    ("shared_again", "yes"): "room a holder cannot use is shared again among the rest",
    ("shared_again", "no"): "room a holder cannot use is left",
    ("first_covers_period", "yes"): "the first payment covers the first period",
    ("first_covers_period", "no"): "the first payment comes on top of the first period",
    ("counts_last_day", "yes"): "the last day counts",
    ("counts_last_day", "no"): "the last day does not count",
    ("day_counts", "30/360"): "a year has 360 days, months of 30",
    ("day_counts", "actual/365"): "a year has 365 days, counted as they are",
    ("capped", "yes"): "a Selling Investor’s limit holds here too",
    ("capped", "no"): "no limit holds here",
    ("cap", "gross"): "its proceeds, gross",
    ("cap", "net_of_selling_expenses"): "its proceeds, net of selling expenses",
}


class Option(NamedTuple):
    """One reading: the name it is chosen by, and what it means in words."""

    name: str
    words: str


class Question(NamedTuple):
    """Something an agreement's words leave open: the name it is chosen by, the term it is
    in, what it asks, and every reading, the one the term puts first in front."""

    name: str
    term: str
    asks: str
    clause: str
    options: tuple[Option, ...]

    def says(self, choice: str) -> str:
        """A reading in words; its bare name where the term has it no longer."""
        return next((o.words for o in self.options if o.name == choice), choice)


def questions_of(entries: Mapping[str, TermEntry]) -> list[Question]:
    """Every question the terms leave open, in the order of the list of terms.

    What an agreement is silent on and the program works out in each of several ways is
    asked too: what a delay does to the last day to file (D15).
    """
    defined = entries["defined_words"].value if "defined_words" in entries else {}
    found = []
    for term, spec in SPEC.items():
        if term not in entries:
            continue
        entry = entries[term]
        for place in _places(spec.shape, entry.value, (term,)):
            asks = spec.label
            if len(place.way) > 1:
                asks = f"{asks}: {', '.join(part.replace('_', ' ') for part in place.way[1:])}"
            options = tuple(
                Option(_name(item), _words(place.way[-1], item, defined)) for item in place.items
            )
            found.append(Question(".".join(place.way), term, asks, entry.clause, options))
        if term == "delay" and not _tolls(entry.value):
            effects = tuple(Option(name, words) for name, words in EFFECT_SAYS.items())
            asks = "What a delay does to the last day to file"
            found.append(Question(DELAY_EFFECT, term, asks, entry.clause, effects))
    return found


def put_first(
    entries: Mapping[str, TermEntry], chosen: Mapping[str, Decision]
) -> tuple[dict[str, TermEntry], dict[str, Decision]]:
    """The terms with each reading chosen in front of the others, and the choices that
    still name a reading the terms have.  The order of the others stays."""
    governing: dict[str, Decision] = {}
    found = dict(entries)
    for term in {name.partition(".")[0] for name in chosen} & entries.keys():
        value = found[term].value

        def moved(way: tuple[str, ...], items: list[Any]) -> list[Any]:
            decision = chosen.get(".".join(way))
            first = [i for i in items if decision and _name(i) == decision.choice]
            if decision is None or not first:
                return items
            governing[decision.about] = decision
            return [*first, *(item for item in items if item not in first)]

        found[term] = found[term]._replace(value=_rebuilt(SPEC[term].shape, value, (term,), moved))
    effect = chosen.get(DELAY_EFFECT)
    if effect is not None and "delay" in entries and effect.choice in EFFECT_SAYS:
        governing[DELAY_EFFECT] = effect
    return found, governing


def decisions(own: Mapping[str, Decision], terms: Terms) -> Mapping[str, Decision]:
    """What was decided in a matter, and where nothing was, what was chosen for the whole
    agreement: a decision in a matter stands before it."""
    agreed = {}
    for question, about, names in (
        ("demand_threshold", "eligibility", "demand_bases"),
        ("filing_opens", "filing_opens", "filing_opens_from"),
        ("joining", "joining", "joining_from"),
        ("piggyback_joining", "piggyback_joining", "piggyback_joining_from"),
    ):
        if question in terms.chosen and terms.gives(names):
            # The term has the reading chosen in front, under the name the rules know.
            first = getattr(terms, names)[0]
            agreed[about] = terms.chosen[question]._replace(choice=first)
    if DELAY_EFFECT in terms.chosen:
        agreed[DELAY_EFFECT] = terms.chosen[DELAY_EFFECT]
    return {**agreed, **own} if agreed else own


class _Place(NamedTuple):
    """Where in a term several readings are listed, and the list."""

    way: tuple[str, ...]
    items: list[Any]


def _places(shape: Shape, value: Any, way: tuple[str, ...]) -> Iterator[_Place]:
    found: list[_Place] = []

    def note(at: tuple[str, ...], items: list[Any]) -> list[Any]:
        if len(items) > 1:
            found.append(_Place(at, items))
        return items

    _rebuilt(shape, value, way, note)
    yield from found


_Handle = Callable[[tuple[str, ...], list[Any]], list[Any]]


def _rebuilt(shape: Shape, value: Any, way: tuple[str, ...], handle: _Handle) -> Any:
    """A value with ``handle`` applied to each list of readings in it."""
    match shape:
        case Record(_, needs, may) if isinstance(value, dict):
            known = {**needs, **may}
            return {
                name: _rebuilt(known[name], item, (*way, name), handle) if name in known else item
                for name, item in value.items()
            }
        case MapOf(of) if isinstance(value, dict):
            return {name: _rebuilt(of, item, (*way, name), handle) for name, item in value.items()}
        case ListOf(readings=True) if isinstance(value, list):
            return handle(way, value)
        case ListOf(of) if isinstance(value, list):
            return [_rebuilt(of, item, (*way, str(n)), handle) for n, item in enumerate(value, 1)]
        case ByKey(_, forms) if isinstance(value, dict):
            if isinstance(value.get("readings"), list):
                return {**value, "readings": handle(way, value["readings"])}
            form = next((forms[key] for key in forms if key in value), None)
            return value if form is None else _rebuilt(form, value, way, handle)
    return value


def _name(item: Any) -> str:
    """What a reading is called: its own name, or the value itself."""
    if isinstance(item, dict):
        return str(item.get("says", ""))
    if isinstance(item, bool):
        return "yes" if item else "no"
    return str(item)


def _words(part: str, item: Any, defined: Mapping[str, Mapping[str, str]]) -> str:
    name = _name(item)
    if not isinstance(item, dict):
        return _SCALARS.get((part, name), name.replace("_", " "))
    desk = Desk(defined)
    if "when" in item:
        when = WHEN.read(item["when"], "", desk)
        means = say_when(when, defined) if not desk.problems else "cannot be read"
    else:
        condition = CONDITION.read(item.get("condition"), "", desk)
        means = say_condition(condition, defined) if not desk.problems else "cannot be read"
    return f"“{name.replace('_', ' ')}”: {means}"


def _tolls(value: Any) -> bool:
    return isinstance(value, dict) and bool(value.get("tolls"))
