"""Planning in the browser: condition, stage, inputs, draft; faults beside their field; nothing planned twice over unseen."""

import html
from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clinic.audit.models import AuditLine
from clinic.courses.actions import ask_doctor, decide_review, request_of
from clinic.courses.gates import hindrances
from clinic.courses.models import Course, Session
from clinic.courses.planning import planned
from clinic.courses.queries import course_plan_of, screening_of, sessions_of
from clinic.staff.permissions import Actor
from patients.models import Patient
from patients.questionnaire import STATED, Reply
from protocols.method.entries import Condition, Stage
from protocols.method.plans import UnsafePlan
from protocols.method.storage import canonical_bytes
from protocols.shelf import shipped_library
from tests.clinic.courses.typing_in import typed
from tests.factories import a_course, a_day_at, a_doctor, a_patient, a_running_course, an_intake
from tests.method.strategies import raw_inputs

pytestmark = pytest.mark.same_everywhere

SignedIn = Callable[[Any], Client]
LIBRARY = shipped_library()
STAGES = [(condition, stage) for condition in LIBRARY.conditions.values() for stage in condition.stages.values()]
BARRED = [(condition, stage) for condition, stage in STAGES if stage.treatment is None]
CHILDREN = {"between-attacks-child"}
SCOLIOSIS = LIBRARY.conditions["scoliosis"]
DEGREE_1 = SCOLIOSIS.stages["degree-1"]


def named(part: object) -> str:
    return part.code if isinstance(part, Condition | Stage) else str(part)


@pytest.fixture
def client(signed_in: SignedIn, therapist: Actor) -> Client:
    return signed_in(therapist)


@pytest.fixture
def patient(therapist: Actor) -> Patient:
    """A patient with a completed intake that says no to everything."""
    patient = a_patient(clinic=therapist.clinic)
    an_intake(patient=patient, actor=therapist)
    return patient


def new(patient: Patient, condition: Condition, stage: Stage) -> str:
    return f"/patients/{patient.pk}/courses/new/{condition.code}/{stage.code}/"


def words(response: Any) -> str:
    """The page with its entities read."""
    return html.unescape(response.content.decode())


# Choosing ----------------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("query", "found"), [("scoliosis", "scoliosis"), ("Сколиоз", "scoliosis"), ("M41", "scoliosis"), ("m41.2", "scoliosis")]
)
def test_a_condition_is_found_by_name_in_both_languages_or_by_code(client: Client, patient: Patient, query: str, found: str) -> None:
    groups = client.get(f"/patients/{patient.pk}/courses/new/", {"q": query}).context["groups"]
    assert [card.code for group in groups for card in group.conditions] == [found]


def test_without_a_query_every_condition_can_be_chosen(client: Client, patient: Patient) -> None:
    page = client.get(f"/patients/{patient.pk}/courses/new/")
    shown = {card.code for group in page.context["groups"] for card in group.conditions}
    assert shown == set(LIBRARY.conditions)
    assert all(f"/courses/new/{code}/" in words(page) for code in shown)


@pytest.mark.parametrize("condition", LIBRARY.conditions.values(), ids=named)
def test_every_stage_is_shown_with_its_definition(client: Client, patient: Patient, condition: Condition) -> None:
    page = words(client.get(f"/patients/{patient.pk}/courses/new/{condition.code}/"))
    assert all(stage.definition in page for stage in condition.stages.values())


@pytest.mark.parametrize("path", ["nothing/", "scoliosis/nothing/", "nothing/degree-1/", "scoliosis/calming/"])
def test_what_the_library_does_not_hold_is_not_found(client: Client, patient: Patient, path: str) -> None:
    assert client.get(f"/patients/{patient.pk}/courses/new/{path}").status_code == 404
    assert client.post(f"/patients/{patient.pk}/courses/new/{path}", {"count": "3"}).status_code in (404, 405)


