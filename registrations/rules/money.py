"""Who bears which expense, how far a Selling Investor is liable, and shares for a price.

USD amounts are exact decimals; shares are whole, rounded down.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from fractions import Fraction
from typing import NamedTuple

from .findings import Reason
from .reckoning import WHEN, When
from .shapes import Choice, Flag, ListOf, MapOf, Record, Text, Usd, Word
from .words import Kind


class Bearer(StrEnum):
    """Who bears an expense."""

    COMPANY = "company"
    SELLERS = "sellers"
    INCURRING = "incurring"  # whoever incurred it: the agreement does not list it


class SharedBy(StrEnum):
    """What the sellers share their expenses by."""

    REGISTERED = "shares_registered"


# The kinds of expense a ledger offers, as people say them.  An agreement may list others.
EXPENSE_NAMES: Mapping[str, str] = {
    "sec_filing_fee": "registration and filing fees",
    "listing": "exchange listing fees",
    "printing_and_shipping": "printing and shipping",
    "company_counsel": "counsel for the Company",
    "accountants": "accountants",
    "blue_sky": "state blue sky fees and expenses",
    "investor_counsel": "counsel for the Investors",
    "stock_transfer_tax": "stock transfer taxes",
    "underwriting_discount": "underwriting discounts",
    "selling_commission": "selling commissions",
}


def expense_name(kind: str) -> str:
    """A kind of expense in words."""
    return EXPENSE_NAMES.get(kind, kind.replace("_", " "))


@dataclass(frozen=True)
class Expenses:
    """The kinds of expense the Company bears and the sellers bear, section 4 (S6).

    ``otherwise`` is who bears a kind not listed, ``None`` where the agreement does not
    say.  ``payer_bears`` names the choice of a registration, such as who pays for it, that
    puts everything on whoever it says.  ``caps`` is the most the Company bears of a kind in
    one registration, USD: the sellers bear what is above it.  ``shared_by`` is what the
    sellers share theirs by, ``None`` where the agreement does not say.
    """

    company: tuple[str, ...] = ()
    sellers: tuple[str, ...] = ()
    otherwise: Bearer | None = None
    payer_bears: bool = False
    caps: Mapping[str, Decimal] = field(default_factory=dict)
    shared_by: SharedBy | None = None


class Borne(NamedTuple):
    """An expense or a part of it, who bears it, and why.  ``nth`` is its place among the
    expenses asked about."""

    kind: str
    amount: Decimal
    by: Bearer
    because: Reason
    nth: int = 0


def borne(
    terms: Expenses, costs: Sequence[tuple[str, Decimal]], clause: str = "", payer: str = ""
) -> tuple[Borne, ...]:
    """Each expense of one registration with who bears it; where a cap runs out, in two
    parts.  ``payer`` is who pays for the registration, where the agreement lets the holders
    have one at their own expense; effective or not."""
    told = []
    used: dict[str, Decimal] = {}
    for nth, (kind, amount) in enumerate(costs):
        by, says = _bearer(terms, kind, payer)
        most = terms.caps.get(kind)
        if by is not Bearer.COMPANY or most is None:
            told.append(Borne(kind, amount, by, Reason("S6", clause, says), nth))
            continue
        before = used.get(kind, Decimal(0))
        within = min(amount, max(most - before, Decimal(0)))
        used[kind] = before + within
        of = f"{expense_name(kind)} up to {usd(most)} a registration"
        if within or not amount:
            because = Reason("S6", clause, f"The Company bears {of}")
            told.append(Borne(kind, within, Bearer.COMPANY, because, nth))
        if within < amount:
            because = Reason("S6", clause, f"The Company bears {of}, the sellers what is above it")
            told.append(Borne(kind, amount - within, Bearer.SELLERS, because, nth))
    return tuple(told)


def _bearer(terms: Expenses, kind: str, payer: str) -> tuple[Bearer, str]:
    """Who bears a kind of expense, and why in words."""
    name = expense_name(kind)
    if kind in terms.sellers:
        return Bearer.SELLERS, f"The sellers bear {name}"
    if terms.payer_bears and payer:
        by = Bearer.COMPANY if payer == "company" else Bearer.SELLERS
        return by, f"The registration is paid for by the {payer}, whether or not it takes effect"
    if kind in terms.company or kind in terms.caps:
        return Bearer.COMPANY, f"The Company bears {name}: a Registration Expense"
    by = terms.otherwise or Bearer.INCURRING
    return by, f"Not a listed expense: {name}"


def usd(amount: Decimal) -> str:
    """$1,234.50"""
    return f"${amount:,.2f}"


def dollars(cents: int) -> str:
    """Whole cents as $1,234.50; what is below nothing with a minus sign."""
    sign = "\u2212" if cents < 0 else ""
    return f"{sign}${abs(cents) // 100:,}.{abs(cents) % 100:02d}"


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
    gross = Fraction(price) * shares
    proceeds = {
        Proceeds.GROSS: _to_the_cent(gross),
        Proceeds.NET: _to_the_cent(gross * (1 - discount)),
    }
    sold = f"{shares:,} shares at ${price}: "
    return capped(terms, proceeds, claim, facts=facts, clause=clause, sold=sold)


def capped(
    terms: Indemnity,
    proceeds: Mapping[Proceeds, Decimal],
    claim: Decimal,
    *,
    facts: Mapping[str, bool | None] | None = None,
    clause: str = "",
    sold: str = "",
) -> tuple[Capped, ...]:
    """The same, from its proceeds of the sale, USD.  ``sold`` says what it sold."""
    if any((facts or {}).get(fact) for fact in terms.unlimited_where):
        because = Reason("S7", clause, "The limit does not hold where there was fraud or the like")
        return tuple(Capped(reading, None, claim, because) for reading in terms.cap)
    told = []
    for reading in terms.cap:
        cap = proceeds[reading]
        words = "gross" if reading is Proceeds.GROSS else "net of selling expenses"
        because = Reason("S7", clause, f"{sold}proceeds {words} ${cap:,}")
        told.append(Capped(reading, cap, min(cap, claim), because))
    return tuple(told)


def _to_the_cent(exact: Fraction) -> Decimal:
    return (Decimal(exact.numerator) / Decimal(exact.denominator)).quantize(
        Decimal("0.01"), ROUND_HALF_UP
    )


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
        "caps": MapOf(Usd()),
        "shared_by": Choice(SharedBy),
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
