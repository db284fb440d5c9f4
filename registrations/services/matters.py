"""Acts on a matter: filing, what becomes of the statement, counsel's decisions (D6–D10, D13,
P4, S1, N8)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from investors.acts import Conflict, Refused
from investors.models import Agreement, Investor

from ..facts import began_on, delays_of, invited_of, terms_for, terms_of
from ..models import CoveredShares, Decision, Demand, ProposalRecord, Statement, StatementRecord
from ..rules.conditions import ReadingsOf
from ..rules.days import say
from ..rules.delay import EFFECTS
from ..rules.reckoning import Readings
from ..rules.statement import Event, out_of_order
from ..rules.terms import Terms
from .recording import When, fits, not_in_future, recording, whole


def record_filing(
    *,
    demand: Demand,
    on: date,
    covers: Mapping[int, int] | None = None,
    form: str = "",
    file_number: str = "",
    when: When,
) -> StatementRecord:
    """Record that the Company filed the Registration Statement of a matter.

    ``covers`` gives Registrable Shares by the Investor's key.  A filing outside its
    window is recorded, not refused: the docket says what it means (D6, D7).  Raises
    ``Refused`` when one is already on record, or when it is dated before the demand.
    """
    agreement = demand.agreement
    not_in_future("on", on, when.today(agreement))
    fits("form", form.strip(), 12)
    fits("file_number", file_number.strip(), 20)
    _check_covered(agreement, covers or {})
    with recording(
        agreement,
        "filing.recorded",
        when=when,
        matter=demand,
        says=f"Recorded the filing of {demand.reference} on {say(on)}",
    ) as locked:
        if Statement.objects.filter(demand=demand).exists():
            raise Conflict("on", "The filing is on record already. Correct that entry instead.")
        _not_before(demand, on)
        _not_withdrawn(demand, on)
        statement = Statement.objects.create(
            agreement=locked,
            demand=demand,
            name=f"Registration Statement {demand.reference}",
            form=form.strip(),
        )
        return _happened(
            statement, StatementRecord.Kind.FILED, on, file_number, covers or {}, when=when
        )


def record_effectiveness(*, demand: Demand, on: date, when: When) -> StatementRecord:
    """Record the day the statement became effective (D9)."""
    return record_event(
        statement=statement_of(demand), kind=StatementRecord.Kind.EFFECTIVE, on=on, when=when
    )


def record_all_sold(*, demand: Demand, on: date, when: When) -> StatementRecord:
    """Record the day all covered shares had been sold: nothing is left to keep effective,
    sections 2(b) and 2(e) (S1)."""
    return record_event(
        statement=statement_of(demand), kind=StatementRecord.Kind.ALL_SOLD, on=on, when=when
    )


def record_event(
    *,
    statement: Statement,
    kind: str,
    on: date,
    detail: str = "",
    note: str = "",
    covers: Mapping[int, int] | None = None,
    when: When,
) -> StatementRecord:
    """Record what happened to a statement: how its shares are distributed, an amendment, a
    comment letter or its answer, effectiveness, a supplement, completion, withdrawal, the
    last sale, sections 1(a), 1(c) and 2 (D9, D13, S1).

    ``detail`` is the method of distribution, or at whose wish it was withdrawn; ``covers``
    what it covers by an amendment, whole Registrable Shares by the Investor's key.  What
    breaks the agreement is recorded; raises ``Refused`` for a day that contradicts another
    on record, ``Conflict`` for a second of what happens once.
    """
    agreement = statement.agreement
    known = StatementRecord.Kind(kind)
    if known is not StatementRecord.Kind.FILED and known not in statement.recordable:
        raise Refused("kind", "Withdraw the registration itself: its statement goes with it.")
    not_in_future("on", on, when.today(agreement))
    _check_detail(known, detail)
    fits("note", note.strip(), 4000)
    if covers and known not in StatementRecord.COVERING:
        raise Refused("covers", "Only a filing or an amendment says what the statement covers.")
    _check_covered(agreement, covers or {})
    with recording(
        agreement,
        f"{known}.recorded",
        when=when,
        matter=_touched(statement, known),
        says=f"Recorded “{known.label}” of {_called(statement)} on {say(on)}",
        reason=note.strip(),
    ):
        if known in StatementRecord.ONCE and statement.records.filter(kind=known).exists():
            raise Conflict("on", "This is on record already. Correct that entry instead.")
        _in_order(statement, known, on)
        return _happened(
            statement, known, on, "", covers or {}, detail=detail, note=note, when=when
        )


def correct_statement_record(
    *,
    replaces: StatementRecord,
    on: date,
    reason: str,
    covers: Mapping[int, int] | None = None,
    file_number: str | None = None,
    detail: str | None = None,
    note: str | None = None,
    when: When,
) -> StatementRecord:
    """Correct what is on record of a statement: its day, what it covers, at whose wish it
    was withdrawn, by an entry that replaces the one that stood and says why."""
    statement, kind = replaces.statement, StatementRecord.Kind(replaces.kind)
    detail = replaces.detail if detail is None else detail
    note = replaces.note if note is None else note
    _check_detail(kind, detail)
    fits("note", note.strip(), 4000)
    not_in_future("on", on, when.today(statement.agreement))
    if not reason.strip():
        raise Refused("reason", "Say why what was recorded is changed.")
    fits("file_number", (file_number or "").strip(), 20)
    kept = {c.investor_id: c.shares for c in replaces.covers.all()}
    shares = kept if covers is None else covers
    _check_covered(statement.agreement, shares)
    with recording(
        statement.agreement,
        f"{replaces.kind}.corrected",
        when=when,
        matter=_touched(statement, kind),
        says=f"Corrected “{replaces.get_kind_display()}” of {statement}: {say(on)}",
        reason=reason.strip(),
    ):
        if StatementRecord.objects.filter(replaces=replaces).exists():
            raise Conflict("on", "Somebody corrected this meanwhile. Look at it, then try again.")
        _in_order(statement, kind, on, replaces)
        return _happened(
            statement,
            kind,
            on,
            replaces.file_number if file_number is None else file_number,
            shares,
            detail=detail,
            note=note,
            replaces=replaces,
            reason=reason.strip(),
            when=when,
        )


def record_other_statement(
    *,
    agreement: Agreement,
    name: str,
    effective_on: date,
    form: str = "",
    file_number: str = "",
    when: When,
) -> Statement:
    """Record that another registration statement of the Company became effective: for a
    while after it no registration need be effected, section 1(c) (D14)."""
    if not name.strip():
        raise Refused("name", "Say which registration statement, as you would call it.")
    fits("name", name.strip(), 120)
    fits("form", form.strip(), 12)
    fits("file_number", file_number.strip(), 20)
    not_in_future("effective_on", effective_on, when.today(agreement))
    with recording(
        agreement,
        "other_statement.recorded",
        when=when,
        says=f"Recorded that {name.strip()} became effective on {say(effective_on)}",
    ) as locked:
        statement = Statement.objects.create(agreement=locked, name=name.strip(), form=form.strip())
        _happened(
            statement,
            StatementRecord.Kind.EFFECTIVE,
            effective_on,
            file_number,
            {},
            when=when,
        )
    return statement


MOST_NAME = 40  # characters of a reading’s name that a decision can keep


def decide(
    *, demand: Demand, about: str, choice: str, decided_on: date, reason: str, when: When
) -> Decision:
    """Record counsel's choice between readings; it governs from then on (N8).

    ``about`` is one of ``choices``, ``choice`` one of its readings.  A decision is changed
    by a new one with its own reason.
    """
    agreement = demand.agreement
    not_in_future("decided_on", decided_on, when.today(agreement))
    if not reason.strip():
        raise Refused("reason", "Say why you decide so. It stays on the record.")
    allowed = choices(demand).get(about)
    if allowed is None:
        raise Refused("about", "There is nothing of this kind to decide in this matter.")
    if choice not in allowed:
        raise Refused("choice", f"Choose one of: {', '.join(allowed)}.")
    with recording(
        agreement,
        "decision.recorded",
        when=when,
        matter=demand,
        says=f"Decided on {about.replace('_', ' ')} in {demand.reference}: {choice}",
        reason=reason.strip(),
    ):
        standing = Decision.objects.standing().filter(demand=demand, about=about).first()
        return Decision.objects.create(
            demand=demand,
            about=about,
            choice=choice,
            decided_on=decided_on,
            reason=reason.strip(),
            replaces=standing,
            recorded_by=when.by,
        )


def choices(demand: Demand) -> dict[str, tuple[str, ...]]:
    """What may be decided in a matter, and the names of the readings to choose from."""
    terms = terms_for(demand)
    found: dict[str, tuple[str, ...]] = {
        "eligibility": _readings(terms, "demand_threshold", "demand_bases"),
        "filing_opens": _readings(terms, "filing_opens", "filing_opens_from"),
    }
    about, readings = "request", _readings(terms, "joining", "joining_from")
    if demand.by_company:
        found = {"notice_owed": ("owed", "excluded")}
        about, readings = "both", ("left_out", "allowed")
    delays = delays_of(Demand.objects.filter(pk=demand.pk))
    found |= {f"delay:{number}": ("allowed", "not_allowed") for number, _ in delays}
    if delays:
        found["delay_effect"] = EFFECTS
    if not demand.by_company and demand.number > 1:
        found["demand_left"] = ("owed", "not_owed")
    for invited in invited_of(demand):
        for request in invited.requests:
            if not demand.by_company or request.committed:
                found[f"{about}:{request.id}"] = readings
    return found


def _readings(terms: Terms, name: str, plain: str) -> tuple[str, ...]:
    """The names of a term's readings, whatever its form."""
    if terms.gives(plain):
        found: tuple[str, ...] = getattr(terms, plain)
        return found
    value = terms.values.get(name)
    if isinstance(value, Readings | ReadingsOf):
        return tuple(reading.says for reading in value.of if len(reading.says) <= MOST_NAME)
    return ()


