"""Filling in the product's own forms as a person does: open, look at what follows, save."""

from __future__ import annotations

from typing import Any

import time_machine
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from tests.world import World, noon


class Desk:
    """Somebody at a form: keeps its one-time key and what it was shown."""

    def __init__(self, world: World, client: Client, user: Any = None) -> None:
        self.world, self.client = world, client
        client.force_login(user or world.counsel)

    def url(self, name: str, *args: Any, query: str = "") -> str:
        return reverse(name, args=[self.world.agreement.slug, *args]) + query

    def open(self, url: str) -> dict[str, Any]:
        """The form as the page gives it: every field's value as typed."""
        response = self.client.get(url)
        assert response.status_code == 200, response.status_code
        return typed(response)

    def look(self, url: str, data: dict[str, Any]) -> Any:
        return self.client.post(url, {**data, "do": "look"})

    def save(self, url: str, data: dict[str, Any], files: dict[str, Any] | None = None) -> Any:
        """Save straight away, having looked first when the page asks for it."""
        opened = {**self.open(url), **data}
        opened = {k: v for k, v in opened.items() if v is not None}
        looked = self.look(url, opened)
        if looked.status_code == 200 and looked.context.get("found"):
            opened["seen"] = looked.context["found"].token
        return self.client.post(url, {**opened, **(files or {}), "do": "save"})


def typed(response: HttpResponse) -> dict[str, Any]:
    """What a page's form would send as it stands."""
    form = response.context["form"]  # type: ignore[attr-defined]
    tree = getattr(form, "tree", None)  # a term's value, typed into fields of its own
    found = dict(tree.typed) if tree is not None else {}
    for field in form:
        value = field.value()
        if tree is not None and field.name == "value":
            continue
        if value in (None, "", [], False):
            continue
        prepared = field.field.prepare_value(value)
        found[field.html_name] = "on" if prepared is True else prepared
    return found


def on_day(day: Any) -> time_machine.travel:
    """The clock at noon of a day in the agreement's zone."""
    return time_machine.travel(noon(day), tick=False)
