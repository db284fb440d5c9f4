"""What the database itself holds to, whoever asks: facts never change, contradictions do
not fit, and the audit trail tells who did what and why."""

from __future__ import annotations

import uuid
from datetime import date
from decimal import Decimal

import pghistory
import pytest
from django.apps import apps
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, IntegrityError, connection, models, transaction
from pghistory.models import Context

from investors import accounts, seals
from investors.acts import act
from investors.models import (
    AccountRecord,
    Address,
    AffiliateGroup,
    AffiliateMember,
    Company,
    CorporateAction,
    ElectronicConsent,
    LedgerEntry,
    Transfer,
)
from notices.models import Delivery, DeliveryRecord, Notice, RequestRecord
from registrations.models import (
    Acceptance,
    CoveredShares,
    Decision,
    Demand,
    Flag,
    ProposalRecord,
    ProspectusCopies,
    StateEntry,
    StatementRecord,
    Suspension,
    SuspensionAnswer,
    SuspensionLetter,
    SuspensionRecord,
)
from registrations.rules.terms import TermEntry
from registrations.services import (
    affiliates,
    answering,
    circumstances,
    claims,
    company,
    correspondence,
    delays,
    documents,
    edgar,
    evidence,
    expenses,
    imports,
    information,
    jobs,
    joint,
    letters,
    matters,
    others,
    prospectuses,
    readings,
    register,
    selling,
    terms,
    tokens,
    transfers,
    waivers,
    webhooks,
)
from registrations.services.cutback import save_allocation
from registrations.services.deliveries import CopyIn
from registrations.services.offering import CutbackIn, OtherIn
from registrations.services.recording import preview
from registrations.services.requests import AskIn
from registrations.services.transfers import TakerIn
from registrations.tasks import DOES
from tests import world as tell

from .saved import OURS, refused, rows

PDF = b"%PDF-1.7\n%%EOF\n"

# Every table of ours is one of these.  A new model fails the test below until it is here.
FACTS = [
    "investors.AccountRecord",
    "investors.Address",
    "investors.AddressNotice",
    "investors.AffiliateGroup",
    "investors.AffiliateMember",
    "investors.CorporateAction",
    "investors.ElectronicConsent",
    "investors.LedgerEntry",
    "investors.ShareCount",
    "investors.Term",
    "investors.TermConsent",
    "investors.Transfer",
    "notices.Delivery",
    "notices.DeliveryRecord",
    "notices.Evidence",
    "notices.Notice",
    "notices.Receipt",
    "notices.RequestRecord",
    "registrations.Acceptance",
    "registrations.Allocation",
    "registrations.AllocationLine",
    "registrations.Claim",
    "registrations.ClaimRecord",
    "registrations.ContributionPart",
    "registrations.ContributionRecord",
    "registrations.CoveredShares",
    "registrations.Decision",
    "registrations.Circumstances",
    "registrations.DelayRecord",
    "registrations.Demand",
    "registrations.GoverningReading",
    "registrations.Inclusion",
    "registrations.OtherHolder",
    "registrations.EdgarAnswer",
    "registrations.EdgarProposal",
    "registrations.Expense",
    "registrations.InformationAnswer",
    "registrations.InformationRequest",
    "registrations.Invoice",
    "registrations.LetterTemplate",
    "registrations.ProposalRecord",
    "registrations.ProspectusCopies",
    "registrations.StateEntry",
    "registrations.Statement",
    "registrations.StatementRecord",
    "registrations.Suspension",
    "registrations.SuspensionAnswer",
    "registrations.SuspensionLetter",
    "registrations.SuspensionRecord",
    "registrations.Waiver",
]
TRACKED = [
    "investors.Agreement",
    "investors.ApiToken",
    "investors.Auditor",
    "investors.Company",
    "investors.Contact",
    "investors.Invitation",
    "investors.Investor",
    "investors.Membership",
    "investors.Representative",
    "registrations.Document",
    "registrations.JointDemand",
    "registrations.JointSignature",
    "investors.User",
    "notices.WebhookEndpoint",
    "registrations.Flag",
]  # may change; every change is in the audit trail
WORK = [
    "investors.CalendarEvent",
    "investors.CalendarFeed",
    "investors.Import",
    "investors.ImportRow",
    "investors.ImportSource",
    "investors.Job",
    "investors.KeptAnswer",
    "investors.MailChoice",
    "investors.Seal",
    "investors.SealShape",
    "investors.SealedAct",
    "investors.Submission",
    "notices.AnswerDraft",
    "notices.Heartbeat",
    "notices.Mail",
    "notices.Reminder",
    "notices.WebhookAttempt",
    "notices.WebhookDelivery",
    "notices.WebhookEvent",
    "registrations.DocketEntry",
    "registrations.DocketState",
    "registrations.EdgarAsking",
]  # what the jobs, the forms and the API keep for themselves, or a projection


