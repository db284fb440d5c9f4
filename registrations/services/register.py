"""Acts on the register: Investors, addresses, contacts, consents, share counts (H1, H2)."""

from __future__ import annotations

from datetime import date

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db.models import Q

from investors.acts import Conflict, Refused, act
from investors.models import (
    Address,
    AddressNotice,
    Agreement,
    Contact,
    ElectronicConsent,
    Investor,
    ShareCount,
)

from .. import sweep
from ..facts import address_notices
from ..rules.days import say
from .recording import When, fits, not_in_future, on_register, recording, whole


def add_investor(
    *,
    agreement: Agreement,
    name: str,
    kind: str,
    party_from: date,
    address: str = "",
    facsimile: str = "",
    contact_name: str = "",
    contact_email: str = "",
    note: str = "",
    when: When,
) -> Investor:
    """Put an Investor on the register, with its address for notices as signed.

    Raises ``Refused`` when the name is empty or already on the register, or the day has
    not come.
    """
    name = name.strip()
    if not name:
        raise Refused("name", "Enter the Investor’s name as it signed.")
    fits("name", name, 200)
    fits("facsimile", facsimile.strip(), 40)
    if kind not in Investor.Kind.values:
        raise Refused("kind", f"Choose one of {', '.join(Investor.Kind.labels)}.")
    not_in_future("party_from", party_from, when.today(agreement))
    with recording(
        agreement, "investor.added", when=when, says=f"Added {name} to the register"
    ) as locked:
        if locked.investors.filter(name__iexact=name).exists():
            raise Refused("name", f"{name} is already on the register.")
        investor = Investor.objects.create(
            agreement=locked, name=name, kind=kind, party_from=party_from, note=note
        )
        if address.strip():
            Address.objects.create(
                agreement=locked,
                investor=investor,
                lines=address.strip(),
                facsimile=facsimile.strip(),
                in_force_from=party_from,
                recorded_by=when.by,
            )
        if contact_email.strip():
            _add_contact(investor, contact_name, contact_email)
    return investor


def change_address(
    *,
    agreement: Agreement,
    investor: Investor | None,
    lines: str,
    in_force_from: date,
    facsimile: str = "",
    notice: AddressNotice | None = None,
    when: When,
) -> Address:
    """Record a party's new address for notices; ``investor`` is ``None`` for the Company.

    ``in_force_from`` is the day by which notice of it had been given to all other
    parties; copies sent before keep the old one (N5, section 8(a)).  ``notice`` is the
    Investor's own in the portal, where the change follows from one.
    """
    if not lines.strip():
        raise Refused("lines", "Enter the address as it goes on the envelope.", "8(a)", "N5")
    fits("facsimile", facsimile.strip(), 40)
    on_register("investor", agreement, investor)
    not_in_future("in_force_from", in_force_from, when.today(agreement))
    if notice is not None:
        _follows(notice, investor, in_force_from)
    whose = investor.name if investor else "the Company"
    with recording(
        agreement,
        "address.changed",
        when=when,
        says=f"Recorded a new address for {whose}, of record from {say(in_force_from)}",
    ) as locked:
        return Address.objects.create(
            agreement=locked,
            investor=investor,
            lines=lines.strip(),
            facsimile=facsimile.strip(),
            in_force_from=in_force_from,
            notice=notice,
            recorded_by=when.by,
        )


def _follows(notice: AddressNotice, investor: Investor | None, in_force_from: date) -> None:
    if notice.investor != investor:
        raise Refused("lines", "That notice is of another Investor’s address.", "8(a)", "N5")
    if notice.followed_by.exists():
        raise Conflict("lines", "The address of that notice is on record already.")
    if in_force_from < notice.told_on:
        raise Refused(
            "in_force_from",
            f"The Company itself was told on {say(notice.told_on)}, so no earlier day can be it.",
            "8(a)",
            "N5",
        )


def tell_address(
    *, investor: Investor, lines: str, facsimile: str = "", when: When
) -> AddressNotice:
    """An Investor tells the Company of its new address for notices, in the portal.

    It becomes the address of record once every other party had notice of it, which counsel
    record (N5, section 8(a)).  One told before, from which nothing followed, is replaced.
    """
    if not lines.strip():
        raise Refused("lines", "Enter the address as it goes on the envelope.", "8(a)", "N5")
    fits("facsimile", facsimile.strip(), 40)
    with act(
        investor.agreement,
        "address.told",
        by=when.by,
        says=f"{investor.name} told of its new address in the portal",
    ):
        earlier = address_notices(Q(investor=investor)).last()
        return AddressNotice.objects.create(
            investor=investor,
            lines=lines.strip(),
            facsimile=facsimile.strip(),
            told_on=when.today(investor.agreement),
            replaces=earlier,
            reason="The Investor told of another." if earlier else "",
            recorded_by=when.by,
        )


