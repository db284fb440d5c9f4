"""The admin's pages for matters, decisions and flags: to be looked at."""

from __future__ import annotations

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from investors.admin import ReadOnlyAdmin

from .models import (
    Acceptance,
    Claim,
    CoveredShares,
    Decision,
    Demand,
    DocketEntry,
    DocketState,
    Expense,
    Flag,
    GoverningReading,
    ProposalRecord,
    ProspectusCopies,
    StateEntry,
    Statement,
    StatementRecord,
    Suspension,
    SuspensionAnswer,
    SuspensionLetter,
    SuspensionRecord,
    Waiver,
)


class Stands(admin.SimpleListFilter):
    """Flags that stand, or those the facts cleared."""

    title = "standing"
    parameter_name = "stands"

    def lookups(self, request: HttpRequest, model_admin: object) -> list[tuple[str, str]]:
        return [("1", "Stands"), ("0", "Cleared")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Flag]) -> QuerySet[Flag]:
        if self.value() is None:
            return queryset
        return queryset.filter(cleared_at__isnull=self.value() == "1")


@admin.register(Flag)
class FlagAdmin(ReadOnlyAdmin):
    list_display = ("demand", "agreement", "kind", "text", "since_on", "raised_at", "cleared_at")
    list_select_related = ("demand", "agreement__company")
    list_filter = (Stands, "kind")
    search_fields = ("text",)


@admin.register(Demand)
class DemandAdmin(ReadOnlyAdmin):
    list_display = ("reference", "agreement", "notice")
    list_select_related = ("agreement__company", "notice")


@admin.register(ProposalRecord)
class ProposalRecordAdmin(ReadOnlyAdmin):
    list_display = ("demand", "what", "planned_on", "withdrawn_on", "stated_on", "recorded_at")
    list_select_related = ("demand",)


@admin.register(Acceptance)
class AcceptanceAdmin(ReadOnlyAdmin):
    list_display = ("demand", "investor", "accepted_on", "recorded_at")
    list_select_related = ("demand", "investor")


@admin.register(Statement)
class StatementAdmin(ReadOnlyAdmin):
    list_display = ("name", "form", "agreement", "demand")
    list_select_related = ("agreement__company", "demand")


@admin.register(StatementRecord)
class StatementRecordAdmin(ReadOnlyAdmin):
    list_display = ("statement", "kind", "on", "file_number", "recorded_at")
    list_select_related = ("statement",)


@admin.register(CoveredShares)
class CoveredSharesAdmin(ReadOnlyAdmin):
    list_display = ("record", "investor", "shares")
    list_select_related = ("record__statement", "investor")


@admin.register(Waiver)
class WaiverAdmin(ReadOnlyAdmin):
    list_display = ("demand", "investor", "right", "signed_on", "taken_back", "recorded_at")
    list_select_related = ("demand", "investor")


@admin.register(GoverningReading)
class GoverningReadingAdmin(ReadOnlyAdmin):
    list_display = (
        "agreement", "question", "choice", "governs_from", "recorded_by", "recorded_at",
    )  # fmt: skip


@admin.register(Suspension)
class SuspensionAdmin(ReadOnlyAdmin):
    list_display = ("statement", "reference")
    list_select_related = ("statement",)


@admin.register(SuspensionRecord)
class SuspensionRecordAdmin(ReadOnlyAdmin):
    list_display = ("suspension", "kind", "on", "time", "recorded_at")
    list_select_related = ("suspension",)


@admin.register(SuspensionLetter)
class SuspensionLetterAdmin(ReadOnlyAdmin):
    list_display = ("suspension", "notice", "asks_to_stop", "recorded_at")
    list_select_related = ("suspension", "notice")


@admin.register(SuspensionAnswer)
class SuspensionAnswerAdmin(ReadOnlyAdmin):
    list_display = ("suspension", "investor", "kind", "on", "copies", "recorded_at")
    list_select_related = ("suspension", "investor")


@admin.register(ProspectusCopies)
class ProspectusCopiesAdmin(ReadOnlyAdmin):
    list_display = ("statement", "investor", "kind", "copies", "sent_on", "received_on")
    list_select_related = ("statement", "investor")


@admin.register(StateEntry)
class StateEntryAdmin(ReadOnlyAdmin):
    list_display = ("statement", "state", "kind", "on", "investor", "recorded_at")
    list_select_related = ("statement", "investor")


@admin.register(Decision)
class DecisionAdmin(ReadOnlyAdmin):
    list_display = ("demand", "about", "choice", "decided_on", "recorded_by", "recorded_at")
    list_select_related = ("demand", "recorded_by")


@admin.register(DocketState)
class DocketStateAdmin(ReadOnlyAdmin):
    list_display = ("demand", "outcome", "rebuilt_at", "error", "retry_at")
    list_select_related = ("demand",)


@admin.register(DocketEntry)
class DocketEntryAdmin(ReadOnlyAdmin):
    list_display = ("demand", "key", "rule", "opens_on", "closes_on", "done_on", "flag_on")
    list_select_related = ("demand",)
    list_filter = ("kind", "rule")


@admin.register(Expense)
class ExpenseAdmin(ReadOnlyAdmin):
    list_display = ("demand", "called", "amount", "on", "paid_by", "recorded_at")
    list_select_related = ("demand",)


@admin.register(Claim)
class ClaimAdmin(ReadOnlyAdmin):
    list_display = ("reference", "demand", "agreement")
    list_select_related = ("demand", "agreement__company")