def statement_of(demand: Demand) -> Statement:
    """The statement filed for a demand.  Raises ``Refused`` when none is on record."""
    statement = Statement.objects.filter(demand=demand).first()
    if statement is None:
        raise Refused("on", "Record the filing first: no Registration Statement is on record.")
    statement.agreement = demand.agreement
    return statement


def _called(statement: Statement) -> str:
    return statement.demand.reference if statement.demand else statement.name


def _check_detail(kind: StatementRecord.Kind, detail: str) -> None:
    allowed = StatementRecord.DETAILS.get(kind, ())
    if detail in allowed or (not detail and not allowed):
        return
    if kind == StatementRecord.Kind.WITHDRAWN:
        raise Refused("detail", "Say at whose wish it was withdrawn, and why.", "1(c)", "D13")
    if kind == StatementRecord.Kind.METHOD:
        raise Refused("detail", "Choose how the shares are distributed.", "2(b)", "S1")
    raise Refused("detail", f"“{kind.label}” takes no such choice.")


def _touched(statement: Statement, kind: StatementRecord.Kind) -> Demand | None:
    """The matter an event of a statement bears on; ``None``, every matter, for its
    effectiveness, which starts a rest for the others (D14)."""
    return None if kind == StatementRecord.Kind.EFFECTIVE else statement.demand


