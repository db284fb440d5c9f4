"""Sales suspended and resumed, prospectuses and states: the acts, told as they happen (S2–S4)."""

from __future__ import annotations

from datetime import date, time

import pytest
from pghistory.models import Context

from investors.acts import Conflict, Refused
from registrations.facts import facts_of, open_days, terms_of
from registrations.facts.prospectus import state_facts
from registrations.models import (
    Demand,
    Flag,
    ProspectusCopies,
    StateEntry,
    Suspension,
    SuspensionAnswer,
    SuspensionLetter,
    SuspensionRecord,
)
from registrations.rules.blue_sky import grid
from registrations.rules.selling import who_may_sell
from registrations.services import company, correspondence, matters, prospectuses, selling
from registrations.services.deliveries import CopyIn
from registrations.services.prospectuses import Sent
from tests import world as w

NOV_3, NOV_5, NOV_10, NOV_12 = (date(2003, 11, day) for day in (3, 5, 10, 12))


@pytest.fixture
def matter(bestnet: w.World) -> Demand:
    return w.selling(bestnet)


def may(matter: Demand, day: date) -> dict[str, str]:
    """Who may sell on a day, on what had happened by then."""
    facts = facts_of(matter, day)
    terms = terms_of(matter.agreement, date(2003, 6, 2))
    found = who_may_sell(facts.selling, terms, open_days(), day)
    return {stands.seller.name: stands.answer.outcome for stands in found}


def begun(world: w.World, matter: Demand, on: date = NOV_3) -> Suspension:
    return selling.begin_suspension(
        statement=matter.statement,
        on=on,
        time=time(9, 30),
        note="The third quarter’s loss",
        when=world.at(on),
    )


def asked(
    world: w.World, suspension: Suspension, *names: str, on: date = NOV_3, asks: bool = True
) -> SuspensionLetter:
    notice = selling.record_letter(
        suspension=suspension,
        copies=[(world.investors[name], CopyIn("certified_mail", on)) for name in names],
        asks_to_stop=asks,
        when=world.at(on),
    )
    return SuspensionLetter.objects.get(notice=notice)


def revised(world: w.World, suspension: Suspension, name: str, received_on: date | None) -> None:
    prospectuses.furnish(
        statement=suspension.statement,
        investors=[world.investors[name]],
        kind="revised",
        sent=Sent("overnight_courier", 10, NOV_10, received_on),
        suspension=suspension,
        when=world.at(NOV_12),
    )


def test_stopped_and_resumed_one_by_one(bestnet: w.World, matter: Demand) -> None:
    assert may(matter, date(2003, 9, 1)) == {"Alder": "must_not", "Birch": "must_not"}
    assert may(matter, date(2003, 9, 2)) == {"Alder": "may", "Birch": "may"}

    suspension = begun(bestnet, matter)
    assert may(matter, NOV_3) == {"Alder": "may", "Birch": "may"}
    asked(bestnet, suspension, "Alder", "Birch")
    assert may(matter, NOV_3) == {"Alder": "must_not", "Birch": "must_not"}
    flag = Flag.objects.get(kind="suspended")
    assert flag.since_on == NOV_3
    assert flag.text.startswith("Do not sell under DR-1: S-1.")

    revised(bestnet, suspension, "Alder", NOV_12)
    assert may(matter, NOV_12) == {"Alder": "may", "Birch": "must_not"}
    assert "Birch may not resume yet." in Flag.objects.get(kind="suspended", cleared_at=None).text
    revised(bestnet, suspension, "Birch", None)
    assert may(matter, NOV_12)["Birch"] == "unknown"
    prospectuses.correct_furnished(
        replaces=ProspectusCopies.objects.standing().get(received_on=None),
        sent=Sent("overnight_courier", 10, NOV_10, NOV_12),
        when=bestnet.at(NOV_12),
    )

    assert may(matter, NOV_12) == {"Alder": "may", "Birch": "may"}
    assert not Flag.objects.filter(kind="suspended", cleared_at=None).exists()
    assert may(matter, NOV_5) == {"Alder": "must_not", "Birch": "must_not"}


