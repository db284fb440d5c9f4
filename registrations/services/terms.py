"""Acts on a term: amended with the consents it needs, or corrected where it was misread."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from investors.acts import Conflict, Refused
from investors.models import Agreement, Investor, Term, TermConsent

from ..facts import docket_of, entries_of, holdings, terms_of
from ..models import Demand, StatementRecord
from ..rules.consents import Amendment, amended
from ..rules.days import say
from ..rules.terms import SPEC, TermEntry, read_terms
from .agreements import Unreadable
from .recording import When, recording


def amend(
    *,
    agreement: Agreement,
    name: str,
    entry: TermEntry,
    from_: date,
    company_consents: bool,
    consents: Collection[Investor],
    reason: str,
    when: When,
) -> Term:
    """Record an amendment of a term, in force from a day, section 8(c) (S8).

    ``consents`` are the Investors that signed it.  Matters begun before ``from_`` keep the
    term they began under.  Raises ``Unreadable`` where the value cannot be read, and
    ``Refused`` where a consent the agreement asks for is missing, naming whose.
    """
    _check(agreement, name, entry, from_, reason)
    _agreed(agreement, from_, company_consents, consents)
    with recording(
        agreement,
        "term.amended",
        when=when,
        says=f"Amended “{SPEC[name].label}” from {say(from_)}",
        reason=reason.strip(),
    ) as locked:
        term = _put(locked, name, entry, from_, Term.Kind.AMENDMENT, reason, when)
        signed = [investor.pk for investor in consents]
        TermConsent.objects.bulk_create(
            TermConsent(term=term, investor_id=pk)
            for pk in ([None] if company_consents else []) + signed
        )
        return term


def correct(
    *,
    agreement: Agreement,
    name: str,
    entry: TermEntry,
    replaces: Term | None,
    reason: str,
    when: When,
) -> Term:
    """Put a term as the agreement always had it, where it was entered otherwise or not yet.

    It replaces what stood, from the day that was in force; a term that was not on record,
    ``replaces`` being ``None``, stands from the agreement's own day.  Every open matter it
    governs is worked out anew.  Raises ``Unreadable`` where the value cannot be read, and
    ``Refused`` where it was entered or replaced meanwhile, or a closed matter would come
    out otherwise.
    """
    from_ = replaces.in_force_from if replaces is not None else agreement.dated_on
    _check(agreement, name, entry, from_, reason)
    did = "Corrected" if replaces is not None else "Put on record"
    with recording(
        agreement,
        "term.corrected",
        when=when,
        says=f"{did} “{SPEC[name].label}”",
        reason=reason.strip(),
    ) as locked:
        standing = Term.objects.standing().filter(agreement=locked, name=name, in_force_from=from_)
        if standing.last() != replaces:
            raise Conflict("value", "Somebody changed this term meanwhile. Look at it, then again.")
        closed = _closed(locked)
        before = {demand.pk: docket_of(demand) for demand in closed}
        made = _put(locked, name, entry, from_, Term.Kind.CORRECTION, reason, when, replaces)
        for demand in closed:
            if docket_of(demand) != before[demand.pk]:
                raise Refused(
                    "value",
                    f"{demand.reference} is closed and would come out otherwise. What was judged "
                    "stays judged: record an amendment from a day after it began instead, or "
                    "decide the reading there and say why.",
                )
        return made


def _check(agreement: Agreement, name: str, entry: TermEntry, from_: date, reason: str) -> None:
    if name not in SPEC:
        raise Refused("name", "There is no such term.")
    if not reason.strip():
        raise Refused("reason", "Say why. It stays on the record.")
    if from_ < agreement.dated_on:
        raise Refused("from_", f"The agreement is of {say(agreement.dated_on)}; no term is older.")
    known = entries_of(agreement, from_)
    if problems := read_terms({**known, name: entry}).problems:
        raise Unreadable("value", problems)


def _agreed(
    agreement: Agreement, from_: date, company: bool, consents: Collection[Investor]
) -> None:
    terms = terms_of(agreement, from_)
    needed: Amendment | None = terms.values.get("amendment")
    if needed is None:
        raise Refused(
            "consents",
            "The agreement's terms do not say whose consent an amendment needs. "
            "Put that on record first.",
        )
    parties = Investor.objects.filter(agreement=agreement, party_from__lte=from_)
    names = {investor.pk: investor.name for investor in parties}
    held = holdings(agreement, from_) if any(n.who == "holders" for n in needed.needs) else {}
    told = amended(
        needed,
        investors={f"{pk}": held[pk].registrable if pk in held else 0 for pk in names},
        consents=[f"{investor.pk}" for investor in consents],
        company=company,
        clause=terms.clause("amendment"),
    )
    if not told.holds:
        missing = [names.get(int(m), m) if m.isdigit() else m for m in told.missing]
        raise Refused(
            "consents",
            f"Not agreed: {'; '.join(reason.says for reason in told.because)}. "
            f"Missing: {', '.join(missing[:6])}{' and others' if len(missing) > 6 else ''}.",
            terms.clause("amendment"),
            "S8",
        )


def _closed(agreement: Agreement) -> list[Demand]:
    """Matters with nothing left to come: every covered share is sold."""
    sold = StatementRecord.objects.standing().filter(
        kind=StatementRecord.Kind.ALL_SOLD, statement__agreement=agreement
    )
    return list(Demand.objects.filter(statement__records__in=sold).order_by("pk"))


def _put(
    agreement: Agreement,
    name: str,
    entry: TermEntry,
    from_: date,
    kind: Term.Kind,
    reason: str,
    when: When,
    replaces: Term | None = None,
) -> Term:
    term = Term(
        agreement=agreement,
        name=name,
        value=entry.value,
        clause=entry.clause.strip(),
        summary=entry.summary.strip(),
        in_force_from=from_,
        kind=kind,
        reason=reason.strip(),
        replaces=replaces,
        recorded_by=when.by,
    )
    term.full_clean(exclude=["agreement", "replaces", "recorded_by"])
    term.save()
    return term
