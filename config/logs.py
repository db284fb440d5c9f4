"""What the log leaves out."""

from __future__ import annotations

import logging
import re
import time

# Addresses that open something to whoever knows them, up to the part that does.
_OPENS = re.compile(r"(/(?:calendar|invitation|account/password/new|account/address)/)[^\s\"'/?]+")


_BREAKS = str.maketrans({"\r": "\\r", "\n": "\\n", "\x1b": "\\x1b"})


class InUtc(logging.Formatter):
    """Lines that begin with their instant, in UTC wherever the server stands."""

    converter = staticmethod(time.gmtime)
    default_time_format = "%Y-%m-%dT%H:%M:%S"
    default_msec_format = "%s.%03d"


class OneLineNoSecrets(logging.Filter):
    """Lets every message through as one line, so that nothing somebody sent can pass for a
    line of ours, and with the secret part of an address taken out of it."""

    def filter(self, record: logging.LogRecord) -> bool:
        message = record.getMessage()
        if (told := _OPENS.sub(r"\1…", message).translate(_BREAKS)) != message:
            record.msg, record.args = told, ()
        return True
