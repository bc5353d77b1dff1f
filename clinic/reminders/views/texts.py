"""The texts of messages: the list, writing one beside what becomes of it, its versions, and the way back to the shipped one."""

from functools import partial
from typing import Any, Final

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from clinic.reminders.actions.texts import OwnWords, StaleText, save_text, use_shipped_text
from clinic.reminders.examples import lines_for
from clinic.reminders.forms.texts import ShownBooking, TextForm
from clinic.reminders.models import MessageTemplate
from clinic.reminders.neutral import place_of
from clinic.reminders.permissions import MANAGE_MESSAGES, READ_MESSAGES, can_manage_messages
from clinic.reminders.queries.rules import rules_of
from clinic.reminders.queries.texts import Spot, newest_version, version_or_404, versions_of
from clinic.reminders.text_page import Cell, difference, names_of, placeholders_of, preview_of, rows_of, said_in, shown_booking, siblings_of
from clinic.schedule.queries.places import sites_in_use
from clinic.staff.permissions import roles_allowed
from clinic.staff.requests import StaffRequest
from clinic.staff.steps import take_step
from clinic.web.replies import see_other

LONGEST_NUMBER: Final = 10  # digits, of a version


@roles_allowed(*READ_MESSAGES)
@require_safe
def texts(request: StaffRequest) -> HttpResponse:
    """All texts, and which of them the clinic has made its own."""
    rows = rows_of(request.clinic, "ru" if get_language() == "ru" else "en", timezone.now())
    return render(request, "reminders/texts.html", {"to_patients": rows[False], "to_staff": rows[True]})


@roles_allowed(*READ_MESSAGES)
@require_http_methods(["GET", "POST"])
def text(request: StaffRequest, code: str, channel: str, language: str) -> HttpResponse:
    """One text: writing it, seeing what becomes of it (``look``), saving it as a new version."""
    spot = _spot_or_404(code, channel, language)
    newest = newest_version(request.clinic, spot)
    form = _form(request, spot, newest)
    is_look, status = "look" in request.POST, 200
    if request.method == "POST":
        is_sound = form.is_valid()
        if is_sound and not is_look and _saved(request, form):
            return see_other("reminders:text", code, channel, language)
        status = 200 if is_sound and is_look else 422
    context = _page(request, spot, form)
    template = "reminders/text.html#preview" if request.htmx and is_look else "reminders/text.html"
    return render(request, template, context, status=status)


def _spot_or_404(code: str, channel: str, language: str) -> Spot:
    spot = Spot(code, channel, language)
    if not spot.is_known:
        raise Http404
    return spot


def _form(request: StaffRequest, spot: Spot, newest: MessageTemplate | None) -> TextForm:
    data = request.POST if request.method == "POST" else None
    version = newest.version if newest else 0
    places = [place_of(each) for each in sites_in_use(request.clinic)]
    return TextForm(data, spot=spot, shown=said_in(newest, spot), rules=rules_of(request.clinic), places=places, version=version)


def _saved(request: StaffRequest, form: TextForm) -> bool:
    words = OwnWords(form.words.subject, form.words.body)
    seen = form.cleaned_data["version"]
    try:
        saved = save_text(spot=form.spot, words=words, seen=seen, example=lambda: form.draft.longest(form.places), actor=request.actor)
    except StaleText as stale:
        form.refuse_stale(stale.sentence, stale.newest.version)
        return False
    messages.success(request, _("Version %(version)s is saved. Messages that go out from now on use it.") % {"version": saved.version})
    return True


def _page(request: StaffRequest, spot: Spot, form: TextForm) -> dict[str, Any]:
    asked = ShownBooking(request.POST if request.method == "POST" else request.GET)
    number = asked.cleaned_data["booking"] if asked.is_valid() else None
    booking, now = shown_booking(request.clinic, number), timezone.now()
    if number and (booking is None or booking.pk != number):
        asked.refuse_unknown()
    versions = versions_of(request.clinic, spot)
    lines = lines_for(booking, form.rules, now)
    return {
        **names_of(spot), "spot": spot, "tabs": siblings_of(spot), "form": form, "asked": asked, "versions": versions,
        "may_change": can_manage_messages(request.actor), "preview": preview_of(form.draft, booking, lines, form.places),
        "placeholders": placeholders_of(spot, form.rules, lines), "is_own": bool(versions and versions[0].saved.body),
        "newest": versions[0].saved.version if versions else 0,
        "is_broken": bool(versions) and Cell(spot, versions[0].saved).is_broken,
    }  # fmt: skip


@roles_allowed(*READ_MESSAGES)
@require_safe
def version(request: StaffRequest, code: str, channel: str, language: str, number: int) -> HttpResponse:
    """One saved version beside the one before it."""
    spot = _spot_or_404(code, channel, language)
    found = version_or_404(request.clinic, spot, number)
    lines = difference(said_in(found.before, spot), said_in(found.saved, spot))
    return render(request, "reminders/text_version.html", {**names_of(spot), "spot": spot, "version": found, "lines": lines})


@roles_allowed(*MANAGE_MESSAGES)
@require_POST
def text_shipped(request: StaffRequest, code: str, channel: str, language: str) -> HttpResponse:
    """Back to the shipped text."""
    spot = _spot_or_404(code, channel, language)
    seen = request.POST.get("version", "")
    is_number = seen.isascii() and seen.isdigit() and len(seen) < LONGEST_NUMBER
    use_it = partial(use_shipped_text, spot=spot, seen=int(seen) if is_number else -1, actor=request.actor)
    take_step(request, use_it, _("The shipped text is used again. Your versions stay in the list."))
    return see_other("reminders:text", code, channel, language)
