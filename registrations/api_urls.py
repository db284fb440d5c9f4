"""The API, from `/api/v1/`: reads are resources, writes are named acts."""

from django.urls import path, re_path

from .api import (
    acts,
    agreements,
    company,
    delays,
    documents,
    exchange,
    expenses,
    matters,
    notices,
    others,
    papers,
    readings,
    register,
    waivers,
)

ONE_AGREEMENT = "agreements/<slug:slug>/"
ONE_INVESTOR = "investors/<uuid:investor>/"
ONE_DEMAND = "demands/<uuid:demand>/"
ONE_COMPANY = "company-registrations/<uuid:demand>/"
ONE_NOTICE = "notices/<uuid:notice>/"
ONE_DELIVERY = "deliveries/<uuid:delivery>/"

urlpatterns = [
    path("library/", exchange.Library.as_view()),
    path("library/<slug:name>/", exchange.LibraryFile.as_view()),
    path("exchange-schema/", exchange.ExchangeSchema.as_view()),
    path("agreements/", exchange.AgreementsAndTakeIn.as_view()),
    path(ONE_AGREEMENT, agreements.OneAgreement.as_view()),
    path(ONE_AGREEMENT + "file/", exchange.AgreementFile.as_view()),
    path(ONE_AGREEMENT + "terms/<slug:name>/", exchange.OneTerm.as_view()),
    path(ONE_AGREEMENT + "readings/", readings.Readings.as_view()),
    path(ONE_AGREEMENT + "investors/", register.InvestorsAndAdd.as_view()),
    path(ONE_AGREEMENT + "holdings/", agreements.Holdings.as_view()),
    path(ONE_AGREEMENT + "share-counts/", register.ShareCounts.as_view()),
    path(ONE_AGREEMENT + "other-holders/", others.OtherHolders.as_view()),
    path(ONE_AGREEMENT + "demand-notices/", acts.DemandNotices.as_view()),
    path(ONE_AGREEMENT + "company-registrations/", company.Propose.as_view()),
    path(ONE_INVESTOR, agreements.OneInvestor.as_view()),
    path(ONE_INVESTOR + "address/", register.ChangeAddress.as_view()),
    path(ONE_INVESTOR + "issue-units/", register.IssueUnits.as_view()),
    path(ONE_INVESTOR + "convert/", register.Convert.as_view()),
    path(ONE_INVESTOR + "exercise/", register.Exercise.as_view()),
    path(ONE_INVESTOR + "transfer/", register.Transfer.as_view()),
    path(ONE_INVESTOR + "public-sale/", register.PublicSale.as_view()),
    path(ONE_INVESTOR + "correct-ledger/", register.CorrectLedger.as_view()),
    path("demands/", matters.Demands.as_view()),
    path(ONE_DEMAND, matters.OneDemand.as_view()),
    path(ONE_DEMAND + "docket/", matters.DocketOf.as_view()),
    path(ONE_DEMAND + "company-notices/", acts.CompanyNotices.as_view()),
    path(ONE_DEMAND + "answers/", acts.Answers.as_view()),
    path(ONE_DEMAND + "filing/", acts.FileStatement.as_view()),
    path(ONE_DEMAND + "effectiveness/", acts.Effectiveness.as_view()),
    path(ONE_DEMAND + "all-sold/", acts.AllSold.as_view()),
    path(ONE_DEMAND + "statement-events/", acts.StatementEvents.as_view()),
    path(ONE_DEMAND + "statement-corrections/", acts.CorrectStatement.as_view()),
    path(ONE_DEMAND + "delays/", delays.Delays.as_view()),
    path(ONE_DEMAND + "delay-corrections/", delays.DelayCorrections.as_view()),
    path(ONE_DEMAND + "inclusions/", others.Inclusions.as_view()),
    path(ONE_DEMAND + "decisions/", acts.Decisions.as_view()),
    path("company-registrations/", company.CompanyRegistrations.as_view()),
    path(ONE_COMPANY, company.OneCompany.as_view()),
    path(ONE_COMPANY + "docket/", matters.DocketOf.as_view(kind="company")),
    path(ONE_COMPANY + "changes/", company.Changes.as_view()),
    path(ONE_COMPANY + "registration-notices/", acts.CompanyNotices.as_view(kind="company")),
    path(ONE_COMPANY + "piggyback-requests/", acts.Answers.as_view(kind="company")),
    path(ONE_COMPANY + "acceptances/", company.Acceptances.as_view()),
    path(ONE_COMPANY + "withdrawal/", company.Withdrawal.as_view()),
    path(ONE_COMPANY + "filing/", company.FileCompany.as_view()),
    path(ONE_COMPANY + "effectiveness/", company.CompanyEffectiveness.as_view()),
    path(ONE_COMPANY + "all-sold/", company.CompanyAllSold.as_view()),
    path(ONE_COMPANY + "statement-corrections/", company.CorrectCompany.as_view()),
    path(ONE_COMPANY + "decisions/", acts.Decisions.as_view(kind="company")),
    *(
        path(f"{matter}{at}", view.as_view(kind=kind))
        for matter, kind in ((ONE_DEMAND, "demand"), (ONE_COMPANY, "company"))
        for at, view in (
            ("expenses/", expenses.Expenses),
            ("expense-corrections/", expenses.ExpenseCorrections),
            ("waivers/", waivers.Waivers),
            ("waiver-corrections/", waivers.WaiverCorrections),
        )
    ),
    path("notices/", notices.Notices.as_view()),
    path(ONE_NOTICE, notices.OneNotice.as_view()),
    path(ONE_NOTICE + "complete/", papers.Complete.as_view()),
    path(ONE_NOTICE + "evidence/", papers.AttachEvidence.as_view()),
    path("deliveries/", notices.Deliveries.as_view()),
    path(ONE_DELIVERY, notices.OneDelivery.as_view()),
    path(ONE_DELIVERY + "records/", papers.Records.as_view()),
    path("flags/", matters.Flags.as_view()),
    path("schema/", documents.Schema, name="api-schema"),
    path("docs/", documents.Reference.as_view(), name="api-reference"),
    re_path("", documents.Elsewhere.as_view()),
]
