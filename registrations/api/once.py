"""An act a program names by a key of its own is recorded once, however often it asks.

The key is kept in the act's own transaction, so that a lost answer, a retry or sixteen at
once come to one act.  Only what was recorded is kept: a request that was refused may be
mended and sent again under the same key.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from rest_framework.exceptions import ValidationError
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from ..models import KeptAnswer
from ..problems import KeyReused

HEADER = "Idempotency-Key"
REPLAYED = "Idempotency-Replayed"
MOST = 255
KEPT_FOR = timedelta(days=7)

Act = Callable[..., Response]


class _NotKept(Exception):
    """The act recorded nothing, so its key is free again."""


def key_of(request: Request) -> str | None:
    """The key a request is named by, ``None`` where it has none.  Raises
    ``ValidationError`` for one that is too long or not plain text."""
    key = request.headers.get(HEADER)
    if key is None:
        return None
    if not (1 <= len(key) <= MOST and key.isascii() and key.isprintable()):
        raise ValidationError({HEADER: f"Give 1 to {MOST} printable ASCII characters."})
    return str(key)


def once(act: Act, key: str, now: datetime) -> Act:
    """The same act, recorded at most once under ``key`` by this person and token.

    The same request again is answered as it was answered first; another under the same key
    raises ``KeyReused``.
    """

    def recorded_once(request: Request, *args: Any, **kwargs: Any) -> Response:
        named = {
            "by": request.user,
            "token": str(getattr(request.auth, "token_key", "")),
            "key": key,
        }
        asked = fingerprint(request)
        answer: Response | None = None
        try:
            with transaction.atomic():
                # A second request under the key waits here until the first has come to its end.
                kept = KeptAnswer.objects.create(fingerprint=asked, made_at=now, **named)
                answer = act(request, *args, **kwargs)
                if not 200 <= answer.status_code < 300:
                    raise _NotKept
                body = JSONRenderer().render(answer.data).decode()
                KeptAnswer.objects.filter(pk=kept.pk).update(status=answer.status_code, body=body)
        except _NotKept:
            assert answer is not None
        except IntegrityError:
            before = KeptAnswer.objects.filter(**named).first()
            if before is None:
                raise
            if before.fingerprint != asked:
                raise KeyReused from None
            told = json.loads(before.body)
            return Response(told, status=before.status, headers={REPLAYED: "true"})
        return answer

    return recorded_once


def fingerprint(request: Request) -> str:
    """SHA-256 of what is asked for: the address, its query and the body, whatever the order
    of its fields; a file by its content."""
    files = {
        name: [_of_file(file) for file in request.FILES.getlist(name)]
        for name in sorted(request.FILES)
    }
    data = request.data
    if hasattr(data, "lists"):
        data = {name: values for name, values in data.lists() if name not in files}
    asked = [request.path, sorted(request.query_params.lists()), data, files]
    text = json.dumps(asked, sort_keys=True, separators=(",", ":"), default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def _of_file(file: Any) -> list[str]:
    digest = hashlib.sha256()
    for chunk in file.chunks():
        digest.update(chunk)
    file.seek(0)
    return [file.name, digest.hexdigest()]


def forget(now: datetime) -> int:
    """Forget the answers kept for longer than seven days; how many they were."""
    gone, _ = KeptAnswer.objects.filter(made_at__lt=now - KEPT_FOR).delete()
    return gone
