"""Files on their way out: kept ones, and those made when they are asked for."""

from __future__ import annotations

from django.http import FileResponse, Http404, HttpResponse

from notices.models import KeptFile

PDF = "application/pdf"


def handed_out(kept: KeptFile) -> FileResponse:
    """A kept file as a download that cannot run."""
    try:
        content = kept.file.open("rb")
    except FileNotFoundError as gone:
        raise Http404 from gone
    response = FileResponse(
        content, as_attachment=True, filename=kept.name, content_type=kept.media_type
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["Cache-Control"] = "private, no-store"
    return response


def download(content: bytes | str, media_type: str, name: str) -> HttpResponse:
    """Something made just now, under a name of ours, as a download."""
    answer = HttpResponse(content, content_type=media_type)
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
