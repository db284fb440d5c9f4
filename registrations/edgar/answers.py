"""What EDGAR's answers say: the list of a company's filings, and a notice of effectiveness."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from datetime import date, time
from typing import Any
from xml.etree.ElementTree import Element, ParseError  # names alone: defusedxml reads

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from ..rules.edgar import Notice
from ..rules.edgar_days import Row
from .sources import Source, Unreachable

MOST_LISTS = 40  # older lists of one company; each has a thousand filings or more
MOST_NOTICE = 1024 * 1024  # bytes; a notice has some hundreds

_ACCESSION = re.compile(r"[0-9]{10}-[0-9]{2}-[0-9]{6}")
_OLDER = re.compile(r"CIK[0-9]{10}-submissions-[0-9]{3}\.json")
_COLUMNS = {"acceptanceDateTime": 40, "fileNumber": 20, "form": 20}


def list_path(cik: str) -> str:
    """Where EDGAR has the list of a company's filings; ``cik`` has at most ten digits."""
    return f"submissions/CIK{int(cik):010}.json"


def effect_path(cik: str, accession: str) -> str:
    """Where EDGAR has a notice of effectiveness."""
    return f"Archives/edgar/data/{int(cik)}/{accession.replace('-', '')}/primary_doc.xml"


def filings_of(source: Source, cik: str, since: date) -> list[Row]:
    """The filings of a company EDGAR lists from a day on, older lists included.

    Raises ``Unreachable`` for a list that cannot be had or read: half of it is no answer.
    """
    whole = _json(source.get(list_path(cik)))
    told = _inner(whole, "cik")
    if not str(told or "").isascii() or str(told or "").lstrip("0") != cik.lstrip("0"):
        raise Unreachable(f"EDGAR’s answer is about another company than CIK {cik}.")
    filings = _inner(whole, "filings")
    rows = list(_rows(_inner(filings, "recent")))
    older = _inner(filings, "files")
    wanted = [
        str(each.get("name", ""))
        for each in (older if isinstance(older, list) else [])
        if isinstance(each, Mapping) and str(each.get("filingTo") or "9") >= since.isoformat()
    ]
    if len(wanted) > MOST_LISTS:
        raise Unreachable(f"EDGAR has more than {MOST_LISTS} lists for this company.")
    for name in wanted:
        if not _OLDER.fullmatch(name):
            raise Unreachable(f"EDGAR names a list “{name[:40]}”, which is none of its own.")
        rows += _rows(_json(source.get(f"submissions/{name}")))
    return [row for row in rows if row.filed_on >= since]


def notice_in(answer: bytes) -> Notice:
    """What a notice of effectiveness says.  Raises ``Unreachable`` for one that is none, or
    that is a test; a document type or an entity in it is refused unread."""
    if len(answer) > MOST_NOTICE:
        raise Unreachable("The notice is larger than a notice is.")
    try:
        root = fromstring(answer, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError, LookupError, RecursionError) as wrong:
        raise Unreachable("The notice is not XML that can be read.") from wrong
    if _name(root) != "edgarSubmission" or _text(root, "submissionType") != "EFFECT":
        raise Unreachable("The file is no notice of effectiveness.")
    if (_text(root, "testOrLive") or "LIVE") != "LIVE":
        raise Unreachable("The notice is a test filing.")
    data = next((e for e in root if _name(e) == "effectiveData"), None)
    if data is None:
        raise Unreachable("The notice does not say what became effective.")
    filer = next((e for e in data.iter() if _name(e) == "filer"), data)
    at = _text(data, "finalEffectivenessDispTime")
    try:
        return Notice(
            effective_on=date.fromisoformat(_text(data, "finalEffectivenessDispDate")[:10]),
            at=time.fromisoformat(at) if at else None,
            form=(_text(data, "form") or _text(data, "submissionType"))[:20],
            of_accession=_accession(_text(data, "accessionNumber")),
            file_number=_text(filer, "fileNumber")[:20],
        )
    except ValueError as wrong:
        raise Unreachable("The notice gives no day of effectiveness that can be read.") from wrong


def _rows(columns: Any) -> Iterator[Row]:
    """The rows of a list, which EDGAR gives column by column."""
    names = ("accessionNumber", "filingDate", *_COLUMNS)
    if not isinstance(columns, Mapping) or not all(
        isinstance(columns.get(name), list) for name in names
    ):
        raise Unreachable("EDGAR’s list of filings is not as it used to be: columns are missing.")
    if len({len(columns[name]) for name in names}) != 1:
        raise Unreachable("The columns of EDGAR’s list of filings differ in length.")
    for accession, filed, *rest in zip(*(columns[name] for name in names), strict=True):
        accepted, number, form = (
            str(value or "").strip()[:most]
            for value, most in zip(rest, _COLUMNS.values(), strict=True)
        )
        if not _accession(str(accession)):
            raise Unreachable("EDGAR’s list of filings has an accession number that is none.")
        try:
            filed_on = date.fromisoformat(str(filed))
        except ValueError as wrong:
            raise Unreachable(f"EDGAR gives {accession} no filing date.") from wrong
        yield Row(str(accession), form, filed_on, accepted, number)


def _json(answer: bytes) -> Any:
    try:
        return json.loads(answer)
    except (ValueError, RecursionError) as wrong:
        raise Unreachable("EDGAR’s answer is not JSON that can be read.") from wrong


def _inner(whole: Any, name: str) -> Any:
    if not isinstance(whole, Mapping):
        raise Unreachable("EDGAR’s list of filings is not as it used to be.")
    return whole.get(name)


def _accession(text: str) -> str:
    return text if _ACCESSION.fullmatch(text) else ""


def _name(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _text(within: Element, name: str) -> str:
    """The text of a direct child, whatever its namespace."""
    found = next((e for e in within if _name(e) == name), None)
    return (found.text or "").strip() if found is not None else ""
