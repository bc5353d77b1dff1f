"""Whether a backup comes back is tried, and what was found is kept (trust.md F45, F47)."""

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from clinic import checks
from clinic.audit.models import AuditLine
from clinic.environment import BadSetting
from clinic.keeping import queries, tasks
from clinic.keeping.backups.actions import record_drill, record_drill_from_elsewhere
from clinic.keeping.backups.crypt import new_identity
from clinic.keeping.backups.databases import PostgresDatabase, our_database
from clinic.keeping.backups.drilling import Report, digest_of, read_report
from clinic.keeping.backups.looking import look_through
from clinic.keeping.backups.naming import backups_in
from clinic.keeping.backups.places import place_of
from clinic.keeping.backups.standing import UNFINISHED
from clinic.keeping.backups.trouble import BackupTrouble
from clinic.keeping.models import Drill
from clinic.signing.keys import signing_key
from clinic.staff.permissions import Actor
from tests.factories import a_patient
from tests.fixtures import without_triggers

ASKED = {"mode": "test", "heads": [], "migrate": False}


def a_report(**other: Any) -> Report:
    now = timezone.now()
    said = Report(now - timedelta(minutes=5), now, "tactus-20260101T000000Z.tar.age", "d" * 64, now - timedelta(hours=9), 7, "")
    return replace(said, **other)


# When it is late ------------------------------------------------------------------------------------------------------------
@pytest.mark.django_db
def test_a_drill_is_late_after_eight_days_and_one_with_trouble_does_not_count() -> None:
    now = timezone.now()
    assert queries.drill_is_late(now)
    good = record_drill(report=a_report(started_at=now - timedelta(days=8, minutes=1), finished_at=now - timedelta(days=8)))
    assert not queries.drill_is_late(now)
    assert queries.drill_is_late(now + timedelta(seconds=1))
    record_drill(report=a_report(trouble="The disk is full."))
    assert queries.last_good_drill() == good
    assert queries.drill_is_late(now + timedelta(seconds=1))


@pytest.mark.django_db
def test_a_drill_leaves_a_line_in_the_audit() -> None:
    drill = record_drill(report=a_report(trouble="It was cut off."))
    line = AuditLine.objects.get(verb="drilled-backup")
    assert line.subject_id == str(drill.pk)
    assert line.details == {"file": drill.file, "sha256": drill.digest, "is_good": False}


def test_the_last_backup_is_the_newest_by_its_name(tmp_path: Path) -> None:
    assert queries.last_backup(tmp_path) is None
    for day in (3, 5, 4):
        (tmp_path / f"tactus-2026010{day}T000000Z.tar.age").touch()
    last = queries.last_backup(tmp_path)
    assert last is not None
    assert last.taken_at.day == 5


# Elsewhere ------------------------------------------------------------------------------------------------------------------
@pytest.mark.django_db
def test_a_report_from_another_machine_counts_only_for_a_backup_that_lies_here(tmp_path: Path) -> None:
    file = tmp_path / "tactus-20260101T000000Z.tar.age"
    file.write_bytes(b"a backup")
    right = a_report()
    with pytest.raises(BackupTrouble, match="or it is another file"):
        record_drill_from_elsewhere(report=right, folder=tmp_path)
    right = replace(right, digest=digest_of(file))
    kept = record_drill_from_elsewhere(report=read_report(right.as_json()), folder=tmp_path)
    assert kept.is_good
    with pytest.raises(BackupTrouble, match="kept already"):
        record_drill_from_elsewhere(report=right, folder=tmp_path)
    ahead = replace(right, started_at=right.started_at + timedelta(hours=1), finished_at=right.finished_at + timedelta(hours=1))
    with pytest.raises(BackupTrouble, match="still ahead"):
        record_drill_from_elsewhere(report=ahead, folder=tmp_path)
    with pytest.raises(BackupTrouble, match="no report of a drill"):
        read_report(json.dumps({"file": "x"}))


# What is looked at in a restored database -----------------------------------------------------------------------------------
@pytest.mark.django_db
def test_a_sound_database_has_no_fault_and_looking_changes_nothing(therapist: Actor, settings: Any) -> None:
    before = AuditLine.objects.count()
    assert look_through(ASKED | {"keys": str(settings.SIGNING_KEYS)}) == []
    therapist.user.refresh_from_db()
    assert therapist.user.last_login is None
    assert AuditLine.objects.count() == before


