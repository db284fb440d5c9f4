"""The cutback of one matter: worked out as it is typed, saved when counsel relies on it."""

from __future__ import annotations

from typing import Any, NamedTuple, cast
from urllib.parse import urlencode
from uuid import UUID

from django.forms import BoundField
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.generic import TemplateView

from investors.acts import Conflict, Refused
from registrations.facts import began_on, terms_for
from registrations.forms.base import ActForm
from registrations.forms.offering import OfferingForm, SaveForm, day_typed
from registrations.models import Allocation, AllocationLine, Demand
from registrations.services import cutback
from registrations.services.offering import (
    COMPANY,
    OF_RECORD,
    CutbackIn,
    Seller,
    Worked,
    orders_of,
    sellers_of,
    work_out,
)
from registrations.services.recording import MEANWHILE

from .acts import MatterAct, find_demand
from .allocation_rows import Capacity, allocation_table, rows_of
from .exports import spreadsheet
from .paging import FORMATS
from .scope import CounselPage

Came = AllocationLine.Came


class SellerRow(NamedTuple):
    """One who asked, how its request stands, and what counsel can say of it."""

    seller: Seller
    came: str
    choice: BoundField
    group: BoundField


class OfferingMixin:
    """What a page's address says of an offering, read and worked out."""

    demand: Demand
    form: OfferingForm | None = None
    worked: Worked | None = None

    def read(self, page: CounselPage) -> None:
        """Read the address.  Without an order of claims there is no form."""
        query = page.request.GET
        orders = orders_of(self.demand)
        if not orders:
            return
        order = orders.get(query.get("offering", "")) or next(iter(orders.values()))
        day = max(min(day_typed(query, page.today), page.today), began_on(self.demand))
        sellers = sellers_of(self.demand, order, day)
        asked = any(query.get(name, "").strip() for name in ("maximum", "company", "on"))
        self.form = OfferingForm(
            query if asked else None, orders=orders, order=order, sellers=sellers, today=page.today
        )
        if not asked or not self.form.is_valid():
            return
        given = self.form.given()
        if given.on > page.today:
            self.form.add_error("on", "That day has not come yet.")
            return
        try:
            self.worked = work_out(self.demand, given, sellers if given.on == day else None)
        except Refused as refusal:
            self.form.refuse(refusal)


class MatterCutback(OfferingMixin, CounselPage, TemplateView):
    """At the underwriters' maximum, who gets what in this registration?  Section 3(c) (P7).

    Nothing is saved by looking: what is typed is in the address, which can be sent on.
    """

    template_name = "counsel/matter_cutback.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        self.demand = find_demand(self, kwargs["number"])
        self.nav = self.demand.reference
        self.read(self)
        if (form := request.GET.get("format")) in FORMATS and self.worked is not None:
            name = f"{self.agreement.slug}-{self.demand.reference}-cutback"
            found = allocation_table(name, self.worked.sellers, self.worked.result.shares)
            return spreadsheet(found, form, made_at=self.now)
        return self.render_to_response(self.get_context_data(**kwargs))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        terms = terms_for(self.demand)
        form, worked = self.form, self.worked
        query = self.request.GET.copy()
        query.pop("format", None)
        kwargs.update(
            demand=self.demand,
            form=form,
            worked=worked,
            clause=terms.clause("cutback"),
            summary=terms.summaries.get("cutback", ""),
            heading=self.heading(),
            query=query.urlencode(),
            saved=Allocation.objects.filter(demand=self.demand)
            .select_related("recorded_by", "replacement")
            .order_by("-pk"),
        )
        if form is not None:
            kwargs.update(
                seller_rows=[_seller_row(form, s) for s in form.sellers],
                other_rows=[
                    [form[f"{part}_{n}"] for part in ("name", "holds", "asks", "group")]
                    for n in form.other_rows
                ],
            )
        if worked is not None:
            kwargs.update(allocation_of(worked))
        return super().get_context_data(**kwargs)

    def heading(self) -> str:
        """The answer, or what it still waits for."""
        if self.form is None:
            return f"The agreement gives no order for a cutback of {self.demand.reference}."
        if self.worked is None:
            if not self.form.sellers:
                return "No requests to allocate yet."
            return "What does each holder get at the underwriters’ maximum?"
        if not self.worked.holders_ask:
            return "No holder asks for shares that can be counted."
        return (
            f"At {self.worked.given.maximum:,} shares, holders get {self.worked.holders_get:,} "
            f"of the {self.worked.holders_ask:,} they asked for."
        )


