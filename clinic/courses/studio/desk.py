"""The desk: one plan as somebody is changing it, with everything that the pages of the studio show and the acts are checked by."""

from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

from clinic.courses.models import Course, StudioDraft
from clinic.courses.planning import CourseRequest
from clinic.courses.studio.acts import Act, acts_from_json, counted, fold
from clinic.courses.studio.ground import Ground, ground_of
from protocols.method.editing import DoseBounds, EditedCourse, SetAside, SoftRule
from protocols.method.edits import Edits, edits_from_json
from protocols.method.findings import Screening
from protocols.method.planning import PlannedCourse
from protocols.method.plans import SessionPlan
from protocols.method.setting import Setting


@dataclass(frozen=True)
class Desk:
    """What somebody sees who changes a plan by hand. Nothing of it is kept but the draft.

    ``wanted`` is the request of the course with the edits of the draft, ``made`` the plan that comes of it today, ``ground`` what no
    act changes. ``draft`` is the person's own, ``others`` are those of other people; both may be missing.
    """

    course: Course
    draft: StudioDraft | None
    wanted: CourseRequest
    made: PlannedCourse
    on: date
    ground: Ground
    others: tuple[StudioDraft, ...] = ()

    @property
    def standing(self) -> Edits:
        """The edits that the course stands with."""
        return self.ground.request.edits

    @property
    def stored(self) -> tuple[SessionPlan, ...]:
        """The sessions as they stand in the course."""
        return self.ground.stored

    @property
    def begun(self) -> int:
        """How many sessions were given or are being given."""
        return self.ground.begun

    @property
    def setting(self) -> Setting:
        """What the plan is made from: library, condition, stage, inputs, today's screening."""
        return self.made.setting

    @property
    def screening(self) -> Screening:
        """Today's screening."""
        return self.made.screening

    @property
    def edits(self) -> Edits:
        """Everything changed by hand, this draft's changes included."""
        return self.wanted.edits

    @property
    def edited(self) -> EditedCourse | None:
        """What the edits came to; None where nothing is planned that could be edited."""
        return self.made.edited

    @property
    def version(self) -> int:
        """The version of the draft that a page sends with an act; 0 before the first act."""
        return self.draft.version if self.draft else 0

    @property
    def is_changed(self) -> bool:
        """Whether there is anything to keep or to drop."""
        return self.draft is not None and (self.draft.position > 0)

    @property
    def is_stale(self) -> bool:
        """Whether the course was changed since the draft was begun, so that somebody has to choose first."""
        return self.is_changed and self.draft is not None and self.draft.base_version != self.course.version

    @property
    def can_undo(self) -> bool:
        return self.draft is not None and self.draft.position > 0

    @property
    def can_redo(self) -> bool:
        return self.draft is not None and self.draft.position < len(self.draft.acts)

    @property
    def first_to_come(self) -> int:
        """The number of the first session that can still be changed; one more than there are when all are over."""
        return self.begun + 1

    @cached_property
    def sessions(self) -> tuple[SessionPlan, ...]:
        """Every session: those begun as they were planned then, those to come as they would be given with these edits."""
        return self.stored[: self.begun] + self.made.sessions[self.begun :]

    @cached_property
    def built(self) -> tuple[SessionPlan, ...]:
        """The same as the protocol itself would have them today."""
        return self.stored[: self.begun] + (self.edited.built if self.edited else self.made.sessions)[self.begun :]

    @property
    def curve(self) -> tuple[DoseBounds, ...]:
        """The bounds of the dose, session by session; empty where nothing is planned."""
        return self.edited.curve if self.edited else ()

    @cached_property
    def soft(self) -> tuple[SoftRule, ...]:
        """Every soft rule that a session to come breaks."""
        return tuple(rule for rule in self.edited.soft if rule.session > self.begun) if self.edited else ()

    @cached_property
    def needs_reasons(self) -> tuple[SoftRule, ...]:
        """Soft rules that nobody has given a reason for, each rule once for its step, at the first session that breaks it."""
        found: dict[tuple[str, str], SoftRule] = {}
        for rule in self.soft:
            if rule.override is None:
                found.setdefault((rule.problem.code, rule.step), rule)
        return tuple(found.values())

    @cached_property
    def aside(self) -> tuple[SetAside, ...]:
        """Edits that cannot hold today in a session to come, and why; those whose step is not there have no problem to tell."""
        return tuple(each for each in self.edited.aside if each.session > self.begun) if self.edited else ()

    def session(self, number: int) -> SessionPlan:
        """The session with this number. Raises ``LookupError`` for one that the course does not have."""
        return next(session for session in self.sessions if session.number == number)


def draft_acts(draft: StudioDraft | None) -> tuple[Act, ...]:
    """The acts of a draft that count. Raises ``NotEdits`` for a draft that is not whole."""
    return counted(acts_from_json(draft.acts), draft.position) if draft else ()


def edits_of_draft(draft: StudioDraft) -> Edits:
    """What somebody's draft makes of the edits that it was begun on. Raises as ``draft_acts`` does."""
    return fold(edits_from_json(draft.base), draft_acts(draft))


def wanted_with(request: CourseRequest, draft: StudioDraft | None) -> CourseRequest:
    """The request of a course with the edits of a draft; as it stands where there is none, or nothing in it counts."""
    return replace(request, edits=edits_of_draft(draft)) if draft is not None and draft.position else request


def desk_of(
    course: Course, draft: StudioDraft | None, on: date, others: tuple[StudioDraft, ...] = (), *, ground: Ground | None = None
) -> Desk:
    """The plan of a course as this draft makes it on that day; nothing is written.

    Raises ``Faults`` where the record no longer fits the course, ``UnsafePlan`` where nothing can be planned, and ``NotEdits`` for a
    draft that is not whole.
    """
    ground = ground or ground_of(course, on)
    wanted = wanted_with(ground.request, draft)
    return Desk(course, draft, wanted, ground.plan(wanted.edits), on, ground, others)
