"""Acts on claims for indemnity, section 5 (S7)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import Max

from investors.acts import Conflict, Refused, act
from investors.models import Investor
from notices.models import Method

from ..models import Claim, ClaimRecord, ContributionPart, ContributionRecord, Demand
from ..rules.contribution import WHOLE, By, Contributor, contribute
from ..rules.days import say
from ..rules.money import usd
from .expenses import MOST_USD
from .recording import MEANWHILE, When, fits, not_in_future, on_register


class ClaimIn(NamedTuple):
    """A claim as typed in: what ``ClaimRecord`` keeps of one.  What is not known is ``None``
    or empty; amounts in USD."""

    claimant: str
    about: str
    claimant_investor: Investor | None = None
    claimant_name: str = ""
    against: Investor | None = None
    amount: Decimal | None = None
    known_on: date | None = None
    notice_method: str = ""
    notice_sent_on: date | None = None
    notice_received_on: date | None = None
    prejudiced: bool | None = None
    counsel: str = ""
    counsel_approved: bool | None = None
    carve_outs: Sequence[str] = ()
    furnished: bool | None = None
    settled_by: str = ""
    settlement_proposed_on: date | None = None
    settled_on: date | None = None
    settlement_amount: Decimal | None = None
    releases_all: bool | None = None
    indemnifying_consent_on: date | None = None
    indemnified_consent_on: date | None = None
    gross_proceeds: Decimal | None = None
    net_proceeds: Decimal | None = None
    fraud: bool | None = None


def record_claim(*, demand: Demand, claim: ClaimIn, stated_on: date, when: When) -> Claim:
    """Record a claim for indemnity because of a registration, with what is known of it.

    One the agreement does not cover is recorded as what it is.  Raises ``Refused`` for what
    contradicts itself: a party against itself, notice received before it was sent.
    """
    claim = _checked(demand, claim, stated_on, when)
    with act(
        demand.agreement,
        "claim.recorded",
        by=when.by,
        says=f"Recorded a claim for indemnity of {_who(claim)} against {_whom(claim)} in "
        f"{demand.reference}",
    ) as locked:
        last = locked.claims.aggregate(last=Max("number"))["last"] or 0
        made = Claim.objects.create(agreement=locked, demand=demand, number=last + 1)
        _record(made, claim, stated_on, when)
        return made


def change_claim(
    *,
    claim: Claim,
    known: ClaimIn,
    stated_on: date,
    reason: str = "",
    replaces: ClaimRecord | None = None,
    when: When,
) -> ClaimRecord:
    """Record what is known of a claim now, by an entry that replaces the one that stood.

    Filling in what was not known needs no reason, changing what was stated does.  Raises
    ``Conflict`` when ``replaces`` no longer stands.
    """
    known = _checked(claim.demand, known, stated_on, when)
    with act(
        claim.agreement,
        "claim.changed",
        by=when.by,
        says=f"Recorded what is known of claim {claim.reference} now",
        reason=reason.strip(),
    ):
        stood: ClaimRecord = ClaimRecord.objects.standing().get(claim=claim)
        if replaces is not None and replaces.pk != stood.pk:
            raise Conflict("reason", MEANWHILE)
        if stated_on < stood.stated_on:
            raise Refused("stated_on", f"What stands is of {say(stood.stated_on)}. Check the day.")
        before = said(stood)
        if before == known:
            raise Refused("reason", "This is what is on record already.")
        changed = [
            old
            for old, new in zip(before, known, strict=True)
            if old not in (None, "", ()) and old != new
        ]
        if changed and not reason.strip():
            raise Refused("reason", "Say why what was recorded is changed.")
        return _record(claim, known, stated_on, when, replaces=stood, reason=reason.strip())


def said(record: ClaimRecord) -> ClaimIn:
    """What an entry says."""
    told = ClaimIn(*(getattr(record, name) for name in ClaimIn._fields))
    return told._replace(carve_outs=tuple(told.carve_outs))


def _who(claim: ClaimIn) -> str:
    if claim.claimant_investor is not None:
        return claim.claimant_investor.name
    return "the Company" if claim.claimant == "company" else claim.claimant_name


def _whom(claim: ClaimIn) -> str:
    return claim.against.name if claim.against is not None else "the Company"


def _record(
    claim: Claim,
    known: ClaimIn,
    stated_on: date,
    when: When,
    *,
    replaces: ClaimRecord | None = None,
    reason: str = "",
) -> ClaimRecord:
    return ClaimRecord.objects.create(
        claim=claim,
        stated_on=stated_on,
        replaces=replaces,
        reason=reason,
        recorded_by=when.by,
        **{**known._asdict(), "carve_outs": list(known.carve_outs)},
    )


def _checked(demand: Demand, claim: ClaimIn, stated_on: date, when: When) -> ClaimIn:
    """The claim with its words tidied.  Refuses what contradicts itself."""
    agreement, today = demand.agreement, when.today(demand.agreement)
    claim = claim._replace(
        about=claim.about.strip(),
        claimant_name=claim.claimant_name.strip(),
        counsel=claim.counsel.strip(),
        carve_outs=tuple(sorted(set(claim.carve_outs))),
    )
    if not claim.about:
        raise Refused("about", "Say what the claim is about.", "5", "S7")
    fits("about", claim.about, 10_000)
    fits("counsel", claim.counsel, 200)
    fits("claimant_name", claim.claimant_name, 200)
    _known("settled_by", claim.settled_by, ClaimRecord.SettledBy.values)
    _known("notice_method", claim.notice_method, Method.values)
    for each in claim.carve_outs:
        _known("carve_outs", each, ClaimRecord.CarveOut.values)
    _check_parties(claim)
    on_register("claimant_investor", agreement, claim.claimant_investor)
    on_register("against", agreement, claim.against)
    if stated_on < agreement.dated_on:
        raise Refused("stated_on", f"The agreement is of {say(agreement.dated_on)}. Check the day.")
    for field in (
        "known_on", "notice_sent_on", "notice_received_on", "settlement_proposed_on", "settled_on",
        "indemnifying_consent_on", "indemnified_consent_on",
    ):  # fmt: skip
        not_in_future(field, getattr(claim, field), today)
    not_in_future("stated_on", stated_on, today)
    for field in ("amount", "settlement_amount", "gross_proceeds", "net_proceeds"):
        _amount(field, getattr(claim, field))
    _check_days(claim)
    gross, net = claim.gross_proceeds, claim.net_proceeds
    if gross is not None and net is not None and net > gross:
        raise Refused("net_proceeds", f"The gross proceeds are {usd(gross)}. Check both.")
    return claim


def _known(field: str, value: str, known: Sequence[Any]) -> None:
    if value and value not in known:
        raise Refused(field, f"Choose one of: {', '.join(known)}.")


def _amount(field: str, amount: Decimal | None) -> None:
    if amount is not None and (not 0 <= amount <= MOST_USD or amount != round(amount, 2)):
        raise Refused(field, "Enter an amount in dollars and whole cents, such as 1,250.00.")


def _check_parties(claim: ClaimIn) -> None:
    if claim.claimant not in ClaimRecord.Claimant.values:
        raise Refused("claimant", "Choose who claims.")
    seller = claim.claimant == ClaimRecord.Claimant.SELLER
    if seller and claim.claimant_investor is None:
        raise Refused("claimant_investor", "Choose the Selling Investor that claims.")
    if not seller and claim.claimant_investor is not None:
        raise Refused("claimant_investor", "Name an Investor here only where one claims.")
    if not seller and claim.claimant != "company" and not claim.claimant_name:
        raise Refused("claimant_name", "Enter the name of who claims.")
    if claim.claimant == "company" and claim.against is None:
        raise Refused("against", "The Company does not claim against itself. Choose the Investor.")
    if seller and claim.claimant_investor == claim.against:
        raise Refused("against", "An Investor does not claim against itself.")


def _check_days(claim: ClaimIn) -> None:
    sent_on, received_on = claim.notice_sent_on, claim.notice_received_on
    if (sent_on or received_on) and not claim.notice_method:
        raise Refused("notice_method", "Choose how the notice went: it decides when it counts.")
    if sent_on and received_on and received_on < sent_on:
        raise Refused(
            "notice_received_on",
            f"The received date, {say(received_on)}, is before the sent date, {say(sent_on)}. "
            "Check both.",
            "8(a)",
            "N3",
        )
    proposed_on, settled_on = claim.settlement_proposed_on, claim.settled_on
    if (proposed_on or settled_on) and not claim.settled_by:
        raise Refused("settled_by", "Choose who settles, or proposes to.")
    if proposed_on and settled_on and settled_on < proposed_on:
        raise Refused("settled_on", f"It was proposed on {say(proposed_on)}. Check both days.")


# --- contribution ---------------------------------------------------------------------------


class PartyIn(NamedTuple):
    """One party to a loss; ``investor`` is ``None`` for the Company.  USD and basis points."""

    investor: Investor | None
    net_proceeds: Decimal
    gross_proceeds: Decimal | None = None
    fault: int = 0


class ContributionIn(NamedTuple):
    """How a loss is contributed to, as typed in: what ``ContributionRecord`` keeps."""

    loss: Decimal
    by: str
    parties: Sequence[PartyIn]
    fault_weight: int = WHOLE // 2
    limit: str = ""
    shared_again: bool = False


def record_contribution(
    *,
    claim: Claim,
    contribution: ContributionIn,
    stated_on: date,
    reason: str = "",
    when: When,
) -> ContributionRecord:
    """Record on a claim how the loss is contributed to, section 5(d): the facts it is worked
    out from; with ``reason`` in place of what stood."""
    agreement = claim.agreement
    not_in_future("stated_on", stated_on, when.today(agreement))
    _check_contribution(claim, contribution)
    with act(
        agreement,
        "contribution.recorded",
        by=when.by,
        says=f"Recorded how a loss of {usd(contribution.loss)} is contributed to in "
        f"{claim.reference}",
        reason=reason.strip(),
    ):
        stood = ContributionRecord.objects.standing().filter(claim=claim).first()
        if stood is not None and not reason.strip():
            raise Refused("reason", "Say why what was recorded is changed.")
        record = ContributionRecord.objects.create(
            claim=claim,
            stated_on=stated_on,
            loss=contribution.loss,
            by=contribution.by,
            fault_weight=contribution.fault_weight,
            limit=contribution.limit,
            shared_again=contribution.shared_again,
            replaces=stood,
            reason=reason.strip(),
            recorded_by=when.by,
        )
        ContributionPart.objects.bulk_create(
            ContributionPart(contribution=record, **party._asdict())
            for party in contribution.parties
        )
        return record


def _check_contribution(claim: Claim, told: ContributionIn) -> None:
    if told.by not in ContributionRecord.By.values:
        raise Refused("by", f"Choose one of: {', '.join(ContributionRecord.By.values)}.")
    _known("limit", told.limit, ContributionRecord.Limit.values)
    _amount("loss", told.loss)
    for party in told.parties:
        on_register("parties", claim.agreement, party.investor)
        who = "The Company" if party.investor is None else party.investor.name
        gross = party.gross_proceeds
        for amount in (party.net_proceeds, gross):
            _amount("parties", amount)
        if gross is not None and party.net_proceeds > gross:
            raise Refused("parties", f"{who}: net proceeds are above the gross. Check both.")
        if told.limit == "gross" and party.investor is not None and gross is None:
            raise Refused("parties", f"{who}: enter the gross proceeds, or take no such limit.")
    if len(told.parties) < 2:
        raise Refused("parties", "Enter what at least two parties received.")
    try:
        contribute(0, contributors(told), by=By(told.by), fault_weight=told.fault_weight)
    except ValueError as wrong:
        field = "parties" if "fault_weight" not in str(wrong) else "fault_weight"
        raise Refused(field, f"It cannot be so: {wrong}. Check the numbers.") from wrong


def contributors(told: ContributionIn) -> list[Contributor]:
    """The parties as the rule knows them: the Company under 0, and no limit on it."""
    return [
        Contributor(
            p.investor.pk if p.investor is not None else 0,
            int(p.net_proceeds * 100),
            p.fault,
            _cap(p, told.limit),
        )
        for p in told.parties
    ]


def _cap(party: PartyIn, limit: str) -> int | None:
    if party.investor is None or not limit:
        return None
    held = party.gross_proceeds if limit == "gross" else party.net_proceeds
    return None if held is None else int(held * 100)