def june(day: int) -> date:
    return date(2003, 6, day)


def july(day: int) -> date:
    return date(2003, 7, day)


def ours() -> dict[str, type[models.Model]]:
    return {
        model._meta.label: model
        for label in OURS
        if label != "pghistory"
        for model in apps.get_app_config(label).get_models()
        if model._meta.managed
    }


def events() -> dict[str, type[models.Model]]:
    return {name: m for name, m in ours().items() if issubclass(m, pghistory.models.Event)}


@pytest.fixture
def whole(bestnet: tell.World) -> Demand:
    """A matter with a row in every table of facts, and a token."""
    birch, today = bestnet.investors["Birch"], bestnet.at(july(20))
    register.record_consent(
        agreement=bestnet.agreement, investor=birch, signed_on=june(1), when=today
    )
    register.record_share_count(
        agreement=bestnet.agreement,
        kind="prospectus_units",
        count=3_563_593,
        on=date(2003, 5, 19),
        source="Prospectus",
        when=today,
    )
    tell.split(bestnet, 2, 1, on=july(1))
    group = affiliates.form_group(agreement=bestnet.agreement, name="Birches", when=today)
    affiliates.add_member(group=group, investor=birch, kin="partner", from_on=july(1), when=today)
    transfers.record_transfer(investor=birch, to=TakerIn("Elm"), quantity=1, on=july(1), when=today)
    matter = tell.demand(bestnet, received_on=june(2))
    tell.tell(bestnet, matter, {"Birch": june(7), "Cedar": june(9), "Dale": None}, sent_on=june(5))
    tell.signed_for(bestnet, matter, "Dale", june(10))
    tell.asks(bestnet, matter, "Birch", received_on=june(20))
    answering.send_answer(demand=matter, ask=AskIn(bestnet.investors["Cedar"], None, 6), when=today)
    tell.representative(bestnet, "Birch")
    tell.auditor(bestnet)
    documents.show_document(
        agreement=bestnet.agreement, title="A prospectus", investor=None,
        files=[SimpleUploadedFile("prospectus.pdf", PDF)], when=today,
    )  # fmt: skip
    register.tell_address(investor=birch, lines="9 New Street", when=today)
    sent = imports.take_in(
        agreement=bestnet.agreement, source="The agent",
        file=SimpleUploadedFile("register.csv", b"Investor\nElm\n"), when=today,
    )  # fmt: skip
    imports.choose_columns(of=sent, columns={"name": 0}, when=today)
    jobs.work(lambda: today.now, DOES)
    seals.seal(today.now)
    cedar = bestnet.investors["Cedar"]
    joint.begin_joint(investor=cedar, ask=AskIn(cedar, None, 6, "By a broker"), when=today)
    evidence.attach_evidence(
        notice=matter.notice,
        delivery=None,
        files=[SimpleUploadedFile("card.pdf", PDF)],
        when=today,
    )
    matters.decide(
        demand=matter,
        about="eligibility",
        choice="held",
        decided_on=june(3),
        reason="A memo.",
        when=today,
    )
    delays.record_delay(demand=matter, delay=delays.DelayIn(june(4), "An offering"), when=today)
    circumstances.record_circumstances(demand=matter, told={}, when=today)
    readings.choose_reading(
        agreement=bestnet.agreement,
        question="filing_opens",
        choice="last_receipt",
        governs_from=june(4),
        reason="A memo.",
        when=today,
    )
    letters.save_template(
        agreement=bestnet.agreement, kind="delay", text="# Delayed\n\nBy {{ company }}.",
        reason="A memo.", when=today,
    )  # fmt: skip
    other = others.record_other_holder(
        agreement=bestnet.agreement, name="A fund", paper="Its paper", from_on=june(1), when=today
    )
    others.record_inclusion(
        demand=matter, holder=other.public_id, inclusion=others.InclusionIn(june(4)), when=today
    )
    waivers.record_waiver(
        demand=matter,
        investor=bestnet.investors["Dale"],
        right="notice",
        signed_on=june(10),
        when=today,
    )
    endpoint, _ = webhooks.make_webhook(
        agreement=bestnet.agreement, url="https://93.184.216.34/", kinds=["fact.recorded"],
        description="", when=today,
    )  # fmt: skip
    webhooks.send_test(endpoint=endpoint, when=today)
    tell.files(bestnet, matter, july(15), {"Alder": 1})
    carried_through(bestnet, matter)
    terms.amend(
        agreement=bestnet.agreement,
        name="joining",
        entry=TermEntry({"n": 10, "after": "company_notice_given"}, "1(a)"),
        from_=july(20),
        company_consents=True,
        consents=list(bestnet.investors.values()),
        reason="Amendment No. 1",
        when=today,
    )
    proposed = company.propose_registration(
        agreement=bestnet.agreement,
        proposal=company.ProposalIn("Common Stock", form_allows=True, underwritten=True),
        proposed_on=july(16),
        when=today,
    )
    company.record_acceptance(demand=proposed, investor=birch, on=july(18), when=today)
    expenses.record_expense(
        demand=matter,
        expense=expenses.ExpenseIn("listing", Decimal(500), july(15), "company"),
        files=[SimpleUploadedFile("invoice.pdf", PDF)],
        when=today,
    )
    lender = (OtherIn("Lender", 500_000, 500_000),)
    save_allocation(demand=proposed, given=CutbackIn(100_000, july(20), others=lender), when=today)
    information.ask_information(
        demand=matter,
        investors=[birch],
        sent_on=june(20),
        method="regular_mail",
        due_on=july(1),
        when=today,
    )
    information.record_information(
        demand=matter,
        investor=birch,
        answer=information.InformationIn("Birch"),
        received_on=july(2),
        when=today,
    )
    tokens.make_token(
        name="A report", scope="read", agreement=bestnet.agreement, days=30, when=today
    )
    claim = claims.record_claim(
        demand=matter,
        claim=claims.ClaimIn("company", "A loan.", against=birch),
        stated_on=july(16),
        when=today,
    )
    edgar.set_aside(proposal=tell.edgar_says(bestnet), reason="Not ours.", when=today)
    accounts.record(bestnet.counsel, AccountRecord.What.SIGNED_IN, at=today.now)
    parties = [claims.PartyIn(each, Decimal(10)) for each in (None, birch)]
    claims.record_contribution(
        claim=claim,
        contribution=claims.ContributionIn(Decimal(1), "net_proceeds", parties),
        stated_on=july(16),
        when=today,
    )
    return matter


