"""A register as an Open Cap Format file: a ZIP archive of JSON, for whoever keeps the cap table.

There every certificate is a security with an id of its own, used up by whatever happens to
it and followed by others.  Here holdings are lines of a ledger; so certificates are made up
from the lines, the oldest used first, always the same ones from the same register.  What the
format has no word for, such as Units, stands in comments that ``spreadsheets.ocf`` reads.
"""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from investors.models import Address, Agreement, Contact, Investor

from ..spreadsheets.ocf import MANIFEST, said_party
from .cap_table_events import CLASSES, Certificates, classes_id, happened, of_agreement

VERSION = "1.2.0"
FILES = {
    "stock_plans_files": ("StockPlans", "OCF_STOCK_PLANS_FILE"),
    "stock_legend_templates_files": ("StockLegends", "OCF_STOCK_LEGEND_TEMPLATES_FILE"),
    "stock_classes_files": ("StockClasses", "OCF_STOCK_CLASSES_FILE"),
    "vesting_terms_files": ("VestingTerms", "OCF_VESTING_TERMS_FILE"),
    "valuations_files": ("Valuations", "OCF_VALUATIONS_FILE"),
    "transactions_files": ("Transactions", "OCF_TRANSACTIONS_FILE"),
    "stakeholders_files": ("Stakeholders", "OCF_STAKEHOLDERS_FILE"),
}
ABOUT = (
    "Made by Rightsbook from the register under a registration rights agreement: the holdings "
    "of its Investors, not of every stockholder. Prices and countries are not kept there; a "
    "price of 0 and the country US stand for what is not known."
)


def as_open_cap_format(agreement: Agreement, on: date, *, made_at: datetime) -> bytes:
    """The register at the end of a day, as a ZIP archive; the same bytes from the same
    register, day and instant.  Raises ``Refused`` as ``open_cap_files`` does."""
    files = open_cap_files(agreement, on, made_at=made_at)
    return _zip({name: _json(content) for name, content in files.items()})


def open_cap_files(agreement: Agreement, on: date, *, made_at: datetime) -> dict[str, Any]:
    """The files of the register at the end of a day, by name, the manifest first.

    Raises ``Refused`` where the events of a day cannot be put in an order in which nobody
    gives what it has not.
    """
    book = Certificates(agreement)
    for event in happened(agreement, on):
        book.enter(event)
    book.finish()
    holders = Investor.objects.filter(agreement=agreement).order_by("party_from", "pk")
    found = {
        "stock_classes_files": [_stock_class(agreement, name) for name in CLASSES],
        "transactions_files": book.transactions,
        "stakeholders_files": [
            *_stakeholders(agreement, holders, on, book), *book.outsiders.values(),
        ],
    }  # fmt: skip
    files: dict[str, Any] = {}
    manifest: dict[str, Any] = {
        "file_type": "OCF_MANIFEST_FILE",
        "ocf_version": VERSION,
        "issuer": {
            "id": of_agreement(agreement, "issuer"),
            "object_type": "ISSUER",
            "legal_name": agreement.company.name,
            "country_of_formation": "US",
        },
        "as_of": on.isoformat(),
        "generated_at": made_at.isoformat(),
        "comments": [ABOUT],
    }
    for field, (name, file_type) in FILES.items():
        items: Sequence[Any] = found.get(field, ())
        if not items:
            manifest[field] = []
            continue
        content = {"file_type": file_type, "items": list(items)}
        files[f"{name}.ocf.json"] = content
        md5 = hashlib.md5(_json(content), usedforsecurity=False).hexdigest()
        manifest[field] = [{"filepath": f"./{name}.ocf.json", "md5": md5}]
    return {MANIFEST: manifest, **files}


def _stock_class(agreement: Agreement, security: str) -> dict[str, Any]:
    name, class_type, prefix = CLASSES[security]
    return {
        "id": classes_id(agreement, security),
        "object_type": "STOCK_CLASS",
        "name": name,
        "class_type": class_type,
        "default_id_prefix": prefix,
        "initial_shares_authorized": "NOT APPLICABLE",
        "votes_per_share": 1 if security == "common" else 0,
        "seniority": "1" if security == "common" else "2",
    }


def _stakeholders(
    agreement: Agreement, holders: Iterable[Investor], on: date, book: Certificates
) -> Iterable[dict[str, Any]]:
    addresses: dict[int | None, Address] = {}
    rows = Address.objects.filter(agreement=agreement, investor__isnull=False, replacement=None)
    for row in rows.filter(in_force_from__lte=on).order_by("in_force_from", "pk"):
        addresses[row.investor_id] = row
    for row in rows.exclude(investor__in=addresses).order_by("-in_force_from", "-pk"):
        addresses[row.investor_id] = row
    contacts: dict[int, Contact] = {}
    at = Contact.objects.filter(investor__agreement=agreement, ended_at=None)
    for contact in at.order_by("-pk"):
        contacts[contact.investor_id] = contact
    for each in holders:
        is_person = each.kind == Investor.Kind.PERSON
        told: dict[str, Any] = {
            "id": str(each.public_id),
            "object_type": "STAKEHOLDER",
            "name": {"legal_name": each.name},
            "stakeholder_type": "INDIVIDUAL" if is_person else "INSTITUTION",
            "current_relationship": "INVESTOR",
        }
        if (reached := contacts.get(each.pk)) is not None:
            told["primary_contact"] = {
                "name": {"legal_name": reached.name},
                "phone_numbers": [],
                "emails": [{"email_type": "BUSINESS", "email_address": reached.email}],
            }
        if (address := addresses.get(each.pk)) is not None:
            told["addresses"] = [
                {"address_type": "CONTACT", "street_suite": address.lines, "country": "US"}
            ]
        told["comments"] = [
            said_party(each.kind, each.party_from), *book.units.get(each.pk, ()),
        ]  # fmt: skip
        yield told


def _json(value: Any) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=1) + "\n").encode()


def _zip(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(
                zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), content, zipfile.ZIP_DEFLATED
            )
    return out.getvalue()


def file_name(agreement: Agreement, on: date) -> str:
    """What the file is called."""
    return f"{agreement.slug}-{on}.ocf.zip"
