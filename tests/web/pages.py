"""Reading a page the way a person does: its sentences, its dates, its links."""

from __future__ import annotations

import re
from collections import Counter
from html.parser import HTMLParser

from django.test import Client

from investors.models import User


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.words: list[str] = []
        self.ids: Counter[str] = Counter()
        self.points_to: set[str] = set()
        self.inline: list[str] = []
        self.heading: list[str] = []
        self.title: list[str] = []
        self.links: list[str] = []
        self._open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self._open.append(tag)
        if name := given.get("id"):
            self.ids[name] += 1
        if target := given.get("popovertarget"):
            self.points_to.add(target)
        if "style" in given or any(name.startswith("on") for name in given):
            self.inline.append(f"<{tag} {given}>")
        if tag == "style" or (tag == "script" and not given.get("src")):
            self.inline.append(f"<{tag}>")
        if tag == "a" and given.get("href"):
            self.links.append(str(given["href"]))

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        if "h1" in self._open:
            self.heading.append(data)
        if "title" in self._open and "svg" not in self._open:
            self.title.append(data)
        self.words.append(data)


class Page:
    """A page as read."""

    def __init__(self, html: str) -> None:
        reader = _Reader()
        reader.feed(html)
        self.html = html
        self.text = _tidy(" ".join(reader.words))
        self.heading = _tidy("".join(reader.heading))
        self.title = _tidy("".join(reader.title))
        self.ids, self.points_to, self.inline = reader.ids, reader.points_to, reader.inline
        self.links = reader.links

    def check(self) -> None:
        """What holds of every page: no inline script or style, no id twice, and every
        citation that opens an explanation has one to open."""
        assert self.inline == []
        assert [name for name, n in self.ids.items() if n > 1] == []
        assert self.points_to <= set(self.ids)


def _tidy(text: str) -> str:
    spaced = re.sub(r"\s+", " ", text.replace("\xa0", " ")).strip()
    return re.sub(r" ([.,:;])", r"\1", spaced)


def read(client: Client, address: str, status: int = 200, **extra: str) -> Page:
    response = client.get(address, headers=extra or None)
    assert response.status_code == status, response.content[:500]
    page = Page(response.content.decode())
    page.check()
    return page
