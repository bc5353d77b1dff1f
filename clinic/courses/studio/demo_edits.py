"""One plan of the demo that was bent by hand: a longer way up, two steps in another order, a calmer tempo with its reason."""

from collections.abc import Iterator
from datetime import date
from typing import Final

from clinic.courses.models import Course
from clinic.courses.states import CourseState, OverrideReason
from clinic.courses.studio.actions import do_act, keep_edits
from clinic.courses.studio.acts import Act
from clinic.courses.studio.desk import Desk
from clinic.courses.studio.queries import desk_for
from clinic.staff.models import Clinic
from clinic.staff.permissions import Actor
from protocols.method.editing import step_keys
from protocols.method.edits import LAST_SESSION, Edit, Edits, Override

BENT: Final = ("osteochondrosis-lumbar", "remission")
LOINS: Final = "paravertebral-lumbar"
NOTE: Final = "She tires quickly on her front: a longer way up, and the loins while she is still fresh."
REASON: Final = "Brisk work at the loins made her hold her breath; calm strokes did not."


def seed_edits(clinic: Clinic, *, therapist: Actor, on: date) -> None:
    """Changes the plan of the lumbar draft and keeps it. Does nothing where there is no such draft."""
    course = Course.objects.filter(clinic=clinic, condition=BENT[0], stage=BENT[1], state=CourseState.DRAFT).first()
    if course is None:
        return
    desk = desk_for(course, therapist.user, on)
    for act in _acts(desk):
        desk = do_act(desk=desk, act=act, version=desk.version, actor=therapist)
    for rule in desk.needs_reasons:
        override = Override(rule.problem.code, rule.step, OverrideReason.COMFORT, REASON)
        act = Act("override", session=1, edits=Edits(overrides=(override,)))
        desk = do_act(desk=desk, act=act, version=desk.version, actor=therapist)
    if desk.draft is not None:
        keep_edits(course=course, draft=desk.draft, note=NOTE, on=on, version=desk.version, actor=therapist)


def _acts(desk: Desk) -> Iterator[Act]:
    keys = step_keys(desk.session(1))
    loins = next(key for key in keys if f":{LOINS}:" in key)
    calm = Edit("tempo", 1, LAST_SESSION, step=loins, code="calm")
    yield Act("edit", session=3, edits=Edits((Edit("dose", 3, 3, value=90),)))
    yield Act("edit", session=1, edits=Edits((Edit("move", 1, LAST_SESSION, step=loins, after=keys[0]),)))
    yield Act("edit", session=1, edits=Edits((calm,)))
