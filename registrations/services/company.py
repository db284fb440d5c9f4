"""Acts on a registration the Company itself proposes, section 3 (P1, P2, P5, P6).

Its notices, requests, filing and decisions are recorded as in any matter.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from django.core.files.base import File

from investors.acts import Conflict, Refused
from investors.models import Agreement, Investor
from notices.models import Notice

from ..facts import began_on, company_facts, invited_of, terms_for, terms_of
from ..models import Acceptance, Decision, Demand, ProposalRecord, StatementRecord
from ..rules.days import say
from ..rules.piggyback import notice_owed
from ..rules.terms import Terms
from .correspondence import begin, write
from .evidence import attach, looked_into
from .recording import MEANWHILE, When, fits, not_in_future, on_register, recording, redraw


class ProposalIn(NamedTuple):
    """What the Company proposes to register, as typed in.

    ``form_allows`` says whether the form could carry the Investors' shares, ``None``
    while nobody has looked; ``only_for`` is one of ``ProposalRecord.OnlyFor``, or empty.
    """

    what: str
    account: str = ""
    form: str = ""
    form_allows: bool | None = None
    public_offering: bool = True
    only_for: str = ""
    underwritten: bool = False
    planned_on: date | None = None


def propose_registration(
    *,
    agreement: Agreement,
    proposal: ProposalIn,
    proposed_on: date,
    memo: str = "",
    note: str = "",
    files: Sequence[File[bytes]] = (),
    when: When,
) -> Demand:
    """Record that the Company proposes to register securities, and begin its matter (P1).

    Where the screening finds that no Registration Notice is owed, ``memo`` says why not
    and is kept as counsel's conclusion, with author and day (P2).  Raises ``Refused``
    when it is missing.
    """
    not_in_future("proposed_on", proposed_on, when.today(agreement))
    if proposed_on < agreement.dated_on:
        raise Refused(
            "proposed_on",
            f"{say(proposed_on)} is before the agreement itself, {say(agreement.dated_on)}. "
            "Check the day.",
        )
    _check(proposal, proposed_on)
    terms_of(agreement, proposed_on)
    with recording(
        agreement,
        "registration.proposed",
        when=when,
        says=f"Recorded that the Company proposes to register {proposal.what.strip()}",
        begins=True,
    ) as locked:
        found = looked_into(files)
        notice = write(locked, Notice.Kind.PROPOSAL, None, None, note, when)
        attach(notice, None, found, when)
        demand = begin(locked, Demand.Kind.COMPANY, notice)
        _record(demand, proposal, proposed_on, when)
        _conclude(demand, memo, "memo", proposed_on, when)
        redraw(demand, now=when.now)
    return demand


def change_proposal(
    *,
    demand: Demand,
    proposal: ProposalIn,
    stated_on: date,
    reason: str,
    replaces: ProposalRecord | None = None,
    when: When,
) -> ProposalRecord:
    """Record that what the Company proposes has changed, such as the day it plans to file:
    an entry that replaces the one that stood and says why.

    Where the change turns the screening round, ``reason`` is kept as counsel's new
    conclusion.  Raises ``Conflict`` when ``replaces`` no longer stands.
    """
    agreement = demand.agreement
    not_in_future("stated_on", stated_on, when.today(agreement))
    if not reason.strip():
        raise Refused("reason", "Say why what was proposed is changed.")
    _check(proposal, began_on(demand))
    with recording(
        agreement,
        "proposal.changed",
        when=when,
        matter=demand,
        says=f"Changed what the Company proposes in {demand.reference}",
        reason=reason.strip(),
    ):
        stood = _standing(demand, replaces)
        if stated_on < stood.stated_on:
            raise Refused("stated_on", f"What stands is of {say(stood.stated_on)}. Check the day.")
        if _said(stood) == _stripped(proposal):
            raise Refused("reason", "This is what is on record already.")
        before = notice_owed(company_facts(demand)._replace(decisions={}), _terms(demand)).outcome
        record = _record(
            demand, proposal, stated_on, when, replaces=stood, reason=reason.strip(),
            withdrawn_on=stood.withdrawn_on,
        )  # fmt: skip
        after = notice_owed(company_facts(demand)._replace(decisions={}), _terms(demand)).outcome
        if after != before:
            _conclude(demand, reason, "reason", stated_on, when)
        return record


def withdraw_registration(*, demand: Demand, on: date, reason: str, when: When) -> ProposalRecord:
    """Record that the Company withdrew or terminated its registration before it became
    effective, whoever had joined, section 3(b) (P5).  It bears the expenses.

    Raises ``Refused`` when the registration was effective by then.
    """
    agreement = demand.agreement
    not_in_future("on", on, when.today(agreement))
    if not reason.strip():
        raise Refused("reason", "Say why it was withdrawn.")
    with recording(
        agreement,
        "registration.withdrawn",
        when=when,
        matter=demand,
        says=f"Recorded the withdrawal of {demand.reference} on {say(on)}",
        reason=reason.strip(),
    ):
        stood = _standing(demand)
        if stood.withdrawn_on is not None:
            raise Conflict("on", f"It was withdrawn on {say(stood.withdrawn_on)} already.")
        happened = StatementRecord.objects.standing().filter(statement__demand=demand)
        effective = happened.filter(kind=StatementRecord.Kind.EFFECTIVE).first()
        if effective is not None:
            raise Refused(
                "on",
                f"It became effective on {say(effective.on)}. A registration is withdrawn before "
                "effectiveness.",
                "3(b)",
                "P5",
            )
        last = max([stood.stated_on, *happened.values_list("on", flat=True)])
        if on < last:
            raise Refused("on", f"Something is on record for {say(last)}. Check both days.")
        return _record(
            demand, _said(stood), on, when, replaces=stood, reason=reason.strip(), withdrawn_on=on
        )


def record_acceptance(
    *, demand: Demand, investor: Investor, on: date, reason: str = "", when: When
) -> Acceptance:
    """Record the day an Investor accepted the terms of the underwriting and undertook to
    sign the underwriting agreement, section 3(c) (P6); with ``reason`` correct it.
    """
    agreement = demand.agreement
    on_register("investor", agreement, investor)
    not_in_future("on", on, when.today(agreement))
    if on < (begun := began_on(demand)):
        raise Refused("on", f"The registration was proposed on {say(begun)}. Check the day.")
    with recording(
        agreement,
        "acceptance.recorded",
        when=when,
        matter=demand,
        says=f"Recorded that {investor.name} accepted the underwriting of {demand.reference} "
        f"on {say(on)}",
        reason=reason.strip(),
    ):
        if not _standing(demand).underwritten:
            raise Refused("investor", f"{demand.reference} is not underwritten.", "3(c)", "P6")
        if all(i.investor != investor.pk for i in invited_of(demand)):
            raise Refused("investor", f"{investor.name} was not invited to {demand.reference}.")
        stood = Acceptance.objects.standing().filter(demand=demand, investor=investor).first()
        if stood is not None and stood.accepted_on == on:
            raise Conflict("on", "This is on record already.")
        if stood is not None and not reason.strip():
            raise Refused("reason", "Say why what was recorded is changed.")
        return Acceptance.objects.create(
            demand=demand,
            investor=investor,
            accepted_on=on,
            replaces=stood,
            reason=reason.strip(),
            recorded_by=when.by,
        )


def _terms(demand: Demand) -> Terms:
    return terms_for(demand)


def _check(proposal: ProposalIn, proposed_on: date) -> None:
    """Refuse what cannot be: nothing named, a purpose unknown, a filing planned for
    before the proposal."""
    if not proposal.what.strip():
        raise Refused("what", "Say what the Company proposes to register.")
    fits("what", proposal.what.strip(), 200)
    fits("account", proposal.account.strip(), 120)
    fits("form", proposal.form.strip(), 12)
    if proposal.only_for and proposal.only_for not in ProposalRecord.OnlyFor.values:
        raise Refused("only_for", f"Choose one of: {', '.join(ProposalRecord.OnlyFor.values)}.")
    if proposal.planned_on is not None and proposal.planned_on < proposed_on:
        raise Refused(
            "planned_on",
            f"{say(proposal.planned_on)} is before the registration was proposed, "
            f"{say(proposed_on)}. Check both days.",
        )


def _standing(demand: Demand, looked_at: ProposalRecord | None = None) -> ProposalRecord:
    stands: ProposalRecord = ProposalRecord.objects.standing().get(demand=demand)
    if looked_at is not None and looked_at.pk != stands.pk:
        raise Conflict("reason", MEANWHILE)
    return stands


def _said(record: ProposalRecord) -> ProposalIn:
    return ProposalIn(*(getattr(record, name) for name in ProposalIn._fields))


def _stripped(proposal: ProposalIn) -> ProposalIn:
    return proposal._replace(
        what=proposal.what.strip(), account=proposal.account.strip(), form=proposal.form.strip()
    )


def _record(
    demand: Demand,
    proposal: ProposalIn,
    stated_on: date,
    when: When,
    *,
    replaces: ProposalRecord | None = None,
    reason: str = "",
    withdrawn_on: date | None = None,
) -> ProposalRecord:
    return ProposalRecord.objects.create(
        demand=demand,
        stated_on=stated_on,
        withdrawn_on=withdrawn_on,
        replaces=replaces,
        reason=reason,
        recorded_by=when.by,
        **_stripped(proposal)._asdict(),
    )


def _conclude(demand: Demand, memo: str, field: str, on: date, when: When) -> None:
    """Keep the memo of why no Registration Notice is owed; where one is owed, a memo that
    said otherwise no longer stands (P2)."""
    standing = Decision.objects.standing().filter(demand=demand, about="notice_owed").first()
    ruling = notice_owed(company_facts(demand)._replace(decisions={}), _terms(demand))
    if ruling.outcome != "excluded" and standing is None:
        return
    if not memo.strip():
        because = ruling.because[0]
        raise Refused(
            field,
            f"No Registration Notice would be owed: {because.text} Say why in a memo; it stays "
            "on the record.",
            because.clause,
            because.rule,
        )
    Decision.objects.create(
        demand=demand,
        about="notice_owed",
        choice="excluded" if ruling.outcome == "excluded" else "owed",
        decided_on=on,
        reason=memo.strip(),
        replaces=standing,
        recorded_by=when.by,
    )
