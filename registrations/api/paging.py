"""Pages of a list by cursor, in an order the asker may choose from."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

from django.core.exceptions import ValidationError as DjangoValidationError
from django.db.models import QuerySet
from django_filters.rest_framework import DjangoFilterBackend
from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.filters import OrderingFilter
from rest_framework.generics import ListAPIView
from rest_framework.pagination import Cursor, CursorPagination
from rest_framework.request import Request

from .doors import Door

CURSOR_WRONG = "Use a cursor as a page gave it."


class Pages(CursorPagination):
    """A page of at most ``page_size`` rows, and where the next begins.

    Rows recorded meanwhile neither repeat nor hide others.  The order ends with the key,
    so that rows alike in what they are ordered by keep one order.
    """

    page_size = 50
    page_size_query_param = "page_size"
    page_size_query_description = "Rows on a page, 1 to 200."
    max_page_size = 200
    # Rows with one and the same day (ten thousand flags) are passed over by counting them.
    offset_cutoff = 10_000_000

    def get_page_size(self, request: Request) -> int | None:
        given = request.query_params.get(self.page_size_query_param)
        if given is None:
            return self.page_size
        if not given.isascii() or not given.isdigit() or not 1 <= int(given) <= self.max_page_size:
            raise ValidationError({"page_size": f"Give a number, 1 to {self.max_page_size}."})
        return int(given)

    def get_ordering(self, request: Request, queryset: QuerySet, view: Any) -> tuple[str, ...]:
        return (*super().get_ordering(request, queryset, view), "pk")

    def paginate_queryset(
        self, queryset: Any, request: Request, view: Any = None
    ) -> list[Any] | None:
        try:
            return super().paginate_queryset(queryset, request, view)
        except (TypeError, ValueError, DjangoValidationError) as wrong:
            raise ValidationError({"cursor": CURSOR_WRONG}) from wrong

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        parameters = super().get_schema_operation_parameters(view)
        for each in parameters:
            if each["name"] == self.page_size_query_param:
                each["schema"] |= {"minimum": 1, "maximum": self.max_page_size}
        return parameters

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        link = {"type": ["string", "null"], "format": "uri"}
        return {
            "type": "object",
            "required": ["next", "previous", "results"],
            "properties": {"next": link, "previous": link, "results": schema},
        }

    def decode_cursor(self, request: Request) -> Cursor | None:
        try:
            return super().decode_cursor(request)
        except NotFound as wrong:
            raise ValidationError({"cursor": CURSOR_WRONG}) from wrong


class Order(OrderingFilter):
    """The order asked for; one that does not exist is refused, not passed over."""

    ordering_description = "The field to order by, with a minus for the reverse."

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        fields = [sign + name for name in view.ordering_fields for sign in ("", "-")]
        parameters = super().get_schema_operation_parameters(view)
        return [{**p, "schema": {"type": "string", "enum": fields}} for p in parameters]

    def remove_invalid_fields(
        self, queryset: QuerySet, fields: Iterable[str], view: Any, request: Request
    ) -> list[str]:
        asked, allowed = list(fields), view.ordering_fields
        if len(asked) > 1 or asked[0].removeprefix("-") not in allowed:
            raise ValidationError({"ordering": f"Order by one of: {', '.join(allowed)}."})
        return asked


class Listing(Door, ListAPIView):
    """A list of what the person may see."""

    pagination_class = Pages
    filter_backends = [DjangoFilterBackend, Order]
    filterset_class: ClassVar[Any] = None
    ordering_fields: ClassVar[tuple[str, ...]] = ()
    ordering: ClassVar[tuple[str, ...]] = ()

    def known_queries(self) -> frozenset[str]:
        filters = self.filterset_class.base_filters if self.filterset_class else ()
        return self.queries | {"cursor", "page_size", "ordering", *filters}
