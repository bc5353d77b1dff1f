"""Administrators see who comes when, how somebody is reached and whether messages arrive: never what a record says about health.

One patient has words that occur nowhere else in every field in which people write about health. Every page that an administrator
may open is opened, and none shows one of them, nor the name of the condition, its stage, or a place on the body.
"""

from collections.abc import Iterator
from copy import copy
from datetime import timedelta
from typing import Any, Final

import pytest
from django.apps import apps
from django.db import models
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from clinic.courses import models as course
from clinic.schedule.models import Booking
from clinic.staff.access import access_of
from clinic.staff.models import Clinic, Role, User
from clinic.staff.permissions import PUBLIC, SIGNED_IN, Actor
from patients.care import guard
from patients.models import Attachment, Patient, Referral
from tests.clinic.reminders.answering_scene import a_message
from tests.clinic.signing.making import a_signed_paper
from tests.factories import a_course, a_member, an_actor
from tests.papers import a_file, a_written_referral
from tests.patients.care.scene import a_care_clinic, an_opening, client_of, nobodys_patient
from tests.schedule_factories import a_booking
from tests.trust.access import THINGS
from tests.trust.test_who_opens_a_record import Page, pages

pytestmark = [pytest.mark.django_db, pytest.mark.same_everywhere]
CANARY: Final = "canary-of-health"
# The words of the condition, its stage and a zone, as the library says them in English.
WORDS_OF_ILLNESS: Final = (CANARY, "Scoliosis", "scoliosis", "Degree I", "lumbar", "Lumbar")
# Everything in which somebody writes about a patient's health in words, and so nothing for an administrator.
OF_HEALTH: Final[dict[str, tuple[str, ...]]] = {
    "patients.patient": ("likes",),
    "patients.intake": ("put_aside_because",),
    "patients.breakglass": ("words", "review_words"),
    "patients.document": ("issued_by", "words", "withdrawn_because"),
    "patients.attachment": ("name",),
    "patients.referral": ("diagnosis", "form", "question", "answer", "reason"),
    "patients.referralmove": ("note",),
    "courses.coursemove": ("note",),
    "courses.coursereview": ("question", "note"),
    "courses.consentwithdrawal": ("note",),
    "courses.sessionrecord": ("note", "outage_note"),
    "courses.sessionmove": ("note",),
    "courses.editionmove": ("note",),
    "courses.addendum": ("text",),
    "courses.nextday": ("note",),
    "courses.acknowledgement": ("note",),
    "courses.adaptationchoice": ("note",),
    "courses.measurevalue": ("words", "reason"),
    "courses.studiodraft": ("words",),
    "courses.planedit": ("note",),
    "courses.ruleoverride": ("step", "words"),
    "signing.signature": ("content", "note", "statement"),
}
# What is written at the desk, for the desk, or is no words of people about a patient.
OF_THE_DESK: Final[dict[str, tuple[str, ...]]] = {
    "patients.patient": ("email", "guardian_name", "notes", "search_key"),
    "patients.referral": ("outside_doctor",),
    "schedule.site": ("address",),
    "schedule.bookingchange": ("note",),
    "schedule.absence": ("note",),
    "schedule.wishes": ("note",),
    "courses.consent": ("given_by_name", "drawing"),
    "courses.waiting": ("note",),
    "reminders.messagetemplate": ("subject", "body"),
    "reminders.message": ("last_error", "sent_to", "subject", "body"),  # hold no word of illness: tests/clinic/reminders
    "reminders.mailboxletter": ("sent_to", "subject", "body", "attachment"),
    "signing.signature": ("printed_name", "licence"),
    "keeping.erasure": ("words", "answer"),  # why a record is to be erased, for the two who decide
    "keeping.drill": ("file", "trouble"),
    "exchange.patientimport": ("file_name",),
}
APPS: Final = ("patients", "schedule", "courses", "reminders", "signing", "keeping", "exchange")
SHORTEST_TEXT: Final = 100  # what is shorter is a code, a name or a number
# What the library, the norms and the page of terms say is the same for everybody and about nobody; numbers of the clinic name conditions
# and no patient.
ABOUT_NOBODY: Final = ("library/", "numbers/", "schedule/norms/", "help/terms/")


def texts() -> Iterator[tuple[str, str]]:
    """Every field that takes words of people, with its model."""
    for model in (model for app in APPS for model in apps.get_app_config(app).get_models()):
        for field in model._meta.concrete_fields:
            is_long = isinstance(field, models.CharField) and not field.choices and (field.max_length or 0) >= SHORTEST_TEXT
            if isinstance(field, models.TextField) or is_long:
                yield model._meta.label_lower, field.name


