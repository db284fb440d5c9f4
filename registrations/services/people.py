"""Acts on who acts for an Investor in the portal, or audits an agreement: invited, let in,
ended."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta

import pghistory
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from investors import accounts
from investors.acts import Conflict, Refused, act
from investors.invitations import opens
from investors.models import (
    Agreement,
    Auditor,
    Investor,
    Invitation,
    MailChoice,
    Representative,
    User,
)
from notices.outbox import put_in

from .. import sweep
from .recording import When, ended_once, on_register

GOOD_FOR = timedelta(days=14)  # how long an invitation may be followed


def invite(
    *,
    agreement: Agreement,
    investors: Sequence[Investor],
    name: str,
    email: str,
    role: str,
    when: When,
) -> Invitation:
    """Ask a person by e-mail to act for one or more Investors in the portal, for 14 days.

    Raises ``Refused`` for an address that is none, ``Conflict`` where that person acts for
    one of them already.
    """
    if not investors:
        raise Refused("investors", "Choose the Investors the person acts for.")
    on_register("investors", agreement, *investors)
    if role not in Representative.Role.values:
        raise Refused("role", "Choose whether the person may sign or only view.")
    acts = Representative.objects.filter(
        investor__in=investors, user__email__iexact=email.strip(), ended_at=None
    ).select_related("investor")
    if (first := acts.first()) is not None:
        raise Conflict("email", f"{email.strip()} acts for {first.investor.name} already.")
    names = " and ".join(i.name for i in investors)
    what = f"to act for {names} ({Representative.Role(role).label.lower()})"
    return _invite(agreement, investors, name, email, role, what, when)


def invite_auditor(*, agreement: Agreement, name: str, email: str, when: When) -> Invitation:
    """Ask a person by e-mail to look over an agreement, and record nothing, for 14 days.

    Raises ``Refused`` for an address that is none, ``Conflict`` where that person sees the
    agreement already.
    """
    known = User.objects.filter(email__iexact=email.strip()).first()
    if known is not None and Agreement.objects.visible_to(known).filter(pk=agreement.pk).exists():
        raise Conflict("email", f"{email.strip()} sees this agreement already.")
    role = Invitation.Role.AUDITS
    return _invite(agreement, (), name, email, role, "to look it over as auditor", when)


def _invite(
    agreement: Agreement,
    investors: Sequence[Investor],
    name: str,
    email: str,
    role: str,
    what: str,
    when: When,
) -> Invitation:
    if not name.strip():
        raise Refused("name", "Enter the person’s name.")
    email = email.strip().lower()
    try:
        validate_email(email)
    except ValidationError:
        raise Refused("email", "Enter an e-mail address such as name@example.com.") from None
    with act(agreement, "person.invited", by=when.by, says=f"Invited {email} {what}"):
        invitation = Invitation.objects.create(
            agreement=agreement,
            name=name.strip(),
            email=email,
            role=role,
            sent_at=when.now,
            expires_at=when.now + GOOD_FOR,
            invited_by=when.by,
        )
        invitation.investors.set(investors)
        _send(invitation, when.now)
    return invitation


def invite_again(*, invitation: Invitation, when: When) -> Invitation:
    """Send an invitation anew: a new link, good for 14 days; the one before opens nothing
    any more.  Raises ``Conflict`` when it was accepted or revoked."""
    with act(
        invitation.agreement,
        "person.invited_again",
        by=when.by,
        says=f"Sent {invitation.email} a new link",
    ):
        invitation = _waiting(invitation)
        invitation.turn = uuid.uuid4()
        invitation.sent_at, invitation.expires_at = when.now, when.now + GOOD_FOR
        invitation.save(update_fields=["turn", "sent_at", "expires_at"])
        _send(invitation, when.now)
    return invitation


def revoke_invitation(*, invitation: Invitation, when: When) -> Invitation:
    """Take an invitation back: its link opens nothing any more.  Raises ``Conflict`` when it
    was accepted or revoked already."""
    with act(
        invitation.agreement,
        "invitation.revoked",
        by=when.by,
        says=f"Took back the invitation of {invitation.email}",
    ):
        invitation = _waiting(invitation)
        invitation.revoked_at = when.now
        invitation.save(update_fields=["revoked_at"])
    return invitation


def accept(*, invitation: Invitation, when: When) -> None:
    """Let the person in who followed the link: from now they act for its Investors, or look
    over the agreement.

    Raises ``Conflict`` when the invitation was used, taken back or ran out, ``Refused`` when
    another person than the one invited is signed in.
    """
    with act(
        invitation.agreement,
        "invitation.accepted",
        by=when.by,
        says=f"{invitation.email} accepted the invitation",
    ):
        invitation = _waiting(invitation)
        if not invitation.open_at(when.now):
            raise Conflict("", "This invitation has run out. Ask the Company for a new one.")
        if when.by.email.lower() != invitation.email:
            raise Refused("", "This invitation is for another e-mail address than yours.")
        invitation.accepted_at, invitation.accepted_by = when.now, when.by
        invitation.save(update_fields=["accepted_at", "accepted_by"])
        if invitation.role == Invitation.Role.AUDITS:
            Auditor.objects.get_or_create(
                agreement=invitation.agreement, user=when.by, ended_at=None
            )
        for each in invitation.investors.order_by("pk"):
            Representative.objects.get_or_create(
                investor=each, user=when.by, ended_at=None, defaults={"role": invitation.role}
            )
        sweep.attend_again([invitation.agreement_id])


def open_account(*, invitation: Invitation, name: str, password: str) -> User:
    """Make the account of an invited person who has none.  Following the link sent to it
    has proved the address.  Raises ``Conflict`` where one exists."""
    if User.objects.filter(email__iexact=invitation.email).exists():
        raise Conflict("", "An account with this address exists. Sign in, then follow the link.")
    return accounts.open_account(email=invitation.email, name=name.strip(), password=password)


def end_representative(*, representative: Representative, reason: str, when: When) -> None:
    """From now a person acts for an Investor no longer.  Raises ``Refused`` without a reason,
    ``Conflict`` when it ended already."""
    investor = representative.investor
    with act(
        investor.agreement,
        "person.ended",
        by=when.by,
        says=f"{representative.user.email} acts for {investor.name} no longer",
        reason=reason.strip(),
    ):
        mine = Representative.objects.filter(pk=representative.pk)
        ended_once(mine, reason, ended_at=when.now)
        sweep.attend_again([investor.agreement_id])


def end_auditor(*, auditor: Auditor, reason: str, when: When) -> None:
    """From now a person sees the agreement no longer.  Raises ``Refused`` without a reason,
    ``Conflict`` when it ended already."""
    with act(
        auditor.agreement,
        "auditor.ended",
        by=when.by,
        says=f"{auditor.user.email} is auditor no longer",
        reason=reason.strip(),
    ):
        ended_once(Auditor.objects.filter(pk=auditor.pk), reason, ended_at=when.now)


@transaction.atomic
def choose_mail(user: User, *, remind: bool, digest: bool, now: datetime) -> MailChoice:
    """When reminders go to a person; who acts for a company gets them whatever ``remind``
    says.  What waits to go is looked at anew."""
    choice, _ = MailChoice.objects.update_or_create(
        user=user, defaults={"remind": remind, "digest": digest, "changed_at": now}
    )
    represented = Investor.objects.represented_by(user)
    sweep.attend_again(represented.values_list("agreement_id", flat=True).distinct())
    return choice


def look_as(*, investor: Investor, when: When) -> None:
    """Put on the trail that counsel looks at the portal as an Investor sees it."""
    with act(
        investor.agreement,
        "portal.looked",
        by=when.by,
        says=f"Looked at the portal as {investor.name} sees it",
    ):
        pghistory.create_event(investor, label="looked_as")


def _waiting(invitation: Invitation) -> Invitation:
    found = Invitation.objects.select_for_update(no_key=True, of=("self",)).get(pk=invitation.pk)
    if found.accepted_at is not None:
        raise Conflict("", "This invitation was used already.")
    if found.revoked_at is not None:
        raise Conflict("", "This invitation was taken back. Ask the Company for a new one.")
    return found


def _send(invitation: Invitation, now: datetime) -> None:
    agreement = invitation.agreement
    what = (
        f"to look over its {agreement.title} in Rightsbook as auditor: you see what is recorded "
        "and every date that follows, and record nothing."
        if invitation.role == Invitation.Role.AUDITS
        else f"to act in Rightsbook for an Investor under its {agreement.title}. There you see "
        "what the Investor holds, what it may do and by when, and send its requests."
    )
    put_in(
        invitation.email,
        f"Your access to the registration rights agreement with {agreement.company.name}",
        f"{invitation.name},\n\n"
        f"{invitation.invited_by.name} asks you, for {agreement.company.name}, {what}\n\n"
        f"The link below is for you alone, works once, and through "
        f"{invitation.expires_at:%B} {invitation.expires_at.day}, {invitation.expires_at.year}. "
        "This e-mail is not notice under the agreement.",
        opens=opens(invitation),
        now=now,
    )
