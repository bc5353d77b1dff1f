"""What the demo lacks and a picture needs: made inside the demo's own process, which tells by one line of JSON where it is.

``manage.py shell -c "from clinic.pictures.making import tell; tell()"`` in the environment of the demo; see ``house.made``.
"""

import json
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import uuid4

from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.test import RequestFactory
from django.urls import reverse
from django.utils import timezone

from clinic.courses.actions import start_session, take_back_start
from clinic.courses.demo import address
from clinic.courses.demo_days import agree, ask_quiet_day
from clinic.courses.models import Course, SessionStart
from clinic.courses.queries import records_of
from clinic.courses.states import CourseState
from clinic.reminders.links import link_for
from clinic.reminders.models import Message
from clinic.reminders.states import Kind, Purpose
from clinic.schedule.models import Booking
from clinic.staff.inviting import Invitee, invite_staff, renew_invitation
from clinic.staff.models import Clinic, Invitation, Role, User
from clinic.staff.permissions import ActionDenied, Actor
from clinic.staff.starting import password_link
from clinic.web import trouble
from clinic.web.breakdowns import Breakdown
from patients.actions import keep_intake_draft, register_patient
from patients.actions.links import make_intake_link
from patients.models import Intake, IntakeChannel, Patient
from patients.states import IntakeState
from protocols.editions.queries import library_in_force
from protocols.models import Variant

# Nobody of the demo: whoever follows the link of the form must know this day.
BORN: Final = date(1980, 1, 2)
NEWCOMER: Final = {"family_name": "Newcomer", "given_name": "Nora", "born_on": BORN, "sex": "female", "language": "en"}
INVITED: Final = Invitee(email="newcomer@demo.example", full_name="Nils Newcomer", language="en", roles=(Role.THERAPIST,))
WHILE_IT_RUNS: Final = timedelta(minutes=5)
A_DAY: Final = timedelta(days=1)


def tell() -> None:
    """Prints where everything is: ``starts`` (role -> addresses to walk from), ``links`` and ``drawn`` (name -> address, or page)."""
    clinic = Clinic.objects.order_by("pk")[0]
    links = {**_links_of_messages(clinic), **_links_of_people(clinic)}
    print(json.dumps({"starts": _starts(clinic), "links": links, "drawn": dict(_drawn())}))  # noqa: T201  # read by another process


def actor_of(clinic: Clinic, name: str, role: Role) -> Actor:
    """Somebody of the demo, acting in this role."""
    return Actor(User.objects.get(email=address(name)), clinic, frozenset({str(role)}))


# Pages that links lead to only while something is under way -------------------------------------------------------------------
def _starts(clinic: Clinic) -> dict[str, list[str]]:
    begun = _begun_session(clinic)
    giver = [reverse("day:player", args=[begun.pk]), reverse("day:finish", args=[begun.pk])] if begun else []
    running = Course.objects.filter(clinic=clinic, state=CourseState.RUNNING).order_by("pk")[0]
    new = _newcomer(clinic)
    variants = Variant.objects.filter(clinic=clinic).order_by("pk")
    two = list(Patient.objects.filter(clinic=clinic, merged_into=None).order_by("pk")[:2])
    return {
        "therapist": [
            *giver,
            reverse("day:emergency", args=[running.pk, 1]),
            reverse("patients:intake-details", args=[_begun_form(clinic).patient_id]),
            reverse("patients:intake-declaration", args=[_begun_form(clinic).patient_id]),
            reverse("patients:waiting"),
            reverse("patients:detail", args=[new.pk]),
            reverse("home:first-steps"),
            reverse("home:work"),
        ],
        "admin": [reverse("patients:compare", args=[each.pk for each in two])],
        "lead": [
            reverse("packs:import"),
            *(reverse(name, args=[variant.pk]) for variant in variants[:1] for name in ("rulebook:rules", "rulebook:own-new")),
            *(reverse(name, args=[variant.pk]) for variant in variants[:1] for name in ("rulebook:course-rules", "testbench:new-case")),
        ],
    }


def _begun_session(clinic: Clinic) -> SessionStart | None:
    """A session that is given now: on a Sunday nobody of the demo comes, so the first course that may is begun."""
    begun = SessionStart.objects.filter(session__course__clinic=clinic, session__record=None, is_taken_back=False).order_by("pk").first()
    now = timezone.now()
    if begun is not None and now - begun.started_at > WHILE_IT_RUNS:  # in a clinic that was kept
        take_back_start(start=begun, note="Begun anew.", now=now, actor=actor_of(clinic, "anna", Role.THERAPIST))
        begun = None
    running = Course.objects.filter(clinic=clinic, state=CourseState.RUNNING).order_by("pk")
    return begun or next(filter(None, map(_start, running)), None)


