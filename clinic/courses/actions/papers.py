"""A plan that a doctor without an account signed on paper: recorded with its scan, in force, and labelled as weaker for ever."""

from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from clinic.audit.actions import record
from clinic.courses.actions.moving import Why, change_state, deny, finish_if_all_given, locked_course
from clinic.courses.models import Course
from clinic.courses.permissions import check_can_plan
from clinic.courses.queries import screening_of
from clinic.courses.sign_off_gates import news_hindrances
from clinic.courses.signed_content import course_content
from clinic.courses.states import CourseState
from clinic.signing.actions import record_paper
from clinic.staff.permissions import ActionDenied, Actor
from patients.actions.files import KeptFile
from patients.models import Attachment
from protocols.method.vocabulary import Outcome

PRINTED = 12  # characters of the plan's digest that stand on the print


@dataclass(frozen=True, slots=True)
class SignedPrint:
    """What stands on the paper: who signed and when, and the digest that the print carries."""

    doctor: str
    licence: str
    signed_on: date
    fingerprint: str
    file: KeptFile


@transaction.atomic
def record_signed_print(*, course: Course, paper: SignedPrint, on: date, version: int, actor: Actor) -> Course:
    """The printed plan came back signed by an outside doctor: the course is signed, or goes on when it was begun.

    Denied when the paper is of another version of the plan, when findings still wait for a doctor's document or something new was
    found, without a name, and for a day ahead. Raises ``StaleCourse`` when the course was changed since ``version``.
    """
    check_can_plan(actor)
    locked = locked_course(course, version)
    if locked.state != CourseState.AWAITING:
        raise ActionDenied(_("This plan does not wait for a signature any more. Open its page again."))
    _check_print(locked, paper.fingerprint)
    _check_other(locked, paper.doctor)
    screening = screening_of(locked)
    if screening.outcome >= Outcome.DOCTOR or screening.stage_barred is not None:
        raise ActionDenied(_("Findings of this plan wait for a doctor. Record the doctor's document first, and plan again."))
    deny(news_hindrances(locked, on))
    said = {"outside_name": paper.doctor, "outside_licence": paper.licence, "signed_on": paper.signed_on}
    digest = paper.file.upload.sha256
    locked.signature = record_paper(content=course_content(locked), note="", actor=actor, file_digest=digest, **said)  # type: ignore[arg-type]
    _keep_scan(locked, paper.file, actor)
    state = CourseState.SIGNED if locked.started_on is None else CourseState.RUNNING
    note = _("Signed on paper by %(name)s.") % {"name": paper.doctor}
    why = Why(note=note, details={"signature": locked.signature.pk, "on_paper": True}, verb="recorded-signed-plan")
    change_state(locked, state, on=on, actor=actor, why=why)
    finish_if_all_given(locked, on=on, actor=actor)
    return locked


def _check_print(locked: Course, fingerprint: str) -> None:
    sent, now = "".join(fingerprint.split()).lower(), locked.digest[:PRINTED]
    if sent != now:
        about = {"paper": sent, "now": now, "version": locked.version}
        raise ActionDenied(
            _("The paper is of plan %(paper)s, and this course is plan %(now)s now, version %(version)s. What was signed is another plan: "
              "print this one and have it signed.") % about
        )  # fmt: skip


def _check_other(locked: Course, doctor: str) -> None:
    """Nobody signs a plan of one's own on paper either (trust.md H10)."""
    own = {_bare(person.full_name) for person in (locked.planned_by, locked.therapist) if person}
    if _bare(doctor) in own:
        raise ActionDenied(_("Whoever planned or gives this course cannot sign it, on paper neither. Another doctor has to sign it."))


def _bare(name: str) -> frozenset[str]:
    """The words of a name in any order, without a title."""
    return frozenset(name.casefold().replace(".", " ").replace(",", " ").split()) - {"dr", "др", "prof", "проф"}


def _keep_scan(locked: Course, file: KeptFile, actor: Actor) -> None:
    upload = file.upload
    scan = Attachment.objects.create(
        patient=locked.patient, name=upload.name, content_type=upload.content_type, size=len(upload.content),
        sha256=upload.sha256, stored_as=file.stored_as, uploaded_by=actor.user,
    )  # fmt: skip
    said = {"patient": locked.patient_id, "course": locked.pk, "sha256": upload.sha256, "bytes": len(upload.content)}
    record(actor=actor, verb="attached-file", subject=scan, details=said)
