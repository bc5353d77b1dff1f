"""Signing while something else happens: nobody's signature ever stands under words that were not read (trust.md H6, H7, H10; F31, F32)."""

import copy
import json
import threading
from collections.abc import Callable, Iterator
from typing import Any, Final

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection
from django.test import RequestFactory

from clinic.courses import actions as courses
from clinic.courses.models import Course
from clinic.courses.signed_content import course_content
from clinic.courses.states import CourseState
from clinic.signing.content import Content, canonical, digest, spelled
from clinic.signing.intents import Proof, make_intent, session_digest
from clinic.signing.models import Method, Signature
from clinic.signing.queries import is_for, is_sound
from clinic.staff.models import Clinic, Role
from clinic.staff.permissions import ActionDenied, Actor
from patients.actions import record_facts
from patients.models import Patient
from tests.clinic.courses.signing_desk import THINNER, an_awaiting_course
from tests.factories import an_actor
from tests.papers import a_written_referral

pytestmark = pytest.mark.django_db(transaction=True)
INTERLEAVINGS: Final = 100


def as_read(course: Course, doctor: Actor) -> courses.Word:
    """What the page of sign-off sends when this doctor read the plan as it is now."""
    request: Any = RequestFactory().get("/page/")
    request.user, request.clinic, request.actor, request.session = doctor.user, doctor.clinic, doctor, SessionStore()
    request.session.create()
    return courses.Word(make_intent(read_now(course), request), Proof(Method.PASSWORD, session_digest(request)))


def read_now(course: Course) -> Content:
    return course_content(Course.objects.select_related("patient", "clinic", "planned_by", "therapist", "referral").get(pk=course.pk))


def at_once(*deeds: Callable[[], Any], lead: float = 0) -> list[str]:
    """Runs all at one moment, the first ``lead`` seconds ahead (behind when below zero); for each, in order, how it ended."""
    start, ends = threading.Barrier(len(deeds)), [""] * len(deeds)

    def run(place: int) -> None:
        start.wait()
        threading.Event().wait(max(0, lead if place else -lead))
        try:
            deeds[place]()
            ends[place] = "done"
        except Exception as wrong:
            ends[place] = "denied" if isinstance(wrong, ActionDenied) else repr(wrong)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(place,)) for place in range(len(deeds))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return ends


def put_back(course: Course) -> Course:
    """The same plan awaits a signature again, so that the next interleaving needs no new patient."""
    Course.objects.filter(pk=course.pk).update(state=CourseState.AWAITING, signature=None)
    return Course.objects.get(pk=course.pk)


def changes(course: Course, therapist: Actor) -> Iterator[tuple[str, Callable[[], Any]]]:
    """What colleagues do to the content meanwhile, in turn, for ever; each is another change of what is signed."""
    number = 0
    while True:
        number += 1
        name = f"Weber-{number}"
        yield "renamed", lambda name=name: Patient.objects.filter(pk=course.patient_id).update(family_name=name)  # type: ignore[misc]
        yield "planned again", lambda: courses.replan_course(
            course=course, wanted=courses.request_of(course), on=course.planned_on, version=Course.objects.get(pk=course.pk).version,
            actor=therapist,
        )  # fmt: skip
        yield "given to another", lambda: Course.objects.filter(pk=course.pk).update(therapist_id=an_actor(clinic=course.clinic).user.pk)


def test_whatever_changes_between_reading_and_signing_no_signature_stands_under_unseen_words(therapist: Actor, doctor: Actor) -> None:
    course = an_awaiting_course(actor=therapist, count=3)
    changing, ends = changes(course, therapist), dict.fromkeys(("signed", "refused"), 0)
    for turn in range(INTERLEAVINGS):
        course = put_back(course)
        read, word = read_now(course), as_read(course, doctor)
        seen, before = canonical(read).decode(), Signature.objects.count()
        what, change = next(changing)
        lead = (turn % 9 - 4) * 0.002  # from well before the change to well after it

        def sign(course: Course = course, word: courses.Word = word) -> None:
            courses.sign_course(course=course, word=word, on=course.planned_on, actor=doctor)

        signed, changed = at_once(sign, change, lead=-lead)
        assert signed in ("done", "denied"), (what, signed)
        assert changed in ("done", "denied"), (what, changed)
        made = Signature.objects.order_by("-pk").first() if Signature.objects.count() > before else None
        assert (made is not None) == (signed == "done")
        if made is not None:
            assert made.content == seen, f"signed unseen words ({what})"
            assert is_sound(made)
        ends["signed" if made else "refused"] += 1
    assert sum(ends.values()) == INTERLEAVINGS
    assert min(ends.values()) > 0, ends  # else nothing was tried


