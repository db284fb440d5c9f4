"""What the API says when it cannot do what was asked: RFC 9457 problem details.

A contradiction in what was sent is 400 and names the field, the message a page would show,
the clause and the rule.  What stands in the way of a right request, because somebody
recorded it or changed it meanwhile, is 409.  What a person may not see is 404, worded as
if it were not there.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from http import HTTPStatus
from math import ceil
from typing import Any, NamedTuple

from django.core.exceptions import PermissionDenied as DjangoPermissionDenied
from django.core.exceptions import SuspiciousOperation
from django.http import Http404, JsonResponse
from rest_framework import exceptions

from investors.acts import Conflict, Refused

from .rules.terms import TermError

MEDIA_TYPE = "application/problem+json"
NOT_HERE = "There is nothing here that you may see. Check the address."


class Wrong(NamedTuple):
    """One thing wrong with one field; ``field`` is a path such as ``copies.0.sent_on``,
    empty where it is the whole."""

    field: str
    message: str
    rule: str = ""
    clause: str = ""


class Problem(NamedTuple):
    """A problem before it is written out.  ``kind`` ends its type URI."""

    status: int
    kind: str
    title: str
    detail: str
    errors: Sequence[Wrong] = ()
    headers: dict[str, str] = {}


class TooLarge(exceptions.APIException):
    """The body is larger than any true one."""

    status_code = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    default_detail = "The body is too large. Send less at a time."
    default_code = "too_large"


class InHand(exceptions.APIException):
    """The same request came twice at once, and the first is still being answered."""

    status_code = HTTPStatus.CONFLICT
    default_detail = "A request with this key is in hand. Send it again to get its answer."
    default_code = "in_hand"
    field = "Idempotency-Key"
    wait = 1  # seconds


class Changed(exceptions.APIException):
    """Something was recorded since what the request names was seen."""

    status_code = HTTPStatus.PRECONDITION_FAILED
    default_detail = (
        "Something was recorded since you looked. Read it again, and send the act once more if "
        "it still holds."
    )
    default_code = "changed"
    field = "If-Match"


class KeyTaken(exceptions.APIException):
    """The key came before, with another request."""

    status_code = HTTPStatus.UNPROCESSABLE_ENTITY
    default_detail = (
        "This key came before with another address or body. Send the request again as it was, "
        "or give a new act a new key."
    )
    default_code = "key_taken"
    field = "Idempotency-Key"


def problem_response(exc: Exception, context: dict[str, Any]) -> JsonResponse | None:
    """The answer to an exception raised while a request was handled; ``None`` for one
    that is a fault of ours, which is then logged and answered as any server error."""
    problem = _problem(exc)
    if problem is None:
        return None
    request = context.get("request")
    return JsonResponse(
        {
            "type": f"urn:rightsbook:problem:{problem.kind}",
            "title": problem.title,
            "status": problem.status,
            "detail": problem.detail,
            "instance": request.path if request is not None else "",
            "errors": [error._asdict() for error in problem.errors],
        },
        status=problem.status,
        content_type=MEDIA_TYPE,
        headers=problem.headers,
    )


def _problem(exc: Exception) -> Problem | None:
    match exc:
        case Conflict():
            return Problem(409, "conflict", "In conflict with the record", exc.message, [_of(exc)])
        case Refused():
            return Problem(400, "refused", "A contradiction", exc.message, [_of(exc)])
        case TermError():
            detail = f"The agreement’s terms cannot be read for that day. {exc}"
            return Problem(409, "terms", "Terms not on record", detail)
        case exceptions.ValidationError():
            errors = list(_flat(exc.detail))
            detail = " ".join(f"{e.field}: {e.message}" if e.field else e.message for e in errors)
            return Problem(400, "unreadable", "The request cannot be read", detail, errors)
        case Http404() | exceptions.NotFound():
            return Problem(404, "not-found", "Not found", NOT_HERE)
        case DjangoPermissionDenied():
            detail = str(exc) or "Your account may not do this."
            return Problem(403, "forbidden", "Not allowed", detail)
        case SuspiciousOperation():
            return Problem(400, "unreadable", "The request cannot be read", "It is malformed.")
        case exceptions.APIException():
            return _from_framework(exc)
        case _:
            return None


_KINDS = {
    400: ("unreadable", "The request cannot be read"),
    401: ("unauthenticated", "Not signed in"),
    403: ("forbidden", "Not allowed"),
    405: ("method", "Method not allowed"),
    406: ("not-acceptable", "No such representation"),
    409: ("in-hand", "The same request is in hand"),
    412: ("changed", "Changed meanwhile"),
    413: ("too-large", "Too large"),
    415: ("media-type", "Unsupported media type"),
    422: ("key-taken", "The key is another request’s"),
    429: ("too-many", "Too many requests"),
}


def _from_framework(exc: exceptions.APIException) -> Problem:
    status = int(exc.status_code)
    kind, title = _KINDS.get(status, ("error", HTTPStatus(status).phrase))
    headers: dict[str, str] = {}
    if challenge := getattr(exc, "auth_header", None):
        headers["WWW-Authenticate"] = challenge
    if (wait := getattr(exc, "wait", None)) is not None:
        headers["Retry-After"] = str(ceil(wait))
    detail = " ".join(w.message for w in _flat(exc.detail))
    field = getattr(exc, "field", "")
    errors = [Wrong(field, detail)] if field else ()
    return Problem(status, kind, title, detail, errors, headers)


def _of(refused: Refused) -> Wrong:
    return Wrong(refused.field, refused.message, refused.rule, refused.clause)


def _flat(detail: Any, path: str = "") -> Iterator[Wrong]:
    """The framework's nested errors, one by one, each with the path to its field."""
    if isinstance(detail, dict):
        for name, inner in detail.items():
            part = "" if name == "non_field_errors" else str(name)
            yield from _flat(inner, ".".join(filter(None, (path, part))))
    elif isinstance(detail, list):
        for n, inner in enumerate(detail):
            inside = isinstance(inner, dict | list)
            yield from _flat(inner, ".".join(filter(None, (path, str(n)))) if inside else path)
    else:
        yield Wrong(path, str(detail))
