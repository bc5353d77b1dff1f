"""The mailbox of the demo and of development: what would have gone out, as its reader would see it."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import content_disposition_header, urlencode
from django.views.decorators.http import require_safe

from clinic.reminders.permissions import READ_MESSAGES
from clinic.reminders.queries.mailbox import is_mailbox_used, letter_or_404, letters_of
from clinic.reminders.views.common import number_of
from clinic.staff.permissions import roles_allowed
from clinic.staff.requests import StaffRequest


@roles_allowed(*READ_MESSAGES)
@require_safe
def mailbox_page(request: StaffRequest) -> HttpResponse:
    """The letters, the newest first; there is no such page where messages go out for real."""
    _check_is_used()
    address, after = request.GET.get("q", "").strip()[:100], number_of(request, "after")
    found = letters_of(request.clinic, address, after)
    here = reverse("reminders:mailbox")
    query: dict[str, str | int] = {"q": address} if address else {}
    context = {
        "letters": found.letters,
        "query": address,
        "next_url": f"{here}?{urlencode({**query, 'after': found.after})}" if found.after else "",
        "first_url": f"{here}?{urlencode(query)}" if after else "",
    }
    return render(request, "reminders/mailbox.html", context)


@roles_allowed(*READ_MESSAGES)
@require_safe
def mailbox_file(request: StaffRequest, pk: int) -> HttpResponse:
    """The file of a letter, a calendar."""
    _check_is_used()
    letter = letter_or_404(request.clinic, pk)
    if not letter.attachment_name:
        raise Http404
    response = HttpResponse(letter.attachment, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=letter.attachment_name)
    response["Cache-Control"] = "private, no-store"
    return response


def _check_is_used() -> None:
    if not is_mailbox_used():
        raise Http404
