"""The OpenAPI description: parameters used in many places, and the problems any operation
may answer with."""

from __future__ import annotations

from typing import Any

from drf_spectacular.contrib.knox_auth_token import KnoxTokenScheme
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter

from ..problems import MEDIA_TYPE


class TokenScheme(KnoxTokenScheme):  # type: ignore[no-untyped-call]  # the library's is untyped
    """The tokens of ours are described as the package's own."""

    target_class = "registrations.api.tokens.TokenAuthentication"


AS_OF = OpenApiParameter(
    "as_of",
    OpenApiTypes.DATE,
    description="As it stood at the end of this day in the agreement’s zone. Left out: today.",
)
PREVIEW = OpenApiParameter(
    "preview",
    OpenApiTypes.BOOL,
    description="true: show the docket before and after, and save nothing.",
)
# On every GET, and written once.
_FIELDS = {
    "name": "fields",
    "in": "query",
    "required": False,
    "description": "Names of fields with commas between. The answer, or each row of a page, has "
    "these and no others, also of those described as required. What stands within a field "
    "cannot be chosen from.",
    "schema": {"type": "string", "minLength": 1},
    "example": "public_id",
}
# On every POST, and written once: the operations refer to it.
_KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "A text of your own making, a new one for each act, such as a random UUID. "
    "Sent again with the same address and body, it does nothing a second time: the answer is "
    "the first one’s, with `Idempotency-Replayed: true`. With another address or body it is "
    "refused with 422. While the first is in hand the answer is 409; come back after "
    "`Retry-After` seconds. The key is yours and your token’s: nobody else’s has to do with it. "
    "Only the answer to an act that was recorded is kept, for some days: after a refusal, mend "
    "the body and send it under the same key. A preview, or a question that records nothing, "
    "keeps nothing.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 255},
}
_SEEN = {
    "name": "If-Match",
    "in": "header",
    "required": False,
    "description": "The `ETag` of an answer about the same agreement: the act is refused with 412 "
    "if anything was recorded since, or the agreement’s day has changed. Without it the act is "
    "judged by the record as it is.",
    "schema": {"type": "string"},
}
_STATE = {
    "description": "The state of the agreement’s record, for `If-Match`; on answers about one "
    "agreement as it is today.",
    "schema": {"type": "string"},
}
_RATES = {
    "RateLimit-Policy": {
        "description": 'How many requests are answered in how many seconds: `"user";q=600;w=60`.',
        "schema": {"type": "string"},
    },
    "RateLimit": {
        "description": "How many of them are left, and in how many seconds there are more: "
        '`"user";r=599;t=12`.',
        "schema": {"type": "string"},
    },
}
_REPLAYED = {
    "description": "`true` on an answer given again, to a request that came before.",
    "schema": {"type": "string", "const": "true"},
}

_PROBLEM = {
    "type": "object",
    "description": "RFC 9457 problem details. `errors` names each field, with the message a page "
    "would show, and the rule and clause it comes from.",
    "required": ["type", "title", "status", "detail", "instance", "errors"],
    "properties": {
        "type": {"type": "string", "format": "uri"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "instance": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["field", "message", "rule", "clause"],
                "properties": {
                    name: {"type": "string"} for name in ("field", "message", "rule", "clause")
                },
            },
        },
    },
}
_ALWAYS = {
    "400": "Malformed, unknown fields, or a contradiction: the field, the clause and the rule.",
    "401": "Not signed in.",
    "406": "Only JSON is served.",
    "429": "Too many requests; `Retry-After` says when to come back.",
}
_OF_ONE = {"404": "Not there, or not yours to see."}
_OF_ACTS = {
    "403": "Your account, or the token, may read and not record.",
    "409": "Recorded or corrected by somebody meanwhile; or, with `Retry-After`, the same "
    "request is in hand.",
    "412": "Something was recorded since the state named in `If-Match`.",
    "413": "The body is too large.",
    "415": "The body is of another media type.",
    "422": "The `Idempotency-Key` came before with another address or body.",
}
_METHODS = ("get", "post")


def with_problems(result: dict[str, Any], **kwargs: Any) -> dict[str, Any]:
    """Add the problem responses to every operation, and the key to every POST (a hook of
    the schema generator)."""
    components = result.setdefault("components", {})
    components.setdefault("schemas", {})["Problem"] = _PROBLEM
    components["parameters"] = {"IdempotencyKey": _KEY, "IfMatch": _SEEN, "Fields": _FIELDS}
    components["headers"] = {"IdempotencyReplayed": _REPLAYED, "ETag": _STATE, **_RATES}
    said = {**_ALWAYS, **_OF_ONE, **_OF_ACTS}
    components["responses"] = {
        f"Problem{status}": {
            "description": description,
            "headers": _with_rates(),
            "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
        }
        for status, description in sorted(said.items())
    }
    for path, operations in result["paths"].items():
        for method in _METHODS:
            if method not in operations:
                continue
            statuses = set(_ALWAYS)
            if "{" in path:
                statuses |= set(_OF_ONE)
            if method == "post":
                statuses |= set(_OF_ACTS)
                _with_key(operations[method])
            else:
                operations[method]["parameters"] = [
                    *operations[method].get("parameters", ()),
                    {"$ref": "#/components/parameters/Fields"},
                ]
            for said_well in operations[method]["responses"].values():
                said_well["headers"] = {
                    **said_well.get("headers", {}),
                    "ETag": {"$ref": "#/components/headers/ETag"},
                    **_with_rates(),
                }
            for status in sorted(statuses):
                operations[method]["responses"].setdefault(
                    status, {"$ref": f"#/components/responses/Problem{status}"}
                )
    return result


def _with_rates() -> dict[str, Any]:
    return {name: {"$ref": f"#/components/headers/{name}"} for name in _RATES}


def _with_key(operation: dict[str, Any]) -> None:
    named = [{"$ref": f"#/components/parameters/{name}"} for name in ("IdempotencyKey", "IfMatch")]
    operation["parameters"] = [*operation.get("parameters", ()), *named]
    if (made := operation["responses"].get("201")) is not None:
        made["headers"] = {
            "Idempotency-Replayed": {"$ref": "#/components/headers/IdempotencyReplayed"}
        }
