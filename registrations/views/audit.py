"""The audit trail: who did what, when and why, and every row it changed, before and after."""

from __future__ import annotations

import json
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db.models import Count, F, ForeignKey, Model, QuerySet
from django.db.models import Window as Over
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import RowNumber
from django.http import FileResponse, HttpRequest
from django.http.response import HttpResponseBase
from django.views.generic import View
from pghistory.models import Event

from investors import seals
from investors.acts import acts_on
from investors.models import (
    AccountRecord,
    Address,
    Agreement,
    Company,
    Investor,
    Membership,
    Seal,
    User,
)
from notices.models import Delivery, Notice
from registrations.forms.fields import read_day
from registrations.models import Demand, Statement
from registrations.rules.days import say
from registrations.tables import Table

from .exports import ListPage, spreadsheet
from .paging import FORMATS, pages
from .scope import CounselPage

SHOWN_BY_PAGE = 50
ROWS_SHOWN = 12
_HIDDEN = {
    "id", "public_id", "agreement", "recorded_at", "recorded_by", "replaces", "act", "file",
    "detail", "raised_at", "cleared_at", "key", "joined_at", "time_zone",
}  # fmt: skip


class Row(NamedTuple):
    """One row an act wrote: its table, and each field before and after."""

    what: str
    fields: Sequence[tuple[str, str, str]]


class Entry(NamedTuple):
    """One act in the trail."""

    at: datetime
    actor: str
    says: str
    reason: str
    verb: str
    rows: Sequence[Row]
    more: int


class AuditPage(ListPage):
    """Who did what, when, and why?"""

    template_name = "counsel/audit.html"
    nav = "audit"
    listed = "entries"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        form = request.GET.get("format", "")
        if form in FORMATS:
            return spreadsheet(self.table({}), form, made_at=self.now)
        return super().get(request, *args, **kwargs)

    def chosen(self) -> dict[str, str]:
        return {n: self.request.GET.get(n, "").strip() for n in ("who", "act", "from", "to")}

    def found(self) -> tuple[QuerySet[Any], str]:
        """The acts the address asks for, and what in it could not be read."""
        chosen, problem = self.chosen(), ""
        found = trail_of(self.agreement)
        if chosen["who"]:
            found = found.filter(actor=chosen["who"])
        if chosen["act"]:
            found = found.filter(verb=chosen["act"])
        for name, lookup, shift in (("from", "gte", 0), ("to", "lt", 1)):
            if not chosen[name]:
                continue
            try:
                day = read_day(chosen[name])
            except ValidationError as wrong:
                problem = " ".join(wrong.messages)
                continue
            found = found.filter(
                **{f"created_at__{lookup}": self.starts(day + timedelta(days=shift))}
            )
        return found, problem

    def starts(self, day: date) -> datetime:
        """The first moment of a day in the agreement's zone."""
        return datetime.combine(day, time(), ZoneInfo(self.agreement.time_zone))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found, problem = self.found()
        page = pages(self.request, found.count(), SHOWN_BY_PAGE)
        acts = list(found[page.start : page.stop])
        whole = trail_of(self.agreement).order_by()
        kwargs.update(
            entries=entries(acts, self.agreement),
            pages=page,
            chosen=self.chosen(),
            filtered=any(self.chosen().values()),
            seal=Seal.objects.filter(agreement=self.agreement).order_by("-seq").first(),
            problem=problem,
            people=list(whole.values_list("actor", flat=True).distinct().order_by("actor")),
            verbs=[
                (v, verb_words(v))
                for v in whole.values_list("verb", flat=True).distinct().order_by("verb")
                if v
            ],
            heading=f"{page.total:,} act{'' if page.total == 1 else 's'} on record, newest first."
            if page.total
            else "Nothing recorded yet.",
        )
        return super().get_context_data(**kwargs)

    def table(self, context: dict[str, Any]) -> Table:
        """The same acts, one row each, read as they are written: a trail may be long."""
        found, _ = self.found()
        zone = ZoneInfo(self.agreement.time_zone)
        return Table(
            f"{self.agreement.slug}-audit-{self.today}",
            ["When", "Who", "What", "Why", "Act"],
            ([
                act.created_at.astimezone(zone).isoformat(timespec="seconds"), act.actor or "",
                act.metadata.get("says", ""), act.metadata.get("reason", ""), act.verb or "",
            ] for act in found.iterator(chunk_size=500)),
        )  # fmt: skip


