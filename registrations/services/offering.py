"""An offering cut back, worked out from a matter's own facts (P7, H5).  Saves nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple

from investors.acts import Refused

from ..facts import began_on, docket_of, facts_of, group_names_on, holdings, terms_for
from ..models import AllocationLine, Demand
from ..rules import cutback
from ..rules.cutback import Claim, Order
from ..rules.cutback_steps import Step, costs_of_one_more, steps
from ..rules.days import say
from ..rules.filing import timely
from ..rules.joining import answers, latest_answer
from ..rules.matter import CompanyFacts
from .recording import fits, whole

Came = AllocationLine.Came
COMPANY, FIRST_OTHER = 0, 1 << 40  # ids of sellers: no Investor has them
OF_RECORD = (Came.COMPANY, Came.DEMANDED, Came.IN_TIME, Came.OTHER)
"""How a request stands that is counted unless counsel leaves it out."""
JOINS = ("D4", "P3")


MOST_GROUP = 200  # characters of a group's name, as the register has it


class OtherIn(NamedTuple):
    """Another selling holder, added by hand: what it holds and asks, whole shares."""

    name: str
    held: int
    asked: int
    group: str = ""


class CutbackIn(NamedTuple):
    """What is said of an offering to be cut back.

    ``on`` is the day holdings and requests are taken as of.  ``offering`` names the kind
    of offering the agreement gives an order for, where it gives several, and ``where``
    what is so of this one.  ``shared_again`` takes a reading; ``None`` the governing one.
    ``counted`` counts an Investor's request, or leaves it out, whatever the record says of
    it.  ``groups`` are words for those that count as one, by Investor, supposed otherwise
    than the register has it.
    """

    maximum: int
    on: date
    company: int = 0
    offering: str = ""
    where: frozenset[str] = frozenset()
    shared_again: bool | None = None
    counted: Mapping[int, bool] = {}
    groups: Mapping[int, str] = {}
    others: tuple[OtherIn, ...] = ()


class Seller(NamedTuple):
    """One who would sell: how its request stands, and whether it is counted."""

    id: int
    investor: int | None
    name: str
    who: str
    came: str
    counted: bool
    held: int
    asked: int
    group: str = ""


class Worked(NamedTuple):
    """A cutback worked out: the sellers, what each gets, how, and on the other reading.

    ``costs`` are the shares a holder would lose if the underwriters took one more.
    """

    given: CutbackIn
    offering: str
    order: Order
    clause: str
    shared_again: bool
    sellers: tuple[Seller, ...]
    claims: tuple[Claim, ...]
    result: cutback.Allocation
    otherwise: cutback.Allocation | None
    steps: Sequence[Step]
    costs: Mapping[int, int]

    @property
    def company_gets(self) -> int:
        return self.result.shares.get(COMPANY, 0)

    @property
    def holders_get(self) -> int:
        return self.result.total - self.company_gets

    @property
    def holders_ask(self) -> int:
        return sum(c.asked for c in self.claims if c.holder != COMPANY)

    @property
    def adds_up(self) -> bool:
        """Whether every share there is room for is given to somebody who asked for it, and
        nobody gets more than it asked: added up here, not taken from the rule."""
        asked = {c.holder: c.asked for c in self.claims}
        shares = self.result.shares
        taken = sum(tier.taken for tier in self.result.tiers)
        return sum(shares.values()) == taken <= self.given.maximum and all(
            0 <= got <= asked[holder] for holder, got in shares.items()
        )


def orders_of(demand: Demand) -> dict[str, Order]:
    """The agreement's orders of claims for what the matter is, by kind of offering: those
    of a demand, or those of a registration the Company makes."""
    orders = terms_for(demand).values.get("cutback", {})
    return {name: o for name, o in orders.items() if (name == "demand") != demand.by_company}


def classes_of(order: Order) -> tuple[str, str]:
    """What an Investor comes as in an order, and what another holder does."""
    who = [name for tier in order.tiers for name in tier.who if name != "company"]
    investors = next((n for n in ("investors", *who) if n in who), "investors")
    return investors, "others" if "others" in who else investors


def sellers_of(demand: Demand, order: Order, on: date) -> list[Seller]:
    """Everybody who asked for shares in a matter by a day, with what each held on it, and
    how its request stands (D4, P3, P6).  Nobody asks for more than it holds (D5)."""
    terms = terms_for(demand)
    facts = facts_of(demand, on).upto(on)
    docket = docket_of(demand, supposing=facts, as_of=on)
    windows = {w.investor: w for w in docket.windows if w.rule in JOINS and w.investor}
    answered = {i.investor: answers(i, terms) for i in facts.invited}
    held = {pk: position.registrable for pk, position in holdings(demand.agreement, on).items()}
    in_time = (
        {who.investor: shares for who, shares, _ in timely(facts, windows, answered)}
        if windows or not facts.invited
        else {i.investor: i.shares for i in facts.initiators}
    )
    initiating = {i.investor: i.name for i in facts.initiators}
    names = {**initiating, **{i.investor: i.name for i in facts.invited}}
    accepted = facts.accepted if isinstance(facts, CompanyFacts) else {}
    underwritten = isinstance(facts, CompanyFacts) and facts.proposal.underwritten
    places = {name for tier in order.tiers for name in tier.who}
    usual, _ = classes_of(order)
    groups = group_names_on(demand.agreement, on)
    found = []
    for investor, name in names.items():
        came = Came.DEMANDED if investor in initiating else Came.IN_TIME
        shares = in_time.get(investor)
        if investor not in in_time:
            last = latest_answer(answered.get(investor, ()), None)
            if last is None or last.declines:
                continue
            received = last.post.arrival(terms).received_on
            lenient = windows[investor].lenient_on if investor in windows else None
            undecided = lenient is not None and received is not None and received <= lenient
            came, shares = Came.UNDECIDED if undecided else Came.LATE, last.shares
        elif underwritten and investor not in accepted:
            came = Came.NOT_ACCEPTED
        found.append(
            Seller(
                investor,
                investor,
                name,
                "initiating" if investor in initiating and "initiating" in places else usual,
                came,
                came in OF_RECORD,
                held.get(investor, 0),
                min(shares or 0, held.get(investor, 0)),
                groups.get(investor, ""),
            )
        )
    return sorted(found, key=lambda s: (s.name, s.id))


def affiliates(sellers: Sequence[Seller]) -> dict[str, int]:
    """The number of each affiliate group, by the word its members are counted with,
    whatever the case (H5)."""
    words = sorted({s.group.casefold() for s in sellers} - {""})
    return {word: n for n, word in enumerate(words)}


def work_out(demand: Demand, given: CutbackIn, sellers: Sequence[Seller] | None = None) -> Worked:
    """Who may sell how much of an offering at what the underwriters will take (P7, H5).

    ``sellers`` are those ``sellers_of`` gave for the same day and order, if it was asked
    already.
    Raises ``Refused`` when the agreement gives no such order, a number or a day cannot be,
    or somebody asks for more than it holds.
    """
    orders = orders_of(demand)
    offering = given.offering or next(iter(orders), "")
    if offering not in orders:
        raise Refused(
            "offering",
            f"The agreement gives no order for such an offering; it has "
            f"{', '.join(orders) or 'none'}.",
        )
    order = orders[offering]
    _check(given, order, began_on(demand))
    _, other_who = classes_of(order)
    sellers = [
        s._replace(
            counted=given.counted.get(s.id, s.counted),
            group=given.groups.get(s.id, s.group).strip(),
        )
        for s in (sellers_of(demand, order, given.on) if sellers is None else sellers)
    ]
    strangers = {*given.counted, *given.groups} - {s.id for s in sellers}
    if strangers:
        raise Refused("investor", "This Investor asked for nothing in this registration.")
    if given.company:
        company = Seller(
            COMPANY, None, "The Company", "company", Came.COMPANY, True, 0, given.company
        )
        sellers.insert(0, company)
    sellers += [
        Seller(
            FIRST_OTHER + n, None, o.name.strip(), other_who, Came.OTHER, True, o.held, o.asked,
            o.group.strip(),
        )
        for n, o in enumerate(given.others)
    ]  # fmt: skip
    clause = terms_for(demand).clause("cutback")
    again = order.shared_again[0] if given.shared_again is None else given.shared_again
    claims = claims_of(sellers)

    def told(reading: bool) -> cutback.Allocation:
        return cutback.allocate(
            claims,
            order,
            maximum=given.maximum,
            where=given.where,
            shared_again=reading,
            clause=clause,
        )

    result = told(again)
    other = told(not again) if len(order.shared_again) > 1 else result
    groups = group_names(sellers)
    names = {s.id: s.name for s in sellers}
    return Worked(
        given,
        offering,
        order,
        clause,
        again,
        tuple(sellers),
        tuple(claims),
        result,
        other if other.shares != result.shares else None,
        steps(claims, order, result, names=names, groups=groups, shared_again=again),
        costs_of_one_more(
            claims,
            order,
            result,
            maximum=given.maximum,
            where=given.where,
            shared_again=again,
        ),
    )


def claims_of(sellers: Sequence[Seller]) -> list[Claim]:
    """The claims of the sellers that are counted and ask for something."""
    group = affiliates(sellers)
    return [
        Claim(s.id, s.held, s.asked, group.get(s.group.casefold()), s.who)
        for s in sellers
        if s.counted and s.asked
    ]


def group_names(sellers: Sequence[Seller]) -> dict[int, str]:
    """The word of each affiliate group as it was first typed, by the group's number."""
    number = affiliates(sellers)
    return {number[s.group.casefold()]: s.group for s in reversed(sellers) if s.group}


def _check(given: CutbackIn, order: Order, begun: date) -> None:
    whole("maximum", given.maximum)
    whole("company", given.company)
    if given.company and not any("company" in tier.who for tier in order.tiers):
        raise Refused("company", "This order has no place for shares of the Company’s own.")
    if given.on < begun:
        raise Refused("on", f"The registration began on {say(begun)}. Check the day.")
    if given.shared_again is not None and given.shared_again not in order.shared_again:
        raise Refused("shared_again", "The agreement does not leave this reading open.")
    for n, other in enumerate(given.others):
        if not other.name.strip():
            raise Refused(f"others.{n}.name", "Say who this holder is.")
        fits(f"others.{n}.name", other.name.strip(), 200)
        fits(f"others.{n}.group", other.group.strip(), MOST_GROUP)
        whole(f"others.{n}.held", other.held)
        whole(f"others.{n}.asked", other.asked)
        if other.asked > other.held:
            raise Refused(
                f"others.{n}.asked",
                f"{other.name.strip()} holds {other.held:,} and can ask for no more.",
            )
    for word in given.groups.values():
        fits("groups", word.strip(), MOST_GROUP)
