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
    agreement, company = demand.agreement, demand.agreement.company
    named = f"{agreement.title} dated {in_full(agreement.dated_on)}"
    if demand.by_company:
        name, told, asked = "Registration Notice", "registration_notice", "piggyback_joining"
        says = (
            f"{company.name} gives you notice under the {named} that it proposes to register "
            "securities of its own under the Securities Act."
        )
    else:
        name, told, asked = "Company Notice", "company_notice", "joining"
        on = f" on {in_full(received_on)}" if received_on else ""
        says = (
            f"{company.name} gives you notice under the {named} that{on} it received a Demand "
            "Notice, by which Investors demand that it register Registrable Shares."
        )
    return Paper(
        title=f"{name} to {to}",
        author=company.name,
        heading=f"{name}{_section(terms, told) or _section(terms, asked)}",
        above=[
            _lines(company.name, sender),
            [in_full(today)],
            _lines(to, addressed),
        ],
        paragraphs=[
            says,
            "You may ask that Registrable Shares of yours be included. Ask in writing, and say:",
            *_parts(terms),
        ],
        rows=[
            *_in_time(terms, asked),
            ("Send it to", "\n".join(_lines(company.name, sender))),
        ],
        below=[
            f"For {company.name}",
            "Signed: ______________________________",
            "Name and title: ______________________________",
        ],
    )


def _parts(terms: Terms) -> Sequence[str]:
    parts = terms.values.get("request_parts") or ("amount", "distribution")
    return [f"– {PART_NAMES[part]}" for part in parts if part in PART_NAMES]


def _in_time(terms: Terms, asked: str) -> list[tuple[str, str]]:
    """How long there is to answer, in the words of the term; of several readings the first,
    which is the one counsel chose, if they did."""
    value = terms.values.get(asked)
    if value is None:
        return []
    when = value.of[0].when if isinstance(value, Readings) else value
    said = say_when(when, terms.values.get("defined_words", {}))
    return [("The Company must receive it within", f"{said}{_section(terms, asked)}")]


def _section(terms: Terms, term: str) -> str:
    clause = terms.clause(term) if term in terms.values else ""
    return f" (section {clause})" if clause else ""


def _lines(name: str, address: Address | None) -> list[str]:
    return [name, *(address.lines.splitlines() if address else ())]
