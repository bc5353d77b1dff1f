"""Consent: the sheet to read and agree to, what was agreed to as it was read, and its withdrawal."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from clinic.audit.models import Look
from clinic.courses.actions.consenting import StaleConsent, give_consent, sheet_to_read, withdraw_consent
from clinic.courses.consent_forms import AgreeForm, WithdrawForm, choices_of, places_of
from clinic.courses.consent_sheet import Sheet, agreement_words, kept_sheet
from clinic.courses.consents import (
    consent_or_404,
    consents_of,
    covered_by,
    missing_consent,
    named_places,
    newest_consent,
    taken_back,
    takes_consent,
    who_may_agree,
)
from clinic.courses.models import Consent, Course
from clinic.courses.permissions import PLAN
from clinic.courses.pinned import library_of, presenter_of
from clinic.courses.prints.consent import consent_pdf, given_consent_pdf
from clinic.courses.queries import has_withdrawn_all_consent
from clinic.courses.views.common import course_seen, note_refused
from clinic.courses.views.prints import paper_of, shown
from clinic.staff.permissions import ActionDenied, roles_allowed
from clinic.staff.requests import StaffRequest, today
from clinic.web.replies import see_other
from patients.views import who
from protocols.method.places import Place


@roles_allowed(*PLAN)
def consent_page(request: StaffRequest, pk: int) -> HttpResponse:
    """The sheet of the sessions to come, and the place to sign it. A plan that changed meanwhile is shown anew (409)."""
    course = course_seen(request, pk)
    again = places_of(request.GET.getlist("again"), library_of(course))
    sheet = sheet_to_read(course, again)
    forms = _forms(request, course, sheet, sent=request.POST.get("way", ""))
    status, denied = 200, ""
    if (form := forms.get(request.POST.get("way", ""))) is not None:
        with translation.override(sheet.language):
            is_valid = form.is_valid()
        if is_valid:
            try:
                give_consent(
                    course=course, agreement=form.agreement(request.POST.get("seen", ""), again), on=today(request), actor=request.actor
                )
            except StaleConsent as stale:  # a signature under other words counts for nothing: it is asked for again
                status, denied, forms = 409, stale.sentence, _forms(request, course, sheet, sent="")
            except ActionDenied as refused:
                form.add_error(None, refused.sentence)
            else:
                messages.success(request, _("Consent is recorded."))
                return see_other("courses:detail", pk)
        status = status if status == 409 else 422
    elif request.method == "POST":
        status = 422
    if request.method == "POST":  # what was sent may have met a plan that changed meanwhile
        sheet = sheet_to_read(course, again)
    return _sheet_page(request, course, sheet, forms, denied=denied, status=status)


def _forms(request: StaffRequest, course: Course, sheet: Sheet, *, sent: str) -> dict[str, AgreeForm]:
    """One form for each way to sign; only the one that was sent is filled in."""
    signers = who_may_agree(course.patient, today(request))
    with translation.override(sheet.language):
        return {
            way: AgreeForm(request.POST if way == sent else None, way=way, patient=course.patient, signers=signers)
            for way in Consent.Way.values
        }


def _sheet_page(
    request: StaffRequest, course: Course, sheet: Sheet, forms: dict[str, AgreeForm], *, denied: str, status: int
) -> HttpResponse:
    note_refused(request, course.patient)
    read = frozenset(request.POST.get("marks", "").split(".")) if status == 409 else frozenset[str]()
    context = {
        **_named(request, course),
        "sheet": sheet,
        "in_patients_words": _in_patients_words(request, course, sheet, forms, read),
        "paper": forms[Consent.Way.PAPER],
        "denied": denied,
        "changed": [section.heading for section in sheet.sections if section.mark not in read] if read else [],
        "takes": takes_consent(course) and not sheet.is_empty and not sheet.still_works,
        "missing": missing_consent(course),
        "offered": choices_of(taken_back(course), presenter_of(course)),
        "again": frozenset(request.GET.getlist("again")),
        "is_withdrawn": has_withdrawn_all_consent(course),
        "history": _history(course),
    }
    return render(request, "courses/consent.html", context, status=status)


def _in_patients_words(
    request: StaffRequest, course: Course, sheet: Sheet, forms: dict[str, AgreeForm], read: frozenset[str]
) -> SafeString:
    """What the patient reads and signs, in the patient's language; all around it is in the language of the staff."""
    sections = [(section, bool(read) and section.mark not in read) for section in sheet.sections]
    with translation.override(sheet.language):
        context = {
            "course": course, "patient": course.patient, "on": today(request), "sheet": sheet, "sections": sections[:-1],
            "statement": agreement_words(course.patient, course), "form": forms[Consent.Way.SCREEN],
            "takes": takes_consent(course) and not sheet.is_empty and not sheet.still_works,
        }  # fmt: skip
        return render_to_string("courses/_consent_sheet.html", context, request)


