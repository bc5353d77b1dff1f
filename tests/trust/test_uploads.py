"""Uploads: what is hostile is refused or made harmless, what is kept goes out as a download only, and no file is without its row."""

import errno
import io
import logging
import os
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile, UploadedFile
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse
from PIL import Image

from clinic.audit.models import AuditLine, Look, ReadLine
from clinic.staff.models import Role
from clinic.staff.permissions import ActionDenied, Actor
from patients import stored_files
from patients.actions import withdraw_document
from patients.actions.files import MOST_FILES, attach_file, kept_file, remove_orphan_files
from patients.models import Attachment, Document, Patient
from patients.uploaded_pdf import check_pdf
from patients.uploads import JPEG, PDF, PNG, Upload, UploadRefused, harmless_name, read_upload
from tests.each import of_each
from tests.factories import a_document, a_patient, an_actor
from tests.trust import hostile_files as hostile

SignedIn = Callable[[Any], Client]


@pytest.fixture(autouse=True)
def _folder_of_this_test(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def document(therapist: Actor) -> Document:
    return a_document(patient=a_patient(clinic=therapist.clinic), rules=["ca-16"], actor=therapist)


def an_upload(content: bytes | None = None) -> Upload:
    return read_upload(io.BytesIO(content or hostile.a_picture("PNG")), "scan.png")


def attached(document: Document, actor: Actor, content: bytes | None = None) -> Attachment:
    with kept_file(an_upload(content)) as file:
        assert file is not None
        return attach_file(document=document, file=file, actor=actor)


def stored(tmp_path: Path) -> list[Path]:
    return [path for path in tmp_path.rglob("*") if path.is_file()]


# What is taken -------------------------------------------------------------------------------------------------------------
def test_the_corpus_is_large() -> None:
    assert len(hostile.REFUSED) + len(hostile.CLEANED) + len(hostile.NAMES) >= 60


@of_each("kind", hostile.REFUSED)
def test_a_hostile_file_is_refused_with_a_sentence(kind: str) -> None:
    name, made = hostile.REFUSED[kind]
    with pytest.raises(UploadRefused, match=r"^[A-Z].*\.$"):
        read_upload(io.BytesIO(made()), name)


@pytest.mark.parametrize("kind", hostile.CLEANED)
def test_a_picture_is_drawn_anew_and_keeps_nothing_but_its_pixels(kind: str) -> None:
    name, made = hostile.CLEANED[kind]
    kept = read_upload(io.BytesIO(made()), name)
    assert not any(mark in kept.content for mark in (hostile.SCRIPT, b"PK\x03\x04", b"MZ", b"Exif", b"tEXt"))
    with Image.open(io.BytesIO(kept.content)) as picture:
        picture.load()
        assert not picture.getexif()


@pytest.mark.parametrize("sent", hostile.NAMES)
def test_a_name_is_made_harmless(sent: str) -> None:
    assert harmless_name(sent, PNG) == hostile.NAMES[sent]


def test_what_a_scanner_makes_is_taken() -> None:
    for content, content_type in ((hostile.a_pdf(), PDF), (hostile.a_picture("JPEG"), JPEG), (hostile.a_picture("PNG", mode="RGBA"), PNG)):
        assert read_upload(io.BytesIO(content), "x").content_type == content_type
    packed = hostile.a_pdf(
        hostile.an_object_stream(b"<< /Type /Font >>"),
        hostile.a_stream(b"BT (letter) Tj ET"),
        hostile.a_stream(hostile.a_picture("JPEG"), b"/Filter /DCTDecode", packed=False),
        root=hostile.CATALOG % b"/OpenAction [3 0 R /Fit]",
    )
    check_pdf(packed)
    check_pdf(hostile.a_pdf(hostile.an_object_stream(b"<< >>", b"", packed=False)))


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_a_picture_of_any_colours_is_taken(mode: str) -> None:
    assert read_upload(io.BytesIO(hostile.a_picture("PNG", mode=mode)), "x.png").content.startswith(b"\x89PNG")


def test_a_photo_keeps_upright_without_its_notes() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # taken with the camera on its side
    out = io.BytesIO()
    Image.new("RGB", (40, 20)).save(out, "JPEG", exif=exif)
    with Image.open(io.BytesIO(read_upload(io.BytesIO(out.getvalue()), "x.jpg").content)) as picture:
        assert picture.size == (20, 40)


# Where it lies -------------------------------------------------------------------------------------------------------------
@pytest.mark.same_everywhere
@pytest.mark.django_db
def test_a_file_lies_outside_of_the_web_root_under_a_name_of_chance_and_closed_to_others(
    document: Document, therapist: Actor, tmp_path: Path, settings: Any
) -> None:
    attachment = attached(document, therapist)
    (path,) = stored(tmp_path)
    assert path.name == attachment.stored_as
    assert "scan" not in str(path.relative_to(tmp_path))
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) & 0o077 == 0
    assert stored_files.stored_content(attachment.stored_as, attachment.sha256) == path.read_bytes()
    line = AuditLine.objects.get(verb="attached-file")
    assert line.details["sha256"] == attachment.sha256
    assert not any(str(settings.MEDIA_ROOT).startswith(str(each)) for each in settings.STATICFILES_DIRS)