# Planning ------------------------------------------------------------------------------------------------------------------------
@pytest.mark.same_everywhere
@pytest.mark.parametrize(("condition", "stage"), STAGES, ids=named)
def test_every_stage_of_every_condition_is_planned_through_its_form(
    client: Client, therapist: Actor, condition: Condition, stage: Stage
) -> None:
    day = a_day_at(therapist.clinic)
    born_on = day.replace(year=day.year - (9 if stage.code in CHILDREN else 46), day=1)
    patient = a_patient(clinic=therapist.clinic, sex="male", born_on=born_on)
    an_intake(patient=patient, actor=therapist)
    assert client.get(new(patient, condition, stage)).status_code == 200
    response = client.post(new(patient, condition, stage), typed(condition, stage))
    assert response.status_code == 303, response.context["form"].errors
    course = Course.objects.get()
    page = client.get(response["Location"])
    assert page.status_code == 200
    assert (course.state, course.session_count) == ("draft", course.sessions.count())
    if stage.treatment is not None and course.outcome in ("clear", "caution", "modify"):
        assert all(session.rows for session in sessions_of(course))


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_whatever_inputs_are_typed_there_is_a_plan_or_a_sentence(client: Client, patient: Patient, data: st.DataObject) -> None:
    condition, stage = data.draw(st.sampled_from(STAGES))
    junk = data.draw(st.dictionaries(st.sampled_from([row.code for row in condition.inputs] or ["x"]), st.text(max_size=6), max_size=2))
    form = typed(condition, stage, data.draw(raw_inputs(condition, stage))) | junk
    with transaction.atomic():
        response = client.post(new(patient, condition, stage), form)
        assert response.status_code in (303, 422)
        if response.status_code == 303:
            assert client.get(response["Location"]).status_code == 200
        else:
            assert response.context["form"].errors
        transaction.set_rollback(True)


@pytest.mark.parametrize(("condition", "stage"), BARRED, ids=named)
def test_a_barred_stage_is_kept_as_a_refusal_that_gives_nothing(
    client: Client, patient: Patient, condition: Condition, stage: Stage
) -> None:
    assert "This stage is not massaged" in words(client.get(new(patient, condition, stage)))
    response = client.post(new(patient, condition, stage), typed(condition, stage))
    course = Course.objects.get()
    assert not course.may_start
    assert course.outcome in ("doctor", "defer", "absolute", "emergency")
    assert not any(session.rows or session.supplements for session in sessions_of(course))
    page = words(client.get(response["Location"]))
    assert "card.pdf" not in page
    assert LIBRARY.conditions[condition.code].stages[stage.code].name in page


def test_what_is_stored_is_exactly_what_was_built(client: Client, patient: Patient) -> None:
    client.post(new(patient, SCOLIOSIS, DEGREE_1), typed(SCOLIOSIS, DEGREE_1) | {"count": "5"})
    course = Course.objects.get()
    made = planned(patient, request_of(course), LIBRARY, on=course.planned_on)
    assert sessions_of(course) == made.sessions
    assert screening_of(course) == made.screening
    assert course_plan_of(course) == made.course
    assert [canonical_bytes(session) for session in sessions_of(course)] == [canonical_bytes(session) for session in made.sessions]
    assert (course.edition, course.library_digest) == (LIBRARY.edition, LIBRARY.digest)


# Faults --------------------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("count", ["", "0", "-1", "61", "abc", "9" * 5000, "1e9", "nan", "\x00", "2.5"])
def test_a_number_of_sessions_that_cannot_be_is_refused_beside_its_field(client: Client, patient: Patient, count: str) -> None:
    form = typed(SCOLIOSIS, DEGREE_1) | {"count": count}
    response = client.post(new(patient, SCOLIOSIS, DEGREE_1), form)
    assert response.status_code == 422
    assert response.context["form"].errors.keys() == {"count"}
    assert response.context["form"]["convex_side"].value() == form["convex_side"], "nothing typed is lost"
    assert not Course.objects.exists()


