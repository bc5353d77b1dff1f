"""A referral as a document that a doctor signs: its data, and the words that are shown. Pure but for the record it reads."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from clinic.signing.content import Content, Section, spelled
from patients.models import Patient, Referral
from patients.referrals import place_in_words
from protocols.method.entries import Treatment
from protocols.method.library import Library
from protocols.method.names import Names
from protocols.wording_codes import WORDS

KIND: Final = "patients.referral"
PLAIN: Final = (
    "origin", "diagnosis", "icd10", "condition", "form", "stage", "zones_barred", "families_barred", "techniques_barred", "pressure_max",
    "rules", "session_count", "question", "outside_doctor", "reason", "edition",
)  # fmt: skip


def subject_of(referral: Referral) -> str:
    """The name of a referral in the chain of signatures."""
    return f"{KIND}:{referral.pk}"


def signed_fields(referral: Referral) -> dict[str, Any]:
    """Everything that the referral says, in values that are signed. A changed field of a signed referral is found by this."""
    fields: dict[str, Any] = {name: getattr(referral, name) for name in PLAIN}
    return fields | {
        "patient": referral.patient_id,
        "valid_from": referral.valid_from.isoformat(),
        "valid_until": referral.valid_until.isoformat(),
        "extends": referral.extends_id,
        "version": referral.version,
    }


def is_the_signed_one(referral: Referral, body: Mapping[str, Any]) -> bool:
    """Whether the referral says now what the signed data said, whoever corrected the patient's name or card since."""
    return spelled(body.get("referral", {})) == spelled(signed_fields(referral))


def content_of(referral: Referral, library: Library, names: Names) -> Content:
    """The referral as it is signed, in the language of ``names``; the data are the same in every language.

    Raises ``KeyError`` for a condition or stage that the library no longer holds: such a referral is written anew.
    """
    treatment = library.conditions[referral.condition].stages[referral.stage].treatment
    body = {
        "patient": patient_fields(referral.patient),
        "referral": signed_fields(referral),
        "protocol": protocol_fields(treatment) if treatment else None,
    }
    return Content(KIND, subject_of(referral), referral.version, body, tuple(_sections(referral, library, names)))


def patient_fields(patient: Patient) -> dict[str, Any]:
    """Who the patient is, as the doctor was shown it."""
    return {
        "clinic": patient.clinic_id,
        "number": patient.pk,
        "name": patient.full_name,
        "born_on": patient.born_on.isoformat(),
        "sex": patient.sex,
        "card_number": patient.card_number,
    }


def protocol_fields(treatment: Treatment) -> dict[str, Any]:
    """The figures behind the paragraph of what the protocol will do."""
    return {
        "goals": list(treatment.goals),
        "shares": dict(treatment.shares),
        "minutes": [treatment.minutes.first, treatment.minutes.full, treatment.minutes.max],
        "sessions": [treatment.sessions.min, treatment.sessions.max, treatment.sessions.usual],
        "every_days": [treatment.cadence.every_days_min, treatment.cadence.every_days_max],
        "pressure_max": treatment.pressure_max,
        "tempo": treatment.tempo,
    }


# The words ------------------------------------------------------------------------------------------------------------------
def _sections(referral: Referral, library: Library, names: Names) -> Iterator[Section]:
    if referral.question:
        yield Section(_("Question to the doctor"), (referral.question,))
    if referral.extends_id:
        yield Section(_("More sessions are asked for"), (_extended(referral), referral.reason or _("No reason was written.")))
    yield Section(_("Patient"), (patient_in_words(referral.patient),))
    yield Section(_("Diagnosis"), (f"{referral.diagnosis} ({referral.icd10})", *filter(None, [referral.form])))
    stage = names.of("stages", f"{referral.condition}/{referral.stage}")
    yield Section(_("Condition and stage"), (f"{names.of('conditions', referral.condition)}: {stage}",))
    yield Section(_("What the protocol does"), (protocol_in_words(referral, library, names),))
    yield Section(_("Barred"), tuple(barred_in_words(referral, library, names)) or (_("Nothing beyond the protocol and the findings."),))
    if referral.rules:
        yield Section(_("What the doctor lifts"), tuple(names.of("rules", code, "title") or code for code in referral.rules))
    yield Section(_("How many, and until when"), (count_in_words(referral),))
    yield Section(_("Edition of the library"), (referral.edition,))


