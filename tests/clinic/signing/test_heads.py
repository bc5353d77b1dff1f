"""Heads are kept in a file that only grows, each line signed; and the proof reads them."""

from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection

from clinic.health.tasks import verify_signatures
from clinic.signing.heads import BadHead, append_heads, heads_file, read_heads
from clinic.signing.keys import keyring
from clinic.signing.models import ChainHead, Signature
from clinic.signing.tasks import export_heads
from clinic.staff.models import Role
from clinic.staff.permissions import Actor
from tests.clinic.signing.making import a_chain, a_content, signed
from tests.factories import an_actor
from tests.fixtures import without_triggers


@pytest.fixture(autouse=True)
def _own_folder(settings: Any, tmp_path: Path) -> None:
    settings.SIGNING_HEADS = tmp_path / "heads"


def test_every_clinic_with_entries_gets_a_line_and_older_lines_stay(doctor: Actor, other_clinic: Any) -> None:
    a_chain(doctor, 2)
    assert export_heads() == 1
    a_chain(an_actor(clinic=other_clinic, roles=(Role.DOCTOR,)), 1)
    signed(doctor, a_content(9))
    assert export_heads() == 2
    heads = read_heads(heads_file().read_text().splitlines(), keyring())
    assert sorted((head.clinic, head.sequence) for head in heads) == sorted(
        [(doctor.clinic.pk, 2), (doctor.clinic.pk, 3), (other_clinic.pk, 1)]
    )
    assert {head.digest for head in heads} <= set(Signature.objects.values_list("digest", flat=True))


@pytest.mark.django_db
def test_without_signatures_there_is_nothing_to_keep(capsys: pytest.CaptureFixture[str]) -> None:
    assert append_heads() == 0
    assert not heads_file().exists()
    call_command("verify", "signoff")
    assert "No head has been kept yet" in capsys.readouterr().out


@pytest.mark.parametrize(
    "spoil",
    [
        lambda line: line.replace('"sequence":2', '"sequence":1'),
        lambda line: line.replace('"clinic":', '"clinic":1'),
        lambda line: line[:-3],
        lambda line: "{} " + line.split(" ")[1],
        lambda _line: "nothing",
        lambda line: line.replace('"key_id":"', '"key_id":"0'),
    ],
)
def test_a_line_that_we_did_not_write_is_no_head(doctor: Actor, spoil: Any, capsys: pytest.CaptureFixture[str]) -> None:
    a_chain(doctor, 2)
    append_heads()
    line = heads_file().read_text().strip()
    heads_file().write_text(line + "\n\n" + spoil(line) + "\n")
    with pytest.raises(BadHead, match="line 3"):
        read_heads(heads_file().read_text().splitlines(), keyring())
    with pytest.raises(SystemExit):
        call_command("verify", "signoff")
    assert "The heads cannot be used: line 3" in capsys.readouterr().out


def test_a_head_kept_elsewhere_shows_what_ours_no_longer_does(doctor: Actor, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    a_chain(doctor, 3)
    append_heads()
    elsewhere = tmp_path / "copy.txt"
    heads_file().rename(elsewhere)
    with without_triggers(connection):
        Signature.objects.filter(sequence=3).delete()
        last = Signature.objects.get(sequence=2)
        ChainHead.objects.update(sequence=2, digest=last.digest)
    call_command("verify", "signoff")
    assert "2 entries hold; heads kept up to entry 0" in capsys.readouterr().out
    with pytest.raises(SystemExit):
        call_command("verify", "signoff", head=[elsewhere])
    said = capsys.readouterr().out
    assert "the entries after 2 were cut off: on " in said
    assert "do NOT hold" in said


@pytest.mark.django_db
def test_a_file_that_is_not_there_proves_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        call_command("verify", "signoff", head=[tmp_path / "missing.txt"])
    assert "The heads cannot be used" in capsys.readouterr().out


def test_the_worker_raises_an_alarm_when_a_signature_does_not_hold(doctor: Actor, caplog: pytest.LogCaptureFixture) -> None:
    a_chain(doctor, 3)
    assert verify_signatures()
    assert caplog.text == ""
    with without_triggers(connection):
        Signature.objects.filter(sequence=2).update(meaning="revoked")
    assert not verify_signatures()
    assert f"Clinic {doctor.clinic.pk}: broken at entry 2" in caplog.text
