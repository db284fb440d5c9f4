"""Matters, what was filed for them and how it is carried through, counsel's decisions and
allocations, and what the sweep keeps."""

from .allocations import (
    Allocation,
    AllocationLine,
)
from .docket import (
    DocketEntry,
    DocketState,
    Flag,
)
from .documents import Document
from .edgar import (
    EdgarAnswer,
    EdgarAsking,
    EdgarProposal,
)
from .joint import (
    JointDemand,
    JointSignature,
)
from .letters import LetterTemplate
from .matters import (
    Acceptance,
    Circumstances,
    Decision,
    DelayRecord,
    Demand,
    DemandQuerySet,
    GoverningReading,
    ProposalRecord,
)
from .others import (
    Inclusion,
    OtherHolder,
)
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
from .selling import (
    ProspectusCopies,
    StateEntry,
    Suspension,
    SuspensionAnswer,
    SuspensionLetter,
    SuspensionRecord,
)
from .statements import (
    CoveredShares,
    Statement,
    StatementRecord,
)
from .waivers import (
    Waiver,
)

__all__ = [
    "Acceptance",
    "Allocation",
    "AllocationLine",
    "Circumstances",
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
    "Document",
    "EdgarAnswer",
    "EdgarAsking",
    "EdgarProposal",
    "Expense",
    "Flag",
    "GoverningReading",
    "Inclusion",
    "InformationAnswer",
    "InformationRequest",
    "Invoice",
    "JointDemand",
    "JointSignature",
    "LetterTemplate",
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
