"""What programs are to be told: every act on an agreement's trail, and what its dates do.

It asks what should have been told by now, compares that with what was, and tells the rest.
Run twice, late, or beside itself it tells everything once: each event has a key, and a unique
index keeps it.  What was so before anybody listened is noted as known, and told to nobody.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import CharField, Exists, F, Max, Min, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Cast, Concat

from investors.acts import acts_on
from investors.models import Agreement
from notices import webhooks
from notices.models import WebhookEndpoint, WebhookEvent, WebhookKind
from notices.webhooks import Happening

from .as_data import docket_data, flag_data, instant
from .facts import docket_of
from .keys import public_keys
from .models import Demand, DocketEntry, Flag
from .rules.findings import Force

logger = logging.getLogger(__name__)

# An act's line bears the time its transaction began; none takes longer than that.
OVERLAP = timedelta(hours=1)
AT_ONCE = 1000  # of each kind, in one agreement; the next round takes the rest
KNOWN_AT_ONCE = 20_000  # and without their data
NOT_TOLD = ("token.used",)  # it changes nothing one could act on


def gather_all(now: datetime) -> int:
    """Tell what is to be told in every agreement somebody listens to; how many events were
    new.  One agreement that fails holds up none of the others."""
    found = 0
    listened_to = WebhookEndpoint.objects.filter(ended_at=None).values("agreement")
    agreements = Agreement.objects.filter(pk__in=listened_to).select_related("company")
    for agreement in agreements.order_by("pk"):
        try:
            found += gather(agreement, now=now)
        except Exception:
            logger.exception("what webhooks of agreement %s are told failed", agreement.pk)
    return found


@transaction.atomic
def gather(agreement: Agreement, *, now: datetime) -> int:
    """Tell what is to be told in one agreement; how many events were new."""
    return webhooks.tell(agreement.pk, list(Untold(agreement, now).happenings()), now=now)


@transaction.atomic
def catch_up(agreement: Agreement, *, now: datetime) -> None:
    """Make what stands now known before another address is told of what comes: to those who
    listen already by telling them, else to nobody."""
    if WebhookEndpoint.objects.filter(agreement=agreement, ended_at=None).exists():
        while gather(agreement, now=now):
            pass
        return
    while keys := Untold(agreement, now, KNOWN_AT_ONCE).keys():
        webhooks.note(agreement.pk, keys, now=now)


class Untold:
    """What was not told yet in one agreement, at one instant.

    Each kind is a query for the rows that make an event, with the event's key as ``told_as``,
    and without those told.
    """

    def __init__(self, agreement: Agreement, now: datetime, at_once: int = AT_ONCE) -> None:
        self.agreement = agreement
        self.at_once = at_once
        self.now = now
        self.today = agreement.day_of(now)
        self._matters: dict[int, tuple[dict[str, Any], dict[str, Any]]] = {}

    def keys(self) -> list[tuple[str, str, datetime]]:
        """The key, kind and instant of each, without its data."""
        return [
            *((act.told_as, WebhookKind.FACT_RECORDED, act.created_at) for act in self.acts),
            *((e.told_as, WebhookKind.WINDOW_OPENED, self.now) for e in self.opened),
            *((e.told_as, WebhookKind.WINDOW_DUE_SOON, self.now) for _, e in self.due_soon),
            *((f.told_as, _raised(f), f.raised_at) for f in self.raised),
            *((f.told_as, WebhookKind.FLAG_CLEARED, f.cleared_at) for f in self.cleared),
        ]

    def happenings(self) -> Iterator[Happening]:
        """Each with its data."""
        for act in self.acts:
            yield Happening(
                act.told_as, WebhookKind.FACT_RECORDED, act.created_at, self._act_data(act)
            )
        for entry in self.opened:
            if (data := self._window_data(entry)) is not None:
                yield Happening(entry.told_as, WebhookKind.WINDOW_OPENED, self.now, data)
        for step, entry in self.due_soon:
            if (data := self._window_data(entry)) is not None:
                data = {**data, "days_before": step}
                yield Happening(entry.told_as, WebhookKind.WINDOW_DUE_SOON, self.now, data)
        names = public_keys({f.key for f in (*self.raised, *self.cleared)})
        for flag in self.raised:
            data = self._flag_data(flag, names[flag.key])
            yield Happening(flag.told_as, _raised(flag), flag.raised_at, data)
        for flag in self.cleared:
            data = self._flag_data(flag, names[flag.key])
            yield Happening(flag.told_as, WebhookKind.FLAG_CLEARED, flag.cleared_at, data)

    # --- which -----------------------------------------------------------------------------

    @cached_property
    def acts(self) -> list[Any]:
        """Acts on the trail since a while before the last one told: whatever committed later
        than one that began after it is among them."""
        told = (
            self._log()
            .filter(kind=WebhookKind.FACT_RECORDED)
            .aggregate(last=Max("happened_at"))["last"]
        )
        trail = acts_on(self.agreement)
        last = told or trail.aggregate(last=Max("created_at"))["last"]
        if last is None:
            return []
        new = self._untold(trail.filter(created_at__gte=last - OVERLAP), "act:", "id")
        return list(
            new.exclude(metadata__act__in=NOT_TOLD).order_by("created_at", "id")[: self.at_once]
        )

    @cached_property
    def opened(self) -> list[Any]:
        """Windows in which something may or must be done from a day that has come, done since
        then or not at all.  One that moves opens anew."""
        open_now = Q(aim_on__isnull=False) & (
            Q(opens_on__lte=self.today) | Q(opens_on=None, detail__awaiting=[])
        )
        done_within = Q(opens_on__lte=self.today, done_on__gte=F("opens_on"))
        never = Q(opens_on__gt=F("closes_on"))
        new = self._windows().filter(open_now | done_within, closes_on__isnull=False)
        new = self._untold(new.exclude(never), "opened:", "demand_id", "key", "opens_on")
        return list(new.order_by("pk")[: self.at_once])

    @cached_property
    def due_soon(self) -> list[tuple[int, Any]]:
        """Windows not done with the tightest of the company's reminder days they have reached,
        as its reminders go."""
        found: list[tuple[int, Any]] = []
        after = self.today - timedelta(days=1)
        for step in sorted({s for s in self.agreement.company.reminder_days if s >= 0}):
            until = self.today + timedelta(days=step)
            near = self._windows().filter(
                aim_on__gt=after, aim_on__lte=until, closes_on__isnull=False, done_on=None
            )
            new = self._untold(near, f"due:{step}:", "demand_id", "key", "aim_on")
            found += [(step, entry) for entry in new.order_by("aim_on", "pk")[: self.at_once]]
            after = until
        return found

    @cached_property
    def raised(self) -> list[Any]:
        """Flags that stand, and those that came and went since anybody listened."""
        began = self._log().aggregate(at=Min("found_at"))["at"]
        since = Q(cleared_at=None) | Q(raised_at__gte=began or self.now)
        new = self._untold(self._all_flags().filter(since), "raised:", "pk")
        return list(new.order_by("pk")[: self.at_once])

    @cached_property
    def cleared(self) -> list[Any]:
        """Flags cleared of which it was told that they were raised."""
        gone = self._all_flags().filter(cleared_at__isnull=False)
        gone = gone.annotate(raised_as=_key("raised:", "pk"))
        gone = gone.filter(Exists(self._log().filter(key=OuterRef("raised_as"))))
        new = self._untold(gone, "cleared:", "pk")
        return list(new.order_by("pk")[: self.at_once])

    def _windows(self) -> QuerySet[DocketEntry]:
        return DocketEntry.objects.filter(
            agreement=self.agreement, kind=DocketEntry.Kind.WINDOW, demand__docket_state__error=""
        ).exclude(force=Force.REST.value)

    def _all_flags(self) -> QuerySet[Flag]:
        flags = Flag.objects.filter(agreement=self.agreement)
        return flags.select_related("agreement", "demand")

    def _untold(self, rows: QuerySet[Any], prefix: str, *fields: str) -> QuerySet[Any]:
        """Of some rows those with no event, with the key theirs would have."""
        keyed: QuerySet[Any] = rows.annotate(told_as=_key(prefix, *fields))
        return keyed.filter(~Exists(self._log().filter(key=OuterRef("told_as"))))

    def _log(self) -> QuerySet[WebhookEvent]:
        return WebhookEvent.objects.filter(agreement=self.agreement)

    # --- in what words ---------------------------------------------------------------------

    def _act_data(self, act: Any) -> dict[str, Any]:
        told = act.metadata
        return {
            "agreement": self.agreement.slug,
            "id": str(act.pk),
            "act": told.get("act") or "",
            "says": told.get("says") or "",
            "reason": told.get("reason") or "",
            "by": told.get("actor") or "",
            "recorded_at": instant(act.created_at),
            "page": f"{self._page}audit/",
            "api": f"{settings.SITE_URL}/api/v1/agreements/{self.agreement.slug}/",
        }

    def _window_data(self, entry: DocketEntry) -> dict[str, Any] | None:
        """``None`` where the docket no longer has the window: its matter is being changed."""
        about, windows = self._matter(entry.demand_id)
        window = windows.get(entry.key)
        return None if window is None else {**about, "window": window}

    def _flag_data(self, flag: Flag, name: str) -> dict[str, Any]:
        about, windows = self._matter(flag.demand_id)
        return {**about, "flag": flag_data(flag, name), "window": windows.get(flag.key)}

    def _matter(self, demand_id: int) -> tuple[dict[str, Any], dict[str, Any]]:
        """What is said of a matter, and its windows by their own keys, as the API gives them."""
        if demand_id not in self._matters:
            demand = Demand.objects.select_related("agreement__company").get(pk=demand_id)
            docket = docket_of(demand)
            data = docket_data(demand, docket, today=self.today)
            kind = "company-registrations" if demand.by_company else "demands"
            about = {
                **{n: data[n] for n in ("agreement", "demand", "reference", "time_zone", "as_of")},
                "page": f"{self._page}registrations/{demand.reference}/",
                "api": f"{settings.SITE_URL}/api/v1/{kind}/{demand.public_id}/docket/",
            }
            keys = [window.key for window in docket.windows]
            self._matters[demand_id] = about, dict(zip(keys, data["windows"], strict=True))
        return self._matters[demand_id]

    @property
    def _page(self) -> str:
        return f"{settings.SITE_URL}/a/{self.agreement.slug}/"


def _raised(flag: Flag) -> str:
    return WebhookKind.WINDOW_MISSED if flag.kind == "missed" else WebhookKind.FLAG_RAISED


def _key(prefix: str, *fields: str) -> Concat:
    """What an event is known by: what it is, and the values that tell it from another."""
    parts: list[Any] = [Value(prefix)]
    for field in fields:
        parts += [Cast(field, CharField()), Value(":")]
    return Concat(*parts, output_field=CharField())
