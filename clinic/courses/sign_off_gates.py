"""What keeps a plan from being sent to the doctor, and what keeps a doctor from signing it."""

from collections.abc import Mapping
from datetime import date
from typing import Final

from django.utils.translation import gettext as _

from clinic.courses.gates import Hindrance, barred_words, forbidden_for_good, referral_stands, setting_today
from clinic.courses.models import Course, ScreeningRecord
from clinic.courses.pinned import names_of
from clinic.courses.queries import kept_screening, screening_of, sessions_to_come
from clinic.courses.screenings import Difference, difference
from clinic.staff.permissions import Actor
from patients.documents import REFERRAL_AGE
from protocols.method.answers import Faults
from protocols.method.findings import Finding
from protocols.method.vocabulary import Outcome

OF_THE_DAY: Final = ("today.", "consent.")  # how the codes of facts begin that are asked before each session
OF_A_PLAN: Final = ("planned", "replanned", "edited", "edition", "day", "felt")  # causes of a screening that a plan was made from


def submitting_hindrances(course: Course) -> tuple[Hindrance, ...]:
    """Why this plan is nothing that a doctor could sign. What a doctor must decide is no such reason: it is what the doctor is for."""
    screening = screening_of(course)
    if screening.stage_barred is not None:
        return (Hindrance("screening", _("This stage is not massaged: no signature changes that.")),)
    if screening.outcome > Outcome.DOCTOR:
        worst = barred_words(course, (finding.rule for finding in screening.findings if finding.outcome > Outcome.DOCTOR))
        return (Hindrance("screening", _("No doctor can sign this plan now: %(what)s.") % {"what": "; ".join(worst)}),)
    unanswered = {obstacle.code for obstacle in screening.obstacles if obstacle.kind == "fact"}
    if unanswered - {REFERRAL_AGE}:
        return (Hindrance("day", _open_questions(course, unanswered - {REFERRAL_AGE})),)
    if unanswered:  # how old a referral is that nobody has written is no question to the patient
        sentence = _("The referral comes first. Once the doctor has signed it, ask today's questions again, so that the plan takes it in.")
        return (Hindrance("referral-missing", sentence),)
    if not any(session.rows for session in sessions_to_come(course)):
        return (Hindrance("plan", _("Nothing is left to give in this plan.")),)
    # Nobody signs a plan that could not be given afterwards, because it goes beyond the referral.
    return tuple(Hindrance("referral", sentence) for sentence in referral_stands(course, course.planned_on))


def _open_questions(course: Course, unanswered: set[str]) -> str:
    """What to do about them. They leave zones out: the plan of a day on which they are answered would be larger than the signed one."""
    if any(code.startswith(OF_THE_DAY) for code in unanswered):
        return _("Answer all open questions first: a plan made with open questions is smaller than the real one.")
    names = names_of(course)
    what = "; ".join(names.of("facts", code, "question") for code in sorted(unanswered))
    # True before and after the answer: the plan alone does not tell whether it was given since.
    return _("Open when this plan was made: %(what)s Once it is answered, ask today's questions again, so that the plan takes it in.") % {
        "what": what
    }


def news_hindrances(course: Course, on: date) -> tuple[Hindrance, ...]:
    """What was found since the plan was made: it must be planned again before anybody signs it."""
    try:
        found = difference(screening_of(course), setting_today(course, on).screening).new
    except Faults:
        return (Hindrance("knowledge", _("What the record says no longer makes a plan. Open the plan again and mend what it names.")),)
    if not found:
        return tuple(Hindrance("edition", sentence) for sentence in forbidden_for_good(course, on))
    what = "; ".join(barred_words(course, (finding.rule for finding in found)))
    return (Hindrance("knowledge", _("Found since this plan was made: %(what)s. Plan again first.") % {"what": what}),)


def signing_hindrances(course: Course, actor: Actor, on: date) -> tuple[Hindrance, ...]:
    """Why this doctor cannot sign this plan now. Nobody signs a plan of one's own (trust.md H10)."""
    if is_own(course, actor):
        return (Hindrance("self", _("You planned or give this course, so another doctor has to sign it. Ask a colleague.")),)
    screening = screening_of(course)
    if screening.outcome >= Outcome.DOCTOR or screening.stage_barred is not None:
        open_still = barred_words(course, (finding.rule for finding in undecided(course))) or (_("a document is missing"),)
        sentence = _("Decide first about what waits for a doctor: %(what)s.") % {"what": "; ".join(open_still)}
        return (Hindrance("screening", sentence),)
    return news_hindrances(course, on)


def is_own(course: Course, actor: Actor) -> bool:
    """Whether the actor planned the course or gives it."""
    return actor.user.pk in (course.planned_by_id, course.therapist_id)


def undecided(course: Course) -> tuple[Finding, ...]:
    """The findings of the plan that wait for a doctor."""
    return tuple(finding for finding in screening_of(course).findings if finding.outcome >= Outcome.DOCTOR)


def answerable_findings(course: Course) -> Mapping[str, str]:
    """Rules of the plan's findings that a doctor's document lifts, with the kind of that document."""
    return {finding.rule: finding.may_be_lifted_by for finding in undecided(course) if finding.may_be_lifted_by}


def news_of(course: Course, newest: ScreeningRecord | None) -> Difference | None:
    """What changed from the screening of the plan to the newest one that was kept; None when nothing was found or passed."""
    if newest is None or newest.cause in OF_A_PLAN:
        return None
    found = difference(screening_of(course), kept_screening(newest))
    return found if found.new or found.gone or found.changed else None