def _not_before(demand: Demand, on: date) -> None:
    """Refuse a filing dated before the demand it answers."""
    begun = began_on(demand)
    if on < begun:
        if demand.by_company:
            raise Refused("on", f"It was proposed on {say(begun)}. Its filing came later.")
        raise Refused(
            "on",
            f"The Demand Notice is of {say(begun)}. A filing for it came later.",
            terms_of(demand.agreement, begun).clause("filing_closes"),
            "D7",
        )


def _not_withdrawn(demand: Demand, on: date) -> None:
    """Refuse what is dated after the Company withdrew the registration (P5)."""
    withdrawn = (
        ProposalRecord.objects.standing().filter(demand=demand, withdrawn_on__lte=on).first()
    )
    if withdrawn is not None:
        raise Refused(
            "on",
            f"{demand.reference} was withdrawn on {say(withdrawn.withdrawn_on)}. Check both days.",
            "3(b)",
            "P5",
        )


def _in_order(
    statement: Statement,
    kind: StatementRecord.Kind,
    on: date,
    replaces: StatementRecord | None = None,
) -> None:
    """Refuse a day that cannot stand beside another on record."""
    if kind == StatementRecord.Kind.FILED and statement.demand is not None:
        _not_before(statement.demand, on)
    if statement.demand is not None:
        _not_withdrawn(statement.demand, on)
    standing = StatementRecord.objects.standing().filter(statement=statement)
    if replaces is not None:
        standing = standing.exclude(pk=replaces.pk)
    others = [Event(record.kind, record.on) for record in standing]
    clash = out_of_order(Event(kind, on), others)
    if clash is not None:
        label = StatementRecord.Kind(clash.kind).label
        raise Refused("on", f"“{label}” is on record for {say(clash.on)}. Check both days.")
    if kind == StatementRecord.Kind.RESPONSE and not any(
        e.kind == StatementRecord.Kind.COMMENTS and e.on <= on for e in others
    ):
        raise Refused("on", "Record the comment letter first: none was received by then.")


def _check_covered(agreement: Agreement, covers: Mapping[int, int]) -> None:
    known = set(
        Investor.objects.filter(agreement=agreement, pk__in=covers).values_list("pk", flat=True)
    )
    for investor, shares in covers.items():
        if investor not in known:
            raise Refused("covers", "This Investor is not on the agreement’s register.")
        whole("covers", shares)


def _happened(
    statement: Statement,
    kind: StatementRecord.Kind,
    on: date,
    file_number: str,
    covers: Mapping[int, int],
    *,
    when: When,
    detail: str = "",
    note: str = "",
    replaces: StatementRecord | None = None,
    reason: str = "",
) -> StatementRecord:
    record = StatementRecord.objects.create(
        statement=statement,
        kind=kind,
        on=on,
        file_number=file_number.strip(),
        detail=detail,
        note=note.strip(),
        replaces=replaces,
        reason=reason,
        recorded_by=when.by,
    )
    CoveredShares.objects.bulk_create(
        CoveredShares(record=record, investor_id=investor, shares=shares)
        for investor, shares in covers.items()
    )
    return record
