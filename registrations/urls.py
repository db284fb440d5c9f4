"""The pages.  A plain list, so that every address of the product can be read in one place."""

from __future__ import annotations

from django.urls import include, path, register_converter

from registrations.converters import CompanyReference, Row
from registrations.views import (
    account,
    actions,
    acts,
    affiliates,
    carried,
    circumstances,
    claims,
    company,
    company_registration,
    contribution,
    decisions,
    delays,
    deliveries,
    documents,
    edgar,
    evidence,
    expenses,
    holders,
    imports,
    information,
    jobs,
    letter_texts,
    letters,
    notice,
    notices,
    offering,
    others,
    people,
    readings,
    record_notice,
    register,
    requests,
    tie_out,
    tokens,
    transfers,
    waivers,
    webhooks,
)
from registrations.views.agreement import AgreementPage
from registrations.views.audit import AuditPage, SealedTrail
from registrations.views.carried_corrections import CorrectCarried
from registrations.views.cutback import CutbackPage
from registrations.views.dashboard import DashboardPage
from registrations.views.deadlines import DeadlinesPage, RegistrationsPage
from registrations.views.demand import DemandPage
from registrations.views.library import (
    AgreementFile,
    ImportAgreement,
    LibraryAgreement,
    LibraryPage,
)
from registrations.views.prospectuses import BlueSkyPage, ProspectusesPage
from registrations.views.selling import SellingPage
from registrations.views.statements import StatementPage, StatementsPage
from registrations.views.terms import ChangeTerm
from registrations.views.worksheet import WorksheetPage
from registrations.views.workspace import SettingsPage

register_converter(CompanyReference, "company")
register_converter(Row, "row")

