"""Long work: asked for, watched, and what it made."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest
from django.http.response import FileResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.generic import TemplateView, View

from investors.models import Import, Job
from registrations.forms.base import ActForm
from registrations.forms.imports import NothingForm
from registrations.services import jobs

from .acts import MatterAct
from .recording import ActPage
from .scope import CounselPage


def find_job(page: CounselPage, public_id: UUID) -> Job:
    """Long work somebody asked for about the page's agreement, or 404."""
    found: Job = get_object_or_404(
        Job.objects.select_related("asked_by"), agreement=page.agreement, public_id=public_id
    )
    return found


class JobPage(CounselPage, TemplateView):
    """How far is it, and where is what it made?"""

    template_name = "counsel/job.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        job = find_job(self, self.kwargs["job"])
        kwargs.update(job=job, far=jobs.far(job), working=job.ended_at is None)
        return super().get_context_data(**kwargs)


class JobFile(CounselPage, View):
    """What a job made."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        job = find_job(self, kwargs["job"])
        if not job.file:
            raise Http404
        try:
            content = job.file.open("rb")
        except FileNotFoundError as gone:
            raise Http404 from gone
        return FileResponse(
            content, as_attachment=True, filename=job.file_name, content_type="application/zip"
        )


class CancelJob(ActPage):
    """Long work is wanted no more."""

    form_class = NothingForm
    button = "Cancel it"
    saved = "It stops at its next step. Nothing was changed by it."
    looks = False

    def find(self) -> None:
        self.job = find_job(self, self.kwargs["job"])
        if self.job.ended_at is not None:
            raise Http404
        self.heading = f"Cancel: {self.job.get_kind_display()}?"
        self.intro = "It is done as a whole or not at all, so nothing half-done is left."

    def perform(self, form: ActForm, *, trying: bool) -> Any:
        jobs.cancel(self.job, when=self.acting)

    def lands_on(self, made: Any) -> str:
        slug = self.agreement.slug
        of = Import.objects.filter(job=self.job).first()
        if of is None:
            return reverse("job", args=[slug, self.job.public_id])
        return reverse("import", args=[slug, of.public_id])

    def where(self) -> list[tuple[str, str]]:
        return [(self.job.get_kind_display(), self.lands_on(None))]


class OfMatter(MatterAct):
    """Something long to be made for one registration."""

    form_class = NothingForm
    looks = False
    saved = "It is being made."
    kind: Job.Kind

    def consequences(self, form: ActForm) -> None:
        return None

    def perform(self, form: ActForm, *, trying: bool) -> Any:
        return jobs.ask(self.agreement, self.kind, {"demand": self.demand.pk}, when=self.acting)

    def lands_on(self, made: Any) -> str:
        if made is None:
            return super().lands_on(made)
        return reverse("job", args=[self.agreement.slug, made.public_id])


class MakeBinder(OfMatter):
    """All that is on record of a registration, in files anybody can check."""

    kind = Job.Kind.BINDER
    button = "Make the binder"

    def find(self) -> None:
        super().find()
        self.heading = f"Evidence binder of {self.demand.reference}"
        self.intro = (
            "One PDF and the same as data, with every fact, letter, receipt, date and its reasons, "
            "decision and line of the audit trail; each file kept as evidence; and a list of "
            "fingerprints by which anybody can check that nothing was changed."
        )


class MakeLetters(OfMatter):
    """Every letter of a registration that has not gone."""

    kind = Job.Kind.LETTERS
    button = "Make the letters"

    def find(self) -> None:
        super().find()
        self.heading = f"All letters of {self.demand.reference}"
        self.intro = (
            "One PDF to print, a Word document of each, labels for the envelopes, and the list of "
            "where they go. So many letters take a while; making them records nothing."
        )
