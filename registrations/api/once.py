"""An act sent twice under one ``Idempotency-Key`` is done once and answered twice.

The answer is kept in the act's own transaction, so either both are there or neither: a
program whose answer was lost sends the request again and cannot record it a second time.
A refusal keeps nothing, so the body can be mended and sent under the same key.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import Http404, HttpResponse, QueryDict
from rest_framework.exceptions import ValidationError
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from investors.models import Agreement, KeptAnswer

from ..problems import InHand, KeyTaken
from ..services import answers
from ..services.answers import Asked

if TYPE_CHECKING:  # the doors use this
    from .doors import Door

HEADER = "Idempotency-Key"
LONGEST = 255


def once(post: Callable[..., Response]) -> Callable[..., Response | HttpResponse]:
    """The POST of a door, done once however often it comes under one key."""

    @wraps(post)
    def post_once(
        door: Door, request: Request, *args: Any, **kwargs: Any
    ) -> Response | HttpResponse:
        key = _key(request)
        # A preview is undone: there is nothing of it to do twice.
        if key is None or request.query_params.get("preview") == "true":
            return post(door, request, *args, **kwargs)
        token = getattr(request.auth, "digest", "")
        asked = Asked(door.user, token, key, _fingerprint(request))
        with transaction.atomic():
            if not answers.alone(asked):
                raise InHand
            if (before := answers.kept(asked)) is not None:
                return _again(door, asked, before)
            response = post(door, request, *args, **kwargs)
            if response.status_code == 201:
                assert door.recorded_in is not None, "an act says where it records"
                data = door.kept(response.data)
                body = JSONRenderer().render(data, request.accepted_media_type).decode()
                answers.keep(
                    asked,
                    agreement=door.recorded_in,
                    status=response.status_code,
                    body=body,
                    now=door.now,
                )
        return response

    return post_once


def _again(door: Door, asked: Asked, before: KeptAnswer) -> HttpResponse:
    # Somebody who has left since sees nothing more, not even what they were told.
    if not Agreement.objects.visible_to(door.user).filter(pk=before.agreement_id).exists():
        raise Http404
    if before.fingerprint != asked.fingerprint:
        raise KeyTaken
    return HttpResponse(
        before.body,
        status=before.status,
        content_type="application/json",
        headers={"Idempotency-Replayed": "true"},
    )


def _key(request: Request) -> str | None:
    key = request.headers.get(HEADER)
    if key is not None and not (0 < len(key) <= LONGEST and key.isprintable()):
        raise ValidationError({HEADER: f"Give 1 to {LONGEST} characters that can be printed."})
    return key


def _fingerprint(request: Request) -> str:
    """What is asked, as a digest: the same for the same fields in any order, and for the
    same files under any boundary."""
    data = request.data
    if isinstance(data, QueryDict):
        data = {name: [_told(value) for value in data.getlist(name)] for name in data}
    told = [request.method, request.path, sorted(request.query_params.lists()), data]
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()


def _told(value: Any) -> Any:
    if not isinstance(value, UploadedFile):
        return value
    digest = hashlib.sha256()
    for chunk in value.chunks():
        digest.update(chunk)
    value.seek(0)
    return {"name": value.name, "sha256": digest.hexdigest()}
