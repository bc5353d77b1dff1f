"""What was found about the patient, on paper: the outcome, each rule with its sources, and what stands in the way of the start."""

from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from clinic.courses.models import Course
from clinic.courses.presentation.lines import FindingLine, ScreeningView, SourceLine
from clinic.courses.prints.paper import is_overtaken, valid_words
from clinic.courses.states import CourseState
from clinic.web import marks


def printed_outcome(course: Course, view: ScreeningView) -> dict[str, Any]:
    """The outcome as word and sentence. A mild one is no permission where something is missing, or on another day than the plan's."""
    if course.state == CourseState.FINISHED:
        return {"word": str(course.get_state_display()), "sentence": valid_words(course), "is_loud": False}
    if is_overtaken(course):
        day = {"day": date_format(course.planned_on, "SHORT_DATE_FORMAT")}
        asked = _("This plan was made under the answers of %(day)s. Ask today's questions before a session.") % day
        return {"word": _("Not yet: something is missing"), "sentence": asked, "is_loud": True}
    mark = marks.OUTCOMES[view.outcome]
    waiting = _("What is left open stays unknown, and a session does not start on an unknown answer.")
    word = _("Not yet: something is missing") if course.is_waiting else str(mark.word)
    sentence = view.sentence or (waiting if course.is_waiting else str(mark.sentence))
    return {"word": word, "sentence": sentence, "is_loud": not course.may_start}


def printed_findings(view: ScreeningView) -> dict[str, Any]:
    """Rules that fired, those that a document lifted, those that are open, and the advice."""
    return {
        "title": _("Findings"),
        "fired": [_finding(line) for line in view.findings],
        "none": "" if view.found else _("Nothing known about this patient limits the plan."),
        "cleared_title": _("Lifted by a doctor's document"),
        "cleared": [_finding(line) for line in view.cleared],
        "open_title": _open_title(len(view.open_rules)),
        "open": "; ".join(line.title for line in view.open_rules),
        "advice_title": _("Advice"),
        "advice": list(view.advice),
    }


def _open_title(count: int) -> str:
    words = ngettext(
        "%(count)s rule is still open, because an answer is missing", "%(count)s rules are still open, because answers are missing", count
    )
    return words % {"count": count}


def _finding(line: FindingLine) -> dict[str, Any]:
    ends = f"{_('It ends')}: {line.ends_when}" if line.ends_when else ""
    lifted = f"{_('May be lifted by')}: {line.lifted_by}" if line.lifted_by else ""
    cleared = f"{_('Lifted by')}: {line.cleared_by}" if line.cleared_by else ""
    return {
        "title": line.title,
        "word": str(marks.OUTCOMES[line.outcome].word),
        "explanation": line.explanation,
        "changes": list(line.changes),
        "ends": [words for words in (ends, lifted, cleared) if words],
        "sources": f"{_('Source')}: {sources_in_a_line(line.sources)}" if line.sources else "",
    }


def sources_in_a_line(sources: tuple[SourceLine, ...]) -> str:
    """Titles with their addresses: nobody can press a link on paper."""
    return "; ".join(f"{source.title} ({source.url})" if source.url else source.title for source in sources)


def printed_obstacles(view: ScreeningView) -> dict[str, Any]:
    """Everything that is missing for the start, each question by its own words."""
    today = len(view.questions_today)
    lines = [line.because if line.because == line.title else f"{line.title}: {line.because}" for line in view.obstacles]
    return {
        "title": _("Before a session may start"),
        "lines": lines,
        "intake_title": _("Questions of the intake form are open (%(count)s).") % {"count": len(view.questions_intake)},
        "intake": list(view.questions_intake),
        # Asked anew on the day of each session, so that how many are open says enough.
        "today": _("Today's questions are not all answered (%(count)s open).") % {"count": today} if today else "",
    }
