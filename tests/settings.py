"""The project's settings made fast and silent for tests; the engines are those that the environment names."""

import os
import tempfile
from pathlib import Path

os.environ.setdefault("TACTUS_MODE", "test")
os.environ.setdefault("SECRET_KEY", "only-for-tests-" + "x" * 50)
os.environ.setdefault("TACTUS_DATA", str(Path(tempfile.gettempdir()) / "tactus-test-data"))

from clinic import environment
from clinic.settings import *  # noqa: F403
from clinic.settings import CACHES, CELERY_BROKER_URL, DATABASES, TEMPLATES

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# Off: most tests travel through days and come back as if somebody had sat there all along. Tests of the lock turn it on.
IDLE_LOCK_MINUTES = 0
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
CELERY_TASK_ALWAYS_EAGER = True
CELERY_TASK_EAGER_PROPAGATES = True
TEMPLATES[0]["OPTIONS"]["debug"] = True  # type: ignore[index]  # the coverage plugin of templates needs it

WORKER = os.environ.get("PYTEST_XDIST_WORKER", "")
if environment.is_redis(CELERY_BROKER_URL):
    # Processes that test side by side share the server, not the entries: each has a database of its own, for clearing a cache empties it.
    CACHES["default"]["LOCATION"] = f"{str(CACHES['default']['LOCATION']).rpartition('/')[0]}/{1 + int(WORKER.removeprefix('gw') or 0)}"
else:
    CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

if "sqlite3" in DATABASES["default"]["ENGINE"]:
    # A file, not memory: threads of the live server would meet "table is locked". The number keeps two runs apart.
    DATABASES["default"]["TEST"] = {"NAME": str(Path(tempfile.gettempdir()) / f"tactus-test-{os.getpid()}.sqlite3")}
    DATABASES["default"]["OPTIONS"]["init_command"] = "PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF; PRAGMA cache_size=-16000;"
