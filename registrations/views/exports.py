"""A list on a page as a file to take along."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.http import FileResponse, HttpRequest
from django.http.response import HttpResponseBase
from django.views.generic import TemplateView

from registrations.tables import Table, as_csv, as_xlsx

from .paging import FORMATS
from .scope import CounselPage

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class ListPage(CounselPage, TemplateView):
    """A page whose list can be had as a file: ``?format=csv`` or ``?format=xlsx``, with
    whatever else its address chooses.  A page of a long list is then the whole list."""

    listed = "rows"  # what the page calls its list
    formats: Mapping[str, str] = FORMATS

    def table(self, context: dict[str, Any]) -> Table:
        """The list, from what the page itself would show."""
        raise NotImplementedError

    def file(self, form: str, context: dict[str, Any]) -> HttpResponseBase:
        """The list as a file of one of the page's formats."""
        return spreadsheet(self.table(context), form, made_at=self.now)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        if kwargs.get(self.listed):
            kwargs.setdefault("exports", addresses(self.request, self.formats))
        return super().get_context_data(**kwargs)

    def render_to_response(self, context: dict[str, Any], **kwargs: Any) -> Any:
        form = self.request.GET.get("format", "")
        if form in self.formats:
            return self.file(form, context)
        return super().render_to_response(context, **kwargs)


def addresses(request: HttpRequest, formats: Mapping[str, str]) -> list[tuple[str, str]]:
    """The name of each format with the address that gives the list as it is shown in it."""
    query = request.GET.copy()
    query.pop("page", None)
    found = []
    for form, name in formats.items():
        query["format"] = form
        found.append((name, f"?{query.urlencode()}"))
    return found


def spreadsheet(table: Table, form: str, *, made_at: datetime) -> HttpResponseBase:
    """A table as a download, ``form`` being csv or xlsx.  Its rows are read here and now:
    once the request is answered its person's rows are out of sight."""
    if form == "xlsx":
        response = FileResponse(as_xlsx(table, made_at=made_at), content_type=XLSX)
    else:
        response = FileResponse(as_csv(table), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{table.name}.{form}"'
    return response
