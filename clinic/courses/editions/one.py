"""One course beside itself with the edition in force: every line that differs, and one session row by row."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from clinic.courses.compare.side import SidePresenter
from clinic.courses.editions.impact import Impact
from clinic.courses.editions.page import reckon
from clinic.courses.models import Course
from clinic.courses.presentation.differences import DifferencePresenter
from protocols.comparing import compare_sessions
from protocols.editions.queries import library_in_force, names_in_force
from protocols.method.plans import SessionPlan


def difference_context(course: Course, query: Mapping[str, str], *, on: date) -> dict[str, Any]:
    """What the page shows of the impact; ``query`` may name a session. Without a plan of both editions only what is told in lines."""
    impact, reckoned = reckon(course, on)
    context: dict[str, Any] = {"impact": impact, "reckoned": reckoned}
    if impact.before is None or impact.after is None or impact.difference is None or impact.difference.is_empty:
        return context
    library, names = library_in_force(course.clinic), names_in_force(course.clinic)
    differences = DifferencePresenter(library, names)
    context["difference"] = differences.course(impact.before, impact.after, impact.difference)
    if pair := _shown(impact, query.get("session", "")):
        context |= {
            "session": differences.one_session(*pair, compare_sessions(*pair)),
            "side": SidePresenter(library, names).beside(*pair),
            "session_links": _links(impact, pair[0].number),
        }
    return context


def _shown(impact: Impact, asked: str) -> tuple[SessionPlan, SessionPlan] | None:
    """The session that is asked for in both plans; by default the first that differs."""
    pairs = _pairs(impact)
    changed = [number for number, _found in (impact.difference.sessions if impact.difference else ())]
    usual = pairs.get(changed[0]) if changed else next(iter(pairs.values()), None)
    return pairs.get(int(asked), usual) if asked.isascii() and asked.isdigit() and len(asked) < 4 else usual


def _pairs(impact: Impact) -> dict[int, tuple[SessionPlan, SessionPlan]]:
    if impact.before is None or impact.after is None:
        return {}
    return {old.number: (old, new) for old, new in zip(impact.before.sessions, impact.after.sessions, strict=False)}


def _links(impact: Impact, current: int) -> list[tuple[int, str, bool, bool]]:
    """(number, query, is shown, differs) of every session to come."""
    changed = {number for number, _found in (impact.difference.sessions if impact.difference else ())}
    return [(number, f"session={number}", number == current, number in changed) for number in _pairs(impact)]
