"""One term changed: as an amendment or a correction, seen first in every live matter."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from django.urls import reverse

from investors.models import Investor, Term
from registrations.forms.base import ActForm
from registrations.forms.terms import TermForm
from registrations.rules.terms import SPEC, TermEntry, read_terms
from registrations.rules.wording import term_words
from registrations.services import terms as acts

from .following import Consequences
from .recording import ActPage


class ChangeTerm(ActPage):
    """What shall this term say, and which dates would move?"""

    template_name = "counsel/acts/term.html"
    form_class = TermForm
    nav = "agreement"
    saved = "The term is on record."
    term: Term | None

    def find(self) -> None:
        name = self.kwargs["name"]
        if name not in SPEC:
            raise Http404
        self.heading = SPEC[name].label
        self.term = (
            Term.objects.standing()
            .filter(agreement=self.agreement, name=name, in_force_from__lte=self.today)
            .order_by("in_force_from", "pk")
            .last()
        )

    def form_options(self) -> dict[str, Any]:
        parties = Investor.objects.filter(agreement=self.agreement).order_by("name", "pk")
        return {"term": self.term, "parties": list(parties)}

    def perform(self, form: ActForm, *, trying: bool) -> Any:
        assert isinstance(form, TermForm)
        data = form.cleaned_data
        if data["kind"] == "correction":
            return acts.correct(
                agreement=self.agreement,
                name=self.kwargs["name"],
                entry=form.entry,
                replaces=self.term,
                reason=data["reason"],
                when=self.acting,
            )
        return acts.amend(
            agreement=self.agreement,
            name=self.kwargs["name"],
            entry=form.entry,
            from_=data["in_force_from"],
            company_consents=data["company_consents"],
            consents=list(data["consents"]),
            reason=data["reason"],
            when=self.acting,
        )

    def consequences(self, form: ActForm) -> Consequences | None:
        return self.in_all_matters(form)

    def lands_on(self, made: Term) -> str:
        return f"{reverse('agreement', args=[self.agreement.slug])}#term-{made.name}"

    def where(self) -> list[tuple[str, str]]:
        return [("Agreement", reverse("agreement", args=[self.agreement.slug]))]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kwargs.update(now_says=self._words(self.term.value) if self.term else [])
        form = kwargs["form"]
        if form.is_bound and "value" in getattr(form, "cleaned_data", {}):
            kwargs.update(would_say=self._words(form.cleaned_data["value"]))
        return super().get_context_data(**kwargs)

    def _words(self, value: Any) -> list[str]:
        name = self.kwargs["name"]
        own = Term.objects.standing().filter(agreement=self.agreement, name="defined_words").last()
        words = {"defined_words": TermEntry(own.value)} if own is not None else {}
        read = read_terms({**words, name: TermEntry(value)})
        if read.problems:
            return [problem.text for problem in read.problems]
        return term_words(name, read.values[name], read.values.get("defined_words", {}))
