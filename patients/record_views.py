"""The pages on which a second record of one person is found, compared and merged, and on which a merge is taken back."""

from dataclasses import dataclass
from datetime import date
from functools import partial

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from clinic.audit.actions import read_seen, search_seen
from clinic.staff.permissions import roles_allowed
from clinic.staff.requests import StaffRequest, today
from clinic.staff.steps import take_step
from clinic.web.replies import see_other
from patients import actions, queries
from patients.care.relation import patients_open_to
from patients.merging import counts_of
from patients.models import Patient
from patients.permissions import MERGE
from patients.questionnaire import Reply
from patients.summary import reply_in_words
from patients.views import patient_seen
from protocols.editions.queries import library_in_force, names_in_force

COMPARED = (
    "full_name", "born_on", "get_sex_display", "phone", "email", "get_language_display", "guardian_name",
    "guardian_phone", "notes",
)  # fmt: skip


class MergeForm(forms.Form):
    """Which of two records is kept, and the versions that were compared."""

    keep = forms.TypedChoiceField(coerce=int, widget=forms.RadioSelect)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    other_version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, data: object, *, one: Patient, other: Patient) -> None:
        super().__init__(data, initial={"version": one.version, "other_version": other.version})  # type: ignore[arg-type]
        words = _("Keep card %(card)s")
        self.fields["keep"].choices = [(each.pk, words % {"card": each.card_number}) for each in (one, other)]  # type: ignore[attr-defined]
        self.fields["keep"].label = _("Which record is kept?")
        self.fields["keep"].error_messages["required"] = _("Choose which record is kept.")


@dataclass(frozen=True, slots=True)
class Compared:
    """One line of the comparison: what both records say, and whether it differs."""

    name: str
    one: object
    other: object

    @property
    def differs(self) -> bool:
        return bool(self.one and self.other and self.one != self.other)


@roles_allowed(*MERGE)
@require_safe
def find_second_record(request: StaffRequest, pk: int) -> HttpResponse:
    """Who else this person may be on the register: look-alikes and namesakes at once, anybody by a search."""
    patient = patient_seen(request, pk)
    query = request.GET.get("q", "").strip()[:100]
    if query:
        page = queries.page_of_patients(request.clinic, query, "1")
        found = [*page.object_list, *queries.similar_spellings(request.clinic, query, page)]
    else:
        alike = (each.patient for each in queries.look_alikes(request.clinic, vars(patient), but=pk))
        found = list(dict.fromkeys([*alike, *queries.namesakes(patient)]))
    found = [other for other in found if other.pk != pk]
    if query and request.method == "GET":
        search_seen(actor=request.actor, found=found)
    return render(request, "patients/second_record.html", {"patient": patient, "query": query, "found": found})


@roles_allowed(*MERGE)
def compare_records(request: StaffRequest, pk: int, other: int) -> HttpResponse:
    """Two records side by side; sending the form makes one of them."""
    patient, second = patient_seen(request, pk), patient_seen(request, other)
    if patient == second:
        raise Http404
    form = MergeForm(request.POST if request.method == "POST" else None, one=patient, other=second)
    if form.is_bound and form.is_valid():
        try:
            return _merged(request, form, patient, second)
        except actions.MergeRefused as refused:
            form.add_error(None, refused.sentence)
    if request.method == "POST":
        read_seen(actor=request.actor, patient=patient)
        read_seen(actor=request.actor, patient=second)
    doubtful = (patient.born_on, patient.sex) != (second.born_on, second.sex)
    context = {"patient": patient, "second": second, "form": form, "lines": _lines(patient, second), "doubtful": doubtful}
    context |= _answers(request, patient, second)
    return render(request, "patients/merge.html", context, status=422 if form.errors else 200)


def _merged(request: StaffRequest, form: MergeForm, patient: Patient, second: Patient) -> HttpResponse:
    data = form.cleaned_data
    versions = {patient.pk: data["version"] or 0, second.pk: data["other_version"] or 0}
    kept, gone = (patient, second) if data["keep"] == patient.pk else (second, patient)
    compared = (versions[kept.pk], versions[gone.pk])
    merge = actions.merge_patients(kept=kept, merged=gone, versions=compared, on=today(request), actor=request.actor)
    sentence = _("The two records are one now. Card %(card)s leads here too.") % {"card": gone.card_number}
    if merge.contradictions:
        sentence += " " + _("What they contradicted each other in has to be asked again.")
    messages.success(request, sentence)
    return see_other("patients:detail", kept.pk)


def _lines(one: Patient, other: Patient) -> list[Compared]:
    names = {"full_name": _("Name"), "get_sex_display": _("Sex"), "get_language_display": _("Language")}
    fields = {field.name: str(field.verbose_name) for field in Patient._meta.fields}
    lines = [Compared(names.get(name) or fields[name], _said(one, name), _said(other, name)) for name in COMPARED]
    return [line for line in lines if line.one or line.other]


def _said(patient: Patient, name: str) -> object:
    value = getattr(patient, name)
    if isinstance(value, date):
        return date_format(value, "SHORT_DATE_FORMAT")
    return value() if callable(value) else value


def _answers(request: StaffRequest, one: Patient, other: Patient) -> dict[str, object]:
    """How many rows each holds, and where the answers differ: which ones, only for those who may read answers about health."""
    library, names = library_in_force(request.clinic), names_in_force(request.clinic)
    found = queries.contradictions(one, other, library, on=today(request))
    rows = [
        Compared(names.of("facts", each.fact, "question"), *(
            reply_in_words(library, names, each.fact, Reply(said.reply, said.value)) for said in (each.one, each.other)
        ))
        for each in found if each.fact in library.facts
    ]  # fmt: skip
    counts = [line for line in counts_of(one, other) if any(line[1:])]
    reads = len(patients_open_to(request.actor, (one.pk, other.pk))) == 2
    return {"counts": counts, "contradicting": len(found), "contradictions": rows if reads else ()}


@roles_allowed(*MERGE)
@require_POST
def undo_merge(request: StaffRequest, pk: int, merge: int) -> HttpResponse:
    patient = patient_seen(request, pk)
    found = queries.merge_or_404(request.clinic, patient, merge)
    done = _("There are two records again. Card %(card)s has its own.") % {"card": found.merged.card_number}
    undo = partial(actions.undo_merge, merge=found, on=today(request), actor=request.actor)
    take_step(request, undo, done, unless=actions.MergeRefused)
    return see_other("patients:detail", pk)
