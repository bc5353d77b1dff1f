"""Pages of lists of patients: the file, what was read of it, and the way back."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from clinic.audit.actions import search_seen
from clinic.courses.views.common import version_sent
from clinic.exchange.importing import actions, queries
from clinic.exchange.importing.checked import Checked, check, check_again, columns_kept, columns_of, order_in, rows_of
from clinic.exchange.importing.days import ORDERS
from clinic.exchange.importing.forms import ColumnsForm, UploadForm
from clinic.exchange.importing.reading import Line
from clinic.exchange.importing.shown import button_words, list_page
from clinic.exchange.importing.wrong_lines import empty_list, wrong_lines
from clinic.exchange.models import PatientImport
from clinic.staff.permissions import roles_allowed
from clinic.staff.requests import StaffRequest
from clinic.staff.sending import made_before, once
from clinic.web.once import spend
from clinic.web.replies import see_other, see_other_address
from patients.permissions import IMPORT

MOST_CHOICES = 200


@roles_allowed(*IMPORT)
@require_http_methods(["GET", "POST"])
def imports(request: StaffRequest) -> HttpResponse:
    """Every list of the clinic, and the form for a new one; sent, the list as it was read."""
    form = UploadForm(request.POST, request.FILES) if request.method == "POST" else UploadForm()
    if form.is_bound and form.is_valid():
        address = made_before(request)
        if not address:
            return see_other_address(_kept(request, form))
        if queries.is_of_file(request.clinic, address, form.digest):
            return see_other_address(address)
        spend(request)  # the token knows the words of a form and not its file
        form.add_error(None, _("This page has read another file before. Choose the file once more."))
    page = queries.imports_of(request.clinic, request.GET.get("page", "1"))
    return render(request, "exchange/imports.html", {"form": form, "page": page}, status=422 if form.errors else 200)


def _kept(request: StaffRequest, form: UploadForm) -> str:
    """Checks the list before anything is locked, and keeps it once."""
    listed, _content, name = form.cleaned_data["file"]
    checked = check(listed.lines, columns_of(listed), request.clinic)

    def make() -> str:
        kept = actions.read_patient_list(file_name=name, digest=form.digest, checked=checked, actor=request.actor)
        return reverse("exchange:import", args=[kept.pk])

    return once(request, make)


@roles_allowed(*IMPORT)
@require_safe
def template(_request: StaffRequest) -> HttpResponse:
    """An empty list with the headings that are known."""
    return _csv(empty_list(), "patients.csv")


@roles_allowed(*IMPORT)
@require_safe
def one(request: StaffRequest, pk: int) -> HttpResponse:
    """A list: waiting for a decision with all that is to be decided, or what became of it."""
    source = queries.import_or_404(request.clinic, pk)
    if source.state != PatientImport.State.SHOWN:
        return _settled(request, source)
    return _waiting(request, source, ColumnsForm(None, columns=columns_kept(source)))


def _waiting(request: StaffRequest, source: PatientImport, form: ColumnsForm) -> HttpResponse:
    columns = columns_kept(source)
    shown = list_page(source, rows_of(source), columns, kind=request.GET.get("kind", ""), number=request.GET.get("page", "1"))
    known = [patient.pk for line in shown.lines for patient in line.alike]
    if known:
        search_seen(actor=request.actor, found=known)
    context = {"source": source, "shown": shown, "form": form, "button": button_words(shown.taken)}
    return render(request, "exchange/import.html", context, status=422 if form.errors else 200)


def _settled(request: StaffRequest, source: PatientImport) -> HttpResponse:
    """What became of a list. The names of those it registered are on it, so it is a search like the list of patients."""
    context: dict[str, Any] = {"source": source}
    if source.state == PatientImport.State.TAKEN:
        page = queries.taken_patients(source, request.GET.get("page", "1"))
        search_seen(actor=request.actor, found=[each.patient_id for each in page.object_list if each.patient_id])
        context |= {"page": page, "blockers": queries.blockers_of(source), "count": page.paginator.count}
    return render(request, "exchange/settled.html", context)


@roles_allowed(*IMPORT)
@require_POST
def columns(request: StaffRequest, pk: int) -> HttpResponse:
    """How the columns are read: every line is asked anew."""
    source = queries.import_or_404(request.clinic, pk)
    if source.state != PatientImport.State.SHOWN:
        return _again(request, source, _("This list was taken over or put away meanwhile."))
    form = ColumnsForm(request.POST, columns=columns_kept(source))
    if not form.is_valid():
        return _waiting(request, source, form)
    checked = _with_columns(source, form)
    return _done(
        request, source, lambda: actions.set_columns(source=source, checked=checked, version=version_sent(request), actor=request.actor)
    )


def _with_columns(source: PatientImport, form: ColumnsForm) -> Checked:
    """The list under the columns that were chosen. Where another column holds the dates now, their order is found out again."""
    kept, chosen, order = columns_kept(source), form.chosen(), form.cleaned_data["order"]
    if order not in ORDERS:
        order = order_in([Line(row.number, row.cells) for row in rows_of(source)], chosen)
    return check_again(source, type(kept)(kept.headings, chosen, order, kept.encoding, kept.separator, kept.take))


@roles_allowed(*IMPORT)
@require_POST
def choices(request: StaffRequest, pk: int) -> HttpResponse:
    """Which of the lines shown are taken over although they may be somebody who is known."""
    source = queries.import_or_404(request.clinic, pk)
    shown, taken = _numbers(request, "shown"), _numbers(request, "take")
    version = version_sent(request)
    return _done(
        request,
        source,
        lambda: actions.choose_lines(source=source, shown=shown, taken=taken, version=version, actor=request.actor),
        "?kind=alike",
    )


@roles_allowed(*IMPORT)
@require_safe
def wrong(request: StaffRequest, pk: int) -> HttpResponse:
    """The wrong lines as a file."""
    source = queries.import_or_404(request.clinic, pk)
    return _csv(wrong_lines(rows_of(source), columns_kept(source)), f"wrong-lines-{source.pk}.csv")


@roles_allowed(*IMPORT)
@require_POST
def take(request: StaffRequest, pk: int) -> HttpResponse:
    """Everybody onto the register who can be, once."""
    if address := made_before(request):
        return see_other_address(address)
    source, version = queries.import_or_404(request.clinic, pk), version_sent(request)
    if source.state != PatientImport.State.SHOWN:
        return _again(request, source, _("This list was taken over or put away meanwhile."))
    try:
        return _taken(request, source, version)
    except actions.StaleImport as stale:
        return _again(request, source, stale.sentence)


def _taken(request: StaffRequest, source: PatientImport, version: int) -> HttpResponse:
    checked = check_again(source)
    if checked.rows != rows_of(source):
        actions.set_columns(source=source, checked=checked, version=version, actor=request.actor)
        return _again(
            request, source, _("The register has changed since the list was checked, and lines with it. Look at them, then take it over.")
        )

    def make() -> str:
        taken = actions.take_over(source=source, checked=checked, version=version, actor=request.actor)
        count = taken.patients.count()
        words = ngettext("%(count)s patient is registered.", "%(count)s patients are registered.", count)
        messages.success(request, words % {"count": count})
        return reverse("exchange:import", args=[taken.pk])

    return see_other_address(once(request, make))


@roles_allowed(*IMPORT)
@require_POST
def away(request: StaffRequest, pk: int) -> HttpResponse:
    """A list that nobody wants."""
    source = queries.import_or_404(request.clinic, pk)
    try:
        actions.put_away(source=source, actor=request.actor)
    except actions.StaleImport as stale:
        return _again(request, source, stale.sentence)
    messages.success(request, _("The list is put away, and what was read of it is forgotten."))
    return see_other("exchange:imports")


@roles_allowed(*IMPORT)
@require_POST
def undo(request: StaffRequest, pk: int) -> HttpResponse:
    """The whole import taken back."""
    source = queries.import_or_404(request.clinic, pk)
    try:
        actions.take_back(source=source, actor=request.actor)
    except (actions.InUse, actions.StaleImport) as denied:
        return _again(request, source, denied.sentence)
    messages.success(request, _("The import is taken back. Its patients are gone from the register."))
    return see_other("exchange:import", pk)


def _done(request: StaffRequest, source: PatientImport, obey: Any, query: str = "") -> HttpResponse:
    try:
        obey()
    except actions.StaleImport as stale:
        return _again(request, source, stale.sentence)
    messages.success(request, _("Kept. Nobody is registered yet."))
    return see_other_address(reverse("exchange:import", args=[source.pk]) + query)


def _again(request: StaffRequest, source: PatientImport, sentence: str) -> HttpResponse:
    """Back to the list as it is now, with the reason."""
    messages.warning(request, sentence)
    return see_other("exchange:import", source.pk)


def _numbers(request: StaffRequest, name: str) -> set[int]:
    return {int(text) for text in request.POST.getlist(name)[:MOST_CHOICES] if text.isascii() and text.isdigit() and len(text) < 9}


def _csv(content: bytes, name: str) -> HttpResponse:
    """A file whose name says nothing about anybody."""
    disposition = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(content, content_type="text/csv; charset=utf-8", headers=disposition)
