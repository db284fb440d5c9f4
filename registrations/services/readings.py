"""Counsel's choice, once for the whole agreement, of the reading that governs (N8)."""

from __future__ import annotations

from datetime import date

from investors.acts import Conflict, Refused
from investors.models import Agreement

from ..facts import entries_of
from ..models import GoverningReading
from ..rules.days import say
from ..rules.governing import Question, questions_of
from .recording import MEANWHILE, When, not_in_future, recording


def choose_reading(
    *,
    agreement: Agreement,
    question: str,
    choice: str,
    governs_from: date,
    reason: str,
    replaces: GoverningReading | None = None,
    when: When,
) -> GoverningReading:
    """Record which reading governs in every matter of the agreement, from a day on; with
    ``choice`` empty, that the question is open again.

    A decision in one matter stands before it, and a matter closed before that day stays as
    it was judged.  A choice is changed by a new one with its own reason.  Raises
    ``Refused`` for a question the terms do not leave open or a reading they do not have,
    ``Conflict`` when ``replaces`` no longer stands.
    """
    not_in_future("governs_from", governs_from, when.today(agreement))
    if governs_from < agreement.dated_on:
        raise Refused(
            "governs_from",
            f"{say(governs_from)} is before the agreement itself, {say(agreement.dated_on)}. "
            "Check the day.",
        )
    if not reason.strip():
        raise Refused("reason", "Say why this reading governs. It stays on the record.")
    about = asked(agreement, question, when.today(agreement))
    if choice and choice not in {option.name for option in about.options}:
        names = ", ".join(option.name for option in about.options)
        raise Refused("choice", f"Choose one of: {names}.", about.clause, "N8")
    says = f"Chose a reading for the whole agreement: {about.asks}: {about.says(choice)}"
    if not choice:
        says = f"Left open again for the whole agreement: {about.asks}"
    with recording(
        agreement, "reading.chosen", when=when, says=says, reason=reason.strip()
    ) as locked:
        stood = GoverningReading.objects.standing().filter(agreement=locked, question=question)
        standing = stood.first()
        if replaces is not None and replaces != standing:
            raise Conflict("reason", MEANWHILE)
        if standing is None and not choice:
            raise Refused("choice", "It is open: nothing was chosen for the agreement yet.")
        if standing is not None and (standing.choice, standing.governs_from) == (
            choice,
            governs_from,
        ):
            raise Conflict("choice", "This is on record already.")
        return GoverningReading.objects.create(
            agreement=locked,
            question=question,
            choice=choice,
            governs_from=governs_from,
            reason=reason.strip(),
            replaces=standing,
            recorded_by=when.by,
        )


def asked(agreement: Agreement, question: str, on: date) -> Question:
    """A question the agreement's terms leave open on a day.  Raises ``Refused`` where they
    do not."""
    entries = entries_of(agreement, max(on, agreement.dated_on))
    for each in questions_of(entries):
        if each.name == question:
            return each
    raise Refused("question", "The agreement’s terms do not leave this open.", "", "N8")