def patient_in_words(patient: Patient) -> str:
    """ "Anna Weber, born 17 May 1980, female, card 1001"."""
    about = {
        "name": patient.full_name,
        "day": date_format(patient.born_on, "SHORT_DATE_FORMAT"),
        "sex": patient.get_sex_display(),
        "card": patient.card_number,
    }
    return _("%(name)s, born %(day)s, %(sex)s, card %(card)s") % about


def _extended(referral: Referral) -> str:
    before = referral.extends
    if before is None:
        return ""
    about = {"count": before.session_count, "day": date_format(before.valid_until, "SHORT_DATE_FORMAT")}
    return _("This replaces the referral for %(count)s sessions that is valid until %(day)s.") % about


def count_in_words(referral: Referral) -> str:
    """ "10 sessions, from 4 May to 2 August"."""
    sentence = ngettext(
        "%(count)s session, from %(first)s to %(last)s", "%(count)s sessions, from %(first)s to %(last)s", referral.session_count
    )
    return sentence % {
        "count": referral.session_count,
        "first": date_format(referral.valid_from, "SHORT_DATE_FORMAT"),
        "last": date_format(referral.valid_until, "SHORT_DATE_FORMAT"),
    }


def barred_in_words(referral: Referral, library: Library, names: Names) -> Iterator[str]:
    """Every zone, group, technique and pressure that the doctor bars."""
    if zones := [place_in_words(zone, side, library, names) for zone, side in referral.zones_barred]:
        yield _("Zones: %(names)s") % {"names": "; ".join(zones)}
    if families := [names.of("families", code) or code for code in referral.families_barred]:
        yield _("Groups of techniques: %(names)s") % {"names": ", ".join(families)}
    if techniques := [names.of("techniques", code) or code for code in referral.techniques_barred]:
        yield _("Techniques: %(names)s") % {"names": ", ".join(techniques)}
    if referral.pressure_max is not None:
        yield _("Pressure: %(level)s of 5 at most") % {"level": referral.pressure_max}


def protocol_in_words(referral: Referral, library: Library, names: Names) -> str:
    """One paragraph of what the protocol does in this stage: goals, groups of techniques, minutes, sessions, how often."""
    treatment = library.conditions[referral.condition].stages[referral.stage].treatment
    if treatment is None:
        return _("This stage is not massaged.")
    goals = names.lines("stages", f"{referral.condition}/{referral.stage}", "goals")
    left_out = set(referral.families_barred)
    shares = sorted(((code, share) for code, share in treatment.shares.items() if share and code not in left_out), key=lambda row: -row[1])
    parts = [
        _("Goals: %(goals)s.") % {"goals": ", ".join(goals)},
        _("Work: %(families)s. Tempo: %(tempo)s.")
        % {"families": ", ".join(names.of("families", code) for code, _share in shares), "tempo": WORDS[treatment.tempo]()},
        _("Sessions grow from %(first)s to %(full)s minutes.") % {"first": treatment.minutes.first, "full": treatment.minutes.full},
        _cadence(treatment),
        _pressure(referral, treatment),
    ]
    return " ".join(parts)


def _cadence(treatment: Treatment) -> str:
    low, high, usual = treatment.cadence.every_days_min, treatment.cadence.every_days_max, treatment.sessions.usual
    about = {"usual": usual, "low": low, "high": high}
    if high == 1:
        return _("Usually %(usual)s sessions, one a day.") % about
    if low == high:
        sentence = ngettext(
            "Usually %(usual)s sessions, one every %(low)s day.", "Usually %(usual)s sessions, one every %(low)s days.", low
        )
        return sentence % about
    return _("Usually %(usual)s sessions, one every %(low)s to %(high)s days.") % about


def _pressure(referral: Referral, treatment: Treatment) -> str:
    level = min(treatment.pressure_max, referral.pressure_max or treatment.pressure_max)
    return _("Pressure up to %(level)s of 5.") % {"level": level}
