"""Files that prove things: what they really are, and whether we keep them."""

from __future__ import annotations

import hashlib
from pathlib import PurePath
from typing import NamedTuple

import puremagic
from django.core.files.base import File

from investors.acts import Refused

MAX_BYTES = 20 * 1024 * 1024
KEPT = {
    ".pdf": "application/pdf",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".tif": "image/tiff",
    ".tiff": "image/tiff",
}


class Examined(NamedTuple):
    """What a file was found to be.  ``size`` in bytes."""

    name: str
    media_type: str
    size: int
    sha256: str


def examined(file: File[bytes]) -> Examined:
    """Look inside a file and say what it is.

    Raises ``Refused`` when it is empty, too large, of a kind we do not keep, or not what
    its name says.
    """
    name = PurePath((file.name or "").replace("\\", "/")).name[:200]
    suffix = PurePath(name).suffix.lower()
    if suffix not in KEPT or not name.isprintable():
        raise Refused("files", f"“{name}” is not a PDF, PNG, JPEG or TIFF file. Scan it to one.")
    size = file.size or 0
    if size == 0:
        raise Refused("files", f"“{name}” is empty.")
    if size > MAX_BYTES:
        raise Refused("files", f"“{name}” is over {MAX_BYTES // 1024**2} MB. Send a smaller scan.")
    digest = hashlib.sha256()
    head = b""
    for chunk in file.chunks():
        head = head or chunk[:8192]
        digest.update(chunk)
    file.seek(0)
    if _media_type(head) != KEPT[suffix]:
        raise Refused(
            "files", f"“{name}” is not what its name says. Open it and save it again as {suffix}."
        )
    return Examined(name, KEPT[suffix], size, digest.hexdigest())


def _media_type(head: bytes) -> str:
    try:
        return puremagic.from_string(head, mime=True)
    except (puremagic.PureError, ValueError):
        return ""