def carried_through(world: tell.World, matter: Demand) -> None:
    """A prospectus furnished and amended, Alder asked to stop, and a state asked for."""
    alder, when = world.investors["Alder"], world.at(july(19))
    statement = matter.statement
    prospectuses.furnish(
        statement=statement,
        investors=[alder],
        kind="preliminary",
        sent=prospectuses.Sent("personal", 5, july(16), july(16)),
        when=when,
    )
    suspension = selling.begin_suspension(
        statement=statement, on=july(17), note="Risk factors", when=when
    )
    copies = [(alder, CopyIn("certified_mail", july(17)))]
    selling.record_letter(suspension=suspension, copies=copies, asks_to_stop=True, when=when)
    selling.record_stop_answer(
        suspension=suspension, investors=[alder], kind="acknowledged", on=july(18), when=when
    )
    prospectuses.record_state(
        statement=statement, state="MI", kind="requested", on=july(16), investor=alder, when=when
    )


def test_every_table_is_declared():
    declared = [*FACTS, *TRACKED, *WORK]
    assert len(declared) == len(set(declared))
    assert set(ours()) - set(events()) == set(declared)


def test_every_fact_and_whatever_may_change_is_tracked():
    tracked = {m.pgh_tracked_model._meta.label for m in events().values()}
    assert tracked == {*FACTS, *TRACKED}


