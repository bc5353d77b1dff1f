"""What a record means for the next session: what the patient says of the next day, who has read a reaction, what is made of a proposal."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from clinic.audit.actions import record as audit
from clinic.courses.actions.moving import locked_course
from clinic.courses.actions.planning import replan
from clinic.courses.actions.reviewing import ask_doctor_when_needed
from clinic.courses.models import Acknowledgement, AdaptationChoice, Course, NextDay, SessionRecord
from clinic.courses.permissions import check_can_plan
from clinic.courses.pinned import library_of
from clinic.courses.proposals import is_bad, proposal_for, reaction_digest
from clinic.courses.queries import request_of
from clinic.courses.states import AnswerSource, ChoiceReason, CourseState, SessionState
from clinic.staff.permissions import ActionDenied, Actor
from protocols.method.answers import Faults
from protocols.method.deciding import decide
from protocols.method.plans import Adaptation, UnsafePlan
from protocols.method.storage import plan_digest, plan_to_json

PLANNED_ANEW: Final = (CourseState.RUNNING, CourseState.SUSPENDED)


@dataclass(frozen=True, slots=True)
class NextDaySaid:
    """What the patient says of the day after a session: pain 0-10 (0 is none), two facts, words; None where nobody asked."""

    pain: int | None = None
    has_skin_or_swelling: bool | None = None
    slept_worse_or_headache: bool | None = None
    note: str = ""
    source: str = AnswerSource.ASKED

    @property
    def is_empty(self) -> bool:
        """Whether nothing was answered."""
        return (self.pain, self.has_skin_or_swelling, self.slept_worse_or_headache) == (None, None, None)


@transaction.atomic
def answer_next_day(*, record: SessionRecord, answer: NextDaySaid, on: date, actor: Actor) -> NextDay:
    """Keeps what the patient said of the day after a session; the newest answer to a question stands. Sent twice it is kept once.

    What is left to give is planned anew at once where today's questions were asked already. Denied without an answer, and before the
    day after the session.
    """
    check_can_plan(actor)
    return _keep_next_day(record, answer, on=on, actor=actor)


@transaction.atomic
def answer_by_link(*, record: SessionRecord, pain: int, on: date) -> NextDay:
    """Keeps the pain (0 none to 10) that the patient told by the link of a message; it counts like an answer that staff wrote down.

    The plan follows it in the same way. Denied for what ``answer_next_day`` denies. The link has shown who it was: there is no actor.
    """
    return _keep_next_day(record, NextDaySaid(pain=pain, source=AnswerSource.LINK), on=on, actor=None)


def _keep_next_day(record: SessionRecord, answer: NextDaySaid, *, on: date, actor: Actor | None) -> NextDay:
    locked = locked_course(record.session.course)
    if answer.source not in AnswerSource.values or (answer.pain is not None and not 0 <= answer.pain <= 10):
        raise ActionDenied(_("Choose from the list."))
    if answer.is_empty:
        raise ActionDenied(_("Answer at least one of the questions."))
    if on <= record.given_on:
        raise ActionDenied(_("This is asked from the day after the session."))
    words = {
        "pain": answer.pain, "has_skin_or_swelling": answer.has_skin_or_swelling,
        "slept_worse_or_headache": answer.slept_worse_or_headache, "note": answer.note.strip(), "source": str(answer.source),
        "answered_on": on, "by": actor.user if actor else None,
    }  # fmt: skip
    newest = record.next_days.select_related("by").order_by("-pk").first()
    if newest is not None and all(getattr(newest, name) == said for name, said in words.items()):
        return newest
    made = NextDay.objects.create(record=record, **words)
    said = {"patient": locked.patient_id, "session": record.session.number, "answer": made.pk, "source": str(answer.source)}
    audit(actor=actor, verb="answered-next-day", subject=locked, details=said, clinic=locked.clinic)
    _plan_anew(locked, on=on, actor=actor)
    ask_doctor_when_needed(locked)
    return made


@transaction.atomic
def acknowledge_reaction(*, record: SessionRecord, note: str = "", seen: str | None = None, actor: Actor) -> Acknowledgement:
    """Keeps that this person has read what followed a session. Said again by the same person of the same reaction it is kept once.

    A reaction that is told later is another one and is read again. Denied where there is none, and for a page that showed another one
    (``seen``, its ``reaction_digest``; None where no page asks).
    """
    check_can_plan(actor)
    locked = locked_course(record.session.course)
    library = library_of(locked)
    if not is_bad(record, library):
        raise ActionDenied(_("No bad reaction is noted for this session."))
    what = reaction_digest(record, library)
    if seen not in (None, what):
        raise ActionDenied(_("More is known of this session by now. Read it again."))
    if (there := Acknowledgement.objects.filter(record=record, what=what, by=actor.user).first()) is not None:
        return there
    made = Acknowledgement.objects.create(record=record, what=what, note=note.strip(), by=actor.user)
    said = {"patient": locked.patient_id, "session": record.session.number, "what": what}
    audit(actor=actor, verb="acknowledged-reaction", subject=locked, details=said)
    return made


@transaction.atomic
def choose_adaptation(
    *, course: Course, wanted: Adaptation | None = None, reason: str = "", note: str = "", seen: str | None = None, actor: Actor
) -> AdaptationChoice:
    """Keeps what this person makes of today's proposal: accepted as it is (``wanted`` None), or edited.

    Less is always allowed within bounds. A soft part is let go of only with a ``ChoiceReason``. Nothing is raised, and what holds the
    course up or takes rungs off stands. What is left to give is planned anew where today's questions were asked already. Denied with
    what is not allowed, where nothing is proposed that could be accepted, and for a page that showed another proposal (``seen``, its
    digest; None where no page asks).
    """
    check_can_plan(actor)
    locked = locked_course(course)
    on = locked.clinic.today()
    found = proposal_for(locked, on)
    if not found.after or (wanted is None and found.proposal.action == "go-on" and not found.proposal.because):
        raise ActionDenied(_("Nothing is proposed for the next session."))
    if seen not in (None, plan_digest(found.proposal)):
        raise ActionDenied(_("The proposal has changed in the meantime. Look at it again."))
    if locked.state not in (*PLANNED_ANEW, CourseState.PAUSED):
        raise ActionDenied(_("This course has no session to come."))
    if reason and reason not in ChoiceReason.values:
        raise ActionDenied(_("Choose a reason."))
    if reason == ChoiceReason.OTHER and not note.strip():
        raise ActionDenied(_("Write the reason in a few words."))
    decided = decide(found.proposal, wanted or found.proposal, library_of(course), has_reason=bool(reason))
    if isinstance(decided, tuple):
        raise ActionDenied(refused_words(decided))
    is_edited = decided != found.proposal
    what = {
        "after_session": found.after, "proposal": plan_to_json(found.proposal), "chosen": plan_to_json(decided), "is_edited": is_edited,
        "reason": str(reason or ChoiceReason.CAUTION) if is_edited else "", "note": note.strip(), "by": actor.user,
    }  # fmt: skip
    newest = locked.adaptation_choices.select_related("by").order_by("-pk").first()
    if newest is not None and all(getattr(newest, name) == said for name, said in what.items()):
        return newest  # pressed twice
    made = AdaptationChoice.objects.create(course=locked, **what)
    said = {"patient": locked.patient_id, "session": found.after, "edited": is_edited, "reason": str(made.reason)}
    audit(actor=actor, verb="chose-adaptation", subject=locked, details=said)
    _plan_anew(locked, on=on, actor=actor)
    return made


def refused_words(codes: tuple[str, ...]) -> str:
    """Why an edit of a proposal is refused, in sentences."""
    return " ".join(str(_REFUSED[code]()) for code in codes)


_REFUSED: Final = {
    "held-up": lambda: _("What holds the course up is not edited here: a doctor decides."),
    "rungs": lambda: _("The steps down the dose ladder after a reaction or missed days stand."),
    "gap": lambda: _("After missed days the load of the last session is repeated."),
    "pressure": lambda: _("The pressure of a session can be lowered by one or two levels."),
    "zone": lambda: _("The pressure of a zone can be lowered by one or two levels."),
    "minutes": lambda: _("The minutes can be lowered to a half, and are never raised."),
    "technique": lambda: _("A technique that is left out stays out."),
    "repeat": lambda: _("Only the load of the last session is repeated."),
    "needs-reason": lambda: _("Choose a reason: a part of the proposal is let go of."),
}


def _plan_anew(locked: Course, *, on: date, actor: Actor | None) -> None:
    """The sessions to come under what is known now, where today's questions were asked; a session that is being given stays as it is.

    It stays the plan of whoever made it. Without today's answers it is planned when they are asked. What was said is kept even where
    the record makes no plan any more: the gates of the next session say so then.
    """
    if locked.state not in PLANNED_ANEW or locked.planned_on != on:
        return
    in_progress = locked.sessions.filter(state=SessionState.IN_PROGRESS).exists()
    has_more = locked.sessions.filter(record=None).exists()
    if has_more and not in_progress:
        with suppress(Faults, UnsafePlan), transaction.atomic():
            replan(locked, request_of(locked), cause="felt", on=on, actor=actor, by=locked.planned_by)
