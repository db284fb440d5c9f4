"""A person's own dates in their own calendar program: the file it reads, at an address
nobody else knows, and the page on which that address is made and ended."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Any, cast
from uuid import uuid5

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.views.decorators.http import require_safe
from django.views.generic import TemplateView
from icalendar import Calendar, Event

from investors import sight
from investors.models import Agreement, CalendarEvent, CalendarFeed, Investor, User
from registrations.facts import own_asking, own_matters
from registrations.models import Demand, DocketEntry
from registrations.rules.findings import Force, Reason, State, Window
from registrations.services import calendars
from registrations.services.calendars import Dated
from registrations.views.portal.matters import mine
from registrations.views.rows import standing_of, window_of

_NOT_PROVEN = "Not proven: a paper this day hangs on is not on record."
_VOID = (State.SUPERSEDED, State.WAIVED)


class CalendarPage(LoginRequiredMixin, TemplateView):
    """How do I get my dates into my own calendar?"""

    template_name = "account/calendar.html"

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        user, now = cast(User, request.user), timezone.now()
        if request.POST.get("do") == "end":
            if calendars.end_feed(user, now=now):
                messages.success(request, "The address opens nothing any more.")
            return redirect("calendar")
        feed, secret = calendars.make_feed(user, now=now)
        # Shown on this answer and never again, so there is no page to redirect to.
        address = f"{settings.SITE_URL}{reverse('calendar-file', args=[secret])}"
        return self.render_to_response(self.get_context_data(feed=feed, address=address))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        if "feed" not in kwargs:
            user = cast(User, self.request.user)
            kwargs["feed"] = CalendarFeed.objects.filter(user=user, ended_at=None).first()
        return super().get_context_data(**kwargs)


@require_safe
def calendar_file(request: HttpRequest, secret: str) -> HttpResponse:
    """A person's dates as their calendar program reads them; 404 with what to do where the
    address opens nothing any more."""
    now = timezone.now()
    feed = calendars.feed_at(secret)
    if feed is None:
        return render(request, "account/calendar_over.html", status=404)
    sight.narrow(feed.user)
    events = calendars.told(feed, dates_of(feed, now), now=now)
    content = written(events)
    etag = quote_etag(hashlib.sha256(content).hexdigest())
    answer = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    answer["Content-Disposition"] = 'inline; filename="rightsbook.ics"'
    answer["ETag"] = etag
    return cast(HttpResponse, get_conditional_response(request, etag=etag, response=answer))


def written(events: Iterable[CalendarEvent]) -> bytes:
    """The dates as an iCalendar file: whole days, each with its state and its sequence."""
    calendar = Calendar()
    calendar.add("prodid", "-//Rightsbook//Calendar//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", "Rightsbook")
    calendar.add("refresh-interval", timedelta(hours=1), {"value": "DURATION"})
    for told in events:
        event = Event()
        event.add("uid", f"{told.uid}@rightsbook")
        event.add("dtstamp", told.changed_at)
        event.add("last-modified", told.changed_at)
        event.add("sequence", told.sequence)
        event.add("dtstart", told.on)
        event.add("dtend", told.on + timedelta(days=1))
        event.add("summary", told.summary)
        event.add("description", told.description)
        event.add("url", told.url)
        event.add("transp", "TRANSPARENT")
        event.add("status", _status(told))
        calendar.add_component(event)
    return bytes(calendar.to_ical())


def _status(told: CalendarEvent) -> str:
    if told.cancelled_at is not None:
        return "CANCELLED"
    return "TENTATIVE" if told.tentative else "CONFIRMED"


def dates_of(feed: CalendarFeed, now: datetime) -> Iterator[Dated]:
    """The dates a person may see: the Company's own for those who act for it, and for an
    Investor's people that Investor's alone.  No name of another, and no number of shares."""
    user = feed.user
    agreements = {a.pk: a for a in Agreement.objects.visible_to(user).select_related("company")}
    yield from _of_the_company(feed, agreements, now)
    for investor in Investor.objects.represented_by(user).select_related("agreement__company"):
        yield from _of_an_investor(feed, investor, now)


def _of_the_company(
    feed: CalendarFeed, agreements: dict[int, Agreement], now: datetime
) -> Iterator[Dated]:
    """What the Company owes, each on its last day; and each last day on which Investors may
    answer, once, however many may."""
    windows = (
        DocketEntry.objects.filter(
            agreement__in=agreements, kind=DocketEntry.Kind.WINDOW, closes_on__isnull=False
        )
        .exclude(force=Force.REST.value)
        .select_related("demand")
    )
    for entry in windows.filter(investor=None).order_by("demand_id", "pk"):
        agreement, window = agreements[entry.agreement_id], window_of(entry)
        assert window.closes_on is not None  # those with a last day were asked for
        if _is_void(window, agreement, now):
            continue
        done = window.done_on is not None
        yield _dated(
            feed, entry.key, entry.demand, agreement, window.closes_on, entry.text, entry.clause,
            because=window.because, done=done, tentative=bool(window.awaiting) and not done,
        )  # fmt: skip
    answering = windows.filter(
        investor__isnull=False, done_on=None, waived_on=None, detail__superseded_on=None
    )
    for entry in answering.order_by("demand_id", "text", "closes_on", "pk").distinct(
        "demand_id", "text", "closes_on"
    ):
        assert entry.closes_on is not None
        yield _dated(
            feed, f"{entry.text}:{entry.closes_on}", entry.demand, agreements[entry.agreement_id],
            entry.closes_on, f"Last day for Investors: {entry.text}", entry.clause,
            because=window_of(entry).because,
        )  # fmt: skip


def _is_void(window: Window, agreement: Agreement, now: datetime) -> bool:
    soon_days = agreement.company.due_soon_days
    return standing_of(window, day=agreement.day_of(now), soon_days=soon_days).state in _VOID


def _dated(
    feed: CalendarFeed,
    key: str,
    demand: Demand,
    agreement: Agreement,
    on: date,
    act: str,
    clause: str,
    *,
    because: Sequence[Reason],
    done: bool = False,
    tentative: bool = False,
) -> Dated:
    """A date of the Company's calendar."""
    said = [f"{agreement}.", *_why(because, clause), "Done." if done else ""]
    address = reverse("demand", args=[agreement.slug, demand.in_address])
    about, summary = f"{demand.public_id}:{key}", f"{act} ({demand.reference})"
    return _told(feed, about, on, summary, said, address, tentative=tentative)


