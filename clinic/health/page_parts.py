"""The parts that Tactus stands on and what it has to do, one sentence each."""

import os
import platform
import shutil
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryFile
from typing import Final

import django
from django.conf import settings
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.timesince import timesince
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from clinic.environment import is_redis
from clinic.health.probes import OK, SLOW, missing_migrations
from clinic.health.queries import Queues, database_version
from clinic.reminders.health_page import BAD, FAIR, GOOD, Part
from protocols.shelf import EDITION

STANDS_ON: Final = gettext_lazy("What Tactus stands on")
WORKS: Final = gettext_lazy("What is done in the background")
TRUST: Final = gettext_lazy("What can be relied on")
SENTENCES: Final[Mapping[str, str | Promise]] = {
    GOOD: gettext_lazy("Everything works."),
    FAIR: gettext_lazy("Tactus works, but something needs a look."),
    BAD: gettext_lazy("Something does not work. Read below what to do."),
}
GIGABYTE: Final = 1_000_000_000
LITTLE_ROOM, NO_ROOM = 5 * GIGABYTE, GIGABYTE  # bytes free
LATE: Final = timedelta(minutes=10)


def database(words: Mapping[str, str]) -> Part:
    """Whether it answers, and how soon."""
    title = _("Database")
    if words["database"] == OK:
        return Part(title, GOOD, _("It answers."))
    if words["database"] == SLOW:
        return Part(title, FAIR, _("It answers too slowly."), _("See what else the server of the database does."))
    return Part(title, BAD, _("It does not answer."), _("See whether the server of the database runs and whether its disk is full."))


def migrations(words: Mapping[str, str]) -> Part:
    """Whether the tables have the shape that this release expects."""
    title = _("Shape of the tables")
    if words["migrations"] == OK:
        return Part(title, GOOD, _("It is the one that this version expects."))
    missing = missing_migrations()
    if not missing:  # the probe gave up waiting, or somebody migrated since
        return Part(title, FAIR, _("It answers too slowly."), _("See what else the server of the database does."))
    says = ngettext("%(count)s change is missing.", "%(count)s changes are missing.", len(missing)) % {"count": len(missing)}
    return Part(title, BAD, says, _("Make a backup, then:"), "manage.py migrate")


def cache(words: Mapping[str, str]) -> Part:
    """Attempts at signing in are counted in it."""
    title = _("Cache")
    if words["cache"] == OK:
        return Part(title, GOOD, _("It answers."))
    says = _("It does not answer. Attempts to sign in are counted in the database meanwhile, so signing in goes on.")
    return Part(title, FAIR, says, _("See whether Redis runs."))


def broker(words: Mapping[str, str]) -> Part:
    """The queue of the workers."""
    title = _("Queue of the workers")
    if not is_redis(settings.CELERY_BROKER_URL):
        return Part(title, "", _("It lies in the memory of the one worker."))
    if words["broker"] == OK:
        return Part(title, GOOD, _("It answers."))
    says = _("It does not answer. Messages still go out, somewhat later: the workers look at the outbox by themselves.")
    return Part(title, FAIR, says, _("See whether Redis runs."))


def disks(words: Mapping[str, str]) -> Iterator[Part]:
    """Room where the data and the uploaded files lie, and whether a file can be written there."""
    yield _room(_("Room for data"), settings.DATA_DIR)
    title, media = _("Uploaded files"), Path(settings.MEDIA_ROOT)
    if words["media"] == OK and (not media.exists() or _can_write(media)):
        yield Part(title, GOOD, _("Files can be stored."))
    else:
        yield Part(
            title,
            BAD,
            _("No file can be stored."),
            _("Give the account that Tactus runs under the right to write to this folder:"),
            str(media),
        )


def _can_write(folder: Path) -> bool:
    try:
        with TemporaryFile(dir=folder) as file:
            file.write(b"health")
            os.fsync(file.fileno())
    except OSError:
        return False
    return True


def _room(title: str, folder: Path) -> Part:
    free = shutil.disk_usage(folder).free
    says = _("%(amount)s GB are free.") % {"amount": number_format(free / GIGABYTE, 1)}
    if free >= LITTLE_ROOM:
        return Part(title, GOOD, says)
    todo = _("Make room, or put the folder on a larger disk:")
    return Part(title, BAD if free < NO_ROOM else FAIR, says, todo, str(folder))


def queues(found: Queues, now: datetime) -> Part:
    """What waits: messages that are due, those that failed for good, tasks of the workers."""
    title = _("What waits")
    said = [
        ngettext("%(count)s message is due", "%(count)s messages are due", found.due) % {"count": found.due},
        ngettext("%(count)s failed and waits for somebody", "%(count)s failed and wait for somebody", found.failed)
        % {"count": found.failed},
    ]
    if found.tasks is not None:
        said.append(ngettext("%(count)s task is queued", "%(count)s tasks are queued", found.tasks) % {"count": found.tasks})
    says = f"{'; '.join(said)}."
    if found.due_since and now - found.due_since > LATE:
        ago = _("The oldest has been due for %(ago)s.") % {"ago": timesince(found.due_since, now)}
        return Part(title, FAIR, f"{says} {ago}", url=reverse("reminders:health"), url_words=_("Health of the messages"))
    return Part(title, GOOD, says, url=reverse("reminders:health"), url_words=_("Health of the messages"))


def versions() -> Sequence[Mapping[str, str]]:
    """What runs here."""
    rows = (
        (_("Mode"), settings.MODE),
        (_("Library"), EDITION),
        (_("Database"), database_version()),
        ("Python", platform.python_version()),
        ("Django", django.get_version()),
    )
    return [{"term": term, "value": value} for term, value in rows]
