"""The letters that can be made in a matter beside its notice: of a delay, of sales stopped and
resumed, for information, of effectiveness.  Each is one letter to everybody it is for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple

from django.db.models import QuerySet

from investors.models import Investor

from .facts import addresses_of_record, facts_of, numbered_delays, terms_for, texts_of
from .facts.papers import asking_of, information_of
from .letter_kinds import Kind
from .letters import TO_SIGN, form_of, letter, section_of
from .models import DelayRecord, Demand, StatementRecord
from .pdf import Paper
from .rules.days import in_full, say
from .rules.information import PARTS
from .rules.matter import DemandFacts
from .wordings import Values

TO_AGENT = "The transfer agent"


class Occasion(NamedTuple):
    """What a letter can be written about: ``name`` is its part of an address, ``about`` says
    what happened, ``to`` are the Investors it goes to, by their keys, each with what the
    letter says to it alone; empty for one to the transfer agent."""

    name: str
    kind: Kind
    about: str
    section: str
    says: Values
    to: Mapping[int, Values]

    @property
    def for_agent(self) -> bool:
        """Whether it goes to the transfer agent."""
        return self.kind is Kind.EFFECTIVENESS

    @property
    def many(self) -> int:
        """How many letters it makes."""
        return 1 if self.for_agent else len(self.to)


def occasions_of(demand: Demand, day: date) -> list[Occasion]:
    """Every letter that can be made in a matter on a day, beside those of its notice."""
    facts, terms = facts_of(demand), terms_for(demand)
    asking = asking_of(demand)
    to_all: dict[int, Values] = {investor: {} for investor in asking}
    found = []
    received_on = None
    if isinstance(facts, DemandFacts):
        received_on = facts.post.arrival(terms).received_on
    for number, delay in _delays(demand):
        found.append(
            Occasion(
                f"delay-{number}", Kind.DELAY, f"Directed on {say(delay.directed_on)}", "delay",
                {
                    "directed_on": in_full(delay.directed_on),
                    "until_on": in_full(delay.until_on) if delay.until_on else "",
                    "demand_received_on": in_full(received_on) if received_on else "",
                    "what": delay.what,
                },
                to_all,
            )
        )  # fmt: skip
    statement = _statement(demand)
    file_number = next((r.file_number for r in statement if r.file_number), "")
    to_sellers: dict[int, Values] = {seller.investor: {} for seller in facts.selling.sellers}
    for each in facts.selling.suspensions:
        says = {
            "suspension": each.reference,
            "amended_on": in_full(each.amended_on),
            "file_number": file_number,
        }
        nth = each.reference.removeprefix("S-")
        about = f"{each.reference}: prospectus amended on {say(each.amended_on)}"
        released = in_full(each.released_on) if each.released_on else ""
        found += [
            Occasion(f"suspension-{nth}", Kind.SUSPENSION, about, "suspension", says,
                     to_sellers),
            Occasion(f"resumption-{nth}", Kind.RESUMPTION, about, "suspension",
                     {**says, "released_on": released}, to_sellers),
        ]  # fmt: skip
    asked = information_of(demand, day)
    if asked:
        found.append(
            Occasion(
                "information", Kind.INFORMATION, "What the prospectus says of Selling Investors",
                "information", {},
                {
                    each.investor.pk: {
                        "due_on": in_full(each.asked.due_on) if each.asked else "",
                        "parts": [PARTS[p] for p in (each.asked.parts if each.asked else PARTS)],
                    }
                    for each in asked
                },
            )
        )  # fmt: skip
    if facts.invited and facts.effective_on is None:
        found.append(
            Occasion(
                "forms", Kind.PIGGYBACK if demand.by_company else Kind.INCLUSION,
                "A form for each Investor that may ask", "", {},
                {invited.investor: {} for invited in facts.invited},
            )
        )  # fmt: skip
    if facts.effective_on is not None:
        found.append(
            Occasion(
                "effectiveness", Kind.EFFECTIVENESS, f"Effective on {say(facts.effective_on)}",
                "keep_effective",
                {
                    "effective_on": in_full(facts.effective_on),
                    "form": statement[0].statement.form if statement else "",
                    "file_number": file_number,
                    "holders": [
                        f"{s.name}: {s.covered:,} shares" if s.covered is not None else s.name
                        for s in facts.selling.sellers
                    ],
                },
                {},
            )
        )  # fmt: skip
    return [o._replace(section=section_of(terms, o.section)) for o in found if o.many]


def papers_of(demand: Demand, occasion: Occasion, day: date) -> list[Paper]:
    """The letters of an occasion, one for each it goes to, in the order of their names.

    Raises ``Refused`` where counsel's words cannot be used.
    """
    where = addresses_of_record(demand.agreement, day)
    texts = texts_of(demand.agreement)
    says: Values = {
        "registration": demand.reference, "section": occasion.section, **occasion.says,
    }  # fmt: skip

    if occasion.kind in TO_SIGN:
        terms = terms_for(demand)
        return [
            form_of(
                demand, terms, each.name, where.get(each.pk), where.get(None), today=day,
                texts=texts,
            )
            for each in _investors(occasion)
        ]  # fmt: skip

    def paper(name: str, investor: int | None, own: Values) -> Paper:
        return letter(
            demand.agreement, occasion.kind, name, where.get(investor) if investor else None,
            where.get(None), {**says, **own}, today=day, texts=texts,
        )  # fmt: skip

    if occasion.for_agent:
        return [paper(TO_AGENT, None, {})]
    return [paper(each.name, each.pk, occasion.to[each.pk]) for each in _investors(occasion)]


def _investors(occasion: Occasion) -> QuerySet[Investor]:
    return Investor.objects.filter(pk__in=occasion.to).order_by("name", "pk")


def _delays(demand: Demand) -> list[tuple[int, DelayRecord]]:
    return numbered_delays(DelayRecord.objects.filter(demand=demand))


def _statement(demand: Demand) -> Sequence[StatementRecord]:
    """The entries of the statement's life, the latest first."""
    records = StatementRecord.objects.standing().filter(statement__demand=demand)
    return list(records.select_related("statement").order_by("-on", "-pk"))
