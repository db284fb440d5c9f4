"""Dates, numbers and the frame of a page.  No template formats either in any other way."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django import template
from django.conf import settings
from django.template.context import Context
from django.utils.html import format_html
from django.utils.safestring import SafeString

from registrations.rules.actions import mixed
from registrations.rules.money import dollars
from registrations.rules.money import usd as in_usd
from registrations.rules.selling import clock as clock_words
from registrations.views.words import (
    THEMES,
    day_words,
    left_words,
    long_day,
    moment_words,
    month_day,
    short_day,
)

register = template.Library()


@register.filter
def day(value: date | None) -> str:
    """Thu, Sep 11, 2003"""
    return day_words(value)


@register.filter
def day_kept(value: str | None) -> str:
    """The same of a day kept as JSON keeps it: 2003-09-11"""
    return day_words(date.fromisoformat(value)) if value else ""


@register.filter
def day_short(value: date | None, today: date | None = None) -> str:
    """Thu, Sep 11; with the year when ``today`` is given and its year is another."""
    return short_day(value, today)


@register.filter
def day_long(value: date | None, today: date | None = None) -> str:
    """Thursday, September 11, 2003; without the year when ``today`` is given and shares it."""
    return long_day(value, today)


@register.filter
def day_of_month(value: date | None) -> str:
    """Sep 11"""
    return month_day(value)


@register.simple_tag
def when(value: date | None, form: str = "day", today: date | None = None) -> SafeString:
    """A day inside ``<time>``: the words for people, the date for programs."""
    if value is None:
        return format_html('<span class="quiet">{}</span>', "Not known")
    words = {
        "day": day_words(value),
        "short": short_day(value, today),
        "long": long_day(value, today),
    }[form]
    return format_html('<time datetime="{}">{}</time>', value.isoformat(), words)


@register.simple_tag
def moment(value: datetime | None, zone: str) -> SafeString:
    """An instant in the agreement's own zone: Mon, Aug 18, 2003, 10:42 am ET"""
    if value is None:
        return format_html('<span class="quiet">{}</span>', "Time not recorded")
    return format_html(
        '<time datetime="{}">{}</time>',
        value.isoformat(timespec="seconds"),
        moment_words(value, zone),
    )


@register.filter
def clock(value: time | None) -> str:
    """4:10 pm"""
    return clock_words(value) if value else ""


@register.filter
def n(value: int | None) -> str:
    """1,350,000; an en dash for none asked."""
    return "–" if value is None else f"{value:,}"


@register.filter
def usd(value: Decimal | int | None) -> str:
    """$1,250.00, from dollars as a decimal or whole cents; an en dash for none."""
    if value is None:
        return "–"
    return dollars(value) if isinstance(value, int) else in_usd(value)


@register.filter
def parts(value: Fraction) -> str:
    """4 1/2: a number that need not be whole"""
    return mixed(value)


@register.filter
def pct(part: int, whole: int) -> str:
    """53.3%: shown beside the count, never instead of it."""
    return f"{100 * part / whole:.1f}%" if whole else "0.0%"


@register.filter
def left(value: date, today: date) -> str:
    """2 days left, Today, 3 days ago"""
    return left_words((value - today).days)


@register.filter
def ago(value: datetime, now: datetime) -> str:
    """How old something is, in its largest unit: "4 minutes", "2 days"."""
    age: timedelta = max(now - value, timedelta())
    for unit, name in ((86400, "day"), (3600, "hour"), (60, "minute"), (1, "second")):
        count = int(age.total_seconds()) // unit
        if count:
            return f"{count} {name}" if count == 1 else f"{count} {name}s"
    return "a moment"


@register.filter
def get(mapping: Any, key: Any) -> Any:
    """A dictionary's value by a key held in a variable."""
    return mapping.get(key)


@register.filter
def clause_anchor(ref: str) -> str:
    """Where the agreement page shows a section: 1(a)(ii) is at c-1-a-ii."""
    first = ref.split(",")[0].strip().lower()
    return "c-" + first.replace("(", "-").replace(")", "").replace(" ", "-")


@register.filter
def cited(ref: str) -> str:
    """§1(a); a part with no number, such as the recitals, by its name."""
    return f"§{ref}" if ref[:1].isdigit() else ref


@register.simple_tag
def demo() -> bool:
    """Whether the data is made up, so that every page and print says so."""
    return bool(settings.DEMO)


@register.simple_tag(takes_context=True)
def theme(context: Context) -> str:
    """The reader's own choice of light or dark, or nothing: then the system's."""
    request = context.get("request")
    chosen = request.COOKIES.get("theme", "") if request else ""
    return chosen if chosen in THEMES else ""


@register.filter
def flag_words(flag: Any) -> str:
    """A flag in one line that can stand alone."""
    from registrations.views.flags import missed_words  # it imports models, which are not read yet

    return missed_words(flag)


@register.simple_tag(takes_context=True)
def standing_flags(context: Context, most: int = 20) -> dict[str, Any]:
    """For the admin's index: the flags that stand, oldest first, and how many there are."""
    from registrations.models import Flag  # a tag library is read before the models are

    request = context["request"]
    if not request.user.has_perm("registrations.view_flag"):
        return {"flags": [], "count": 0}
    flags = Flag.objects.filter(cleared_at=None)
    shown = flags.select_related("demand", "agreement__company").order_by("since_on", "pk")
    return {"flags": shown[:most], "count": flags.count()}
