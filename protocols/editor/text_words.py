"""What the texts of a condition and of a stage are called in forms."""

from collections.abc import Callable, Mapping
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

TEXT_LABELS: Final[Mapping[str, Callable[[], str]]] = {
    "name": lambda: pgettext("of an entry", "Name"),
    "evidence": lambda: _("Evidence"),
    "never": lambda: _("Never"),
    "refer_first": lambda: _("Refer first"),
    "notes": lambda: _("Notes"),
    "definition": lambda: _("Definition"),
    "goals": lambda: _("Goals"),
    "warnings": lambda: _("Take care"),
    "advice": lambda: _("Advice"),
    "partners": lambda: _("Partners beside massage"),
    "position_note": lambda: _("Note on the position"),
    "cadence_note": lambda: _("Note on the pace"),
    "repeat_note": lambda: _("Note on the repeat"),
    "reason": lambda: _("Why it is not massaged"),
    "becomes_allowed_when": lambda: _("Allowed again when"),
}
