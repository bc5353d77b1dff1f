"""What pages and plans read about who the patients are. Every query starts at a clinic."""

from datetime import date
from typing import Any, Final, cast

from django.db.models import QuerySet
from django.http import Http404
from django.utils.translation import gettext as _

from clinic.staff.models import Clinic
from clinic.web.prepared import Prepared
from clinic.web.replies import MovedElsewhere
from patients.models import Patient
from patients.questionnaire import Person


class SecondRecord(MovedElsewhere):
    """This record was merged into another one, which has all that it held."""

    def __init__(self, patient: Patient) -> None:
        sentence = _("Card %(card)s was a second record of this person. What it held is here.") % {"card": patient.card_number}
        super().__init__("patients:detail", {"pk": patient.merged_into_id}, sentence)


def patient_or_404(clinic: Clinic, pk: int) -> Patient:
    """This clinic's patient. A patient of another clinic does not exist here, nor does one whose record was erased.

    Raises ``SecondRecord`` for a record that was merged: whoever asks for it is led to the kept one.
    """
    patient = _PATIENT.first(clinic=clinic.pk, patient=pk)
    if patient is None:
        raise Http404
    if patient.merged_into_id:
        raise SecondRecord(patient)
    return cast("Patient", patient)


def _patient(_kind: str, *, clinic: int, patient: int) -> QuerySet[Any, Any]:
    return Patient.objects.filter(clinic=clinic, pk=patient, erased_on=None).select_related("clinic")


_PATIENT: Final = Prepared(_patient)


def check_takes_news(patient: Patient) -> None:
    """Raises ``SecondRecord`` when the record has become a second one since it was read. To be asked after something was added to it.

    On PostgreSQL a row that points to the patient waits for a merge that is going on, so that this question sees its end.
    """
    now = Patient.objects.filter(pk=patient.pk, merged_into__isnull=False).first()
    if now:
        raise SecondRecord(now)


def holder_of_card(clinic: Clinic, number: str, *, but: int | None = None) -> Patient | None:
    """Who has this card number at the clinic, the patient with the number ``but`` apart."""
    others = Patient.objects.filter(clinic=clinic, card_number=number)
    others = others if but is None else others.exclude(pk=but)
    return others.first() if number else None


def holders_of_cards(clinic: Clinic) -> dict[str, str]:
    """Every card number in use at the clinic with the name of who has it. One query."""
    names = ("card_number", "family_name", "given_name", "middle_name")
    rows = Patient.objects.filter(clinic=clinic).order_by().values_list(*names)
    return {number: " ".join(filter(None, parts)) for number, *parts in rows}


def age_on(patient: Patient, on: date) -> int:
    """Whole years on that day."""
    return years_between(patient.born_on, on)


def years_between(born: date, on: date) -> int:
    """Whole years from a birth date to a day."""
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


def person(patient: Patient, on: date) -> Person:
    """What the intake form must know of the patient."""
    return Person(age=age_on(patient, on), sex=patient.sex)
