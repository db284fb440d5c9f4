"""What the log says of what somebody sent."""

from __future__ import annotations

import logging

import pytest

from config.logs import OneLineNoSecrets


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("Not Found: /calendar/s3cret.ics", "Not Found: /calendar/…"),
        ('"GET /invitation/s3cret/ HTTP/1.1" 410', '"GET /invitation/…/ HTTP/1.1" 410'),
        ("Gone: /account/password/new/1-s3cret/", "Gone: /account/password/new/…/"),
        ("Not Found: /account/password/", "Not Found: /account/password/"),
        ("Not Found: /a\r\nERROR forged: line", "Not Found: /a\\r\\nERROR forged: line"),
    ],
)
def test_a_message_is_one_line_and_opens_nothing(line: str, told: str) -> None:
    record = logging.LogRecord("django", logging.WARNING, "", 0, "%s", (line,), None)

    assert OneLineNoSecrets().filter(record)
    assert record.getMessage() == told
