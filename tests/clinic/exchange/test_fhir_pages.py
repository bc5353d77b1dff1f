"""Pages that hand out records as FHIR: after the password, to whoever is in care, with a look and a line; and protocols, to everybody."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils import translation

from clinic.audit.models import AuditLine, Look, ReadLine
from clinic.exchange.fhir import plans
from clinic.exchange.fhir.checking import faults_of
from clinic.exchange.fhir.protocols import is_accepted, plan_definition
from clinic.staff.models import Clinic, RecordAccess
from clinic.staff.permissions import Actor
from protocols.models import EntryReview
from protocols.reviewing import entries_in_force
from protocols.shelf import shipped_library
from protocols.states import ReviewState
from tests.clinic.exchange.told import AT
from tests.factories import a_course, an_actor

pytestmark = [pytest.mark.django_db, pytest.mark.same_everywhere]
Browser = Callable[[Any], Client]


def test_a_course_is_handed_out_after_the_password_with_a_look_and_a_line(
    signed_in: Browser, proved_in: Browser, therapist: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    course = a_course(actor=therapist, count=1)
    address = reverse("exchange:course-fhir", args=[course.pk])
    assert signed_in(therapist).get(address).status_code == 302
    client = proved_in(therapist)
    assert "It is not encrypted" in client.get(address).content.decode()
    answer = client.post(address)
    assert answer["Content-Type"] == "application/fhir+json"
    assert answer["Content-Disposition"] == f'attachment; filename="course-{course.pk}.fhir.json"'
    bundle = json.loads(answer.content)
    assert list(faults_of(bundle)) == []
    assert ReadLine.objects.filter(kind=Look.EXPORTED, page="exchange:course-fhir").count() == 1
    assert AuditLine.objects.get(verb="exported-fhir").details["resources"] == len(bundle["entry"])
    monkeypatch.setitem(plans.STATUS, "draft", "no-status")
    broken = client.post(address)
    assert broken.status_code == 500
    assert "Nothing was given out" in broken.content.decode()
    assert AuditLine.objects.filter(verb="exported-fhir").count() == 1


def test_nobody_outside_of_care_takes_a_record_out(proved_in: Browser, clinic: Clinic, therapist: Actor) -> None:
    Clinic.objects.filter(pk=clinic.pk).update(record_access=RecordAccess.CARE_TEAM)
    course = a_course(actor=an_actor(clinic=clinic), count=1)
    for name, number in (("exchange:patient-fhir", course.patient_id), ("exchange:course-fhir", course.pk)):
        assert proved_in(therapist).post(reverse(name, args=[number])).status_code == 403
    assert not AuditLine.objects.filter(verb="exported-fhir").exists()


@pytest.mark.parametrize("language", ["en", "ru"])
def test_every_protocol_is_a_valid_plan_definition(clinic: Clinic, language: str) -> None:
    with translation.override(language):
        for condition in shipped_library().conditions.values():
            made = plan_definition(clinic, condition, at=AT)
            assert made["status"] == "draft"
            assert len(made["action"]) == len(condition.stages)
            assert made["usage"]
            cited = [each["label"] for each in made["relatedArtifact"]]
            assert cited == [code for code in condition.sources if code in shipped_library().sources]


def test_a_protocol_is_active_once_the_review_has_accepted_all_of_it(clinic: Clinic, doctor: Actor) -> None:
    entries = (each for each in entries_in_force(clinic).values() if each.code.startswith("neck-collar"))
    for entry in [each for each in entries if each.kind in ("condition", "stage")]:
        assert not is_accepted(clinic, "neck-collar")
        said = {"digest": entry.digest, "edition": entry.edition, "state": ReviewState.ACCEPTED, "by": doctor.user}
        EntryReview.objects.create(clinic=clinic, kind=entry.kind, code=entry.code, **said)
    assert is_accepted(clinic, "neck-collar")


def test_the_command_writes_what_is_asked_for_and_leaves_a_line(capsys: pytest.CaptureFixture[str], clinic: Clinic) -> None:
    course = a_course(actor=an_actor(clinic=clinic), count=1)
    for name, number in (("course", course.pk), ("patient", course.patient_id)):
        call_command("export_fhir", **{name: number})
        assert json.loads(capsys.readouterr().out)["resourceType"] == "Bundle"
    call_command("export_fhir", protocol="neck-collar", language="ru")
    assert json.loads(capsys.readouterr().out)["language"] == "ru"
    assert AuditLine.objects.filter(verb="exported-fhir", user=None, clinic=clinic).count() == 2
    unknown: tuple[dict[str, Any], ...] = ({"course": 987654}, {"protocol": "no-such"}, {"protocol": "neck-collar", "clinic": 987654})
    for options in unknown:
        with pytest.raises(CommandError):
            call_command("export_fhir", **options)
