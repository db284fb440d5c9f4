"""The API, from `/api/v1/`: reads are resources, writes are named acts."""

from django.urls import path, re_path

from .api import acts, agreements, documents, matters, notices, papers, register

ONE_AGREEMENT = "agreements/<slug:slug>/"
ONE_INVESTOR = "investors/<uuid:investor>/"
ONE_DEMAND = "demands/<uuid:demand>/"
ONE_NOTICE = "notices/<uuid:notice>/"
ONE_DELIVERY = "deliveries/<uuid:delivery>/"

urlpatterns = [
    path("agreements/", agreements.Agreements.as_view()),
    path(ONE_AGREEMENT, agreements.OneAgreement.as_view()),
    path(ONE_AGREEMENT + "investors/", register.InvestorsAndAdd.as_view()),
    path(ONE_AGREEMENT + "holdings/", agreements.Holdings.as_view()),
    path(ONE_AGREEMENT + "demand-notices/", acts.DemandNotices.as_view()),
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
    path(ONE_DEMAND + "decisions/", acts.Decisions.as_view()),
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
