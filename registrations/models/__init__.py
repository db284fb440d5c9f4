"""Matters, what was filed for them, counsel's decisions, and what the sweep keeps."""

from .docket import DocketEntry, DocketState, Flag
from .matters import (
    Acceptance,
    Decision,
    DelayRecord,
    Demand,
    DemandQuerySet,
    GoverningReading,
    ProposalRecord,
)
from .statements import CoveredShares, Statement, StatementRecord

__all__ = [
    "Acceptance",
    "CoveredShares",
    "Decision",
    "DelayRecord",
    "Demand",
    "DemandQuerySet",
    "DocketEntry",
    "DocketState",
    "Flag",
    "GoverningReading",
    "ProposalRecord",
    "Statement",
    "StatementRecord",
]
