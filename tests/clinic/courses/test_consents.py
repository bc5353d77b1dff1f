"""Nobody is treated without consent to what is planned; what is taken back is out at once, until it is allowed again."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.utils import timezone, translation
from django.utils.html import escape

from clinic.audit.models import AuditLine
from clinic.courses.actions import Felt, record_session, replan_course, request_of, resume_course, start_course
from clinic.courses.actions.consenting import Agreement, StaleConsent, give_consent, sheet_to_read, withdraw_consent
from clinic.courses.consent_sheet import IN_PLAIN_WORDS, sheet_of
from clinic.courses.consents import consent_line, covered_by, is_a_drawing, missing_consent, newest_consent, scope_of, taken_back, worked
from clinic.courses.demo_days import agree, ask_quiet_day
from clinic.courses.gates import hindrances
from clinic.courses.models import Consent, ConsentWithdrawal, Course
from clinic.courses.planning import CourseRequest, consent_bars, leaves_of
from clinic.courses.queries import sessions_to_come
from clinic.courses.states import CourseState
from clinic.staff.models import Role
from clinic.staff.permissions import ActionDenied, Actor
from protocols.method.case import Case, parse_case
from protocols.method.findings import Bar
from protocols.method.places import Place
from protocols.method.planning import plan_whole_course
from protocols.method.plans import SessionPlan
from protocols.method.vocabulary import FAMILIES
from protocols.shelf import shipped_library, shipped_names
from tests.clinic.courses.printed import A4, is_accessible, pages, sizes, squeezed, text_of
from tests.factories import a_course, a_course_that_may_start, a_day_at, a_patient, a_running_course, an_actor, an_intake, ask_today
from tests.method.cases import a_case_of

SignedIn = Callable[[Any], Client]
LIBRARY = shipped_library()
STROKE = "M100 120L140 60L180 130L240 80"
pytestmark = pytest.mark.django_db


@pytest.fixture
def client(signed_in: SignedIn, therapist: Actor) -> Client:
    return signed_in(therapist)


@pytest.fixture
def course(therapist: Actor) -> Course:
    """A therapeutic course that runs, with consent."""
    return a_running_course(actor=therapist, count=3)


def said(course: Course, **other: Any) -> Agreement:
    return Agreement(**{"seen": sheet_to_read(course).digest, "by_name": course.patient.full_name, "given_as": "patient", **other})


def agreed(course: Course, actor: Actor, **other: Any) -> Consent:
    return give_consent(course=course, agreement=said(course, **other), on=a_day_at(course.clinic), actor=actor)


def withdrawn(course: Course, actor: Actor, *zones: Place) -> Course:
    withdraw_consent(course=course, zones=zones, on=a_day_at(course.clinic), actor=actor)
    return Course.objects.get(pk=course.pk)


def a_worked_place(course: Course) -> Place:
    return min(worked(sessions_to_come(course), LIBRARY.tree).places)


# The gate -------------------------------------------------------------------------------------------------------------------
def test_without_consent_no_session_is_given_and_with_it_one_is(therapist: Actor) -> None:
    patient = a_patient(clinic=therapist.clinic)
    an_intake(patient=patient, actor=therapist)
    preventive = ask_today(
        a_course(patient=patient, actor=therapist, condition="preventive-massage", stage="occupational", count=2), actor=therapist
    )
    on = a_day_at(therapist.clinic)
    assert [way.code for way in hindrances(preventive, on)] == ["consent"]
    with pytest.raises(ActionDenied, match="has not agreed"):
        start_course(course=preventive, on=on, version=preventive.version, actor=therapist)
    agreed(preventive, therapist)
    assert start_course(course=preventive, on=on, version=preventive.version, actor=therapist).state == CourseState.RUNNING


@pytest.mark.same_everywhere
def test_a_plan_that_grows_asks_again_and_names_what_is_new(therapist: Actor) -> None:
    course = a_course_that_may_start(actor=therapist, condition="neck-collar", stage="calming", count=3)
    wanted = request_of(course)
    grown = CourseRequest(wanted.condition, wanted.stage, wanted.count, wanted.inputs, ("vacuum", "points-inhibitory", "segmental"))
    course = replan_course(course=course, wanted=grown, on=a_day_at(course.clinic), version=course.version, actor=therapist)
    new = {item.supplement for session in sessions_to_come(course) for item in session.supplements}
    assert new, "this test needs a plan with a supplement"
    (sentence,) = missing_consent(course)
    assert sentence.startswith("Ask for consent again")
    agreed(course, therapist)
    assert missing_consent(course) == ()


@pytest.mark.same_everywhere
def test_fewer_sessions_and_techniques_ask_for_nothing(therapist: Actor) -> None:
    course = a_course_that_may_start(actor=therapist, count=6)
    shorter = CourseRequest(course.condition, course.stage, 3, request_of(course).inputs)
    course = replan_course(course=course, wanted=shorter, on=a_day_at(course.clinic), version=course.version, actor=therapist)
    assert missing_consent(course) == ()


STAGES = [(condition.code, stage) for condition in LIBRARY.conditions.values() for stage in list(condition.stages)[:1]]


@pytest.mark.same_everywhere
@pytest.mark.parametrize(("condition", "stage"), STAGES)
def test_no_plan_misses_anything_in_its_own_sheet_and_what_is_taken_back_is_never_worked(condition: str, stage: str) -> None:
    entry = LIBRARY.conditions[condition]
    case = parse_case(a_case_of(LIBRARY, entry, entry.stages[stage], number=1, of=4), LIBRARY)
    sessions = plan_whole_course(case, LIBRARY).sessions
    scope = worked(sessions, LIBRARY.tree)
    kept = json.loads(json.dumps(scope_of(sessions, LIBRARY.tree)))
    whole = covered_by(Consent(scope=kept), LIBRARY.tree)
    assert not scope.beyond(whole)
    places = sorted(scope.places)
    for place in dict.fromkeys((places[0], places[len(places) // 2], places[-1])) if places else ():
        after = plan_whole_course(_barred(case, place), LIBRARY).sessions
        assert place not in worked(after, LIBRARY.tree).places
        asked = [number for number, session in enumerate(sessions) if place in worked([session], LIBRARY.tree).places]
        assert all(place in _explained(after[number]) for number in asked)


def _barred(case: Case, place: Place) -> Case:
    return replace(case, bars=(Bar(source="consent", places=(place,)),))


def _explained(session: SessionPlan) -> frozenset[Place]:
    """Where the session says that consent was withdrawn: in its omissions, or, with nothing given at all, everywhere."""
    if not session.rows:
        return LIBRARY.tree.all_places()
    told = [item for item in session.omissions if item.because.code == "consent-withdrawn" and item.kind == "zone"]
    avoided = [place for row in session.rows for place in row.avoid]
    return leaves_of([*(Place(item.code, item.side or "both") for item in told if item.code in LIBRARY.tree.zones), *avoided], LIBRARY.tree)


# The sheet ------------------------------------------------------------------------------------------------------------------
@pytest.mark.same_everywhere
def test_the_sheet_names_every_zone_family_and_right_in_the_patients_language(therapist: Actor) -> None:
    patient = a_patient(clinic=therapist.clinic, language="ru")
    course = a_course_that_may_start(actor=therapist, patient=patient, count=2)
    with translation.override("en"):
        sheet = sheet_of(course)
    assert sheet.language == "ru"
    words = " ".join(line for section in sheet.sections for line in section.lines)
    assert shipped_names("ru").of("conditions", course.condition) in words
    assert course.clinic.name in words
    assert IN_PLAIN_WORDS.keys() == set(FAMILIES)


def test_what_was_read_is_kept_word_for_word_and_never_made_anew(client: Client, therapist: Actor, course: Course) -> None:
    consent = newest_consent(course)
    assert consent is not None
    before = consent.sections
    withdrawn(course, therapist, a_worked_place(course))
    ask_quiet_day(Course.objects.get(pk=course.pk), on=a_day_at(course.clinic), actor=therapist)
    shown = client.get(f"/courses/{course.pk}/consent/{consent.pk}/").content.decode()
    consent.refresh_from_db()
    assert consent.sections == before
    assert all(escape(line) in shown for section in before for line in section["lines"])


def test_a_sheet_that_changed_while_it_was_read_is_not_signed(client: Client, therapist: Actor, course: Course) -> None:
    seen, marks = sheet_to_read(course).digest, sheet_to_read(course).marks()
    wanted = request_of(course)
    longer = CourseRequest(wanted.condition, wanted.stage, wanted.count + 1, wanted.inputs)
    replan_course(course=course, wanted=longer, on=a_day_at(course.clinic), version=course.version, actor=therapist)
    sent = {"way": "screen", "seen": seen, "marks": marks, "given_as": "patient", "given_by_name": "Anna Weber", "agrees": "on"}
    before = Consent.objects.count()
    answer = client.post(f"/courses/{course.pk}/consent/", {**sent, "drawing": STROKE})
    assert answer.status_code == 409
    assert Consent.objects.count() == before
    words = answer.content.decode()
    assert "consent-changed" in words
    assert STROKE not in words, "a signature under other words must not be taken over"
    with pytest.raises(StaleConsent):
        agreed(Course.objects.get(pk=course.pk), therapist, seen=seen)


@pytest.mark.same_everywhere  # no database is asked
@pytest.mark.parametrize(
    "bad", ["M100 100L700 10", "M1 2z", "M1,2L3 4", 'M1 2"/><script>', "M1 2\n", "L1 2", "M1 2" + "L1 2" * 6000, "M1 -2"]
)
def test_a_drawing_is_strokes_on_the_board_and_nothing_else(bad: str) -> None:
    assert is_a_drawing(STROKE)
    assert not is_a_drawing("")
    assert not is_a_drawing(bad)


@pytest.mark.same_everywhere  # refused before anything is kept; what is taken is kept in each database by the tests around
@pytest.mark.parametrize(
    ("other", "words"),
    [
        ({"given_as": "guardian"}, "cannot agree"),
        ({"by_name": "  "}, "Write the name"),
        ({"given_as": "representative"}, "patient's own name"),
        ({"way": "fax"}, "how the sheet was signed"),
        ({"drawing": "M1 2z"}, "no signature"),
        ({"way": "paper", "drawing": STROKE}, "no signature"),
    ],
)
def test_consent_that_is_not_whole_is_refused(therapist: Actor, other: dict[str, str], words: str) -> None:
    course = a_course_that_may_start(actor=therapist, count=2)
    with pytest.raises(ActionDenied, match=words):
        agreed(course, therapist, **other)


@pytest.mark.same_everywhere
def test_a_child_never_agrees_alone(client: Client, therapist: Actor) -> None:
    day = a_day_at(therapist.clinic)
    child = a_patient(clinic=therapist.clinic, born_on=day - timedelta(days=365 * 12), guardian_name="Eva Weber")
    course = a_course_that_may_start(actor=therapist, patient=child, condition="scoliosis", stage="degree-1", count=2)
    with pytest.raises(ActionDenied, match="cannot agree"):
        agreed(course, therapist, given_as="patient")
    page = client.get(f"/courses/{course.pk}/consent/").content.decode()
    assert 'value="patient"' not in page
    assert "Eva Weber" in page
    assert agreed(course, therapist, by_name="Eva Weber", given_as="guardian").given_as == "guardian"


def test_a_button_pressed_twice_makes_one_consent(therapist: Actor) -> None:
    course = a_course_that_may_start(actor=therapist, count=2)
    assert agreed(course, therapist).pk == agreed(course, therapist).pk


@pytest.mark.same_everywhere
def test_only_who_may_plan_here_records_consent(therapist: Actor, course: Course) -> None:
    for role in (Role.ADMIN, Role.AUDITOR):
        with pytest.raises(ActionDenied):
            agreed(course, an_actor(clinic=course.clinic, roles=(role,)))
        with pytest.raises(ActionDenied):
            withdrawn(course, an_actor(clinic=course.clinic, roles=(role,)))


def test_a_consent_and_its_withdrawal_are_never_changed(therapist: Actor, course: Course) -> None:
    withdrawn(course, therapist, a_worked_place(course))
    for model in (Consent, ConsentWithdrawal):
        for change in (lambda rows: rows.update(recorded_at=timezone.now()), lambda rows: rows.delete()):
            with pytest.raises(DatabaseError), transaction.atomic():
                change(model.objects.all())


# Taken back -----------------------------------------------------------------------------------------------------------------
def test_without_any_consent_the_course_is_suspended_and_goes_on_only_with_a_new_one(therapist: Actor, course: Course) -> None:
    on = a_day_at(course.clinic)
    course = withdrawn(course, therapist)
    assert course.state == CourseState.SUSPENDED
    with pytest.raises(ActionDenied, match="taken back consent"):
        resume_course(course=course, on=on, version=course.version, actor=therapist)
    with pytest.raises(ActionDenied, match="no consent"):
        withdrawn(course, therapist)
    agreed(course, therapist)
    assert resume_course(course=course, on=on, version=course.version, actor=therapist).state == CourseState.RUNNING
    assert [line.verb for line in AuditLine.objects.filter(verb__in=("withdrew-consent", "recorded-consent")).order_by("pk")][-2:] == [
        "withdrew-consent",
        "recorded-consent",
    ]


def test_a_zone_taken_back_is_out_at_once_and_back_when_it_is_allowed_again(therapist: Actor, course: Course) -> None:
    on, place = a_day_at(course.clinic), a_worked_place(course)
    course = withdrawn(course, therapist, place)
    assert {bar.source for bar in consent_bars(course, LIBRARY.tree)} == {"consent"}
    with pytest.raises(ActionDenied):
        record_session(course=course, number=1, felt=Felt(), on=on, actor=therapist)
    with pytest.raises(ActionDenied, match="still works"):
        agreed(course, therapist)
    assert consent_line(course).plans_first, "the page leads to the questions that make a new plan, not to a sheet that nobody may sign"
    course = ask_quiet_day(course, on=on, actor=therapist)
    assert place not in worked(sessions_to_come(course), LIBRARY.tree).places
    assert missing_consent(course) == ()
    assert not consent_line(course).plans_first
    agreed(course, therapist, by_name="Anna W.", given_as="patient")
    assert taken_back(course) == {place}, "a sheet that does not name the zone does not allow it"
    again = (place,)
    give_consent(course=course, agreement=said(course, seen=sheet_to_read(course, again).digest, again=again), on=on, actor=therapist)
    assert taken_back(course) == frozenset()
    course = ask_quiet_day(Course.objects.get(pk=course.pk), on=on, actor=therapist)
    assert place in worked(sessions_to_come(course), LIBRARY.tree).places
    assert not any("still works" in sentence for sentence in missing_consent(course))


@pytest.mark.same_everywhere
def test_only_what_was_agreed_to_can_be_taken_back(therapist: Actor, course: Course) -> None:
    never = min(LIBRARY.tree.all_places() - worked(sessions_to_come(course), LIBRARY.tree).places)
    with pytest.raises(ActionDenied, match="agreed to"):
        withdrawn(course, therapist, never)


# The pages ------------------------------------------------------------------------------------------------------------------
def test_a_sheet_is_signed_on_the_screen_and_the_drawing_is_shown(client: Client, therapist: Actor) -> None:
    course = a_course_that_may_start(actor=therapist, count=2)
    path, sheet = f"/courses/{course.pk}/consent/", sheet_to_read(course)
    assert "I have read this sheet and agree" in client.get(path).content.decode()
    sent = {"way": "screen", "seen": sheet.digest, "given_as": "patient", "given_by_name": "Anna M. Weber", "drawing": STROKE}
    assert client.post(path, sent).status_code == 422, "without the tick nobody agreed"
    assert client.post(path, {**sent, "agrees": "on"}).status_code == 303
    consent = newest_consent(course)
    assert consent is not None
    assert (consent.way, consent.drawing, consent.given_by_name) == ("screen", STROKE, "Anna M. Weber")
    shown = client.get(f"{path}{consent.pk}/").content.decode()
    assert f'd="{STROKE}"' in shown
    assert "Anna M. Weber" in client.get(f"/courses/{course.pk}/").content.decode()


@pytest.mark.same_everywhere
def test_a_signed_paper_is_recorded_by_staff(client: Client, therapist: Actor) -> None:
    course = a_course_that_may_start(actor=therapist, count=2)
    sent = {"way": "paper", "seen": sheet_to_read(course).digest, "given_as": "patient", "given_by_name": "A. Weber", "agrees": "on"}
    assert client.post(f"/courses/{course.pk}/consent/", {**sent, "drawing": STROKE}).status_code == 303
    consent = newest_consent(course)
    assert consent is not None
    assert (consent.way, consent.drawing) == ("paper", "")


@pytest.mark.same_everywhere
def test_nothing_ticked_is_not_everything(client: Client, course: Course) -> None:
    path = f"/courses/{course.pk}/consent/taken-back/"
    assert client.post(path, {"what": "some", "note": ""}).status_code == 422
    place = a_worked_place(course)
    assert client.post(path, {"what": "all", "zones": [f"{place.zone}:{place.side}"]}).status_code == 422
    assert not ConsentWithdrawal.objects.exists()
    assert client.post(path, {"what": "some", "zones": [f"{place.zone}:{place.side}"]}).status_code == 303
    assert ConsentWithdrawal.objects.get().zones == [[place.zone, place.side]]


@pytest.mark.same_everywhere
@pytest.mark.parametrize("language", ["en", "ru"])
def test_the_printed_sheet_is_accessible_and_says_all_of_the_sheet(client: Client, therapist: Actor, language: str) -> None:
    course = a_course_that_may_start(actor=therapist, patient=a_patient(clinic=therapist.clinic, language=language), count=2)
    sheet = sheet_to_read(course)
    pdf = bytes(client.get(f"/courses/{course.pk}/consent.pdf").content)
    assert sizes(pdf) == {A4}
    assert is_accessible(pdf)
    assert pages(pdf) <= 3
    printed = squeezed(text_of(pdf))
    assert sheet.digest[:12] in printed
    for section in sheet.sections:
        assert all(squeezed(line) in printed for line in section.lines)
    consent = newest_consent(course)
    assert consent is not None
    copy = squeezed(text_of(bytes(client.get(f"/courses/{course.pk}/consent/{consent.pk}.pdf").content)))
    assert squeezed(consent.given_by_name) in copy


@pytest.mark.same_everywhere
def test_a_print_of_a_plan_without_consent_is_not_for_use(client: Client, therapist: Actor, course: Course) -> None:
    def printed() -> list[str]:
        return [text_of(bytes(client.get(f"/courses/{course.pk}/{name}").content)) for name in ("plan.pdf", "sessions/1/card.pdf")]

    assert not any("CONSENT IS MISSING" in text for text in printed())
    withdrawn(course, therapist, a_worked_place(course))
    assert all("CONSENT IS MISSING: NOT FOR USE" in text for text in printed())


@pytest.mark.same_everywhere
def test_a_later_session_of_the_same_plan_asks_for_nothing(therapist: Actor) -> None:
    course = a_running_course(actor=therapist, count=4, given=2)
    course = ask_quiet_day(Course.objects.get(pk=course.pk), on=a_day_at(course.clinic), actor=therapist)
    assert missing_consent(course) == ()
    agree(course, on=a_day_at(course.clinic), actor=therapist)
    assert course.consents.count() == 1
