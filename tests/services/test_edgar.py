"""What EDGAR says, from saved answers: proposed once, accepted by counsel, never acted on
by itself.  The Company and its number are made up."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path
from threading import Event, Thread

import pytest
from django.db import connection

from investors.acts import Conflict
from investors.models import Agreement
from registrations.edgar import Folder, Unreachable
from registrations.facts import docket_of
from registrations.models import (
    DocketEntry,
    EdgarAnswer,
    EdgarAsking,
    EdgarProposal,
    Flag,
    ProposalRecord,
    Statement,
    StatementRecord,
)
from registrations.services import company, edgar, edgar_following, matters
from registrations.services.company import ProposalIn
from registrations.sweep import sweep
from registrations.tasks import edgar_round
from tests import world as tell
from tests.world import World, noon

from .saved import refused, rows

SAVED = Path(__file__).parents[1] / "edgar"
CIK, NUMBER = "9999999001", "333-107001"
FILING, EFFECT = "9999999001-03-000041", "9999999995-03-001234"
JUNE_2, JULY_15, AUG_18, AUG_20, SEP_1 = (
    date(2003, 6, 2), date(2003, 7, 15), date(2003, 8, 18), date(2003, 8, 20), date(2003, 9, 1),
)  # fmt: skip


@pytest.fixture
def known(bestnet: World) -> World:
    """BestNet with a matter that waits for its filing, and its number at the SEC."""
    tell.demand(bestnet, received_on=JUNE_2)
    edgar.set_cik(agreement=bestnet.agreement, cik=CIK, reason="Form ID", when=bestnet.at(JUNE_2))
    bestnet.company.refresh_from_db()
    return bestnet


def ask(world: World, saved: str, on: date = AUG_20) -> edgar_following.Told:
    told = edgar_following.follow(world.company, Folder(SAVED / saved), noon(on))
    assert told is not None
    return told


def waiting() -> dict[str, EdgarProposal]:
    return {each.kind: each for each in EdgarProposal.objects.standing().filter(answer=None)}


def filed(world: World, on: date = JULY_15) -> Statement:
    """Counsel recorded the filing by hand, with its file number."""
    record = matters.record_filing(
        demand=world.agreement.demands.get(kind="demand"),
        on=on,
        form="S-3",
        file_number=NUMBER,
        when=world.at(on),
    )
    return record.statement


def accept(
    world: World, proposal: EdgarProposal, *, today: date = date(2003, 9, 8), **given
) -> EdgarAnswer:
    return edgar.accept(proposal=proposal, **given, when=world.at(today))


def test_a_filing_a_matter_waits_for_is_proposed_and_accepted_with_its_number(known):
    assert ask(known, "story").found == 1
    (proposal,) = waiting().values()
    assert (proposal.kind, proposal.accession, proposal.on) == ("filed", FILING, JULY_15)
    assert any("5:10:22 pm Eastern" in reason["says"] for reason in proposal.reasons)
    assert not Statement.objects.exists()

    matter = known.agreement.demands.get()
    alder = known.investors["Alder"]
    answer = accept(known, proposal, demand=matter, covers={alder.pk: 5_000})

    record = answer.record
    assert (record.kind, record.on, record.file_number) == ("filed", JULY_15, NUMBER)
    assert (record.statement.demand, record.statement.form) == (matter, "S-3")
    assert record.covers.get().shares == 5_000
    assert record.edgar.get().proposal.accession == FILING
    assert docket_of(matter).window("file").done_on == JULY_15
    # Its number is followed from now on.
    assert edgar_following.due(noon(date(2003, 9, 8)) + timedelta(minutes=1)).exists()
    assert ask(known, "story", on=date(2003, 9, 8)).found == 3


def test_what_became_of_a_statement_is_proposed_by_its_file_number(known):
    filed(known)
    assert ask(known, "story").found == 4

    found = waiting()
    assert {kind: each.on for kind, each in found.items()} == {
        "filed": JULY_15,
        "pre_amendment": date(2003, 8, 1),
        "effective": AUG_18,
        "supplement": AUG_20,
    }
    assert found["effective"].accession == EFFECT
    for kind in ("pre_amendment", "effective", "supplement"):
        accept(known, found[kind])
    effective = StatementRecord.objects.get(kind="effective")
    assert effective.on == AUG_18
    assert effective.edgar.get().proposal.source["notice"]["at"] == "16:00:00"


def test_asking_again_adds_nothing(known):
    filed(known)
    ask(known, "story")
    accept(known, waiting()["effective"])
    edgar.set_aside(proposal=waiting()["supplement"], reason="Not ours.", when=known.at(AUG_20))
    before = rows()

    assert [ask(known, "story").found for _ in range(3)] == [0, 0, 0]
    assert rows() == before


def test_what_edgar_says_otherwise_later_is_another_proposal(known):
    filed(known)
    ask(known, "story")
    first = waiting()["filed"]

    assert ask(known, "corrected").found == 1

    second = waiting()["filed"]
    assert (second.replaces, second.on) == (first, date(2003, 7, 16))
    assert "the filing date was 2003-07-15, is 2003-07-16" in second.reason
    assert EdgarProposal.objects.get(pk=first.pk).on == JULY_15
    with refused("", kind=Conflict):
        accept(known, first)
    assert ask(known, "corrected").found == 0


def test_what_is_on_record_for_that_day_gets_the_number_and_is_not_doubled(known):
    statement = filed(known)
    ask(known, "story")

    answer = accept(known, waiting()["filed"])

    assert answer.record == statement.records.get()
    assert Statement.objects.count() == 1


def test_a_statement_known_by_its_effectiveness_alone_gets_its_filing(known):
    statement = matters.record_other_statement(
        agreement=known.agreement, name="The spring offering", effective_on=AUG_18,
        file_number=NUMBER, when=known.at(AUG_18),
    )  # fmt: skip
    ask(known, "story")

    assert accept(known, waiting()["filed"]).record.statement == statement
    same = accept(known, waiting()["effective"]).record
    assert same == statement.records.get(kind="effective")


def test_two_amendments_of_one_day_are_two(known):
    statement = filed(known)
    on = date(2003, 8, 1)
    by_hand = matters.record_event(
        statement=statement, kind="pre_amendment", on=on, when=known.at(on)
    )
    ask(known, "story")
    first = waiting()["pre_amendment"]
    assert accept(known, first).record == by_hand
    twin = EdgarProposal.objects.create(
        agreement=known.agreement, kind="pre_amendment", accession="9999999001-03-000053",
        form="S-3/A", file_number=NUMBER, on=on, days=first.days, reasons=[], source=first.source,
    )  # fmt: skip

    assert accept(known, twin).record != by_hand


def test_another_day_on_record_is_for_counsel_to_correct(known):
    statement = filed(known, on=date(2003, 7, 14))
    ask(known, "story")
    proposal = waiting()["filed"]
    with refused("on"):
        accept(known, proposal)

    corrected = matters.correct_statement_record(
        replaces=statement.records.get(), on=JULY_15, reason="EDGAR", when=known.at(AUG_20)
    )

    assert accept(known, proposal).record == corrected


def test_where_the_day_is_in_question_counsel_choose(known):
    ask(known, "filed_late")
    proposal = waiting()["filed"]
    matter = known.agreement.demands.get()
    assert [each["on"] for each in proposal.days] == ["2003-07-15", "2003-07-16"]
    with refused("on"):
        accept(known, proposal, demand=matter)
    with refused("on"):
        accept(known, proposal, on=date(2003, 7, 17), demand=matter)

    answer = accept(known, proposal, on=date(2003, 7, 16), demand=matter)

    assert answer.record.on == date(2003, 7, 16)


def test_an_automatic_shelf_is_effective_when_filed(known):
    filed(known)
    ask(known, "automatic")

    assert {k: (e.on, e.accession) for k, e in waiting().items()} == {
        "filed": (JULY_15, FILING),
        "effective": (JULY_15, FILING),
    }


def test_a_request_to_withdraw_becomes_a_withdrawal_only_after_fifteen_days(known):
    statement = filed(known)
    ask(known, "withdrawn", on=date(2003, 9, 6))
    asked = waiting()["withdrawal_requested"]
    assert "withdrawn" not in waiting()
    with refused(""):
        accept(known, asked)

    ask(known, "withdrawn", on=date(2003, 9, 8))

    late = waiting()["withdrawn"]
    with refused("detail", "1(c)"):
        accept(known, late)
    accept(known, late, detail="investors")
    gone = statement.records.get(kind="withdrawn")
    assert (gone.on, gone.detail) == (date(2003, 8, 22), "investors")


def test_a_registration_of_the_companys_own_is_withdrawn_itself(known):
    when = known.at(JUNE_2)
    proposed = company.propose_registration(
        agreement=known.agreement, proposal=ProposalIn("Common Stock", form_allows=True),
        proposed_on=JUNE_2, when=when,
    )  # fmt: skip
    matters.record_filing(demand=proposed, on=JULY_15, file_number=NUMBER, when=known.at(JULY_15))
    ask(known, "withdrawn", on=date(2003, 9, 8))

    answer = accept(known, waiting()["withdrawn"], reason="The market fell.")

    assert answer.withdrawal == ProposalRecord.objects.standing().get(demand=proposed)
    assert answer.withdrawal.withdrawn_on == date(2003, 8, 22)


def test_a_notice_that_cannot_be_had_proposes_no_effectiveness(known):
    filed(known)
    told = ask(known, "notice_lost")

    assert "effective" not in waiting()
    assert EFFECT in told.problem
    assert ask(known, "story").found == 3  # once it can be, it is


def state_of_the_record() -> list[object]:
    return [
        list(model.objects.order_by("pk").values())
        for model in (DocketEntry, Flag, StatementRecord, Statement, EdgarProposal)
    ]


@pytest.mark.parametrize("saved", ["silent", "no such folder", "broken"])
def test_silence_and_failure_flag_nothing_clear_nothing_and_move_no_date(known, tmp_path, saved):
    """The last day to file has passed: a miss is flagged, and EDGAR says nothing."""
    sweep(noon(SEP_1))
    assert Flag.objects.filter(kind="missed", cleared_at=None).exists()
    before = state_of_the_record()
    folder = SAVED / saved
    if saved == "broken":
        path = tmp_path / f"submissions/CIK{CIK:0>10}.json"
        path.parent.mkdir()
        path.write_text('{"cik": "9999999001", "filings": {"recent": {"form": [')
        folder = tmp_path

    told = edgar_following.follow(known.company, Folder(folder), noon(SEP_1))
    sweep(noon(SEP_1))

    assert told.found == 0
    assert bool(told.problem) == (saved != "silent")
    assert state_of_the_record() == before


def test_what_is_found_moves_no_date_and_clears_no_flag_either_until_accepted(known):
    sweep(noon(SEP_1))
    flags = list(Flag.objects.order_by("pk").values())
    docket = list(DocketEntry.objects.order_by("pk").values())

    assert ask(known, "story", on=SEP_1).found == 1
    sweep(noon(SEP_1))

    assert list(Flag.objects.order_by("pk").values()) == flags
    assert list(DocketEntry.objects.order_by("pk").values()) == docket
    accept(known, waiting()["filed"], demand=known.agreement.demands.get())
    assert not Flag.objects.filter(key__startswith="file", cleared_at=None).exists()


def test_each_company_is_asked_a_few_times_a_day_and_sooner_when_somebody_wants(known, settings):
    settings.EDGAR_FOLDER = str(SAVED / "story")
    first = noon(AUG_20)
    assert edgar_round(first) == 1
    assert not edgar_following.due(first + timedelta(hours=11)).exists()
    assert edgar_following.due(first + timedelta(hours=12)).exists()

    edgar.ask_soon(
        agreement=Agreement.objects.get(pk=known.agreement.pk),
        when=known.at(AUG_20)._replace(now=first + timedelta(minutes=1)),
    )

    assert edgar_following.due(first + timedelta(minutes=2)).exists()
    edgar_round(first + timedelta(minutes=2))
    assert not edgar_following.due(first + timedelta(minutes=3)).exists()


def test_an_outage_is_tried_again_within_the_hour(known, settings):
    settings.EDGAR_FOLDER = str(SAVED / "no such folder")
    first = noon(AUG_20)
    edgar_round(first)

    assert EdgarAsking.objects.get().problem
    assert not edgar_following.due(first + timedelta(minutes=59)).exists()
    assert edgar_following.due(first + timedelta(minutes=60)).exists()


def test_settings_that_name_nobody_are_told_to_counsel(known, settings):
    settings.EDGAR_FOLDER, settings.EDGAR_CONTACT = "", "nobody"

    assert edgar_round(noon(AUG_20)) == 0

    assert "EDGAR_CONTACT must name" in EdgarAsking.objects.get().problem


def test_with_nothing_set_up_nothing_is_asked(known, settings):
    settings.EDGAR_FOLDER = settings.EDGAR_CONTACT = ""

    assert edgar_round(noon(AUG_20)) == 0
    assert not EdgarAsking.objects.exists()


def test_an_answer_about_another_company_is_refused(known):
    edgar.set_cik(agreement=known.agreement, cik="77", reason="A slip", when=known.at(JUNE_2))
    known.company.refresh_from_db()

    class Mixed(Folder):
        def get(self, path: str) -> bytes:
            return super().get(path.replace("0000000077", f"{CIK:0>10}"))

    told = edgar_following.follow(known.company, Mixed(SAVED / "story"), noon(AUG_20))

    assert "another company" in told.problem


def test_a_number_that_is_none_is_refused_and_zeros_are_dropped(bestnet):
    when = bestnet.at(JUNE_2)
    for wrong in ("12345678901", "12a", "0", "-5"):
        with refused("cik"):
            edgar.set_cik(agreement=bestnet.agreement, cik=wrong, reason="r", when=when)
    with refused("reason"):
        edgar.set_cik(agreement=bestnet.agreement, cik=CIK, reason=" ", when=when)

    made = edgar.set_cik(agreement=bestnet.agreement, cik=f"000{CIK}", reason="r", when=when)

    assert made.cik == CIK


def test_setting_aside_says_why_once(known):
    ask(known, "story")
    (proposal,) = waiting().values()
    with refused("reason"):
        edgar.set_aside(proposal=proposal, reason=" ", when=known.at(AUG_20))
    edgar.set_aside(proposal=proposal, reason="Another issuer.", when=known.at(AUG_20))

    with refused("", kind=Conflict):
        accept(known, proposal, demand=known.agreement.demands.get())


@pytest.mark.django_db(transaction=True)
def test_two_workers_ask_once(transactional_db):
    world = tell.build()
    tell.demand(world, received_on=JUNE_2)
    edgar.set_cik(agreement=world.agreement, cik=CIK, reason="r", when=world.at(JUNE_2))
    world.company.refresh_from_db()
    asked, go_on = Event(), Event()

    class Slow(Folder):
        def get(self, path: str) -> bytes:
            asked.set()
            assert go_on.wait(20)
            return super().get(path)

    def first(now: datetime) -> None:
        edgar_following.follow(world.company, Slow(SAVED / "story"), now)
        connection.close()

    worker = Thread(target=first, args=[noon(AUG_20)])
    worker.start()
    assert asked.wait(20)
    second = edgar_following.follow(world.company, Folder(SAVED / "story"), noon(AUG_20))
    go_on.set()
    worker.join(20)

    assert second is None
    assert EdgarProposal.objects.count() == 1


def test_the_folder_gives_only_what_edgar_is_asked_for(tmp_path):
    (tmp_path / "secret").write_text("x")
    folder = Folder(tmp_path / "saved")
    for path in ("../secret", "submissions/../../secret", "/etc/hostname", "submissions/x.json"):
        with pytest.raises(Unreachable, match="nothing EDGAR is asked for"):
            folder.get(path)
