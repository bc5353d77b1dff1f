"""Settings of the floor: Django's seven standard middlewares, sessions in the database, one template each page, and nothing else.

It is served by gunicorn as the product is, with ``DJANGO_SETTINGS_MODULE=clinic.benchmark.floor.settings``.
"""

import os
from pathlib import Path

from clinic import environment
from clinic.web.standard_middleware import SEVEN_STANDARD

SQLITE_FILE = Path(os.environ.get("SQLITE_FILE", ""))  # not asked where DATABASE_URL names a server
DATABASES = {"default": environment.database(os.environ, sqlite_file=SQLITE_FILE)}
DEBUG = False
SECRET_KEY = "only-for-the-floor-of-a-benchmark"  # noqa: S105  # it signs sessions of invented people on this machine
ALLOWED_HOSTS = ["127.0.0.1"]
ROOT_URLCONF = "clinic.benchmark.floor.urls"
INSTALLED_APPS = [
    "clinic.benchmark.floor.apps.FloorConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
]
MIDDLEWARE = SEVEN_STANDARD
AUTH_USER_MODEL = "floor.Person"
AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend"]
TEMPLATES = [{"BACKEND": "django.template.backends.django.DjangoTemplates", "DIRS": [Path(__file__).parent / "pages"]}]
USE_TZ = True
SESSION_COOKIE_NAME = "floor"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
