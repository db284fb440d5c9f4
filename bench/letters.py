"""Letters by the thousand: tagged PDFs for the archive against the same words typed into a
PDF by hand, page after page, which no screen reader can read."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from bench.measure import Result, Side, compare, growing
from registrations.pdf import Paper, as_pdf

SIZES = (50, 200, 1_000)
NOON = datetime(2003, 6, 2, 16, tzinfo=UTC)
SAYS = (
    "The Company gives you notice under the agreement that it received a Demand Notice, by which "
    "Investors demand that it register Registrable Shares. You may join by a request that states "
    "how many of your Registrable Shares are to be in it and how they are to be sold."
)


def papers(n: int) -> list[Paper]:
    return [
        Paper(
            title=f"Company Notice to Holder {i}",
            author="The Company",
            heading="Company Notice, section 1(a)",
            above=[["The Company", "1 Street"], [f"Holder {i}", f"{i} Main Street", "Alma"]],
            paragraphs=[SAYS, SAYS],
            rows=[("To be stated", "The number of shares"), ("By", "20 days after this notice")],
        )
        for i in range(n)
    ]


def results() -> Iterator[Result]:
    found = []
    for n in SIZES:
        letters = papers(n)
        result = compare(
            "letters as one tagged PDF",
            Side("set as PDF/A and PDF/UA", lambda p=letters: as_pdf(*p, made_at=NOON)),
            Side("the same words in a bare PDF", lambda p=letters: by_hand(p)),
            n=n,
            pairs=2,
            target_seconds_per_1000=40,
        )
        found.append(result)
    yield from growing(found)


def by_hand(letters: list[Paper]) -> bytes:
    """A PDF with a page of lines for each letter, in a typeface of the viewer's own."""
    objects: list[bytes] = []
    pages = []
    for letter in letters:
        lines = [letter.heading, *(line for block in letter.above for line in block)]
        lines += [
            text[at : at + 90] for text in letter.paragraphs for at in range(0, len(text), 90)
        ]
        shown = " ".join(f"({line}) Tj T*" for line in lines)
        content = f"BT /F 11 Tf 14 TL 72 720 Td {shown} ET".encode()
        objects.append(b"<< /Length %d >> stream\n%s\nendstream" % (len(content), content))
        objects.append(b"<< /Type /Page /Parent 1 0 R /Contents %d 0 R >>" % (len(objects) + 1))
        pages.append(len(objects) + 1)
    out = io.BytesIO(b"%PDF-1.7\n")
    out.seek(0, io.SEEK_END)
    for number, each in enumerate(objects, 2):
        out.write(b"%d 0 obj %s endobj\n" % (number, each))
    kids: Any = " ".join(f"{page} 0 R" for page in pages)
    out.write(f"1 0 obj << /Type /Pages /Kids [{kids}] >> endobj\n%%EOF".encode())
    return out.getvalue()
