"""One term changed: as an amendment or a correction, seen first in every live matter."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.urls import reverse
from django.utils.functional import cached_property

from investors.models import Investor, Term
from registrations.forms.base import ActForm
from registrations.forms.terms import TermForm, turned
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

    @cached_property
    def defined(self) -> Mapping[str, Mapping[str, str]]:
        """The words the agreement defines itself."""
        own = Term.objects.standing().filter(agreement=self.agreement, name="defined_words").last()
        return own.value if own is not None else {}

    def form_options(self) -> dict[str, Any]:
        parties = Investor.objects.filter(agreement=self.agreement).order_by("name", "pk")
        return {
            "name": self.kwargs["name"],
            "term": self.term,
            "parties": list(parties),
            "defined": self.defined,
            "mode": self.request.GET.get("as", "fields"),
        }

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        asked = request.POST.get("do", "")
        if asked.partition(":")[0] not in ("add", "drop", "up", "choose", "as"):
            return super().post(request, *args, **kwargs)
        self.find()
        return self.page(self.redrawn(asked), status=200)

    def redrawn(self, asked: str) -> TermForm:
        """The form as typed, with a row more or less, another form of a part, or its value
        as data instead of fields.  Nothing typed is lost and nothing is judged yet."""
        typed: QueryDict = self.request.POST
        wrong: ValidationError | None = None
        verb, _, what = asked.partition(":")
        if verb == "as":
            try:
                typed = turned(typed, what, self.kwargs["name"], self.defined)
            except ValidationError as found:
                wrong = found
        form = TermForm(typed, **self.form_options())
        if form.tree is not None and verb != "as":
            form.tree.change(asked)
        form.hush()
        if wrong is not None:
            form.cleaned_data = {}
            form.add_error("value", wrong)
        return form

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
        asked_for = self.request.GET.get("as") == "data"
        kwargs.update(no_fields=form.tree is None and not form.is_bound and not asked_for)
        if form.is_bound and "value" in getattr(form, "cleaned_data", {}):
            kwargs.update(would_say=self._words(form.cleaned_data["value"]))
        return super().get_context_data(**kwargs)

    def _words(self, value: Any) -> list[str]:
        name = self.kwargs["name"]
        words = {"defined_words": TermEntry(self.defined)} if self.defined else {}
        read = read_terms({**words, name: TermEntry(value)})
        if read.problems:
            return [problem.text for problem in read.problems]
        return term_words(name, read.values[name], read.values.get("defined_words", {}))
