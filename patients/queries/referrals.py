"""The referrals of a patient, and which of them stands on a day."""

from collections.abc import Iterable
from datetime import date
from typing import Final

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.urls import reverse

from clinic.signing.models import Meaning
from clinic.signing.queries import body_of, is_sound, latest
from clinic.staff.models import Clinic
from clinic.web.prepared import Prepared
from patients.models import Patient, Referral, ReferralMove
from patients.referral_content import is_the_signed_one, subject_of
from patients.referrals import counts_of, stands_on
from patients.states import ReferralState

# What the calendar and the count can still make of them differs by the day, so all of these are read and judged anew.
ONCE_SIGNED: Final = (ReferralState.SIGNED, ReferralState.EXHAUSTED, ReferralState.EXPIRED)
UNDER_WAY: Final = (ReferralState.DRAFT, ReferralState.SUBMITTED, ReferralState.RETURNED)


def referrals_of(patient: Patient) -> tuple[Referral, ...]:
    """Every referral of the patient, the newest first."""
    return tuple(_REFERRALS.objects(patient=patient.pk))


def _referrals(_kind: str, *, patient: int) -> QuerySet[Referral]:
    return _whole(Referral.objects.filter(patient=patient))


_REFERRALS: Final = Prepared(_referrals)


def referrals_under_way(patient: Patient, condition: str, on: date) -> tuple[Referral, ...]:
    """The patient's referrals for this condition that could still serve: the one that stands on that day, else those not yet answered."""
    found: list[Referral] = _COULD_SERVE.objects(patient=patient.pk, condition=condition)
    of_the_day = (each for each in found if each.state in ONCE_SIGNED and _is_in_its_time(each, on))
    if standing := _standing_of(of_the_day, on):
        return (standing,)
    return tuple(each for each in found if each.state in UNDER_WAY)


def _could_serve(_kind: str, *, patient: int, condition: str) -> QuerySet[Referral]:
    return _whole(Referral.objects.filter(patient=patient, condition=condition, state__in=(*ONCE_SIGNED, *UNDER_WAY)))


_COULD_SERVE: Final = Prepared(_could_serve)


def _is_in_its_time(referral: Referral, on: date) -> bool:
    return referral.valid_from is not None and referral.valid_until is not None and referral.valid_from <= on <= referral.valid_until


def referral_or_404(patient: Patient, pk: int) -> Referral:
    """This patient's referral. One of another patient or clinic does not exist here."""
    found = get_object_or_404(_whole(Referral.objects.filter(patient=patient)), pk=pk)
    found.patient = patient
    return found


def _whole(found: QuerySet[Referral]) -> QuerySet[Referral]:
    return found.select_related("patient__clinic", "written_by", "document", "signature__clinic", "extends")


def last_referral(patient: Patient) -> Referral | None:
    """The newest one that was not withdrawn: what the next one may be made like."""
    return Referral.objects.filter(patient=patient).exclude(state=ReferralState.WITHDRAWN).first()


def patient_of_subject(clinic: Clinic, subject: str) -> Patient | None:
    """The patient of this clinic whom a signed referral ("patients.referral:7") is about."""
    _kind, _colon, number = subject.partition(":")
    found = Referral.objects.filter(pk=number, patient__clinic=clinic) if number.isdigit() else Referral.objects.none()
    referral = found.select_related("patient").first()
    return referral.patient if referral else None


def address_of_subject(subject: str) -> str:
    """The page of the referral that a signed document is about. Raises ``Http404`` where there is none any more."""
    referral = get_object_or_404(Referral, pk=subject.partition(":")[2])
    return reverse("patients:referral", args=[referral.patient_id, referral.pk])


def moves_of(referral: Referral) -> tuple[ReferralMove, ...]:
    """How it came to its state, oldest first."""
    return tuple(ReferralMove.objects.filter(referral=referral).select_related("by"))


def referrals_with_doctor(clinic: Clinic) -> QuerySet[Referral]:
    """What waits for a doctor's answer at the clinic, longest waiting first."""
    waiting = Referral.objects.filter(patient__clinic=clinic, state=ReferralState.SUBMITTED)
    return waiting.select_related("patient", "written_by", "extends").order_by("pk")


def standing_referral(patient: Patient, condition: str, on: date) -> Referral | None:
    """The newest referral of the patient for this condition under which a session may be given on that day; None without one.

    Judged by dates, by the count of sessions and by its signature at this moment, never by the stored state alone.
    """
    return _standing_of(_SIGNED.objects(patient=patient.pk, condition=condition, on=on), on)


def _standing_of(found: Iterable[Referral], on: date) -> Referral | None:
    for referral in found:
        if stands_on(referral, on=on, counts=counts_of(referral)) and is_signed_as_it_stands(referral):
            return referral
    return None


def _signed(_kind: str, *, patient: int, condition: str, on: date) -> QuerySet[Referral]:
    found = _whole(Referral.objects.filter(patient=patient, condition=condition, state__in=ONCE_SIGNED))
    return found.filter(valid_from__lte=on, valid_until__gte=on)


_SIGNED: Final = Prepared(_signed)


def is_signed_as_it_stands(referral: Referral) -> bool:
    """Whether a sound signature says exactly what the referral says now, nobody has revoked it, and its document is not withdrawn."""
    signature, document = referral.signature, referral.document
    if signature is None or document is None or document.is_withdrawn:
        return False
    newest = latest(subject_of(referral))
    if newest is None or newest.pk != signature.pk or signature.meaning not in (Meaning.APPROVED, Meaning.RECORDED_PAPER):
        return False
    belongs = (signature.clinic_id, signature.subject) == (referral.patient.clinic_id, subject_of(referral))
    return belongs and is_sound(signature) and is_the_signed_one(referral, body_of(signature))
