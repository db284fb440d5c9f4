"""The letters of a registration, one for each Investor its notice is owed to.

They say what the agreement asks a notice to say, and no day that hangs on when the letter
is given: that day is not known while it is written.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from investors.acts import Refused
from investors.models import Address, Agreement
from registrations.models import Demand
from registrations.rules.days import in_full
from registrations.rules.joining import PART_NAMES
from registrations.rules.reckoning import Readings
from registrations.rules.terms import Terms
from registrations.rules.wording import say_when

from .letter_kinds import Kind, examples_of, our_text
from .pdf import Paper
from .wordings import Unfit, Values, Wording, filled

SIGNED = (
    "Signed: ______________________________",
    "Name and title: ______________________________",
)

# Letters an Investor signs, which counsel send it to fill in.
TO_SIGN = (Kind.DEMAND_NOTICE, Kind.INCLUSION, Kind.PIGGYBACK)


def notice_letter(
    demand: Demand,
    terms: Terms,
    to: str,
    addressed: Address | None,
    sender: Address | None,
    *,
    received_on: date | None,
    today: date,
    texts: Mapping[str, str],
) -> Paper:
    """The Company Notice of a demand, or the Registration Notice of a registration the
    Company makes, to one Investor (D2, D4; P1, P3), in counsel's words where ``texts`` has
    them.  Raises ``Refused`` where no letter can be made of those."""
    asked = _asked(demand)
    kind, told = Kind.COMPANY_NOTICE, "company_notice"
    if demand.by_company:
        kind, told = Kind.REGISTRATION_NOTICE, "registration_notice"
    says: dict[str, str | Sequence[str]] = {
        "section": section_of(terms, told) or section_of(terms, asked),
        "time_to_answer": next(iter(times_to_answer(demand, terms)), ""),
        "answer_section": section_of(terms, asked),
        "what_to_say": _parts(terms),
    }
    if not demand.by_company:
        says["demand_received_on"] = in_full(received_on) if received_on else ""
    says["registration"] = demand.reference
    return letter(demand.agreement, kind, to, addressed, sender, says, today=today, texts=texts)


def letter(
    agreement: Agreement,
    kind: Kind,
    to: str,
    addressed: Address | None,
    sender: Address | None,
    says: Values,
    *,
    today: date,
    texts: Mapping[str, str],
) -> Paper:
    """A letter between the Company and ``to``: the lines that stand on every letter above and
    below, and between them the words of its kind with ``says`` filled in.  One for an Investor
    to sign goes from it to the Company, its day left open.

    Raises ``Refused`` where no letter can be made of the words counsel gave it.
    """
    company = agreement.company.name
    ours, theirs = on_envelope(company, sender), on_envelope(to, addressed)
    common: Values = {
        "company": company,
        "company_address": "\n".join(ours),
        "agreement": named(agreement.title, agreement.dated_on),
        "today": in_full(today),
        "to": to,
    }
    wording = worded(kind, texts, {**common, **says})
    signs = kind in TO_SIGN
    return Paper(
        title=f"{kind.label.split(',')[0]} {'of' if signs else 'to'} {to}",
        author=to if signs else company,
        heading=wording.heading,
        above=[theirs, ["Date: ____________________"], ours]
        if signs
        else [ours, [in_full(today)], theirs],
        paragraphs=wording.paragraphs,
        rows=wording.rows,
        below=[f"For {to if signs else company}", *SIGNED],
    )


def form_of(
    demand: Demand,
    terms: Terms,
    to: str,
    addressed: Address | None,
    sender: Address | None,
    *,
    today: date,
    texts: Mapping[str, str],
) -> Paper:
    """The form by which an Investor asks to be in a registration, to fill in and sign (D4,
    P3).  Raises ``Refused`` as ``letter`` does."""
    asked = section_of(terms, _asked(demand))
    says: Values = {
        "registration": demand.reference,
        "section": asked,
        "time_to_answer": next(iter(times_to_answer(demand, terms)), ""),
        "answer_section": asked,
        "what_to_say": _parts(terms),
    }
    kind = Kind.PIGGYBACK if demand.by_company else Kind.INCLUSION
    return letter(demand.agreement, kind, to, addressed, sender, says, today=today, texts=texts)


def demand_form(
    agreement: Agreement,
    terms: Terms,
    to: str,
    addressed: Address | None,
    sender: Address | None,
    *,
    today: date,
    texts: Mapping[str, str],
) -> Paper:
    """The form by which an Investor demands a registration, to fill in and sign (D1).  Raises
    ``Refused`` as ``letter`` does."""
    says: Values = {
        "section": section_of(terms, "demand_threshold"), "what_to_say": _parts(terms)
    }  # fmt: skip
    return letter(
        agreement, Kind.DEMAND_NOTICE, to, addressed, sender, says, today=today, texts=texts
    )


def worded(kind: Kind, texts: Mapping[str, str], values: Values) -> Wording:
    """The words of a kind of letter with its places filled.  Raises ``Refused`` where what
    counsel gave it cannot be filled with these."""
    try:
        return filled(texts.get(kind) or our_text(kind), values)
    except Unfit as unfit:
        raise Refused(
            "text", f"No letter can be made of the words of “{kind.label}”. {unfit.message}"
        ) from unfit


def example_letter(kind: Kind, wording: Wording) -> Paper:
    """A made-up letter of a kind, to look at its words: nothing in it is anybody's."""
    example, _ = examples_of(kind)
    company = str(example["company"])
    return Paper(
        title=f"Example of: {kind.label}",
        author=company,
        heading=wording.heading,
        above=[
            str(example["company_address"]).splitlines(),
            [str(example["today"])],
            [str(example["to"]), "1 Example Street", "Grand Rapids, Michigan"],
        ],
        paragraphs=wording.paragraphs,
        rows=wording.rows,
        below=[f"For {company}", *SIGNED],
        small=["An example with made-up names and days. Nothing in it is on record."],
    )


def _parts(terms: Terms) -> Sequence[str]:
    parts = terms.values.get("request_parts") or ("amount", "distribution")
    return [PART_NAMES[part] for part in parts if part in PART_NAMES]


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


def section_of(terms: Terms, term: str) -> str:
    """The section a term stands in; empty where the agreement has no such term."""
    return terms.clause(term) if term in terms.values else ""


def named(title: str, dated_on: date) -> str:
    """An agreement as a letter names it."""
    return f"{title} dated {in_full(dated_on)}"


def on_envelope(name: str, address: Address | None) -> list[str]:
    """A name, and the lines below it where an address is on record."""
    return [name, *(address.lines.splitlines() if address else ())]
