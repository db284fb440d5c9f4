"""Terms amended with the consents they need, corrected where they were misread, and taken
in and handed out as a file (S8, section 8(c))."""

from __future__ import annotations

import json
from datetime import date

import pytest

from investors.models import Term, TermConsent
from registrations import library
from registrations.facts import docket_of, terms_of
from registrations.projection import differs
from registrations.rules.terms import TermEntry
from registrations.services import agreements, matters, terms
from tests import world as tell
from tests.services.saved import conflicts, refused


def june(day: int) -> date:
    return date(2003, 6, day)


JOIN_IN_TEN = TermEntry(
    {"n": 10, "after": "company_notice_given"}, "1(a)", "Ten days from the Company Notice."
)


TENTH, TWELFTH = june(10), june(12)


def amend(world: tell.World, *names: str, company: bool = True, from_: date = TENTH) -> Term:
    return terms.amend(
        agreement=world.agreement,
        name="joining",
        entry=JOIN_IN_TEN,
        from_=from_,
        company_consents=company,
        consents=[world.investors[name] for name in names],
        reason="Amendment No. 1",
        when=world.at(june(12)),
    )


def correct(world: tell.World, name: str, value: object, on: date = TWELFTH) -> Term:
    term = Term.objects.standing().get(agreement=world.agreement, name=name)
    return terms.correct(
        agreement=world.agreement,
        name=name,
        replaces=term,
        entry=TermEntry(value, term.clause, term.summary),
        reason="Entered wrongly",
        when=world.at(on),
    )


def test_an_amendment_needs_the_company_and_every_investor(bestnet: tell.World) -> None:
    everybody = list(bestnet.investors)
    with refused("consents", "8(c)"):
        amend(bestnet, *everybody[:-1])
    with refused("consents", "8(c)"):
        amend(bestnet, *everybody, company=False)

    term = amend(bestnet, *everybody)

    assert term.kind == Term.Kind.AMENDMENT
    assert TermConsent.objects.filter(term=term).count() == len(everybody) + 1
    assert terms_of(bestnet.agreement, june(9)).joining.n == 20
    assert terms_of(bestnet.agreement, june(10)).joining.n == 10


def test_the_one_whose_consent_is_missing_is_named(bestnet: tell.World) -> None:
    everybody = sorted(bestnet.investors)
    with pytest.raises(agreements.Refused, match=f"Missing: {everybody[-1]}"):
        amend(bestnet, *everybody[:-1])


def test_a_matter_is_judged_by_the_terms_it_began_under(bestnet: tell.World) -> None:
    before = tell.demand(bestnet, received_on=june(2))
    tell.tell(bestnet, before, {"Birch": june(7)}, sent_on=june(5))
    amend(bestnet, *bestnet.investors)

    joins = [w.closes_on for w in docket_of(before).windows if w.who == "Birch"]
    assert joins == [june(25)]
    assert not differs(before.pk)


def test_a_correction_redraws_every_open_matter(bestnet: tell.World) -> None:
    matter = tell.demand(bestnet, received_on=june(2))
    corrected = correct(bestnet, "filing_closes", {"n": 60, "after": "demand_notice_received"})

    assert corrected.kind == Term.Kind.CORRECTION
    file = next(w for w in docket_of(matter).windows if w.key == "file")
    assert file.closes_on == date(2003, 8, 1)
    assert not differs(matter.pk)


def test_a_correction_that_would_alter_a_closed_matter_is_refused(bestnet: tell.World) -> None:
    matter = tell.demand(bestnet, received_on=june(2))
    tell.files(bestnet, matter, date(2003, 7, 15), {"Alder": 1})
    matters.record_effectiveness(
        demand=matter, on=date(2003, 8, 1), when=bestnet.at(date(2003, 8, 1))
    )
    matters.record_all_sold(demand=matter, on=date(2003, 9, 1), when=bestnet.at(date(2003, 9, 1)))

    with refused("value"):
        correct(
            bestnet,
            "filing_closes",
            {"n": 60, "after": "demand_notice_received"},
            date(2003, 9, 2),
        )
    # What no closed matter hangs on can be put right.
    expenses = {"company": ["listing"], "sellers": ["selling_commission"]}
    assert correct(bestnet, "expenses", expenses, date(2003, 9, 2))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        pytest.param("joining", {"n": 20, "unit": "weeks", "after": "filed"}, id="a unit unknown"),
        pytest.param("demand_threshold", {"measure": "initiating_units", "is": "over",
                     "share": "150%", "of": "units_offered"}, id="more than all"),
    ],
)  # fmt: skip
def test_a_term_nobody_can_read_is_refused(bestnet: tell.World, name: str, value: object) -> None:
    with refused("value"):
        correct(bestnet, name, value)


def test_a_term_older_than_its_agreement_is_refused(bestnet: tell.World) -> None:
    with refused("from_"):
        amend(bestnet, *bestnet.investors, from_=date(2003, 1, 1))


def test_an_agreement_handed_out_and_taken_in_again_says_the_same(bestnet: tell.World) -> None:
    file = json.loads(json.dumps(agreements.hand_out(bestnet.agreement, june(1))))
    again = agreements.put_document_on_record(
        company=bestnet.company,
        slug="again",
        document=agreements.document_of(file),
        when=bestnet.at(june(2)),
    )

    assert agreements.hand_out(again, june(1)) == file


def test_a_file_with_mistakes_is_refused_whole_and_lists_them_all(bestnet: tell.World) -> None:
    file = library.data("hexcel-2000")
    file["terms"]["demand_opens"]["value"]["bound"] = "soon"
    file["terms"]["company_notice"]["value"]["n"] = -10
    file["terms"]["weather"] = {"value": 1}

    with pytest.raises(agreements.Unreadable) as wrong:
        agreements.document_of(file)
    assert [problem.path for problem in wrong.value.problems] == [
        "terms.demand_opens.value.bound",
        "terms.company_notice.value.n",
        "terms.weather.value",
    ]


def test_a_file_that_leaves_its_date_open_asks_for_it(bestnet: tell.World) -> None:
    document = library.agreement("nvca-model-ira-2020")
    with refused("dated_on"):
        agreements.put_document_on_record(
            company=bestnet.company, slug="series-a", document=document, when=bestnet.at(june(2))
        )
    with refused("time_zone"):
        agreements.put_document_on_record(
            company=bestnet.company,
            slug="series-a",
            document=document._replace(time_zone=""),
            dated_on=june(1),
            when=bestnet.at(june(2)),
        )


def test_a_term_entered_meanwhile_by_somebody_else_is_a_conflict(bestnet: tell.World) -> None:
    stood = Term.objects.standing().get(agreement=bestnet.agreement, name="filing_closes")
    correct(bestnet, "filing_closes", {"n": 60, "after": "demand_notice_received"})

    with conflicts("value"):
        terms.correct(
            agreement=bestnet.agreement,
            name="filing_closes",
            replaces=stood,
            entry=TermEntry({"n": 50, "after": "demand_notice_received"}, "1(a)"),
            reason="Misread",
            when=bestnet.at(june(12)),
        )