@pytest.mark.django_db
def test_a_transaction_that_fails_leaves_no_file(document: Document, therapist: Actor, tmp_path: Path) -> None:
    def fails_after(deed: Callable[[Any], Any]) -> None:
        with kept_file(an_upload()) as file, transaction.atomic():
            deed(file)
            raise DatabaseError("the disk is full")

    with pytest.raises(DatabaseError):
        fails_after(lambda file: attach_file(document=document, file=file, actor=therapist))
    assert not stored(tmp_path)
    assert not Attachment.objects.exists()


@pytest.mark.django_db
def test_a_file_that_no_row_names_is_removed_after_a_day(
    document: Document, therapist: Actor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = attached(document, therapist)
    orphan = stored_files.store(b"left behind by a machine that stopped")
    assert remove_orphan_files() == 0  # its transaction may still be under way
    monkeypatch.setattr("patients.actions.files.SETTLED_SECONDS", -1)
    assert (remove_orphan_files(), remove_orphan_files()) == (1, 0)
    assert [path.name for path in stored(tmp_path)] == [kept.stored_as]
    assert orphan != kept.stored_as


@pytest.mark.django_db
def test_a_withdrawn_document_gets_no_file_and_none_gets_too_many(document: Document, therapist: Actor, tmp_path: Path) -> None:
    Attachment.objects.bulk_create(
        Attachment(patient=document.patient, document=document, name="x", content_type=PNG, size=1, sha256="", stored_as=f"{number:048x}",
                   uploaded_by=therapist.user)
        for number in range(MOST_FILES)
    )  # fmt: skip
    with pytest.raises(ActionDenied, match="at most 20 files"):
        attached(document, therapist)
    withdraw_document(document=document, reason="A slip", actor=therapist)
    with pytest.raises(ActionDenied, match="withdrawn"):
        attached(document, therapist)
    assert not stored(tmp_path)


@pytest.mark.parametrize("name", ["../../etc/passwd", "", "a" * 47, "G" * 48, "/etc/passwd"])
def test_no_name_in_a_record_leads_out_of_the_folder(name: str) -> None:
    with pytest.raises(stored_files.FileMissing):
        stored_files.stored_content(name, "")


# How it goes out -----------------------------------------------------------------------------------------------------------
def address(attachment: Attachment) -> str:
    return reverse("patients:document-file", args=[attachment.patient_id, attachment.pk])


@pytest.mark.same_everywhere
@pytest.mark.django_db
@pytest.mark.parametrize("made", [hostile.a_pdf, lambda: hostile.a_picture("JPEG"), lambda: hostile.a_picture("PNG")])
def test_a_file_goes_out_as_a_download_that_no_browser_runs(
    document: Document, therapist: Actor, signed_in: SignedIn, made: Callable[[], bytes]
) -> None:
    attachment = attached(document, therapist, made())
    ReadLine.objects.count()
    answer = signed_in(therapist).get(address(attachment))
    assert answer.status_code == 200
    assert answer["Content-Disposition"].startswith("attachment; filename=")
    assert answer["Content-Type"] == attachment.content_type
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Cache-Control"] == "no-store, private"
    assert stored_files.stored_content(attachment.stored_as, attachment.sha256) == answer.content
    look = ReadLine.objects.get()
    assert (look.kind, look.subject_id) == (Look.EXPORTED, str(document.patient_id))


@pytest.mark.django_db
def test_another_clinic_and_another_patient_have_no_such_file(
    document: Document, therapist: Actor, stranger: Actor, clinic_admin: Actor, signed_in: SignedIn
) -> None:
    attachment = attached(document, therapist)
    other = a_patient(clinic=therapist.clinic)
    assert signed_in(stranger).get(address(attachment)).status_code == 404
    assert signed_in(clinic_admin).get(address(attachment)).status_code == 403
    assert signed_in(therapist).get(reverse("patients:document-file", args=[other.pk, attachment.pk])).status_code == 404


@pytest.mark.same_everywhere
@pytest.mark.django_db
@pytest.mark.parametrize("what", ["missing", "changed", "a link elsewhere"])
def test_a_file_that_is_gone_or_changed_is_told_and_never_given_out(
    document: Document, therapist: Actor, signed_in: SignedIn, tmp_path: Path, caplog: pytest.LogCaptureFixture, what: str
) -> None:
    attachment = attached(document, therapist)
    (path,) = stored(tmp_path)
    if what == "changed":
        path.write_bytes(b"<script>")
    else:
        path.unlink()
    if what == "a link elsewhere":
        (tmp_path / "secret").write_bytes(b"secret")
        path.symlink_to(tmp_path / "secret")
    with caplog.at_level(logging.ERROR):
        answer = signed_in(therapist).get(address(attachment))
    assert answer.status_code == 410
    words = "no longer the one that was uploaded" if what == "changed" else "not on the disk"
    assert words in answer.content.decode()
    assert b"secret" not in answer.content
    assert "cannot be given out" in caplog.text
    assert "Weber" not in caplog.text


# By the pages --------------------------------------------------------------------------------------------------------------
def paper(**fields: Any) -> dict[str, Any]:
    return {"kind": "cardiologist-note", "issued_on": "2026-01-05", "issued_by": "Dr Koch", "rules": ["ca-16"]} | fields


@pytest.mark.django_db
def test_a_scan_comes_with_its_document_or_later(therapist: Actor, signed_in: SignedIn) -> None:
    patient, client = a_patient(clinic=therapist.clinic), signed_in(therapist)
    scan = SimpleUploadedFile("note 1.html", hostile.a_picture("JPEG"), content_type="text/html")
    page = reverse("patients:document-new", args=[patient.pk])
    assert client.post(page, paper(file=scan)).status_code == 303
    attachment = Attachment.objects.get()
    assert (attachment.name, attachment.content_type) == ("note 1.jpg", JPEG)
    later = reverse("patients:document-file-new", args=[patient.pk, attachment.document_id])
    assert client.get(later).status_code == 200
    assert client.post(later, {"file": SimpleUploadedFile("page 2.pdf", hostile.a_pdf())}).status_code == 303
    shown = client.get(reverse("patients:detail", args=[patient.pk])).content.decode()
    assert "note 1.jpg" in shown
    assert "page 2.pdf" in shown


@pytest.mark.same_everywhere
@pytest.mark.django_db
def test_a_huge_file_is_let_go_as_it_arrives(therapist: Actor, signed_in: SignedIn, settings: Any) -> None:
    settings.UPLOAD_MAX_BYTES = 200_000
    patient, client = a_patient(clinic=therapist.clinic), signed_in(therapist)
    page = reverse("patients:document-new", args=[patient.pk])
    answer = client.post(page, paper(file=SimpleUploadedFile("x.png", hostile.a_picture("PNG") + bytes(3_000_000))))
    assert answer.status_code == 422
    assert "larger than" in answer.content.decode()
    kept = cast("UploadedFile[Any]", answer.wsgi_request.FILES["file"])
    assert kept.size is not None
    assert kept.size < 300_000
    assert not Document.objects.exists()


@pytest.mark.django_db
def test_a_refused_file_leaves_neither_document_nor_file(therapist: Actor, signed_in: SignedIn, tmp_path: Path) -> None:
    patient, client = a_patient(clinic=therapist.clinic), signed_in(therapist)
    page = reverse("patients:document-new", args=[patient.pk])
    answer = client.post(page, paper(file=SimpleUploadedFile("x.pdf", b"<html>")))
    assert answer.status_code == 422
    assert "no PDF, JPEG or PNG" in answer.content.decode()
    assert client.post(page, paper(file=SimpleUploadedFile("x.pdf", hostile.a_pdf()), issued_by="")).status_code == 422
    assert not Document.objects.exists()
    assert not stored(tmp_path)


@pytest.mark.django_db
@pytest.mark.same_everywhere
def test_a_disk_that_is_full_is_told_with_what_was_typed_and_leaves_nothing(
    therapist: Actor, signed_in: SignedIn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_number: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    patient, client = a_patient(clinic=therapist.clinic), signed_in(therapist)
    client.raise_request_exception = False
    sent = paper(file=SimpleUploadedFile("x.pdf", hostile.a_pdf()), issued_by="Dr Weber of Musterstadt")
    answer = client.post(reverse("patients:document-new", args=[patient.pk]), sent, headers={"origin": "http://testserver"})
    assert answer.status_code == 503
    assert b"The server has no room to write" in answer.content
    assert b"Dr Weber of Musterstadt" in answer.content
    assert b"to be entered anew: File" in b" ".join(answer.content.split())
    assert not Document.objects.exists()
    assert not stored(tmp_path)


@pytest.mark.django_db
def test_a_form_sent_twice_keeps_one_file(therapist: Actor, signed_in: SignedIn, tmp_path: Path) -> None:
    patient, client = a_patient(clinic=therapist.clinic), signed_in(therapist)
    page = reverse("patients:document-new", args=[patient.pk])
    for _time in range(2):
        scan = SimpleUploadedFile("x.pdf", hostile.a_pdf())
        assert client.post(page, paper(file=scan, once="a" * 32)).status_code == 303
    assert (Document.objects.count(), len(stored(tmp_path))) == (1, 1)


@pytest.mark.same_everywhere  # who may; what they may is done in each database by the tests around
@pytest.mark.django_db
@pytest.mark.parametrize("role", list(Role))
def test_those_who_treat_add_files_and_nobody_else(role: Role) -> None:
    actor = an_actor(roles=(role,))
    document = a_document(patient=a_patient(clinic=actor.clinic), rules=["ca-16"])
    if role in (Role.THERAPIST, Role.DOCTOR, Role.CLINICAL_LEAD):
        assert attached(document, actor).document == document
    else:
        with pytest.raises(ActionDenied):
            attached(document, actor)


@pytest.mark.django_db
def test_a_paper_does_nothing_after_the_last_day_that_stands_on_it(therapist: Actor, signed_in: SignedIn) -> None:
    patient: Patient = a_patient(clinic=therapist.clinic)
    page, client = reverse("patients:document-new", args=[patient.pk]), signed_in(therapist)
    answer = client.post(page, paper(valid_until="2026-01-04"))
    assert "over before it was issued" in answer.content.decode()
    assert client.post(page, paper(valid_until="2026-01-06")).status_code == 303