def test_a_change_that_was_made_before_is_always_found(therapist: Actor, doctor: Actor) -> None:
    course = an_awaiting_course(actor=therapist, count=3)
    changing = changes(course, therapist)
    for _turn in range(6):
        course = put_back(course)
        word = as_read(course, doctor)
        _what, change = next(changing)
        change()
        with pytest.raises(ActionDenied):
            courses.sign_course(course=course, word=word, on=course.planned_on, actor=doctor)
    assert not Signature.objects.exists()


def test_of_two_doctors_one_signs(clinic: Clinic, therapist: Actor) -> None:
    doctors = [an_actor(clinic=clinic, roles=(Role.DOCTOR,)) for _doctor in range(2)]
    course = an_awaiting_course(actor=therapist, count=3)
    words = [as_read(course, doctor) for doctor in doctors]
    deeds = [
        lambda doctor=doctor, word=word: courses.sign_course(course=course, word=word, on=course.planned_on, actor=doctor)
        for doctor, word in zip(doctors, words, strict=True)
    ]
    assert sorted(at_once(*deeds)) == ["denied", "done"]
    assert Signature.objects.count() == 1


def test_of_one_who_signs_and_one_who_refuses_one_is_obeyed(clinic: Clinic, therapist: Actor) -> None:
    one, two = (an_actor(clinic=clinic, roles=(Role.DOCTOR,)) for _doctor in range(2))
    course = an_awaiting_course(actor=therapist, count=3)
    yes, read = as_read(course, one), as_read(course, two)
    no = courses.Word(read.intent, read.proof, "No")
    ends = at_once(
        lambda: courses.sign_course(course=course, word=yes, on=course.planned_on, actor=one),
        lambda: courses.refuse_course(course=course, word=no, on=course.planned_on, actor=two),
    )
    assert sorted(ends) == ["denied", "done"]
    made = Signature.objects.get()
    assert (Course.objects.get(pk=course.pk).state == CourseState.SIGNED) == (made.meaning == "approved")


def test_a_double_click_signs_once(therapist: Actor, doctor: Actor) -> None:
    course = an_awaiting_course(actor=therapist, count=3)
    word = as_read(course, doctor)

    def sign() -> None:
        courses.sign_course(course=course, word=word, on=course.planned_on, actor=doctor)

    assert sorted(at_once(sign, sign, sign)) == ["denied", "denied", "done"]
    assert Signature.objects.count() == 1


@pytest.mark.parametrize("lead", [-0.02, -0.005, 0, 0.005, 0.02])
def test_a_finding_that_comes_while_the_doctor_signs_is_never_signed_over(lead: float, therapist: Actor, doctor: Actor) -> None:
    course = an_awaiting_course(actor=therapist, count=3)
    word = as_read(course, doctor)
    ends = at_once(
        lambda: courses.sign_course(course=course, word=word, on=course.planned_on, actor=doctor),
        lambda: record_facts(patient=course.patient, replies=THINNER, on=course.planned_on, given_by="patient", actor=therapist),
        lead=lead,
    )
    assert ends[0] in ("done", "denied")
    assert ends[1] == "done"
    assert Course.objects.get(pk=course.pk).state == CourseState.SUSPENDED


