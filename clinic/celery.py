"""The Celery application; imported by the web process, the worker and the tests, never by an app."""

import os

from celery import Celery
from celery.signals import setup_logging

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "clinic.settings")

app = Celery("tactus")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.set_default()
app.autodiscover_tasks()
app.autodiscover_tasks(["clinic.courses.calendar", "clinic.keeping.erasure"])  # packages of apps, so not found by themselves


@setup_logging.connect
def keep_our_logging(**_said: object) -> None:
    """With somebody listening here, Celery adds no way of logging of its own: its lines go through our filter too."""