def _start(course: Course) -> SessionStart | None:
    """The next session of this course, begun with nothing new to say; None where something stands in its way."""
    actor, now = actor_of(course.clinic, "anna", Role.THERAPIST), timezone.now()
    try:
        with transaction.atomic():
            asked = ask_quiet_day(course, on=course.clinic.today(), actor=actor)
            agree(asked, on=course.clinic.today(), actor=actor)
            number = len(records_of(asked)) + 1
            pressed: dict[str, Any] = {"key": uuid4().hex, "version": asked.version, "stands_in": True}
            return start_session(course=asked, number=number, on=course.clinic.today(), now=now, actor=actor, **pressed)
    except ActionDenied:
        return None


def _newcomer(clinic: Clinic) -> Patient:
    """Somebody with nothing on the record yet."""
    found = Patient.objects.filter(clinic=clinic, family_name=NEWCOMER["family_name"], born_on=BORN).first()
    return found or register_patient(details=NEWCOMER, actor=actor_of(clinic, "boris", Role.ADMIN))


def _begun_form(clinic: Clinic) -> Intake:
    """A form that staff have begun."""
    found = Intake.objects.filter(patient__clinic=clinic, state=IntakeState.DRAFT, links=None).order_by("pk").first()
    if found is not None:
        return found
    patient = Patient.objects.filter(clinic=clinic, intakes=None).exclude(pk=_newcomer(clinic).pk).order_by("pk")[0]
    edition, actor = library_in_force(clinic).edition, actor_of(clinic, "anna", Role.THERAPIST)
    return keep_intake_draft(patient=patient, gate={}, replies={}, edition=edition, given_by="patient", actor=actor)


# What patients and future colleagues hold --------------------------------------------------------------------------------------
def _links_of_messages(clinic: Clinic) -> dict[str, str]:
    """One link for each kind of page behind ``/r/``."""
    now = timezone.now()
    coming = Booking.objects.filter(clinic=clinic, starts_at__gt=now + A_DAY, state="booked", patient__merged_into=None)
    date_to_come = coming.select_related("clinic", "patient").order_by("starts_at", "pk")[0]
    wanted = {"answer-date": Kind.REMINDER_DAY, "answer-dates": Kind.DATES, "answer-question": Kind.NEXT_MORNING}
    sent = {name: _message(date_to_come, kind, now) for name, kind in wanted.items()}
    paths = {name: link_for(message, Purpose.ANSWER) for name, message in sent.items()}
    return {**paths, "answer-stop": link_for(sent["answer-date"], Purpose.STOP)}


def _message(booking: Booking, kind: str, now: datetime) -> Message:
    """A message of this kind as if it had been sent about this date; the same one the next time."""
    told = {"dates": [[booking.pk, booking.starts_at.isoformat(), ""]]}
    about = booking if kind == Kind.REMINDER_DAY else None
    usual: dict[str, Any] = {"state": "sent", "due_at": now, "sent_at": now, "language": "en", "not_after": booking.starts_at}
    usual |= {"fields": told, "booking": about, "channel": "email", "clinic": booking.clinic}
    return Message.objects.get_or_create(patient=booking.patient, kind=kind, about=f"picture:{booking.pk}", defaults=usual)[0]


def _links_of_people(clinic: Clinic) -> dict[str, str]:
    """The form of a patient, an invitation, and a new password."""
    admin = actor_of(clinic, "boris", Role.ADMIN)
    _link, form = make_intake_link(patient=_newcomer(clinic), channel=IntakeChannel.LINK, actor=admin)
    open_one = Invitation.objects.filter(clinic=clinic, email=INVITED.email).order_by("-pk").first()
    renewed = renew_invitation(invitation=open_one, actor=admin) if open_one else invite_staff(clinic=clinic, invitee=INVITED, actor=admin)
    password = password_link(User.objects.get(email=address("irina")))  # who signs in meanwhile ends it
    return {
        "intake-link": reverse("intake-link:open", args=[form]),
        "invitation": reverse("invitation", args=[renewed[1]]),
        "new-password": password[password.index("/accounts/") :],
    }


# What is shown when something went wrong ---------------------------------------------------------------------------------------
def _drawn() -> Iterator[tuple[str, str]]:
    """Pages that no address leads to, drawn as their views draw them."""
    pages: dict[str, Callable[[HttpRequest], HttpResponse]] = {
        "400": lambda request: render(request, "400.html", status=400),
        "429": lambda request: render(request, "429.html", status=429),
        "500": trouble.failure_page,
        "409": lambda request: trouble.overtaken_page(request, "Anna Sommer kept other dates a moment ago.", back="/today/"),
        **{f"503-{each.name.lower()}": _breakdown(each) for each in Breakdown},
    }
    for name, draw in pages.items():
        request = RequestFactory().get("/")
        request.user = AnonymousUser()
        yield name, draw(request).content.decode()


def _breakdown(which: Breakdown) -> Callable[[HttpRequest], HttpResponse]:
    return lambda request: trouble.breakdown_page(request, which)
