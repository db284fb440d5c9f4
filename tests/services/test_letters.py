"""The words of letters: what counsel may write in them, and what is refused with its reason."""

from __future__ import annotations

import time
from datetime import date

import pytest
from pghistory.models import Context

from registrations.facts import texts_of
from registrations.letter_kinds import Kind, examples_of, our_text, places_of, try_out
from registrations.models import LetterTemplate
from registrations.services import letters
from registrations.wordings import Unfit, filled
from tests import world as tell
from tests.services.saved import conflicts, refused

ON = date(2003, 6, 4)
HEAD = "# A letter\n\nFrom {{ company }}.\n\n"


def save(world: tell.World, text: str, kind: str = "delay", **about: object) -> LetterTemplate:
    given: dict[str, object] = {"reason": "Our house style."} | about
    return letters.save_template(
        agreement=world.agreement, kind=kind, text=text, when=world.at(ON), **given
    )


@pytest.mark.parametrize("kind", Kind.values)
def test_our_own_words_can_be_made_whatever_is_missing(kind: str) -> None:
    full, bare = examples_of(kind)

    assert try_out(kind, our_text(kind)) == filled(our_text(kind), full)
    said = filled(our_text(kind), bare)
    assert said.heading
    assert "(section )" not in str(said)
    assert not any("  " in each or each.endswith(" .") for each in said.paragraphs)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (HEAD + "{{ company.__class__ }}", "Line 5: “company.__class__” is not known"),
        (HEAD + "{{ company['objects'] }}", "Line 5: “company.objects” is not known"),
        (HEAD + "{% if false %}{{ agreement.company }}{% endif %}", "“agreement.company”"),
        (HEAD + "{% for p in to %}{{ p.__globals__ }}{% endfor %}", "“p.__globals__”"),
        (HEAD + "{{ request }}", "Line 5: This letter knows no “request”."),
        (
            HEAD + "\n{{ compani }}",
            "Line 6: This letter knows no “compani”. Did you mean “company”",
        ),
        (HEAD + "{% include 'secrets' %}", "Line 5: “include” is nothing a letter may do."),
        (HEAD + "{% render 'secrets' %}", "“render” is nothing"),
        (HEAD + "{% extends 'secrets' %}", "“extends” is nothing"),
        (HEAD + "{% assign a = company %}", "“assign” is nothing"),
        (HEAD + "{% capture a %}x{% endcapture %}", "“capture” is nothing"),
        (HEAD + "{% raw %}x{% endraw %}", "“raw” is nothing"),
        (HEAD + "{% for n in (1..1000000000) %}x{% endfor %}", "not through numbers"),
        (HEAD + "{{ (1..1000000000) | join }}", "not through numbers"),
        (HEAD + "{{ to | date: '%Y' }}", "Line 5: There is no filter “date”."),
        (HEAD + "{{ to", "Line 5: “{{” is not closed."),
        (HEAD + "to }}", "Line 5: “}}” closes nothing."),
        (HEAD + "{% if to %}x", "This cannot be read"),
        (HEAD + "{{ to | }}", "This cannot be read"),
        (HEAD + "{% if to %}" * 20 + "{% endif %}" * 20, "nest"),
        (HEAD + "{{" * 9_000, "is not closed"),
        (HEAD + "{{ to" + "[" * 5_000 + " }}", "300 characters"),
        (HEAD + "x" * 20_001, "20,000 characters at most"),
        (HEAD + "a bell\x07", "Line 5: There is a character here that cannot be shown."),
        ("Dear {{ to }}", "Line 1: The first line is the heading"),
        ("# A heading", "at least one paragraph"),
        (HEAD + "---\nno colon", "“no colon” is not"),
        ("", "first line is the heading"),
    ],
)
def test_a_text_that_reaches_too_far_is_refused_and_nothing_is_saved(
    bestnet: tell.World, text: str, says: str
) -> None:
    acts = Context.objects.count()
    began = time.monotonic()
    with refused("text") as wrong:
        save(bestnet, text)

    assert says in wrong.value.message
    assert time.monotonic() - began < 2
    assert not LetterTemplate.objects.exists()
    assert Context.objects.count() == acts


