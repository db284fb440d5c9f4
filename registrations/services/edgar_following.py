"""Asking EDGAR about a company and keeping what it says as proposals.

Level-triggered: what is kept is what EDGAR says now and no proposal says yet.  No fact, no
docket and no flag is touched, whatever it says, and when it says nothing.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple

from django.conf import settings
from django.db.models import F, Q, QuerySet

from investors.acts import act
from investors.models import Agreement, Company

from ..edgar import Source, Unreachable, effect_path, filings_of, notice_in
from ..facts.edgar import Followed, followed_by
from ..facts.terms import open_days
from ..models import EdgarAsking, EdgarProposal
from ..rules.edgar import Event, Notice, events, wants_notice
from ..rules.edgar_days import EASTERN, Row

logger = logging.getLogger(__name__)

BY = "Rightsbook"
CLAIMED = timedelta(minutes=10)  # a worker that died in the middle holds others off no longer
MOST_NOTICES = 60  # read at one asking; the rest at the next


class Told(NamedTuple):
    """How an asking went: how many new proposals, and what could not be had."""

    found: int
    problem: str = ""


def due(now: datetime) -> QuerySet[Company]:
    """The companies EDGAR is to be asked about now: never asked, asked long ago, or asked for
    by somebody since; and not being asked about at this moment."""
    free = Q(edgar_asking__begun_at=None) | Q(edgar_asking__begun_at__lt=now - CLAIMED)
    wanted = (
        Q(edgar_asking=None)
        | Q(edgar_asking__asked_at=None)
        | Q(edgar_asking__asked_at__lte=now - settings.EDGAR_EVERY)
        | Q(edgar_asking__asked_at__lte=now - settings.EDGAR_AGAIN) & ~Q(edgar_asking__problem="")
        | Q(edgar_asking__wanted_at__gt=F("edgar_asking__asked_at"))
    )
    return Company.objects.filter(free, wanted).exclude(cik="").order_by("pk")


def follow(company: Company, source: Source, now: datetime) -> Told | None:
    """Ask EDGAR about a company and keep what it says that is new; ``None`` where another
    worker is at it."""
    if not _claim(company, now):
        return None
    try:
        told = _ask(company, source, now)
    except Unreachable as wrong:
        told = Told(0, wrong.why)
    except Exception:
        logger.exception("what EDGAR says of company %s could not be kept", company.pk)
        told = Told(0, "Something went wrong on our side. It is in the log.")
    EdgarAsking.objects.filter(company=company).update(
        asked_at=now, begun_at=None, found=told.found, problem=told.problem
    )
    return told


def could_not(company: Company, why: str, now: datetime) -> None:
    """Note for counsel why EDGAR cannot be asked at all."""
    EdgarAsking.objects.update_or_create(
        company=company, defaults={"asked_at": now, "found": 0, "problem": why}
    )


def _claim(company: Company, now: datetime) -> bool:
    EdgarAsking.objects.get_or_create(company=company)
    free = Q(begun_at=None) | Q(begun_at__lt=now - CLAIMED)
    mine = EdgarAsking.objects.filter(free, company=company)
    return bool(mine.update(begun_at=now))


def _ask(company: Company, source: Source, now: datetime) -> Told:
    followed = {
        agreement: followed_by(agreement)
        for agreement in Agreement.objects.filter(company=company).order_by("pk")
    }
    since = min((each.since for each in followed.values() if each.since), default=None)
    if since is None:
        return Told(0)
    rows = filings_of(source, company.cik, since)
    numbers = {number for each in followed.values() for number in each.numbers}
    notices, problem = _notices(company, source, rows, numbers)
    today = now.astimezone(EASTERN).date()
    found = sum(
        _keep(company, agreement, each, rows, notices, today)
        for agreement, each in followed.items()
    )
    return Told(found, problem)


def _notices(
    company: Company, source: Source, rows: Iterable[Row], numbers: set[str]
) -> tuple[dict[str, Notice], str]:
    """The notices of effectiveness by accession number: those read before as they were kept,
    as long as the list says the same of them; and what could not be had of the others."""
    wanted = [row for row in rows if wants_notice(row, numbers)]
    kept: dict[str, Any] = {}
    for source_ in (
        EdgarProposal.objects.standing()
        .filter(agreement__company=company, form="EFFECT")
        .values_list("source", flat=True)
    ):
        kept[source_["row"]["accession"]] = source_
    found: dict[str, Notice] = {}
    problems: list[str] = []
    asked = 0
    for row in wanted:
        before = kept.get(row.accession)
        if before and before["row"] == _row_data(row) and before["notice"]:
            found[row.accession] = _notice_from(before["notice"])
            continue
        asked += 1
        if asked > MOST_NOTICES:
            problems.append("More notices of effectiveness are left to read at the next asking.")
            break
        try:
            answer = source.get(effect_path(company.cik, row.accession))
            found[row.accession] = notice_in(answer)
        except Unreachable as wrong:
            problems.append(f"The notice {row.accession} was not read. {wrong.why}")
            if not wrong.missing and len(problems) > 2:
                break
    return found, " ".join(problems[:4])


def _keep(
    company: Company,
    agreement: Agreement,
    followed: Followed,
    rows: Iterable[Row],
    notices: Mapping[str, Notice],
    today: date,
) -> int:
    """Keep what no proposal of the agreement says yet; how many were added."""
    found = events(
        rows,
        notices,
        followed=followed.numbers,
        new_since=followed.new_since,
        today=today,
        open_days=open_days(),
    )
    said = {(event.row.accession, event.kind): (event, _source(company, event)) for event in found}
    if not _news(agreement, said):
        return 0
    with act(agreement, "edgar.found", by=BY, says="Kept what EDGAR says, for counsel to look at"):
        news = _news(agreement, said)
        for event, source, before in news:
            EdgarProposal.objects.create(
                agreement=agreement,
                kind=event.kind,
                accession=event.row.accession,
                form=event.row.form,
                file_number=event.file_number,
                on=event.on,
                days=[{"on": day.on.isoformat(), "says": day.says} for day in event.days],
                reasons=[{"clause": r.clause, "says": r.text} for r in event.because],
                source=source,
                replaces=before,
                reason=_what_changed(before.source, source) if before else "",
            )
        return len(news)


def _news(
    agreement: Agreement, said: Mapping[tuple[str, str], tuple[Event, dict[str, Any]]]
) -> list[tuple[Event, dict[str, Any], EdgarProposal | None]]:
    standing = {
        (each.accession, each.kind): each
        for each in EdgarProposal.objects.standing().filter(agreement=agreement)
    }
    return [
        (event, source, before)
        for key, (event, source) in said.items()
        if (before := standing.get(key)) is None or before.source != source
    ]


def _source(company: Company, event: Event) -> dict[str, Any]:
    notice = event.notice
    return {
        "cik": company.cik,
        "row": _row_data(event.row),
        "notice": None
        if notice is None
        else {
            **notice._asdict(),
            "effective_on": notice.effective_on.isoformat(),
            "at": notice.at.isoformat() if notice.at else None,
        },
    }


def _row_data(row: Row) -> dict[str, str]:
    return {**row._asdict(), "filed_on": row.filed_on.isoformat()}


def _notice_from(data: Mapping[str, Any]) -> Notice:
    return Notice(
        **{
            **data,
            "effective_on": date.fromisoformat(data["effective_on"]),
            "at": time.fromisoformat(data["at"]) if data["at"] else None,
        }
    )


_NAMES = {
    "filed_on": "the filing date", "accepted": "the time of acceptance", "form": "the form",
    "file_number": "the file number", "effective_on": "the day of effectiveness",
    "at": "the hour of effectiveness", "of_accession": "the filing that became effective",
    "cik": "the company’s CIK",
}  # fmt: skip


def _what_changed(before: Mapping[str, Any], now: Mapping[str, Any]) -> str:
    """What EDGAR says otherwise than before, in words."""
    told = []
    for part in ("row", "notice"):
        was, is_now = before.get(part) or {}, now.get(part) or {}
        told += [
            f"{_NAMES.get(name, name)} was {was.get(name) or 'empty'}, is "
            f"{is_now.get(name) or 'empty'}"
            for name in {**was, **is_now}
            if was.get(name) != is_now.get(name)
        ]
    if before.get("cik") != now.get("cik"):
        told.append(f"{_NAMES['cik']} was {before.get('cik')}, is {now.get('cik')}")
    return "EDGAR now says otherwise: " + "; ".join(told) + "."
