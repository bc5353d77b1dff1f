"""A copy of the record: everything that is kept, nothing about anybody else, once proved who asks."""

import io
import json
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pypdfium2
import pytest
from django.apps import apps
from django.db import models, transaction
from django.urls import reverse

from clinic.audit.models import AuditLine, Look, ReadLine
from clinic.keeping.export.packing import pack
from clinic.keeping.holdings import BY_NAME, HOLDINGS, people_of
from clinic.staff.models import Role
from patients.models import Patient
from tests.clinic.keeping.whole_record import CANARY, a_whole_record
from tests.factories import a_clinic, a_patient, an_actor

pytestmark = [pytest.mark.django_db, pytest.mark.same_everywhere]
AT = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)


@pytest.fixture(scope="module", autouse=True)
def scene(django_db_setup: None, django_db_blocker: Any) -> Iterator[dict[str, Any]]:
    """A whole record, made once."""
    with django_db_blocker.unblock(), transaction.atomic():
        clinic = a_clinic(name="Lindenhof")
        lead = an_actor(clinic=clinic, roles=(Role.CLINICAL_LEAD,))
        therapist = an_actor(clinic=clinic)
        patient = a_whole_record(therapist, in_data=False)
        a_patient(clinic=clinic, family_name="Otherperson", notes="nothing of this leaves")
        people = people_of(patient)
        with pack(people, at=AT).file as file, zipfile.ZipFile(file) as archive:
            copy = {name: archive.read(name) for name in archive.namelist()}
        yield {"clinic": clinic, "lead": lead, "therapist": therapist, "patient": patient, "copy": copy}
        transaction.set_rollback(True)


@pytest.fixture
def patient(scene: dict[str, Any]) -> Patient:
    return Patient.objects.get(pk=scene["patient"].pk)


# The list ---------------------------------------------------------------------------------------------------------------------
def test_every_table_that_leads_to_a_patient_is_named() -> None:
    """Add a new model to ``clinic.keeping.holdings``: what a copy shows of it, and when an erasure removes it."""
    named = {each.label for each in HOLDINGS}
    reached = {model._meta.label_lower for model in apps.get_models() if leads_to_a_patient(model)}
    assert reached == named
    assert not named & set(BY_NAME)


def leads_to_a_patient(model: type[models.Model], deep: int = 0) -> bool:
    """Along foreign keys, however many; not through the knowledge, which holds nobody."""
    targets = [field.related_model for field in model._meta.concrete_fields if isinstance(field.related_model, type)]
    if Patient in targets:
        return True
    further = [target for target in targets if target is not model and target._meta.app_label not in {"staff", "protocols", "signing"}]
    return deep < 6 and any(leads_to_a_patient(target, deep + 1) for target in further)


def test_a_table_that_a_copy_leaves_out_says_why() -> None:
    assert [each.label for each in HOLDINGS if each.not_copied] == ["patients.namekey"]
    assert all(each.why for each in HOLDINGS if each.goes.name == "STAYS")


# The file ---------------------------------------------------------------------------------------------------------------------
def test_a_copy_holds_every_row_of_every_table(scene: dict[str, Any], patient: Patient) -> None:
    told = json.loads(scene["copy"]["record.json"])
    for each in HOLDINGS:
        if not each.not_copied:
            assert len(told[each.label]) == each.rows(people_of(patient)).count(), each.label
    assert told["signatures"]
    assert all(line["what"] for line in told["opened_and_changed"])
    assert f"{CANARY} sessionrecord note" in json.dumps(told)


def test_a_copy_says_nothing_about_anybody_else_and_hands_out_no_key(scene: dict[str, Any]) -> None:
    everything = b"".join(scene["copy"].values()).decode("latin-1")
    assert "Otherperson" not in everything
    assert "nothing of this leaves" not in everything
    told = json.loads(scene["copy"]["record.json"])
    assert "token_digest" not in told["patients.intakelink"][0]
    assert "stored_as" not in told["patients.attachment"][0]


def test_the_same_record_gives_the_same_bytes(patient: Patient) -> None:
    with pack(people_of(patient), at=AT).file as one, pack(people_of(patient), at=AT).file as other:
        assert one.read() == other.read()


def test_there_is_something_to_read_and_the_files_are_in_it(scene: dict[str, Any]) -> None:
    copy = scene["copy"]
    assert sorted(name for name in copy if "/" not in name) == ["README.txt", "fhir.json", "record.json", "record.pdf"]
    assert [copy[name][:4] for name in copy if name.startswith("files/")] == [b"\x89PNG"]
    assert json.loads(copy["fhir.json"])["resourceType"] == "Bundle"
    pages = pypdfium2.PdfDocument(io.BytesIO(copy["record.pdf"]))
    words = "".join(page.get_textpage().get_text_range() for page in pages)
    assert "Who opened or changed this record" in words
    assert CANARY in words


def test_a_patient_who_reads_russian_gets_it_in_russian(patient: Patient) -> None:
    patient.language = "ru"
    with pack((patient,), at=AT).file as file, zipfile.ZipFile(file) as archive:
        assert "record.pdf" in archive.read("README.txt").decode()


# The page ---------------------------------------------------------------------------------------------------------------------
def test_handing_out_leaves_a_look_and_a_line_with_counts(scene: dict[str, Any], patient: Patient, proved_in: Any) -> None:
    answer = proved_in(scene["lead"]).post(reverse("keeping:copy-file", args=[patient.pk]))
    assert answer.status_code == 200
    assert zipfile.ZipFile(io.BytesIO(answer.getvalue())).testzip() is None
    assert ReadLine.objects.filter(kind=Look.EXPORTED, subject_id=str(patient.pk), user=scene["lead"].user).count() == 1
    line = AuditLine.objects.get(verb="exported-record")
    assert line.details["counts"]["courses.course"] == 1
    assert line.details["counts"]["files"] == 1


def test_who_did_not_prove_again_who_they_are_gets_no_copy(scene: dict[str, Any], patient: Patient, signed_in: Any) -> None:
    answer = signed_in(scene["lead"]).post(reverse("keeping:copy-file", args=[patient.pk]))
    assert answer.status_code == 302
    assert "reauthenticate" in answer["Location"]
    assert not AuditLine.objects.filter(verb="exported-record").exists()


def test_a_therapist_hands_out_no_copy(scene: dict[str, Any], patient: Patient, proved_in: Any) -> None:
    assert proved_in(scene["therapist"]).get(reverse("keeping:copy", args=[patient.pk])).status_code == 403