@pytest.mark.django_db
def test_a_changed_audit_and_a_chain_that_was_cut_off_are_found(therapist: Actor, settings: Any) -> None:
    record_drill(report=a_report())
    signing_key()
    heads = [{"clinic": therapist.clinic.pk, "sequence": 3, "digest": "d" * 64, "at": timezone.now().isoformat()}]
    with without_triggers(connection):
        AuditLine.objects.update(details={"file": "another"})
    found = look_through({**ASKED, "keys": str(settings.SIGNING_KEYS), "heads": heads})
    assert [each.partition(":")[0] for each in found] == [
        "the audit is broken",
        f"the signatures of clinic {therapist.clinic.pk} do not hold",
    ]


@pytest.mark.django_db
def test_a_page_that_fails_is_a_fault(therapist: Actor, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.LOGIN_REDIRECT_URL = "/"
    monkeypatch.setattr("django.test.Client.get", lambda *_what, **_more: 1 / 0)
    found = look_through(ASKED | {"keys": str(settings.SIGNING_KEYS)})
    assert found == ["a page or check fails with ZeroDivisionError: division by zero"] * 2


# The whole of it, on the database that the settings name --------------------------------------------------------------------
@pytest.fixture
def at_night(settings: Any, tmp_path: Path) -> Path:
    """An installation that backs itself up, and tries it itself."""
    secret, public = new_identity()
    (tmp_path / "identity").write_text(secret)
    settings.BACKUP_FOLDER, settings.BACKUP_RECIPIENTS = str(tmp_path / "backups"), [public]
    settings.BACKUP_IDENTITY_FILE = str(tmp_path / "identity")
    settings.DATA_DIR, settings.MEDIA_ROOT = tmp_path / "data", tmp_path / "data" / "media"
    settings.DATA_DIR.mkdir()
    return tmp_path


@pytest.mark.django_db(transaction=True)
def test_the_backup_of_the_night_comes_back_and_the_drill_of_the_week_says_so(at_night: Path, therapist: Actor) -> None:
    a_patient(clinic=therapist.clinic)
    name = tasks.make_backup()
    assert [each.path.name for each in backups_in(at_night / "backups")] == [name]
    assert tasks.drill_backup() is True, Drill.objects.get().trouble
    drill = Drill.objects.get()
    assert drill.file == name
    assert drill.rows > 100
    assert not queries.drill_is_late(timezone.now())
    assert list((at_night / "data" / "backup-scratch").iterdir()) == []


@pytest.mark.django_db(transaction=True)
def test_a_backup_that_does_not_come_back_is_a_drill_with_trouble(at_night: Path, capsys: Any, caplog: Any) -> None:
    file = at_night / "backups" / tasks.make_backup()
    file.write_bytes(file.read_bytes()[:-1])
    with pytest.raises(SystemExit):
        call_command("backup_drill", str(at_night / "backups"))
    assert "was changed or cut off" in capsys.readouterr().out
    assert tasks.drill_backup() is False
    assert [drill.is_good for drill in Drill.objects.all()] == [False, False]
    assert "backup drill" in caplog.text
    file.unlink()
    assert tasks.drill_backup() is False, "there is none"


def test_a_backup_that_cannot_be_taken_is_logged(settings: Any, tmp_path: Path, caplog: Any) -> None:
    settings.BACKUP_FOLDER, settings.BACKUP_RECIPIENTS = str(tmp_path / "none" / "backups"), []
    assert tasks.make_backup() == ""
    assert "is the disk mounted" in caplog.text


@pytest.mark.django_db
def test_a_database_or_folder_that_is_in_use_is_not_restored_into(tmp_path: Path) -> None:
    into = "DATABASE_URL" if isinstance(our_database(), PostgresDatabase) else str(Path(__file__).parent)
    with pytest.raises(BackupTrouble, match="is not empty"):
        place_of(into, media=tmp_path / "media", data=tmp_path).check_empty()


@pytest.mark.django_db
def test_nobody_works_in_a_database_whose_restore_was_broken_off() -> None:
    checks.refuse_a_half_restored_database()
    if connection.vendor != "postgresql":
        return  # a folder has its name only when all of it is there: see the tests of restores
    with connection.cursor() as cursor:
        cursor.execute(f'CREATE TABLE "{UNFINISHED}" ()')
    with pytest.raises(BadSetting, match="was broken off"):
        checks.refuse_a_half_restored_database()
