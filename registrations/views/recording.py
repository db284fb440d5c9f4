"""How a page records: look at what follows, then save, once.

A form is first shown what would follow from it; only what the person has seen is saved.
A form sent twice leads to what the first one made.  What is wrong comes back with the
whole form, as typed, and 422; what somebody else recorded meanwhile with 409.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any, cast

from django.contrib import messages
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.views.generic.base import TemplateResponseMixin, View

from investors import sight
from investors.acts import Conflict, Refused
from investors.models import Agreement, Submission, User
from registrations.forms.base import ActForm
from registrations.models import Demand

from .following import SHOWN, Consequences, of_matter, of_register
from .scope import RecordingPage


class SavedOnce(View):
    """A page whose form is saved at most once, by its one-time key."""

    request: HttpRequest
    agreement: Agreement
    saved = "Saved"

    def perform(self, form: ActForm, *, trying: bool) -> Any:
        """The service call.  ``trying`` asks for it without its files, to be undone."""
        raise NotImplementedError

    def lands_on(self, made: Any) -> str:
        """The page to go to once it is recorded."""
        raise NotImplementedError

    def refused(self, form: ActForm, refusal: Refused) -> HttpResponse:
        """The page with what is wrong beside its field."""
        raise NotImplementedError

    def save(self, form: ActForm) -> HttpResponse:
        """Do the act and keep its key, both or neither."""
        kept = Submission(
            key=form.cleaned_data["once"],
            agreement=self.agreement,
            by=cast(User, self.request.user),
        )
        try:
            # What is recorded is checked against everybody's facts, whoever records it.
            with transaction.atomic(), sight.whole(self.agreement.pk):
                kept.save(force_insert=True)
                made = self.perform(form, trying=False)
                url = self.lands_on(made)
                Submission.objects.filter(pk=kept.pk).update(url=url)
        except Refused as refusal:
            return self.refused(form, refusal)
        except IntegrityError:
            if earlier := self.earlier():
                return earlier
            raise
        messages.success(self.request, self.saved)
        return HttpResponseRedirect(url)

    def earlier(self) -> HttpResponse | None:
        """Where this very form led when it was sent before, if it was."""
        try:
            key = uuid.UUID(self.request.POST.get("once", ""))
        except ValueError:
            return None
        sent = Submission.objects.filter(
            key=key, agreement=self.agreement, by_id=self.request.user.pk
        ).first()
        if sent is None or not sent.url:
            return None
        messages.info(self.request, "This was saved already. It is on record once.")
        return redirect(sent.url)


class ActPage(RecordingPage, SavedOnce, TemplateResponseMixin):
    """One act: a form, what would follow from it, and one call to a service.

    A page gives ``form_class``, ``perform`` (the service call) and ``lands_on``; one
    whose act can move a date gives ``consequences`` too, and then nothing is saved
    before it was shown.
    """

    template_name = "counsel/acts/act.html"
    form_class: type[ActForm]
    heading = ""
    intro = ""
    clause = ""
    button = "Save"
    looks = True
    multipart = False

    def find(self) -> None:
        """Load what the act is about; 404 for what is not there."""

    def form_options(self) -> dict[str, Any]:
        """What the form needs to be drawn."""
        return {}

    def consequences(self, form: ActForm) -> Consequences | None:
        """What would follow, or ``None`` where no date can move."""
        return None

    def in_matter(self, form: ActForm, demand: Demand | None) -> Consequences:
        """What would follow in one matter, or in the one the act begins."""
        return of_matter(
            lambda: self.perform(form, trying=True),
            demand=demand,
            today=self.today,
            soon_days=self.agreement.company.due_soon_days,
        )

    def in_all_matters(
        self, form: ActForm, detail: Callable[[], Any] = lambda: None
    ) -> Consequences:
        """What would follow in any matter of the agreement; ``detail`` is read before and
        after, for the page to show beside the dates."""
        return of_register(
            lambda: self.perform(form, trying=True),
            agreement=self.agreement,
            today=self.today,
            soon_days=self.agreement.company.due_soon_days,
            detail=detail,
        )

    def where(self) -> list[tuple[str, str]]:
        """The way here: names and addresses."""
        return []

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.find()
        return self.page(self.form_class(**self.form_options()))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if earlier := self.earlier():
            return earlier
        self.find()
        form = self.form_class(request.POST, request.FILES, **self.form_options())
        asked = request.POST.get("do", "save")
        if asked == "change":
            return self.changed(form)
        if not form.is_valid():
            return self.page(form, status=422)
        try:
            found = self.consequences(form)
        except Refused as refusal:
            return self.refused(form, refusal)
        if found is not None and (asked == "look" or form.cleaned_data["seen"] != found.token):
            return self.page(form, found, unseen=asked != "look")
        return self.save(form)

    def changed(self, form: ActForm) -> HttpResponse:
        """The page while it is being filled in: what follows so far, and no reproach."""
        found, missing = None, ""
        if form.is_valid():
            try:
                found = self.consequences(form)
            except Refused as refusal:
                missing = refusal.message
        elif form.problems:
            missing = form.problems[0][1]
        form.hush()
        return self.page(form, found, missing=missing)

    def refused(self, form: ActForm, refusal: Refused) -> HttpResponse:
        form.refuse(refusal)
        return self.page(form, status=409 if isinstance(refusal, Conflict) else 422)

    def page(
        self,
        form: ActForm,
        found: Consequences | None = None,
        *,
        status: int = 200,
        unseen: bool = False,
        missing: str = "",
    ) -> HttpResponse:
        if found is not None and form.is_bound:
            form.show(found.token)
        context = self.get_context_data(
            form=form,
            found=found,
            moved=[c for c in found.changes if c.moved][:SHOWN] if found else [],
            same=[c for c in found.changes if not c.moved][:SHOWN] if found else [],
            more=max(0, sum(c.moved for c in found.changes) - SHOWN) if found else 0,
            unseen=unseen,
            missing=missing,
            ready=found is not None or not self.looks,
            files_again=bool(self.request.FILES),
        )
        return self.render_to_response(context, status=status)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kwargs.setdefault("heading", self.heading)
        kwargs.setdefault("intro", self.intro)
        kwargs.setdefault("clause", self.clause)
        kwargs.setdefault("button", self.button)
        kwargs.setdefault("looks", self.looks)
        kwargs.setdefault("multipart", self.multipart)
        where = kwargs.setdefault("where", self.where())
        if where:
            kwargs.setdefault("back", where[-1][1])
        return super().get_context_data(**kwargs)
