"""Matters, what was filed for them and how it is carried through, counsel's decisions, and
what the sweep keeps."""

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
from .others import Inclusion, OtherHolder
from .papers import Expense, Invoice
from .selling import (
    ProspectusCopies,
    StateEntry,
    Suspension,
    SuspensionAnswer,
    SuspensionLetter,
    SuspensionRecord,
)
from .statements import CoveredShares, Statement, StatementRecord
from .waivers import Waiver

__all__ = [
    "Acceptance",
    "CoveredShares",
    "Decision",
    "DelayRecord",
    "Demand",
    "DemandQuerySet",
    "DocketEntry",
    "DocketState",
    "Expense",
    "Flag",
    "GoverningReading",
    "Inclusion",
    "Invoice",
    "OtherHolder",
    "ProposalRecord",
    "ProspectusCopies",
    "StateEntry",
    "Statement",
    "StatementRecord",
    "Suspension",
    "SuspensionAnswer",
    "SuspensionLetter",
    "SuspensionRecord",
    "Waiver",
]
