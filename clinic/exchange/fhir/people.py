"""Patient, Practitioner, PractitionerRole and Organization."""

from typing import Any, Final

from django.utils.translation import gettext as _

from clinic.exchange.fhir.frame import TERMINOLOGY, Fields, Frame, concept, standard
from clinic.exchange.fhir.stories import Staffed
from clinic.staff.models import Clinic, Role, Sex
from patients.models import Patient

GENDERS: Final = {Sex.FEMALE: "female", Sex.MALE: "male"}
CARD: Final = TERMINOLOGY + "v2-0203"


def organization(clinic: Clinic, frame: Frame) -> Fields:
    """The clinic by its name; nothing else of it is told."""
    return frame.resource("Organization", clinic, [clinic.name], {"active": True, "name": clinic.name})


def patient(person: Patient, frame: Frame) -> Fields:
    """Who the patient is and how to reach them. What the patient likes and the reception's notes stay here."""
    identifier = {
        "use": "usual",
        "type": {**standard(CARD, "MR", "Medical record number"), "text": _("Card number")},
        "system": f"{frame.source}/clinics/{person.clinic_id}/cards",  # a number is given once per clinic
        "value": person.card_number,
    }
    name = {
        "use": "official",
        "text": person.full_name,
        "family": person.family_name,
        "given": [person.given_name, person.middle_name],
    }
    lines = [f"{person.full_name}, {person.born_on.isoformat()}, {person.get_sex_display()}"]
    fields: dict[str, Any] = {
        "identifier": [identifier],
        "active": person.merged_into_id is None and person.died_on is None,
        "name": [name],
        "telecom": [_reached("phone", person.phone), _reached("email", person.email)],
        "gender": GENDERS[Sex(person.sex)],
        "birthDate": person.born_on.isoformat(),
        "deceasedDateTime": person.died_on.isoformat() if person.died_on else None,
        "contact": [_guardian(person)],
        "communication": [{"language": {**standard("urn:ietf:bcp:47", person.language), "text": person.get_language_display()}}],
        "managingOrganization": frame.ref(person.clinic, person.clinic.name),
    }
    return frame.resource("Patient", person, lines, fields)


def _reached(system: str, value: str) -> Fields | None:
    return {"system": system, "value": value} if value else None


def _guardian(person: Patient) -> Fields | None:
    if not (person.guardian_name or person.guardian_phone):
        return None
    relation = {**standard(TERMINOLOGY + "v3-RoleCode", "GUARD", "guardian"), "text": _("Parent or guardian")}
    telecom = _reached("phone", person.guardian_phone)
    return {"relationship": [relation], "name": {"text": person.guardian_name}, "telecom": [telecom]}


def practitioner(member: Staffed, frame: Frame) -> Fields:
    """Somebody on the staff: name, title, licence. No address of any kind."""
    profile = member.profile
    licence = {"code": {"text": _("Licence")}, "identifier": [{"value": profile.licence}]} if profile and profile.licence else None
    name = {"text": member.user.full_name, "prefix": [profile.title] if profile else []}
    return frame.resource("Practitioner", member.user, [member.user.full_name], {"name": [name], "qualification": [licence]})


def practitioner_role(member: Staffed, clinic: Clinic, frame: Frame) -> Fields:
    """What they do at this clinic; somebody who has left has no role any more."""
    roles = [concept("role", code, str(Role(code).label)) for code in member.roles]
    name = f"staff.staffrole:{clinic.pk}:{member.user.pk}"
    fields = {
        "active": bool(roles) and member.user.is_active,
        "practitioner": frame.ref(member.user, member.user.full_name),
        "organization": frame.ref(clinic, clinic.name),
        "code": roles,
    }
    return frame.resource("PractitionerRole", name, [member.user.full_name], fields)
