"""The register held against the transfer agent's list, and given out as the list's format."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views import View

from investors.acts import Refused
from registrations.facts import TieOut, tie_out
from registrations.services.cap_table import as_open_cap_format, file_name
from registrations.services.ledger import SECURITY_NAMES
from registrations.tables import Table

from .exports import ListPage
from .files import download
from .scope import CounselPage

SAYS = {"tied_out": "Tied out", "no_list": "No list on record"}


class TieOutPage(ListPage):
    """Is the register what the transfer agent has?"""

    template_name = "counsel/register/tie_out.html"
    nav = "holders"
    follows_as_of = True

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found = tie_out(self.agreement, self.day)
        rows = [{"of": SECURITY_NAMES[r.security], "row": r, "says": says(r)} for r in found]
        kwargs.update(rows=rows, heading=heading(found))
        return super().get_context_data(**kwargs)

    def table(self, context: dict[str, Any]) -> Table:
        return Table(
            f"{self.agreement.slug}-tie-out-{self.day}",
            ["Security", f"Register, {self.day}", "Transfer agent’s list", "List’s day",
             "Register on that day", "Difference", "State", "Paper"],
            ([
                each["of"], (r := each["row"]).register, r.paper.count if r.paper else None,
                r.paper.on if r.paper else None, r.then, r.difference, each["says"],
                r.paper.source if r.paper else "",
            ] for each in context["rows"]),
        )  # fmt: skip


def says(row: TieOut) -> str:
    """Whether a security is tied out, in words."""
    if (gap := row.difference) is None or not gap:
        return SAYS[row.outcome]
    return f"Not tied out: the register has {abs(gap):,} {'more' if gap > 0 else 'fewer'}"


def heading(rows: list[TieOut]) -> str:
    """How it stands with all of them."""
    outcomes = [row.outcome for row in rows]
    if differ := outcomes.count("differs"):
        of = "security is" if differ == 1 else "securities are"
        return f"{differ} {of} not tied out to the transfer agent’s list."
    if "tied_out" not in outcomes:
        return "No list of the transfer agent is on record."
    if missing := outcomes.count("no_list"):
        return f"What the transfer agent listed is tied out; {missing} not listed."
    return "The register is tied out to the transfer agent’s list."


class OpenCapFormat(CounselPage, View):
    """The register of a day as an Open Cap Format file."""

    follows_as_of = True

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        try:
            content = as_open_cap_format(self.agreement, self.day, made_at=self.now)
        except Refused as why:
            return HttpResponse(
                why.message, status=HTTPStatus.CONFLICT, content_type="text/plain; charset=utf-8"
            )
        return download(content, "application/zip", file_name(self.agreement, self.day))
