"""The Company's delay of a demand, section 1(d) (D15)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

from investors.acts import Conflict, Refused

from ..facts import began_on, terms_for, terms_of
from ..models import DelayRecord, Demand
from ..rules.asking import needed_by
from ..rules.days import say
from ..rules.words import Kind, label
from .recording import MEANWHILE, When, fits, not_in_future, recording


class DelayIn(NamedTuple):
    """A delay the Company directed, as typed in.

    ``circumstances`` says what is so and what is not, by the words of the agreement's term;
    leave out what is not known.  ``counted_from_on`` is the day the longest delay is counted
    from, such as the offering's effective date; ``until_on`` the last day the Company asked
    for, ``None`` for as long as it may.
    """

    directed_on: date
    what: str = ""
    circumstances: Mapping[str, bool] = {}
    planned_on: date | None = None
    counted_from_on: date | None = None
    until_on: date | None = None
    other_ground: str = ""


def record_delay(
    *,
    demand: Demand,
    delay: DelayIn,
    reason: str = "",
    replaces: DelayRecord | None = None,
    when: When,
) -> DelayRecord:
    """Record that the Company directed a delay of a demand, with the facts it rests on; or,
    with ``replaces`` and a reason, put right what is on record of one.

    A delay the agreement does not allow, such as a second one, is recorded and moves no
    date.  Raises ``Refused`` for days that contradict each other or a word the term does
    not know, ``Conflict`` when ``replaces`` no longer stands.
    """
    agreement = demand.agreement
    today = when.today(agreement)
    not_in_future("directed_on", delay.directed_on, today)
    not_in_future("counted_from_on", delay.counted_from_on, today)
    if demand.by_company:
        raise Refused("directed_on", "Only a demand can be delayed.", "1(d)", "D15")
    begun = began_on(demand)
    if delay.directed_on < begun:
        raise Refused(
            "directed_on",
            f"The Demand Notice is of {say(begun)}, and a delay answers it. Check the day.",
        )
    if delay.until_on is not None and delay.until_on < delay.directed_on:
        raise Refused(
            "until_on", f"It was directed on {say(delay.directed_on)}. It ends no sooner."
        )
    what, ground = delay.what.strip(), delay.other_ground.strip()
    fits("what", what, 200)
    fits("other_ground", ground, 300)
    term = terms_of(agreement, begun).values.get("delay")
    known = {n.word for n in needed_by(term) if n.kind is Kind.FACT}
    for word in delay.circumstances:
        if word not in known:
            said = ", ".join(sorted(known)) or "none"
            raise Refused(
                "circumstances", f"The agreement’s term does not hang on “{word}”; only on: {said}."
            )
    if replaces is not None and not reason.strip():
        raise Refused("reason", "Say why what was recorded is changed.")
    with recording(
        agreement,
        "delay.corrected" if replaces else "delay.recorded",
        when=when,
        says=f"{'Corrected' if replaces else 'Recorded'} the delay of {demand.reference} directed "
        f"on {say(delay.directed_on)}",
        reason=reason.strip(),
    ):
        entries = DelayRecord.objects.filter(demand=demand)
        if replaces is not None and entries.filter(replaces=replaces).exists():
            raise Conflict("reason", MEANWHILE)
        if replaces is None and entries.standing().filter(directed_on=delay.directed_on).exists():
            raise Conflict(
                "directed_on", "A delay directed that day is on record already. Correct that entry."
            )
        return DelayRecord.objects.create(
            demand=demand,
            **delay._replace(
                what=what, other_ground=ground, circumstances=dict(delay.circumstances)
            )._asdict(),
            replaces=replaces,
            reason=reason.strip() if replaces else "",
            recorded_by=when.by,
        )


def circumstance_words(demand: Demand) -> dict[str, str]:
    """What the agreement's term on delay hangs on that is so or not, in words."""
    terms = terms_for(demand)
    defined = terms.values.get("defined_words", {})
    return {
        n.word: label(n.kind, n.word, defined)
        for n in needed_by(terms.values.get("delay"))
        if n.kind is Kind.FACT
    }
