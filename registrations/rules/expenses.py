"""The expense ledger of a registration: who bears what, and who owes whom, section 4 (S6).

Amounts are whole US cents.  A kind of expense the terms do not place is borne by nobody
known: it is told apart, and nothing is owed for it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import ROUND_DOWN, Decimal
from enum import StrEnum
from typing import NamedTuple

from .cutback import in_proportion
from .findings import Awaited, Reason
from .money import Bearer, Expenses, borne, expense_name

COMPANY = 0  # no Investor has this key
SELLERS = -1  # all Selling Investors together, while each one's part is not known
REPAYMENT = "repayment"
OTHER = "other"


class Burden(StrEnum):
    """Whose an expense is, as a ledger adds it up."""

    COMPANY = "company"
    SELLERS = "sellers"
    INCURRING = "incurring"
    UNKNOWN = "unknown"


class Cost(NamedTuple):
    """An expense of a registration, or a repayment between two of its parties.

    ``paid_by`` is ``COMPANY``, ``SELLERS`` where it came out of their proceeds, an
    Investor's key, or ``None`` while it is not paid.  ``about`` is the one Investor whose
    own it is or, of a repayment, who was repaid; ``None`` is all sellers or, repaid, the
    Company.
    """

    id: int
    kind: str
    cents: int
    paid_by: int | None
    about: int | None = None


class Part(NamedTuple):
    """An expense, or a part of it: whose it is, why, and by party how much of it."""

    burden: Burden
    cents: int
    because: Reason
    shares: Mapping[int, int]


class Debt(NamedTuple):
    """What one party owes another, whole cents."""

    debtor: int
    creditor: int
    cents: int


class Line(NamedTuple):
    """A cost, whose it is, and what is owed because another paid it."""

    cost: Cost
    parts: tuple[Part, ...]
    owed: tuple[Debt, ...]


class Account(NamedTuple):
    """A registration's expenses added up.  ``totals`` by burden, ``bears`` and ``paid`` by
    party, ``debts`` what is owed now, repayments taken off.  ``assumes`` is what we add
    where the agreement is silent."""

    lines: tuple[Line, ...]
    total: int
    totals: Mapping[Burden, int]
    bears: Mapping[int, int]
    paid: Mapping[int, int]
    unpaid: int
    debts: tuple[Debt, ...]
    awaiting: tuple[Awaited, ...] = ()
    assumes: tuple[Reason, ...] = ()


def account(
    costs: Iterable[Cost],
    terms: Expenses | None,
    *,
    registered: Mapping[int, int] | None = None,
    clause: str = "",
    payer: str = "",
) -> Account:
    """A registration's expenses: who bears each, each Selling Investor's part, who owes whom.

    ``terms`` is ``None`` where the agreement's are not on record.  ``registered`` is the
    Registrable Shares the statement covers for each Selling Investor, ``None`` while none is
    filed; ``payer`` who pays for the registration where the agreement lets that differ.
    Odd cents go by the largest remainder, so that parts add up to the expense.
    """
    costs = list(costs)
    spent = [cost for cost in costs if cost.kind != REPAYMENT]
    sellers = {who: n for who, n in (registered or {}).items() if n > 0}
    placed: dict[int, list[Part]] = defaultdict(list)
    if terms is None:
        because = Reason("S6", clause, "The agreement’s terms do not say who bears expenses")
        for n, cost in enumerate(spent):
            placed[n] = [Part(Burden.UNKNOWN, cost.cents, because, {})]
    else:
        asked = [(cost.kind, Decimal(cost.cents).scaleb(-2)) for cost in spent]
        for each in borne(_to_the_cent(terms), asked, clause, payer):
            cost = spent[each.nth]
            burden, because = _burden(terms, cost, each.by, each.because, payer)
            cents = int(each.amount.scaleb(2))
            shares = _shares(burden, cents, cost.about, sellers)
            placed[each.nth].append(Part(burden, cents, because, shares))
    parts = {cost.id: tuple(placed[n]) for n, cost in enumerate(spent)}
    lines = tuple(_line(cost, parts.get(cost.id, ()), sellers) for cost in costs)
    return _added_up(lines, terms, sellers, clause)


def _to_the_cent(terms: Expenses) -> Expenses:
    """The same terms with caps of whole cents."""
    cent = Decimal("0.01")
    caps = {kind: most.quantize(cent, ROUND_DOWN) for kind, most in terms.caps.items()}
    return replace(terms, caps=caps)


def _burden(
    terms: Expenses, cost: Cost, by: Bearer, because: Reason, payer: str
) -> tuple[Burden, Reason]:
    """Whose an expense is; not known where the terms do not place it."""
    name = expense_name(cost.kind) if cost.kind != OTHER else "another expense"
    if by is not Bearer.INCURRING:
        return Burden(by.value), because
    if terms.payer_bears and not payer:
        says = f"Who pays for the registration is not on record, and so who bears {name}"
        return Burden.UNKNOWN, because._replace(says=says)
    if terms.otherwise is None:
        says = f"The agreement puts {name} on neither the Company nor the sellers"
        return Burden.UNKNOWN, because._replace(says=says)
    if cost.about is None:
        says = f"Whoever incurred it bears {name}; who did is not on record"
        return Burden.UNKNOWN, because._replace(says=says)
    says = f"Whoever incurred it bears {name}: not a listed expense"
    return Burden.INCURRING, because._replace(says=says)


def _shares(
    burden: Burden, cents: int, about: int | None, sellers: Mapping[int, int]
) -> Mapping[int, int]:
    """By party, how much of an expense each bears."""
    if burden is Burden.UNKNOWN:
        return {}
    if burden is Burden.COMPANY:
        return {COMPANY: cents}
    if about is not None:
        return {about: cents}
    return split(cents, sellers)


def split(cents: int, weights: Mapping[int, int]) -> Mapping[int, int]:
    """Whole cents by weight, largest remainder first; all on ``SELLERS`` together while
    nobody's weight is known."""
    if not weights:
        return {SELLERS: cents}
    who = sorted(weights)
    return dict(zip(who, in_proportion([(weights[w], cents, w) for w in who], cents), strict=True))


