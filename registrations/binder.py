"""The evidence binder of a matter: all that is on record of it, in files anybody can check.

A ZIP archive with one PDF to read, the same as JSON, each letter and receipt, each file kept
as evidence, and ``SHA256SUMS``: the fingerprint of every file in it.  The fingerprint of that
one is on the audit trail.
"""

from __future__ import annotations

import hashlib
import json
import tempfile
import zipfile
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any, cast
from zoneinfo import ZoneInfo

import pghistory
from django.apps import apps
from django.core.files.base import File
from django.db import models
from pghistory.models import Context

from investors.acts import noted
from investors.models import Agreement, Investor, Job, LedgerEntry, User
from investors.seals import histories
from notices.models import KeptFile, Notice, Receipt

from .as_data import docket_data
from .bundles import letters_of
from .facts import docket_of, entries_of, terms_for
from .facts.mail import in_thread
from .letters import named
from .models import Demand, DocketEntry, JointDemand, JointSignature
from .pdf import Paper, as_pdf
from .rules.days import in_full
from .services import jobs
from .services.recording import When
from .views.deadlines import deadline_row
from .views.docket_files import docket_paper

# The Investors' own, before they sent it.
PRIVATE = {JointDemand, JointSignature}
SUMS = "SHA256SUMS"
HOW_TO_CHECK = """\
To check that nothing here was changed, in this folder:

    sha256sum -c SHA256SUMS          (macOS: shasum -a 256 -c SHA256SUMS)

Each line must say OK. Then compare the fingerprint of SHA256SUMS itself,

    sha256sum SHA256SUMS

with the one in the audit trail, under “Made the evidence binder”.
binder.json has all that binder.pdf says; evidence/ has each file as it was kept.
"""
Found = dict[type[models.Model], set[int]]
Rows = dict[str, list[dict[str, Any]]]


def make(job: Job, progress: jobs.Progress, when: When) -> Mapping[str, Any]:
    """Put the binder of a matter together, as things stand on the agreement's day."""
    demand = Demand.objects.select_related("agreement__company", "notice").get(
        pk=job.about["demand"]
    )
    agreement, today = demand.agreement, when.today(demand.agreement)
    progress.begins("Gathering what is on record")
    found = facts_about(demand)
    facts = {model._meta.label: _rows(model, pks) for model, pks in found.items()}
    trail = trail_of(found, agreement)
    docket = docket_of(demand)
    told = {
        "binder": 1,
        "made_at": when.now.isoformat(),
        "as_of": today.isoformat(),
        "matter": {"reference": demand.reference, "public_id": demand.public_id},
        "agreement": _agreement(agreement, today),
        "docket": docket_data(demand, docket, today=today),
        "facts": facts,
        "register": register_of(agreement),
        "trail": trail,
    }
    sums: list[str] = []
    out = tempfile.TemporaryFile()  # noqa: SIM115  # closed once it is kept
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as kept:

        def put(name: str, content: bytes) -> None:
            info = zipfile.ZipInfo(name, when.now.timetuple()[:6])
            info.compress_type = zipfile.ZIP_DEFLATED
            kept.writestr(info, content)
            sums.append(f"{hashlib.sha256(content).hexdigest()}  {name}")

        put("binder.json", json.dumps(told, indent=1, default=str).encode())
        _, letters = letters_of(demand, terms_for(demand), today)
        files = list(_files(found))
        for n, file in enumerate(files):
            progress(n, len(files), "Copying what is kept as evidence")
            with file.file.open("rb") as content:
                put(f"evidence/{file.public_id}/{file.name}", content.read())
        receipts = Receipt.objects.filter(pk__in=found.get(Receipt, ())).order_by("pk")
        for receipt in receipts:
            put(f"receipts/{receipt.number}.txt", receipt.content.encode())
        progress.begins("Setting the PDF")
        papers = [
            _cover(demand, today, facts, trail),
            _dates(demand, today),
            *_receipts(receipts),
            *(each.paper for each in letters),
            *_facts(demand, facts),
            _trail(demand, trail),
        ]
        put("binder.pdf", as_pdf(*papers, made_at=when.now))
        put("README.txt", HOW_TO_CHECK.encode())
        listed = ("\n".join(sums) + "\n").encode()
        kept.writestr(zipfile.ZipInfo(SUMS, when.now.timetuple()[:6]), listed)
    fingerprint = hashlib.sha256(listed).hexdigest()
    out.seek(0)
    jobs.keep_file(job, f"{agreement.slug}-{demand.reference}-binder.zip", File(out))
    out.close()
    says = f"Made the evidence binder of {demand.reference}, {SUMS} {fingerprint}"
    with noted(agreement, "binder.made", by=when.by, says=says):
        pghistory.create_event(agreement, label="stands")
    return {"says": f"{len(sums)} files; the fingerprint of {SUMS} is {fingerprint}."}


def facts_about(demand: Demand) -> Found:
    """Every row of fact that belongs to a matter: what has a history and hangs, however
    far down, on the demand or on a notice of its thread."""
    found: Found = {
        Demand: {demand.pk}, Notice: set(in_thread(demand).values_list("pk", flat=True)),
    }  # fmt: skip
    kinds = [
        model
        for label in ("notices", "registrations")
        for model in apps.get_app_config(label).get_models()
        if model in histories() and model not in PRIVATE and model not in found
    ]
    growing = True
    while growing:
        growing = False
        for model in kinds:
            pks = found.get(model, set())
            more = {pk for field in _parents(model, found) for pk in _children(model, field, found)}
            if not more <= pks:
                found[model], growing = pks | more, True
    return found


