"""An act a docket follows from: done, or tried and undone to show what would follow."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.response import Response

from ..models import Demand
from ..services.recording import preview
from .bodies import Body
from .description import PREVIEW
from .docket import PreviewShape, preview_data
from .doors import Door


def documented(body: type[Body], shape: type[serializers.Serializer]) -> Callable[..., Any]:
    """An act that may be previewed: 201 with ``shape``, or 200 with the two dockets."""
    return extend_schema(
        request=body, parameters=[PREVIEW], responses={201: shape, 200: PreviewShape}
    )


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