def test_a_missing_input_is_named_beside_its_field(client: Client, patient: Patient) -> None:
    form = typed(SCOLIOSIS, DEGREE_1)
    del form["convex_side"]
    response = client.post(new(patient, SCOLIOSIS, DEGREE_1), form)
    assert response.status_code == 422
    assert response.context["form"].errors == {"convex_side": ["The plan needs this answer."]}


def test_an_s_shape_that_bends_twice_to_the_same_side_is_refused(client: Client, patient: Patient) -> None:
    curves = {"curve_shape": "s", "convex_side": "right", "lumbar_convex_side": "right"}
    response = client.post(new(patient, SCOLIOSIS, DEGREE_1), typed(SCOLIOSIS, DEGREE_1) | curves)
    assert response.context["form"].errors == {"lumbar_convex_side": ["The two curves of an S bend to opposite sides. Check both answers."]}
    assert not Course.objects.exists()
    assert (
        client.post(new(patient, SCOLIOSIS, DEGREE_1), typed(SCOLIOSIS, DEGREE_1) | curves | {"lumbar_convex_side": "left"}).status_code
        == 303
    )


@pytest.mark.parametrize("junk", ["up", "x" * 10_000, "\x00", "<script>"])
def test_a_choice_that_is_none_is_refused_with_a_sentence(client: Client, patient: Patient, junk: str) -> None:
    response = client.post(new(patient, SCOLIOSIS, DEGREE_1), typed(SCOLIOSIS, DEGREE_1) | {"convex_side": junk})
    assert response.status_code == 422
    assert response.context["form"].errors == {"convex_side": ["Choose one of the answers."]}


def wrong_stage_answers() -> list[tuple[Condition, Stage, str, str]]:
    """One answer that belongs to another stage, for every input that tells stages apart."""
    found = []
    for condition, stage in STAGES:
        for row in condition.inputs:
            wrong = [value for value, stages in row.stage_of.items() if stage.code not in stages]
            if wrong:
                found.append((condition, stage, row.code, wrong[0]))
    return found


@pytest.mark.parametrize(("condition", "stage", "name", "value"), wrong_stage_answers()[::3], ids=named)
def test_an_answer_of_another_stage_is_refused_in_words(
    client: Client, patient: Patient, condition: Condition, stage: Stage, name: str, value: str
) -> None:
    response = client.post(new(patient, condition, stage), typed(condition, stage) | {name: value})
    assert response.status_code == 422
    sentence = "This answer belongs to another stage. Go back and choose that stage, or correct the answer."
    assert sentence in response.context["form"].errors[name]
    assert sentence in words(response)
    assert not Course.objects.exists()


def test_an_input_that_the_record_contradicts_is_said_in_the_words_of_the_question(client: Client, therapist: Actor) -> None:
    patient = a_patient(clinic=therapist.clinic)
    weeks = {"history.stroke-weeks": Reply(STATED, 50)}
    an_intake(patient=patient, actor=therapist, gate={"nerves-and-eyes": "yes"}, replies=weeks)
    condition, stage = LIBRARY.conditions["post-stroke"], LIBRARY.conditions["post-stroke"].stages["spastic"]
    response = client.post(new(patient, condition, stage), typed(condition, stage) | {"weeks_since_stroke": "9"})
    assert response.status_code == 422
    sentence = f"The record says something else about “{LIBRARY.facts['history.stroke-weeks'].question}”."
    assert sentence in words(response)
    assert response.context["form"]["weeks_since_stroke"].value() == "9"


