"""The home sheet: what the library has for the condition, less what this patient does without, in large print for the patient's hands."""

from collections.abc import Iterator, Sequence
from typing import Any, Final

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from clinic.courses import queries
from clinic.courses.models import Course
from clinic.courses.pinned import presenter_of
from clinic.courses.prints.paper import DIGEST, Paper, capital, is_held, lacks_consent, moment
from clinic.courses.prints.typesetting import typeset
from clinic.courses.proposals import reaction_to_acknowledge
from clinic.courses.states import CourseState
from patients.queries import age_on
from protocols.method.answers import Answers, Faults
from protocols.method.entries import HomeSheet
from protocols.method.findings import Screening
from protocols.method.home import HomeCase, HomePlan, home_plan
from protocols.method.inputs import parse_inputs
from protocols.method.roles import RoleUnresolved
from protocols.method.vocabulary import Outcome

GROWN: Final = 12  # from this age on the sheet is done by oneself: "parent under 12" of the library
ASKED: Final = "the patient asks to stop"  # as the library says it to therapists
HANDED_OUT: Final = (CourseState.RUNNING, CourseState.FINISHED)


def home_sheet_pdf(paper: Paper) -> bytes:
    """The sheet in the language of the paper's presenter, 16 pt and more (PDF/UA-1)."""
    return typeset("home.typ", home_sheet_data(paper))


def home_sheet_data(paper: Paper) -> dict[str, Any]:
    """Everything that the sheet prints, in words. What must not be done at home now is withheld whole, with the reason."""
    course = paper.course
    screening = queries.last_screening(course) or queries.screening_of(course)
    withheld = _why_not_handed_out(course, screening)
    sheets = [] if withheld else [*_printed(paper, screening)]
    return {
        "language": get_language() or "en",
        "title": f"{_('Home programme')} – {course.patient.full_name}",
        "kind": _("Home programme"),
        "clinic": course.clinic.name,
        "name": course.patient.full_name,
        "withheld": withheld or ("" if sheets else _nothing_printed(paper)),
        "sheets": sheets,
        "words": _words(),
        "general": _general(),
        "stop": _signs_to_stop(paper),
        "emergency": _("Chest pain, breathlessness, sudden weakness, trouble with speech or sight: call the emergency number at once."),
        "shown": _("Begin only when your therapist has shown it to you and watched you do it once."),
        "review": _review(course),
        "foot": _foot(course),
        "leaf": _("Page {page} of {pages}"),
    }


def _signs_to_stop(paper: Paper) -> list[str]:
    """The signs of every session, less the one that is no sign to the patient: that the patient asks to stop."""
    ours = next((row.stop for row in paper.presenter.library.course.stop_set if row.code == "any"), ())
    said = paper.presenter.names.lines("stop-sets", "any", "stop")
    return [line for place, line in enumerate(said) if ours[place : place + 1] != (ASKED,)]


def has_sheet_for_home(course: Course) -> bool:
    """Whether a patient would be handed a sheet now on which something is left to do."""
    screening = queries.last_screening(course) or queries.screening_of(course)
    if _why_not_handed_out(course, screening):
        return False
    paper = Paper(course, presenter_of(course), "")
    return any(sheet["steps"] for sheet in _printed(paper, screening))


def printed_home_sheets(paper: Paper, screening: Screening) -> dict[str, Any]:
    """The same for the print of the whole course; without a title where the library has nothing or nothing is drafted."""
    course = paper.course
    if not _of_condition(paper) or not screening.outcome.allows_steps:
        return {"title": "", "note": "", "sheets": []}
    if _is_barred(course, screening) or course.state == CourseState.SUSPENDED:
        withheld = _("The library has home advice for this condition. It is not printed: the findings or open questions come first.")
        return {"title": _("At home"), "note": withheld, "sheets": []}
    note = _("What the findings leave of the library's advice for home. It begins when the therapist has watched it once.")
    return {"title": _("At home"), "note": note, "sheets": [_short(sheet) for sheet in _printed(paper, screening)]}


# Whether ----------------------------------------------------------------------------------------------------------------------
def _is_barred(course: Course, screening: Screening) -> bool:
    return screening.outcome >= Outcome.DOCTOR or screening.stage_barred is not None or not course.may_start


def _why_not_handed_out(course: Course, screening: Screening) -> str:
    """Why a patient gets no sheet now; "" where nothing is in the way."""
    if _is_barred(course, screening) or is_held(course):
        return _("No home programme now: the findings or open questions come first. Please ask your therapist or doctor.")
    if course.state not in HANDED_OUT:
        return _("No home programme yet: it is handed out once the course has begun.")
    if lacks_consent(course):
        return _("No home programme now: consent to the course is missing.")
    if reaction_to_acknowledge(course) is not None:
        return _("No home programme now: a bad reaction to a session has not been read yet. Please ask your therapist or doctor.")
    return ""


def _nothing_printed(paper: Paper) -> str:
    if _of_condition(paper):
        return _("No home programme: what was entered for this course does not say where it would be done.")
    return _("The library has no home programme for this course.")


def _of_condition(paper: Paper) -> list[HomeSheet]:
    return [sheet for sheet in paper.presenter.library.sheets.values() if paper.course.condition in sheet.conditions]


