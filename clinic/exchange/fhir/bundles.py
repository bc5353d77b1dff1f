"""Bundles: all resources about one course, or about one patient, checked before anybody gets them."""

from datetime import datetime

from django.conf import settings
from django.utils.translation import get_language

from clinic.courses.models import Course
from clinic.exchange.fhir.agreed import consents
from clinic.exchange.fhir.checking import checked
from clinic.exchange.fhir.dates import appointments, other_appointment
from clinic.exchange.fhir.frame import Fields, Frame, told
from clinic.exchange.fhir.given import procedures
from clinic.exchange.fhir.measured import observations
from clinic.exchange.fhir.orders import referral, signed_plan
from clinic.exchange.fhir.people import organization, patient, practitioner, practitioner_role
from clinic.exchange.fhir.plans import care_plan, condition
from clinic.exchange.fhir.stories import CourseStory, PatientStory, Words, course_story, patient_story, referrals_behind, staffed
from clinic.staff.models import Clinic
from patients.models import Patient
from protocols.editions.queries import library_in_force, names_in_force
from protocols.method.names import ENGLISH


def course_bundle(course: Course, *, at: datetime) -> Fields:
    """One course with everything it refers to, as a FHIR R4B bundle: a dict that ``json.dumps`` writes.

    ``at`` (aware) is when it is said to be made; the same course, moment and language give the same bundle. Raises ``NotFhir``.
    """
    story = PatientStory(course.patient, (course_story(course),), referrals_behind(course))
    return _bundle(story, at=at)


def patient_bundle(patient: Patient, *, at: datetime) -> Fields:
    """One patient with all courses, referrals and appointments, as a FHIR R4B bundle. The same promises as for a course."""
    return _bundle(patient_story(patient), at=at)


def frame_of(clinic: Clinic, *, at: datetime) -> Frame:
    """What resources of this clinic are told with, in the language in force."""
    return Frame(settings.PUBLIC_URL, clinic.zone, get_language() or ENGLISH, at)


def _bundle(story: PatientStory, *, at: datetime) -> Fields:
    frame = frame_of(story.clinic, at=at)
    resources = [
        patient(story.patient, frame),
        organization(story.clinic, frame),
        *_staff(story, frame),
        *(made for course in story.courses for made in _of_course(course, frame)),
        *_referrals(story, frame),
        *(other_appointment(booking, story.patient, frame) for booking in story.bookings),
    ]
    made: Fields = told(
        {
            "resourceType": "Bundle",
            "id": frame.uuid(f"bundle:{story.patient.pk}:{','.join(str(each.course.pk) for each in story.courses)}:{at.isoformat()}"),
            "meta": {"source": frame.source},
            "language": frame.language,
            "type": "collection",
            "timestamp": frame.moment(at),
            "entry": [{"fullUrl": f"urn:uuid:{each['id']}", "resource": each} for each in resources],
        }
    )
    return checked(made)


def _staff(story: PatientStory, frame: Frame) -> list[Fields]:
    members = staffed(story.clinic, story.people().values())
    return [made for each in members for made in (practitioner(each, frame), practitioner_role(each, story.clinic, frame))]


def _of_course(story: CourseStory, frame: Frame) -> list[Fields]:
    signature = story.course.signature
    return [
        condition(story, frame),
        care_plan(story, frame),
        *([signed_plan(story, signature, frame)] if signature else []),
        *appointments(story, frame),
        *procedures(story, frame),
        *observations(story, frame),
        *consents(story, frame),
    ]


def _referrals(story: PatientStory, frame: Frame) -> list[Fields]:
    """Each referral in the words of the course that was planned under it; others in those that the clinic works with."""
    if not story.referrals:
        return []
    in_force = Words(library_in_force(story.clinic), names_in_force(story.clinic, frame.language))
    own = {each.course.referral_id: each.words for each in story.courses}
    return [referral(paper, own.get(paper.pk, in_force), frame) for paper in story.referrals]
