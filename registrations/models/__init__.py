"""Matters, what was filed for them, counsel's decisions, and what the sweep keeps."""

from .docket import DocketEntry, DocketState, Flag
from .matters import Acceptance, Decision, DelayRecord, Demand, DemandQuerySet, ProposalRecord
from .papers import (
    Claim,
    ClaimRecord,
    ContributionPart,
    ContributionRecord,
    Expense,
    InformationAnswer,
    InformationRequest,
    Invoice,
)
from .statements import CoveredShares, Statement, StatementRecord

__all__ = [
    "Acceptance",
    "Claim",
    "ClaimRecord",
    "ContributionPart",
    "ContributionRecord",
    "CoveredShares",
    "Decision",
    "DelayRecord",
    "Demand",
    "DemandQuerySet",
    "DocketEntry",
    "DocketState",
    "Expense",
    "Flag",
    "InformationAnswer",
    "InformationRequest",
    "Invoice",
    "ProposalRecord",
    "Statement",
    "StatementRecord",
]