def query_of(given: CutbackIn) -> str:
    """The address's query that says the same of an offering, of the day it is read on."""
    said: dict[str, Any] = {"maximum": given.maximum, "company": given.company or ""}
    said["offering"], said["where"] = given.offering, sorted(given.where)
    said["again"] = {None: "", True: "yes", False: "no"}[given.shared_again]
    said |= {f"{'in' if counted else 'out'}_{pk}": "on" for pk, counted in given.counted.items()}
    said |= {f"with_{pk}": word for pk, word in given.groups.items()}
    for n, other in enumerate(given.others, start=1):
        said |= {
            f"name_{n}": other.name,
            f"holds_{n}": other.held,
            f"asks_{n}": other.asked,
            f"group_{n}": other.group,
        }
    return urlencode({name: value for name, value in said.items() if value}, doseq=True)


def _seller_row(form: OfferingForm, seller: Seller) -> SellerRow:
    name = "out" if seller.came in OF_RECORD else "in"
    return SellerRow(
        seller,
        Came(seller.came).label,
        form[f"{name}_{seller.id}"],
        form[f"with_{seller.id}"],
    )


def allocation_of(worked: Worked) -> dict[str, Any]:
    """What the table, the picture and the steps of an allocation are drawn from."""
    shares = worked.result.shares
    other = worked.otherwise.shares if worked.otherwise else None
    names = {s.id: s.name for s in worked.sellers}
    company_asks = sum(c.asked for c in worked.claims if c.holder == COMPANY)
    got = worked.holders_get
    capacity = Capacity(
        worked.company_gets,
        got,
        company_asks + worked.holders_ask - worked.company_gets - got,
    )
    rows = rows_of(worked.sellers, shares, other)
    return {
        "rows": rows,
        "capacity": capacity,
        "other": other is not None,
        "held": sum(c.held for c in worked.claims if c.holder != COMPANY),
        "asked": worked.holders_ask,
        "got": got,
        "cut": worked.holders_ask - got,
        "other_got": sum(n for who, n in (other or {}).items() if who != COMPANY),
        "adds_up": worked.adds_up,
        "steps": worked.steps,
        "one_more": worked.given.maximum + 1,
        "costs": [(names[who], fewer) for who, fewer in worked.costs.items()],
        "left_out": [s for s in worked.sellers if not s.counted],
    }


