"""What can be relied on: that the chains held when they were last read, the clock, and the last backup that was proved to come back."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.utils.timesince import timesince
from django.utils.translation import gettext as _

from clinic.health.queries import AUDIT, SIGNATURES, Clocks, Verified
from clinic.keeping.models import Drill
from clinic.keeping.queries import drill_is_late
from clinic.reminders.health_page import BAD, FAIR, GOOD, Part

READ_WITHIN: Final = {SIGNATURES: timedelta(hours=3), AUDIT: timedelta(hours=30)}
CLOCKS_DIFFER: Final = timedelta(seconds=2)  # as far as signing allows the clock to run back


def readings(found: Mapping[str, Verified], now: datetime) -> Iterator[Part]:
    """Signatures, which are read every hour, and the audit, which is read at night."""
    yield _reading(_("Signatures"), found.get(SIGNATURES), READ_WITHIN[SIGNATURES], now, "manage.py verify signoff")
    yield _reading(_("Audit"), found.get(AUDIT), READ_WITHIN[AUDIT], now, "manage.py verify audit")


def _reading(title: str, found: Verified | None, within: timedelta, now: datetime, code: str) -> Part:
    if found is None:
        return Part(title, FAIR, _("They have not been checked yet: the worker does it."), _("To check now:"), code)
    ago = {"ago": timesince(found.at, now)}
    if not found.holds:
        says = _("The check %(ago)s ago found something wrong.") % ago
        return Part(title, BAD, says, _("Change nothing, keep the backups, and read what it says:"), code)
    if now - found.at > within:
        return Part(
            title, FAIR, _("They held %(ago)s ago and were not checked since.") % ago, _("See whether a worker runs; to check now:"), code
        )
    return Part(title, GOOD, _("All held when they were checked %(ago)s ago.") % ago)


def clock(found: Clocks, now: datetime) -> Part:
    """Against the newest entry of the chains, which cannot lie ahead, and against the clock of the database."""
    title, todo = _("Clock of the server"), _("Let the machine keep its time by NTP, and compare:")
    if found.newest_entry and now < found.newest_entry - CLOCKS_DIFFER:
        says = _("It has run back: the newest entry lies %(ahead)s ahead. Nothing can be signed until then.")
        return Part(title, BAD, says % {"ahead": timesince(now, found.newest_entry)}, todo, "timedatectl")
    if found.from_database and abs(found.from_database) > CLOCKS_DIFFER:
        seconds = round(abs(found.from_database).total_seconds())
        return Part(
            title, FAIR, _("It differs from the clock of the database by %(seconds)s s.") % {"seconds": seconds}, todo, "timedatectl"
        )
    return Part(title, GOOD, _("It agrees with the database and with the newest entry."))


def drill(last: Drill | None, now: datetime) -> Part:
    """A backup counts when it was brought back, within eight days."""
    title = _("Backup that was proved to come back")
    if settings.MODE == "demo":
        return Part(title, "", _("The demo holds nothing that is worth one."))
    if last is None:
        return Part(title, BAD, _("None yet."), _("Make one, and prove it:"), "manage.py backup_drill")
    says = _("The last one was proved %(ago)s ago, with %(rows)s rows.") % {"ago": timesince(last.finished_at, now), "rows": last.rows}
    if drill_is_late(now):
        return Part(title, BAD, says, _("That is more than eight days. See whether the weekly drill runs:"), "manage.py backup_drill")
    return Part(title, GOOD, says)
