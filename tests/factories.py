"""Things that tests need, each by one keyword-only function. What a test does not name is made up and valid."""

import time
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from itertools import count
from typing import Any

from django.utils import timezone

from clinic.courses.actions import plan_course, sign_course_for_demo, start_course, submit_course
from clinic.courses.demo_days import agree, ask_quiet_day
from clinic.courses.gates import is_therapeutic
from clinic.courses.models import Course, Session, SessionRecord
from clinic.courses.planning import CourseRequest
from clinic.courses.states import SessionState
from clinic.staff.inviting import Invitee, invite_staff
from clinic.staff.models import Clinic, Invitation, RecordAccess, Role, StaffRole, User
from clinic.staff.permissions import Actor
from patients.actions import complete_intake, keep_filled_in, keep_intake_draft, make_intake_link, record_document, submit_intake
from patients.models import Document, Intake, Patient
from patients.queries import digest_of_answers, person
from patients.questionnaire import NORMAL_REPLY, Reply, facts_to_ask, gate_questions
from protocols.shelf import shipped_library
from tests.method.cases import required_inputs

PASSWORD = "correct horse battery staple"
_numbers = count(1)


def a_clinic(
    *, name: str = "", time_zone: str = "Europe/Berlin", language: str = "en", record_access: str = RecordAccess.EVERY_TREATER
) -> Clinic:
    """A clinic without staff. All who treat may open its records; tests of the care of a patient say ``RecordAccess.CARE_TEAM``."""
    fields = {"time_zone": time_zone, "country": "DE", "language": language, "record_access": record_access}
    return Clinic.objects.create(name=name or f"Clinic {next(_numbers)}", **fields)


def a_user(*, email: str = "", full_name: str = "", password: str = PASSWORD, is_active: bool = True, language: str = "en") -> User:
    """A person without any role."""
    number = next(_numbers)
    return User.objects.create_user(
        email or f"person-{number}@clinic.test",
        password,
        full_name=full_name or f"Person {number}",
        is_active=is_active,
        language=language,
    )


def proof_of(user: User) -> dict[str, Any]:
    """What a session holds once its person has said the password again a moment ago: pages that ask for it (``identity_proved``) open."""
    record = {"method": "password", "at": time.time(), "reauthenticated": True}
    return {"account_authentication_methods": [record], "account_authentication_methods_user": str(user.pk)}


def a_member(*, clinic: Clinic, roles: Iterable[str] = (Role.THERAPIST,), user: User | None = None, full_name: str = "") -> User:
    """Somebody with these roles at this clinic."""
    user = user or a_user(full_name=full_name)
    StaffRole.objects.bulk_create(StaffRole(user=user, clinic=clinic, role=role) for role in roles)
    return user


def an_actor(*, clinic: Clinic | None = None, roles: Iterable[str] = (Role.THERAPIST,), user: User | None = None) -> Actor:
    """Somebody acting at a clinic, for tests of actions."""
    clinic = clinic or a_clinic()
    roles = tuple(roles)
    return Actor(a_member(clinic=clinic, roles=roles, user=user), clinic, frozenset(str(role) for role in roles))


def an_invitation(
    *, clinic: Clinic, email: str = "", full_name: str = "", actor: Actor | None = None, **more: Any
) -> tuple[Invitation, str]:
    """Somebody invited by an administrator of the clinic, and the secret of the link."""
    number = next(_numbers)
    invitee = Invitee(email or f"guest-{number}@clinic.test", full_name or f"Guest {number}", **{"roles": [Role.THERAPIST], **more})
    return invite_staff(clinic=clinic, invitee=invitee, actor=actor or an_actor(clinic=clinic, roles=(Role.ADMIN,)))


def _free_card(clinic: Clinic) -> str:
    """A number that nobody has: those registered by the product count on from ours."""
    taken = frozenset(clinic.patients.values_list("card_number", flat=True))
    return next(str(number) for number in _numbers if str(number) not in taken)


def a_patient(*, clinic: Clinic | None = None, family_name: str = "Weber", born_on: date = date(1980, 5, 17), **fields: Any) -> Patient:
    """A grown woman on the register of a clinic."""
    clinic = clinic or a_clinic()
    number = {} if "card_number" in fields else {"card_number": _free_card(clinic)}
    details = {"given_name": "Anna", "sex": "female"} | number | fields
    registered_by = details.pop("registered_by", None) or a_user()
    return Patient.objects.create(clinic=clinic, family_name=family_name, born_on=born_on, registered_by=registered_by, **details)


def a_begun_intake(*, patient: Patient, gate: dict[str, str] | None = None) -> Intake:
    """An intake form with yes to every first question, so that details are asked."""
    answers = gate or {question.code: "yes" for question in shipped_library().intake.gate}
    return Intake.objects.create(patient=patient, gate=answers, edition=shipped_library().edition, started_by=patient.registered_by)


def an_intake(
    *,
    patient: Patient,
    actor: Actor,
    gate: Mapping[str, str] | None = None,
    replies: Mapping[str, Reply] | None = None,
    on: date | None = None,
) -> Intake:
    """A completed form: "no" to everything that is asked, but for the gate answers and replies named."""
    library, day = shipped_library(), on or a_day_at(patient.clinic)
    who, given = person(patient, day), dict(replies or {})
    answers = {question.code: "no" for question in gate_questions(library, who)} | dict(gate or {})
    while missing := [code for code in facts_to_ask(library, who, answers, given) if code not in given]:
        given |= dict.fromkeys(missing, NORMAL_REPLY)
    draft = keep_intake_draft(patient=patient, gate=answers, replies=given, edition=library.edition, given_by="patient", actor=actor)
    return complete_intake(intake=draft, library=library, asked=[], given_by="patient", on=day, actor=actor)


