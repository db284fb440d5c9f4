"""Every list can be taken along as a file, in which nothing is a formula."""

from __future__ import annotations

import csv
import io
import zipfile
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.http import HttpResponse
from django.urls import URLPattern, URLResolver, get_resolver
from docx import Document as read_docx
from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import Calendar
from openpyxl import load_workbook
from pypdf import PdfReader

from registrations import tables
from registrations.services import information
from registrations.services.information import InformationIn
from registrations.tables import Cell, Table, as_csv, as_xlsx
from registrations.views.exports import ListPage
from tests import world as tell
from tests.access.places import Place, Visitors, primary_key, whole
from tests.web.forms import on_day
from tests.web.pages import read, signed_in

NOON = tell.noon(date(2003, 6, 2))
FORMULAS = [
    "=1+1", "+1", "-1+1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", '=HYPERLINK("http://x.example","y")',
    "http://x.example/", "mailto:x@x.example", "=cmd|' /C calc'!A0", "internal:'Sheet'!A1",
    '"=1+1"', "0123", "1e5", "TRUE", "2003-06-02", "'quoted", "{=1+1}",
]  # fmt: skip


def rows_of(workbook: bytes) -> list[list[Any]]:
    """What is in a workbook, which must have no formula and no link in it."""
    with zipfile.ZipFile(io.BytesIO(workbook)) as parts:
        for name in parts.namelist():
            part = parts.read(name).decode(errors="replace")
            assert "<f>" not in part
            assert "<f " not in part
            assert "<hyperlink " not in part
    book = load_workbook(io.BytesIO(workbook))
    found = [list(row) for sheet in book for row in sheet.iter_rows(values_only=True)]
    assert all(cell.data_type != "f" for sheet in book for row in sheet for cell in row)
    return found


def made(table: Table) -> bytes:
    with as_xlsx(table, made_at=NOON) as workbook:
        return workbook.read()


def lines(table: Table) -> str:
    with as_csv(table) as kept:
        return kept.read().decode()


@pytest.mark.parametrize("text", FORMULAS)
def test_what_looks_like_a_formula_or_a_link_stays_text(text: str) -> None:
    table = Table("list", ["Name"], [[text]])
    (_, (in_csv,)) = list(csv.reader(io.StringIO(lines(table), newline="")))
    (_, (in_xlsx,)) = rows_of(made(table))

    assert in_csv.lstrip("'") == text.lstrip("'")
    assert in_csv[0] not in "=+-@\t\r\n"
    assert in_xlsx.replace("_x000D_", "\r") == text


CELLS = st.one_of(
    st.none(),
    st.integers(-(10**14), 10**14),
    st.dates(min_value=date(1900, 3, 1)),
    st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), min_size=1, max_size=40),
)


@settings(deadline=None)
@given(told=st.lists(st.tuples(CELLS, CELLS), max_size=5))
def test_a_workbook_gives_back_what_was_put_in(told: list[tuple[Cell, Cell]]) -> None:
    rows = [[n, *cells] for n, cells in enumerate(told)]
    table = Table("list", ["A", "B", "C"], rows)
    found = rows_of(made(table))

    assert [[c.date() if hasattr(c, "date") else c for c in row] for row in found] == [
        ["A", "B", "C"],
        *rows,
    ]


def test_a_long_list_goes_on_in_the_next_sheet(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "ROWS_OF_A_SHEET", 2)
    table = Table("list", ["N"], [[n] for n in range(5)])

    assert rows_of(made(table)) == [
        ["N"], [0], [1], ["N"], [2], [3], ["N"], [4],
    ]  # fmt: skip


def test_a_text_too_long_for_a_cell_is_cut_where_one_sees_it() -> None:
    table = Table("list", ["Text"], [["x" * 40_000]])
    ((_,), (text,)) = rows_of(made(table))

    assert (len(text), text[-1]) == (32_767, "…")


def lists(patterns: Any = None, at: str = "") -> list[str]:
    """The routes of every page that shows a list, from the URL configuration itself."""
    found = []
    for each in get_resolver().url_patterns if patterns is None else patterns:
        route = at + str(each.pattern)
        if isinstance(each, URLResolver):
            found += lists(each.url_patterns, route)
        elif isinstance(each, URLPattern):
            view = getattr(each.callback, "view_class", None)
            found += [route] if view and issubclass(view, ListPage) else []
    return found


def whole_body(answer: HttpResponse) -> bytes:
    return bytes(answer.getvalue() if answer.streaming else answer.content)