def test_a_fact_is_never_changed_nor_removed(whole, subtests):
    for name in FACTS:
        with subtests.test(name):
            model = ours()[name]
            row = model._default_manager.order_by("pk").first()
            assert row is not None, "the matter above has one of each"
            table, pk = model._meta.db_table, model._meta.pk.column
            for field in model._meta.concrete_fields:
                if not field.primary_key:
                    same = f"{field.column} = {field.column}"
                    refuses(f"update {table} set {same} where {pk} = %s", [row.pk])  # noqa: S608
            refuses(f"delete from {table} where {pk} = %s", [row.pk])  # noqa: S608


def test_the_audit_trail_is_never_changed_nor_removed(whole, as_superuser):
    empty = []
    for name, model in events().items():
        row = model._default_manager.order_by("pgh_id").first()
        if row is None:
            empty.append(name)
            continue
        table = model._meta.db_table
        refuses(f"update {table} set pgh_label = 'x' where pgh_id = %s", [row.pgh_id])  # noqa: S608
        refuses(f"delete from {table} where pgh_id = %s", [row.pgh_id])  # noqa: S608
    # No flag was raised; nothing else is left out.
    assert set(empty) <= {"registrations.FlagEvent"}


def test_an_acts_context_cannot_be_rewritten(whole):
    context = Context.objects.order_by("created_at").first()
    table = "pghistory_context"
    refuses(f"update {table} set metadata = '{{}}' where id = %s", [context.pk])  # noqa: S608
    refuses(f"update {table} set created_at = now() - interval '1 day' where id = %s", [context.pk])  # noqa: S608
    refuses(f"delete from {table} where id = %s", [context.pk])  # noqa: S608


def refuses(sql: str, params: list[object]) -> None:
    with pytest.raises(DatabaseError), transaction.atomic():
        run(sql, params)


def run(sql: str, params: list[object]) -> None:
    """Execute, and ask for the foreign keys that are looked at only on commit."""
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        cursor.execute("set constraints all immediate")
        cursor.execute("set constraints all deferred")


def test_the_control_a_table_that_may_change_does(bestnet):
    with connection.cursor() as cursor:
        cursor.execute(
            "update investors_company set name = name where id = %s", [bestnet.company.pk]
        )
        assert cursor.rowcount == 1


# --- contradictions do not fit ----------------------------------------------------------------