class SaveAllocation(OfferingMixin, MatterAct):
    """Keep an allocation, in place of the one that stands where one does."""

    template_name = "counsel/acts/act.html"
    form_class = SaveForm
    looks = False
    button = "Save allocation"
    saved = "Allocation saved."

    def find(self) -> None:
        super().find()
        self.read(self)
        self.stood = cutback.standing(self.demand)
        if self.worked is None:
            return
        self.clause = self.worked.clause
        self.heading = f"Save an allocation of {self.demand.reference}"
        self.intro = (
            f"At {self.worked.given.maximum:,} shares, holders get "
            f"{self.worked.holders_get:,} of the {self.worked.holders_ask:,} they asked for. "
            + (
                "It replaces the allocation saved before, which stays on record."
                if self.stood
                else "It stays on record as saved, whatever is recorded later."
            )
        )

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.find()
        return self.back_to_cutback() or self.page(self.form_class(**self.form_options()))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.find()
        return self.back_to_cutback() or super().post(request, *args, **kwargs)

    def back_to_cutback(self) -> HttpResponse | None:
        """The cutback page, where what is wrong with the address is told."""
        if self.worked is not None:
            return None
        return HttpResponseRedirect(f"{self.cutback_page()}?{self.request.GET.urlencode()}")

    def cutback_page(self) -> str:
        return reverse("matter-cutback", args=[self.agreement.slug, self.demand.in_address])

    def form_options(self) -> dict[str, Any]:
        return {"stood": self.stood}

    def consequences(self, form: ActForm) -> None:
        return None

    def perform(self, form: ActForm, *, trying: bool) -> Allocation:
        replaces = form.cleaned_data["replaces"]
        if replaces != (self.stood.pk if self.stood else None):
            raise Conflict("reason", MEANWHILE)
        return cutback.save_allocation(
            demand=self.demand,
            given=cast(Worked, self.worked).given,
            replaces=self.stood,
            reason=form.cleaned_data["reason"],
            when=self.acting,
        )

    def lands_on(self, made: Any) -> str:
        if made is None:
            return super().lands_on(None)
        return reverse("allocation", args=[self.agreement.slug, made.public_id])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kwargs["back"] = f"{self.cutback_page()}?{self.request.GET.urlencode()}"
        return super().get_context_data(**kwargs)


class AllocationPage(CounselPage, TemplateView):
    """An allocation as it was saved, and whether today's facts would give another."""

    template_name = "counsel/allocation.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        self.saved = self.find(kwargs.pop("allocation"))
        self.nav = self.saved.demand.reference
        self.sellers = cutback.sellers_saved(self.saved)
        self.gets = {line.seller: line.gets for line in self.saved.lines.all()}
        if (form := request.GET.get("format")) in FORMATS:
            name = f"{self.agreement.slug}-{self.saved.demand.reference}-allocation"
            found = allocation_table(f"{name}-{self.saved.pk}", self.sellers, self.gets)
            return spreadsheet(found, form, made_at=self.now)
        return self.render_to_response(self.get_context_data(**kwargs))

    def find(self, public_id: UUID) -> Allocation:
        found = get_object_or_404(
            Allocation.objects.select_related("demand__notice", "recorded_by", "replacement")
            .prefetch_related("lines"),
            demand__agreement=self.agreement,
            public_id=public_id,
        )  # fmt: skip
        found.demand.agreement = self.agreement
        return found

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        saved, gets = self.saved, self.gets
        holders = [s for s in self.sellers if s.counted and s.came != Came.COMPANY]
        asked, got = sum(s.asked for s in holders), sum(gets[s.id] for s in holders)
        company = sum(s.asked for s in self.sellers if s.came == Came.COMPANY)
        company_got = gets.get(COMPANY, 0)
        try:
            changes, unknown = cutback.changed_since(saved, self.today), ""
        except Refused as refusal:
            changes, unknown = [], refusal.message
        kwargs.update(
            saved=saved,
            demand=saved.demand,
            replacement=getattr(saved, "replacement", None),
            again=reverse("matter-cutback", args=[self.agreement.slug, saved.demand.in_address])
            + f"?{query_of(cutback.given_again(saved, self.today))}",
            heading=f"At {saved.maximum:,} shares, holders get {got:,} of the {asked:,} they "
            "asked for.",
            rows=rows_of(self.sellers, gets),
            capacity=Capacity(company_got, got, company + asked - company_got - got),
            held=sum(s.held for s in holders),
            asked=asked,
            got=got,
            cut=asked - got,
            adds_up=cutback.worked_again(saved).shares
            == {s.id: gets[s.id] for s in self.sellers if s.counted and s.asked},
            steps=cutback.steps_saved(saved),
            left_out=[s for s in self.sellers if not s.counted],
            changes=changes,
            unknown=unknown,
        )
        return super().get_context_data(**kwargs)
