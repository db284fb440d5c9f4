"""Row-level security under everything that belongs to an agreement."""

from django.db import migrations

from investors.guards import SEES, Guard

_DEMAND = "select agreement_id from registrations_demand where id = new.demand_id"
_NOTICE = "select agreement_id from notices_notice where id = new.notice_id"
_INVESTOR = "select agreement_id from investors_investor where id = new.investor_id"
_STATEMENT = "select agreement_id from registrations_statement where id = new.statement_id"
_SUSPENSION = "select of_agreement from registrations_suspension where id = new.suspension_id"
_CLAIM = "select agreement_id from registrations_claim where id = new.claim_id"

# A parent before what takes its agreement from it.
GUARDS = [
    Guard("investors_company", agreement="", company="id"),
    Guard("investors_agreement", agreement="id", shared=True),
    Guard("investors_investor", investor="id"),
    Guard("investors_term", shared=True),
    Guard("investors_termconsent",
          of="select agreement_id from investors_term where id = new.term_id"),
    Guard("investors_invitation"),
    Guard("investors_invitation_investors", of=_INVESTOR, tracked=False),
    Guard("investors_contact", of=_INVESTOR),
    Guard("investors_addressnotice", of=_INVESTOR, investor="investor_id"),
    Guard("investors_address", investor="investor_id", shared=True),
    Guard("investors_electronicconsent", investor="investor_id", shared=True),
    Guard("investors_ledgerentry", investor="investor_id"),
    Guard("investors_transfer"),
    Guard("investors_affiliategroup"),
    Guard("investors_affiliatemember", of=_INVESTOR),
    Guard("investors_corporateaction", shared=True),
    Guard("investors_sharecount"),
    Guard("investors_submission", person="by_id", tracked=False),
    Guard("investors_keptanswer", person="by_id", tracked=False),
    Guard("investors_calendarevent", agreement="", tracked=False,
          somebody="select user_id from investors_calendarfeed where id = new.feed_id"),
    Guard("notices_notice", investor="sender_id", shared=True),
    Guard("notices_delivery", of=_NOTICE, shared=True,
          whose="select coalesce(new.recipient_id, sender_id) from notices_notice"
                " where id = new.notice_id"),
    Guard("notices_deliveryrecord", shared=True,
          of="select of_agreement from notices_delivery where id = new.delivery_id",
          whose="select of_investor from notices_delivery where id = new.delivery_id"),
    Guard("notices_requestrecord", of=_NOTICE, investor="investor_id"),
    Guard("notices_evidence",
          of="select coalesce("
             "(select agreement_id from notices_notice where id = new.notice_id),"
             " (select of_agreement from notices_delivery where id = new.delivery_id))"),
    Guard("notices_receipt", of=_NOTICE, investor="investor_id"),
    Guard("notices_answerdraft", of=_INVESTOR, investor="investor_id", private=True,
          tracked=False),
    Guard("notices_reminder", tracked=False),
    Guard("registrations_demand", shared=True),
    Guard("registrations_proposalrecord", of=_DEMAND),
    Guard("registrations_acceptance", of=_DEMAND),
    Guard("registrations_delayrecord", of=_DEMAND),
    Guard("registrations_circumstances", of=_DEMAND),
    Guard("registrations_governingreading", shared=True),
    Guard("registrations_decision", of=_DEMAND),
    Guard("registrations_allocation", of=_DEMAND),
    Guard("registrations_allocationline",
          of="select of_agreement from registrations_allocation where id = new.allocation_id"),
    Guard("registrations_docketstate", of=_DEMAND, tracked=False),
    Guard("registrations_docketentry", investor="investor_id", tracked=False),
    Guard("registrations_flag"),
    Guard("registrations_document", investor="investor_id", shared=True),
    Guard("registrations_jointdemand", shared=True, private=True),
    Guard("registrations_jointsignature", of=_INVESTOR, investor="investor_id", private=True),
    Guard("registrations_otherholder"),
    Guard("registrations_inclusion", of=_DEMAND),
    Guard("registrations_expense", of=_DEMAND),
    Guard("registrations_invoice",
          of="select of_agreement from registrations_expense where id = new.expense_id"),
    Guard("registrations_claim"),
    Guard("registrations_claimrecord", of=_CLAIM),
    Guard("registrations_contributionrecord", of=_CLAIM),
    Guard("registrations_contributionpart",
          of="select of_agreement from registrations_contributionrecord"
             " where id = new.contribution_id"),
    Guard("registrations_informationrequest", of=_DEMAND, investor="investor_id"),
    Guard("registrations_informationanswer", of=_DEMAND, investor="investor_id"),
    Guard("registrations_statement", shared=True),
    Guard("registrations_statementrecord", of=_STATEMENT, shared=True),
    Guard("registrations_coveredshares", investor="investor_id",
          of="select of_agreement from registrations_statementrecord where id = new.record_id"),
    Guard("registrations_suspension", of=_STATEMENT, shared=True),
    Guard("registrations_suspensionrecord", of=_SUSPENSION),
    Guard("registrations_suspensionletter", of=_SUSPENSION),
    Guard("registrations_suspensionanswer", of=_SUSPENSION, investor="investor_id"),
    Guard("registrations_prospectuscopies", of=_STATEMENT, investor="investor_id"),
    Guard("registrations_stateentry", of=_STATEMENT),
    Guard("registrations_waiver", of=_DEMAND),
]  # fmt: skip

# A mail is the jobs' alone.
MAIL = """
alter table notices_mail enable row level security;
alter table notices_mail force row level security;
create policy seen on notices_mail using ((select current_setting('rightsbook.everything', true)) = 'on');
"""

# Who did what and why: of an agreement for those who see it whole, of an account for anybody
# the application shows it to.
CONTEXT = """
alter table pghistory_context enable row level security;
alter table pghistory_context force row level security;
create policy kept on pghistory_context for insert with check (true);
create policy seen on pghistory_context using ((case
  when (select current_setting('rightsbook.everything', true)) = 'on' then 1
  when metadata ->> 'agreement' is null then 1
  when (metadata ->> 'agreement')::bigint = any ((select
    nullif(current_setting('rightsbook.agreements', true), '')::bigint[])::bigint[]) then 1
  else 0 end) <> 0);
"""


class Migration(migrations.Migration):
    dependencies = [
        ("investors", "0016_auditors_addresses_mail"),
        ("notices", "0007_receipts"),
        ("registrations", "0017_documents"),
        ("pghistory", "0007_auto_20250421_0444"),
    ]

    operations = [
        migrations.RunSQL([*(guard.sql() for guard in GUARDS), MAIL, CONTEXT, SEES]),
    ]
