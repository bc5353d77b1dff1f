"""The project's own settings with an impatient clock, for the test that starts a real worker."""

from clinic.settings import *  # noqa: F403
from clinic.settings import CELERY_BEAT_SCHEDULE

CELERY_BEAT_SCHEDULE["clear-expired-sessions"]["schedule"] = 0.5
