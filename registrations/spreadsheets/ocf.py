"""An Open Cap Format file: its objects, looked through as a whole before any is believed.

A ZIP archive with a manifest and the JSON files it names.  What the format has no word for
stands in comments of ours; ``said_event`` and its like write them, and here they are read.
"""

from __future__ import annotations

import json
import posixpath
import re
import zipfile
from collections.abc import Iterator
from datetime import date
from typing import Any, BinaryIO, NamedTuple

from .files import Unreadable, refuse_bombs

MANIFEST = "Manifest.ocf.json"
OUTSIDER = "Rightsbook: no party to the agreement"
ISSUANCES = {"TX_STOCK_ISSUANCE", "TX_WARRANT_ISSUANCE"}
USES = {
    "TX_STOCK_TRANSFER", "TX_WARRANT_TRANSFER", "TX_STOCK_CONVERSION", "TX_WARRANT_EXERCISE",
    "TX_STOCK_CANCELLATION", "TX_WARRANT_CANCELLATION", "TX_STOCK_RETRACTION",
    "TX_WARRANT_RETRACTION", "TX_STOCK_REPURCHASE",
}  # fmt: skip
SPLIT = "TX_STOCK_CLASS_SPLIT"
# They say nothing of who holds how many of what.
BESIDE = {
    "ISSUER", "STOCK_LEGEND_TEMPLATE", "STOCK_PLAN", "VALUATION", "VESTING_TERMS", "DOCUMENT",
    "FINANCING", "TX_STOCK_ACCEPTANCE", "TX_WARRANT_ACCEPTANCE", "TX_CONVERTIBLE_ACCEPTANCE",
    "TX_EQUITY_COMPENSATION_ACCEPTANCE", "TX_PLAN_SECURITY_ACCEPTANCE",
    "TX_ISSUER_AUTHORIZED_SHARES_ADJUSTMENT", "TX_STOCK_CLASS_AUTHORIZED_SHARES_ADJUSTMENT",
    "TX_STOCK_PLAN_POOL_ADJUSTMENT", "TX_STOCK_PLAN_RETURN_TO_POOL", "TX_VESTING_START",
    "TX_VESTING_EVENT", "TX_VESTING_ACCELERATION", "CE_STAKEHOLDER_RELATIONSHIP",
    "CE_STAKEHOLDER_STATUS",
}  # fmt: skip
MOST = 10**15  # securities in one certificate
_MONEY = re.compile(r"(\d{1,20})(?:\.0{1,10})?")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_FILES = re.compile(r"[a-z_]+_files")
_HALVES = re.compile(r"[\ud800-\udfff]")
_DEEP = "The files in it are nested deeper than Open Cap Format is."


def said_event(key: str, kind: str) -> str:
    """Which event of the register a transaction is part of, and of what kind."""
    return f"Rightsbook: event {key}, {kind}"


def said_units(change: int, on: date, key: str, kind: str) -> str:
    """Units, of which the format knows the parts alone."""
    return f"Rightsbook: {change:+d} Units on {on.isoformat()}, event {key}, {kind}"


def said_party(kind: str, since: date) -> str:
    """What an Investor is, and since when it is a party."""
    return f"Rightsbook: {kind}, party from {since.isoformat()}"


def said_public(under: str) -> str:
    """Those who bought in public."""
    return f"Rightsbook: the public, under {under}"


def said_action(kind: str, place: int, fractions: str, rates_follow: bool) -> str:
    """What a split is besides its ratio."""
    rates = "follow" if rates_follow else "stay"
    return f"Rightsbook: {kind}, place {place}, fractions {fractions}, rates {rates}"


READS_EVENT = re.compile(r"Rightsbook: event ([0-9a-f-]{36}), ([a-z_]{1,12})")
READS_UNITS = re.compile(
    r"Rightsbook: ([+-]\d{1,16}) Units on (\d{4}-\d{2}-\d{2}), event ([0-9a-f-]{36}),"
    r" ([a-z_]{1,12})"
)
READS_PARTY = re.compile(r"Rightsbook: ([a-z]{1,12}), party from (\d{4}-\d{2}-\d{2})")
READS_PUBLIC = re.compile(r"Rightsbook: the public, under (statement|rule_144)")
READS_ACTION = re.compile(
    r"Rightsbook: (split|dividend|exchange), place (\d{1,2}), "
    r"fractions (dropped|rounded_up|cash), rates (follow|stay)"
)


def comments(what: dict[str, Any], reads: re.Pattern[str]) -> Iterator[re.Match[str]]:
    """The comments on an object that say something of ours."""
    said = what.get("comments")
    for each in said if isinstance(said, list) else ():
        if isinstance(each, str) and (match := reads.fullmatch(each)) is not None:
            yield match


class Package(NamedTuple):
    """The objects of a file by what they are, each by its id, in the order they stand."""

    stakeholders: dict[str, dict[str, Any]]
    classes: dict[str, dict[str, Any]]
    transactions: dict[str, dict[str, Any]]


def package_of(file: BinaryIO) -> Package:
    """What an Open Cap Format file holds.

    Raises ``Unreadable`` for one that is none, that would unpack to more than is
    reasonable, that has something twice, or that says of holdings what cannot be read here.
    """
    refuse_bombs(file)
    found = Package({}, {}, {})
    seen: set[str] = set()
    try:
        with zipfile.ZipFile(file) as archive:
            for name, content in _files(archive):
                for what in _items(name, content):
                    _put(found, seen, name, what)
    except RecursionError:
        raise Unreadable(_DEEP) from None
    except (zipfile.BadZipFile, EOFError, OSError, RuntimeError, NotImplementedError):
        raise Unreadable(
            "The archive is damaged, or locked with a password. Save it again, without one."
        ) from None
    except ValueError:
        raise Unreadable("A file in it is not JSON in UTF-8.") from None
    return found