def a_document(
    *, patient: Patient, kind: str = "cardiologist-note", rules: Iterable[str] = (), age_days: int = 0, actor: Actor | None = None
) -> Document:
    """A doctor's document recorded by the action that pages use, issued ``age_days`` before the clinic's day."""
    day, actor = a_day_at(patient.clinic), actor or an_actor(clinic=patient.clinic)
    issued_on = day - timedelta(days=age_days)
    return record_document(patient=patient, kind=kind, issued_on=issued_on, issued_by="Dr Issuer", rules=rules, on=day, actor=actor)


def a_referral(*, patient: Patient, age_days: int = 0, actor: Actor | None = None) -> Document:
    """A referral, which every therapeutic course needs."""
    return a_document(patient=patient, kind="doctor-referral", age_days=age_days, actor=actor)


def a_course(
    *,
    patient: Patient | None = None,
    actor: Actor | None = None,
    condition: str = "neck-collar",
    stage: str = "calming",
    inputs: Mapping[str, Any] | None = None,
    count: int = 10,
) -> Course:
    """A draft course, planned today by the action that pages use; without inputs the needed ones are made up."""
    entry = shipped_library().conditions[condition]
    patient = patient or a_patient(clinic=actor.clinic if actor else None)
    actor = actor or an_actor(clinic=patient.clinic)
    answered = required_inputs(entry, entry.stages[stage]) if inputs is None else inputs
    wanted = CourseRequest(condition, stage, count, answered)
    return plan_course(patient=patient, wanted=wanted, on=a_day_at(patient.clinic), actor=actor)


def a_course_that_may_start(*, patient: Patient | None = None, actor: Actor | None = None, count: int = 10, **plan: Any) -> Course:
    """A draft planned today for somebody with a completed intake, a referral, nothing new today and consent to the plan."""
    patient = patient or a_patient(clinic=actor.clinic if actor else None)
    actor = actor or an_actor(clinic=patient.clinic)
    an_intake(patient=patient, actor=actor)
    a_referral(patient=patient, actor=actor)
    course = ask_today(a_course(patient=patient, actor=actor, count=count, **plan), actor=actor)
    agree(course, on=course.planned_on, actor=actor)
    return course


def ask_today(course: Course, *, actor: Actor) -> Course:
    """Today's questions answered with nothing new."""
    return ask_quiet_day(course, on=a_day_at(course.clinic), actor=actor)


def a_doctor(*, clinic: Clinic, full_name: str = "") -> Actor:
    """Somebody who may sign at this clinic."""
    return Actor(a_member(clinic=clinic, roles=(Role.DOCTOR,), full_name=full_name), clinic, frozenset({str(Role.DOCTOR)}))


def signed(course: Course, *, actor: Actor, doctor: Actor | None = None) -> Course:
    """The plan sent to a doctor and signed, as the demo signs."""
    course = submit_course(course=course, on=course.planned_on, version=course.version, actor=actor)
    return sign_course_for_demo(course=course, on=course.planned_on, actor=doctor or a_doctor(clinic=course.clinic))


def a_signed_course(*, actor: Actor, doctor: Actor | None = None, **plan: Any) -> Course:
    """A course planned today that a doctor has signed, with nothing in its way; a preventive one needs no signature and has none."""
    course = a_course_that_may_start(actor=actor, **plan)
    return signed(course, actor=actor, doctor=doctor) if is_therapeutic(course) else course


def a_running_course(*, actor: Actor, count: int = 10, given: int = 0, **plan: Any) -> Course:
    """A course signed and begun today; ``given`` sessions were given on the days before."""
    course = a_signed_course(actor=actor, count=count, **plan)
    course = start_course(course=course, on=course.planned_on, version=course.version, actor=actor)
    for session in course.sessions.filter(number__lte=given):
        day = course.planned_on - timedelta(days=given + 1 - session.number)
        SessionRecord.objects.create(session=session, given_on=day, recorded_at=timezone.now(), recorded_by=actor.user)
        Session.objects.filter(pk=session.pk).update(state=SessionState.DONE)
    return course


def a_day_at(clinic: Clinic) -> date:
    """Today at that clinic."""
    return clinic.today()


def an_intake_link(*, patient: Patient, actor: Actor | None = None, channel: str = "link") -> str:
    """The secret of a link by which the patient can fill in the form."""
    actor = actor or an_actor(clinic=patient.clinic)
    return make_intake_link(patient=patient, channel=channel, actor=actor)[1]


def a_sent_intake(
    *, patient: Patient, gate: Mapping[str, str] | None = None, replies: Mapping[str, Reply] | None = None, actor: Actor | None = None
) -> Intake:
    """A form that the patient has filled in alone and sent: "no" to everything that is asked, but for what is named."""
    library, token = shipped_library(), an_intake_link(patient=patient, actor=actor)
    who, given = person(patient, a_day_at(patient.clinic)), dict(replies or {})
    answers = {question.code: "no" for question in gate_questions(library, who, alone=True)} | dict(gate or {})
    while missing := [code for code in facts_to_ask(library, who, answers, given, alone=True) if code not in given]:
        given |= dict.fromkeys(missing, NORMAL_REPLY)
    draft = keep_filled_in(token=token, gate=answers, replies=given)
    asked = [{"part": "question", "question": "canary-in-a-question", "answer": "No", "by": "link"}]
    return submit_intake(token=token, seen=digest_of_answers(draft), asked=asked, given_by="patient")
