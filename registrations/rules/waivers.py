"""What an Investor waived in one matter: it binds the party that signed it, for its own
benefit, in that instance, and nobody else, section 8(c) (S8)."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date

from .consents import Amendment
from .days import say
from .findings import Concern, Fact, Reason, Window
from .joining import Answers
from .matter import CompanyFacts, DemandFacts, Waiver
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
OF_A_PROPOSAL = (NOTICE, JOIN)  # of a registration the Company proposes: it owes no dates

By = Mapping[int, Waiver]


def bind_alone(terms: Terms) -> bool:
    """Whether a waiver binds whoever signed it by that signature; not where the agreement
    asks for the consents of an amendment."""
    amendment = terms.values.get("amendment")
    return not isinstance(amendment, Amendment) or amendment.waiver != "as_amendment"


def binding(waivers: Sequence[Waiver], terms: Terms) -> Mapping[str, By]:
    """The waivers that bind, by right and Investor: of several the first signed."""
    found: dict[str, dict[int, Waiver]] = {right: {} for right in RIGHTS}
    if bind_alone(terms):
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
                f"waiver:{w.right}:{w.investor}",
                "waiver_without_consents",
                "S8",
                clause,
                f"{w.name} waived {RIGHTS[w.right]} on {say(w.signed_on)}. By the agreement a "
                "waiver needs the consents of an amendment: it changes nothing by itself.",
                w.signed_on,
                (_reason(w, terms),),
                w.investor,
                w.name,
            )
            for w in facts.waivers
        ]
    concerns = []
    for investor, waiver in binding(facts.waivers, terms)[JOIN].items():
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
        f"{waiver.name} waived {RIGHTS[waiver.right]}, for itself and in this matter alone",
        Fact("waiver signed", waiver.signed_on),
    )