def _history(course: Course) -> list[tuple[Consent, list[tuple[object, list[str]]]]]:
    """Every sheet, the newest first, with what was taken back of it in words; no words stand for all of it."""
    return [
        (
            consent,
            [
                (each, named_places(frozenset(Place(zone, side) for zone, side in each.zones), presenter_of(course)))
                for each in consent.withdrawals.all()
            ],
        )
        for consent in consents_of(course)
    ]


@roles_allowed(*PLAN)
@require_safe
def consent_sheet_pdf(request: StaffRequest, pk: int) -> HttpResponse:
    """The sheet to sign on paper, in the patient's language."""
    course = course_seen(request, pk, kind=Look.PRINTED)
    sheet = sheet_to_read(course, places_of(request.GET.getlist("again"), library_of(course)))
    with translation.override(sheet.language):
        presenter = presenter_of(course, sheet.language)
        return shown(consent_pdf(paper_of(request, course, presenter=presenter), sheet), f"consent-{pk}.pdf")


@roles_allowed(*PLAN)
@require_safe
def given_consent(request: StaffRequest, pk: int, number: int) -> HttpResponse:
    """A sheet as it was read and signed."""
    course = course_seen(request, pk)
    consent = consent_or_404(course, number)
    withdrawals = [each for found, told in _history(course) if found.pk == consent.pk for each in told]
    context = {**_named(request, course), "consent": consent, "sheet": kept_sheet(consent), "withdrawals": withdrawals}
    return render(request, "courses/consent_given.html", context)


@roles_allowed(*PLAN)
@require_safe
def given_consent_sheet_pdf(request: StaffRequest, pk: int, number: int) -> HttpResponse:
    """The same as a copy for the patient."""
    course = course_seen(request, pk, kind=Look.PRINTED)
    consent = consent_or_404(course, number)
    with translation.override(consent.language):
        presenter = presenter_of(course, consent.language)
        return shown(given_consent_pdf(paper_of(request, course, presenter=presenter), consent), f"consent-{pk}-{number}.pdf")


@roles_allowed(*PLAN)
def withdraw(request: StaffRequest, pk: int) -> HttpResponse:
    """What the patient takes back. A word is enough."""
    course = course_seen(request, pk)
    consent = newest_consent(course)
    stands = consent is not None and takes_consent(course) and not has_withdrawn_all_consent(course)
    tree = library_of(course).tree
    places = covered_by(consent, tree).places - taken_back(course) if consent is not None and stands else frozenset[Place]()
    form = WithdrawForm(request.POST or None, places=places, presenter=presenter_of(course))
    if form.is_bound and form.is_valid():
        try:
            withdraw_consent(course=course, zones=form.places(), note=form.cleaned_data["note"], on=today(request), actor=request.actor)
        except ActionDenied as denied:
            form.add_error(None, denied.sentence)
        else:
            messages.success(request, _("It is taken back, and holds from now on."))
            return see_other("courses:detail", pk)
    note_refused(request, course.patient)
    context = {**_named(request, course), "form": form, "consent": consent, "stands": stands}
    return render(request, "courses/consent_withdraw.html", context, status=422 if form.errors else 200)


def _named(request: StaffRequest, course: Course) -> dict[str, object]:
    presenter = presenter_of(course)
    named = {"condition_name": presenter.condition(course), "stage_name": presenter.stage(course)}
    return {**who(request, course.patient), **named, "course": course}
