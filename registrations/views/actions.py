"""Corporate actions: what the Company did to whole classes of shares, and what it made of them."""

from __future__ import annotations

from fractions import Fraction
from typing import Any, NamedTuple, cast

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse

from investors.models import CorporateAction
from registrations.facts import action_of, holdings, ledger_of, per_unit, terms_of
from registrations.forms.actions import ActionForm, CorrectActionForm
from registrations.forms.base import ActForm
from registrations.rules.actions import Action, mixed
from registrations.rules.days import say
from registrations.rules.securities import Ledger, Position, left_over
from registrations.services import actions
from registrations.services.actions import ActionIn
from registrations.tables import Table

from .exports import ListPage
from .following import Consequences
from .recording import ActPage
from .words import capital

Kind = CorporateAction.Kind


class ActionRow(NamedTuple):
    """An action that stands, what it replaced, and the parts of shares it left over."""

    row: CorporateAction
    says: str
    fractions: str


class ActionsPage(ListPage):
    """What happened to whole classes of shares?"""

    template_name = "counsel/register/actions.html"
    nav = "holders"
    follows_as_of = True

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        every = list(
            CorporateAction.objects.filter(agreement=self.agreement)
            .select_related("recorded_by", "replacement")
            .order_by("-on", "-place", "-pk")
        )
        ledger = ledger_of(self.agreement, self.day) if every else Ledger(())
        standing = [row for row in every if _stands(row) and row.on <= self.day]
        rows = [
            ActionRow(row, capital(action_of(row).words), left_over_words(ledger, action_of(row)))
            for row in standing
        ]
        found = per_unit(self.agreement, self.day)
        kwargs.update(
            rows=rows,
            earlier=[(row, _was(row)) for row in every if hasattr(row, "replacement")],
            parts=found.parts,
            because=found.because,
            heading=f"{len(rows):,} {'action' if len(rows) == 1 else 'actions'} on whole classes "
            "of shares."
            if rows
            else "No split or the like is on record.",
        )
        return super().get_context_data(**kwargs)

    def table(self, context: dict[str, Any]) -> Table:
        return Table(
            f"{self.agreement.slug}-corporate-actions-{self.day}",
            ["On", "What happened", "Parts of shares"],
            ([r.row.on, r.says, r.fractions] for r in context["rows"]),
        )


def _stands(row: CorporateAction) -> bool:
    return not hasattr(row, "replacement") and row.kind != Kind.VOID


def _was(row: CorporateAction) -> str:
    return f"{capital(action_of(row).words)}, counted from {say(row.on)}"


def left_over_words(ledger: Ledger, action: Action) -> str:
    """What became of parts of a share, in words: "3 holders have part of a share, 1 1/2 in
    all: paid in cash"."""
    over = left_over(ledger, action)
    if not over:
        return "Every holding comes out in whole shares"
    one = len(over) == 1
    done = CorporateAction.Fractions(action.fractions).label.lower()
    total = mixed(sum(over.values(), Fraction(0)))
    return (
        f"{len(over):,} {'holder has' if one else 'holders have'} part of a share"
        f"{'' if one else ', ' + total + ' in all'}: {total + ', ' if one else ''}{done}"
    )


class RecordAction(ActPage):
    """Something happened to every share of a class."""

    template_name = "counsel/register/action.html"
    form_class: type[ActForm] = ActionForm
    nav = "holders"
    heading = "Record a split or the like"
    intro = (
        "One entry for the whole class. Every holding from that day on is worked out after it, "
        "and so are entries made before it was known."
    )
    button = "Save action"
    saved = "Action saved. Holdings are worked out after it."

    def find(self) -> None:
        self.clause = terms_of(self.agreement, self.today).clause("registrable_shares")

    def perform(self, form: ActForm, *, trying: bool) -> Any:
        return actions.record_action(
            agreement=self.agreement, action=cast(ActionForm, form).action(), when=self.acting
        )

    def consequences(self, form: ActForm) -> Consequences | None:
        return self.in_all_matters(form, self.holds)

    def holds(self) -> tuple[Position, Fraction, str]:
        """All holdings together today, a Unit, and what became of parts of a share."""
        total = Position()
        for position in holdings(self.agreement, self.today).values():
            total = total.plus(position)
        last = CorporateAction.objects.filter(agreement=self.agreement).order_by("-pk").first()
        over = ""
        if last is not None and _stands(last):
            over = left_over_words(ledger_of(self.agreement), action_of(last))
        return total, per_unit(self.agreement, self.today).parts.registrable, over

    def lands_on(self, made: Any) -> str:
        return reverse("corporate-actions", args=[self.agreement.slug])

    def where(self) -> list[tuple[str, str]]:
        return [
            ("Holders", reverse("holders", args=[self.agreement.slug])),
            ("Splits and the like", self.lands_on(None)),
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found = kwargs.get("found")
        if found is not None and found.detail:
            (was, unit_was, _), (now, unit_now, over) = found.detail
            kwargs.update(was=was, now=now, unit_was=unit_was, unit_now=unit_now, over=over)
        return super().get_context_data(**kwargs)


class CorrectAction(RecordAction):
    """What is recorded of an action was wrong."""

    form_class = CorrectActionForm
    intro = "What was recorded stays in the trail; the new entry replaces it and says why."
    button = "Save correction"
    saved = "Correction saved. Holdings are worked out after it."

    def find(self) -> None:
        super().find()
        self.row = get_object_or_404(
            CorporateAction, agreement=self.agreement, public_id=self.kwargs["action"]
        )
        if self.row.kind == Kind.VOID:
            raise Http404
        self.row.agreement = self.agreement
        self.heading = f"Correct: {action_of(self.row).words}, counted from {say(self.row.on)}"

    def form_options(self) -> dict[str, Any]:
        return {"initial": {name: getattr(self.row, name) for name in ActionIn._fields}}

    def perform(self, form: ActForm, *, trying: bool) -> Any:
        data = form.cleaned_data
        return actions.correct_action(
            replaces=self.row,
            action=None if data["never"] else cast(ActionForm, form).action(),
            reason=data["reason"],
            when=self.acting,
        )
