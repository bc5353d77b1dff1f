"""A person's own account: how they sign in, in which language, and where they are still signed in."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from clinic.staff.actions import sign_out_everywhere
from clinic.staff.ending_sessions import end_other_sessions, end_session, mark_of, open_sessions
from clinic.staff.identity import identity_proved_again
from clinic.staff.passkeys import ways_of
from clinic.staff.permissions import signed_in_allowed
from clinic.staff.requests import StaffRequest
from clinic.staff.second_step import is_missing
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
@require_GET
def second_step(request: StaffRequest) -> HttpResponse:
    """The one page for somebody whose role needs a second step and who has none: why, and the two ways to set one up."""
    if not is_missing(request):
        return see_other("account")
    request.roles = frozenset()  # no way leads on from here: the page is drawn without them
    return render(request, "staff/second_step.html")


@signed_in_allowed
@require_GET
def account_sessions(request: StaffRequest) -> HttpResponse:
    """Where one is signed in."""
    return render(request, "staff/sessions.html", {"sessions": open_sessions(request.user, request.session.session_key)})


@signed_in_allowed
@require_POST
def account_session_end(request: StaffRequest, mark: str) -> HttpResponse:
    """Ends one of them; it may be this one."""
    end_session(user=request.user, mark=mark, actor=request.actor)
    if mark == mark_of(request.session.session_key or ""):
        request.session.flush()
        return see_other("account_login")
    messages.success(request, _("That session has ended."))
    return see_other("account-sessions")


@signed_in_allowed
@identity_proved_again
@require_POST
def account_sessions_end_others(request: StaffRequest) -> HttpResponse:
    """Ends all but this one."""
    end_other_sessions(user=request.user, this_key=request.session.session_key, actor=request.actor)
    messages.success(request, _("You are signed in nowhere else now."))
    return see_other("account-sessions")


@signed_in_allowed
@identity_proved_again
@require_POST
def account_sign_out_everywhere(request: StaffRequest) -> HttpResponse:
    """Ends every session of one's own, this one too."""
    sign_out_everywhere(user=request.user, actor=request.actor)
    request.session.flush()
    messages.success(request, _("You are signed out everywhere."))
    return see_other("account_login")