def test_the_trail_says_who_did_what(bestnet: w.World, matter: Demand) -> None:
    suspension = begun(bestnet, matter)
    letter = asked(bestnet, suspension, "Alder", "Birch")
    selling.record_stop_answer(
        suspension=suspension,
        investors=[bestnet.investors["Alder"]],
        kind="acknowledged",
        on=NOV_5,
        when=bestnet.at(NOV_5),
    )
    selling.correct_letter(
        replaces=letter, asks_to_stop=False, time=None, reason="Misread", when=bestnet.at(NOV_5)
    )

    said = list(Context.objects.order_by("created_at").values_list("metadata__says", flat=True))
    assert said[-4:] == [
        "Recorded that the prospectus of DR-1 was amended on Mon, Nov 3, 2003 at 9:30 am",
        "Recorded the request to stop offers under DR-1 (S-1) to 2 Investors",
        "Recorded “Acknowledged that it stopped offers” from Alder under DR-1 (S-1)",
        "Corrected what N-4 asks under DR-1",
    ]
    assert may(matter, NOV_5) == {"Alder": "may", "Birch": "may"}


def test_the_request_taken_back(bestnet: w.World, matter: Demand) -> None:
    suspension = begun(bestnet, matter)
    when = bestnet.at(NOV_10)
    with pytest.raises(Refused, match="Nobody was asked to stop"):
        selling.release(suspension=suspension, on=NOV_10, note="Not needed", when=when)
    asked(bestnet, suspension, "Alder")

    with pytest.raises(Refused, match=r"of Mon, Nov 3, 2003\. Check both days"):
        selling.release(suspension=suspension, on=date(2003, 11, 2), note="So", when=when)
    selling.release(suspension=suspension, on=NOV_10, note="The loss was restated", when=when)

    assert may(matter, NOV_5)["Alder"] == "must_not"
    assert may(matter, NOV_10)["Alder"] == "may"
    with pytest.raises(Conflict):
        selling.release(suspension=suspension, on=NOV_10, note="Again", when=when)


@pytest.mark.parametrize(
    ("on", "at", "note", "field"),
    [
        (date(2003, 7, 14), None, "Loss", "on"),
        (date(2003, 11, 13), None, "Loss", "on"),
        (NOV_12, time(12, 1), "Loss", "time"),
        (NOV_12, None, " ", "note"),
    ],
)
def test_an_amendment_that_cannot_be(bestnet, matter, on, at, note, field):
    with pytest.raises(Refused) as refused:
        selling.begin_suspension(
            statement=matter.statement, on=on, time=at, note=note, when=bestnet.at(NOV_12)
        )
    assert refused.value.field == field
    assert Suspension.objects.count() == 0


def test_what_an_investor_cannot_have_done(bestnet: w.World, matter: Demand) -> None:
    suspension, when = begun(bestnet, matter), bestnet.at(NOV_12)
    alder, birch = bestnet.investors["Alder"], bestnet.investors["Birch"]
    asked(bestnet, suspension, "Alder", on=NOV_5)

    def answer(*who, kind="acknowledged", on=NOV_5, copies=None):
        return selling.record_stop_answer(
            suspension=suspension, investors=who, kind=kind, on=on, copies=copies, when=when
        )

    for given, field, says in (
        ({}, "investors", "Choose"),
        ({"who": [birch]}, "investors", "No notice in S-1 went to Birch"),
        ({"who": [alder], "on": NOV_3}, "on", "The notice to Alder is of Wed, Nov 5, 2003"),
        ({"who": [alder], "copies": 3}, "copies", "counts no copies"),
        ({"who": [alder], "kind": "returned", "copies": 0}, "copies", "how many copies"),
        ({"who": [alder], "on": date(2003, 11, 13)}, "on", "has not come yet"),
    ):
        with pytest.raises(Refused, match=says) as refused:
            answer(*given.pop("who", []), **given)
        assert refused.value.field == field
    [acknowledged] = answer(alder)
    with pytest.raises(Conflict, match="Alder has acknowledged it"):
        answer(alder)
    [back] = answer(alder, kind="returned", on=NOV_10, copies=8)
    selling.correct_stop_answer(
        replaces=back, on=NOV_10, copies=18, reason="A second box", when=when
    )
    selling.correct_stop_answer(replaces=acknowledged, on=NOV_10, reason="Misdated", when=when)
    with pytest.raises(Conflict):
        selling.correct_stop_answer(replaces=back, on=NOV_10, copies=9, reason="So", when=when)
    stands = SuspensionAnswer.objects.standing().order_by("kind").values_list("kind", "copies")
    assert list(stands) == [("acknowledged", None), ("returned", 18)]


