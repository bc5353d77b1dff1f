"""Gates taken out on purpose: each must be found by the walks, else what they say of the whole program would prove nothing."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from typing import Any, Final
from unittest.mock import patch

from django.utils.translation import gettext as _

from clinic.courses import gates
from clinic.courses.actions import giving, keeping, moving, planning, recording, signing_off, starting
from clinic.courses.gates import GATES, hindrances
from clinic.courses.life import deeds, editions
from clinic.courses.models import Course, Session
from clinic.courses.states import CourseState
from clinic.staff.permissions import ActionDenied

Patch = Any  # what patch.object makes: a context manager


def _nothing(*_args: object, **_more: object) -> None:
    return None


def _without(*gone: str) -> list[Patch]:
    """The gates of these names stand open."""
    return [patch.object(gates, "GATES", tuple(gate for gate in GATES if gate[0] not in gone))]


def _unscreened() -> list[Patch]:
    """Neither the day's questions nor what is known now are asked about at the moment of giving."""
    trusting = [patch.object(module, "fresh_hindrances", hindrances) for module in (starting, recording, giving)]
    return [*_without("day", "knowledge", "gap"), *trusting]


def _out_of_turn() -> list[Patch]:
    return [patch.object(module, "check_turn", _nothing) for module in (starting, recording)]


def _rewritten() -> list[Patch]:
    """Planning writes over what was given."""
    keep = keeping.keep_plan

    def over(course: Course, *args: Any, **more: Any) -> None:
        keep(course, *args, **more)
        coming = course.sessions.filter(record=None).first()
        if coming is not None:
            Session.objects.filter(course=course, record__isnull=False).update(plan=coming.plan)

    return [patch.object(planning, "keep_plan", over)]


def _not_recordable() -> list[Patch]:
    """What was begun is recorded only while the course still runs."""
    keep = recording.record_start

    def asks_again(**about: Any) -> Any:
        if about["start"].session.course.state != CourseState.RUNNING:
            raise ActionDenied(_("This course is paused. Let it go on first."))
        return keep(**about)

    return [patch.object(deeds, "record_start", asks_again)]


def _any_way() -> list[Patch]:
    """Every state leads to every state."""
    everywhere: Mapping[str, frozenset[str]] = {state: frozenset(CourseState.values) for state in CourseState.values}
    return [patch.object(module, "TRANSITIONS", everywhere) for module in (moving, signing_off)]


def _not_tightened() -> list[Patch]:
    """A publication suspends nothing, and no session is read with the rules in force."""
    return [*_without("edition"), patch.object(editions, "suspend_what_is_forbidden", _nothing)]


BREAKS: Final[Mapping[str, Callable[[], list[Patch]]]] = {
    "screening": _unscreened,
    "signature": lambda: _without("state", "signature", "scope"),
    "suspension": lambda: _without("state"),
    "consent": lambda: _without("consent"),
    "reaction": lambda: _without("reaction"),
    "turn": _out_of_turn,
    "delivered": _rewritten,
    "recordable": _not_recordable,
    "table": _any_way,
    "edition": _not_tightened,
}


@contextmanager
def broken(name: str) -> Iterator[None]:
    """The program without one of its gates."""
    with ExitStack() as stack:
        for each in BREAKS[name]():
            stack.enter_context(each)
        yield
