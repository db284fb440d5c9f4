"""What stands in an address for a thing, where a plain name or a random id does not."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import ECB
from django.conf import settings
from django.urls.converters import StringConverter


class CompanyReference(StringConverter):
    """A registration the Company makes, in an address: CR-1."""

    regex = "CR-[0-9]{1,8}"


class AccountNumber(StringConverter):
    """An account in the link of a reset: its number to the base 36."""

    regex = "[0-9A-Za-z]{1,13}"


class Row:
    """A row of a table, sealed: its address tells neither how many rows there are nor which
    is the next, and none can be made up.

    The number fills half of a block, the other half is zero; what opens to anything else
    was made up, and is 404.
    """

    regex = "[0-9a-f]{32}"

    def to_url(self, number: int) -> str:
        return next(_ciphers()).encryptor().update(number.to_bytes(16, "big")).hex()

    def to_python(self, sealed: str) -> int:
        for cipher in _ciphers():
            number = int.from_bytes(cipher.decryptor().update(bytes.fromhex(sealed)), "big")
            if number < 2**63:
                return number
        raise ValueError("made up, or sealed under a key that is gone")


def _ciphers() -> Iterator[Cipher[ECB]]:
    """By the key in use and those before it.  One block of its own each: no mode is needed."""
    for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        of_addresses = hashlib.sha256(f"address:{key}".encode()).digest()
        yield Cipher(AES(of_addresses), ECB())  # noqa: S305
