"""Matters, what was filed for them, counsel's decisions, saved allocations, and what the
sweep keeps."""

from .allocations import Allocation, AllocationLine
from .docket import DocketEntry, DocketState, Flag
from .matters import Acceptance, Decision, Demand, DemandQuerySet, ProposalRecord
from .statements import CoveredShares, Statement, StatementRecord

__all__ = [
    "Acceptance",
    "Allocation",
    "AllocationLine",
    "CoveredShares",
    "Decision",
    "Demand",
    "DemandQuerySet",
    "DocketEntry",
    "DocketState",
    "Flag",
    "ProposalRecord",
    "Statement",
    "StatementRecord",
]
