"""A list on a page as a file to take along."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import FileResponse
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

    def table(self, context: dict[str, Any]) -> Table:
        """The list, from what the page itself would show."""
        raise NotImplementedError

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        query = self.request.GET.copy()
        query.pop("page", None)
        exports = []
        for form, name in FORMATS.items() if kwargs.get(self.listed) else ():
            query["format"] = form
            exports.append((name, f"?{query.urlencode()}"))
        kwargs.setdefault("exports", exports)
        return super().get_context_data(**kwargs)

    def render_to_response(self, context: dict[str, Any], **kwargs: Any) -> Any:
        form = self.request.GET.get("format", "")
        if form in FORMATS:
            return spreadsheet(self.table(context), form, made_at=self.now)
        return super().render_to_response(context, **kwargs)


def spreadsheet(table: Table, form: str, *, made_at: datetime) -> HttpResponseBase:
    """A table as a download, ``form`` being csv or xlsx.  Its rows are read here and now:
    once the request is answered its person's rows are out of sight."""
    if form == "xlsx":
        response = FileResponse(as_xlsx(table, made_at=made_at), content_type=XLSX)
    else:
        response = FileResponse(as_csv(table), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{table.name}.{form}"'
    return response
