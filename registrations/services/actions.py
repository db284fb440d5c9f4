"""Acts on corporate actions: splits, stock dividends, exchanges of a whole class (H2, H6)."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from investors.acts import Conflict, Refused
from investors.models import Agreement, CorporateAction

from ..facts import action_of
from ..rules.actions import Action
from ..rules.days import say
from .ledger import none_below_zero
from .recording import MEANWHILE, When, not_in_future, recording

Kind = CorporateAction.Kind
MOST = 1_000_000  # in a ratio; keeps a slip of the key out of every holding
MOST_IN_A_DAY = 20
# What each kind may be of.  Warrants never become more; they are exchanged for shares.
OF = {
    Kind.SPLIT: ("common", "preferred"),
    Kind.DIVIDEND: ("common", "preferred"),
    Kind.EXCHANGE: ("common", "preferred", "warrant"),
}
INTO = ("common", "preferred")
_NAMES = dict(CorporateAction.Class.choices)


class ActionIn(NamedTuple):
    """A corporate action as typed in: ``numerator`` for each ``denominator`` held, from the
    start of ``on``.  ``into`` is empty where the class stays what it is."""

    kind: str
    security: str
    numerator: int
    denominator: int
    on: date
    fractions: str
    into: str = ""
    place: int = 1
    rates_follow: bool = True
    note: str = ""


def record_action(*, agreement: Agreement, action: ActionIn, when: When) -> CorporateAction:
    """Record what the Company did to every share of a class on a day (H2).

    No holder gets a line: holdings are worked out after it.  Raises ``Refused`` when the
    ratio is not one, or somebody would hold fewer than none on some day (H6).
    """
    action = _whole(agreement, action, when)
    with recording(
        agreement, "corporate_action.recorded", when=when, says=f"Recorded a {_said(action)}"
    ) as locked:
        row = _record(locked, action, when)
        none_below_zero(locked, field="numerator")
    return row


def checked_action(agreement: Agreement, action: ActionIn, when: When) -> ActionIn:
    """The action with nothing left open.  Raises ``Refused`` where it cannot be one (H2)."""
    return _whole(agreement, action, when)


def enter_action(*, agreement: Agreement, action: ActionIn, when: When) -> CorporateAction:
    """Enter an action as part of an act that sees to the holdings after it (H2, H6).

    Raises ``Refused`` when it cannot be one, or another has its place.
    """
    return _record(agreement, _whole(agreement, action, when), when)


def correct_action(
    *,
    replaces: CorporateAction,
    action: ActionIn | None,
    reason: str,
    when: When,
) -> CorporateAction:
    """Put right what is recorded of a corporate action, by an entry that replaces it and
    says why; ``None`` says that it never happened.

    Raises ``Conflict`` when ``replaces`` no longer stands.
    """
    agreement = replaces.agreement
    if not reason.strip():
        raise Refused("reason", "Say why what was recorded is changed.")
    if replaces.kind == Kind.VOID:
        raise Conflict("reason", MEANWHILE)
    stood = _typed(replaces)
    if action is not None:
        action = _whole(agreement, action, when)
        if action == stood:
            raise Refused("reason", "This is what is on record already.")
    says = (
        f"Corrected a {_said(stood)}, to a {_said(action)}"
        if action is not None
        else f"Struck out a {_said(stood)}: it never happened"
    )
    with recording(
        agreement, "corporate_action.corrected", when=when, says=says, reason=reason.strip()
    ) as locked:
        if CorporateAction.objects.filter(replaces=replaces.pk).exists():
            raise Conflict("reason", MEANWHILE)
        row = _record(
            locked,
            action or stood._replace(kind=Kind.VOID),
            when,
            replaces=replaces,
            reason=reason.strip(),
        )
        none_below_zero(locked, field="numerator")
    return row


def _typed(row: CorporateAction) -> ActionIn:
    """What is on record as it would be typed in."""
    return ActionIn(
        row.kind, row.security, row.numerator, row.denominator, row.on, row.fractions, row.into,
        row.place, row.rates_follow, row.note,
    )  # fmt: skip


def _said(action: ActionIn) -> str:
    return f"{_fact(action).words}, counted from {say(action.on)}"


def _fact(action: ActionIn) -> Action:
    return Action(
        action.on, action.place, action.kind, action.security, action.into, action.numerator,
        action.denominator, action.fractions, action.rates_follow,
    )  # fmt: skip


def _whole(agreement: Agreement, action: ActionIn, when: When) -> ActionIn:
    """The action with nothing left open; refused where it cannot be one."""
    if action.kind not in OF:
        raise Refused("kind", f"Choose one of {', '.join(k.label for k in OF)}.")
    of = OF[Kind(action.kind)]
    if action.security not in of:
        raise Refused(
            "security",
            f"A {Kind(action.kind).label.lower()} is of {' or '.join(_NAMES[s] for s in of)}.",
        )
    if action.kind != Kind.EXCHANGE:
        action = action._replace(into=action.security)
    if action.into not in INTO:
        raise Refused("into", f"Choose {' or '.join(_NAMES[s] for s in INTO)}.")
    for field, number in (("numerator", action.numerator), ("denominator", action.denominator)):
        if not 1 <= number <= MOST:
            raise Refused(
                field, f"Enter a whole number from 1 to {MOST:,}: a ratio has no zero.", rule="H2"
            )
    if _fact(action).ratio == 1 and action.into == action.security:
        raise Refused("numerator", "One for one changes nothing. Check the ratio.")
    if action.fractions not in CorporateAction.Fractions.values:
        labels = ", ".join(CorporateAction.Fractions.labels)
        raise Refused("fractions", f"Say what a holder has for part of a share: {labels}.")
    if not 1 <= action.place <= MOST_IN_A_DAY:
        raise Refused("place", f"Enter a whole number from 1 to {MOST_IN_A_DAY}.")
    not_in_future("on", action.on, when.today(agreement))
    if action.on <= agreement.dated_on:
        raise Refused(
            "on",
            f"The agreement of {say(agreement.dated_on)} counts shares as they were after it. "
            "Enter what took effect later.",
        )
    return action._replace(note=action.note.strip())


def _record(
    agreement: Agreement,
    action: ActionIn,
    when: When,
    *,
    replaces: CorporateAction | None = None,
    reason: str = "",
) -> CorporateAction:
    others = CorporateAction.objects.standing().filter(agreement=agreement, on=action.on)
    if replaces is not None:
        others = others.exclude(pk=replaces.pk)
    same = others.exclude(kind=Kind.VOID).filter(place=action.place).first()
    if same is not None and action.kind != Kind.VOID:
        raise Refused(
            "place",
            f"On record for {say(action.on)} is a {action_of(same).words} already. If this is "
            "another, say which place it took that day.",
        )
    return CorporateAction.objects.create(
        agreement=agreement,
        replaces=replaces,
        reason=reason,
        recorded_by=when.by,
        **action._asdict(),
    )