@time_machine.travel("2003-07-20 16:00:00+00:00", tick=False)
def test_every_list_is_a_file_for_counsel_and_nothing_for_anybody_else(
    bestnet: tell.World,
) -> None:
    place: Place = whole(bestnet)
    people = {"counsel": bestnet.counsel, "stranger": bestnet.stranger, **place.investors}
    visitors = Visitors(people)
    routes = lists()
    empty = []
    for route in routes:
        address = primary_key(place, route).address(route)
        for form in ("csv", "xlsx"):
            answer = visitors.ask("counsel", "get", f"{address}?format={form}")
            assert answer.status_code == 200, route
            assert answer["Content-Disposition"].startswith('attachment; filename="bestnet-')
            assert answer["Content-Disposition"].endswith(f'.{form}"')
            body = whole_body(answer)
            rows = (
                rows_of(body)
                if form == "xlsx"
                else list(csv.reader(io.StringIO(body.decode(), newline="")))
            )
            assert len({len(row) for row in rows}) == 1, route
            if len(rows) < 2:
                empty.append(route)
            for who in ("stranger", *place.investors):
                refused = visitors.ask(who, "get", f"{address}?format={form}")
                assert refused.status_code == 404, (route, who)

    assert len(routes) > 15
    assert {r for r in empty if "CR-" not in r and "company" not in r} <= {
        "a/<slug:slug>/decisions/",  # none was made in this world
        "a/<slug:slug>/edgar/",  # nor was anything of EDGAR's answered
    }


def test_a_list_by_pages_is_whole_in_the_file(bestnet: tell.World, monkeypatch: Any) -> None:
    monkeypatch.setattr("registrations.views.holders.SHOWN_BY_PAGE", 2)
    client = signed_in(bestnet.counsel)
    with on_day(date(2003, 6, 2)):
        page = read(client, "/a/bestnet/holders/?page=2")
        (at,) = [link for link in page.links if link == "?format=csv"]
        body = whole_body(client.get(f"/a/bestnet/holders/{at}")).decode()
    found = list(csv.DictReader(io.StringIO(body, newline="")))

    assert [row["Holder"] for row in found] == ["Alder", "Birch", "Cedar", "Dale"]
    assert all(int(row["Units"]) > 0 for row in found)


def test_the_selling_holders_of_the_prospectus(bestnet: tell.World) -> None:
    matter = tell.demand(bestnet, received_on=date(2003, 6, 2), shares=4_200)
    with on_day(date(2003, 7, 15)):
        information.record_information(
            demand=matter, investor=bestnet.investors["Alder"],
            answer=InformationIn(
                "Alder Partners, L.P.", relationship="=None", shares_before=4_200,
                shares_offered=4_000, shares_after=200, percent_after=Decimal("0.125"),
            ),
            received_on=date(2003, 7, 15), when=bestnet.at(date(2003, 7, 15)),
        )  # fmt: skip
        client = signed_in(bestnet.counsel)
        at = "/a/bestnet/registrations/DR-1/information/selling-holders/"
        word = whole_body(client.get(at))
        book = whole_body(client.get(f"{at}?format=xlsx"))
    (table,) = read_docx(io.BytesIO(word)).tables
    told = [[cell.text for cell in row.cells] for row in table.rows]

    assert told[0][:4] == [
        "Name",
        "Relationship in the past three years",
        "Owned before",
        "Offered",
    ]
    assert told[1][:6] == ["Alder Partners, L.P.", "=None", "4,200", "4,000", "200", "0.125"]
    assert rows_of(book)[1][:6] == ["Alder Partners, L.P.", "=None", 4200, 4000, 200, 0.125]


def test_the_dates_on_paper_and_in_a_calendar(bestnet: tell.World) -> None:
    matter = tell.demand(bestnet, received_on=date(2003, 6, 2))
    tell.tell(bestnet, matter, {"Birch": date(2003, 6, 7), "Cedar": None, "Dale": None},
              sent_on=date(2003, 6, 5))  # fmt: skip
    client = signed_in(bestnet.counsel)
    with on_day(date(2003, 6, 12)):
        page = read(client, "/a/bestnet/deadlines/?state=all")
        paper = whole_body(client.get("/a/bestnet/deadlines/?state=all&format=pdf"))
        first = whole_body(client.get("/a/bestnet/deadlines/?state=all&format=ics"))
    tell.signed_for(bestnet, matter, "Cedar", date(2003, 6, 10))
    with on_day(date(2003, 6, 13)):
        later = whole_body(client.get("/a/bestnet/deadlines/?state=all&format=ics"))
    said = " ".join(
        " ".join(page.extract_text() for page in PdfReader(io.BytesIO(paper)).pages).split()
    )

    assert {"?state=all&format=pdf", "?state=all&format=ics"} <= set(page.links)
    assert "Wed, Jun 25, 2003 – 13 days left DR-1: Ask to join (Birch)" in said
    assert "Not on record: receipt of the Company Notice: Cedar." in said
    assert "Another reading: " in said
    days = {e["UID"]: e.decoded("DTSTART") for e in Calendar.from_ical(first).walk("VEVENT")}
    after = {e["UID"]: e.decoded("DTSTART") for e in Calendar.from_ical(later).walk("VEVENT")}
    assert date(2003, 6, 25) in days.values()
    assert set(days) <= set(after), "a date keeps its identity"
