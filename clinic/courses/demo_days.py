"""What happens to a patient of the demo: registered, asked, planned, asked again on the day. Only through the actions of daily work."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from django.utils import timezone

from clinic.courses.actions import (
    Felt,
    Lost,
    Why,
    acknowledge_reaction,
    answer_day_questions,
    end_course,
    lose_session,
    pause_course,
    plan_course,
    record_session,
    request_of,
    return_course,
    sign_course_for_demo,
    start_course,
    submit_course,
)
from clinic.courses.actions.after import NextDaySaid, answer_next_day
from clinic.courses.actions.consenting import Agreement, give_consent, sheet_to_read
from clinic.courses.consents import missing_consent, who_may_agree
from clinic.courses.demo_contacts import contacts_of, said_of_messages
from clinic.courses.demo_entries import DemoCourse, DemoPatient, Story
from clinic.courses.demo_referrals import refer
from clinic.courses.gates import grown_beyond_signature, is_therapeutic
from clinic.courses.given import HurtAt
from clinic.courses.models import Consent, Course, SessionRecord
from clinic.courses.pinned import library_of
from clinic.courses.planning import CourseRequest, answers_for_the_day
from clinic.courses.states import CourseReason, Reaction, SessionState, Warmth
from clinic.staff.permissions import Actor
from patients.actions import complete_intake, keep_intake_draft, note_likes, record_document, record_facts, register_patient
from patients.day import day_questions
from patients.models import Intake, Patient
from patients.queries import person
from patients.questionnaire import NO, NORMAL_REPLY, STATED, UNKNOWN_REPLY, YES, Reply, facts_to_ask, gate_questions
from patients.summary import asked_questions
from protocols.editions.queries import library_in_force, names_in_force
from protocols.method.clearances import REFERRAL
from protocols.method.library import Library
from protocols.method.places import Place

# Readings of a quiet day: facts that everybody has a number for.
READINGS: Final[Mapping[str, Any]] = {
    "today.temperature-c": 36.6, "today.systolic": 124, "today.diastolic": 78, "today.pulse": 68, "today.spo2": 98,
    "today.peak-flow-percent-best": 92, "today.glucose-mmol": 6.1, "today.pain-nrs": 2, "today.minutes-since-meal": 120,
}  # fmt: skip
FRIDAY: Final = 4
SIGNING_HOUR: Final = time(7, 40)
AGREED: Final = frozenset({"today.consent", "consent.guardian", "consent.representative"})


@dataclass(frozen=True, slots=True)
class Team:
    """Who works with the patients of the demo. ``book`` puts a session of the past on its day: course, number, day, who gives it."""

    therapist: Actor
    doctor: Actor
    book: Callable[[Course, int, date, Actor], None]


def first_day(entry: DemoPatient, on: date) -> date:
    """The day on which the patient came first."""
    return next(iter(days_given(entry, on)), on)


def seed_patient(person_of_demo: DemoPatient, *, on: date, team: Team) -> None:
    """Registers one invented patient and does what the entry says was done."""
    actor = team.therapist
    patient = register_patient(details=_details(person_of_demo, on), messages=said_of_messages(person_of_demo), actor=actor)
    if person_of_demo.likes:
        note_likes(patient=patient, text=person_of_demo.likes, actor=actor)
    if person_of_demo.intake == "none":
        return
    days = days_given(person_of_demo, on)
    first = days[0] if days else on
    draft = start_intake(patient, has=person_of_demo.has, unknown=person_of_demo.unknown, on=first, actor=actor)
    if person_of_demo.intake == "completed":
        close_intake(draft, on=first, actor=actor)
    refer(patient, person_of_demo, on=first, therapist=actor, doctor=team.doctor)
    _file_papers(patient, person_of_demo, on=first, actor=actor)
    if person_of_demo.course:
        course = plan(patient, person_of_demo.course, on=first, actor=actor)
        if person_of_demo.course.story:
            tell(course, person_of_demo.course, days=days, on=on, team=team)
        befall(Course.objects.get(pk=course.pk), person_of_demo.course.fate, on=on, team=team)
    if person_of_demo.comes_again:
        refer(patient, person_of_demo, on=on, therapist=actor, doctor=team.doctor)


def _file_papers(patient: Patient, entry: DemoPatient, *, on: date, actor: Actor) -> None:
    """The documents that came with the patient; a referral among them was signed here."""
    for kind, rules in entry.papers.items():
        if kind != REFERRAL:
            issued_on = on - timedelta(days=4)
            record_document(patient=patient, kind=kind, issued_on=issued_on, issued_by="Dr Clara Weiss", rules=rules, on=on, actor=actor)


def days_given(entry: DemoPatient, on: date) -> list[date]:
    """The days of the sessions that were given, first to last: every other working day."""
    story = entry.course.story if entry.course else None
    day, days = on - timedelta(days=story.last if story else 0), list[date]()
    while story and len(days) < story.given:
        while day.weekday() > FRIDAY:
            day -= timedelta(days=1)
        days.append(day)
        day -= timedelta(days=2)
    return days[::-1]


def tell(course: Course, wanted: DemoCourse, *, days: list[date], on: date, team: Team) -> None:
    """Each session of the story: the day's questions, the session, how it felt; and today's questions where they were asked.

    A therapeutic plan is signed on the morning of its first day, and again where what was felt made of it more than that.
    """
    story, actor, given = wanted.story or Story(0), team.therapist, None
    for number, day in enumerate(days, start=1):
        if given is not None:
            _tell_of_the_next_day(story, given, on=day, actor=actor)
        if number in story.missed:
            _nobody_came(course, number, since=days[number - 2], until=day, team=team)
        course = ask_quiet_day(course, on=day, actor=actor)
        agree(course, on=day, actor=actor)
        if number == 1:
            course = sign(course, on=day, team=team)
            course = start_course(course=course, on=day, version=course.version, actor=actor)
        course = _signed_again(course, on=day, team=team)
        team.book(course, number, day, actor)
        given = record_session(course=course, number=number, felt=felt(story, number), on=day, actor=actor)
    if wanted.is_asked_today:
        _signed_again(ask_quiet_day(Course.objects.get(pk=course.pk), on=on, actor=actor), on=on, team=team)


def _tell_of_the_next_day(story: Story, given: SessionRecord, *, on: date, actor: Actor) -> None:
    """What the patient says before a session of the time since the last one."""
    worse = given.session.number in story.bad
    pain = None if given.pain_after is None else min(10, given.pain_after + worse)
    said = NextDaySaid(pain=pain, has_skin_or_swelling=False, slept_worse_or_headache=False)
    answer_next_day(record=given, answer=said, on=on, actor=actor)
    if worse:
        acknowledge_reaction(record=given, note="Told before the next session.", actor=actor)


def _nobody_came(course: Course, number: int, *, since: date, until: date, team: Team) -> None:
    """On a working day between two sessions, where there is one."""
    between = (since + timedelta(days=passed) for passed in range(1, (until - since).days))
    if (day := next((each for each in between if each.weekday() <= FRIDAY), None)) is not None:
        team.book(course, number, day, team.therapist)
        lose_session(course=course, number=number, lost=Lost(SessionState.MISSED), on=day, actor=team.therapist)


def sign(course: Course, *, on: date, team: Team) -> Course:
    """The plan sent to the doctor and signed; a preventive course goes without."""
    if not is_therapeutic(course):
        return course
    course = submit_course(course=course, on=on, version=course.version, actor=team.therapist)
    morning = datetime.combine(on, SIGNING_HOUR, tzinfo=course.clinic.zone)
    return sign_course_for_demo(course=course, on=on, at=min(morning, timezone.now()), actor=team.doctor)


def _signed_again(course: Course, *, on: date, team: Team) -> Course:
    """The course with a new signature where its sessions to come go beyond those of the last one."""
    return sign(course, on=on, team=team) if grown_beyond_signature(course) else course


def agree(course: Course, *, on: date, actor: Actor) -> None:
    """Whoever may agrees to the sheet of the plan, where nobody has yet or something new was planned."""
    if missing_consent(course):
        signer = who_may_agree(course.patient, on)[0]
        name = course.patient.full_name if signer == Consent.As.PATIENT else course.patient.guardian_name or "Maria Guardian"
        agreement = Agreement(sheet_to_read(course).digest, name, signer)
        give_consent(course=course, agreement=agreement, on=on, actor=actor)


def befall(course: Course, fate: str, *, on: date, team: Team) -> None:
    """What came of the course last."""
    about: dict[str, Any] = {"course": course, "on": on, "version": course.version}
    if fate in ("awaiting", "question", "returned"):
        asked = "He sleeps on his stomach. Is the belly work fine on the same day?" if fate == "question" else ""
        submit_course(**about, question=asked, actor=team.therapist)
    if fate == "returned":
        question = "Which curve is the stiffer one? Please measure both again before we begin."
        return_course(**about, question=question, actor=team.doctor)
    if fate == "suspended":
        replies = {"medicine.anticoagulant": Reply(STATED, value=True)}
        record_facts(patient=course.patient, replies=replies, on=on, given_by="patient", actor=team.therapist)
    if fate == "paused":
        pause_course(**about, why=Why(CourseReason.ILLNESS, "A cold since Monday."), actor=team.therapist)
    if fate == "ended":
        end_course(**about, why=Why(CourseReason.WISH, "Moved to another town."), actor=team.therapist)


def felt(story: Story, number: int) -> Felt:
    """How a session of the story was."""
    first, last = story.pain
    before = round(first - (first - last) * (number - 1) / max(story.given, 1))
    where = tuple(HurtAt(Place(*place)) for place in (story.hurts.get(number),) if place)
    said: dict[str, Any] = {"pain_before": before, "hurts": where, "note": story.notes.get(number, "")}
    if number in story.bad:
        bad = (Reaction.SORENESS.value, Reaction.HEADACHE.value)
        return Felt(comfort=4, pain_after=before + 1, wellbeing=4, reactions=bad, bad_reaction=True, **said)
    reactions = ((Reaction.WARMTH if number % 2 else Reaction.RELIEF).value,)
    comfort = 5 if where else min(10, 7 + number // 3)
    well = min(10, 6 + number // 2)
    return Felt(comfort=comfort, pain_after=max(last, before - 1), wellbeing=well, warmth=Warmth.PLEASANT, reactions=reactions, **said)


def ask_quiet_day(course: Course, *, on: date, actor: Actor) -> Course:
    """The questions of that day answered with nothing new, and what is left of the course planned under them."""
    replies = quiet_day(course, library_of(course), on=on)
    return answer_day_questions(course=course, replies=replies, on=on, version=course.version, actor=actor)


def _details(entry: DemoPatient, on: date) -> dict[str, Any]:
    return {
        "family_name": entry.family_name, "given_name": entry.given_name, "middle_name": entry.middle_name,
        "born_on": on - timedelta(days=round(entry.age * 365.25) + 100), "sex": entry.sex,
        "language": entry.language, "guardian_name": entry.guardian_name, "notes": entry.notes, **contacts_of(entry),
    }  # fmt: skip


def start_intake(patient: Patient, *, has: Mapping[str, Any], unknown: tuple[str, ...] = (), on: date, actor: Actor) -> Intake:
    """An open form with every question answered: ``has`` by fact code, ``unknown`` as "don't know", all else "no"."""
    library, who = library_in_force(patient.clinic), person(patient, on)
    given = {code: Reply(STATED, value) for code, value in has.items()} | dict.fromkeys(unknown, UNKNOWN_REPLY)
    gate = {row.code: YES if any(code in given for code in row.opens) else NO for row in gate_questions(library, who)}
    asked = facts_to_ask(library, who, gate, given)
    replies = {code: given.get(code, NORMAL_REPLY) for code in asked}
    return keep_intake_draft(patient=patient, gate=gate, replies=replies, edition=library.edition, given_by=_given_by(patient), actor=actor)


def close_intake(draft: Intake, *, on: date, actor: Actor) -> Intake:
    """The declaration: the form is complete, its questions kept in the patient's language."""
    patient = draft.patient
    library = library_in_force(patient.clinic)
    asked = asked_questions(draft, patient, library, names_in_force(patient.clinic, patient.language), on=on)
    return complete_intake(intake=draft, library=library, asked=asked, given_by=_given_by(patient), on=on, actor=actor)


def _given_by(patient: Patient) -> str:
    return "guardian" if patient.guardian_name else "patient"


def plan(patient: Patient, wanted: DemoCourse, *, on: date, actor: Actor) -> Course:
    """A draft course, and a quiet day's answers where the entry has them."""
    request = CourseRequest(wanted.condition, wanted.stage, wanted.count, wanted.inputs, wanted.supplements)
    course = plan_course(patient=patient, wanted=request, on=on, actor=actor)
    return ask_quiet_day(course, on=on, actor=actor) if wanted.is_asked_today and not wanted.story else course


def quiet_day(course: Course, library: Library, *, on: date, but: Mapping[str, Reply] | None = None) -> dict[str, Reply]:
    """Every question of the day answered with nothing new and normal readings; ``but`` says what is otherwise."""
    answers = answers_for_the_day(course.patient, request_of(course), library, on=on)
    asked = [code for question in day_questions(library, answers) for code in (*question.asked, *question.behind)]
    return {code: _quiet(code) for code in asked} | dict(but or {})


def _quiet(code: str) -> Reply:
    if code in AGREED:
        return Reply(STATED, value=True)
    if code in READINGS:
        return Reply(STATED, READINGS[code])
    return NORMAL_REPLY
