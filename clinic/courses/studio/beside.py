"""What stands beside the steps in the studio: what the hand finds, supplementary methods, and the other therapies of the day."""

from typing import Any

from clinic.courses.pinned import names_of
from clinic.courses.presentation import Presenter
from clinic.courses.presentation.day_order import DayOrder, day_order
from clinic.courses.studio.beside_palpation import PalpationPanel, palpation_panel
from clinic.courses.studio.beside_supplements import SupplementsPanel, supplements_panel
from clinic.courses.studio.desk import Desk
from protocols.method.editing import supplements_at

__all__ = ["DayOrder", "PalpationPanel", "SupplementsPanel", "beside_context", "palpation_panel", "partners_panel", "supplements_panel"]


def partners_panel(desk: Desk, session: int) -> DayOrder | None:
    """The order of the day of this session."""
    setting, chosen = desk.setting, supplements_at(desk.edits, desk.wanted.supplements, session)
    words = Presenter(setting.library, names_of(desk.course))
    return day_order(setting.condition, setting.stage, desk.screening.facts, words, chosen=chosen)


def beside_context(desk: Desk, session: int) -> dict[str, Any]:
    """The three panels as ``studio/beside/_panels.html`` shows them, for the session that is looked at."""
    return {
        "palpation": palpation_panel(desk),
        "supplements": supplements_panel(desk, session),
        "partners": partners_panel(desk, session),
        "number": session,
    }