def add_contact(*, investor: Investor, name: str, email: str, when: When) -> Contact:
    """Put on file a person at an Investor to whom reminders go; a reminder is not notice."""
    with recording(
        investor.agreement,
        "contact.added",
        when=when,
        says=f"Put {email.strip()} on file for {investor.name}",
    ) as locked:
        sweep.attend_again([locked.pk])
        return _add_contact(investor, name, email)


def end_contact(*, contact: Contact, when: When) -> None:
    """Send no more reminders to this person."""
    investor = contact.investor
    with recording(
        investor.agreement,
        "contact.ended",
        when=when,
        says=f"Took {contact.email} off the file for {investor.name}",
    ) as locked:
        sweep.attend_again([locked.pk])
        Contact.objects.filter(pk=contact.pk, ended_at=None).update(ended_at=when.now)


def _add_contact(investor: Investor, name: str, email: str) -> Contact:
    email = email.strip().lower()
    try:
        validate_email(email)
    except ValidationError as wrong:
        raise Refused(
            "contact_email", "Enter an e-mail address such as name@example.com."
        ) from wrong
    if investor.contacts.filter(email__iexact=email, ended_at=None).exists():
        raise Refused("contact_email", "This address is already on file for the Investor.")
    fits("contact_name", name.strip(), 120)
    return Contact.objects.create(investor=investor, name=name.strip() or email[:120], email=email)


def record_consent(
    *,
    agreement: Agreement,
    investor: Investor | None,
    signed_on: date,
    signer: str = "",
    wording: str = "",
    when: When,
) -> ElectronicConsent:
    """Record a party's signed consent to electronic delivery (N4, section 8(c));
    ``investor`` is ``None`` for the Company's own.  ``signer`` is who signed for it and
    ``wording`` which text, where known."""
    fits("signer", signer.strip(), 120)
    on_register("investor", agreement, investor)
    not_in_future("signed_on", signed_on, when.today(agreement))
    whose = investor.name if investor else "the Company"
    with recording(
        agreement,
        "consent.recorded",
        when=when,
        says=f"Recorded the consent of {whose} to electronic delivery",
    ) as locked:
        return ElectronicConsent.objects.create(
            agreement=locked,
            investor=investor,
            signed_on=signed_on,
            signer=signer.strip(),
            wording=wording,
            recorded_by=when.by,
        )


def withdraw_consent(
    *, consent: ElectronicConsent, withdrawn_on: date, reason: str, when: When
) -> ElectronicConsent:
    """Record that a consent to electronic delivery was withdrawn on a day: from that day
    electronic copies no longer count."""
    if withdrawn_on < consent.signed_on:
        raise Refused(
            "withdrawn_on", "A consent cannot be withdrawn before it was signed.", "8(c)", "N4"
        )
    not_in_future("withdrawn_on", withdrawn_on, when.today(consent.agreement))
    whose = consent.investor.name if consent.investor else "the Company"
    with recording(
        consent.agreement,
        "consent.withdrawn",
        when=when,
        says=f"Recorded that {whose} withdrew its consent to electronic delivery",
        reason=reason,
    ) as locked:
        if hasattr(ElectronicConsent.objects.get(pk=consent.pk), "replacement"):
            raise Conflict("withdrawn_on", "Somebody recorded this meanwhile. Look again.")
        return ElectronicConsent.objects.create(
            agreement=locked,
            investor=consent.investor,
            signed_on=consent.signed_on,
            signer=consent.signer,
            wording=consent.wording,
            withdrawn_on=withdrawn_on,
            replaces=consent,
            reason=reason or "Withdrawn.",
            recorded_by=when.by,
        )


def record_share_count(
    *, agreement: Agreement, kind: str, count: int, on: date, source: str, when: When
) -> ShareCount:
    """Record a count of the Company's shares or Units on a day, and the paper it is from."""
    if kind not in ShareCount.Kind.values:
        raise Refused("kind", f"Choose one of {', '.join(ShareCount.Kind.labels)}.")
    whole("count", count)
    if not source.strip():
        raise Refused("source", "Say which paper the count is from.")
    not_in_future("on", on, when.today(agreement))
    label = ShareCount.Kind(kind).label
    with recording(
        agreement,
        "share_count.recorded",
        when=when,
        says=f"Recorded {label}: {count:,} on {say(on)}",
    ) as locked:
        return ShareCount.objects.create(
            agreement=locked,
            kind=kind,
            count=count,
            on=on,
            source=source.strip(),
            recorded_by=when.by,
        )
