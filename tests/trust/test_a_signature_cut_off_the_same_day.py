"""Whoever can write to every table, and has no key, cannot take back a revocation unseen, not even within the hour (H5, F30)."""

from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection

from clinic.courses.gates import hindrances
from clinic.courses.models import Course
from clinic.courses.states import CourseState
from clinic.signing.heads import heads_file, read_heads
from clinic.signing.keys import keyring
from clinic.signing.models import ChainHead, Meaning, Signature
from clinic.staff.permissions import Actor
from tests.clinic.courses.signing_desk import an_awaiting_course
from tests.clinic.signing.making import a_chain, a_content, signed
from tests.factories import a_day_at, a_running_course
from tests.fixtures import without_triggers


def cut_off_the_last(actor: Actor) -> None:
    """As a forger would: the entry goes, and the head in the database says that it never was."""
    last = Signature.objects.filter(clinic=actor.clinic).order_by("-sequence")[0]
    with without_triggers(connection):
        Signature.objects.filter(pk=last.pk).delete()
    ChainHead.objects.filter(clinic=actor.clinic).update(sequence=last.sequence - 1, digest=last.previous_digest)


@pytest.mark.django_db
def test_a_revocation_that_is_cut_off_at_once_is_missed(
    doctor: Actor, django_capture_on_commit_callbacks: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        a_chain(doctor, 2)
        signed(doctor, a_content(2), meaning=Meaning.REVOKED)
    assert call_command("verify", "signoff") is None
    cut_off_the_last(doctor)
    with pytest.raises(SystemExit):
        call_command("verify", "signoff")
    assert "cut off" in capsys.readouterr().out


@pytest.mark.django_db
def test_every_signature_leaves_its_head_in_the_file(doctor: Actor, django_capture_on_commit_callbacks: Any) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        a_chain(doctor, 3)
    heads = read_heads(heads_file().read_text().splitlines(), keyring())
    assert [(head.sequence, head.digest) for head in heads] == list(
        Signature.objects.order_by("sequence").values_list("sequence", "digest")
    )


@pytest.mark.django_db
def test_a_disk_that_takes_no_head_takes_no_signature_back(
    doctor: Actor, settings: Any, tmp_path: Any, django_capture_on_commit_callbacks: Any, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").touch()
    settings.SIGNING_HEADS = tmp_path / "file"
    with django_capture_on_commit_callbacks(execute=True):
        a_chain(doctor, 1)
    assert Signature.objects.count() == 1
    assert "Error calling" in caplog.text


@pytest.mark.django_db
@pytest.mark.parametrize("state", [CourseState.RUNNING, CourseState.SIGNED])
def test_a_signature_written_to_another_course_lets_nothing_be_given(state: str, therapist: Actor, doctor: Actor) -> None:
    other = a_running_course(actor=therapist)
    course, on = an_awaiting_course(actor=therapist), a_day_at(therapist.clinic)
    begun = on if state == CourseState.RUNNING else None
    Course.objects.filter(pk=course.pk).update(state=state, signature=other.signature, version=other.version, started_on=begun)
    assert "signature" in {each.code for each in hindrances(Course.objects.get(pk=course.pk), on)}
