"""Who is asking, about which agreement, as of which day: settled once, at the edge.

A page subclasses ``CounselPage``, or ``RecordingPage`` when it records something.  A
stranger to the agreement gets 404, because that it exists is nobody else's business; a
colleague with read-only rights gets 403 from a page that records.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, NamedTuple, cast

from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Exists, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.views.generic.base import ContextMixin

from investors.models import Agreement, User
from registrations.models import Demand, DocketEntry, Flag
from registrations.rules.statement import UNDETERMINED, USED_UP
from registrations.services.recording import When

RAIL_DEMANDS = 6


class Shell(NamedTuple):
    """What the frame of every page shows beside the page's own content."""

    missed: int
    demands: list[Demand]
    nav: str


class CounselPage(LoginRequiredMixin, ContextMixin):
    """A page about one agreement, for those who act for its company.

    ``now`` and ``today`` are read once here; ``day`` is the legal day the page is drawn
    for, which is ``today`` unless the reader asked ``?as_of=``.
    """

    nav = ""
    follows_as_of = False  # whether this page can be drawn for an earlier day

    request: HttpRequest
    now: datetime
    today: date
    as_of: date | None = None
    as_of_problem: str = ""
    agreement: Agreement

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return self.handle_no_permission()
        self.now = timezone.now()
        self.agreement = self.find_agreement(request.user, kwargs["slug"])
        self.today = self.agreement.day_of(self.now)
        if self.follows_as_of:
            self._read_as_of(request.GET.get("as_of", ""))
        return super().dispatch(request, *args, **kwargs)

    def find_agreement(self, user: User, slug: str) -> Agreement:
        """The agreement, if this person may see it, with what the frame needs to know."""
        agreement = with_rights(Agreement.objects.visible_to(user), user).filter(slug=slug).first()
        if agreement is None:
            raise Http404
        return agreement

    def _read_as_of(self, given: str) -> None:
        if not given:
            return
        try:
            day = date.fromisoformat(given)
        except ValueError:
            self.as_of_problem = (
                f"“{given[:40]}” is not a day. Give it as 2003-09-11. Today is shown."
            )
            return
        if day > self.today:
            self.as_of_problem = "That day has not come yet. Today is shown."
        elif day < self.today:
            self.as_of = day

    @property
    def day(self) -> date:
        """The legal day the page is drawn for."""
        return self.as_of or self.today

    @property
    def may_record(self) -> bool:
        """Whether this page may offer to record something: never when looking back."""
        return bool(self.agreement.may_edit) and self.as_of is None  # type: ignore[attr-defined]

    @property
    def acting(self) -> When:
        """The two clocks, and who acts."""
        return When(self.now, cast(User, self.request.user))

    def rail_demands(self) -> list[Demand]:
        """The matters named in the rail: the latest, because those are under way."""
        return list(Demand.objects.filter(agreement=self.agreement).order_by("-pk")[:RAIL_DEMANDS])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kwargs.setdefault("agreement", self.agreement)
        kwargs.setdefault("company", self.agreement.company)
        kwargs.setdefault("now", self.now)
        kwargs.setdefault("today", self.today)
        kwargs.setdefault("day", self.day)
        kwargs.setdefault("as_of", self.as_of)
        kwargs.setdefault("keep", f"?as_of={self.as_of}" if self.as_of else "")
        kwargs.setdefault("as_of_problem", self.as_of_problem)
        kwargs.setdefault("follows_as_of", self.follows_as_of)
        kwargs.setdefault("may_record", self.may_record)
        kwargs.setdefault(
            "shell",
            Shell(
                missed=self.agreement.missed,  # type: ignore[attr-defined]
                demands=kwargs.pop("rail_demands", None) or self.rail_demands(),
                nav=self.nav,
            ),
        )
        return super().get_context_data(**kwargs)


class RecordingPage(CounselPage):
    """A page that records something: for counsel who may, 403 for those who may only read."""

    def find_agreement(self, user: User, slug: str) -> Agreement:
        agreement = super().find_agreement(user, slug)
        if not agreement.may_edit:  # type: ignore[attr-defined]
            raise PermissionDenied("Your account may read this agreement, not record in it.")
        return agreement


def with_rights(agreements: QuerySet[Agreement], user: User) -> QuerySet[Agreement]:
    """Each agreement with its company, whether the person may record in it, how many
    missed flags stand, how many matters it has and how many of those used up the demand
    owed, or may have (D13), and whether one found authorized capital too small (D11): one
    query for the whole frame."""
    missed = Flag.objects.filter(agreement=OuterRef("pk"), cleared_at=None, kind="missed")
    demands = Demand.objects.filter(agreement=OuterRef("pk"))
    return agreements.select_related("company").annotate(
        may_edit=Exists(Agreement.objects.editable_by(user).filter(pk=OuterRef("pk"))),
        missed=_count(missed),
        matters=_count(demands),
        used_up=_count(demands.filter(docket_state__use=USED_UP)),
        short_of_capital=Exists(
            DocketEntry.objects.filter(agreement=OuterRef("pk"), flag_kind="capital_short")
        ),
        undetermined=_count(demands.filter(docket_state__use=UNDETERMINED)),
    )


def _count(rows: QuerySet[Any]) -> Coalesce:
    counted = rows.order_by().values("agreement").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted), 0)
