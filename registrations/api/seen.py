"""An act on what its program has seen: refused where somebody recorded something since.

``ETag`` tells the state of an agreement's record: how many acts are on its trail, and its day.
An act with that in ``If-Match`` is compared under the lock every act takes, so of two programs
that saw the same, one records and the other is told to look again.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.http import parse_etags, quote_etag
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from investors.acts import acts_on
from investors.models import Agreement

from ..problems import Changed

if TYPE_CHECKING:  # the doors use this
    from .doors import Door

HEADER = "If-Match"


def as_seen(post: Callable[..., Response]) -> Callable[..., Response]:
    """The POST of a door, done only if what it names in ``If-Match`` is still so."""

    @wraps(post)
    def post_as_seen(door: Door, request: Request, *args: Any, **kwargs: Any) -> Response:
        if HEADER not in request.headers:
            return post(door, request, *args, **kwargs)
        with transaction.atomic():
            response = post(door, request, *args, **kwargs)
            if not door.compared:
                raise ValidationError({HEADER: "There is no state to compare. Leave it out."})
        return response

    return post_as_seen


def compare(request: Request, agreement: Agreement, now: datetime) -> None:
    """Hold the agreement and compare it with what the request names, if it names anything.

    Raises ``Changed`` where it is none of the states named.
    """
    if (named := request.headers.get(HEADER)) is None:
        return
    Agreement.objects.select_for_update(no_key=True).get(pk=agreement.pk)
    tags = parse_etags(named)
    if tags != ["*"] and state_of(agreement, now) not in tags:
        raise Changed


def state_of(agreement: Agreement, now: datetime) -> str:
    """The tag of an agreement's record as it is now."""
    # That a token was used changes nothing one could act on.
    acts = acts_on(agreement).exclude(metadata__act="token.used").count()
    return quote_etag(f"{acts}-{agreement.day_of(now)}")
