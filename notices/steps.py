"""Numbered points inside the background jobs at which a test may kill the process.

A job cut off at any of them must lose nothing and do nothing twice.  `make faults` sets
``RIGHTSBOOK_DIE_AT`` to a step's name, or to ``name:3`` for the third time it is reached.
In production the variable is not read.
"""

from __future__ import annotations

import os
import signal
from itertools import count

from django.conf import settings

_name, _, _nth = ("" if settings.PRODUCTION else os.environ.get("RIGHTSBOOK_DIE_AT", "")).partition(
    ":"
)
_die_at_call = int(_nth or 1)
_calls = count(1)


def step(name: str) -> None:
    """Reach a point; die there without a word if a test asked for it."""
    if _name == name and next(_calls) == _die_at_call:
        os.kill(os.getpid(), signal.SIGKILL)
