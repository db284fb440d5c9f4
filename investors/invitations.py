"""The link of an invitation: what it opens, sealed with the server's own secret.

Nothing that opens anything is stored: the link is made when the mail goes, and read back
when somebody follows it.
"""

from __future__ import annotations

import uuid

from django.core.signing import BadSignature, Signer

from . import sight
from .models import Invitation

_SEAL = Signer(salt="investors.invitation")


def opens(invitation: Invitation) -> str:
    """What the link of an invitation opens, not sealed yet."""
    return f"{invitation.public_id.hex}{invitation.turn.hex}"


def sealed(opens: str) -> str:
    """What goes into the link."""
    return _SEAL.sign(opens)


def invitation_of(link: str) -> Invitation | None:
    """The invitation a link was made for; ``None`` where nobody here made the link, or
    another was sent since."""
    try:
        told = _SEAL.unsign(link)
        public_id, turn = uuid.UUID(told[:32]), uuid.UUID(told[32:])
    except (BadSignature, ValueError):
        return None
    with sight.everything():
        return (
            Invitation.objects.filter(public_id=public_id, turn=turn)
            .select_related("agreement__company", "invited_by")
            .first()
        )
