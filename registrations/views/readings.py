"""Where the agreement's words bear more than one meaning, and which governs in it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.generic import TemplateView

from registrations.facts import entries_of
from registrations.forms.base import ActForm
from registrations.forms.readings import ChooseReadingForm
from registrations.models import Decision, GoverningReading
from registrations.rules.governing import Question, questions_of
from registrations.services import readings as acts

from .following import Consequences
from .recording import ActPage
from .scope import CounselPage
from .words import capital, count_words

# What a matter's own decision on the same question is about.
_IN_A_MATTER = {
    "demand_threshold": "eligibility",
    "filing_opens": "filing_opens",
    "delay_effect": "delay_effect",
}
_UNTIL_CHOSEN = {
    "demand_threshold": "Good on every reading is good, on none refused; between them counsel "
    "decides in the matter.",
    "joining": "A request is judged by the earlier day; between the two counsel decides.",
    "piggyback_joining": "A request is judged by the earlier day; between the two counsel decides.",
    "delay_effect": "The Company is judged by the strictest day.",
}


class Card(NamedTuple):
    """A question, what was chosen, what was chosen before, and where a matter decided for
    itself."""

    question: Question
    summary: str
    standing: GoverningReading | None
    says: str
    until_chosen: str
    earlier: Sequence[tuple[GoverningReading, str]]
    decided: Sequence[Decision]


class ReadingsPage(CounselPage, TemplateView):
    """Where did we choose between meanings?"""

    template_name = "counsel/readings.html"
    nav = "agreement"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        entries = entries_of(self.agreement, max(self.today, self.agreement.dated_on))
        chosen: dict[str, list[GoverningReading]] = defaultdict(list)
        for reading in (
            GoverningReading.objects.filter(agreement=self.agreement)
            .select_related("recorded_by", "replacement")
            .order_by("-pk")
        ):
            chosen[reading.question].append(reading)
        decided = _decided(self.agreement.pk)
        cards = []
        for question in questions_of(entries):
            every = chosen[question.name]
            standing = next((r for r in every if not hasattr(r, "replacement")), None)
            cards.append(
                Card(
                    question,
                    entries[question.term].summary,
                    standing,
                    question.says(standing.choice) if standing else "",
                    _UNTIL_CHOSEN.get(question.name, "The first reading is used."),
                    [(r, question.says(r.choice)) for r in every if r != standing],
                    decided.get(question.name, ()),
                )
            )
        waiting = sum(card.standing is None or not card.standing.choice for card in cards)
        kwargs.update(cards=cards, heading=_heading(len(cards), waiting))
        return super().get_context_data(**kwargs)


def _heading(many: int, waiting: int) -> str:
    if not many:
        return "The terms leave no question open."
    left = (
        "each has its reading chosen"
        if not waiting
        else f"{count_words(waiting, 'has', 'have')} no reading chosen yet"
    )
    return f"{capital(count_words(many, 'question'))} of meaning, {left}."


def _decided(agreement: int) -> Mapping[str, Sequence[Decision]]:
    """The decisions that stand in single matters, by the question of the agreement."""
    found: dict[str, list[Decision]] = defaultdict(list)
    abouts = {about: name for name, about in _IN_A_MATTER.items()}
    for decision in (
        Decision.objects.standing()
        .filter(demand__agreement=agreement)
        .select_related("demand")
        .order_by("demand__number", "pk")
    ):
        by_request = decision.about.startswith("request:")
        joining = "piggyback_joining" if decision.demand.by_company else "joining"
        name = joining if by_request else abouts.get(decision.about)
        if name is not None:
            found[name].append(decision)
    return found


class ChooseReading(ActPage):
    """Which reading governs in every matter of the agreement (N8)?"""

    template_name = "counsel/acts/choose_reading.html"
    form_class = ChooseReadingForm
    nav = "agreement"
    button = "Save reading"
    saved = "The reading is on record. It governs in every matter not decided for itself."

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.GET.get("about"):
            return redirect("readings", self.agreement.slug)
        return super().get(request, *args, **kwargs)

    def find(self) -> None:
        entries = entries_of(self.agreement, max(self.today, self.agreement.dated_on))
        name = self.request.GET.get("about", "")
        found = next((q for q in questions_of(entries) if q.name == name), None)
        if found is None:
            raise Http404
        self.question = found
        self.standing = (
            GoverningReading.objects.standing().filter(agreement=self.agreement, question=name)
        ).first()
        self.heading = found.asks
        self.clause = found.clause
        self.intro = entries[found.term].summary

    def form_options(self) -> dict[str, Any]:
        return {
            "readings": [(o.name, capital(o.words)) for o in self.question.options],
            "standing": self.standing.choice if self.standing else "",
            "today": self.today,
        }

    def perform(self, form: ActForm, *, trying: bool) -> Any:
        data = form.cleaned_data
        return acts.choose_reading(
            agreement=self.agreement,
            question=self.question.name,
            choice=data["choice"],
            governs_from=data["governs_from"],
            reason=data["reason"],
            replaces=self.standing,
            when=self.acting,
        )

    def consequences(self, form: ActForm) -> Consequences | None:
        return self.in_all_matters(form)

    def lands_on(self, made: GoverningReading) -> str:
        return f"{reverse('readings', args=[self.agreement.slug])}#{made.question}"

    def where(self) -> list[tuple[str, str]]:
        slug = self.agreement.slug
        return [
            ("Agreement", reverse("agreement", args=[slug])),
            ("Readings", reverse("readings", args=[slug])),
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kwargs.update(
            standing=self.standing,
            standing_says=self.question.says(self.standing.choice) if self.standing else "",
        )
        return super().get_context_data(**kwargs)
