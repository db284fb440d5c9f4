"""The Commission's EDGAR system: where its answers come from, and what they say.

Nothing here draws a conclusion or writes a row.  An answer is bytes at a path EDGAR has it
under, from the network or from a folder of saved ones; what cannot be had or read raises
``Unreachable`` with a sentence for counsel.
"""

from .answers import effect_path, filings_of, list_path, notice_in
from .sources import Client, Folder, Source, Unreachable, set_up, source

__all__ = [
    "Client",
    "Folder",
    "Source",
    "Unreachable",
    "effect_path",
    "filings_of",
    "list_path",
    "notice_in",
    "set_up",
    "source",
]