# Every field of what is signed ------------------------------------------------------------------------------------------------
def leaves(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The path of every single value; an empty list or mapping is one too."""
    if isinstance(value, dict) and value:
        for name, item in value.items():
            yield from leaves(item, (*path, name))
    elif isinstance(value, list | tuple) and value:
        for place, item in enumerate(value):
            yield from leaves(item, (*path, place))
    else:
        yield path


def holder_of(body: Any, path: tuple[Any, ...]) -> Any:
    """What holds the value at the end of the path."""
    for step in path[:-1]:
        body = body[step]
    return body


def changed_at(body: Any, path: tuple[Any, ...]) -> Any:
    """A copy of the body with one value made another one."""
    made = copy.deepcopy(body)
    holder = holder_of(made, path)
    holder[path[-1]] = another(holder[path[-1]])
    return made


def another(value: Any) -> Any:
    if isinstance(value, bool) or value is None:
        return "changed" if value is None else not value
    if isinstance(value, int):
        return value + 1
    return f"{value}x" if isinstance(value, str) else ["changed"]


@pytest.mark.django_db
def test_every_field_of_the_signed_content_is_under_the_signature(therapist: Actor, doctor: Actor) -> None:
    course = an_awaiting_course(actor=therapist, count=2)
    courses.sign_course(course=course, word=as_read(course, doctor), on=course.planned_on, actor=doctor)
    signature, content = Signature.objects.get(), read_now(course)
    body = json.loads(signature.content)["body"]
    paths, whole = tuple(leaves(body)), spelled(body)
    assert len(paths) > 500
    assert is_for(signature, body)
    for path in paths:
        holder = holder_of(body, path)
        before, kept = spelled(holder), holder[path[-1]]
        assert before in whole, path  # every part stands in the document as it is spelled alone
        holder[path[-1]] = another(kept)
        assert spelled(holder) != before, path
        holder[path[-1]] = kept
    for path in paths[:: max(1, len(paths) // 60)]:  # the whole document, spelled and hashed: some of every part
        held = Content(content.kind, content.subject, content.version, changed_at(body, path), content.sections)
        assert digest(held) != signature.content_digest, path
        assert not is_for(signature, held.body), path


@pytest.mark.same_everywhere  # a document is made from rows on each database by test_sign_off.py
@pytest.mark.django_db
def test_every_line_of_words_and_every_name_around_them_is_under_the_signature(therapist: Actor) -> None:
    content = read_now(an_awaiting_course(actor=therapist, count=2))
    whole, parts = digest(content), {"kind": "other", "subject": "courses.course:0", "version": content.version + 1}
    fields: dict[str, Any] = {"kind": content.kind, "subject": content.subject, "version": content.version, "body": content.body}
    for name, value in parts.items():
        assert digest(Content(**{**fields, name: value}, sections=content.sections)) != whole, name
    for place, section in enumerate(content.sections):
        for line in range(len(section.lines)):
            lines = tuple(f"{words}." if number == line else words for number, words in enumerate(section.lines))
            sections = (*content.sections[:place], type(section)(section.heading, lines), *content.sections[place + 1 :])
            assert digest(Content(**fields, sections=sections)) != whole, (section.heading, line)


@pytest.mark.same_everywhere  # a document is made from rows on each database by test_sign_off.py
@pytest.mark.django_db
@pytest.mark.parametrize(
    ("table", "field", "value"),
    [
        ("patient", "family_name", "Otherova"),
        ("patient", "given_name", "Other"),
        ("patient", "born_on", "1979-01-02"),
        ("patient", "card_number", "X-1"),
        ("patient", "sex", "male"),
        ("patient", "guardian_name", "Somebody"),
        ("course", "condition", "scoliosis"),
        ("course", "stage", "no-such-stage"),
        ("course", "session_count", 9),
        ("course", "outcome", "caution"),
        ("course", "edition", "0"),
        ("course", "library_digest", "0" * 64),
        ("course", "digest", "0" * 64),
        ("course", "version", 77),
        ("session", "plan", {}),
        ("referral", "version", 77),
        ("referral", "state", "revoked"),
    ],
)
def test_a_row_that_is_changed_behind_the_page_changes_what_would_be_signed(table: str, field: str, value: Any, therapist: Actor) -> None:
    course = an_awaiting_course(actor=therapist, count=2)
    referral = a_written_referral(patient=course.patient, state="signed", actor=therapist)
    Course.objects.filter(pk=course.pk).update(referral=referral)
    rows = {
        "patient": Patient.objects.filter(pk=course.patient_id),
        "course": Course.objects.filter(pk=course.pk),
        "session": course.sessions.filter(number=1),
        "referral": type(referral).objects.filter(pk=referral.pk),
    }[table]
    before = digest(read_now(course))
    rows.update(**{field: value})
    if field in ("condition", "stage", "plan"):  # a record that is no plan any more makes no document at all
        with pytest.raises((KeyError, ValueError)):
            read_now(course)
    else:
        assert digest(read_now(course)) != before
