"""The worksheet: every term of the agreement that works something out, asked on facts."""

from __future__ import annotations

from typing import Any, NamedTuple

from django.views.generic import TemplateView

from registrations.facts import terms_of
from registrations.forms.worksheet import WorksheetForm
from registrations.rules import questions
from registrations.rules.asking import Needed, needed_by
from registrations.rules.conditions import CONDITIONS
from registrations.rules.reckoning import WHENS
from registrations.rules.terms import SPEC, Terms

from .scope import CounselPage

_ASKED_BY_NAME = ("milestones", "rests", "lockup", "share_count")


class Answered(NamedTuple):
    """A term's answer in words: what it says, why, and what it waits for."""

    name: str
    label: str
    clause: str
    says: str
    known: bool
    because: list[str]
    awaiting: list[str]
    readings: list[tuple[str, str]]


class WorksheetPage(CounselPage, TemplateView):
    """What do the terms come to on these days and numbers?

    Nothing is saved: what is supposed is in the address of the page, which can be sent on.
    """

    template_name = "counsel/worksheet.html"
    nav = "agreement"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        terms = terms_of(self.agreement, max(self.today, self.agreement.dated_on))
        asked = [name for name in terms.values if _can_be_asked(name, terms)]
        needed = _once(word for name in asked for word in needed_by(terms.values[name]))
        form = WorksheetForm(
            self.request.GET if self.request.GET else None,
            needed=needed,
            defined=terms.values.get("defined_words", {}),
        )
        answers: list[Answered] = []
        if form.is_bound and form.is_valid():
            facts = form.facts()
            answers = [a for name in asked for a in _answers(name, terms, facts)]
        kwargs.update(form=form, asked=asked, answers=answers)
        return super().get_context_data(**kwargs)


def _can_be_asked(name: str, terms: Terms) -> bool:
    value = terms.values[name]
    return name in _ASKED_BY_NAME or isinstance(value, WHENS + CONDITIONS)


def _once(words: Any) -> list[Needed]:
    """Each word once; the options of a choice put together."""
    found: dict[tuple[Any, str], Needed] = {}
    for word in words:
        key = (word.kind, word.word)
        options = dict.fromkeys(
            (*found[key].options, *word.options) if key in found else word.options
        )
        found[key] = word._replace(options=tuple(options))
    return list(found.values())


def _answers(name: str, terms: Terms, facts: dict[str, Any]) -> list[Answered]:
    """A term's answers: one, or one for each day or rest it gives."""
    told = questions.ask(name, terms, facts)
    label = SPEC[name].label
    if name == "milestones":
        return [
            _answered(name, word.replace("_", " ").capitalize(), told["clause"], day)
            for word, day in told["days"].items()
        ]
    if name == "rests":
        return [_rest(told["clause"], each) for each in told["rests"]]
    if name == "lockup":
        first, last = told["first"], told["last"]
        told = {**told, "day": last, "in_words": f"{first or 'the day itself'} through {last}"}
    if name == "share_count":
        told = {**told, "day": told["shares"], "in_words": f"{told['shares']} shares"}
        told.setdefault("because", [])
        told.setdefault("awaiting", [])
    return [_answered(name, label, told["clause"], told)]


def _answered(name: str, label: str, clause: str, told: dict[str, Any]) -> Answered:
    return Answered(
        name,
        label,
        clause,
        _says(told),
        _is_known(told),
        [reason["text"] for reason in told["because"]],
        [each["fact"] for each in told["awaiting"]],
        [(each["says"].replace("_", " "), _says(each)) for each in told.get("readings", ())],
    )


def _rest(clause: str, told: dict[str, Any]) -> Answered:
    if told["last"]:
        says = f"Nothing can be required from {told['first'] or 'now'} through {told['last']}"
    else:
        says = {True: "It stands in the way", False: "It does not stand in the way"}.get(
            told["bars"], "Not known"
        )
    return Answered(
        "rests", SPEC["rests"].label, clause, says, told["bars"] is not None,
        [reason["text"] for reason in told["because"]],
        [each["fact"] for each in told["awaiting"]], [],
    )  # fmt: skip


def _is_known(told: dict[str, Any]) -> bool:
    return (told["holds"] if "holds" in told else told["day"]) is not None


def _says(told: dict[str, Any]) -> str:
    if "holds" in told:
        return {True: "Yes", False: "No"}.get(told["holds"], "Not known")
    if told["day"] is None:
        return "No day" if not told.get("applies", True) else "Not known"
    moment = told.get("last_moment")
    return f"{told['in_words']}, {moment[11:16]}" if moment else told["in_words"]
