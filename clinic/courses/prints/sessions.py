"""The sessions of a course on paper: alike ones once, what is left out with the sessions that lack it, and all of them on one map."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext as _

from clinic.courses.presentation import SessionView
from clinic.courses.presentation.lines import SupplementLine
from clinic.courses.prints.paper import capital, minutes, printed_steps, with_side
from clinic.courses.session_spans import sessions_words
from protocols.method.plans import SessionPlan

Missing = dict[tuple[str, str], list[int]]  # what is missing, and why -> in which sessions


def distinct_sessions(views: Sequence[SessionView], *, refusal: str) -> list[dict[str, Any]]:
    """Each way of working once, with the numbers of its sessions: nothing that hands could do differently hides behind one heading.

    ``refusal`` is said of a session that may not be given.
    """
    found: list[tuple[dict[str, Any], list[int]]] = []
    for view in views:
        printed = _printed(view, refusal)
        alike = next((numbers for other, numbers in found if other == printed), None)
        if alike is None:
            found.append((printed, [view.number]))
        else:
            alike.append(view.number)
    return [{**printed, "sessions": sessions_words(numbers)} for printed, numbers in found]


def _printed(view: SessionView, refusal: str) -> dict[str, Any]:
    """A session without its number. Where nothing may be given, phase and minutes are of no use to anybody."""
    return {
        "facts": [view.phase, minutes(view.total_seconds)] if view.steps else [],
        "banner": "" if view.may_start else refusal,
        "steps": printed_steps(view.steps),
        "supplements": [supplement_words(item) for item in view.supplements],
        "nothing": "" if view.steps else _("Nothing may be given in this session."),
    }


def supplement_words(item: SupplementLine) -> str:
    """A supplement in one line."""
    return " · ".join(part for part in (capital(item.name), minutes(item.seconds) if item.seconds else "", item.details) if part)


def said_of_steps(views: Iterable[SessionView], field: str) -> list[str]:
    """What all steps together say in one field (``limits`` or ``keep_off``), each sentence once."""
    return list(dict.fromkeys(line for view in views for step in view.steps for line in getattr(step, field)))


def left_out(views: Sequence[SessionView], *, by_dose: bool) -> list[dict[str, Any]]:
    """What is missing and why, each reason with the sessions that it holds for; ``by_dose`` chooses whose doing it is."""
    found: Missing = {}
    for view in views:
        for line in view.by_dose if by_dose else view.omissions:
            numbers = found.setdefault((with_side(capital(line.what), line.side), line.because), [])
            if view.number not in numbers:
                numbers.append(view.number)
    # What is missing for several reasons stands together, where it was first met.
    order = list(dict.fromkeys(what for what, _because in found))
    together = sorted(found.items(), key=lambda item: order.index(item[0][0]))
    return [_reason(*why, numbers, of=len(views)) for why, numbers in together]


def _reason(what: str, because: str, numbers: Sequence[int], *, of: int) -> dict[str, str]:
    return {"what": what, "words": because, "sessions": "" if len(numbers) == of else f"{sessions_words(numbers)}."}


def whole_course(sessions: Sequence[SessionPlan]) -> SessionPlan | None:
    """All sessions as if they were one, for the body map alone: a place counts as worked when any session works it."""
    worked = [session for session in sessions if session.rows]
    if not worked:
        return sessions[0] if sessions else None
    return replace(
        worked[0],
        rows=tuple(row for session in worked for row in session.rows),
        omissions=tuple(dict.fromkeys(item for session in sessions for item in session.omissions)),
        supplements=tuple(dict.fromkeys(item for session in sessions for item in session.supplements)),
        total_seconds=sum(session.total_seconds for session in worked),
        dose=None,
    )