def test_contradictions_do_not_fit_when_the_acts_are_bypassed(bestnet, whole):
    birch, agreement = bestnet.investors["Birch"], bestnet.agreement
    company_notice = Notice.objects.get(answers=whole.notice, kind="company")
    copy = Delivery.objects.filter(notice=company_notice).first()
    record = DeliveryRecord.objects.standing().filter(delivery=copy).get()
    request = RequestRecord.objects.standing().get(notice__sender__name="Birch")
    filed = StatementRecord.objects.get()
    decision = Decision.objects.get()
    proposed = Demand.objects.get(kind="company")

    def line(**given: object) -> LedgerEntry:
        return LedgerEntry(
            **{
                "agreement": agreement, "investor": birch, "act": uuid.uuid4(), "kind": "issue",
                "security": "common", "change": 1, "on": june(1), **given,
            }
        )  # fmt: skip

    def sent(**given: object) -> DeliveryRecord:
        return DeliveryRecord(
            **{"delivery": copy, "method": "certified_mail", "replaces": record, **given}
        )

    def asked(**given: object) -> RequestRecord:
        return RequestRecord(
            **{
                "notice": request.notice, "investor": birch, "stated_on": june(21),
                "replaces": request, **given,
            }
        )  # fmt: skip

    def furnished(**given: object) -> ProspectusCopies:
        return ProspectusCopies(
            **{
                "statement": filed.statement, "investor": birch, "kind": "final",
                "method": "personal", "sent_on": july(16), **given,
            }
        )  # fmt: skip

    def action(**given: object) -> CorporateAction:
        return CorporateAction(
            **{
                "agreement": agreement, "kind": "split", "security": "common", "into": "common",
                "numerator": 2, "denominator": 1, "on": june(1), "fractions": "dropped", **given,
            }
        )  # fmt: skip

    def member(**given: object) -> AffiliateMember:
        return AffiliateMember(
            **{
                "group": AffiliateGroup.objects.get(), "investor": birch, "kin": "partner",
                "from_on": june(2), **given,
            }
        )  # fmt: skip

    def transfer(**given: object) -> Transfer:
        return Transfer(
            **{
                "agreement": agreement, "act": uuid.uuid4(), "on": june(1), "giver": birch,
                "taker_name": "Fir", "security": "unit", "quantity": 1, **given,
            }
        )  # fmt: skip

    impossible = {
        "action_ratio_above_zero": action(numerator=0),
        "action_one_class_unless_exchanged": action(into="preferred"),
        "action_change_says_why": action(replaces=CorporateAction.objects.get()),
        "action_void_replaces": action(kind="void"),
        "affiliate_group_name_once": AffiliateGroup(agreement=agreement, name="BIRCHES"),
        "affiliate_leaves_after_it_joined": member(to_on=june(1)),
        "affiliate_change_says_why": member(replaces=AffiliateMember.objects.get()),
        "affiliate_void_replaces": member(kin="void"),
        "transfer_one_first": transfer(act=Transfer.objects.get().act),
        "transfer_of_something": transfer(quantity=0),
        "transfer_to_somebody_else": transfer(taker=birch, signed_on=june(1)),
        "transfer_taker_signed": transfer(signed_on=june(1)),
        "transfer_decision_has_a_day": transfer(reads="never"),
        "transfer_change_says_why": transfer(replaces=Transfer.objects.get()),
        "ledger_only_sales_are_under": line(sold_under="rule_144"),
        "ledger_changes_something": line(change=0),
        "ledger_only_warrants_expire": line(expires_on=june(2)),
        "ledger_correction_says_why": line(kind="correction", note=""),
        "delivery_received_after_sent": sent(sent_on=june(5), received_on=june(4)),
        "delivery_has_a_day": sent(),
        "delivery_one_first_record": sent(sent_on=june(5), replaces=None),
        "notices_deliveryrecord_replaces_id_key": sent(
            sent_on=june(5), replaces=DeliveryRecord.objects.exclude(replacement=None).first()
        ),
        "request_one_first_record": asked(replaces=None),
        "notices_requestrecord_shares_check": asked(shares=-1),
        "notices_requestrecord_units_check": asked(units=-1),
        "notice_number_once": Notice(
            agreement=agreement, number=1, kind="company", answers=whole.notice
        ),
        "notice_answers_unless_it_begins": Notice(
            agreement=agreement, number=99, kind="demand", answers=whole.notice
        ),
        "matter_number_once": Demand(agreement=agreement, number=1, notice=company_notice),
        "registrations_demand_notice_id_key": Demand(
            agreement=agreement, number=9, notice=whole.notice
        ),
        "statement_each_kind_once": StatementRecord(
            statement=filed.statement, kind="filed", on=july(16)
        ),
        "covered_once": CoveredShares(record=filed, investor=bestnet.investors["Alder"], shares=2),
        "registrations_coveredshares_shares_check": CoveredShares(
            record=filed, investor=birch, shares=-1
        ),
        "proposal_one_first": ProposalRecord(
            demand=proposed, stated_on=july(17), what="Another thing"
        ),
        "proposal_change_says_why": ProposalRecord(
            demand=proposed,
            stated_on=july(17),
            what="Another thing",
            replaces=ProposalRecord.objects.get(),
        ),
        "acceptance_one_first": Acceptance(demand=proposed, investor=birch, accepted_on=july(19)),
        "suspension_number_once": Suspension(statement=filed.statement, number=1),
        "suspension_each_kind_once": SuspensionRecord(
            suspension=Suspension.objects.get(), kind="amended", on=july(17)
        ),
        "suspension_letter_one_first": SuspensionLetter(
            suspension=Suspension.objects.get(),
            notice=SuspensionLetter.objects.get().notice,
            asks_to_stop=False,
        ),
        "acknowledged_once": SuspensionAnswer(
            suspension=Suspension.objects.get(),
            investor=bestnet.investors["Alder"],
            kind="acknowledged",
            on=july(19),
        ),
        "only_a_return_counts_copies": SuspensionAnswer(
            suspension=Suspension.objects.get(),
            investor=birch,
            kind="acknowledged",
            on=july(19),
            copies=1,
        ),
        "prospectus_revised_in_a_suspension": furnished(kind="revised"),
        "prospectus_received_after_sent": furnished(received_on=july(15)),
        "prospectus_has_a_day": furnished(sent_on=None),
        "state_request_names_who_asked": StateEntry(
            statement=filed.statement, state="MI", kind="requested", on=july(16)
        ),
        "state_not_needed_says_why": StateEntry(
            statement=filed.statement, state="MI", kind="not_needed", on=july(16)
        ),
        "decision_says_why": Decision(
            demand=whole, about="filing_opens", choice="last_receipt", decided_on=june(3)
        ),
        "decision_one_first": Decision(
            demand=whole, about="eligibility", choice="issued", decided_on=june(3), reason="So."
        ),
        "registrations_decision_replaces_id_key": None,
        "consent_withdrawn_after_signed": ElectronicConsent(
            agreement=agreement, investor=birch, signed_on=june(5), withdrawn_on=june(4)
        ),
    }
    for name, row in impossible.items():
        if row is not None:
            does_not_fit(name, row)
    again = {"demand": whole, "about": "eligibility", "choice": "issued", "decided_on": june(4)}
    Decision.objects.create(replaces=decision, reason="So.", **again)
    does_not_fit(
        "registrations_decision_replaces_id_key",
        Decision(replaces=decision, reason="So too.", **again),
    )


