"""What another stage would mean for the sessions that are left: the what-if of one stage, in a few figures. Nothing is kept."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import QueryDict
from django.urls import reverse

from clinic.courses.actions import request_of
from clinic.courses.models import Course
from clinic.courses.presentation.effects import Effect, effect_between
from clinic.courses.presentation.two_curves import TwoCurves, two_curves
from clinic.courses.queries import sessions_of
from clinic.courses.supposed import supposed_plan
from clinic.courses.supposing import Supposition
from patients.queries import answers_on
from protocols.method.answers import Faults
from protocols.method.library import Library
from protocols.method.names import Names
from protocols.method.plans import SessionPlan, UnsafePlan
from protocols.wording_conditions import local_word


@dataclass(frozen=True, slots=True)
class StageChange:
    """A neighbouring stage: what it allows in words, what changes from the next session on, and where to look closer.

    ``effect`` and ``curves`` are None for a stage that is not massaged, or that asks for something nobody has answered.
    """

    code: str
    name: str
    local: str
    is_barred: bool
    address: str
    effect: Effect | None = None
    curves: TwoCurves | None = None


def stage_change(course: Course, stage: str, library: Library, names: Names) -> StageChange:
    """The consequences of that stage, planned as the saved course was. The same queries for every course."""
    entry = library.conditions[course.condition].stages[stage]
    address = f"{reverse('courses:what-if', args=[course.pk])}?{urlencode({'stage': stage})}"
    found = StageChange(
        stage, names.of("stages", f"{course.condition}/{stage}"), str(local_word(entry.local)), entry.treatment is None, address
    )
    saved, made = sessions_of(course), () if found.is_barred else _made(course, stage, library, names)
    if not made:
        return found
    given = course.sessions.filter(record__isnull=False).count()
    effect = effect_between(saved[given:], made[given:], names)
    return StageChange(stage, found.name, found.local, found.is_barred, address, effect, two_curves(saved, made))


def _made(course: Course, stage: str, library: Library, names: Names) -> tuple[SessionPlan, ...]:
    """The sessions in that stage; none where its plan cannot be made from what is known."""
    condition = library.conditions[course.condition]
    supposed = Supposition(
        QueryDict(urlencode({"stage": stage})), kept=request_of(course), condition=condition, library=library, names=names
    )
    if not supposed.is_valid:
        return ()
    try:
        made = supposed_plan(course, supposed.wanted, answers_on(course.patient, library, course.planned_on))
    except (Faults, UnsafePlan):
        return ()  # the what-if page names what is missing
    return made.sessions
