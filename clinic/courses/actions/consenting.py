"""What the patient agrees to and takes back: a sheet signed on the screen or on paper, and its withdrawal, whole or for zones."""

from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from clinic.audit.actions import record
from clinic.courses.actions.moving import Why, change_state, locked_course
from clinic.courses.actions.screening import SUSPENDED_BY_A_FINDING
from clinic.courses.consent_sheet import Sheet, sheet_of
from clinic.courses.consents import covered_by, is_a_drawing, newest_consent, taken_back, takes_consent, who_may_agree
from clinic.courses.models import Consent, ConsentWithdrawal, Course
from clinic.courses.permissions import check_can_plan
from clinic.courses.pinned import library_of
from clinic.courses.planning import leaves_of
from clinic.courses.queries import has_withdrawn_all_consent
from clinic.courses.states import CourseReason, CourseState
from clinic.staff.permissions import ActionDenied, Actor
from patients.changes import has_changed, hold
from protocols.method.places import Place


class StaleConsent(ActionDenied):
    """The plan changed while the sheet was being read: what was read is not what would be signed."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """A sheet that was read and agreed to: ``seen`` is its digest, ``again`` the places on it that the patient allows once more."""

    seen: str
    by_name: str
    given_as: str
    way: str = Consent.Way.SCREEN
    drawing: str = ""
    again: tuple[Place, ...] = ()


def sheet_to_read(course: Course, again: tuple[Place, ...] = ()) -> Sheet:
    """The sheet of the course as it would be agreed to now. Of ``again`` counts what was really taken back."""
    barred = taken_back(course)
    return sheet_of(course, again=tuple(sorted(leaves_of(again, library_of(course).tree) & barred)), barred=barred)


@transaction.atomic
def give_consent(*, course: Course, agreement: Agreement, on: date, actor: Actor) -> Consent:
    """Keeps that the patient, or who answers for the patient, agreed to exactly the sheet that was read.

    Raises ``StaleConsent`` when the plan has made another sheet of it meanwhile, ``ActionDenied`` for whoever may not agree. The same
    sheet agreed to twice by the same person on a day is one consent.
    """
    check_can_plan(actor)
    hold(course.patient)
    locked = locked_course(course)
    sheet = sheet_to_read(locked, agreement.again)
    _check_sheet(locked, sheet, agreement)
    _check_person(locked, agreement, on)
    if (before := _same(locked, sheet, agreement, on)) is not None:
        return before
    barred = taken_back(locked)
    consent = Consent.objects.create(
        course=locked, course_version=locked.version, course_digest=locked.digest, scope=sheet.scope, sections=sheet.stored(),
        language=sheet.language, way=agreement.way, given_by_name=agreement.by_name.strip(), given_as=agreement.given_as,
        drawing=agreement.drawing, given_on=on, recorded_by=actor.user,
    )  # fmt: skip
    if taken_back(locked) != barred:
        has_changed(locked.patient, cause="consent", on=on, actor=actor)
    said = {
        "patient": locked.patient_id,
        "consent": consent.pk,
        "way": str(consent.way),
        "as": str(consent.given_as),
        "sheet": sheet.digest,
    }
    record(actor=actor, verb="recorded-consent", subject=locked, details=said)
    return consent


def _check_sheet(locked: Course, sheet: Sheet, agreement: Agreement) -> None:
    if not takes_consent(locked):
        raise ActionDenied(_("This course is over: there is nothing to agree to."))
    if sheet.digest != agreement.seen:
        raise StaleConsent(_("The plan was changed while this sheet was being read. Read what is new before you agree."))
    if sheet.is_empty:
        raise ActionDenied(_("This plan gives nothing that somebody could agree to."))
    if sheet.still_works:
        what = "; ".join(sheet.still_works)
        raise ActionDenied(_("The plan still works where consent was taken back: %(what)s. Plan again first.") % {"what": what})


def _check_person(locked: Course, agreement: Agreement, on: date) -> None:
    patient, name = locked.patient, agreement.by_name.strip()
    if agreement.given_as not in who_may_agree(patient, on):
        raise ActionDenied(_("This person cannot agree for this patient."))
    if not name:
        raise ActionDenied(_("Write the name of who agrees."))
    if agreement.given_as != Consent.As.PATIENT and name.casefold() == patient.full_name.casefold():
        raise ActionDenied(_("This is the patient's own name. Write the name of who agrees for the patient."))
    if agreement.way not in Consent.Way.values:
        raise ActionDenied(_("Choose how the sheet was signed."))
    if agreement.drawing and (agreement.way != Consent.Way.SCREEN or not is_a_drawing(agreement.drawing)):
        raise ActionDenied(_("This drawing is no signature. Clear it and sign again."))


def _same(locked: Course, sheet: Sheet, agreement: Agreement, on: date) -> Consent | None:
    """The newest consent where it says just this and nothing of it was taken back: a button pressed twice."""
    newest = newest_consent(locked)
    if newest is None or newest.withdrawals.exists():
        return None
    said = (newest.sections, newest.scope, newest.given_by_name, newest.given_as, newest.way, newest.given_on)
    wanted = (sheet.stored(), sheet.scope, agreement.by_name.strip(), agreement.given_as, agreement.way, on)
    return newest if said == wanted else None


@transaction.atomic
def withdraw_consent(*, course: Course, zones: tuple[Place, ...] = (), note: str = "", on: date, actor: Actor) -> ConsentWithdrawal:
    """The patient takes back the newest consent: for these zones, or, with none, for all of it.

    A word is enough: nothing is asked of who says it. The course is screened anew at once; without any consent it is suspended.
    Raises ``ActionDenied`` where there is nothing to take back.
    """
    check_can_plan(actor)
    hold(course.patient)
    locked = locked_course(course)
    consent = newest_consent(locked)
    if not takes_consent(locked) or consent is None or has_withdrawn_all_consent(locked):
        raise ActionDenied(_("There is no consent to this course that could be taken back."))
    tree = library_of(locked).tree
    places = leaves_of(zones, tree)
    if not places <= covered_by(consent, tree).places - taken_back(locked):
        raise ActionDenied(_("Choose among the parts of the body that the patient agreed to."))
    named = [[place.zone, place.side] for place in sorted(places)]
    withdrawal = ConsentWithdrawal.objects.create(consent=consent, zones=named, note=note.strip(), withdrawn_on=on, recorded_by=actor.user)
    if not named and locked.state in SUSPENDED_BY_A_FINDING:
        why = Why(CourseReason.WISH, _("The patient has taken back consent."))
        change_state(locked, CourseState.SUSPENDED, on=on, actor=actor, why=why)
    has_changed(locked.patient, cause="consent", on=on, actor=actor)
    said = {"patient": locked.patient_id, "consent": consent.pk, "zones": [f"{zone} {side}" for zone, side in named]}
    record(actor=actor, verb="withdrew-consent", subject=locked, details=said)
    return withdrawal
