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
HEAD = 8192
ZIP_END = b"PK\x05\x06"  # ends a ZIP archive, which is read from its end
TAIL = 22 + 65535  # as far from the end as that may lie
UNPRINTABLE = "\N{REPLACEMENT CHARACTER}"


class Examined(NamedTuple):
    """What a file was found to be.  ``size`` in bytes."""

    name: str
    media_type: str
    size: int
    sha256: str


def examined(file: File[bytes]) -> Examined:
    """Look inside a file and say what it is.

    Raises ``Refused`` when it is empty, too large, of a kind we do not keep, not what
    its name says, or a ZIP archive as well as what its name says.
    """
    name = _plain_name(file.name or "")
    suffix = PurePath(name).suffix.lower()
    if suffix not in KEPT or UNPRINTABLE in name:
        raise Refused("files", f"“{name}” is not a PDF, PNG, JPEG or TIFF file. Scan it to one.")
    if (file.size or 0) > MAX_BYTES:
        raise Refused("files", f"“{name}” is over {MAX_BYTES // 1024**2} MB. Send a smaller scan.")
    digest = hashlib.sha256()
    size, head, tail = 0, b"", b""
    for chunk in file.chunks():
        size += len(chunk)
        if len(head) < HEAD:
            head = (head + chunk)[:HEAD]
        tail = (tail + chunk)[-TAIL:]
        digest.update(chunk)
    file.seek(0)
    if size == 0:
        raise Refused("files", f"“{name}” is empty.")
    if _media_type(head) != KEPT[suffix] or ZIP_END in tail:
        raise Refused(
            "files", f"“{name}” is not what its name says. Open it and save it again as {suffix}."
        )
    return Examined(name, KEPT[suffix], size, digest.hexdigest())


def _plain_name(name: str) -> str:
    """The last part of a name without what cannot be seen, at most 200 characters of it,
    its ending kept."""
    last = name.replace("\\", "/").rstrip("/").rpartition("/")[2].strip()
    seen = "".join(c if c.isprintable() else UNPRINTABLE for c in last)
    path = PurePath(seen or UNPRINTABLE)
    return f"{path.stem[: 200 - len(path.suffix)]}{path.suffix}"[-200:]


def _media_type(head: bytes) -> str:
    try:
        return puremagic.from_string(head, mime=True)
    except (puremagic.PureError, ValueError):
        return ""