def test_a_revision_comes_no_sooner_than_the_amendment(bestnet: w.World, matter: Demand) -> None:
    suspension = begun(bestnet, matter, NOV_10)
    alder, when = bestnet.investors["Alder"], bestnet.at(NOV_12)
    early = Sent("personal", 1, NOV_5, NOV_5)

    def furnish(kind: str, sent: Sent, of: Suspension | None = None) -> list[ProspectusCopies]:
        return prospectuses.furnish(
            statement=matter.statement, investors=[alder], kind=kind, sent=sent, suspension=of,
            when=when,
        )  # fmt: skip

    for field, given in (
        ("sent_on", ("revised", early, suspension)),
        ("suspension", ("revised", early)),
        ("suspension", ("final", early, suspension)),
        ("sent_on", ("final", Sent("personal"))),
        ("sent_on", ("final", Sent("personal", 1, date(2003, 7, 14)))),
        ("received_on", ("final", Sent("personal", 1, NOV_10, NOV_5))),
        ("received_on", ("final", Sent("personal", 1, NOV_10, date(2003, 11, 13)))),
        ("method", ("final", Sent("pigeon", 1, NOV_5))),
        ("copies", ("final", Sent("personal", 0, NOV_5))),
    ):
        with pytest.raises(Refused) as refused:
            furnish(*given)
        assert refused.value.field == field
    assert ProspectusCopies.objects.count() == 0

    furnish("revised", Sent("personal", 1, NOV_12, NOV_12), suspension)
    record = SuspensionRecord.objects.get()
    with pytest.raises(Refused, match="A revised prospectus is of Wed, Nov 12, 2003"):
        selling.correct_suspension(
            replaces=record,
            on=date(2003, 11, 13),
            time=None,
            note="Loss",
            reason="Misdated",
            when=bestnet.at(date(2003, 11, 14)),
        )
    selling.correct_suspension(
        replaces=record, on=NOV_12, time=None, note="Loss", reason="Misdated", when=when
    )
    assert SuspensionRecord.objects.standing().get().on == NOV_12


def test_receipt_needs_no_reason_and_a_change_does(bestnet: w.World, matter: Demand) -> None:
    alder, when = bestnet.investors["Alder"], bestnet.at(NOV_12)
    [copies] = prospectuses.furnish(
        statement=matter.statement, investors=[alder], kind="final",
        sent=Sent("regular_mail", None, NOV_3), when=when,
    )  # fmt: skip

    with pytest.raises(Refused, match="on record already"):
        prospectuses.correct_furnished(
            replaces=copies, sent=Sent("regular_mail", None, NOV_3), when=when
        )
    came = prospectuses.correct_furnished(
        replaces=copies, sent=Sent("regular_mail", 25, NOV_3, NOV_5), when=when
    )
    with pytest.raises(Refused, match="Say why"):
        prospectuses.correct_furnished(
            replaces=came, sent=Sent("regular_mail", 20, NOV_3, NOV_5), when=when
        )
    assert ProspectusCopies.objects.standing().get().copies == 25


