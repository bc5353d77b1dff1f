"""The note of an emergency on A4: what whoever takes the patient over has to know, and no more."""

from datetime import datetime
from typing import Any, Protocol

from django.utils import timezone
from django.utils.translation import gettext as _

from clinic.courses.models import CourseReview
from clinic.courses.prints.paper import Paper, frame, moment
from clinic.courses.prints.typesetting import typeset
from clinic.courses.queries import last_screening, screening_of


class Found(Protocol):
    """What the note tells of the emergency."""

    @property
    def found(self) -> str: ...
    @property
    def readings(self) -> tuple[tuple[str, str], ...]: ...
    @property
    def advice(self) -> tuple[str, ...]: ...
    @property
    def not_given(self) -> str: ...
    @property
    def found_at(self) -> datetime | None: ...
    @property
    def found_by(self) -> str: ...
    @property
    def told(self) -> CourseReview | None: ...


def emergency_pdf(paper: Paper, alarm: Found) -> bytes:
    """The note in the language in force (PDF/UA-1)."""
    return typeset("emergency.typ", emergency_data(paper, alarm))


def emergency_data(paper: Paper, alarm: Found) -> dict[str, Any]:
    """Everything that the note prints, in words."""
    told = alarm.told
    at = alarm.found_at or (told.asked_at if told else timezone.now())
    by = alarm.found_by or (told.asked_by.full_name if told and told.asked_by else "")
    lines = [
        (_("What was found"), told.question if told else alarm.found),
        (_("When"), moment(at, paper.course)),
        (_("Found by"), by),
        (_("The session"), alarm.not_given),
        (_("Advice"), "; ".join(alarm.advice)),
        (_("Known about the patient"), _known(paper)),
    ]
    return {
        **frame(paper, title=_("Emergency note"), digest=paper.course.digest),
        "lead": _("To the doctor who takes over"),
        "lines": [{"name": name, "words": words} for name, words in lines if words],
        "readings_title": _("Readings of today"),
        "readings": [{"name": name, "words": words} for name, words in alarm.readings],
        "treated_for": {
            "name": _("Treated for"),
            "words": paper.presenter.condition(paper.course),
        },
        "sign": [_("Name"), _("Date, time, signature")],
    }


def _known(paper: Paper) -> str:
    """What the newest screening found: a blood thinner or an allergy matters to whoever takes over."""
    course = paper.course
    screening = last_screening(course) or screening_of(course)
    return "; ".join(line.title for line in paper.presenter.screening(screening, course.outcome).findings)
