"""What we keep as evidence, and what we send back."""

from __future__ import annotations

import hashlib
import io
import zipfile

import pytest
from django.core.files.base import ContentFile

from investors.acts import Refused
from notices.evidence import MAX_BYTES, examined

PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(30)
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00" + bytes(40)
TIFF = b"II*\x00\x08\x00\x00\x00" + bytes(40)
EXE = b"MZ\x90\x00" + bytes(60)
HTML = b"<html><script>alert(1)</script></html>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>'


def archive() -> bytes:
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w") as written:
        written.writestr("run.sh", "echo")
    return kept.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "kept_as", "media_type"),
    [
        ("card.pdf", PDF, "card.pdf", "application/pdf"),
        ("CARD.PDF", PDF, "CARD.PDF", "application/pdf"),
        ("scan.png", PNG, "scan.png", "image/png"),
        ("scan.jpg", JPEG, "scan.jpg", "image/jpeg"),
        ("scan.jpeg", JPEG, "scan.jpeg", "image/jpeg"),
        ("scan.tif", TIFF, "scan.tif", "image/tiff"),
        ("../../etc/card.pdf", PDF, "card.pdf", "application/pdf"),
        ("C:\\scans\\card.pdf", PDF, "card.pdf", "application/pdf"),
        ("  Empfangsbestätigung — 收据.pdf", PDF, "Empfangsbestätigung — 收据.pdf",
         "application/pdf"),
        ("x" * 300 + ".pdf", PDF, "x" * 196 + ".pdf", "application/pdf"),
        ("run.exe.pdf", PDF, "run.exe.pdf", "application/pdf"),
    ],
)  # fmt: skip
def test_kept(name, content, kept_as, media_type):
    found = examined(ContentFile(content, name))
    assert found == (kept_as, media_type, len(content), hashlib.sha256(content).hexdigest())


@pytest.mark.parametrize(
    ("name", "content"),
    [
        pytest.param("card.pdf", b"", id="empty"),
        pytest.param("card.exe", EXE, id="a program"),
        pytest.param("card.pdf", EXE, id="a program renamed"),
        pytest.param("card.pdf", EXE + PDF, id="a program with a PDF behind it"),
        pytest.param("card.pdf", HTML, id="a page renamed"),
        pytest.param("card.pdf", HTML + PDF, id="a page with a PDF behind it"),
        pytest.param("scan.png", SVG, id="a drawing with a script"),
        pytest.param("scan.svg", SVG, id="a drawing"),
        pytest.param("card.pdf", PNG, id="a picture called a PDF"),
        pytest.param("scan.png", PDF, id="a PDF called a picture"),
        pytest.param("card.pdf", archive(), id="an archive renamed"),
        pytest.param("card.pdf", PDF + archive(), id="a PDF that is an archive too"),
        pytest.param("scan.jpg", JPEG + archive(), id="a picture that is an archive too"),
        pytest.param("card.pdf", b"nothing in particular", id="nothing known"),
        pytest.param("card", PDF, id="no ending"),
        pytest.param(".pdf", PDF, id="an ending only"),
        pytest.param("", PDF, id="no name"),
        pytest.param("/", PDF, id="a slash"),
        pytest.param("..", PDF, id="the folder above"),
        pytest.param("card.pdf.", PDF, id="a full stop behind"),
        pytest.param("ca\nrd.pdf", PDF, id="a line break"),
        pytest.param("ca\x00rd.pdf", PDF, id="a null"),
        pytest.param("card\N{RIGHT-TO-LEFT OVERRIDE}fdp.exe.pdf", PDF, id="letters reversed"),
    ],
)
def test_sent_back(name, content):
    file = ContentFile(content)
    file.name = name
    with pytest.raises(Refused) as refusal:
        examined(file)
    assert refusal.value.field == "files"
    assert refusal.value.message.isprintable()


def test_too_large_is_sent_back_unread():
    class Huge(ContentFile):
        def chunks(self, chunk_size: int | None = None):
            raise AssertionError("read")

    file = Huge(PDF, "card.pdf")
    file.size = MAX_BYTES + 1
    with pytest.raises(Refused, match="20 MB"):
        examined(file)


def test_the_largest_is_kept():
    content = PDF + bytes(MAX_BYTES - len(PDF))
    assert examined(ContentFile(content, "card.pdf")).size == MAX_BYTES


def test_what_is_kept_can_be_read_from_the_start_again():
    file = ContentFile(PDF, "card.pdf")
    examined(file)
    assert file.read() == PDF