def _line(cost: Cost, parts: tuple[Part, ...], sellers: Mapping[int, int]) -> Line:
    """A cost with what is owed because somebody else paid it."""
    if cost.kind == REPAYMENT or cost.paid_by is None:
        return Line(cost, parts, ())
    if any(part.burden is Burden.UNKNOWN for part in parts):
        return Line(cost, parts, ())
    over: dict[int, int] = defaultdict(int)
    paid = split(cost.cents, sellers) if cost.paid_by == SELLERS else {cost.paid_by: cost.cents}
    for who, cents in paid.items():
        over[who] += cents
    for part in parts:
        for who, cents in part.shares.items():
            over[who] -= cents
    if over.get(SELLERS) and any(cents for who, cents in over.items() if who > COMPANY):
        return Line(cost, parts, ())  # one of the sellers, and its part is not known
    return Line(cost, parts, _matched(over))


def _matched(over: Mapping[int, int]) -> tuple[Debt, ...]:
    """Debts that bring everybody to what they bear, in the order of the parties' keys."""
    short = [[who, -cents] for who, cents in sorted(over.items()) if cents < 0]
    debts = []
    for creditor, cents in sorted(over.items()):
        left = cents
        while left > 0:
            debtor = short[0]
            paid = min(left, debtor[1])
            debts.append(Debt(debtor[0], creditor, paid))
            left -= paid
            debtor[1] -= paid
            if not debtor[1]:
                short.pop(0)
    return tuple(debts)


def _added_up(
    lines: tuple[Line, ...], terms: Expenses | None, sellers: Mapping[int, int], clause: str
) -> Account:
    totals = dict.fromkeys(Burden, 0)
    bears: dict[int, int] = defaultdict(int)
    paid: dict[int, int] = defaultdict(int)
    between: dict[tuple[int, int], int] = defaultdict(int)
    for line in lines:
        cost = line.cost
        if cost.kind == REPAYMENT:
            _owes(between, cost.paid_by or COMPANY, cost.about or COMPANY, -cost.cents)
            continue
        if cost.paid_by is not None:
            paid[cost.paid_by] += cost.cents
        for part in line.parts:
            totals[part.burden] += part.cents
            for who, cents in part.shares.items():
                bears[who] += cents
        for debt in line.owed:
            _owes(between, debt.debtor, debt.creditor, debt.cents)
    debts = tuple(
        Debt(a, b, cents) if cents > 0 else Debt(b, a, -cents)
        for (a, b), cents in sorted(between.items())
        if cents
    )
    total = sum(totals.values())
    return Account(
        lines,
        total,
        {burden: cents for burden, cents in totals.items() if cents},
        dict(bears),
        dict(paid),
        total - sum(paid.values()),
        debts,
        tuple(_awaiting(lines, terms, clause)),
        _assumed(lines, terms, sellers, clause),
    )


def _owes(between: dict[tuple[int, int], int], debtor: int, creditor: int, cents: int) -> None:
    """Add a debt to what stands between two parties, kept under the lower key first."""
    if debtor < creditor:
        between[debtor, creditor] += cents
    else:
        between[creditor, debtor] -= cents


def _awaiting(lines: Sequence[Line], terms: Expenses | None, clause: str) -> Iterable[Awaited]:
    """What has to be known before every expense has a bearer and a part."""
    if terms is None and lines:
        yield Awaited("who bears expenses: the agreement’s terms do not say", clause)
        return
    said = dict.fromkeys(
        part.because.text for line in lines for part in line.parts if part.burden is Burden.UNKNOWN
    )
    yield from (Awaited(text, clause) for text in said)
    if any(SELLERS in part.shares for line in lines for part in line.parts):
        yield Awaited("the shares the statement covers, by which the sellers share", clause)


def _assumed(
    lines: Sequence[Line], terms: Expenses | None, sellers: Mapping[int, int], clause: str
) -> tuple[Reason, ...]:
    shared = any(
        part.burden is Burden.SELLERS and line.cost.about is None
        for line in lines
        for part in line.parts
    )
    if terms is None or not shared or not sellers:
        return ()
    if terms.shared_by is not None:
        says = "The sellers share theirs by the shares registered for each"
        return (Reason("S6", clause, says),)
    says = (
        "How the sellers share theirs is not in the agreement; our standard is the shares "
        "registered for each"
    )
    return (Reason("S6", "", says),)
