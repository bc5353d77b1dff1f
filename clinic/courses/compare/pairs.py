"""The two plans that a page puts side by side, and what each is called. Nothing is kept here."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.http import QueryDict
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from clinic.courses.compare.asked import LAST, PROTOCOL, SIGNED, CompareAsked
from clinic.courses.compare.queries.sessions import coming_session, last_given
from clinic.courses.models import Course, SessionRecord
from clinic.courses.pinned import library_of
from clinic.courses.planning import CourseRequest
from clinic.courses.queries import course_plan_of, request_of, screening_of, sessions_of
from clinic.courses.signed_plans import signed_sessions
from clinic.courses.since_signed import last_signed
from clinic.courses.supposed import supposed_plan
from clinic.courses.supposing import Supposition
from clinic.signing.queries import body_of
from patients.queries import answers_on
from protocols.comparing import Planned, StoredCourse
from protocols.method.edits import NO_EDITS
from protocols.method.entries import Condition, ConditionInput
from protocols.method.findings import Screening
from protocols.method.library import Library
from protocols.method.names import Names
from protocols.method.plans import SessionPlan
from protocols.method.storage import from_json, plan_from_json


class NothingToCompare(Exception):
    """There is no such other plan. The message is one sentence for the reader, already translated."""

    @property
    def sentence(self) -> str:
        return str(self)


@dataclass(frozen=True, slots=True)
class TwoPlans:
    """``before`` and ``after`` with the heads of their columns and a sentence on what they are.

    ``record`` is what was felt in the session of ``before``, where that is the last one given. ``is_one``: it is about one session only,
    whose numbers may differ.
    """

    before: Planned
    after: Planned
    heads: tuple[str, str]
    lead: str
    record: SessionRecord | None = None
    is_one: bool = False


def stored(course: Course) -> StoredCourse:
    """The course as it was kept."""
    return StoredCourse(screening_of(course), course_plan_of(course), sessions_of(course))


def two_plans(course: Course, asked: CompareAsked) -> TwoPlans:
    """The plan beside itself at another time. Raises ``NothingToCompare``, and what ``supposed_plan`` raises."""
    return {PROTOCOL: _by_hand, SIGNED: _signed, LAST: _last}[asked.kind](course)


def _by_hand(course: Course) -> TwoPlans:
    wanted, now = request_of(course), stored(course)
    if not wanted.edits:
        raise NothingToCompare(_("Nothing was changed by hand in this plan: it stands as its protocol has it."))
    answers = answers_on(course.patient, library_of(course), course.planned_on)
    made = supposed_plan(course, replace(wanted, edits=NO_EDITS), answers)
    given = course.sessions.filter(record__isnull=False).count()  # what was given stays as it was given
    before = StoredCourse(made.screening, made.course, (*now.sessions[:given], *made.sessions[given:]))
    lead = _("What the protocol and the findings give on their own, beside the plan as it was changed by hand.")
    return TwoPlans(before, now, (_("Protocol"), _("By hand")), lead)


def _signed(course: Course) -> TwoPlans:
    signature = last_signed(course)
    if signature is None:
        raise NothingToCompare(_("No doctor has signed a plan of this course yet, or the signature does not hold."))
    now = stored(course)
    then = from_json(Screening, body_of(signature)["plan"]["screening"])
    before = StoredCourse(then, now.course, signed_sessions(signature))
    about = {"name": signature.printed_name, "day": date_format(signature.signed_at, "SHORT_DATE_FORMAT")}
    return TwoPlans(
        before, now, (_("As signed"), _("Now")), _("The plan that %(name)s signed on %(day)s, beside the plan as it is now.") % about
    )


def _last(course: Course) -> TwoPlans:
    given, coming = last_given(course), coming_session(course)
    if given is None:
        raise NothingToCompare(_("No session of this course was given yet."))
    if coming is None:
        raise NothingToCompare(_("Every session of this course was given."))
    screening, plan = screening_of(course), course_plan_of(course)
    before, after = (StoredCourse(screening, plan, (_plan(each.plan),)) for each in (given.session, coming))
    about = {"number": given.session.number, "day": date_format(given.given_on, "SHORT_DATE_FORMAT"), "next": coming.number}
    heads = (_("Session %(number)s, given") % about, _("Session %(next)s, to come") % about)
    lead = _("Session %(number)s, given on %(day)s, beside session %(next)s, which comes next.") % about
    return TwoPlans(before, after, heads, lead, given, is_one=True)


def _plan(kept: Mapping[str, Any]) -> SessionPlan:
    return plan_from_json(kept)


# Another stage, another protocol ------------------------------------------------------------------------------------------------
def other_protocol(course: Course, asked: CompareAsked, query: QueryDict, library: Library, names: Names) -> Supposition:
    """The course in another stage or by another protocol, with what is known already filled in. The codes are those of the library."""
    condition, kept = library.conditions[asked.condition], request_of(course)
    if condition.code != kept.condition:
        kept = carried(kept, condition, asked.stage)
    told = QueryDict(mutable=True)
    for name in query:
        if name not in ("with", "session", "fact", "find"):
            told.setlist(name, query.getlist(name))
    told["stage"] = asked.stage
    return Supposition(told, kept=kept, condition=condition, library=library, names=names)


def carried(kept: CourseRequest, condition: Condition, stage: str) -> CourseRequest:
    """What is known of a course, for another condition: the answers to what both ask in the same words, and its own usual count."""
    treatment = condition.stages[stage].treatment
    inputs = {row.code: kept.inputs[row.code] for row in condition.inputs if _fits(row, kept.inputs.get(row.code))}
    return CourseRequest(condition.code, stage, treatment.sessions.usual if treatment else 1, inputs)


def _fits(row: ConditionInput, value: object) -> bool:
    kinds: dict[str, type | tuple[type, ...]] = {"enum": str, "bool": bool, "int": int, "zones": list}
    if value is None or not isinstance(value, kinds.get(row.type, str)) or (row.type == "int" and isinstance(value, bool)):
        return False
    return row.type != "enum" or value in row.values


def beside_other(course: Course, supposed: Supposition, names: Names) -> TwoPlans:
    """The plan as it was kept beside the supposed one, made for the same day and after the same sessions. Raises as ``supposed_plan``."""
    answers = answers_on(course.patient, library_of(course), course.planned_on)
    made = supposed_plan(course, supposed.wanted, answers)
    other = names.of("stages", f"{supposed.condition.code}/{supposed.stage.code}")
    own = names.of("stages", f"{course.condition}/{course.stage}")
    lead = _("The plan as it is kept, beside the plan that this patient would have by the other protocol, on the same day.")
    if supposed.condition.code != course.condition:
        own, other = (names.of("conditions", code) for code in (course.condition, supposed.condition.code))
    return TwoPlans(stored(course), made, (own, other), lead)
