"""What every resource is told with: whose identifiers, in which zone and language; and text, numbers and moments as FHIR writes them."""

import re
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from html import escape
from typing import Any, Final
from uuid import NAMESPACE_URL, UUID, uuid5
from zoneinfo import ZoneInfo

from django.db.models import Model

Fields = dict[str, Any]

# Words for codes of ours. They are the same in every installation, because the library's codes are.
OWN: Final = "urn:tactus:code:"
UCUM: Final = "http://unitsofmeasure.org"
LOINC: Final = "http://loinc.org"
ICD10: Final = "http://hl7.org/fhir/sid/icd-10"
TERMINOLOGY: Final = "http://terminology.hl7.org/CodeSystem/"
# FHIR's strings know no other blanks than these, and no control characters.
STRANGE_BLANKS: Final = re.compile(r"[^\S \t\r\n]")
CONTROLS: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Frame:
    """``source`` is the address of this installation: identifiers are made from it, so that the same record always has the same one."""

    source: str
    zone: ZoneInfo
    language: str
    at: datetime

    def uuid(self, record: Model | str) -> str:
        """The identifier of a record, or of a part of one that is named by text."""
        name = record if isinstance(record, str) else f"{record._meta.label_lower}:{record.pk}"
        return str(uuid5(self._namespace, name))

    @property
    def _namespace(self) -> UUID:
        return uuid5(NAMESPACE_URL, self.source)

    def urn(self, record: Model | str) -> str:
        """The same as an address inside a bundle."""
        return f"urn:uuid:{self.uuid(record)}"

    def ref(self, record: Model | str, display: str = "") -> Fields:
        """A reference to the resource of a record, with its name for people."""
        return {"reference": self.urn(record), "display": display}

    def resource(self, kind: str, record: Model | str, lines: list[str], fields: Fields) -> Fields:
        """A resource of the record: its identifier, where it comes from, ``lines`` for people, and what ``fields`` have to say."""
        head = {"resourceType": kind, "id": self.uuid(record), "meta": {"source": self.source}, "language": self.language}
        made: Fields = told({**head, "text": narrative(lines, self.language), **fields})
        return made

    def moment(self, at: datetime | None) -> str | None:
        """A moment by the clinic's clock with its distance from UTC; whole seconds."""
        return at.astimezone(self.zone).isoformat(timespec="seconds") if at else None


def told(value: Any) -> Any:
    """The value without what says nothing: None, blank text, empty lists and objects. Text is made fit for FHIR on the way."""
    if isinstance(value, str):
        return words(value)
    if isinstance(value, dict):
        kept = {name: told(item) for name, item in value.items()}
        return {name: item for name, item in kept.items() if item not in (None, "", [], {})}
    if isinstance(value, list | tuple):
        return [item for item in map(told, value) if item not in (None, "", [], {})]
    return value


def words(text: str) -> str:
    """Text as FHIR's strings allow it: no control characters, no blanks but the common ones, none at its ends."""
    return CONTROLS.sub("", STRANGE_BLANKS.sub(" ", text)).strip()


def narrative(lines: list[str], language: str) -> Fields:
    """What a person reads who cannot read the rest; every character that means something in a page is escaped."""
    shown = "".join(f"<p>{escape(words(line))}</p>" for line in lines if words(line))
    return {
        "status": "generated",
        "div": f'<div xmlns="http://www.w3.org/1999/xhtml" lang="{language}" xml:lang="{language}">{shown}</div>',
    }


def number(value: Decimal | int) -> int | float:
    """A decimal that JSON writes exactly: an integer where there is no fraction, else a float, which up to 15 digits is the same."""
    return int(value) if value == int(value) else float(str(value))


def concept(system: str, code: str, text: str) -> Fields:
    """A code of ours (``system`` is the last word of the address, "zone") with its name."""
    return {"coding": [{"system": OWN + system, "code": code, "display": text}], "text": text}


def standard(system: str, code: str, display: str = "") -> Fields:
    """A code of a published system, by the whole address."""
    return {"coding": [{"system": system, "code": code, "display": display}]}


def note(text: str, *, at: str | None = None, by: str = "") -> Fields:
    """An annotation; ``by`` is a name."""
    return {"text": text, "time": at, "authorString": by}