def test_a_plan_that_the_independent_check_refuses_is_not_kept(client: Client, patient: Patient, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_args: object, **_more: object) -> None:
        raise UnsafePlan("refused by the test")

    monkeypatch.setattr("clinic.courses.actions.planning.planned", refuse)
    response = client.post(new(patient, SCOLIOSIS, DEGREE_1), typed(SCOLIOSIS, DEGREE_1))
    assert response.status_code == 422
    assert "The independent check refused this plan, so there is none." in words(response)
    assert not Course.objects.exists()


@pytest.mark.parametrize("supplements", [[], ["points-inhibitory"], ["points-inhibitory", "segmental"]])
def test_chosen_supplements_are_planned_shown_and_kept_for_the_next_change(
    client: Client, patient: Patient, supplements: list[str]
) -> None:
    condition, stage = LIBRARY.conditions["bronchial-asthma"], LIBRARY.conditions["bronchial-asthma"].stages["between-attacks"]
    response = client.post(new(patient, condition, stage), typed(condition, stage) | {"supplements": supplements})
    assert response.status_code == 303
    course = Course.objects.get()
    assert course.request["supplements"] == supplements
    told = [(plan.supplements, [item for item in plan.omissions if item.kind == "supplement"]) for plan in sessions_of(course)]
    assert all({item.supplement for item in given} | {item.code for item in left} >= set(supplements) for given, left in told)
    page = words(client.get(response["Location"]))
    assert all(LIBRARY.supplements[code].name in page for code in supplements)
    assert list(client.get(edit(course)).context["form"]["supplements"].value()) == supplements
    refused = client.post(edit(course), typed(condition, stage) | {"supplements": ["cupping-of-nobody"], "version": "1"})
    assert refused.context["form"].errors.keys() == {"supplements"}


# Changing ------------------------------------------------------------------------------------------------------------------------
@pytest.fixture
def course(therapist: Actor, patient: Patient) -> Course:
    return a_course(patient=patient, actor=therapist, condition="scoliosis", stage="degree-1", count=3)


def edit(course: Course) -> str:
    return f"/courses/{course.pk}/edit/"


def test_the_form_of_a_change_opens_with_what_was_entered(client: Client, course: Course) -> None:
    form = client.get(edit(course)).context["form"]
    assert form["count"].value() == 3
    assert {code: form[code].value() for code in course.request["inputs"]} == course.request["inputs"]


def test_a_change_replaces_every_session_and_counts_the_version(client: Client, course: Course) -> None:
    before = course.digest
    response = client.post(edit(course), typed(SCOLIOSIS, DEGREE_1) | {"count": "6", "version": "1"})
    assert response.status_code == 303
    course.refresh_from_db()
    assert (course.version, course.session_count, course.sessions.count()) == (2, 6, 6)
    assert course.digest != before
    assert AuditLine.objects.get(verb="replanned").details["digest"] == course.digest


@pytest.mark.parametrize("version", ["0", "2", "", "x", "-1", "9" * 50, "²", "1.0"])
def test_a_stale_version_is_refused_and_nothing_typed_is_lost(client: Client, course: Course, version: str) -> None:
    response = client.post(edit(course), typed(SCOLIOSIS, DEGREE_1) | {"count": "6", "version": version})
    assert response.status_code == 422
    assert "Somebody else has changed this course in the meantime." in words(response)
    assert response.context["form"]["count"].value() == "6"
    assert response.context["version"] == 1, "whoever was told may send it again"
    course.refresh_from_db()
    assert (course.version, course.session_count) == (1, 3)


def test_a_discarded_draft_can_be_brought_back_and_not_be_planned(client: Client, course: Course, patient: Patient) -> None:
    assert client.post(f"/courses/{course.pk}/discarded/").status_code == 303
    assert f"/courses/{course.pk}/restored/" in words(client.get("/courses/"))  # the message of what was done offers the way back
    assert f"/courses/{course.pk}/" not in words(client.get("/courses/"))
    refused = client.post(edit(course), typed(SCOLIOSIS, DEGREE_1) | {"version": "1"})
    assert refused.status_code == 403
    assert "A course that is paused, over or discarded is not planned again." in words(refused)
    assert f"/courses/{course.pk}/" in words(client.get(f"/patients/{patient.pk}/"))
    assert client.post(f"/courses/{course.pk}/restored/").status_code == 303
    assert f"/courses/{course.pk}/" in words(client.get("/courses/"))
    assert client.post(f"/courses/{course.pk}/restored/").status_code == 403


