"""Lines of both tables in words."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from clinic.audit.models import AuditLine, Look, ReadLine
from clinic.audit.verbs import kind_name
from clinic.staff.models import Role

PAGE_SIZE: Final = 50


@dataclass(frozen=True)
class Shown:
    """One line as a page shows it. ``subject_pk`` is the number of the patient whose record it is about, where there is one to open."""

    at: datetime
    who: str
    roles: tuple[str, ...]
    what: str
    subject: str
    details: str
    where: str = ""
    is_refused: bool = False
    subject_pk: str = ""


def subject_name(line: AuditLine | ReadLine) -> str:
    return f"{kind_name(line.subject_type)} {line.subject_id}" if line.subject_id else ""


def role_names(written: str) -> tuple[str, ...]:
    return tuple(str(Role(code).label) for code in written.split(",") if code)


def kind_of_look(kind: str) -> str:
    """What somebody did, in the reader's language."""
    return str(Look(kind).label)
