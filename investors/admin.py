"""The admin's pages for the register and for accounts.

Facts are recorded by acts, which lock, check, audit and redraw the dockets.  The admin
would do none of that, so facts can only be looked at here; accounts and who acts for whom,
which no docket follows from, can be changed.
"""

from __future__ import annotations

from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import AdminUserCreationForm, UserChangeForm
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from . import accounts
from .models import (
    AccountRecord,
    Address,
    AffiliateGroup,
    AffiliateMember,
    Agreement,
    ApiToken,
    Company,
    Contact,
    CorporateAction,
    ElectronicConsent,
    Investor,
    LedgerEntry,
    Membership,
    ShareCount,
    Term,
    Transfer,
    User,
)

# Secrets, and what a person's own page keeps in step: nothing here to look at or to change.
admin.site.unregister([EmailAddress, Authenticator, UserSession])


class ReadOnlyAdmin(admin.ModelAdmin):
    """A table that can be looked at and searched, and never written to from here."""

    list_per_page = 50
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class NewAccountForm(AdminUserCreationForm):
    class Meta(AdminUserCreationForm.Meta):
        model = User
        fields = ("email", "name")


class AccountForm(UserChangeForm):
    class Meta(UserChangeForm.Meta):
        model = User
        fields = "__all__"


@admin.register(User)
class AccountAdmin(UserAdmin):
    """Accounts.  One is switched off, never deleted: what it recorded keeps its name."""

    form = AccountForm
    add_form = NewAccountForm
    ordering = ("email",)
    list_display = ("email", "name", "is_active", "is_staff", "last_login")
    list_filter = ("is_active", "is_staff")
    search_fields = ("email", "name")
    readonly_fields = ("last_login", "joined_at")
    fieldsets = (
        (None, {"fields": ("email", "name", "password")}),
        ("Rights", {"fields": ("is_active", "is_staff", "is_superuser", "groups")}),
        ("Dates", {"fields": ("last_login", "joined_at")}),
    )
    add_fieldsets = (
        (None, {"fields": ("email", "name", "usable_password", "password1", "password2")}),
    )

    actions = ["remove_second_factors"]

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @admin.action(description="Remove the second factor of the chosen, and sign them out")
    def remove_second_factors(self, request: HttpRequest, chosen: QuerySet[User]) -> None:
        """For who lost phone, passkeys and recovery codes.  Make sure first who asks."""
        for user in chosen:
            if accounts.remove_second_factors(user):
                accounts.record(user, AccountRecord.What.FACTORS_REMOVED, at=timezone.now())
        self.message_user(request, "They sign in by password alone until they set one up again.")


@admin.register(AccountRecord)
class AccountRecordAdmin(ReadOnlyAdmin):
    list_display = ("at", "user", "what", "network")
    list_select_related = ("user",)
    list_filter = ("what",)
    search_fields = ("user__email", "user__name")


@admin.register(Membership)
class MembershipAdmin(admin.ModelAdmin):
    """Who acts for which company.  A membership is ended, not deleted."""

    list_display = ("company", "user", "role", "ended_at")
    list_filter = ("role",)
    search_fields = ("company__name", "user__email", "user__name")
    autocomplete_fields = ("company", "user")
    list_select_related = ("company", "user")

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(ApiToken)
class ApiTokenAdmin(ReadOnlyAdmin):
    """Who let which program in.  Its person revokes it; switching the account off ends all."""

    list_display = ("name", "user", "scope", "agreement", "expiry", "used_on", "revoked_at")
    list_filter = ("scope",)
    list_select_related = ("user", "agreement__company")
    search_fields = ("name", "user__email", "user__name")
    exclude = ("digest", "token_key")


@admin.register(Company)
class CompanyAdmin(ReadOnlyAdmin):
    list_display = ("name", "slug", "due_soon_days")
    search_fields = ("name", "slug")


@admin.register(Agreement)
class AgreementAdmin(ReadOnlyAdmin):
    list_display = ("company", "title", "dated_on", "time_zone")
    list_select_related = ("company",)
    search_fields = ("company__name", "title", "slug")


@admin.register(Term)
class TermAdmin(ReadOnlyAdmin):
    list_display = ("agreement", "name", "clause", "in_force_from", "kind", "recorded_at")
    list_select_related = ("agreement__company",)
    list_filter = ("kind",)
    search_fields = ("name", "clause", "summary")


@admin.register(Investor)
class InvestorAdmin(ReadOnlyAdmin):
    list_display = ("name", "agreement", "kind", "party_from")
    list_select_related = ("agreement__company",)
    search_fields = ("name",)


@admin.register(Contact)
class ContactAdmin(ReadOnlyAdmin):
    list_display = ("name", "email", "investor", "ended_at")
    list_select_related = ("investor",)
    search_fields = ("name", "email", "investor__name")


@admin.register(Address)
class AddressAdmin(ReadOnlyAdmin):
    list_display = ("__str__", "investor", "agreement", "in_force_from", "recorded_at")
    list_select_related = ("investor", "agreement__company")
    search_fields = ("lines", "investor__name")


@admin.register(ElectronicConsent)
class ElectronicConsentAdmin(ReadOnlyAdmin):
    list_display = ("agreement", "investor", "signed_on", "withdrawn_on")
    list_select_related = ("investor", "agreement__company")


@admin.register(LedgerEntry)
class LedgerEntryAdmin(ReadOnlyAdmin):
    list_display = ("on", "investor", "kind", "security", "change", "recorded_at")
    list_select_related = ("investor",)
    list_filter = ("kind", "security")
    search_fields = ("investor__name",)


@admin.register(CorporateAction)
class CorporateActionAdmin(ReadOnlyAdmin):
    list_display = ("on", "agreement", "kind", "security", "numerator", "denominator", "reason")
    list_select_related = ("agreement__company",)
    list_filter = ("kind", "security")


@admin.register(AffiliateGroup)
class AffiliateGroupAdmin(ReadOnlyAdmin):
    list_display = ("name", "agreement")
    list_select_related = ("agreement__company",)
    search_fields = ("name",)


@admin.register(AffiliateMember)
class AffiliateMemberAdmin(ReadOnlyAdmin):
    list_display = ("investor", "group", "kin", "from_on", "to_on", "reason")
    list_select_related = ("investor", "group")


@admin.register(Transfer)
class TransferAdmin(ReadOnlyAdmin):
    list_display = ("on", "giver", "taker_name", "quantity", "security", "signed_on", "reads")
    list_select_related = ("giver",)
    search_fields = ("giver__name", "taker_name")


@admin.register(ShareCount)
class ShareCountAdmin(ReadOnlyAdmin):
    list_display = ("agreement", "kind", "count", "on", "source")
    list_select_related = ("agreement__company",)
