"""The words of the Company's letters: what each kind says, its versions, and their editing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.generic import TemplateView, View

from registrations.docx import DOCX, as_docx
from registrations.forms.base import ActForm
from registrations.forms.letters import LetterTextForm
from registrations.letter_kinds import Kind, Unfit, our_text, places_of, try_out
from registrations.letters import example_letter
from registrations.models import LetterTemplate
from registrations.pdf import as_pdf
from registrations.services import letters as acts
from registrations.services.letters import Version, versions_of

from .files import PDF, download
from .recording import ActPage
from .scope import CounselPage
from .words import count_words

OURS = "ours"  # in place of a version's number: the words we give a kind of letter


class KindRow(NamedTuple):
    """A kind of letter, and the version of its words counsel saved last."""

    kind: Kind
    standing: LetterTemplate | None


class LetterTextsPage(CounselPage, TemplateView):
    """Which letters have words of counsel's own?"""

    template_name = "counsel/letter_texts.html"
    nav = "agreement"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        standing = {
            each.kind: each
            for each in LetterTemplate.objects.standing()
            .filter(agreement=self.agreement)
            .select_related("recorded_by")
        }
        own = count_words(len(standing), "kind of letter has", "kinds of letter have")
        kwargs.update(
            kinds=[KindRow(kind, standing.get(kind)) for kind in Kind],
            heading=f"{own[:1].upper()}{own[1:]} words of your own."
            if standing
            else "Every letter has our words.",
        )
        return super().get_context_data(**kwargs)


class OfKind(CounselPage):
    """A page about one kind of letter."""

    nav = "agreement"
    kwargs: dict[str, Any]

    def find_kind(self) -> None:
        """The kind its address names, or 404."""
        if self.kwargs["kind"] not in Kind.values:
            raise Http404
        self.kind = Kind(self.kwargs["kind"])
        self.versions: Sequence[Version] = versions_of(self.agreement, self.kind)
        self.standing = self.versions[0].row if self.versions else None

    def text_of(self, wanted: str) -> str:
        """The words of the version an address asks for, of the one that stands, or ours."""
        if wanted == OURS or (not wanted and self.standing is None):
            return our_text(self.kind)
        for each in self.versions:
            if wanted == str(each.number) or (not wanted and each.stands):
                return each.row.text
        raise Http404

    def crumbs(self) -> list[tuple[str, str]]:
        """The way to the list of kinds."""
        slug = self.agreement.slug
        return [
            ("Agreement", reverse("agreement", args=[slug])),
            ("Words of letters", reverse("letter-texts", args=[slug])),
        ]


class LetterTextPage(OfKind, TemplateView):
    """What does a letter of this kind say, and what did it say before?"""

    template_name = "counsel/letter_text.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        self.find_kind()
        text = self.text_of(self.request.GET.get("version", ""))
        kwargs.update(
            kind=self.kind,
            where=self.crumbs(),
            text=text,
            version=self.request.GET.get("version", ""),
            versions=self.versions,
            places=places_of(self.kind),
            **_shown(self.kind, text),
        )
        return super().get_context_data(**kwargs)


class LetterTextFile(OfKind, View):
    """A made-up letter of this kind as a PDF or, with ``?as=docx``, as a Word document."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.find_kind()
        try:
            wording = try_out(self.kind, self.text_of(request.GET.get("version", "")))
        except Unfit as unfit:
            raise Http404 from unfit
        paper = example_letter(self.kind, wording)
        name = f"{self.kind.value.replace('_', '-')}-example"
        if request.GET.get("as") == "docx":
            return download(as_docx(paper, made_at=self.now), DOCX, f"{name}.docx")
        return download(as_pdf(paper, made_at=self.now), PDF, f"{name}.pdf")


class ChangeLetterText(ActPage, OfKind):
    """Other words for a kind of letter, seen as they would read before they are saved."""

    template_name = "counsel/acts/letter_text.html"
    form_class = LetterTextForm
    button = "Save words"
    saved = "The words are on record. Letters made from now on have them."

    def find(self) -> None:
        self.find_kind()
        self.taken_up = self.request.GET.get("version", "")
        self.heading = f"Change the words: {self.kind.label}"

    def form_options(self) -> dict[str, Any]:
        why = ""
        if self.taken_up:
            which = "our words" if self.taken_up == OURS else f"version {self.taken_up[:9]}"
            why = f"Back to {which}."
        return {"text": self.text_of(self.taken_up), "why": why}

    def perform(self, form: ActForm, *, trying: bool) -> Any:
        data = form.cleaned_data
        return acts.save_template(
            agreement=self.agreement,
            kind=self.kind,
            text=data["text"],
            reason=data["reason"],
            replaces=self.standing,
            when=self.acting,
        )

    def lands_on(self, made: Any) -> str:
        return reverse("letter-text", args=[self.agreement.slug, self.kind.value])

    def where(self) -> list[tuple[str, str]]:
        return [*self.crumbs(), (str(self.kind.label), self.lands_on(None))]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.POST.get("do") not in ("look", "pdf"):
            return super().post(request, *args, **kwargs)
        self.find()
        form = self.form_class(request.POST, **self.form_options())
        form.is_valid()
        shown = _shown(self.kind, form.data.get("text", ""))
        form.hush()
        if "wrong" in shown:
            form.add_error("text", shown["wrong"])
            return self.page(form, status=422)
        if request.POST["do"] == "pdf":
            paper = example_letter(self.kind, shown["wording"])
            name = f"{self.kind.value.replace('_', '-')}-example.pdf"
            return download(as_pdf(paper, made_at=self.now), PDF, name)
        return self.page(form)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        form: ActForm = kwargs["form"]
        text = form["text"].value() or ""
        kwargs.update(
            kind=self.kind, places=places_of(self.kind), ready=True, **_shown(self.kind, text)
        )
        return super().get_context_data(**kwargs)


def _shown(kind: Kind, text: str) -> dict[str, Any]:
    """A text as its letter would read with examples, or what is wrong with it."""
    try:
        return {"wording": try_out(kind, text)}
    except Unfit as unfit:
        return {"wrong": unfit.message}
