"""Two questions a machine may ask of us: is the process up, and is it of use."""

from __future__ import annotations

from typing import Any

from django.core.cache import cache
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from notices.heartbeat import pulse
from notices.outbox import contents


@require_safe
@never_cache
def healthz(request: HttpRequest) -> HttpResponse:
    """Whether this process answers at all."""
    return HttpResponse("ok\n", content_type="text/plain")


@require_safe
@never_cache
def readyz(request: HttpRequest) -> JsonResponse:
    """Whether it can do its work: 503 without the database.

    Without Redis, or with a dead job, pages and acts go on as before; those are named in
    the answer and the status stays 200.
    """
    now = timezone.now()
    try:
        jobs = pulse(now)
        outbox = contents()
    except DatabaseError:
        return JsonResponse({"ready": False, "database": "unreachable"}, status=503)
    since = outbox.oldest_at
    answer: dict[str, Any] = {
        "ready": True,
        "database": "ok",
        "redis": _redis(),
        "jobs": [
            {
                "name": job.name,
                "dead": job.dead,
                "age_seconds": job.age,
                "last": dict(job.detail),
            }
            for job in jobs
        ],
        "outbox": {
            "waiting": outbox.waiting,
            "oldest_seconds": int((now - since).total_seconds()) if since else 0,
            "failed": outbox.failed,
        },
    }
    return JsonResponse(answer)


def _redis() -> str:
    try:
        cache.get("readyz")
    except Exception:  # whatever the client raises, the answer is the same
        return "unreachable"
    return "ok"
