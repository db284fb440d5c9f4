"""What EDGAR would say in the demo: a filing one matter waits for, and a day in question.

No network and no folder: the answer is made here, dated from today, under a number the SEC
has given nobody.
"""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, time

from investors.models import Agreement

from .edgar import Unreachable, list_path
from .rules.edgar_days import EASTERN
from .services import edgar, edgar_following
from .services.recording import When

CIK = "9999999001"


class Said:
    """EDGAR's answer: a Form S-3 accepted a minute after the hour and dated that same day."""

    def __init__(self, on: date) -> None:
        accepted = datetime.combine(on, time(17, 31), EASTERN).astimezone(UTC)
        self.recent = {
            "accessionNumber": [f"{CIK}-{on:%y}-000017"],
            "filingDate": [on.isoformat()],
            "acceptanceDateTime": [f"{accepted:%Y-%m-%dT%H:%M:%S}.000Z"],
            "form": ["S-3"],
            "fileNumber": ["333-999001"],
        }

    def get(self, path: str) -> bytes:
        if path != list_path(CIK):
            raise Unreachable(f"The demo has no {path}.", missing=True)
        return json.dumps({"cik": CIK, "filings": {"recent": self.recent, "files": []}}).encode()


def found(agreement: Agreement, on: date, reason: str, when: When) -> None:
    """Counsel entered the Company's number, and EDGAR was asked."""
    company = edgar.set_cik(agreement=agreement, cik=CIK, reason=reason, when=when)
    edgar_following.follow(company, Said(on), when.now)
