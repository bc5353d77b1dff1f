"""Where the walks take place: one clinic, made once; three courses from which walks set out; a clock that only the walk moves."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Final
from unittest.mock import patch

from django.conf import settings
from django.core import signing
from django.utils import timezone

from clinic.courses import planning
from clinic.courses.actions import Word, plan_course, start_course, submit_course
from clinic.courses.actions.signing_off import sign_course
from clinic.courses.demo_days import agree, ask_quiet_day, close_intake, start_intake
from clinic.courses.models import Course
from clinic.courses.planning import CourseRequest
from clinic.courses.queries import WITH_A_COURSE
from clinic.courses.signed_content import course_content
from clinic.signing.content import digest
from clinic.signing.intents import SALT, Proof
from clinic.signing.models import Method
from clinic.staff.actions import add_staff, create_clinic
from clinic.staff.models import Clinic, Role
from clinic.staff.permissions import Actor
from patients.actions import record_document, register_patient
from patients.models import Patient

FIRST_DAY: Final = date(2026, 3, 2)  # a Monday
SESSIONS: Final = 5
THERAPEUTIC: Final = CourseRequest("neck-collar", "calming", SESSIONS, {"main_complaint": "poor-sleep", "arousal_goal": "calm"})
PREVENTIVE: Final = CourseRequest("preventive-massage", "physical-fatigue", SESSIONS, {"fatigue_type": "physical"})
BROWSER: Final = "of-the-proof"


@dataclass(slots=True)
class Clock:
    """The only clock while the proof runs."""

    now: datetime = field(default_factory=lambda: at_nine(FIRST_DAY))

    def __call__(self) -> datetime:
        return self.now

    @property
    def today(self) -> date:
        return self.now.date()

    def on(self, **passed: int) -> None:
        """So much time passes."""
        self.now += timedelta(**passed)

    def morning(self, nights: int) -> None:
        """So many nights later it is nine o'clock."""
        self.now = at_nine(self.today + timedelta(days=nights))


def at_nine(day: date) -> datetime:
    """Nine o'clock of the proof's clinic, whose clock is UTC."""
    return datetime.combine(day, time(9), tzinfo=timezone.get_fixed_timezone(0))


@dataclass(frozen=True, slots=True)
class Scene:
    """Who is there. ``courses`` by where a walk sets out: a draft, a course that runs, a preventive one."""

    clinic: Clinic
    therapist: Actor
    colleague: Actor
    doctor: Actor
    courses: dict[str, int]


@contextmanager
def of_its_own_time(clock: Clock) -> Iterator[None]:
    """The clock of the walk is everybody's, and a plan that was made once is made once only: the same case gives the same plan."""
    kept = lru_cache(maxsize=4096)(planning._planned.__wrapped__)  # noqa: SLF001  (the same function, remembered for longer)
    with patch.object(timezone, "now", clock), patch.object(planning, "_planned", kept):
        yield


def a_scene(clock: Clock) -> Scene:
    """The clinic, its people, and three courses, all by the actions of daily work."""
    clinic = create_clinic(name="Of the proof", time_zone="UTC", country="DE", language="en")
    therapist, colleague = (_somebody(clinic, name, Role.THERAPIST) for name in ("Thea Proof", "Theo Proof"))
    doctor = _somebody(clinic, "Dora Proof", Role.DOCTOR)
    scene = Scene(clinic, therapist, colleague, doctor, {})
    scene.courses["draft"] = _planned(scene, "Draft", THERAPEUTIC).pk
    scene.courses["running"] = _running(scene, _planned(scene, "Running", THERAPEUTIC), clock).pk
    scene.courses["preventive"] = _planned(scene, "Preventive", PREVENTIVE).pk
    return scene


def _somebody(clinic: Clinic, name: str, role: Role) -> Actor:
    email = f"{name.split(maxsplit=1)[0].lower()}@proof.test"
    user = add_staff(clinic=clinic, email=email, full_name=name, roles=[role], actor=None)
    return Actor(user, clinic, frozenset({str(role)}))


def _planned(scene: Scene, name: str, wanted: CourseRequest) -> Course:
    patient, actor = a_patient(scene, name), scene.therapist
    close_intake(start_intake(patient, has={}, on=FIRST_DAY, actor=actor), on=FIRST_DAY, actor=actor)
    record_document(patient=patient, kind="doctor-referral", issued_on=FIRST_DAY, issued_by="Dr Outside", on=FIRST_DAY, actor=actor)
    course = plan_course(patient=patient, wanted=wanted, on=FIRST_DAY, actor=actor)
    return ask_quiet_day(course, on=FIRST_DAY, actor=actor)


def a_patient(scene: Scene, name: str) -> Patient:
    """A grown woman on the register."""
    details = {
        "family_name": name, "given_name": "Paula", "middle_name": "", "born_on": date(1980, 5, 17), "sex": "female", "phone": "",
        "email": "", "language": "en", "guardian_name": "", "guardian_phone": "", "notes": "",
    }  # fmt: skip
    return register_patient(details=details, actor=scene.therapist)


def _running(scene: Scene, course: Course, clock: Clock) -> Course:
    agree(course, on=clock.today, actor=scene.therapist)
    course = submit_course(course=course, on=clock.today, version=course.version, actor=scene.therapist)
    course = sign_course(course=course, word=word_of(course, scene.doctor), on=clock.today, actor=scene.doctor)
    return start_course(course=course, on=clock.today, version=course.version, actor=scene.therapist)


def word_of(course: Course, doctor: Actor, note: str = "") -> Word:
    """A doctor's word on the document as it stands now: what a page that was just read sends."""
    read = Course.objects.select_related(*WITH_A_COURSE).get(pk=course.pk)
    held = {"content": digest(course_content(read)), "user": doctor.user.pk, "session": BROWSER, "nonce": _nonce()}
    return Word(signing.dumps(held, salt=SALT), Proof(Method.PASSWORD, BROWSER), note)


_turns = iter(range(10**9))


def _nonce() -> str:
    return f"{next(_turns):032x}"


def is_safe_here() -> bool:
    """Whether nobody works in this installation."""
    return not settings.IN_PRODUCTION
