"""The links mails end in, made when the mail goes.

What opens something is kept nowhere: an outbox keeps only what a link is to open, and the
link is made of that and the server's own secret when its mail goes.
"""

from __future__ import annotations

from allauth.account.forms import default_token_generator
from allauth.account.models import EmailAddress, EmailConfirmationHMAC
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.urls import reverse

from .invitations import sealed
from .models import User

_PASSWORD, _ADDRESS = "password", "address"


def new_password(user: User) -> str:
    """What opens the choice of a new password, for ``leads_to``."""
    return f"{_PASSWORD}:{user.pk}"


def confirmed(address: EmailAddress) -> str:
    """What confirms that an address is its person's, for ``leads_to``."""
    return f"{_ADDRESS}:{address.pk}"


def leads_to(opens: str) -> str:
    """The whole address of a link that opens this, good from now for as long as its kind is:
    an hour for a new password, a day for an address, an invitation until it runs out.  Where
    there is nothing left to open its page says so."""
    kind, _, pk = opens.rpartition(":")
    if kind == _PASSWORD:
        user = User.objects.get(pk=pk)
        token = default_token_generator.make_token(user)
        path = reverse("account_reset_password_from_key", args=[user_pk_to_url_str(user), token])
    elif kind == _ADDRESS:
        address = EmailAddress(pk=int(pk))  # it may be gone by now; the key is of its number
        path = reverse("account_confirm_email", args=[EmailConfirmationHMAC(address).key])
    else:
        path = reverse("invitation", args=[sealed(opens)])
    return f"{settings.SITE_URL}{path}"
