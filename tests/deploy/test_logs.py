"""What the log says of what somebody sent."""

from __future__ import annotations

import logging
import time

import pytest

from config.logs import InUtc, OneLineNoSecrets


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


def test_a_secret_in_the_log_of_any_test_is_found(told_by_the_log: list[str]) -> None:
    """The control of what every test is held to."""
    logger = logging.getLogger("registrations")
    logger.info("asked with %s", "rb_" + "0123456789abcdef" * 4)
    logger.info("Alder holds %s", f"{1_046_527:,}")
    logger.info("Gone: /invitation/%s/", "s3cret" * 4)

    assert [line.split()[0] for line in told_by_the_log] == ["asked", "Alder"]
    told_by_the_log.clear()


def test_a_line_begins_with_its_instant_in_utc(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "America/New_York")
    time.tzset()
    record = logging.makeLogRecord({"msg": "Started", "created": 1054555200.25, "msecs": 250.0})
    try:
        assert InUtc("{asctime}Z {message}", style="{").format(record) == (
            "2003-06-02T12:00:00.250Z Started"
        )
    finally:
        monkeypatch.undo()
        time.tzset()
