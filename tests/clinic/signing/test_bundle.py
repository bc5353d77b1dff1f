"""An exported signature is checked away from Tactus, by one file that stands alone."""

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse

from clinic.audit.models import Look, ReadLine
from clinic.signing import verify_bundle
from clinic.signing.content import digest
from clinic.signing.intents import Proof, make_intent, nonce_of, session_digest
from clinic.signing.keys import KeyFiles, make_key, our_files
from clinic.signing.models import Meaning, Method, Signature
from clinic.signing.passkeys import challenge
from clinic.signing.queries import bundle_of
from clinic.signing.subjects import register_subject
from clinic.staff.permissions import Actor
from tests.clinic.signing.making import a_content, a_request, signed
from tests.clinic.signing.soft_passkey import SoftPasskey
from tests.factories import a_patient

# A file is read; the chain that it comes from is written there by test_actions.
pytestmark = pytest.mark.same_everywhere


def with_passkey(doctor: Actor) -> Signature:
    passkey, request, content = SoftPasskey(), a_request(doctor), a_content()
    passkey.enroll(doctor.user)
    intent = make_intent(content, request)
    answer = passkey.answer(challenge(digest(content), Meaning.APPROVED, nonce_of(intent)))
    return signed(doctor, content, intent=intent, proof=Proof(Method.PASSKEY, session_digest(request), answer))


def public_key(row: Signature) -> Path:
    return our_files().keyring / f"{row.key_id}.pub"


def ends(bundle: Any, key: Path, tmp_path: Path) -> int:
    file = tmp_path / "signature.json"
    file.write_text(bundle if isinstance(bundle, str) else json.dumps(bundle), encoding="utf-8")
    return verify_bundle.main([str(file), "--key", str(key)])


@pytest.mark.parametrize("make", [signed, with_passkey])
def test_an_exported_signature_holds(doctor: Actor, make: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    row = make(doctor)
    assert ends(bundle_of(row), public_key(row), tmp_path) == 0
    said = capsys.readouterr().out
    assert f"holds: approved by {doctor.user.full_name}" in said
    assert "Ten sessions" in said


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("content", "Ten sessions", "Two sessions"),
        ("statement", '"meaning":"approved"', '"meaning":"refused"'),
        ("statement", '"nonce":"', '"nonce":"0'),
        ("signature", "", "AA"),
        ("statement", "{", ""),
    ],
)
@pytest.mark.parametrize("make", [signed, with_passkey])
def test_an_exported_signature_that_was_changed_does_not_hold(
    doctor: Actor, make: Any, name: str, old: str, new: str, tmp_path: Path
) -> None:
    row = make(doctor)
    bundle = bundle_of(row)
    assert ends({**bundle, name: bundle[name].replace(old, new, 1)}, public_key(row), tmp_path) == 1


@pytest.mark.parametrize("name", ["client_data", "authenticator_data", "signature", "public_key"])
def test_a_passkey_is_checked_by_itself(doctor: Actor, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    said = json.loads(with_passkey(doctor).statement)
    verify_bundle._check_passkey(said)
    text = said["evidence"][name]
    said["evidence"][name] = text[:-6] + ("AAAAAA" if not text.endswith("AAAAAA") else "BBBBBB")
    with pytest.raises((verify_bundle.DoesNotHold, ValueError)):
        verify_bundle._check_passkey(said)


def test_another_clinic_s_key_proves_nothing(doctor: Actor, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    other = KeyFiles(tmp_path / "other", "test")
    key = make_key(other)
    assert ends(bundle_of(signed(doctor)), other.keyring / f"{key}.pub", tmp_path) == 1
    assert "another key" in capsys.readouterr().out


@pytest.mark.parametrize("bundle", ["", "[]", "{}", "null"])
def test_what_is_no_export_does_not_hold(doctor: Actor, bundle: str, tmp_path: Path) -> None:
    assert ends(bundle, public_key(signed(doctor)), tmp_path) == 1


def test_the_file_needs_nothing_of_the_project(doctor: Actor, tmp_path: Path) -> None:
    row = signed(doctor)
    alone = Path(shutil.copy(verify_bundle.__file__, tmp_path / "verify_bundle.py"))
    (tmp_path / "signature.json").write_text(json.dumps(bundle_of(row)), encoding="utf-8")
    command = [sys.executable, "-I", str(alone), "signature.json", "--key", str(public_key(row))]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_the_download_is_the_bundle_and_leaves_a_line(doctor: Actor, clinic: Any, signed_in: Any, tmp_path: Path) -> None:
    patient = a_patient(clinic=clinic)
    register_subject("paper-of-a-test", lambda at, subject: at.patients.filter(pk=subject.rpartition(":")[2]).first())
    row = signed(doctor, a_content(kind="paper-of-a-test", subject=f"patients.patient:{patient.pk}"))
    answer = signed_in(doctor).get(reverse("signing:bundle", args=[row.pk]))
    assert answer["Content-Disposition"] == f'attachment; filename="signature-{row.pk}.json"'
    assert ends(answer.json(), public_key(row), tmp_path) == 0
    assert ReadLine.objects.get(subject_id=str(patient.pk)).kind == Look.EXPORTED