def _files(archive: zipfile.ZipFile) -> Iterator[tuple[str, Any]]:
    """The files the manifest names, as JSON."""
    names = [m.filename for m in archive.infolist() if not m.is_dir()]
    if len(set(names)) < len(names):
        raise Unreadable("The archive has two files of one name.")
    ours = [n for n in names if n.endswith(".ocf.json") and not n.startswith("__MACOSX/")]
    manifests = [n for n in ours if posixpath.basename(n) == MANIFEST]
    if len(manifests) != 1:
        there = "has no" if not manifests else "has more than one"
        raise Unreadable(f"The archive {there} {MANIFEST}, so it is no Open Cap Format file.")
    manifest = json.loads(archive.read(manifests[0]))
    if not isinstance(manifest, dict) or manifest.get("file_type") != "OCF_MANIFEST_FILE":
        raise Unreadable(f"{MANIFEST} is not an Open Cap Format manifest.")
    listed: list[str] = []
    for field, files in manifest.items():
        if not _FILES.fullmatch(field):
            continue
        for each in files if isinstance(files, list) else [files]:
            path = each.get("filepath") if isinstance(each, dict) else None
            if not isinstance(path, str):
                raise Unreadable(f"{MANIFEST} does not say where its {field} are.")
            at = posixpath.normpath(posixpath.join(posixpath.dirname(manifests[0]), path))
            if at not in ours:
                raise Unreadable(f"{MANIFEST} names {path[:80]}, which is not in the archive.")
            if at in listed:
                raise Unreadable(f"{MANIFEST} names {path[:80]} twice.")
            listed.append(at)
    for name in ours:
        if name not in listed and name != manifests[0]:
            raise Unreadable(f"{name[:80]} is in the archive, and {MANIFEST} does not name it.")
    for name in listed:
        yield posixpath.basename(name)[:80], json.loads(archive.read(name))


def _items(name: str, content: Any) -> list[Any]:
    items = content.get("items") if isinstance(content, dict) else None
    if not isinstance(items, list):
        raise Unreadable(f"{name} has no list of items.")
    return items


def _put(found: Package, seen: set[str], name: str, what: Any) -> None:
    if not isinstance(what, dict):
        raise Unreadable(f"{name} has an item that is no object.")
    kind, known_as = what.get("object_type"), what.get("id")
    if not isinstance(kind, str):
        raise Unreadable(f"{name} has an item without an object_type.")
    if not isinstance(known_as, str) or not known_as:
        raise Unreadable(f"{name} has a {kind[:60]} without an id.")
    if known_as in seen:
        raise Unreadable(f"{name}: the id {known_as[:80]} is used twice.")
    seen.add(known_as)
    # The database keeps neither a NUL nor half a character.
    said = json.dumps(what, ensure_ascii=False)
    if "\\u0000" in said or (not said.isascii() and _HALVES.search(said)):
        raise Unreadable(f"{name} has a {kind[:60]} with characters that are none.")
    if kind == "STAKEHOLDER":
        found.stakeholders[known_as] = what
    elif kind == "STOCK_CLASS":
        found.classes[known_as] = what
    elif kind in ISSUANCES or kind in USES or kind == SPLIT:
        found.transactions[known_as] = what
    elif kind not in BESIDE:
        raise Unreadable(
            f"{name} has a {kind[:60]} ({known_as[:80]}). It may change what is held, and it "
            "cannot be read here. Nothing of the file was taken over."
        )


def called(what: dict[str, Any]) -> str:
    """An object as a message names it."""
    return f"{what['object_type']} {what['id'][:80]}"


def text_of(what: dict[str, Any], field: str) -> str:
    """A field that has to say something.  Raises ``Unreadable`` when it does not."""
    value = what.get(field)
    if not isinstance(value, str) or not value.strip():
        raise Unreadable(f"{called(what)} has no {field}.")
    return value


def day_in(what: dict[str, Any], field: str = "date") -> date:
    """A day.  Raises ``Unreadable`` when it is none."""
    value = text_of(what, field)
    try:
        if _DAY.fullmatch(value):
            return date.fromisoformat(value)
    except ValueError:
        pass
    raise Unreadable(f"{called(what)}: {field} is “{value[:40]}”, which is not a day.")


def whole_in(what: dict[str, Any], field: str, *, least: int = 1) -> int:
    """A number of whole securities.  Raises ``Unreadable`` when it is none."""
    value = what.get(field)
    match = _MONEY.fullmatch(value if isinstance(value, str) else "")
    if match is None or not least <= int(match[1]) <= MOST:
        said = value[:40] if isinstance(value, str) else value
        raise Unreadable(
            f"{called(what)}: {field} is “{said}”, which is not a whole number of securities "
            f"from {least} to {MOST:,}, in quotation marks."
        )
    return int(match[1])


def ids_in(what: dict[str, Any], field: str) -> list[str]:
    """A list of ids; none where the field is not there."""
    value = what.get(field) or []
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        raise Unreadable(f"{called(what)}: {field} is no list of ids.")
    return value