urlpatterns = [
    # The door
    path("", account.home, name="home"),
    path("", include("registrations.account_urls")),
    path("account/tokens/", tokens.TokensPage.as_view(), name="tokens"),
    path("account/tokens/<uuid:token>/revoke/", tokens.revoke, name="revoke-token"),
    path("", include("registrations.portal_urls")),
    # New agreements
    path("library/", LibraryPage.as_view(), name="library"),
    path("library/<slug:name>/", LibraryAgreement.as_view(), name="library-agreement"),
    path("agreements/new/", ImportAgreement.as_view(), name="import-agreement"),
    # What follows from the record
    path("a/<slug:slug>/", DashboardPage.as_view(), name="dashboard"),
    path("a/<slug:slug>/registrations/", RegistrationsPage.as_view(), name="registrations"),
    path("a/<slug:slug>/registrations/DR-<int:number>/", DemandPage.as_view(), name="demand"),
    path("a/<slug:slug>/deadlines/", DeadlinesPage.as_view(), name="deadlines"),
    path("a/<slug:slug>/decisions/", decisions.DecisionsPage.as_view(), name="decisions"),
    path("a/<slug:slug>/cutback/", CutbackPage.as_view(), name="cutback"),
    *(
        path(f"a/<slug:slug>/registrations/{matter}/cutback/{act}", view.as_view(), name=name)
        for matter in ("DR-<int:number>", "<company:number>")
        for act, view, name in (
            ("", offering.MatterCutback, "matter-cutback"),
            ("save/", offering.SaveAllocation, "save-allocation"),
        )
    ),
    path(
        "a/<slug:slug>/allocations/<uuid:allocation>/",
        offering.AllocationPage.as_view(),
        name="allocation",
    ),
    # A register from elsewhere
    path("a/<slug:slug>/imports/", imports.ImportsPage.as_view(), name="imports"),
    path("a/<slug:slug>/imports/new/", imports.SendFile.as_view(), name="send-import"),
    *(
        path(f"a/<slug:slug>/imports/<uuid:import>/{act}", view.as_view(), name=name)
        for act, view, name in (
            ("", imports.ImportPage, "import"),
            ("columns/", imports.ChooseColumns, "import-columns"),
            ("write/", imports.ConfirmImport, "confirm-import"),
            ("drop/", imports.DropImport, "drop-import"),
        )
    ),
    path("a/<slug:slug>/jobs/<uuid:job>/", jobs.JobPage.as_view(), name="job"),
    path("a/<slug:slug>/jobs/<uuid:job>/file/", jobs.JobFile.as_view(), name="job-file"),
    path("a/<slug:slug>/jobs/<uuid:job>/cancel/", jobs.CancelJob.as_view(), name="cancel-job"),
    # Correspondence
    path("a/<slug:slug>/notices/", notices.NoticesPage.as_view(), name="notices"),
    path("a/<slug:slug>/notices/new/", record_notice.RecordNotice.as_view(), name="record-notice"),
    path("a/<slug:slug>/notices/N-<int:number>/", notice.NoticePage.as_view(), name="notice"),
    path(
        "a/<slug:slug>/notices/N-<int:number>/complete/",
        requests.CompleteRequest.as_view(),
        name="complete-request",
    ),
    path(
        "a/<slug:slug>/notices/N-<int:number>/evidence/",
        evidence.AddEvidence.as_view(),
        name="add-evidence",
    ),
    path(
        "a/<slug:slug>/deliveries/<uuid:delivery>/",
        deliveries.RecordReceipt.as_view(),
        name="record-receipt",
    ),
    path("a/<slug:slug>/documents/", documents.DocumentsPage.as_view(), name="documents"),
    path("a/<slug:slug>/documents/new/", documents.ShowDocument.as_view(), name="show-document"),
    path(
        "a/<slug:slug>/documents/<uuid:document>/take-back/",
        documents.TakeBack.as_view(),
        name="take-back-document",
    ),
    path("a/<slug:slug>/edgar/", edgar.EdgarPage.as_view(), name="edgar"),
    path("a/<slug:slug>/edgar/cik/", edgar.SetCik.as_view(), name="set-cik"),
    path("a/<slug:slug>/edgar/ask/", edgar.AskEdgar.as_view(), name="ask-edgar"),
    path(
        "a/<slug:slug>/edgar/<uuid:proposal>/accept/",
        edgar.AcceptEdgar.as_view(),
        name="accept-edgar",
    ),
    path(
        "a/<slug:slug>/edgar/<uuid:proposal>/set-aside/",
        edgar.SetAsideEdgar.as_view(),
        name="set-aside-edgar",
    ),
    path("evidence/<uuid:public_id>/", evidence.evidence_file, name="evidence"),
    # What the Company proposes to register
    path(
        "a/<slug:slug>/registrations/new/",
        company_registration.Propose.as_view(),
        name="propose-registration",
    ),
    path(
        "a/<slug:slug>/registrations/<company:number>/",
        company_registration.CompanyRegistrationPage.as_view(),
        name="demand",
    ),
    path(
        "a/<slug:slug>/registrations/<company:number>/change/",
        company_registration.Change.as_view(),
        name="change-proposal",
    ),
    path(
        "a/<slug:slug>/registrations/<company:number>/withdrawal/",
        company_registration.Withdraw.as_view(),
        name="withdraw-registration",
    ),
    path(
        "a/<slug:slug>/registrations/<company:number>/acceptance/",
        company_registration.RecordAcceptance.as_view(),
        name="record-acceptance",
    ),
    *(
        path(f"a/<slug:slug>/registrations/<company:number>/{act}/", view.as_view(), name=name)
        for act, view, name in (
            ("filing", acts.RecordFiling, "record-filing"),
            ("effectiveness", acts.RecordEffectiveness, "record-effectiveness"),
            ("all-sold", acts.RecordAllSold, "record-all-sold"),
            ("decide", decisions.Decide, "decide"),
        )
    ),
    # What happens to a registration
    path(
        "a/<slug:slug>/registrations/DR-<int:number>/filing/",
        acts.RecordFiling.as_view(),
        name="record-filing",
    ),
    path(
        "a/<slug:slug>/registrations/DR-<int:number>/effectiveness/",
        acts.RecordEffectiveness.as_view(),
        name="record-effectiveness",
    ),
    path(
        "a/<slug:slug>/registrations/DR-<int:number>/all-sold/",
        acts.RecordAllSold.as_view(),
        name="record-all-sold",
    ),
    path(
        "a/<slug:slug>/registrations/DR-<int:number>/decide/",
        decisions.Decide.as_view(),
        name="decide",
    ),
    # Carrying a registration through: who may sell, prospectuses, blue sky
    *(
        path(f"a/<slug:slug>/registrations/{matter}/{rest}/", view.as_view(), name=name)
        for matter in ("DR-<int:number>", "<company:number>")
        for rest, view, name in (
            ("selling", SellingPage, "selling"),
            ("suspensions/new", carried.BeginSuspension, "begin-suspension"),
            ("suspensions/S-<int:suspension>/notice", carried.NotifySellers, "suspension-notice"),
            (
                "suspensions/S-<int:suspension>/answer",
                carried.RecordStopAnswer,
                "suspension-answer",
            ),
            ("suspensions/S-<int:suspension>/release", carried.Release, "suspension-release"),
            ("prospectuses", ProspectusesPage, "prospectuses"),
            ("prospectuses/new", carried.Furnish, "furnish"),
            ("blue-sky", BlueSkyPage, "blue-sky"),
            ("blue-sky/new", carried.RecordState, "record-state"),
            ("carried/<slug:what>/<row:pk>/correct", CorrectCarried, "correct-carried"),
        )
    ),
    # Its papers
    *(
        path(f"a/<slug:slug>/registrations/{matter}/{at}", view.as_view(), name=name)
        for matter in ("DR-<int:number>", "<company:number>")
        for at, view, name in (
            ("expenses/", expenses.ExpensesPage, "expenses"),
            ("expenses/new/", expenses.RecordExpense, "record-expense"),
            ("expenses/<row:pk>/", expenses.CorrectExpense, "correct-expense"),
            ("letters/", letters.LettersPage, "letters"),
            ("letters/all/", letters.AllLetters, "all-letters"),
            ("letters/make/", jobs.MakeLetters, "make-letters"),
            ("binder/", jobs.MakeBinder, "make-binder"),
            ("letters/of/<slug:occasion>/", letters.OccasionLetters, "occasion-letters"),
            ("letters/<uuid:investor>/", letters.LetterFile, "letter"),
            ("waivers/", waivers.WaiversPage, "waivers"),
            ("waivers/new/", waivers.RecordWaiver, "record-waiver"),
            ("waivers/<row:pk>/", waivers.CorrectWaiver, "correct-waiver"),
            ("claims/", claims.ClaimsPage, "claims"),
            ("claims/new/", claims.RecordClaim, "record-claim"),
            ("contribution/", contribution.ContributionPage, "contribution"),
            ("information/", information.InformationPage, "information"),
            (
                "information/selling-holders/",
                information.SellingHolders,
                "selling-holders",
            ),
            ("information/ask/", information.AskInformation, "ask-information"),
            ("information/<uuid:investor>/", information.AnswerPage, "information-answer"),
            (
                "information/<uuid:investor>/record/",
                information.RecordInformation,
                "record-information",
            ),
        )
    ),
    *(
        path(f"a/<slug:slug>/claims/IC-<int:claim>/{at}", view.as_view(), name=name)
        for at, view, name in (
            ("", claims.ClaimPage, "claim"),
            ("change/", claims.ChangeClaim, "change-claim"),
            ("contribution/", contribution.RecordContribution, "record-contribution"),
        )
    ),
    path(
        "a/<slug:slug>/registrations/DR-<int:number>/delay/",
        delays.RecordDelay.as_view(),
        name="record-delay",
    ),
    path(
        "a/<slug:slug>/registrations/DR-<int:number>/delay/<int:delay>/",
        delays.CorrectDelay.as_view(),
        name="correct-delay",
    ),
    path(
        "a/<slug:slug>/registrations/DR-<int:number>/others/",
        others.OthersPage.as_view(),
        name="others",
    ),
    path(
        "a/<slug:slug>/registrations/DR-<int:number>/others/<uuid:holder>/",
        others.RecordInclusion.as_view(),
        name="record-inclusion",
    ),
    path(
        "a/<slug:slug>/other-holders/new/",
        others.RecordOtherHolder.as_view(),
        name="record-other-holder",
    ),
    path(
        "a/<slug:slug>/other-holders/<uuid:holder>/",
        others.CorrectOtherHolder.as_view(),
        name="correct-other-holder",
    ),
    path(
        "a/<slug:slug>/registrations/DR-<int:number>/circumstances/",
        circumstances.RecordCircumstances.as_view(),
        name="record-circumstances",
    ),
    # Programs told of what happens
    *(
        path(f"a/<slug:slug>/webhooks/{at}", view.as_view(), name=name)
        for at, view, name in (
            ("", webhooks.WebhooksPage, "webhooks"),
            ("new/", webhooks.MakeWebhook, "make-webhook"),
            ("<uuid:webhook>/", webhooks.WebhookPage, "webhook"),
            ("<uuid:webhook>/change/", webhooks.ChangeWebhook, "change-webhook"),
            ("<uuid:webhook>/secret/", webhooks.RenewSecret, "renew-webhook-secret"),
            ("<uuid:webhook>/end/", webhooks.EndWebhook, "end-webhook"),
            ("<uuid:webhook>/test/", webhooks.SendTest, "test-webhook"),
            ("<uuid:webhook>/replay/", webhooks.ReplayWebhook, "replay-webhook"),
            ("<uuid:webhook>/<uuid:message>/", webhooks.MessagePage, "webhook-message"),
            ("<uuid:webhook>/<uuid:message>/again/", webhooks.SendAgain, "webhook-again"),
        )
    ),
    path("a/<slug:slug>/statements/", StatementsPage.as_view(), name="statements"),
    path("a/<slug:slug>/statements/new/", acts.RecordStatement.as_view(), name="record-statement"),
    path("a/<slug:slug>/statements/<uuid:statement>/", StatementPage.as_view(), name="statement"),
    path(
        "a/<slug:slug>/statements/<uuid:statement>/record/",
        acts.RecordEvent.as_view(),
        name="record-event",
    ),
    path(
        "a/<slug:slug>/statements/records/<row:pk>/correct/",
        acts.CorrectStatement.as_view(),
        name="correct-statement",
    ),
    # The register
    path("a/<slug:slug>/holders/", holders.HoldersPage.as_view(), name="holders"),
    path("a/<slug:slug>/holders/tie-out/", tie_out.TieOutPage.as_view(), name="tie-out"),
    path(
        "a/<slug:slug>/holders/open-cap-format/",
        tie_out.OpenCapFormat.as_view(),
        name="open-cap-format",
    ),
    path("a/<slug:slug>/holders/new/", register.AddHolder.as_view(), name="add-holder"),
    path("a/<slug:slug>/holders/actions/", actions.ActionsPage.as_view(), name="corporate-actions"),
    path(
        "a/<slug:slug>/holders/actions/new/", actions.RecordAction.as_view(), name="record-action"
    ),
    path(
        "a/<slug:slug>/holders/actions/<uuid:action>/correct/",
        actions.CorrectAction.as_view(),
        name="correct-action",
    ),
    path("a/<slug:slug>/holders/transfers/", transfers.TransfersPage.as_view(), name="transfers"),
    path(
        "a/<slug:slug>/holders/transfers/<uuid:transfer>/counterpart/",
        transfers.RecordCounterpart.as_view(),
        name="record-counterpart",
    ),
    path(
        "a/<slug:slug>/holders/transfers/<uuid:transfer>/standing/",
        transfers.DecideStanding.as_view(),
        name="decide-standing",
    ),
    path("a/<slug:slug>/holders/groups/", affiliates.GroupsPage.as_view(), name="affiliate-groups"),
    path("a/<slug:slug>/holders/groups/new/", affiliates.FormGroup.as_view(), name="form-group"),
    path(
        "a/<slug:slug>/holders/groups/<uuid:group>/members/new/",
        affiliates.AddMember.as_view(),
        name="add-member",
    ),
    path(
        "a/<slug:slug>/holders/groups/members/<uuid:member>/",
        affiliates.ChangeMember.as_view(),
        name="change-member",
    ),
    path("a/<slug:slug>/holders/<uuid:investor>/", holders.HolderPage.as_view(), name="holder"),
    path(
        "a/<slug:slug>/holders/<uuid:investor>/demand-form/",
        letters.DemandForm.as_view(),
        name="demand-form",
    ),
    path(
        "a/<slug:slug>/holders/<uuid:investor>/ledger/",
        register.RecordLedger.as_view(),
        name="record-ledger",
    ),
    path(
        "a/<slug:slug>/holders/<uuid:investor>/address/",
        register.ChangeAddress.as_view(),
        name="change-address",
    ),
    path(
        "a/<slug:slug>/holders/<uuid:investor>/contacts/new/",
        register.AddContact.as_view(),
        name="add-contact",
    ),
    path(
        "a/<slug:slug>/holders/<uuid:investor>/consents/new/",
        register.RecordConsent.as_view(),
        name="record-consent",
    ),
    path("a/<slug:slug>/contacts/<row:pk>/end/", register.EndContact.as_view(), name="end-contact"),
    path(
        "a/<slug:slug>/consents/<row:pk>/withdraw/",
        register.WithdrawConsent.as_view(),
        name="withdraw-consent",
    ),
    path("a/<slug:slug>/people/", people.PeoplePage.as_view(), name="people"),
    path("a/<slug:slug>/people/<row:pk>/end/", people.EndPerson.as_view(), name="end-person"),
    path(
        "a/<slug:slug>/people/auditors/new/", people.InviteAuditor.as_view(), name="invite-auditor"
    ),
    path(
        "a/<slug:slug>/people/auditors/<row:pk>/end/",
        people.EndAuditor.as_view(),
        name="end-auditor",
    ),
    path(
        "a/<slug:slug>/people/invitations/<uuid:invitation>/",
        people.Invited.as_view(),
        name="invited",
    ),
    path(
        "a/<slug:slug>/holders/<uuid:investor>/people/new/",
        people.InvitePerson.as_view(),
        name="invite-person",
    ),
    path("a/<slug:slug>/holders/<uuid:investor>/portal/", people.LookAs.as_view(), name="look-as"),
    path("a/<slug:slug>/company/", company.CompanyPapers.as_view(), name="company-papers"),
    path(
        "a/<slug:slug>/company/address/",
        company.ChangeCompanyAddress.as_view(),
        name="change-company-address",
    ),
    path(
        "a/<slug:slug>/company/consents/new/",
        company.RecordCompanyConsent.as_view(),
        name="record-company-consent",
    ),
    path(
        "a/<slug:slug>/company/share-counts/new/",
        company.RecordShareCount.as_view(),
        name="record-share-count",
    ),
    # The agreement, the workspace, the trail
    path("a/<slug:slug>/agreement/", AgreementPage.as_view(), name="agreement"),
    path("a/<slug:slug>/agreement/ask/", WorksheetPage.as_view(), name="ask-terms"),
    path("a/<slug:slug>/agreement/file/", AgreementFile.as_view(), name="agreement-file"),
    path("a/<slug:slug>/agreement/terms/<slug:name>/", ChangeTerm.as_view(), name="change-term"),
    path("a/<slug:slug>/agreement/readings/", readings.ReadingsPage.as_view(), name="readings"),
    path(
        "a/<slug:slug>/agreement/readings/choose/",
        readings.ChooseReading.as_view(),
        name="choose-reading",
    ),
    path(
        "a/<slug:slug>/agreement/letters/",
        letter_texts.LetterTextsPage.as_view(),
        name="letter-texts",
    ),
    *(
        path(f"a/<slug:slug>/agreement/letters/<slug:kind>/{at}", view.as_view(), name=name)
        for at, view, name in (
            ("", letter_texts.LetterTextPage, "letter-text"),
            ("example/", letter_texts.LetterTextFile, "letter-text-file"),
            ("change/", letter_texts.ChangeLetterText, "change-letter-text"),
        )
    ),
    path("a/<slug:slug>/audit/", AuditPage.as_view(), name="audit"),
    path("a/<slug:slug>/audit/sealed/", SealedTrail.as_view(), name="sealed-trail"),
    path("a/<slug:slug>/settings/", SettingsPage.as_view(), name="settings"),
]
