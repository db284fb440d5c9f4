"""What forms and the record need of templates, and nothing about dates or numbers."""

from __future__ import annotations

from datetime import date

from django import template
from django.core.exceptions import ValidationError
from django.forms import BoundField
from django.utils.html import format_html
from django.utils.safestring import SafeString

from registrations.forms.fields import DayField, read_day
from registrations.forms.term_nodes import Node

register = template.Library()


@register.filter
def typed_day(field: BoundField) -> date | None:
    """The day typed into a field, to echo it in its long form; none while it cannot be
    read."""
    if not isinstance(field.field, DayField):
        return None
    value = field.value()
    if isinstance(value, date):
        return value
    try:
        return read_day(str(value)) if value else None
    except ValidationError:
        return None


@register.filter
def is_day(field: BoundField) -> bool:
    """Whether a field takes a day, and so has an echo."""
    return isinstance(field.field, DayField)


@register.filter
def kilobytes(size: int) -> str:
    """120 kB, 3.4 MB"""
    if size >= 10**6:
        return f"{size / 10**6:.1f} MB"
    return f"{max(1, round(size / 1000)):,} kB"


@register.filter
def securities(names: str) -> list[str]:
    """The keys of securities in the order a table shows them."""
    return names.split()


@register.filter
def signed(change: int) -> str:
    """+1,000 or −1,000, with a real minus sign."""
    return f"{change:+,}".replace("-", "\u2212")


@register.filter
def described(node: Node) -> str:
    """What ties the field of a term's part to its hint and its error."""
    ids = [f"{node.anchor}_hint"] if node.hint else []
    if node.errors:
        ids.append(f"{node.anchor}_error")
    told = format_html(' aria-describedby="{}"', " ".join(ids)) if ids else SafeString("")
    return told + SafeString(' aria-invalid="true"') if node.errors else told
