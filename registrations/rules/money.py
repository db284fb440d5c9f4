"""Who bears which expense, how far a Selling Investor is liable, and shares for a price.

USD amounts are exact decimals; shares are whole, rounded down.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from fractions import Fraction
from typing import NamedTuple

from .findings import Reason
from .reckoning import WHEN, When
from .shapes import Choice, Flag, ListOf, Record, Text, Usd, Word
from .words import Kind


class Bearer(StrEnum):
    """Who bears an expense."""

    COMPANY = "company"
    SELLERS = "sellers"
    INCURRING = "incurring"  # whoever incurred it: the agreement does not list it


@dataclass(frozen=True)
class Expenses:
    """The kinds of expense the Company bears and the sellers bear, section 4 (S6).

    ``otherwise`` is who bears a kind not listed.  ``payer_bears`` names the choice of a
    registration, such as who pays for it, that puts everything on whoever it says.
    """

    company: tuple[str, ...] = ()
    sellers: tuple[str, ...] = ()
    otherwise: Bearer = Bearer.INCURRING
    payer_bears: bool = False


class Borne(NamedTuple):
    """An expense, who bears it, and why."""

    kind: str
    amount: Decimal
    by: Bearer
    because: Reason


def borne(
    terms: Expenses, costs: Sequence[tuple[str, Decimal]], clause: str = "", payer: str = ""
) -> tuple[Borne, ...]:
    """Each expense with who bears it.  ``payer`` is who pays for the registration, where
    the agreement lets the holders have one at their own expense; effective or not."""
    told = []
    for kind, amount in costs:
        name = kind.replace("_", " ")
        if kind in terms.sellers:
            by, says = Bearer.SELLERS, f"The sellers bear {name}"
        elif terms.payer_bears and payer:
            by = Bearer.COMPANY if payer == "company" else Bearer.SELLERS
            says = f"The registration is paid for by the {payer}, whether or not it takes effect"
        elif kind in terms.company:
            by, says = Bearer.COMPANY, f"The Company bears {name}: a Registration Expense"
        else:
            by, says = terms.otherwise, f"{name[0].upper()}{name[1:]} is not a listed expense"
        told.append(Borne(kind, amount, by, Reason("S6", clause, says)))
    return tuple(told)


def totals(told: Sequence[Borne]) -> Mapping[Bearer, Decimal]:
    """What each bears in all, USD."""
    return {
        by: sum((b.amount for b in told if b.by is by), Decimal(0))
        for by in Bearer
        if any(b.by is by for b in told)
    }


class Proceeds(StrEnum):
    """What a Selling Investor's proceeds are."""

    GROSS = "gross"
    NET = "net_of_selling_expenses"


@dataclass(frozen=True)
class Indemnity:
    """The most a Selling Investor owes: its proceeds, each reading, the governing first;
    without limit where ``unlimited_where`` is so, section 5(b) (S7)."""

    cap: tuple[Proceeds, ...]
    unlimited_where: tuple[str, ...] = ()
    several: bool = True


class Capped(NamedTuple):
    """On one reading: the cap and what is payable, USD; ``cap`` is ``None`` where there is
    none."""

    reading: str
    cap: Decimal | None
    payable: Decimal
    because: Reason


def liable(
    terms: Indemnity,
    *,
    shares: int,
    price: Decimal,
    discount: Fraction,
    claim: Decimal,
    facts: Mapping[str, bool] | None = None,
    clause: str = "",
) -> tuple[Capped, ...]:
    """What a Selling Investor owes of a claim, USD, on each reading.

    ``shares`` it sold in that registration at ``price`` less ``discount``, a share of it.
    """
    if any((facts or {}).get(fact) for fact in terms.unlimited_where):
        because = Reason("S7", clause, "The limit does not hold where there was fraud or the like")
        return tuple(Capped(reading, None, claim, because) for reading in terms.cap)
    told = []
    for reading in terms.cap:
        gross = Fraction(price) * shares
        exact = gross if reading is Proceeds.GROSS else gross * (1 - discount)
        cap = (Decimal(exact.numerator) / Decimal(exact.denominator)).quantize(
            Decimal("0.01"), ROUND_HALF_UP
        )
        words = "gross" if reading is Proceeds.GROSS else "net of selling expenses"
        because = Reason("S7", clause, f"{shares:,} shares at ${price}: proceeds {words} ${cap:,}")
        told.append(Capped(reading, cap, min(cap, claim), because))
    return tuple(told)


@dataclass(frozen=True)
class ShareCount:
    """A number of shares an amount of money buys at an average price."""

    usd: Decimal
    divided_by: str
    averaged_over: When | None = None


def shares_for(terms: ShareCount, price: Fraction, usd: Decimal | None = None) -> Fraction:
    """The shares, exact; ``price`` in USD a share.  Raises ``ValueError`` at no price."""
    if price <= 0:
        raise ValueError("The price must be more than nothing.")
    return Fraction(terms.usd if usd is None else usd) / price


EXPENSES = Record(
    Expenses,
    {},
    {
        "company": ListOf(Text(r"[a-z_]+", "sec_filing_fee")),
        "sellers": ListOf(Text(r"[a-z_]+", "underwriting_discount")),
        "otherwise": Choice(Bearer),
        "payer_bears": Flag(),
    },
)
INDEMNITY = Record(
    Indemnity,
    {"cap": ListOf(Choice(Proceeds), readings=True)},
    {"unlimited_where": ListOf(Word(Kind.FACT)), "several": Flag()},
)
SHARE_COUNT = Record(
    ShareCount, {"usd": Usd(), "divided_by": Word(Kind.MEASURE)}, {"averaged_over": WHEN}
)