class SealedTrail(CounselPage, View):
    """The sealed chain of the agreement's acts, for anybody to check without us."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        out = tempfile.TemporaryFile()  # noqa: SIM115  # closed by whoever sends it
        for link in seals.export(self.agreement):
            out.write(json.dumps(link).encode() + b"\n")
        out.seek(0)
        name = f"{self.agreement.slug}-trail-sealed-{self.today}.jsonl"
        return FileResponse(
            out, as_attachment=True, filename=name, content_type="application/x-ndjson"
        )


def trail_of(agreement: Agreement) -> QuerySet[Any]:
    """The acts on an agreement with who did what, newest first."""
    found: QuerySet[Any] = acts_on(agreement).annotate(
        actor=KeyTextTransform("actor", "metadata"), verb=KeyTextTransform("act", "metadata")
    )
    return found.order_by("-created_at", "-id")


def verb_words(verb: str) -> str:
    """ "demand.recorded" as "Demand recorded"."""
    return verb.replace(".", " ").replace("_", " ").capitalize()


# --- the rows an act changed --------------------------------------------------------------


def entries(acts: Sequence[Any], agreement: Agreement) -> list[Entry]:
    """Each act with the rows it wrote.  A fixed number of queries for a page of acts."""
    rows, counts = _rows([a.pk for a in acts], agreement)
    return [
        Entry(
            a.created_at,
            a.metadata.get("actor") or "",
            a.metadata.get("says") or verb_words(a.metadata.get("act") or ""),
            a.metadata.get("reason") or "",
            a.metadata.get("act") or "",
            rows.get(a.pk, ()),
            max(0, counts[a.pk] - len(rows.get(a.pk, ()))),
        )
        for a in acts
    ]


def histories(agreement: Agreement) -> list[QuerySet[Any]]:
    """The history tables, each narrowed to rows that are this agreement's own.

    A row written later in an act's own transaction, but outside it, is filed under that
    act; another company's must not be shown with it.
    """
    found: list[QuerySet[Any]] = []
    for model in apps.get_models():
        tracked = getattr(model, "pgh_tracked_model", None)
        if tracked is None or not issubclass(model, Event) or tracked in (User, AccountRecord):
            continue
        rows: QuerySet[Any] = model._default_manager.all()
        if tracked is Agreement:
            rows = rows.filter(pgh_obj_id=agreement.pk)
        elif tracked is Company:
            rows = rows.filter(pgh_obj_id=agreement.company_id)
        elif tracked is Membership:
            rows = rows.filter(company_id=agreement.company_id)
        elif any(field.name == "agreement" for field in tracked._meta.concrete_fields):
            rows = rows.filter(agreement_id=agreement.pk)
        found.append(rows)
    return found


def _rows(acts: Sequence[Any], agreement: Agreement) -> tuple[dict[Any, list[Row]], dict[Any, int]]:
    found: dict[Any, list[tuple[int, Any, Any]]] = defaultdict(list)
    counts: dict[Any, int] = defaultdict(int)
    for place, history in enumerate(histories(agreement)):
        events = list(
            history.filter(pgh_context__in=acts)
            .annotate(
                nth=Over(RowNumber(), partition_by=F("pgh_context"), order_by=F("pgh_id").asc()),
                of=Over(Count("pgh_id"), partition_by=F("pgh_context")),
            )
            .filter(nth__lte=ROWS_SHOWN)
            .order_by("pgh_id")
        )
        if not events:
            continue
        before = _before(history.model, events)
        seen: set[Any] = set()
        for event in events:
            found[event.pgh_context_id].append((place, event, before.get(event.pgh_id)))
            if event.pgh_context_id not in seen:
                seen.add(event.pgh_context_id)
                counts[event.pgh_context_id] += event.of
    named = _names(e for rows in found.values() for _, *pair in rows for e in pair if e)
    return (
        {
            act: [_row(event, old, named) for _, event, old in rows[:ROWS_SHOWN]]
            for act, rows in found.items()
        },
        counts,
    )


def _before(model: type[Any], events: Sequence[Any]) -> dict[int, Any]:
    """What stood before each event: the row's own last state, or the entry it replaces."""
    wanted: dict[int, int] = {}
    for event in events:
        if getattr(event, "replaces_id", None):
            wanted[event.pgh_id] = event.replaces_id
        elif event.pgh_label != "insert":
            wanted[event.pgh_id] = event.pgh_obj_id
    if not wanted:
        return {}
    states: dict[int, list[Any]] = defaultdict(list)
    for state in model.objects.filter(pgh_obj_id__in=set(wanted.values())).order_by("pgh_id"):
        states[state.pgh_obj_id].append(state)
    found = {}
    for pgh_id, obj in wanted.items():
        earlier = [s for s in states[obj] if s.pgh_id < pgh_id]
        if earlier:
            found[pgh_id] = earlier[-1]
    return found


def _row(event: Any, old: Any, named: Mapping[tuple[type, Any], str]) -> Row:
    model = event.pgh_tracked_model
    fields = []
    for field in model._meta.concrete_fields:
        if field.name in _HIDDEN or not hasattr(event, field.attname):
            continue
        after = _value(event, field, named)
        before = _value(old, field, named) if old is not None else ""
        if after != before and (after or before):
            label = str(field.verbose_name)
            fields.append((label[:1].upper() + label[1:], before, after))
    name = str(model._meta.verbose_name)
    return Row(name[:1].upper() + name[1:], fields)


def _value(event: Any, field: Any, named: Mapping[tuple[type, Any], str]) -> str:
    """A field's value in words: days and counts as everywhere, names instead of keys."""
    value = getattr(event, field.attname)
    if value is None or value == "":
        return ""
    if isinstance(field, ForeignKey):
        return named.get((field.related_model, value), "one no longer on record")
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return value.isoformat(sep=" ", timespec="seconds")
    if isinstance(value, date):
        return say(value)
    if isinstance(value, int):
        return f"{value:,}"
    return ", ".join(str(v) for v in value) if isinstance(value, list) else str(value)


def _names(events: Iterable[Any]) -> dict[tuple[type, Any], str]:
    """What each key in some rows stands for, a query for each table."""
    wanted: dict[type[Model], set[Any]] = defaultdict(set)
    for event in events:
        for field in event.pgh_tracked_model._meta.concrete_fields:
            if isinstance(field, ForeignKey) and field.name not in _HIDDEN:
                value = getattr(event, field.attname, None)
                if value is not None:
                    wanted[field.related_model].add(value)
    found: dict[tuple[type, Any], str] = {}
    for model, keys in wanted.items():
        rows: QuerySet[Any] = model._default_manager.filter(pk__in=keys)
        if model is Delivery:
            rows = rows.select_related("notice", "recipient")
        elif model in (Notice, Investor, Address, Demand, Statement, User):
            pass
        else:
            rows = rows.select_related(
                *(f.name for f in model._meta.concrete_fields if isinstance(f, ForeignKey))
            )
        found.update({(model, row.pk): str(row) for row in rows})
    return found
