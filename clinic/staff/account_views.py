"""A person's own account: how they sign in, in which language, and where they are still signed in."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from clinic.staff.actions import sign_out_everywhere
from clinic.staff.passkeys import ways_of
from clinic.staff.permissions import signed_in_allowed
from clinic.staff.requests import StaffRequest
from clinic.web.replies import see_other


@signed_in_allowed
@require_GET
def account(request: StaffRequest) -> HttpResponse:
    """Everything about signing in, with a sentence that says what is set up."""
    return render(request, "staff/account.html", {"ways": ways_of(request.user)})


@signed_in_allowed
@require_GET
def account_second_step(request: StaffRequest) -> HttpResponse:
    """The page of allauth that lists the same things leads to ours."""
    return redirect("account")


@signed_in_allowed
@require_POST
def account_sign_out_everywhere(request: StaffRequest) -> HttpResponse:
    """Ends every session of one's own, this one too."""
    sign_out_everywhere(user=request.user, actor=request.actor)
    request.session.flush()
    messages.success(request, _("You are signed out everywhere."))
    return see_other("account_login")
