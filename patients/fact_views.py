"""Everything known of a patient, the history of each fact, and recording something new outside of the intake form."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from clinic.audit.actions import read_seen
from clinic.staff.permissions import roles_allowed
from clinic.staff.requests import StaffRequest, today
from clinic.staff.sending import SentDifferently, made_before, once
from clinic.web.replies import see_other_address
from patients import actions, queries
from patients.changes import what_came_of_it
from patients.due import due_again
from patients.fact_fields import FactsForm
from patients.known import fact_choices, known_fact, known_facts, recordable
from patients.link_forms import FactSourceForm
from patients.models import Patient
from patients.permissions import TREAT
from patients.views import form_page, kept_only, patient_seen, who
from protocols.editions.queries import library_in_force, names_in_force


@roles_allowed(*TREAT)
@require_safe
def known(request: StaffRequest, pk: int) -> HttpResponse:
    """Every fact that was ever answered, as it is known now, and what is due again."""
    patient, library = patient_seen(request, pk), library_in_force(request.clinic)
    groups = known_facts(patient, library, names_in_force(request.clinic))
    context = {
        "groups": groups,
        "denied": [group for group in groups if not group.facts],
        "due": due_again(patient, library, today(request)),
        "forms": queries.intakes_of(patient),
    }
    return render(request, "patients/facts.html", {**context, **who(request, patient)})


@roles_allowed(*TREAT)
@require_safe
def history(request: StaffRequest, pk: int, code: str) -> HttpResponse:
    """Every answer to one fact ever, the newest first."""
    patient, library = patient_seen(request, pk), library_in_force(request.clinic)
    if "\x00" in code:  # an address made by hand; PostgreSQL takes no such text
        raise Http404
    answers = [known_fact(library, names_in_force(request.clinic), answer) for answer in queries.history_of(patient, code)]
    if not answers and code not in library.facts:
        raise Http404
    question = names_in_force(request.clinic).of("facts", code, "question") or code
    context = {"answers": answers, "question": question, "code": code, "is_recordable": code in recordable(library)}
    return render(request, "patients/facts_history.html", {**context, **who(request, patient)})


@roles_allowed(*TREAT)
def record_new(request: StaffRequest, pk: int) -> HttpResponse:
    """First which facts, then their answers; ``fact`` in the address names those that are chosen."""
    if address := made_before(request):
        return see_other_address(address)
    patient, library = patient_seen(request, pk), library_in_force(request.clinic)
    wanted = frozenset(request.GET.getlist("fact"))
    codes = tuple(code for code in recordable(library) if code in wanted)
    if patient.restricted_on and request.method == "GET":
        return kept_only(request, patient)
    if not codes:
        return _choose(request, patient, is_wrong=bool(wanted) or request.method == "POST")
    form = FactsForm(_sent(request), facts=codes, library=library, names=names_in_force(request.clinic), kept={})
    source = FactSourceForm(_sent(request))
    if form.is_bound and form.is_valid() & source.is_valid():
        try:
            return see_other_address(once(request, lambda: _recorded(request, patient, form, source)))
        except SentDifferently as again:
            form.add_error(None, again.sentence)
    # A source that is missing makes the whole form wrong.
    for error in source.errors.get("given_by", ()) if source.is_bound else ():
        form.add_error(None, f"{source['given_by'].label}: {error}")
    return form_page(request, "patients/facts_new.html", {"form": form, "source": source, **who(request, patient)})


def _recorded(request: StaffRequest, patient: Patient, form: FactsForm, source: FactSourceForm) -> str:
    replies, given_by, began = form.replies(), source.cleaned_data["given_by"], timezone.now()
    actions.record_facts(patient=patient, replies=replies, on=today(request), given_by=given_by, actor=request.actor)
    words = ngettext(
        "One answer is recorded. It counts from now on.", "%(count)s answers are recorded. They count from now on.", len(replies)
    )
    messages.success(request, words % {"count": len(replies)})
    for sentence in what_came_of_it(patient, began):
        messages.warning(request, sentence)
    return reverse("patients:facts", args=[patient.pk])


def _choose(request: StaffRequest, patient: Patient, *, is_wrong: bool) -> HttpResponse:
    if request.method == "POST":
        read_seen(actor=request.actor, patient=patient)
    if is_wrong:
        messages.warning(request, _("Tick at least one question."))
    context = {"groups": fact_choices(library_in_force(request.clinic), names_in_force(request.clinic)), **who(request, patient)}
    return render(request, "patients/facts_choose.html", context, status=422 if is_wrong else 200)


def _sent(request: StaffRequest) -> Any:
    return request.POST if request.method == "POST" else None
