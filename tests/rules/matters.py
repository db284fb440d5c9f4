"""Matters made up by Hypothesis: any mix of copies, answers, filings and decisions."""

from __future__ import annotations

import itertools
from datetime import date, timedelta

from hypothesis import strategies as st

from registrations.rules.findings import Decision
from registrations.rules.matter import (
    Amendment,
    Capital,
    Circumstances,
    Delay,
    DemandFacts,
    Filing,
    Initiator,
    Invited,
    OtherStatement,
    Request,
    Withdrawal,
)
from registrations.rules.notice import Address, Consent, Copy, Post
from registrations.rules.prospectus import Selling

METHODS = (
    "registered_mail", "certified_mail", "personal", "facsimile", "regular_mail", "portal", "email",
    "pigeon",
)  # fmt: skip
FIRST = date(2003, 1, 1)

days = st.integers(0, 900).map(lambda n: FIRST + timedelta(n))
units = st.integers(0, 5_000_000)
shares = st.none() | st.integers(0, 30_000_000)


@st.composite
def copies(draw):
    sent_on = draw(st.none() | days)
    transit = draw(st.none() | st.integers(0, 40))
    received_on = None
    if transit is not None:
        received_on = (sent_on or draw(days)) + timedelta(transit)
    if sent_on is None and received_on is None:
        sent_on = draw(days)
    return Copy(
        draw(st.integers(1, 9)),
        draw(st.sampled_from(METHODS)),
        sent_on,
        received_on,
        draw(st.sampled_from([None, None, 1, 2])),
    )


def one_each(strategy, *, by, most):
    return st.lists(strategy, max_size=most, unique_by=by).map(tuple)


@st.composite
def consents(draw):
    signed_on = draw(days)
    withdrawn = draw(st.none() | st.integers(0, 200))
    return Consent(signed_on, None if withdrawn is None else signed_on + timedelta(withdrawn))


posts = st.builds(
    Post,
    one_each(copies(), by=lambda c: c.id, most=3),
    st.lists(
        st.builds(Address, st.sampled_from([1, 2]), days), max_size=2, unique_by=lambda a: a.id
    ).map(tuple),
    st.lists(consents(), max_size=2).map(tuple),
)

requests = st.builds(
    Request,
    id=st.integers(1, 9),
    post=posts,
    declines=st.booleans(),
    units=shares,
    shares=shares,
    distribution=st.sampled_from([None, "", "Through a broker"]),
    other_information=st.sampled_from([None, ""]),
    held=shares,
)


def investors(first):
    return st.integers(first, first + 5)


def named(kind, first, **more):
    return st.builds(
        lambda n, **rest: kind(investor=n, name=f"Investor {n}", **rest), investors(first), **more
    )


invited = named(Invited, 10, post=posts, requests=one_each(requests, by=lambda r: r.id, most=3))
initiators = named(Initiator, 1, units=units, shares=shares, held=shares)


@st.composite
def decisions(draw):
    choices = {
        "eligibility": ["offered", "issued", "held"],
        "filing_opens": ["last_receipt", "first_receipt"],
        "delay_effect": ["due_at_end", "tolled", "restart"],
        **{f"delay:{n}": ["allowed", "not_allowed"] for n in range(1, 3)},
        **{f"request:{n}": ["given", "received"] for n in range(1, 4)},
    }
    abouts = draw(st.lists(st.sampled_from(sorted(choices)), unique=True, max_size=3))
    return {
        about: Decision(about, draw(st.sampled_from(choices[about])), draw(days), "Memo")
        for about in abouts
    }


def delays():
    """A delay as the first agreement allows it, or as it does not."""
    words = ["company_engaged", "firm_plans", "open_to_investors"]
    return st.builds(
        Delay,
        st.integers(1, 9),
        days,
        st.just("Offering"),
        st.dictionaries(st.sampled_from(words), st.booleans()),
        st.none() | days,
        st.none() | days,
        st.none() | days,
        st.sampled_from(["", "", "A merger under way"]),
    )


def by_investor(person):
    return person.investor


_matters = st.builds(
    DemandFacts,
    post=posts,
    initiators=st.lists(initiators, min_size=1, max_size=3, unique_by=by_investor).map(tuple),
    units_issued=units,
    units_held=units,
    invited=one_each(invited, by=by_investor, most=4),
    filing=st.none()
    | st.builds(
        Filing,
        days,
        st.none() | st.dictionaries(investors(1) | investors(10), st.integers(0, 30_000_000)),
        st.lists(
            st.builds(Amendment, days, st.dictionaries(investors(10), st.integers(0, 30_000_000))),
            max_size=2,
        ).map(lambda made: tuple(sorted(made, key=lambda a: a.on))),
    ),
    effective_on=st.none() | days,
    all_sold_on=st.none() | days,
    distribution=st.sampled_from(["", "resale", "firm"]),
    distributed_on=st.none() | days,
    withdrawn=st.none()
    | st.builds(Withdrawal, days, st.sampled_from(["investors", "learned", "company"])),
    others=one_each(
        st.builds(OtherStatement, st.integers(1, 3), st.just("Other"), days),
        by=lambda o: o.id,
        most=2,
    ),
    delays=one_each(delays(), by=lambda d: d.id, most=2),
    delayed_elsewhere=one_each(delays(), by=lambda d: d.id, most=1),
    decisions=decisions(),
    capital=st.just(Capital()),  # told in stories of their own
    circumstances=st.just(Circumstances()),  # told in stories of their own
    earlier=st.just(()),
    selling=st.just(Selling()),
    waivers=st.just(()),  # told in test_waivers
)


def _numbered(facts: DemandFacts) -> DemandFacts:
    """Requests numbered through the matter, as no two of them are the same paper."""
    numbers = itertools.count(1)
    return facts._replace(
        invited=tuple(
            i._replace(requests=tuple(r._replace(id=next(numbers)) for r in i.requests))
            for i in facts.invited
        )
    )


matters = _matters.map(_numbered)
