"""Registrations the Company proposes, from proposal to withdrawal (P1–P6, P8, section 3)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from investors.models import ElectronicConsent
from notices.models import Notice, Reminder
from registrations import sweep
from registrations.facts import docket_of
from registrations.models import Decision, Demand, Flag, ProposalRecord
from registrations.projection import differs, verify
from registrations.rules.findings import State
from registrations.rules.states import standing
from registrations.services import company, correspondence, deliveries, matters, requests
from registrations.services.company import ProposalIn
from registrations.services.deliveries import CopyIn
from registrations.services.requests import AskIn
from tests import world as tell

from .saved import conflicts, refused

PROPOSED = date(2004, 5, 25)
OFFERING = ProposalIn(
    "Common Stock for the Company’s account", "the Company", "S-3", True,
    planned_on=date(2004, 6, 30),
)  # fmt: skip


def june(day: int) -> date:
    return date(2004, 6, day)


@pytest.fixture
def offering(bestnet: tell.World) -> Demand:
    """The Company proposes an offering; Alder, Birch, Cedar and Dale hold Units."""
    return company.propose_registration(
        agreement=bestnet.agreement, proposal=OFFERING, proposed_on=PROPOSED,
        when=bestnet.at(PROPOSED),
    )  # fmt: skip


def notify(world: tell.World, matter: Demand, day: date, **copies: CopyIn) -> Notice:
    return correspondence.record_company_notice(
        demand=matter,
        copies=[(world.investors[name], copy) for name, copy in copies.items()],
        when=world.at(day),
    )


def closes(matter: Demand, investor: int) -> date | None:
    window = docket_of(matter).window(f"join:{investor}")
    assert window is not None
    return window.closes_on


def kinds(matter: Demand) -> set[str]:
    assert differs(matter.pk) == []
    return {c.kind for c in docket_of(matter).concerns}


# --- P1, P2 -------------------------------------------------------------------------------------


def test_a_proposal_begins_a_matter_of_its_own(bestnet, offering):
    demand = tell.demand(bestnet, received_on=june(1))

    assert (offering.reference, demand.reference) == ("CR-1", "DR-1")
    assert offering.docket_state.outcome == "owed"
    assert offering.notice.kind == Notice.Kind.PROPOSAL
    assert differs(offering.pk) == []


def test_an_excluded_registration_needs_a_memo_which_is_kept(bestnet):
    plan = OFFERING._replace(what="The 2004 stock plan", form="S-8", only_for="stock_plan")

    with refused("memo", clause="3(a)"):
        company.propose_registration(
            agreement=bestnet.agreement, proposal=plan, proposed_on=PROPOSED,
            when=bestnet.at(PROPOSED),
        )  # fmt: skip
    matter = company.propose_registration(
        agreement=bestnet.agreement, proposal=plan, proposed_on=PROPOSED,
        memo="Form S-8, employees only.", when=bestnet.at(PROPOSED),
    )  # fmt: skip

    ruling = docket_of(matter).ruling
    assert ruling.outcome == "excluded"
    assert ruling.decision is not None
    assert (ruling.decision.reason, ruling.decision.decided_on, ruling.decision.by) == (
        "Form S-8, employees only.", PROPOSED, "Casey Counsel",
    )  # fmt: skip
    assert not matter.docket.filter(key__startswith="join:").exists()


def test_counsel_records_a_changed_conclusion_with_a_reason(bestnet):
    matter = company.propose_registration(
        agreement=bestnet.agreement,
        proposal=OFFERING._replace(only_for="conversion"),
        proposed_on=PROPOSED,
        memo="Only the notes’ Common Stock.",
        when=bestnet.at(PROPOSED),
    )
    matters.decide(
        demand=matter, about="notice_owed", choice="owed", decided_on=june(1),
        reason="A secondary sale was added.", when=bestnet.at(june(1)),
    )  # fmt: skip

    assert docket_of(matter).ruling.outcome == "owed"
    assert docket_of(matter, as_of=PROPOSED).ruling.outcome == "excluded"
    assert matter.docket.filter(key__startswith="join:").count() == 4
    assert Decision.objects.filter(demand=matter).count() == 2  # the first memo stays


def test_changed_facts_that_turn_the_screening_keep_their_reason_as_the_conclusion(
    bestnet, offering
):
    company.change_proposal(
        demand=offering, proposal=OFFERING._replace(only_for="reorganization"),
        stated_on=june(2), reason="It became an exchange in a merger.", when=bestnet.at(june(2)),
    )  # fmt: skip

    ruling = docket_of(offering).ruling
    assert ruling.outcome == "excluded"
    assert ruling.decision is not None
    assert ruling.decision.reason == "It became an exchange in a merger."


@pytest.mark.parametrize(
    ("field", "change"),
    [
        ("what", {"what": " "}),
        ("only_for", {"only_for": "a whim"}),
        ("planned_on", {"planned_on": date(2004, 5, 24)}),
        ("form", {"form": "S" * 13}),
    ],
)
def test_what_cannot_be_is_refused(bestnet, field, change):
    with refused(field):
        company.propose_registration(
            agreement=bestnet.agreement, proposal=OFFERING._replace(**change),
            proposed_on=PROPOSED, when=bestnet.at(PROPOSED),
        )  # fmt: skip


# --- P3: four methods of notice, and replies that come late ----------------------------------


def test_registration_notices_by_four_methods_and_a_reply_mailed_in_time_received_late(
    bestnet, offering
):
    notify(
        bestnet, offering, june(5),
        Birch=CopyIn("certified_mail", june(1), june(4)),
        Cedar=CopyIn("facsimile", june(3), june(3)),
        Alder=CopyIn("email", june(1), june(1)),
        Dale=CopyIn("regular_mail", june(1), june(5)),
    )  # fmt: skip
    tell.asks(bestnet, offering, "Birch", sent_on=june(20), received_on=june(23))
    tell.asks(bestnet, offering, "Cedar", method="personal", received_on=june(23))
    tell.asks(bestnet, offering, "Dale", method="facsimile", received_on=june(25))
    ids = {name: bestnet.investors[name].pk for name in bestnet.investors}

    assert {name: closes(offering, pk) for name, pk in ids.items()} == {
        "Birch": june(21), "Cedar": june(23), "Dale": june(25), "Alder": None,
    }  # fmt: skip
    stands = {
        name: standing(docket_of(offering).window(f"join:{pk}"), today=june(28), soon_days=7).state
        for name, pk in ids.items()
    }
    assert stands == {
        "Birch": State.MET_LATE, "Cedar": State.MET, "Dale": State.MET, "Alder": State.UNKNOWN,
    }  # fmt: skip
    assert set(offering.notice.replies.values_list("kind", flat=True)) == {
        "registration", "piggyback",
    }  # fmt: skip
    assert differs(offering.pk) == []


def test_an_e_mail_under_a_consent_signed_before_gives_the_notice(bestnet, offering):
    ElectronicConsent.objects.create(
        agreement=bestnet.agreement, investor=bestnet.investors["Alder"], signed_on=june(1)
    )
    notify(bestnet, offering, june(3), Alder=CopyIn("email", june(3), june(3)))

    assert closes(offering, bestnet.investors["Alder"].pk) == june(23)


def test_a_receipt_recorded_later_opens_the_window(bestnet, offering):
    notify(bestnet, offering, june(3), Cedar=CopyIn("facsimile", june(3)))
    cedar = bestnet.investors["Cedar"]
    record = cedar.deliveries.get().records.get()
    assert closes(offering, cedar.pk) is None

    deliveries.record_delivery(
        replaces=record, copy=CopyIn("facsimile", june(3), june(7)), when=bestnet.at(june(8))
    )

    assert closes(offering, cedar.pk) == june(27)
    assert differs(offering.pk) == []


def test_a_request_that_lacks_a_part_is_kept_and_completed(bestnet, offering):
    notify(bestnet, offering, june(4), Birch=CopyIn("certified_mail", june(1), june(4)))
    notice = tell.asks(bestnet, offering, "Birch", received_on=june(10), distribution="")
    assert "incomplete_request" in kinds(offering)

    requests.complete_request(
        notice=notice,
        ask=AskIn(bestnet.investors["Birch"], None, 60_000, "Through a broker", "None"),
        stated_on=june(12),
        when=bestnet.at(june(12)),
    )

    assert "incomplete_request" not in kinds(offering)


# --- P4 -----------------------------------------------------------------------------------------


def test_a_plan_that_moves_moves_the_last_safe_day_and_keeps_its_history(bestnet, offering):
    assert docket_of(offering).window("last_notice").closes_on == june(10)

    company.change_proposal(
        demand=offering, proposal=OFFERING._replace(planned_on=date(2004, 7, 12)),
        stated_on=june(4), reason="The auditors need longer.", when=bestnet.at(june(4)),
    )  # fmt: skip

    assert docket_of(offering).window("last_notice").closes_on == june(22)
    assert docket_of(offering, as_of=june(3)).window("last_notice").closes_on == june(10)
    assert ProposalRecord.objects.filter(demand=offering).count() == 2


def test_the_last_safe_day_passed_is_flagged_and_the_flag_clears_when_notice_was_given(
    bestnet, offering
):
    sweep.sweep(tell.noon(june(11)))
    assert Flag.objects.get(demand=offering, key="last_notice").since_on == june(11)
    assert Reminder.objects.filter(matter_name="CR-1", window="last_notice").exists()

    notify(
        bestnet, offering, june(11),
        **{name: CopyIn("certified_mail", june(9)) for name in bestnet.investors},
    )  # fmt: skip

    assert not Flag.objects.filter(demand=offering, key="last_notice", cleared_at=None).exists()


def test_a_filing_before_the_last_window_closes_names_the_amendment(bestnet, offering):
    notify(
        bestnet, offering, june(10),
        **{name: CopyIn("certified_mail", june(10)) for name in bestnet.investors},
    )  # fmt: skip
    tell.asks(bestnet, offering, "Birch", received_on=june(15), declines=True)
    tell.files(bestnet, offering, june(28), {"Alder": 1_000})
    text = Flag.objects.get(demand=offering, kind="amendment", cleared_at=None).text

    assert "Alder, Cedar and Dale" in text
    assert "Birch" not in text

    tell.asks(bestnet, offering, "Cedar", received_on=june(30))

    assert Flag.objects.get(demand=offering, kind="coverage_defect").cleared_at is None


# --- P5 -----------------------------------------------------------------------------------------


def test_the_company_withdraws_whoever_has_joined(bestnet, offering):
    notify(bestnet, offering, june(1), Birch=CopyIn("certified_mail", june(1)))
    tell.asks(bestnet, offering, "Birch", received_on=june(10), distribution="")
    assert Flag.objects.filter(demand=offering, cleared_at=None).exists()

    company.withdraw_registration(
        demand=offering, on=june(15), reason="The market fell.", when=bestnet.at(june(15))
    )

    assert not Flag.objects.filter(demand=offering, cleared_at=None).exists()
    assert docket_of(offering).window("file").superseded_on == june(15)
    assert docket_of(offering, as_of=june(14)).window("file").superseded_on is None
    with conflicts("on"):
        company.withdraw_registration(
            demand=offering, on=june(16), reason="Again.", when=bestnet.at(june(16))
        )
    with refused("on", clause="3(b)"):
        matters.record_filing(demand=offering, on=june(20), when=bestnet.at(june(20)))


def test_an_effective_registration_is_not_withdrawn(bestnet, offering):
    tell.files(bestnet, offering, june(20), {})
    matters.record_effectiveness(demand=offering, on=june(25), when=bestnet.at(june(25)))

    with refused("on", clause="3(b)"):
        company.withdraw_registration(
            demand=offering, on=june(26), reason="Too late.", when=bestnet.at(june(26))
        )


def test_its_effectiveness_starts_a_rest_for_a_demand(bestnet, offering):
    tell.files(bestnet, offering, june(20), {})
    matters.record_effectiveness(demand=offering, on=june(25), when=bestnet.at(june(25)))
    demand = tell.demand(bestnet, received_on=june(28))

    [rest] = [w for w in docket_of(demand).windows if w.rule == "D14"]
    assert rest.closes_on == june(25) + timedelta(days=180)


# --- P6 -----------------------------------------------------------------------------------------


def test_an_underwriting_needs_each_participant_s_acceptance(bestnet):
    matter = company.propose_registration(
        agreement=bestnet.agreement, proposal=OFFERING._replace(underwritten=True),
        proposed_on=PROPOSED, when=bestnet.at(PROPOSED),
    )  # fmt: skip
    birch = bestnet.investors["Birch"]
    notify(bestnet, matter, june(1), Birch=CopyIn("certified_mail", june(1)))
    tell.asks(bestnet, matter, "Birch", received_on=june(10))
    assert "not_accepted" in kinds(matter)

    company.record_acceptance(demand=matter, investor=birch, on=june(12), when=bestnet.at(june(12)))

    assert "not_accepted" not in kinds(matter)
    with refused("reason"):
        company.record_acceptance(
            demand=matter, investor=birch, on=june(11), when=bestnet.at(june(12))
        )
    company.record_acceptance(
        demand=matter, investor=birch, on=june(11), reason="Misread.", when=bestnet.at(june(12))
    )
    assert matter.acceptances.count() == 2


def test_there_is_nothing_to_accept_without_an_underwriting(bestnet, offering):
    with refused("investor", clause="3(c)"):
        company.record_acceptance(
            demand=offering, investor=bestnet.investors["Birch"], on=june(12),
            when=bestnet.at(june(12)),
        )  # fmt: skip


# --- P8 -----------------------------------------------------------------------------------------


def in_a_demand(world: tell.World) -> Demand:
    """Alder demands, and Birch, who holds 4,200,000 Registrable Shares, joins with 4,190,000."""
    demand = tell.demand(world, received_on=date(2004, 5, 3))
    tell.tell(world, demand, {"Birch": date(2004, 5, 6)}, sent_on=date(2004, 5, 4))
    tell.asks(world, demand, "Birch", received_on=date(2004, 5, 10), shares=4_190_000)
    return demand


def test_shares_in_a_demand_are_left_out_of_the_company_s_registration(bestnet, offering):
    in_a_demand(bestnet)
    notify(bestnet, offering, june(1), Birch=CopyIn("certified_mail", june(1)))
    request = tell.asks(bestnet, offering, "Birch", received_on=june(10), shares=60_000)
    [concern] = [c for c in docket_of(offering).concerns if c.rule == "P8"]
    assert "50,000 of the Registrable Shares" in concern.text

    matters.decide(
        demand=offering, about=f"both:{request.pk}", choice="allowed", decided_on=june(11),
        reason="The demand will be cut back.", when=bestnet.at(june(11)),
    )  # fmt: skip

    assert "needs_decision" not in kinds(offering)


def test_what_was_asked_before_it_was_complete_counts_from_the_day_it_was_asked(bestnet, offering):
    demand = tell.demand(bestnet, received_on=date(2004, 5, 3))
    lacking = tell.asks(
        bestnet, demand, "Birch", received_on=date(2004, 5, 10), shares=4_190_000, distribution=""
    )
    notify(bestnet, offering, june(1), Birch=CopyIn("certified_mail", june(1)))
    tell.asks(bestnet, offering, "Birch", received_on=june(10), shares=60_000)
    requests.complete_request(
        notice=lacking,
        ask=AskIn(bestnet.investors["Birch"], None, 4_190_000, "Through a broker", "None"),
        stated_on=june(20),
        when=bestnet.at(june(20)),
    )

    assert "needs_decision" in kinds(offering)


def test_what_is_said_later_in_the_demand_is_seen_in_the_company_s_registration(bestnet, offering):
    notify(bestnet, offering, june(1), Birch=CopyIn("certified_mail", june(1)))
    tell.asks(bestnet, offering, "Birch", received_on=june(10), shares=60_000)
    demand = in_a_demand(bestnet)  # recorded afterwards, of days before
    assert "needs_decision" in kinds(offering)

    tell.asks(bestnet, demand, "Birch", received_on=date(2004, 5, 12), declines=True)

    assert "needs_decision" not in kinds(offering)
    assert verify(now=tell.noon(june(30))) == []
