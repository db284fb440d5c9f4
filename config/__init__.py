"""How Rightsbook is run: settings, addresses, background jobs, and the launcher for one machine."""

from config.celery import app as celery_app

__all__ = ["celery_app"]