def test_every_field_that_takes_words_is_of_health_or_of_the_desk() -> None:
    listed = [(label, name) for fields in (OF_HEALTH, OF_THE_DESK) for label, names in fields.items() for name in names]
    assert sorted(listed) == sorted(texts()), "Say in this file whether a new field is about health, and fill it below if it is."


def filled(model: str, by: Actor, **fields: Any) -> Any:
    """A row of this kind with the canary in every field of health, and something that fits in what else it needs."""
    kind = apps.get_model(model)
    words = dict.fromkeys(OF_HEALTH[model], CANARY) | fields
    return kind._default_manager.create(**{each.name: _fitting(each, by) for each in _needed(kind) if each.name not in words}, **words)


def _needed(kind: Any) -> Iterator[Any]:
    for field in kind._meta.concrete_fields:
        if not (field.null or field.blank or field.has_default() or field.primary_key or getattr(field, "auto_now_add", False)):
            yield field


def _fitting(field: Any, by: Actor) -> Any:
    if field.related_model is User:
        return by.user
    if field.choices:
        return field.choices[0][0]
    today: dict[Any, Any] = {models.DateTimeField: timezone.now(), models.DateField: by.clinic.today()}
    made = today | {models.JSONField: [], models.CharField: "0", models.TextField: ""}
    return next((value for kind, value in made.items() if isinstance(field, kind)), 1)


@pytest.fixture
def patient() -> Patient:
    """Somebody with everything that a record can hold, and dates before and after today."""
    clinic = a_care_clinic("Lindenhof")
    made = nobodys_patient(clinic, family_name="Canarova", likes=CANARY, notes="Rings twice")
    therapist = an_actor(clinic=clinic)
    given = {"curve_shape": "c", "convex_side": "left"}
    planned = a_course(patient=made, actor=therapist, condition="scoliosis", stage="degree-1", inputs=given, count=4)
    course.Course.objects.filter(pk=planned.pk).update(state="running", started_on=clinic.today())
    fill_papers(made, therapist)
    fill_course(planned, therapist)
    book(planned, therapist)
    return made


def fill_papers(patient: Patient, by: Actor) -> None:
    filled("patients.intake", by, patient=patient, state="discarded")
    filled("patients.document", by, patient=patient, kind="doctor-referral", withdrawn_at=timezone.now(), withdrawn_by=by.user)
    Attachment.objects.filter(pk=a_file(patient=patient).pk).update(name=CANARY)
    referral = a_written_referral(patient=patient, state="submitted", condition="scoliosis", stage="degree-1")
    Referral.objects.filter(pk=referral.pk).update(**dict.fromkeys(OF_HEALTH["patients.referral"], CANARY))
    filled("patients.referralmove", by, referral=referral, before="draft", after="submitted")
    judged: dict[str, Any] = {"reviewed_at": timezone.now(), "reviewed_by": a_member(clinic=patient.clinic), "is_justified": True}
    an_opening(patient, by, words=CANARY, review_words=CANARY, **judged)
    a_signed_paper(patient, CANARY)


def fill_course(planned: Any, by: Actor) -> None:
    """A row of everything that belongs to a course and holds words."""
    one = planned.sessions.get(number=1)
    course.Session.objects.filter(pk=one.pk).update(state="done")
    consent = course.Consent.objects.create(
        course=planned, course_version=1, course_digest="0", given_on=planned.clinic.today(), given_by_name="Anna", recorded_by=by.user,
        scope={}, sections=[], language="en", way="screen", given_as="patient",
    )  # fmt: skip
    record = filled("courses.sessionrecord", by, session=one)
    kept = filled("courses.planedit", by, course=planned, before={}, after={})
    filled("courses.ruleoverride", by, edit=kept, zone="lumbar", side="left")
    filled("courses.consentwithdrawal", by, consent=consent)
    filled("courses.sessionmove", by, session=one, before="booked", after="missed")
    for kind in ("addendum", "nextday", "acknowledgement"):
        filled(f"courses.{kind}", by, record=record)
    filled("courses.coursemove", by, course=planned, before="running", after="paused")
    for kind in ("coursereview", "adaptationchoice", "studiodraft"):
        filled(f"courses.{kind}", by, course=planned)
    filled("courses.measurevalue", by, course=planned, measure="pain")
    other = copy(planned.pinned)
    other.digest = "0" * 64
    other.save(force_insert=True)
    filled("courses.editionmove", by, course=planned, before=planned.pinned, after=other)


