"""Correcting what is on record of how a statement is carried through (S2–S4)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from django.db.models import Model
from django.http import Http404
from django.shortcuts import get_object_or_404

from registrations.forms import selling as forms
from registrations.forms.base import ActForm
from registrations.models import (
    ProspectusCopies,
    StateEntry,
    SuspensionAnswer,
    SuspensionLetter,
    SuspensionRecord,
)
from registrations.rules.blue_sky import STATES
from registrations.services import prospectuses, selling

from .carried import CarriedAct
from .following import Consequences


class Correctable(NamedTuple):
    """A kind of entry that can be corrected: its table, the way from it to its statement,
    the form, the service call, and the page it is shown on."""

    model: type[Model]
    statement: str
    form: type[ActForm]
    correct: Callable[..., Any]
    page: str


def _furnished(replaces: ProspectusCopies, reason: str, when: Any, **data: Any) -> Any:
    sent = forms.sent_of(data)
    return prospectuses.correct_furnished(replaces=replaces, sent=sent, reason=reason, when=when)


CORRECTABLE = {
    "amendment": Correctable(
        SuspensionRecord, "suspension__statement", forms.CorrectAmendedForm,
        selling.correct_suspension, "selling",
    ),
    "notice": Correctable(
        SuspensionLetter, "suspension__statement", forms.CorrectLetterForm,
        selling.correct_letter, "selling",
    ),
    "answer": Correctable(
        SuspensionAnswer, "suspension__statement", forms.CorrectAnswerForm,
        selling.correct_stop_answer, "selling",
    ),
    "prospectus": Correctable(
        ProspectusCopies, "statement", forms.CorrectFurnishedForm, _furnished, "prospectuses"
    ),
    "state": Correctable(
        StateEntry, "statement", forms.CorrectStateForm, prospectuses.correct_state, "blue-sky"
    ),
}  # fmt: skip


class CorrectCarried(CarriedAct):
    """An entry was wrong: another replaces it and says why."""

    button = "Save correction"
    saved = "Correction saved."

    def found(self) -> None:
        what = CORRECTABLE.get(self.kwargs["what"])
        if what is None:
            raise Http404
        self.what, self.shown_on, self.form_class = what, what.page, what.form
        self.looks = what.page != "blue-sky"
        self.record: Any = get_object_or_404(
            what.model._default_manager.select_related(
                *(f.name for f in what.model._meta.concrete_fields if f.is_relation and not f.null)
            ),
            **{"pk": self.kwargs["pk"], what.statement: self.statement},
        )
        self.heading = f"Correct: {_called(self.record)}"
        self.intro = "What stands now stays on record, marked as replaced."
        self.clause = ""

    def form_options(self) -> dict[str, Any]:
        return {"record": self.record}

    def perform(self, form: ActForm, *, trying: bool) -> Any:
        data = {k: v for k, v in form.cleaned_data.items() if k not in ("once", "seen")}
        return self.what.correct(replaces=self.record, when=self.acting, **data)

    def consequences(self, form: ActForm) -> Consequences | None:
        return super().consequences(form) if self.looks else None


def _called(record: Any) -> str:
    if isinstance(record, SuspensionRecord):
        return f"{record.get_kind_display()} ({record.suspension.reference})"
    if isinstance(record, SuspensionLetter):
        return f"what {record.notice.reference} asks"
    if isinstance(record, SuspensionAnswer):
        return f"{record.investor.name}, {record.get_kind_display().lower()}"
    if isinstance(record, ProspectusCopies):
        return f"{record.get_kind_display()} to {record.investor.name}"
    return f"{STATES.get(record.state, record.state)}, {record.get_kind_display().lower()}"
