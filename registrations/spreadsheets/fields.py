"""What a column of a register can be, and the names it goes by."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple


class Field(NamedTuple):
    """Something a column can say.  ``known_as`` are column names it is guessed by."""

    name: str
    label: str
    known_as: tuple[str, ...]
    most: int = 2_000  # characters


FIELDS = (
    Field("name", "Investor’s name", (
        "investor", "name", "holder", "holder name", "investor name", "stockholder",
        "shareholder", "registered holder", "stockholder name", "owner"), 200),
    Field("kind", "Individual, partnership, corporation, LLC or trust", (
        "kind", "type", "entity type", "holder type", "investor type")),
    Field("party_from", "Day it signed the agreement", (
        "party from", "signed on", "signed", "party since", "joined")),
    Field("address", "Address for notices", (
        "address", "notice address", "mailing address", "address for notices")),
    Field("facsimile", "Facsimile", ("facsimile", "fax", "fax number"), 40),
    Field("contact_name", "Contact’s name", ("contact", "contact name", "attention", "attn"), 120),
    Field("contact_email", "Contact’s e-mail", (
        "email", "e-mail", "contact email", "contact e-mail", "email address"), 254),
    Field("note", "Note", ("note", "notes", "comment", "comments", "remarks")),
    Field("security", "Security", (
        "security", "class", "security type", "share class", "security class", "issue")),
    Field("quantity", "How many", (
        "quantity", "shares", "number", "units", "amount", "balance", "number of shares",
        "no of shares", "holding", "position")),
    Field("on", "Day acquired", (
        "on", "date", "issue date", "issued on", "acquired on", "date acquired", "issued",
        "acquisition date", "date of issue")),
    Field("expires_on", "Last day of the Warrants", (
        "expires", "expires on", "expiry", "expiry date", "expiration", "expiration date")),
    Field("reference", "Certificate or line there", (
        "reference", "certificate", "certificate number", "certificate no", "cert", "cert no",
        "security id", "id", "account", "account number"), 80),
)  # fmt: skip
NAMES = tuple(field.name for field in FIELDS)
LABELS = {field.name: field.label for field in FIELDS}

DATES = {
    "iso": "2003-03-30",
    "mdy": "3/30/2003, the month first",
    "dmy": "30.3.2003, the day first",
}
SECURITIES = {
    "unit": ("unit", "units"),
    "common": ("common", "common stock", "common shares", "cs", "ordinary"),
    "preferred": (
        "preferred", "preferred stock", "series a preferred", "series a preferred stock",
        "preferred shares", "series a", "ps",
    ),
    "warrant": ("warrant", "warrants", "common stock warrant", "common stock warrants"),
}  # fmt: skip
KINDS = {
    "person": ("person", "individual", "natural person"),
    "partnership": ("partnership", "limited partnership", "lp", "l.p.", "fund"),
    "corporation": ("corporation", "corp", "inc", "company", "institution"),
    "llc": ("llc", "l.l.c.", "limited liability company"),
    "trust": ("trust",),
}


class Reads(NamedTuple):
    """How a file is read: which column, counted from nought, says what, how its days are
    written, and what stands for a column it has not.

    ``parts``: a row of Units brings the Common, Preferred and Warrants of each Unit with it;
    otherwise these stand in rows of their own.  Days are ISO text.
    """

    columns: Mapping[str, int]
    dates: str = "iso"
    security: str = "unit"
    on: str = ""
    party_from: str = ""
    parts: bool = True

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> Reads:
        """As it was kept as JSON."""
        return cls(**{name: kept[name] for name in cls._fields if name in kept})


def guess(head: Sequence[str]) -> dict[str, int]:
    """Which column is what, by the names in the first line; each field and column once."""
    found: dict[str, int] = {}
    plain = [re.sub(r"[^a-z0-9-]+", " ", name.casefold()).strip() for name in head]
    for field in FIELDS:
        for known in field.known_as:
            if known in plain and plain.index(known) not in found.values():
                found[field.name] = plain.index(known)
                break
    return found
