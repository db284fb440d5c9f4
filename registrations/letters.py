"""The letters of a registration, one for each Investor its notice is owed to.

They say what the agreement asks a notice to say, and no day that hangs on when the letter
is given: that day is not known while it is written.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from investors.models import Address
from registrations.models import Demand
from registrations.rules.days import in_full
from registrations.rules.joining import PART_NAMES
from registrations.rules.reckoning import Readings
from registrations.rules.terms import Terms
from registrations.rules.wording import say_when

from .pdf import Paper

SIGNED = (
    "Signed: ______________________________",
    "Name and title: ______________________________",
)


def notice_letter(
    demand: Demand,
    terms: Terms,
    to: str,
    addressed: Address | None,
    sender: Address | None,
    *,
    received_on: date | None,
    today: date,
) -> Paper:
    """The Company Notice of a demand, or the Registration Notice of a registration the
    Company makes, to one Investor (D2, D4; P1, P3)."""
    agreement, company, asked = demand.agreement, demand.agreement.company, _asked(demand)
    under = named(agreement.title, agreement.dated_on)
    if demand.by_company:
        name, told = "Registration Notice", "registration_notice"
        says = (
            f"{company.name} gives you notice under the {under} that it proposes to register "
            "securities of its own under the Securities Act."
        )
    else:
        name, told = "Company Notice", "company_notice"
        on = f" on {in_full(received_on)}" if received_on else ""
        says = (
            f"{company.name} gives you notice under the {under} that{on} it received a Demand "
            "Notice, by which Investors demand that it register Registrable Shares."
        )
    return Paper(
        title=f"{name} to {to}",
        author=company.name,
        heading=f"{name}{_section(terms, told) or _section(terms, asked)}",
        above=[
            on_envelope(company.name, sender),
            [in_full(today)],
            on_envelope(to, addressed),
        ],
        paragraphs=[
            says,
            "You may ask that Registrable Shares of yours be included. Ask in writing, and say:",
            *_parts(terms),
        ],
        rows=[
            *[
                ("The Company must receive it within", f"{said}{_section(terms, asked)}")
                for said in times_to_answer(demand, terms)[:1]
            ],
            ("Send it to", "\n".join(on_envelope(company.name, sender))),
        ],
        below=[f"For {company.name}", *SIGNED],
    )


def _parts(terms: Terms) -> Sequence[str]:
    parts = terms.values.get("request_parts") or ("amount", "distribution")
    return [f"– {PART_NAMES[part]}" for part in parts if part in PART_NAMES]


def times_to_answer(demand: Demand, terms: Terms) -> list[str]:
    """How long there is to answer in the words of the term, by reading: first the one a
    letter gives, which is what counsel chose, if they did."""
    value = terms.values.get(_asked(demand))
    if value is None:
        return []
    readings = [each.when for each in value.of] if isinstance(value, Readings) else [value]
    defined = terms.values.get("defined_words", {})
    return [say_when(when, defined) for when in readings]


def _asked(demand: Demand) -> str:
    return "piggyback_joining" if demand.by_company else "joining"


def _section(terms: Terms, term: str) -> str:
    clause = terms.clause(term) if term in terms.values else ""
    return f" (section {clause})" if clause else ""


def named(title: str, dated_on: date) -> str:
    """An agreement as a letter names it."""
    return f"{title} dated {in_full(dated_on)}"


def on_envelope(name: str, address: Address | None) -> list[str]:
    """A name, and the lines below it where an address is on record."""
    return [name, *(address.lines.splitlines() if address else ())]
