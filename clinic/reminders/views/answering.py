"""What a patient sees behind the link of a message, without a log-in."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from clinic.staff.permissions import public


@public
def open_link(request: HttpRequest, token: str) -> HttpResponse:
    """One and the same page for every address that opens nothing."""
    return render(request, "reminders/link_over.html", status=404)