def test_a_letter_that_grows_past_its_limits_is_refused() -> None:
    many = {"parts": [str(n) for n in range(60)]}
    loops = "{% for a in parts %}" * 3 + "x" + "{% endfor %}" * 3
    with pytest.raises(Unfit, match="runs too long"):
        filled(f"# A\n\nb {loops}", many)
    with pytest.raises(Unfit, match="runs too long"):
        filled("# A\n\nb {% for a in parts %}" + "y" * 9_000 + "{% endfor %}", many)


def test_what_a_value_says_is_text_and_never_form_or_language() -> None:
    evil = "Evil: {{ company }}\n---\n# Other: heading\n\n{% include 'x' %}\x00"
    said = filled(
        "# For {{ to }}\n\n{{ to }}\n\n---\n{{ to }}: {{ to }}\nLast: one",
        {"to": evil, "company": "Secret"},
    )

    told = evil.replace("\x00", "")
    assert said.heading == f"For {told}"
    assert said.paragraphs == (told,)
    assert said.rows == ((told, told), ("Last", "one"))
    # The control: typed in the text itself the same lines are its form.
    assert filled("# A\n\nb\n---\nOther: heading", {}).rows == (("Other", "heading"),)


def test_a_place_knows_only_what_its_own_kind_has(bestnet: tell.World) -> None:
    assert "due_on" in {p.name for p in places_of("information")}
    with refused("text") as wrong:
        save(bestnet, HEAD + "{{ due_on }}", kind="delay")
    assert "due_on" in wrong.value.message
    assert save(bestnet, HEAD + "{{ due_on }}", kind="information").pk


def test_words_are_kept_version_by_version_and_may_be_taken_up_again(
    bestnet: tell.World,
) -> None:
    first = save(bestnet, HEAD + "One.\r\nTwo.")
    second = save(bestnet, HEAD + "Three.", replaces=first)
    third = save(bestnet, first.text, replaces=second, reason="Back to version 1.")

    versions = letters.versions_of(bestnet.agreement, "delay")
    assert [(v.number, v.stands, v.row) for v in versions] == [
        (3, True, third), (2, False, second), (1, False, first),
    ]  # fmt: skip
    assert third.text == HEAD + "One.\nTwo.\n"
    assert texts_of(bestnet.agreement) == {"delay": third.text}
    acts = Context.objects.filter(metadata__act="letter.worded")
    assert {each.metadata["reason"] for each in acts} == {"Our house style.", "Back to version 1."}
    with conflicts("reason"):
        save(bestnet, HEAD + "Four.", replaces=first)
    with conflicts("text"):
        save(bestnet, third.text, replaces=third)
    with refused("reason"):
        save(bestnet, HEAD + "Five.", replaces=third, reason=" ")
    with refused("kind"):
        save(bestnet, HEAD, kind="ransom_note")


def test_words_are_of_one_agreement_alone(bestnet: tell.World) -> None:
    other = tell.build({"Yew": 600}, slug="elsewhere")
    save(bestnet, HEAD + "Ours.")

    assert texts_of(other.agreement) == {}
    assert letters.versions_of(other.agreement, "delay") == []


def test_what_is_missing_is_nothing_wherever_it_is_named() -> None:
    text = (
        "# A{% if a %} a{% endif %}{% if b %} b{% endif %}{% unless a %} none{% endunless %}\n\n"
        "[{{ a }}{{ a | upcase }}{{ a | capitalize }}{{ b | join: ', ' }}{{ b }}"
        "{{ a | default: 'x' }}{% for each in b %}y{% endfor %}]\n\n---\nRow: {{ a }}"
    )

    assert filled(text, {"a": "", "b": ()}) == ("A none", ("[x]",), ())
    said = filled(text, {"a": "q", "b": ["r", "s"]})
    assert said == ("A a b", ("[qQQr, srsqyy]",), (("Row", "q"),))
