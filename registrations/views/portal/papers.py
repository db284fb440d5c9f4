"""An Investor's receipt and letter as papers: what the page shows, to print or to keep."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.conf import settings
from django.urls import reverse

from investors.models import Address, AddressNotice, Investor
from notices.models import Receipt
from registrations.letters import SIGNED, named, on_envelope
from registrations.pdf import Paper
from registrations.rules.days import in_full
from registrations.views.words import moment_words

from .matters import Mine


def receipt_paper(receipt: Receipt, told: dict[str, Any], investor: Investor) -> Paper:
    """The receipt as it was given: what was sent, when, and how to check it.  It says nothing
    that a later fact could change."""
    rows = [("Answer", told["answer"]), ("Investor", told["investor"])]
    if told["registrable_shares"] is not None:
        rows += [
            ("Registrable Shares", f"{told['registrable_shares']:,}"),
            ("Method of sale", told["distribution"]),
            ("Anything else", told["other_information"] or "Nothing"),
        ]
    received = moment_words(receipt.received_at, investor.agreement.time_zone)
    dated_on = date.fromisoformat(told["agreement_dated_on"])
    rows += [
        ("Agreement", named(told["agreement"], dated_on)),
        ("Company", told["company"]),
        ("Sent by", told["sent_by"]),
        ("Receipt", receipt.number),
        ("SHA-256 of the text of this receipt", receipt.sha256),
    ]
    check = f"{settings.SITE_URL}{reverse('check-receipt')}"
    return Paper(
        title=f"Receipt {receipt.number}",
        author=told["sent_by"],
        heading=f"Here since {received}",
        rows=rows,
        small=[
            f"Number and fingerprint can be checked at {check}, which says match or no match.",
            "Whether it counts as received under the agreement hangs on the Company’s consent "
            "to electronic delivery; the receipt’s own page says which applies.",
        ],
    )


def letter_paper(
    receipt: Receipt,
    told: dict[str, Any],
    investor: Investor,
    card: Mine,
    to: Address | None,
    of: Address | None,
) -> Paper:
    """The same answer as a letter to print, sign and post."""
    agreement = investor.agreement
    given_on = card.own.told.given_on if card.own.told else None
    notice = (
        f"notice was given to it on {in_full(given_on)}" if given_on else "notice was sent to it"
    )
    who, shares = investor.name, told["registrable_shares"]
    how = f"Intended method of distribution: {told['distribution']}."
    if card.own.initiated:
        says = [
            "The undersigned, an Initiating Investor, demands that the Company register under the "
            f"Securities Act {shares:,} Registrable Shares of {who}.",
            how,
        ]
    elif shares is not None:
        says = [
            f"{who} asks to have {shares:,} Registrable Shares included in the registration of "
            f"which {notice}.",
            how,
        ]
        if told["other_information"]:
            says.append(f"Other information asked for: {told['other_information']}")
    else:
        says = [
            f"{who} declines to have any of its shares included in the registration of which "
            f"{notice}."
        ]
    received = moment_words(receipt.received_at, agreement.time_zone)
    return Paper(
        title=f"Letter for receipt {receipt.number}",
        author=who,
        heading=f"{named(agreement.title, agreement.dated_on)}: {told['answer']}",
        above=[
            on_envelope(who, of),
            on_envelope(agreement.company.name, to),
            ["Date: ____________________"],
        ],
        paragraphs=says,
        below=SIGNED,
        small=[f"A copy was kept as receipt {receipt.number} on {received}."],
    )


def address_paper(told: AddressNotice, to: Address | None) -> Paper:
    """A new address for notices as a letter to print, sign and post to the Company."""
    investor = told.investor
    agreement = investor.agreement
    new = told.lines.splitlines()
    if told.facsimile:
        new.append(f"Facsimile {told.facsimile}")
    return Paper(
        title="Letter telling of a new address",
        author=investor.name,
        heading=f"{named(agreement.title, agreement.dated_on)}: new address for notices",
        above=[on_envelope(agreement.company.name, to), ["Date: ____________________"]],
        paragraphs=[f"The address of {investor.name} for notices under this agreement is now:"],
        rows=[(investor.name, "\n".join(new))],
        below=SIGNED,
        small=[f"The same was told in Rightsbook on {in_full(told.told_on)}."],
    )
