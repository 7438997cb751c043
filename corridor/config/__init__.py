"""Settings, URLs and process entry points. `celery -A corridor.config` finds `celery` here."""

from corridor.config.celery import app as celery

__all__ = ["celery"]