@pytest.mark.parametrize("page", ["", "edit/", "today/", "discarded/", "restored/", "sessions/1/card.pdf"])
def test_a_course_of_another_clinic_does_not_exist_here(client: Client, stranger: Actor, page: str) -> None:
    course = a_course(actor=stranger, count=1)
    for method in (client.get, client.post):
        assert method(f"/courses/{course.pk}/{page}", {"x": "1"}).status_code in (404, 405)
    assert Course.objects.get().state == "draft"


@pytest.mark.parametrize("page", ["", "scoliosis/", "scoliosis/degree-1/"])
def test_nothing_is_planned_for_a_patient_of_another_clinic(client: Client, stranger: Actor, page: str) -> None:
    elsewhere = a_patient(clinic=stranger.clinic)
    path = f"/patients/{elsewhere.pk}/courses/new/{page}"
    assert client.get(path).status_code == 404
    if page.count("/") == 2:
        assert client.post(path, typed(SCOLIOSIS, DEGREE_1)).status_code == 404
    assert not Session.objects.exists()


@pytest.mark.parametrize(
    ("field", "typed_in", "sentence"),
    [
        ("count", "99", "Write a whole number from 1 to 60."),
        ("count", "", "Say how many sessions are planned."),
        ("pain_nrs", "55", "Write a whole number from 0 to 10."),
        ("pain_nrs", "-1", "Write a whole number from 0 to 10."),
    ],
)
def test_a_number_off_its_limits_is_sent_back_with_the_limits(
    client: Client, patient: Patient, field: str, typed_in: str, sentence: str
) -> None:
    lumbar = LIBRARY.conditions["osteochondrosis-lumbar"]
    stage = lumbar.stages["remission"]
    response = client.post(new(patient, lumbar, stage), typed(lumbar, stage) | {field: typed_in})
    assert response.status_code == 422
    assert response.context["form"].errors[field] == [sentence]
    assert response.context["form"][field].value() == typed_in


@pytest.mark.parametrize(("count", "is_told"), [(12, False), (13, True)])
def test_more_sessions_than_the_protocol_gives_are_never_unsaid(count: int, is_told: bool, therapist: Actor, signed_in: Any) -> None:
    course = a_course(actor=therapist, count=count)
    said = signed_in(therapist).get(f"/courses/{course.pk}/").content.decode()
    assert ("The protocol gives 12 sessions at most in this stage." in said) == is_told


def test_only_where_a_doctor_asked_for_a_change_the_course_itself_is_planned_in_another_stage(client: Client, therapist: Actor) -> None:
    course = a_running_course(actor=therapist)
    condition = LIBRARY.conditions[course.condition]
    other = next(stage for stage in condition.stages.values() if stage.code != course.stage and stage.treatment is not None)
    at = f"{edit(course)}?stage={other.code}"
    assert client.get(at).context["stage"].code == course.stage
    review = ask_doctor(course=course, question="Better: another stage?", actor=therapist)
    decide_review(review=review, decision="change", note="Another stage", on=course.planned_on, actor=a_doctor(clinic=course.clinic))
    assert f"?stage={other.code}" in words(client.get(edit(course)))
    course.refresh_from_db()
    response = client.post(at, typed(condition, other) | {"version": str(course.version)})
    assert response.status_code == 303, response.context["form"].errors
    course.refresh_from_db()
    assert (course.stage, course.state) == (other.code, "suspended")
    assert hindrances(course, course.planned_on)  # nothing is given before a doctor has signed it