# What -------------------------------------------------------------------------------------------------------------------------
def _printed(paper: Paper, screening: Screening) -> Iterator[dict[str, Any]]:
    """Each sheet of the condition of which something is left, or of which something is left out that must be said."""
    for sheet in _of_condition(paper):
        plan = _plan(paper, screening, sheet)
        if plan is not None:
            yield _sheet(paper, sheet, plan)


def _plan(paper: Paper, screening: Screening, sheet: HomeSheet) -> HomePlan | None:
    """What is left of it; None where what was entered does not say where the sheet would work."""
    course, library = paper.course, paper.presenter.library
    condition = library.conditions[course.condition]
    answers = Answers(dict(screening.facts))  # type: ignore[arg-type]  # facts of a screening are checked answers
    try:
        inputs = parse_inputs(library, condition, course.stage, queries.request_of(course).inputs, answers)
        return home_plan(HomeCase(library, condition, condition.stages[course.stage], inputs, screening.limits), sheet)
    except (Faults, RoleUnresolved):
        return None


def _sheet(paper: Paper, sheet: HomeSheet, plan: HomePlan) -> dict[str, Any]:
    names, steps = paper.presenter.names, paper.presenter.names.lines("sheets", sheet.code, "steps")
    is_left = plan.is_left(len(steps))
    return {
        "position": capital(names.of("sheets", sheet.code, "position")),
        "times": _times(*sheet.times_per_day),
        "minutes": _("%(minutes)s min") % {"minutes": plan.minutes},
        "steps": [capital(step) for at, step in enumerate(steps) if at not in plan.out] if is_left else [],
        "nothing": "" if is_left else _("Nothing of this is for you at the moment."),
        "light": _("Press lightly only.") if plan.is_light and is_left else "",
        "left_out": _left_out(paper, steps, plan),
        "avoid": [capital(words) for words in names.lines("sheets", sheet.code, "avoid")],
        "who": _who(sheet, paper.course),
        "note": capital(names.of("sheets", sheet.code, "note")),
    }


def _left_out(paper: Paper, steps: Sequence[str], plan: HomePlan) -> list[dict[str, str]]:
    """What is not done and why, one line a step; the position of the sheet as a whole stands first."""
    say = paper.presenter.speaker.say
    whole = [{"what": "", "why": say(plan.position_out)}] if plan.position_out else []
    return whole + [{"what": capital(steps[at]), "why": " ".join(dict.fromkeys(map(say, why)))} for at, why in sorted(plan.out.items())]


def _who(sheet: HomeSheet, course: Course) -> str:
    is_small = age_on(course.patient, course.clinic.today()) < GROWN
    return _("A parent does this with the child.") if sheet.who == "parent" or (sheet.who == "parent under 12" and is_small) else ""


def _times(low: int, high: int) -> str:
    times = str(low) if low == high else f"{low}–{high}"
    return _("%(times)s× a day") % {"times": times}


def _short(sheet: dict[str, Any]) -> dict[str, Any]:
    """A sheet in the words of the course print."""
    return {
        "position": sheet["position"],
        "dose": f"{sheet['minutes']}, {sheet['times']}",
        "steps": sheet["steps"] or [sheet["nothing"]],
        "avoid": _("Avoid: %(what)s") % {"what": "; ".join(sheet["avoid"])},
        "left_out": [": ".join(part for part in (line["what"], line["why"]) if part) for line in sheet["left_out"]],
        "note": " ".join(part for part in (sheet["note"], sheet["light"]) if part),
    }


# What stands on every sheet -------------------------------------------------------------------------------------------------------
def _general() -> list[str]:
    """The general text of the library's sheets. Source: head of ``home-sheets.toml``."""
    return [
        _("Warm hands, clean and unbroken skin."),
        _("One to two hours after a meal."),
        _("It must not hurt: pain never above 3 of 10."),
        _("Stroke towards the lymph nodes, never over them (armpit, groin, hollow of the knee)."),
    ]


def _words() -> dict[str, str]:
    return {
        "times": _("How often"),
        "minutes": _("How long"),
        "position": _("Position"),
        "steps": _("What to do"),
        "avoid": _("What to avoid"),
        "left_out": _("Not for you, left out on purpose"),
        "general": _("Each time"),
        "stop": _("Stop at once, and tell us, if there is"),
        "shown_on": pgettext("to be filled in by hand", "Shown on, by"),
        "review": _("Next review"),
    }


def _review(course: Course) -> str:
    """The booked day of the session after which the course is reviewed; "" where it is over or has no date yet."""
    wanted = queries.course_plan_of(course).review_after
    booked = {session.number: session.booking for session in queries.dated_sessions(course)}
    booking = booked.get(wanted)
    return date_format(timezone.localtime(booking.starts_at, course.clinic.zone), "DATE_FORMAT") if booking else ""


def _foot(course: Course) -> str:
    return _("%(clinic)s · edition %(edition)s · plan %(digest)s, version %(version)s · printed %(at)s") % {
        "clinic": course.clinic.name,
        "edition": course.edition,
        "digest": course.digest[:DIGEST],
        "version": course.version,
        "at": moment(timezone.now(), course),
    }