def does_not_fit(constraint: str, row: models.Model) -> None:
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        row.save(force_insert=True)


def test_no_row_is_removed_while_another_leans_on_it(bestnet, whole):
    """Whatever may change is protected by what refers to it, in the database too."""
    for table, pk in (
        ("investors_agreement", bestnet.agreement.pk),
        ("investors_investor", bestnet.investors["Birch"].pk),
        ("investors_company", bestnet.company.pk),
    ):
        refuses(f"delete from {table} where id = %s", [pk])  # noqa: S608


# --- the audit trail --------------------------------------------------------------------------


def lines(context: Context) -> dict[str, list[models.Model]]:
    """An act's rows in the trail, by model."""
    found = {}
    for name, model in events().items():
        rows = list(model._default_manager.filter(pgh_context=context).order_by("pgh_id"))
        if rows:
            found[name] = rows
    return found


def test_each_act_is_one_line_of_the_trail_with_all_it_changed(bestnet):
    before = set(Context.objects.values_list("pk", flat=True))
    matter = tell.demand(bestnet, received_on=june(2))
    context = Context.objects.exclude(pk__in=before).get()

    assert context.metadata == {
        "agreement": bestnet.agreement.pk,
        "act": "demand.recorded",
        "actor": "Casey Counsel",
        "actor_id": bestnet.counsel.pk,
        "says": "Recorded a Demand Notice from Alder",
        "reason": "",
    }
    assert {name: len(rows) for name, rows in lines(context).items()} == {
        "notices.NoticeEvent": 1,
        "notices.DeliveryEvent": 1,
        "notices.DeliveryRecordEvent": 1,
        "notices.RequestRecordEvent": 1,
        "registrations.DemandEvent": 1,
    }
    (recorded,) = lines(context)["notices.DeliveryRecordEvent"]
    stored = matter.notice.deliveries.get().records.get()
    for field in DeliveryRecord._meta.concrete_fields:
        assert getattr(recorded, field.attname) == getattr(stored, field.attname)


def test_a_correction_keeps_before_and_after_and_says_why(bestnet):
    matter = tell.demand(bestnet, received_on=june(2))
    tell.tell(bestnet, matter, {"Birch": june(7)}, sent_on=june(5))
    tell.signed_for(bestnet, matter, "Birch", june(8), reason="The card was misread.", on=june(9))

    context = Context.objects.get(metadata__act="delivery.corrected")
    assert context.metadata["reason"] == "The card was misread."
    (after,) = lines(context)["notices.DeliveryRecordEvent"]
    before = DeliveryRecord.pgh_event_model.objects.get(pgh_obj_id=after.replaces_id)
    assert (before.received_on, after.received_on) == (june(7), june(8))
    assert after.reason == "The card was misread."


