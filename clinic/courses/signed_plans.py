"""A plan as it stands in a signature: written as whole numbers and text, and read back."""

import json
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from clinic.courses.models import Course, Session
from clinic.courses.queries import sessions_to_come
from clinic.signing.models import Signature
from patients.referrals import Wanted
from protocols.method.library import Library
from protocols.method.places import Place
from protocols.method.plans import Row, SessionPlan
from protocols.method.storage import plan_from_json


def plan_body(course: Course) -> dict[str, Any]:
    """The plan itself as it is signed: what was entered, the doses, every session, the screening with its facts and verdicts."""
    sessions = Session.objects.filter(course=course).order_by("number")
    return {
        "condition": course.condition,
        "stage": course.stage,
        "request": exact(course.request),
        "session_count": course.session_count,
        "doses": exact(course.plan),
        "sessions": [exact(session.plan) for session in sessions],
        "screening": exact(course.screening),
        "outcome": course.outcome,
        "edition": course.edition,
        "library_digest": course.library_digest,
        "digest": course.digest,
    }


_AS_IT_IS = frozenset({str, int, bool, type(None)})


def exact(value: Any) -> Any:
    """The value with every number that has a fraction written as text: its spelling is then the same for everybody."""
    kind = type(value)
    if kind in _AS_IT_IS:
        return value
    if kind is list or isinstance(value, list | tuple):
        return [item if type(item) in _AS_IT_IS else exact(item) for item in value]
    if isinstance(value, float):
        return repr(value)
    if kind is dict or isinstance(value, Mapping):
        return {str(name): item if type(item) in _AS_IT_IS else exact(item) for name, item in value.items()}
    return value


def wanted_of(course: Course, library: Library) -> Wanted:
    """What the sessions to come would do, to be compared with a referral: leaf places that are worked, and with what."""
    rows = [row for plan in sessions_to_come(course) for row in plan.rows]
    return Wanted(
        condition=course.condition,
        stage=course.stage,
        count=course.session_count,
        places=frozenset[Place]().union(*(_worked(row, library) for row in rows)),
        families=frozenset(row.family for row in rows),
        techniques=frozenset(row.technique for row in rows),
        pressure_max=max((row.pressure for row in rows), default=0),
    )


def _worked(row: Row, library: Library) -> frozenset[Place]:
    worked = library.tree.leaf_places(Place(row.zone, row.side))
    return worked.difference(*(library.tree.leaf_places(place) for place in row.avoid))


def signed_sessions(signature: Signature) -> tuple[SessionPlan, ...]:
    """The sessions that were signed. Raises ``NotStored`` or ``KeyError`` for a document that holds none."""
    return _sessions_in(signature.content)


# A signed document is large, and several gates ask for it at once. What is kept is found by the whole text: another is never taken for it.
@lru_cache(maxsize=32)
def _sessions_in(content: str) -> tuple[SessionPlan, ...]:
    return tuple(plan_from_json(session) for session in json.loads(content)["body"]["plan"]["sessions"])


@lru_cache(maxsize=32)
def _whose_plan(content: str) -> tuple[int, str]:
    """The number of the patient, and the plan as one text."""
    body = json.loads(content)["body"]
    return body["patient"]["id"], _text(body["plan"])


def _text(plan: Mapping[str, Any]) -> str:
    return json.dumps(plan, sort_keys=True)


def is_of_the_signed_plan(course: Course, signature: Signature) -> bool:
    """Whether the course is the one that was signed, and, while nobody planned again since, its plan the very plan.

    A plan that was made again has a higher version; what may have changed in it is asked of its scope.
    """
    patient, plan = _whose_plan(signature.content)
    if patient != course.patient_id or course.version < signature.subject_version:
        return False
    return course.version > signature.subject_version or plan == _text(plan_body(course))
