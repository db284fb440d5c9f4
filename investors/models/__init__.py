"""The register: companies, agreements, Investors, addresses, holdings, and accounts.

Facts are entries.  An entry is never changed or removed; a later entry replaces it and
says why.  What stands is whatever no entry has replaced.
"""

from .account_records import AccountRecord
from .accounts import ApiToken, MailChoice, User, UserManager
from .agreements import (
    Agreement,
    AgreementQuerySet,
    Auditor,
    Company,
    CompanyQuerySet,
    Membership,
    Term,
    TermConsent,
    default_reminder_days,
    known_time_zone,
)
from .calendars import CalendarEvent, CalendarFeed
from .entries import Entry, Standing, never_changed
from .holdings import (
    AffiliateGroup,
    AffiliateMember,
    CorporateAction,
    LedgerEntry,
    ShareCount,
    Transfer,
)
from .once import KeptAnswer, Submission
from .parties import (
    Address,
    AddressNotice,
    Contact,
    ElectronicConsent,
    Investor,
    InvestorQuerySet,
    Invitation,
    Representative,
)
from .seals import Seal, SealedAct, SealShape
from .work import Import, ImportRow, ImportSource, Job

__all__ = [
    "AccountRecord", "Address", "AddressNotice", "AffiliateGroup", "AffiliateMember",
    "Agreement", "AgreementQuerySet", "ApiToken", "Auditor", "CalendarEvent",
    "CalendarFeed", "Company", "CompanyQuerySet", "Contact", "CorporateAction",
    "ElectronicConsent", "Entry", "Import", "ImportRow", "ImportSource", "Investor",
    "InvestorQuerySet", "Invitation", "Job", "KeptAnswer", "LedgerEntry", "MailChoice",
    "Membership", "Representative", "Seal", "SealShape", "SealedAct", "ShareCount",
    "Standing", "Submission", "Term", "TermConsent", "Transfer", "User", "UserManager",
    "default_reminder_days", "known_time_zone", "never_changed",
]  # fmt: skip
