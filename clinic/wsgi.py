"""What gunicorn serves: `gunicorn clinic.wsgi`."""

import os

from django.core.wsgi import get_wsgi_application
from django.db import connections

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "clinic.settings")

application = get_wsgi_application()

from clinic import celery, checks  # noqa: E402  # both need the applications loaded

__all__ = ["application", "celery"]

checks.refuse_demo_accounts()
connections.close_all()  # with --preload the workers would inherit one connection and read each other's answers
