"""The project's settings made fast and silent for tests; the engines are those that the environment names."""

import os

os.environ.setdefault("TACTUS_MODE", "test")
os.environ.setdefault("SECRET_KEY", "only-for-tests-" + "x" * 50)

from clinic.settings import *  # noqa: E402, F403
from clinic.settings import TEMPLATES

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
CELERY_TASK_ALWAYS_EAGER = True
CELERY_TASK_EAGER_PROPAGATES = True
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
TEMPLATES[0]["OPTIONS"]["debug"] = True  # type: ignore[index]  # the coverage plugin of templates needs it
