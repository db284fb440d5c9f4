"""Agreements that come with the program, and a new agreement from one of them or a file."""

from __future__ import annotations

from typing import Any, NamedTuple, cast

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.generic import TemplateView

from investors.acts import Refused
from investors.models import Company, User
from registrations import library
from registrations.forms.terms import NewAgreementForm
from registrations.rules.exchange import Document
from registrations.rules.terms import ABOUT, SPEC, Terms
from registrations.rules.wording import term_words
from registrations.services import agreements
from registrations.services.recording import When

from .scope import CounselPage


class TermWords(NamedTuple):
    """One term of an agreement of the library: what it is, and what it says in words."""

    label: str
    clause: str
    summary: str
    lines: list[str]


class LibraryPage(LoginRequiredMixin, TemplateView):
    """Which agreements are there to start from?"""

    template_name = "counsel/library.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        sought = self.request.GET.get("q", "").strip()
        found = [
            (name, document)
            for name in library.names()
            if (document := library.agreement(name))
            and all(word in _searched(document) for word in sought.casefold().split())
        ]
        kwargs.update(agreements=found, sought=sought, total=len(library.names()))
        return super().get_context_data(**kwargs)


def _searched(document: Document) -> str:
    return f"{document.company} {document.title} {document.about}".casefold()


class _NewAgreement(LoginRequiredMixin, TemplateView):
    """Puts an agreement on record from a document."""

    from_library = False

    def form(self, *args: Any) -> NewAgreementForm:
        companies = Company.objects.editable_by(cast(User, self.request.user))
        return NewAgreementForm(*args, companies=companies, from_library=self.from_library)

    def document(self, form: NewAgreementForm) -> Document:
        raise NotImplementedError

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        user = cast(User, request.user)
        if not Company.objects.editable_by(user).exists():
            raise PermissionDenied
        form = self.form(request.POST, request.FILES)
        if not form.is_valid():
            return self.again(form)
        data = form.cleaned_data
        try:
            made = agreements.put_document_on_record(
                company=data["company"],
                slug=data["slug"],
                document=self.document(form),
                dated_on=data["dated_on"],
                time_zone=data["time_zone"],
                when=When(timezone.now(), user),
            )
        except agreements.Unreadable as wrong:
            for problem in wrong.problems:
                form.add_error("file" if "file" in form.fields else None, problem.text)
            return self.again(form)
        except Refused as refused:
            form.add_error(refused.field if refused.field in form.fields else None, refused.message)
            return self.again(form)
        messages.success(request, "The agreement is on record. Check every term against it.")
        return redirect("agreement", made.slug)

    def again(self, form: NewAgreementForm) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form), status=422)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kwargs.setdefault("form", self.form())
        kwargs.setdefault(
            "may", Company.objects.editable_by(cast(User, self.request.user)).exists()
        )
        return super().get_context_data(**kwargs)


class LibraryAgreement(_NewAgreement):
    """What does this one say, and shall we start from it?"""

    template_name = "counsel/library_agreement.html"
    from_library = True

    def document(self, form: NewAgreementForm | None = None) -> Document:
        try:
            return library.agreement(self.kwargs["name"])
        except FileNotFoundError:
            raise Http404 from None

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        document = self.document()
        terms = Terms.from_entries(document.terms)
        defined = terms.values.get("defined_words", {})
        parts: dict[str, list[TermWords]] = {}
        for name, entry in document.terms.items():
            parts.setdefault(ABOUT[SPEC[name].about], []).append(
                TermWords(
                    SPEC[name].label,
                    entry.clause,
                    entry.summary,
                    term_words(name, terms.values[name], defined),
                )
            )
        kwargs.update(document=document, parts=parts)
        return super().get_context_data(**kwargs)


class ImportAgreement(_NewAgreement):
    """A new agreement from a file in the exchange format."""

    template_name = "counsel/import_agreement.html"

    def document(self, form: NewAgreementForm) -> Document:
        return agreements.document_of(form.cleaned_data["file"])


class AgreementFile(CounselPage, TemplateView):
    """The agreement as its file, to be kept, sent on or taken in elsewhere."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        data = agreements.hand_out(self.agreement, self.today)
        answer = JsonResponse(data, json_dumps_params={"indent": 2, "ensure_ascii": False})
        answer["Content-Disposition"] = f'attachment; filename="{self.agreement.slug}.json"'
        return answer
