"""What an Investor does in the portal about a notice it was given: a draft, its answer, the
receipt (D4, D5, P3, N4)."""

from __future__ import annotations

import hashlib
import json
import secrets
from datetime import datetime
from typing import Any

from django.db import transaction

from investors import sight
from investors.models import Investor, User
from notices.models import AnswerDraft, Notice, Receipt

from ..models import Demand
from .correspondence import record_answer
from .deliveries import CopyIn
from .recording import When, whole
from .requests import AskIn

# No letter or figure that can be taken for another; ten of them are 1 in 10^15 to guess.
_ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"


def keep_draft(
    *,
    demand: Demand,
    investor: Investor,
    shares: int | None,
    distribution: str,
    other_information: str,
    when: When,
) -> AnswerDraft:
    """Keep an answer as far as it is written.  Nothing of it is sent, and counsel do not see
    it; a later draft takes the place of an earlier one."""
    draft, _ = AnswerDraft.objects.update_or_create(
        investor=investor,
        answers_id=demand.notice_id,
        defaults={
            "shares": shares,
            "distribution": distribution,
            "other_information": other_information,
            "saved_at": when.now,
            "saved_by": when.by,
        },
    )
    return draft


def send_answer(*, demand: Demand, ask: AskIn, declines: bool = False, when: When) -> Receipt:
    """Send an Investor's answer to the Company through the portal and give its receipt.

    It is recorded whatever it amounts to: after the last day, for more than the Investor
    holds, or in a matter that has closed.  It counts as received only under the Company's
    signed consent to electronic delivery (N4).  Raises ``Refused`` for an amount that is no
    number of shares, or from an Initiating Investor.
    """
    whole("shares", ask.shares, least=1)
    agreement = demand.agreement
    today = when.today(agreement)
    with transaction.atomic():
        notice = record_answer(
            demand=demand,
            ask=ask,
            copy=CopyIn("portal", today, today),
            declines=declines,
            as_sent=True,
            when=when,
        )
        AnswerDraft.objects.filter(investor=ask.investor, answers=demand.notice_id).delete()
        return receipt_for(notice, demand, ask, declines=declines, by=when.by, now=when.now)


def receipt_for(
    notice: Notice,
    demand: Demand,
    ask: AskIn,
    *,
    declines: bool = False,
    by: User,
    now: datetime,
) -> Receipt:
    """The receipt of what one Investor sent in a notice, by the person who signed it."""
    number = "-".join(
        "".join(secrets.choice(_ALPHABET) for _ in range(length)) for length in (4, 4, 2)
    )
    content = canonical(
        {
            "receipt": number,
            "received_at": now.isoformat(),
            "company": demand.agreement.company.name,
            "agreement": demand.agreement.title,
            "agreement_dated_on": demand.agreement.dated_on.isoformat(),
            "registration": str(demand.public_id),
            "answer": notice.get_kind_display(),
            "investor": ask.investor.name,
            "registrable_shares": None if declines else ask.shares,
            "distribution": "" if declines else ask.distribution,
            "other_information": None if declines else ask.other_information,
            "sent_by": f"{by.name} <{by.email}>",
        }
    )
    return Receipt.objects.create(
        number=number,
        notice=notice,
        investor=ask.investor,
        received_at=now,
        content=content,
        sha256=fingerprint(content),
        sent_by=by,
    )


def canonical(told: dict[str, Any]) -> str:
    """The one text of a receipt's content: JSON with sorted keys and no spare space."""
    return json.dumps(told, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def fingerprint(content: str) -> str:
    """SHA-256 of the text in UTF-8, in hexadecimal."""
    return hashlib.sha256(content.encode()).hexdigest()


def matches(number: str, sha256: str) -> bool:
    """Whether a receipt of that number has that fingerprint.  Nothing else of it is told."""
    given = sha256.strip().lower()
    with sight.everything():
        numbered = Receipt.objects.filter(number=number.strip().upper())
        kept = list(numbered.values_list("sha256", flat=True))
    return any(secrets.compare_digest(each, given) for each in kept if given.isascii())
