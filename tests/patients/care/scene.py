"""A clinic that keeps its records to the care team, and a patient in whose care nobody is."""

from datetime import timedelta
from typing import Any

from django.test import Client
from django.utils import timezone

from clinic.staff.models import Clinic, RecordAccess, User
from clinic.staff.permissions import Actor
from patients.models import BreakGlass, Patient
from tests.factories import a_clinic, a_patient

LONG_AGO = timedelta(days=400)


def a_care_clinic(name: str = "") -> Clinic:
    return a_clinic(name=name, record_access=RecordAccess.CARE_TEAM)


def nobodys_patient(clinic: Clinic, **fields: Any) -> Patient:
    """Somebody registered long ago, by somebody who is gone."""
    patient = a_patient(clinic=clinic, **fields)
    Patient.objects.filter(pk=patient.pk).update(registered_at=timezone.now() - LONG_AGO)
    patient.refresh_from_db()
    return patient


def an_opening(patient: Patient, actor: Actor, *, minutes_ago: int = 0, **fields: Any) -> BreakGlass:
    """A record opened from outside for an hour."""
    opened = timezone.now() - timedelta(minutes=minutes_ago)
    about = {"reason": "standing-in", "words": "I stand in for Anna today", "opened_at": opened, "ends_at": opened + timedelta(hours=1)}
    return BreakGlass.objects.create(patient=patient, user=actor.user, **{**about, **fields})


def client_of(somebody: Actor | User) -> Client:
    """A browser in which this person is signed in."""
    client = Client()
    client.force_login(somebody.user if isinstance(somebody, Actor) else somebody)
    return client