def _of_an_investor(feed: CalendarFeed, investor: Investor, now: datetime) -> Iterator[Dated]:
    """The last days of one Investor to answer, and to send what the Company asked it for."""
    agreement, today = investor.agreement, investor.agreement.day_of(now)
    home = reverse("portal-home", args=[investor.public_id])
    for own in own_matters(investor):
        card = mine(own, today, agreement.company.due_soon_days)
        window = card.window
        if window is None or window.closes_on is None or own.initiated or "withdrawn" in own.public:
            continue
        if _is_void(window, agreement, now):
            continue
        said = [f"{investor.name}.", *_why(window.because, window.clause)]
        if window.done_on is not None:
            said.append("You answered.")
        yield _told(
            feed, f"{investor.public_id}:{own.demand.public_id}:answer", window.closes_on,
            f"Last day to answer: {card.name}", said, home,
            tentative=bool(window.awaiting) and window.done_on is None,
        )  # fmt: skip
    for asking in own_asking(investor, today):
        if asking.asked.due_on is not None:
            yield _told(
                feed, f"{investor.public_id}:{asking.demand.public_id}:information",
                asking.asked.due_on, "The Company’s questions are to be answered",
                [f"{investor.name}."],
                reverse("portal-information", args=[investor.public_id, asking.demand.public_id]),
            )  # fmt: skip


def _why(because: Sequence[Reason], clause: str) -> list[str]:
    """The clause a day rests on, and its sum.  What else is known of it may name somebody,
    and a calendar is read by others: it is on the page the event leads to."""
    sums = [f"{reason.text.rstrip('.')}." for reason in because if reason.period is not None]
    return [*sums, f"Section {clause}." if clause else ""]


def _told(
    feed: CalendarFeed,
    about: str,
    on: date,
    summary: str,
    said: list[str],
    address: str,
    *,
    tentative: bool = False,
) -> Dated:
    """A date of one feed; what it is about gives it a name found in no other feed."""
    url = f"{settings.SITE_URL}{address}"
    words = " ".join(word for word in [*said, _NOT_PROVEN if tentative else ""] if word)
    described = f"{words}\n{url}\nThis is a reminder, not notice under the agreement."
    return Dated(uuid5(feed.public_id, about), on, summary, described, url, tentative)
