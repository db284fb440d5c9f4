"""A term's value as fields: every form of term has its fields, nothing typed is lost, and
what is wrong is said at its field."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registrations import library
from registrations.forms.part_words import LABELS, found
from registrations.forms.term_tree import ROOT, Tree, spread
from registrations.rules import shapes
from registrations.rules.shapes import Shape
from registrations.rules.terms import SPEC
from registrations.rules.words import WORDS

NO_WORDS: dict[str, dict[str, str]] = {}


def tree(term: str, typed: dict[str, str]) -> Tree:
    return Tree(term, SPEC[term].shape, typed, NO_WORDS, SPEC[term].label)


# --- every form of term has its fields -------------------------------------------------------


@pytest.mark.parametrize("name", library.names())
def test_every_term_of_the_library_is_shown_in_fields_and_comes_back_the_same(name: str) -> None:
    entries = library.data(name)["terms"]
    defined = entries.get("defined_words", {}).get("value", {})

    for term, entry in entries.items():
        shape = SPEC[term].shape
        shown = Tree.of(term, shape, entry["value"], defined, SPEC[term].label)
        sent = {node.name: node.typed for node in shown.root.every() if hasattr(node, "typed")}
        assert shown.read("value") == entry["value"]
        assert shown.found == []
        assert sent.items() <= shown.typed.items() | {(n, "") for n in sent}
        assert shown.kept == []


def values(shape: Shape, depth: int = 0) -> st.SearchStrategy[Any]:
    """Data of a shape, deep enough to hold every form inside every other."""
    match shape:
        case shapes.Whole(least):
            return st.integers(least, 10**9)
        case shapes.Flag():
            return st.booleans()
        case shapes.Text() if shape == shapes.Text():
            return st.from_regex(r"[A-Za-z“][^\x00-\x1f\x7f-\xa0]{0,20}[a-z.]", fullmatch=True)
        case shapes.Text():
            example = shape.example or "form"
            return st.just(example)
        case shapes.Usd():
            return st.from_regex(r"[0-9]{1,6}(\.[0-9]{1,3})?", fullmatch=True)
        case shapes.Share():
            return st.sampled_from(["1/2", "35%", "2/3", "0.5%", "100%"])
        case shapes.Choice(of):
            return st.sampled_from([member.value for member in of])
        case shapes.OneOf(names):
            return st.sampled_from(names)
        case shapes.Word(kind):
            return st.sampled_from(sorted(WORDS[kind]))
        case shapes.ListOf(of, least):
            return st.lists(
                values(of, depth + 1), min_size=max(least, 1), max_size=2 + least, unique_by=repr
            )
        case shapes.MapOf():
            keys = tuple(str(name) for name in shape.names)
            name = st.sampled_from(keys) if keys else st.sampled_from(["S-1", "ipo", "a b"])
            return st.dictionaries(name, values(shape.of, depth + 1), min_size=1, max_size=2)
        case shapes.Record(_, needs, may):
            shallow = {n: s for n, s in may.items() if depth < 4 or not deep(s)}
            return st.fixed_dictionaries(
                {n: values(s, depth + 1) for n, s in needs.items()},
                optional={n: values(s, depth + 1) for n, s in shallow.items()},
            )
        case shapes.ByKey():
            forms = [f for f in shape.forms.values() if depth < 3 or not deep(f)]
            return st.one_of([values(form, depth + 1) for form in forms])
        case shapes.Either(word, written):
            return values(word) if depth > 3 else st.one_of(values(word), values(written, depth))
    raise AssertionError(shape)


def deep(shape: Shape) -> bool:
    """Whether a shape holds days or conditions, and so may go on for ever."""
    match shape:
        case shapes.ByKey():
            return True
        case shapes.ListOf(of) | shapes.MapOf(of):
            return deep(of)
        case shapes.Record(_, needs):
            return any(deep(part) for part in needs.values())
    return False


@pytest.mark.parametrize("term", SPEC)
@settings(max_examples=10, deadline=None)
@given(data=st.data())
def test_whatever_a_term_says_its_fields_say_the_same(term: str, data: st.DataObject) -> None:
    value = data.draw(values(SPEC[term].shape))
    typed = dict(spread(SPEC[term].shape, value, ROOT))

    assert plain_of(tree(term, typed).value) == plain_of(value)


def plain_of(value: Any) -> Any:
    """A value without the parts that say nothing: an empty record is as good as none."""
    if isinstance(value, dict):
        kept = {n: plain_of(item) for n, item in value.items()}
        return {n: item for n, item in kept.items() if item not in ({}, [])}
    if isinstance(value, list):
        return [item for item in map(plain_of, value) if item not in ({}, [])]
    return value


def test_every_part_has_a_label_of_its_own() -> None:
    missing = {".".join(trail) for trail in parts() if not found(LABELS, trail)}
    assert missing == set()


def parts() -> list[tuple[str, ...]]:
    """The way to every part of every term, through each form once."""
    ways: list[tuple[str, ...]] = []

    def walk(shape: Shape, trail: tuple[str, ...], seen: tuple[str, ...]) -> None:
        match shape:
            case shapes.Record():
                for name, of in {**shape.needs, **shape.may}.items():
                    ways.append((*trail, name))
                    walk(of, (*trail, name), seen)
            case shapes.ListOf(of) | shapes.MapOf(of):
                walk(of, trail, seen)
            case shapes.Either(_, written):
                walk(written, trail, seen)
            case shapes.ByKey() if shape.name not in seen:
                for form in shape.forms.values():
                    walk(form, trail, (*seen, shape.name))

    for term, spec in SPEC.items():
        walk(spec.shape, (term,), ())
    return ways


# --- rows and forms are added, taken away and changed; nothing typed is lost -----------------


def test_a_row_is_added_filled_in_moved_and_taken_away() -> None:
    form = tree("request_parts", {"v__rows": "2", "v-0": "amount", "v-1": "distribution"})

    form.change("add:v")
    assert form.value == ["amount", "distribution"]  # an empty row says nothing
    form.typed["v-2"] = "other_information"
    form.change("up:v-2")
    assert form.value == ["amount", "other_information", "distribution"]
    form.change("drop:v-0")
    assert form.value == ["other_information", "distribution"]


def test_a_row_taken_away_leaves_those_of_a_like_name_alone() -> None:
    typed = {"v__rows": "12", **{f"v-{n}-says": f"Rest {n}" for n in range(12)}}
    form = tree("rests", typed)

    form.change("drop:v-1")

    assert [rest["says"] for rest in form.value] == [f"Rest {n}" for n in range(12) if n != 1]


def test_another_form_is_chosen_and_the_first_one_comes_back_as_typed() -> None:
    typed = {"v__is": "after", "v-n": "20", "v-after__is": "=company_notice_given"}
    form = tree("joining", typed)
    first = form.value

    form.typed["v__is"] = "on"
    form.change("choose:v")
    form.typed["v-on"] = "filed"
    assert form.value == {"on": "filed"} or form.value == {"on": None}
    assert ("v-n", "20") in form.kept

    form.typed["v__is"] = "after"
    form.change("choose:v")
    assert form.value == first


@pytest.mark.parametrize(
    ("term", "typed", "says"),
    [
        pytest.param("units_offered", {"v": "many"}, "Give a whole number, 0 or more.", id="words"),
        pytest.param("units_offered", {}, "Fill this in.", id="nothing"),
        pytest.param("joining", {"v__is": "after"}, "How many: Fill this in.", id="no number"),
        pytest.param("joining", {"v__is": "after", "v-n": "20"}, "After: Choose one.",
                     id="no start"),
        pytest.param("joining", {}, "Choose one.", id="no form"),
        pytest.param("request_parts", {"v__rows": "1"}, "Add at least one.", id="no row"),
        pytest.param("request_parts", {"v__rows": "2", "v-0": "amount", "v-1": "amount"},
                     "Part 2: This is in the list twice.", id="twice"),
        pytest.param("notice_methods", {"v__rows": "1", "v-0-when": "sent"},
                     "Method: Choose one.", id="no name"),
        pytest.param("notice_methods", {"v__rows": "2", "v-0__key": "personal", "v-0-when": "sent",
                     "v-1__key": "personal", "v-1-when": "received"},
                     "Method: This is in the list twice.", id="one name twice"),
        pytest.param("demand_threshold", {"v__is": "measure", "v-measure": "units_held",
                     "v-is": "over", "v-of": "units_held"},
                     "Who may demand: A measure cannot be compared with itself.", id="itself"),
        pytest.param("liquidated_damages", {"v__rows": "1", "v-0__key": "late", "v-0-base":
                     "amount_invested"}, "Give a rate: on the first day", id="no rate"),
        pytest.param("joining", {"v__is": "after", "v-n": "20", "v-after__is":
                     "=company_notice_given", "v-at": "5 pm"}, "Time of day it ends at: Give words",
                     id="no time of day"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_at_its_field_in_plain_words(
    term: str, typed: dict[str, str], says: str
) -> None:
    form = tree(term, typed)
    form.read("value")

    assert any(says in problem.says for problem in form.found), form.found
    anchors = {node.anchor for node in form.root.every()}
    assert {problem.path for problem in form.found} <= anchors


def test_what_is_typed_without_end_is_cut_off() -> None:
    deep_down = {
        f"v{'-all-0' * n}__{what}": text for n in range(60) for what, text in (("is", "all"),)
    } | {f"v{'-all-0' * n}-all__rows": "80" for n in range(60)}

    form = tree("demand_threshold", deep_down)

    assert sum(1 for _ in form.root.every()) < 5000
    form.read("value")


def test_reading_leaves_nothing_noted_twice() -> None:
    form = tree("units_offered", {"v": "many"})
    form.read("value")
    form.read("value")
    assert len(form.found) == 1
