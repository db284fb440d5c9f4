"""Acts on what EDGAR says: the Company's number there, asking, and what counsel make of a
proposal.  A proposal accepted is recorded by the very act counsel would record it by."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

import pghistory
from django.db import transaction

from investors.acts import Conflict, Refused, act
from investors.models import Agreement, Company

from ..facts.edgar import Place, awaiting_filing, places
from ..models import (
    Demand,
    EdgarAnswer,
    EdgarAsking,
    EdgarProposal,
    ProposalRecord,
    StatementRecord,
)
from ..rules.days import say
from . import company as registrations
from . import matters
from .recording import MEANWHILE, When, fits


@transaction.atomic
def set_cik(*, agreement: Agreement, cik: str, reason: str, when: When) -> Company:
    """Say under which number the SEC has the Company, for every one of its agreements; an
    empty one stops asking.

    Raises ``Refused`` for what is no such number, or when nothing changes.
    """
    number = cik.strip().lstrip("0")
    if cik.strip() and not re.fullmatch(r"[1-9][0-9]{0,9}", number):
        raise Refused("cik", "Enter the CIK, up to ten digits, such as 1234567.")
    if not reason.strip():
        raise Refused("reason", "Say why. It stays on the record.")
    fits("reason", reason.strip(), 2000)
    every = Agreement.objects.select_for_update(no_key=True).filter(company=agreement.company_id)
    ordered = sorted(every.order_by("pk"), key=lambda each: each.pk != agreement.pk)
    company = Company.objects.select_for_update(no_key=True).get(pk=agreement.company_id)
    if company.cik == number:
        raise Refused("cik", "This is on record already.")
    for each in ordered:
        said = f"Set the Company’s CIK to {number}" if number else "Took the Company’s CIK away"
        with act(each, "cik.set", by=when.by, says=said, reason=reason.strip()):
            if each.pk == agreement.pk:
                company.cik = number
                company.save(update_fields=["cik"])
            else:
                pghistory.create_event(company, label="stands")
    return company


def ask_soon(*, agreement: Agreement, when: When) -> EdgarAsking:
    """Have EDGAR asked about the Company within minutes.  Raises ``Refused`` without a CIK."""
    if not agreement.company.cik:
        raise Refused("", "Enter the Company’s CIK first: EDGAR has it under that number.")
    asking, _ = EdgarAsking.objects.update_or_create(
        company=agreement.company, defaults={"wanted_at": when.now}
    )
    return asking


@transaction.atomic
def accept(
    *,
    proposal: EdgarProposal,
    on: date | None = None,
    demand: Demand | None = None,
    covers: Mapping[int, int] | None = None,
    detail: str = "",
    reason: str = "",
    when: When,
) -> EdgarAnswer:
    """Record what EDGAR says, with its accession number as evidence; or, where that is on
    record for the same day, keep the number as evidence of the entry there is.

    ``on`` is needed where there are several days to choose from; ``demand`` names the matter
    a filing of no statement on record is for, and ``covers`` what it covers, whole Registrable
    Shares by the Investor's key; ``detail`` at whose wish a statement was withdrawn, ``reason``
    why the Company withdrew a registration of its own.  Raises ``Refused`` where another day
    is on record, which is corrected by hand, and as the act itself does.
    """
    agreement = proposal.agreement
    place = _looked_at(proposal)
    day = _day(proposal, on)
    record: StatementRecord | None = None
    withdrawal: ProposalRecord | None = None
    if place.how == "note":
        raise Refused("", "Nothing is recorded of this. Set it aside when you have seen it.")
    if place.how == "other":
        withdrawn_on = place.withdrawal.withdrawn_on if place.withdrawal else None
        known = place.record.on if place.record else withdrawn_on
        raise Refused(
            "on",
            f"On record is {say(known)}. If EDGAR is right, correct that entry with a reason; "
            "then accept this as its evidence.",
        )
    if place.how == "same":
        record, withdrawal = place.record, place.withdrawal
    elif place.how == "unplaced":
        record = _file(proposal, day, demand, covers, when)
    elif (
        proposal.kind == EdgarProposal.Kind.WITHDRAWN
        and place.statement is not None
        and place.statement.demand is not None
        and place.statement.demand.by_company
    ):
        withdrawal = registrations.withdraw_registration(
            demand=place.statement.demand, on=day, reason=reason, when=when
        )
    else:
        assert place.statement is not None
        record = matters.record_event(
            statement=place.statement, kind=proposal.kind, on=day, detail=detail, when=when
        )
    what = record or f"withdrawal of {say(day)}"
    with act(
        agreement,
        "edgar.accepted",
        by=when.by,
        says=f"Took EDGAR’s {proposal.accession} as evidence of “{what}”",
    ):
        return EdgarAnswer.objects.create(
            proposal=proposal, record=record, withdrawal=withdrawal, recorded_by=when.by
        )


@transaction.atomic
def set_aside(*, proposal: EdgarProposal, reason: str, when: When) -> EdgarAnswer:
    """Keep on record why counsel made nothing of what EDGAR says."""
    if not reason.strip():
        raise Refused("reason", "Say why. It stays on the record.")
    fits("reason", reason.strip(), 2000)
    with act(
        proposal.agreement,
        "edgar.set_aside",
        by=when.by,
        says=f"Set aside what EDGAR says: {proposal.get_kind_display()}, {proposal.accession}",
        reason=reason.strip(),
    ):
        _looked_at(proposal)
        return EdgarAnswer.objects.create(
            proposal=proposal, reason=reason.strip(), recorded_by=when.by
        )


def _looked_at(proposal: EdgarProposal) -> Place:
    """How the proposal stands to the record, under the agreement's lock.  Raises ``Conflict``
    when it was answered, or EDGAR has said something else since."""
    Agreement.objects.select_for_update(no_key=True).get(pk=proposal.agreement_id)
    if EdgarAnswer.objects.filter(proposal=proposal).exists():
        raise Conflict("", MEANWHILE)
    if EdgarProposal.objects.filter(replaces=proposal).exists():
        raise Conflict("", "EDGAR says something else of this filing since. Look at that.")
    return places(proposal.agreement, [proposal])[0]


def _day(proposal: EdgarProposal, on: date | None) -> date:
    allowed = [date.fromisoformat(each["on"]) for each in proposal.days]
    if on is None and len(allowed) == 1:
        return allowed[0]
    if on not in allowed:
        listed = ", or ".join(say(each) for each in allowed)
        raise Refused("on", f"Choose one of the days EDGAR’s answer gives: {listed}.")
    return on


def _file(
    proposal: EdgarProposal,
    day: date,
    demand: Demand | None,
    covers: Mapping[int, int] | None,
    when: When,
) -> StatementRecord:
    waiting = awaiting_filing(proposal.agreement)
    if demand is None or demand.pk not in {each.pk for each in waiting}:
        raise Refused(
            "demand",
            "Choose the registration it was filed for, one without a filing on record.",
        )
    record = matters.record_filing(
        demand=demand,
        on=day,
        covers=covers,
        form=proposal.form[:12],
        file_number=proposal.file_number,
        when=when,
    )
    if proposal.agreement.company.cik:
        # The number is followed from now on: what became of the statement is there to be had.
        ask_soon(agreement=proposal.agreement, when=when)
    return record
