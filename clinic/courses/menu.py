"""What the courses offer in the navigation, and to whom."""

from typing import Final

from django.utils.translation import gettext_lazy as _

from clinic.courses.numbers.permissions import NUMBERS
from clinic.courses.permissions import PLAN
from clinic.courses.studio.ledger_readers import LEDGER
from clinic.schedule.permissions import BOOK
from clinic.staff.models import Role
from clinic.web.navigation import Item

ITEMS: Final = (
    Item(_("Inbox"), "courses:inbox", "inbox", 5, frozenset({Role.DOCTOR.value, Role.CLINICAL_LEAD.value})),
    Item(_("Today"), "day:today", "sun", 6, frozenset(PLAN)),
    Item(_("Calendar"), "calendar:day", "calendar-days", 8, frozenset(BOOK)),
    Item(_("Courses"), "courses:list", "clipboard-list", 20, frozenset(PLAN)),
    Item(_("Rules set aside"), "studio:ledger", "scale", 43, frozenset(LEDGER)),
    Item(_("Numbers"), "numbers:clinic", "chart-no-axes-column", 45, frozenset(NUMBERS)),
)
