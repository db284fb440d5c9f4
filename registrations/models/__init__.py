"""Matters, what was filed for them and how it is carried through, counsel's decisions, and
what the sweep keeps."""

from .docket import DocketEntry, DocketState, Flag
from .matters import Acceptance, Decision, Demand, DemandQuerySet, ProposalRecord
from .selling import (
    ProspectusCopies,
    StateEntry,
    Suspension,
    SuspensionAnswer,
    SuspensionLetter,
    SuspensionRecord,
)
from .statements import CoveredShares, Statement, StatementRecord

__all__ = [
    "Acceptance",
    "CoveredShares",
    "Decision",
    "Demand",
    "DemandQuerySet",
    "DocketEntry",
    "DocketState",
    "Flag",
    "ProposalRecord",
    "ProspectusCopies",
    "StateEntry",
    "Statement",
    "StatementRecord",
    "Suspension",
    "SuspensionAnswer",
    "SuspensionLetter",
    "SuspensionRecord",
]
