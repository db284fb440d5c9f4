"""The API's description, and whether an answer is what it promises."""

from __future__ import annotations

import json
import re
from functools import lru_cache
from typing import Any

from drf_spectacular.generators import SchemaGenerator
from jsonschema import Draft202012Validator, FormatChecker

UNDESCRIBED = ("/api/v1/schema/", "/api/v1/docs/")


class Contract:
    """The description with one thing added: no object may carry what it does not name."""

    def __init__(self) -> None:
        self.described = json.loads(
            json.dumps(SchemaGenerator().get_schema(request=None, public=True), default=str)
        )
        self.strict = json.loads(json.dumps(self.described))
        for schema in self.strict["components"]["schemas"].values():
            _closed(schema)
        self.paths = [
            (re.compile(re.sub(r"\{\w+\}", "[^/]+", path)), operations)
            for path, operations in self.strict["paths"].items()
        ]

    def check(self, method: str, path: str, response: Any) -> None:
        if response.status_code in (301, 302) or path in UNDESCRIBED:
            return
        operation = next(
            (ops.get(method.lower()) for pattern, ops in self.paths if pattern.fullmatch(path)),
            None,
        )
        media_type = response["Content-Type"].partition(";")[0]
        if operation is None:
            # No such address or method: a problem all the same.
            assert response.status_code in (401, 404, 405), response.content
            promised = self.strict["components"]["responses"]["Problem404"]
        else:
            promised = operation["responses"].get(str(response.status_code))
            assert promised, f"{method} {path} does not promise {response.status_code}"
        if "$ref" in promised:
            promised = self.strict["components"]["responses"][promised["$ref"].rpartition("/")[2]]
        schema = promised["content"][media_type]["schema"]
        Draft202012Validator(
            {**schema, "components": self.strict["components"]}, format_checker=FormatChecker()
        ).validate(response.json())


def _closed(schema: Any) -> None:
    if isinstance(schema, dict):
        if "properties" in schema:
            schema.setdefault("additionalProperties", False)
        for inner in schema.values():
            _closed(inner)
    elif isinstance(schema, list):
        for inner in schema:
            _closed(inner)


@lru_cache(maxsize=1)
def contract() -> Contract:
    return Contract()
