"""Long lists by pages, with links that keep the rest of the address."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest

# What a list can be had as, beside the page.
FORMATS = {"csv": "CSV", "xlsx": "Excel"}
ON_PAPER = {"pdf": "PDF", "ics": "calendar file"}
WHOLE = {*FORMATS, *ON_PAPER}


@dataclass(frozen=True, slots=True)
class Pages:
    """Where in a long list a page is, and the addresses of its neighbours."""

    number: int
    count: int
    size: int
    total: int
    before: str
    after: str
    param: str

    @property
    def start(self) -> int:
        return (self.number - 1) * self.size

    @property
    def stop(self) -> int:
        return min(self.start + self.size, self.total)

    @property
    def first(self) -> int:
        return min(self.start + 1, self.total)


def pages(request: HttpRequest, total: int, size: int, param: str = "page") -> Pages:
    """The page asked for, or the nearest there is; all of it on one where a file is asked."""
    if request.GET.get("format") in WHOLE:
        size = max(size, total)
    count = max(1, -(-total // size))
    given = request.GET.get(param, "1")
    number = min(max(int(given), 1), count) if given.isdecimal() and len(given) < 9 else 1

    def address(n: int) -> str:
        query = request.GET.copy()
        query[param] = str(n)
        return f"?{query.urlencode()}"

    return Pages(
        number,
        count,
        size,
        total,
        address(number - 1) if number > 1 else "",
        address(number + 1) if number < count else "",
        param,
    )
