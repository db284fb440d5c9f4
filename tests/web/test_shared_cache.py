"""A cache between the server and its people, which keeps whatever it is not told to leave."""

from __future__ import annotations
