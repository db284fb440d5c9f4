"""The background jobs and their timetable.

The timetable is code, so that changing when a deadline is looked for takes a reviewed commit.
Every entry only says "look again now": what needs doing is read from the database each time, so
a run that is missed, doubled or late changes nothing for good.  For the same reason nothing is
ever queued for a far-off day.
"""

import os
from pathlib import Path

from celery import Celery
from celery.beat import Scheduler

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("rightsbook")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


def _every(task: str, seconds: int) -> dict[str, object]:
    # A run nobody picked up by the time of the next but one is dropped: while the worker is
    # down the queue would otherwise grow without end, and the next run finds the same work.
    return {"task": task, "schedule": float(seconds), "options": {"expires": 2 * seconds}}


app.conf.beat_schedule = {
    "raise and clear flags, queue reminders": _every("registrations.tasks.sweep", 60),
    "send what waits in the outbox": _every("notices.tasks.relay", 15),
    "do the long work people asked for": _every("registrations.tasks.do_long_work", 5),
    "seal the audit trail": _every("registrations.tasks.seal_trail", 60),
    "keep the trail's heads, and look through it": _every("registrations.tasks.watch_trail", 300),
    "find what programs are to be told": _every("registrations.tasks.gather_webhooks", 15),
    "post what programs are to be told": _every("notices.tasks.tell", 15),
    "compare stored dockets with the facts": _every("registrations.tasks.verify_dockets", 3600),
    "ask EDGAR about the companies due": _every("registrations.tasks.follow_edgar", 60),
    "forget the API's kept answers": _every("registrations.tasks.forget_answers", 3600),
}

BASE = Path(__file__).resolve().parent.parent
BEAT_HEARTBEAT = Path(os.environ.get("VAR_DIR") or BASE / "var") / "beat-heartbeat"


class HeartbeatScheduler(Scheduler):
    """Keeps the timetable in memory and leaves a sign of life at every tick.

    In memory, because a schedule file can be half-written, and all our intervals are short.
    The health check of the beat container reads the age of the sign (`config/health.py`).
    """

    def tick(self, *args: object, **kwargs: object) -> float:
        BEAT_HEARTBEAT.parent.mkdir(parents=True, exist_ok=True)
        BEAT_HEARTBEAT.touch()
        return float(super().tick(*args, **kwargs))


app.conf.beat_scheduler = HeartbeatScheduler
app.conf.beat_max_loop_interval = 5