def test_what_may_change_keeps_both_sides_of_a_change(bestnet):
    """A contact ended, a flag cleared: the row before is the event before."""
    contact = bestnet.investors["Birch"].contacts.get()
    register.end_contact(contact=contact, when=bestnet.at(june(1)))
    events = contact.__class__.pgh_event_model.objects.filter(pgh_obj=contact).order_by("pgh_id")
    assert [(e.pgh_label, e.ended_at is None) for e in events] == [
        ("insert", True), ("update", False),
    ]  # fmt: skip
    assert [e.pgh_context.metadata["act"] for e in events] == ["investor.added", "contact.ended"]


def test_a_flag_raised_and_cleared_is_in_the_trail_of_the_acts_that_did_it(bestnet):
    matter = tell.demand(bestnet, received_on=june(2))
    tell.tell(
        bestnet, matter, {"Birch": june(7), "Cedar": june(9), "Dale": june(20)}, sent_on=june(5)
    )
    tell.signed_for(bestnet, matter, "Dale", june(10), reason="Misread.", on=june(23))

    flag = Flag.objects.get(kind="impossible")
    events = Flag.pgh_event_model.objects.filter(pgh_obj=flag).order_by("pgh_id")
    assert [e.pgh_context.metadata["act"] for e in events] == [
        "receipt.recorded", "delivery.corrected",
    ]  # fmt: skip


def test_every_row_is_in_the_trail_as_it_stands(whole):
    """For each tracked table: as many events as rows and changes, and the last of each row
    says what the row says."""
    for model in {m.pgh_tracked_model: m for m in events().values()}:
        event = model.pgh_event_model
        names = [f.attname for f in event._meta.concrete_fields if not f.name.startswith("pgh_")]
        last = {e.pgh_obj_id: e for e in event._default_manager.order_by("pgh_id")}
        rows = {row.pk: row for row in model._default_manager.all()}
        assert last.keys() == rows.keys(), model
        for pk, row in rows.items():
            for name in names:
                assert getattr(last[pk], name) == getattr(row, name), (model, name)


def test_an_act_inside_another_cannot_change_the_trail_of_the_first(bestnet):
    """Its own rows would be taken for the outer act's, so the database refuses."""

    def one_in_another() -> None:
        with act(bestnet.agreement, "outer", by=bestnet.counsel, says="Outer"):
            Address.objects.create(
                agreement=bestnet.agreement, investor=None, lines="1 Street", in_force_from=june(1)
            )
            with act(bestnet.agreement, "inner", by=bestnet.counsel, says="Inner"):
                Company.objects.filter(pk=bestnet.company.pk).update(name="Another")

    with pytest.raises(DatabaseError, match="append-only"):
        one_in_another()


def test_a_preview_leaves_nothing_but_what_it_shows(bestnet):
    matter = tell.demand(bestnet, received_on=june(2))
    tell.tell(
        bestnet, matter, {"Birch": june(7), "Cedar": june(9), "Dale": june(10)}, sent_on=june(5)
    )
    before = rows()
    seen = preview(
        lambda: tell.signed_for(bestnet, matter, "Dale", june(20), reason="Misread."),
        demand=matter,
    )
    assert seen.before.window("file").opens_on == july(10)
    assert seen.after.window("file").opens_on == july(20)
    begins = preview(lambda: tell.demand(bestnet, received_on=june(12)))
    assert begins.before is None
    assert begins.after.window("file").closes_on == july(27)
    assert rows() == before


def test_one_file_refused_leaves_none_behind(bestnet, settings):
    matter = tell.demand(bestnet, received_on=june(2))
    good, bad = ContentFile(PDF, "good.pdf"), ContentFile(b"MZ", "bad.pdf")

    def kept() -> int:
        return sum(1 for path in settings.EVIDENCE_DIR.rglob("*") if path.is_file())

    def answer(*files: ContentFile) -> None:
        correspondence.record_answer(
            demand=matter,
            ask=AskIn(bestnet.investors["Birch"]),
            copy=CopyIn("personal", None, june(20)),
            files=files,
            when=bestnet.at(june(20)),
        )

    before = kept()
    with refused("files"):
        answer(good, bad)
    assert kept() == before
    answer(good)
    assert kept() == before + 1
