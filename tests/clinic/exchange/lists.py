"""Lists of patients that tests read, as the pages read them."""

import hashlib

from clinic.exchange.importing.actions import read_patient_list, take_over
from clinic.exchange.importing.checked import check, check_again, columns_of
from clinic.exchange.importing.reading import read_list
from clinic.exchange.models import PatientImport
from clinic.staff.models import Clinic, Role
from clinic.staff.permissions import Actor
from tests.factories import an_actor

HEAD = "Family name;Given name;Date of birth;Sex;Telephone"


def a_csv(*names: str, head: str = HEAD) -> bytes:
    """A list of women born on days that nobody else has, one for each family name."""
    lines = [f"{name};Anna;{1950 + at}-02-1{at % 10};f;+49 30 55501{at:02}" for at, name in enumerate(names)]
    return "\r\n".join([head, *lines]).encode()


def a_read_list(clinic: Clinic, *names: str, actor: Actor | None = None, content: bytes | None = None) -> PatientImport:
    """A list that was read and waits for a decision."""
    content = a_csv(*names) if content is None else content
    listed = read_list(content)
    checked = check(listed.lines, columns_of(listed), clinic)
    digest = hashlib.sha256(content).hexdigest()
    actor = actor or an_actor(clinic=clinic, roles=(Role.ADMIN,))
    return read_patient_list(file_name="canary-list.csv", digest=digest, checked=checked, actor=actor)


def a_taken_list(clinic: Clinic, *names: str, actor: Actor | None = None) -> PatientImport:
    """A list whose patients are on the register."""
    actor = actor or an_actor(clinic=clinic, roles=(Role.ADMIN,))
    source = a_read_list(clinic, *names, actor=actor)
    return take_over(source=source, checked=check_again(source), version=source.version, actor=actor)
