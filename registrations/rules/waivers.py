"""What a party waived in one matter: it binds whoever signed it, for its own benefit, in
that instance, and nobody else, section 8(c) (S8).

An Investor gives up what is owed to it; the Company what the agreement asks of Investors
for its sake.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from types import MappingProxyType

from .consents import Amendment
from .days import say
from .findings import Concern, Fact, Reason, Ruling, Window
from .joining import Answers
from .matter import CompanyFacts, DemandFacts, Waiver
from .notice import Arrival
from .terms import Terms

NOTICE, JOIN = "notice", "join"
# What may be waived, and what each is called of an Investor.
RIGHTS: Mapping[str, str] = {
    NOTICE: "the notice of the registration it is owed",
    JOIN: "its right to ask to be included",
    "file": "the last day to file",
    "effective": "the last day to become effective",
    "keep_effective": "how long the statement is kept effective",
}
IN_TIME, CONDITIONS, REST = "in_time", "conditions", "rest"
# What the Company may waive, and what each is called.
OF_THE_COMPANY: Mapping[str, str] = {
    IN_TIME: "the last day for a request to be included",
    CONDITIONS: "the conditions a demand must meet",
    REST: "its time of rest after another registration",
}
OF_ONE = (*RIGHTS, IN_TIME)  # those that concern one Investor
# Of a registration the Company proposes: nobody demands it, and it owes no dates.
OF_A_PROPOSAL = (NOTICE, JOIN, IN_TIME)

By = Mapping[int | None, Waiver]
_NONE: Mapping[str, By] = MappingProxyType({right: {} for right in (*RIGHTS, *OF_THE_COMPANY)})


def said_of(right: str, investor: str) -> str:
    """A waiver in words, such as "Birch waived its right to ask to be included"; of a
    waiver by the Company ``investor`` is the one it favours, empty where it is no one's."""
    if right in RIGHTS:
        return f"{investor} waived {RIGHTS[right]}, for itself and in this matter alone"
    favours = f" for {investor}" if investor else ""
    return f"The Company waived {OF_THE_COMPANY[right]}{favours}, in this matter alone"


def bind_alone(terms: Terms) -> bool:
    """Whether a waiver binds whoever signed it by that signature; not where the agreement
    asks for the consents of an amendment."""
    amendment = terms.values.get("amendment")
    return not isinstance(amendment, Amendment) or amendment.waiver != "as_amendment"


def binding(waivers: Sequence[Waiver], terms: Terms) -> Mapping[str, By]:
    """The waivers that bind, by right and Investor: of several the first signed."""
    if not waivers or not bind_alone(terms):
        return _NONE
    found: dict[str, dict[int | None, Waiver]] = {right: {} for right in _NONE}
    for waiver in sorted(waivers, key=lambda w: (w.signed_on, w.id)):
        found[waiver.right].setdefault(waiver.investor, waiver)
    return found


def given_up(window: Window, waiver: Waiver, terms: Terms) -> Window:
    """An Investor's window to join, waived by it: nothing is waited for any more."""
    return window._replace(
        waived_on=waiver.signed_on,
        because=(_reason(waiver, terms), *window.because),
        awaiting=(),
    )


def taken_in_time(window: Window, waiver: Waiver, terms: Terms) -> Window:
    """An Investor's window to join, whose end the Company waived: a request that came after
    it is taken as one of the last day."""
    because = (_reason(waiver, terms), *window.because)
    came_on, last_on = window.done_on, window.closes_on
    if came_on is None or (last_on is not None and came_on <= last_on):
        return window._replace(because=because)
    return window._replace(because=because, closes_on=came_on, lenient_on=came_on, awaiting=())


def as_waived(window: Window, investor: int, waived: Mapping[str, By], terms: Terms) -> Window:
    """An Investor's window to join as its waiver leaves it, or the Company's in its favour."""
    if investor in waived[JOIN]:
        return given_up(window, waived[JOIN][investor], terms)
    if investor in waived[IN_TIME]:
        return taken_in_time(window, waived[IN_TIME][investor], terms)
    return window


def accepted(ruling: Ruling, demand: Arrival, waived: Mapping[str, By], terms: Terms) -> Ruling:
    """A demand the Company took although a condition may not be met, by its waiver: good
    once it was given, with what was found kept beside it."""
    waiver = waived[CONDITIONS].get(None)
    if waiver is None or ruling.outcome == "good" or demand.given_on is None:
        return ruling
    return ruling._replace(
        outcome="good", because=(_reason(waiver, terms), *ruling.because), awaiting=()
    )


def rests_waived(rests: Sequence[Window], waived: Mapping[str, By], terms: Terms) -> list[Window]:
    """The Company's times of rest, each waived where it gave that up (D14)."""
    waiver = waived[REST].get(None)
    if waiver is None:
        return list(rests)
    because = _reason(waiver, terms)
    return [
        rest._replace(waived_on=waiver.signed_on, because=(because, *rest.because))
        for rest in rests
    ]


def owed_less(window: Window, right: str, by: Mapping[str, By], owed_to: Collection[int],
              terms: Terms) -> Window:  # fmt: skip
    """What the Company owes to all, with who waived it for itself: owed to the others as
    before, and to nobody once each of ``owed_to`` has waived it."""
    signed = by.get(right, {})
    own = [signed[who] for who in owed_to if who in signed]
    if not own:
        return window
    because = (*window.because, *(_reason(waiver, terms) for waiver in own[:10]))
    if len(own) < len(owed_to):
        return window._replace(because=because)
    return window._replace(because=because, waived_on=max(w.signed_on for w in own))


def waiver_concerns(
    facts: DemandFacts | CompanyFacts, answered: Mapping[int, Answers], terms: Terms
) -> list[Concern]:
    """Waivers that do not bind by themselves, and Investors that asked to be included
    after they had waived it: both are facts on record, and counsel looks at them."""
    clause = terms.clause("amendment")
    if not bind_alone(terms):
        return [
            Concern(
                f"waiver:{w.right}" if w.investor is None else f"waiver:{w.right}:{w.investor}",
                "waiver_without_consents",
                "S8",
                clause,
                f"{said_of(w.right, w.name)}, on {say(w.signed_on)}. By the agreement a waiver "
                "needs the consents of an amendment: it changes nothing by itself.",
                w.signed_on,
                (_reason(w, terms),),
                w.investor,
                w.name,
            )
            for w in facts.waivers
        ]
    concerns = []
    for investor, waiver in binding(facts.waivers, terms)[JOIN].items():
        assert investor is not None  # it is an Investor's own to give up
        asked = _asked_after(answered.get(investor, ()), waiver.signed_on)
        if asked is None:
            continue
        concerns.append(
            Concern(
                f"waived:{investor}",
                "asked_after_waiver",
                "S8",
                clause,
                f"{waiver.name} waived {RIGHTS[JOIN]} on {say(waiver.signed_on)} and asked on "
                f"{say(asked)}. The waiver binds it: correct the waiver, or answer that it has "
                "no place.",
                asked,
                (_reason(waiver, terms), Reason("S8", clause, "Asked", Fact("received", asked))),
                investor,
                waiver.name,
            )
        )
    return concerns


def _asked_after(answered: Answers, signed_on: date) -> date | None:
    return next((on for on, r in answered if on > signed_on and not r.declines), None)


def _reason(waiver: Waiver, terms: Terms) -> Reason:
    return Reason(
        "S8",
        terms.clause("amendment"),
        said_of(waiver.right, waiver.name),
        Fact("waiver signed", waiver.signed_on),
    )