def _parents(model: type[models.Model], found: Found) -> Iterator[models.ForeignKey[Any, Any]]:
    for field in model._meta.get_fields():
        if isinstance(field, models.ForeignKey) and field.related_model in found:
            yield field


def _children(model: type[models.Model], field: Any, found: Found) -> Iterator[int]:
    of = {f"{field.name}__in": found[field.related_model]}
    yield from cast(Any, model)._default_manager.filter(**of).values_list("pk", flat=True)


def _rows(model: type[models.Model], pks: set[int]) -> list[dict[str, Any]]:
    names = dict(User.objects.values_list("pk", "name"))
    rows = []
    for row in cast(Any, model)._default_manager.filter(pk__in=pks).order_by("pk").values():
        row.pop("file", None)
        if "recorded_by_id" in row:
            row["recorded_by"] = names.get(row.pop("recorded_by_id"), "")
        rows.append(row)
    return rows


def trail_of(found: Found, agreement: Agreement) -> list[dict[str, Any]]:
    """The acts by which these rows came to be what they are, the first first."""
    acts: set[Any] = set()
    for model, history in histories().items():
        if model in found:
            rows = cast(Any, history)._default_manager.filter(pgh_obj_id__in=found[model])
            acts.update(rows.values_list("pgh_context_id", flat=True))
    found_acts = Context.objects.filter(pk__in=acts - {None}).order_by("created_at", "pk")
    return [
        {
            "id": act.pk, "at": act.created_at.isoformat(), "act": act.metadata.get("act", ""),
            "by": act.metadata.get("actor", ""), "says": act.metadata.get("says", ""),
            "reason": act.metadata.get("reason", ""),
        }
        for act in found_acts
    ]  # fmt: skip


def register_of(agreement: Agreement) -> dict[str, Any]:
    """Who is party to the agreement and every line of its ledger, which majorities and
    holdings follow from."""
    parties = Investor.objects.filter(agreement=agreement).order_by("pk")
    lines = LedgerEntry.objects.filter(agreement=agreement).order_by("pk")
    return {
        "investors": list(parties.values("id", "public_id", "name", "kind", "party_from")),
        "ledger": list(
            lines.values("id", "investor_id", "kind", "security", "change", "on", "expires_on")
        ),
    }


def _agreement(agreement: Agreement, today: date) -> dict[str, Any]:
    terms = entries_of(agreement, max(today, agreement.dated_on))
    return {
        "title": agreement.title,
        "company": agreement.company.name,
        "dated_on": agreement.dated_on,
        "time_zone": agreement.time_zone,
        "terms": {name: entry._asdict() for name, entry in sorted(terms.items())},
    }


def _files(found: Found) -> Iterator[KeptFile]:
    for model, pks in found.items():
        if issubclass(model, KeptFile):
            yield from cast(Any, model)._default_manager.filter(pk__in=pks).order_by("pk")


# --- On paper -----------------------------------------------------------------------------------


def _paper(demand: Demand, heading: str, **parts: Any) -> Paper:
    return Paper(title=heading, author=demand.agreement.company.name, heading=heading, **parts)


def _cover(demand: Demand, today: date, facts: Rows, trail: list[dict[str, Any]]) -> Paper:
    agreement = demand.agreement
    counts = [(_name(label), f"{len(rows):,}") for label, rows in facts.items() if rows]
    return _paper(
        demand,
        f"Evidence binder of {demand.reference}",
        above=[[agreement.company.name, named(agreement.title, agreement.dated_on)]],
        paragraphs=[f"All that is on record of {demand.title} as of {in_full(today)}."],
        rows=[*counts, ("Acts on the audit trail", f"{len(trail):,}")],
        small=[HOW_TO_CHECK.replace("\n", " ")],
    )


def _dates(demand: Demand, today: date) -> Paper:
    terms, company = terms_for(demand), demand.agreement.company
    entries = DocketEntry.objects.filter(demand=demand, kind=DocketEntry.Kind.WINDOW)
    entries = entries.select_related("demand", "investor").order_by("closes_on", "pk")
    rows = [
        deadline_row(entry, terms, day=today, soon_days=company.due_soon_days) for entry in entries
    ]
    return docket_paper(demand.agreement, f"Dates of {demand.reference}", rows, today)


def _receipts(receipts: Any) -> Iterator[Paper]:
    for receipt in receipts:
        yield Paper(
            title=f"Receipt {receipt.number}",
            author="Rightsbook",
            heading=f"Receipt {receipt.number}",
            paragraphs=receipt.content.splitlines(),
            small=[f"SHA-256 {receipt.sha256}"],
        )


def _facts(demand: Demand, facts: Rows) -> Iterator[Paper]:
    for label, rows in facts.items():
        if rows:
            told = [
                (
                    f"No. {row['id']}",
                    "\n".join(
                        f"{name.removesuffix('_id').replace('_', ' ')}: {value}"
                        for name, value in row.items()
                        if name != "id" and value not in (None, "", [], {})
                    ),
                )
                for row in rows
            ]
            yield _paper(demand, f"{_name(label)} on record", rows=told)


def _trail(demand: Demand, trail: list[dict[str, Any]]) -> Paper:
    zone = ZoneInfo(demand.agreement.time_zone)
    rows = []
    for act in trail:
        at = datetime.fromisoformat(act["at"]).astimezone(zone)
        why = f"\nWhy: {act['reason']}" if act["reason"] else ""
        rows.append((f"{at:%Y-%m-%d %H:%M:%S}, {act['by']}", f"{act['says']}{why}"))
    return _paper(demand, "Audit trail", rows=rows, small=[f"Times in {zone.key}."])


def _name(label: str) -> str:
    return str(apps.get_model(label)._meta.verbose_name_plural).capitalize()