def test_states_are_asked_for_and_dealt_with(bestnet: w.World, matter: Demand) -> None:
    alder, when = bestnet.investors["Alder"], bestnet.at(NOV_12)

    def state(code: str, kind: str, on: date, who=None, note: str = "") -> StateEntry:
        return prospectuses.record_state(
            statement=matter.statement, state=code, kind=kind, on=on, investor=who, note=note,
            when=when,
        )  # fmt: skip

    state("MI", "requested", date(2003, 7, 1), alder)
    filed = state("MI", "filed", date(2003, 7, 20))
    state("OH", "requested", date(2003, 7, 1), alder)
    state("OH", "not_needed", date(2003, 8, 1), note="A manual exemption")
    rows = {r.name: r.says.kind for r in grid(state_facts(matter.statement), NOV_12)}
    assert rows == {"Michigan": "filed", "Ohio": "not_needed"}
    prospectuses.correct_state(
        replaces=filed, on=date(2003, 7, 21), reason="Misread the receipt", when=when
    )
    assert StateEntry.objects.standing().get(kind="filed").on == date(2003, 7, 21)

    for field, given in (
        ("state", ("ZZ", "filed", NOV_3)),
        ("investor", ("MI", "requested", NOV_3)),
        ("investor", ("MI", "cleared", NOV_3, alder)),
        ("note", ("MI", "not_needed", NOV_3)),
        ("on", ("MI", "cleared", date(2003, 11, 13))),
    ):
        with pytest.raises(Refused) as refused:
            state(*given)
        assert refused.value.field == field


def test_in_a_registration_the_company_made(bestnet: w.World) -> None:
    """Birch joined the Company's own registration; nothing says how long it is kept up."""
    may_1, june_1, july_1 = date(2004, 5, 1), date(2004, 6, 1), date(2004, 7, 1)
    matter = company.propose_registration(
        agreement=bestnet.agreement,
        proposal=company.ProposalIn("Common Stock", form_allows=True),
        proposed_on=may_1,
        when=bestnet.at(may_1),
    )
    correspondence.record_company_notice(
        demand=matter,
        copies=[
            (investor, CopyIn("certified_mail", date(2004, 5, 3)))
            for investor in bestnet.investors.values()
        ],
        when=bestnet.at(date(2004, 5, 3)),
    )
    w.asks(bestnet, matter, "Birch", received_on=date(2004, 5, 10), shares=60_000)
    w.files(bestnet, matter, june_1, {"Birch": 60_000})
    w.effective(bestnet, matter, july_1)
    assert may(matter, date(2006, 7, 1)) == {"Birch": "may"}

    suspension = selling.begin_suspension(
        statement=matter.statement, on=july_1, note="A restatement", when=bestnet.at(july_1)
    )
    asked(bestnet, suspension, "Birch", on=july_1)

    assert may(matter, july_1) == {"Birch": "must_not"}
    flag = Flag.objects.get(kind="suspended", cleared_at=None)
    assert flag.text.startswith("Do not sell under CR-1: S-1.")
    assert {r.key for r in matter.docket.filter(rule="S4", kind="window")} == {
        "tell_sellers:S-1",
        "revised:S-1",
    }


def test_a_statement_of_the_companys_own_has_no_sellers_of_ours(bestnet: w.World) -> None:
    other = matters.record_other_statement(
        agreement=bestnet.agreement, name="Form S-8", effective_on=NOV_3, when=bestnet.at(NOV_5)
    )

    with pytest.raises(Refused, match="No Investor sells under it"):
        selling.begin_suspension(statement=other, on=NOV_5, note="So", when=bestnet.at(NOV_5))


def test_somebody_elses_investor_is_not_told(bestnet: w.World, matter: Demand) -> None:
    suspension = begun(bestnet, matter)
    other = w.build({"Zed": 1_000}, slug="other")
    copy = CopyIn("certified_mail", NOV_3)

    with pytest.raises(Refused, match="not on the agreement’s register"):
        selling.record_letter(
            suspension=suspension, copies=[(other.investors["Zed"], copy)], asks_to_stop=True,
            when=bestnet.at(NOV_3),
        )  # fmt: skip
