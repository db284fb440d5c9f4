"""An act a docket follows from: done, or tried and undone to show what would follow."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.response import Response

from investors.acts import Conflict
from investors.models import Agreement

from ..models import Demand
from ..services.recording import MEANWHILE, preview, preview_all
from .bodies import Body
from .description import PREVIEW
from .docket import PreviewShape, preview_data
from .doors import Door

Entry = TypeVar("Entry")


def documented(body: type[Body], shape: type[serializers.Serializer]) -> Callable[..., Any]:
    """An act that may be previewed: 201 with ``shape``, or 200 with the two dockets."""
    return extend_schema(
        request=body, parameters=[PREVIEW], responses={201: shape, 200: PreviewShape}
    )


def numbered(number: int, entries: list[Entry], of: str) -> Entry:
    """The entry of that number, from 1, if it is the last and so still stands."""
    if number > len(entries):
        n = len(entries)
        said = f"There is 1 entry {of}." if n == 1 else f"There are {n} entries {of}."
        raise ValidationError({"replaces": said})
    if number < len(entries):
        raise Conflict("replaces", MEANWHILE)
    return entries[number - 1]


class Act(Door):
    """An act a docket follows from."""

    queries = frozenset({"preview"})

    def do(
        self,
        attempt: Callable[[], Any],
        shown: Callable[[Any], dict[str, Any]],
        *,
        demand: Demand | None = None,
    ) -> Response:
        """Do it and show what was recorded; with ``?preview=true`` show what would follow,
        and save nothing."""
        if not self.previews:
            return Response(shown(attempt()), status=201)
        previewed = preview(attempt, demand=demand)
        today = previewed.demand.agreement.day_of(self.now)
        return Response(preview_data(previewed, today=today))

    def in_all_matters(self, agreement: Agreement, attempt: Callable[[], Any]) -> Response:
        """What an act on the terms or their readings would change, matter by matter."""
        today = agreement.day_of(self.now)
        found = preview_all(attempt, agreement=agreement)
        return Response(
            {"saved": False, "matters": [preview_data(each, today=today) for each in found]}
        )

    @property
    def previews(self) -> bool:
        given = self.request.query_params.get("preview", "false")
        if given not in ("true", "false"):
            raise ValidationError({"preview": "Give true or false."})
        return given == "true"

    def matter(self, public_id: UUID) -> Demand:
        """A demand the person may record in."""
        demand = self.demand(public_id)
        self.may_record(demand.agreement)
        return demand