def book(planned: Any, by: Actor) -> None:
    """A date that is over without a word, one that was missed, and one to come; a wait and an offer."""
    today, patient = planned.clinic.today(), planned.patient
    for number, (days, state) in {2: (-3, "missed"), 3: (-1, "booked"), 4: (3, "booked")}.items():
        booking = a_booking(patient=patient, therapist=by.user, day=today + timedelta(days=days))
        course.Session.objects.filter(course=planned, number=number).update(booking=booking, state=state)
    waiting = course.Waiting.objects.create(course=planned, first_on=today, last_on=today + timedelta(days=9), added_by=by.user)
    until = timezone.now() + timedelta(minutes=15)
    hold = a_booking(patient=patient, therapist=by.user, day=today + timedelta(days=4), state="held", held_until=until)
    four = planned.sessions.get(number=4)
    course.Offer.objects.create(waiting=waiting, session=four, booking=hold, offered_by=by.user, expires_at=until)


def for_role(role: str) -> list[Page]:
    """Every page that this role may open, what the library says apart."""
    found = []
    for page in pages():
        access = access_of(page.view, page.name) or frozenset()
        if role in access and not {PUBLIC, SIGNED_IN} & access and not page.route.startswith(ABOUT_NOBODY):
            found.append(page)
    return found


def addresses(page: Page, patient: Patient) -> list[str]:
    """The address of the page for this patient, for each of the patient's dates where it is about a date; none where it is about nobody."""
    if "<" not in page.route:
        return [reverse(page.name)]
    planned = patient.courses.get()
    rows: dict[str, Any] = {
        "patients/": [patient], "feeds/patients/": [patient], "messages/patients/": [patient], "calendar/courses/": [planned],
        "calendar/bookings/": Booking.objects.filter(patient=patient, state="booked"), "messages/": patient.messages.all(),
        "calendar/offers/": course.Offer.objects.all(), "calendar/waiting/": course.Waiting.objects.all(),
    }  # fmt: skip
    first = guard.FIRST_NUMBER.match(page.route)
    others = {name: 1 for name in ("number", "merge", "member") if f":{name}>" in page.route}
    if "other" in page.route:
        others["other"] = nobodys_patient(patient.clinic).pk
    found = rows.get(first["beginning"], ()) if first else ()
    return [] if "<slug:" in page.route else [reverse(page.name, kwargs={"pk": row.pk, **others}) for row in found]


# Pages that need more made for them than a patient, with a record of the matrix: a course for the collar zone, where there is one.
MADE: Final = {
    "calendar:absent": "absence-that-hits",
    "calendar:closed": "closure-that-hits",
    "calendar:rehomed": "rehomed",
    "calendar:replanning": "planned-day",
    "calendar:held": "held-dates",
}


def shown(client: Client, url: str) -> str:
    response = client.get(url, follow=False)
    return response.content.decode(errors="replace")


def leaks(client: Client, page: Page, patient: Patient) -> Iterator[str]:
    for url in addresses(page, patient):
        body = shown(client, url)
        yield from (f"{page.name} ({url}) shows {word}" for word in WORDS_OF_ILLNESS if word in body)


def test_no_page_of_an_administrator_says_a_word_about_health(patient: Patient) -> None:
    """Nor does it to whoever treats and is outside of the patient's care, on the pages that the reception shares with them."""
    a_message(Booking.objects.filter(patient=patient, state="booked").order_by("starts_at").last())
    admin, outsider = (client_of(a_member(clinic=patient.clinic, roles=(role,))) for role in (Role.ADMIN, Role.THERAPIST))
    faults: list[str] = []
    for page in for_role(Role.ADMIN):
        faults += leaks(admin, page, patient)
        if Role.THERAPIST in (access_of(page.view, page.name) or ()):
            faults += (f"outside of care: {fault}" for fault in leaks(outsider, page, patient))
    assert not faults, "\n".join(faults)


def test_the_pages_that_were_opened_are_nearly_all_of_an_administrators(patient: Patient) -> None:
    unopened = {page.name for page in for_role(Role.ADMIN) if not addresses(page, patient)}
    assert {name for name in unopened if name.startswith(("patients:", "care:", "courses:", "feeds:", "schedule:wishes"))} <= {"care:judge"}
    assert set(MADE) <= unopened


def test_the_same_words_are_on_the_pages_of_those_in_care(patient: Patient) -> None:
    """Else the test above would hold of an empty record."""
    therapist = client_of(patient.courses.get().planned_by)
    for name in ("courses:detail", "studio:history", "day:handover"):
        body = shown(therapist, reverse(name, args=[patient.courses.get().pk]))
        assert (CANARY in body, "coliosis" in body) == (True, True), name


@pytest.mark.parametrize("name", MADE)
def test_absences_closures_and_proposed_dates_name_nobody_with_an_illness(name: str, clinic: Clinic) -> None:
    admin, thing = client_of(a_member(clinic=clinic, roles=(Role.ADMIN,))), THINGS[MADE[name]](clinic)
    body = shown(admin, reverse(name, kwargs=dict(thing.kwargs)))
    assert "Canarova" in body
    assert not [word for word in ("canary-in-the-notes", "ollar zone", "ollar area", "neck-collar") if word in body]
