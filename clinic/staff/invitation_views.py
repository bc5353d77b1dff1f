"""Inviting somebody to the staff, and the page that the link in the letter opens."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from clinic.staff import inviting, queries
from clinic.staff.forms import FirstPasswordForm, InvitationForm
from clinic.staff.identity import identity_proved_again
from clinic.staff.letters import send_invitation
from clinic.staff.middleware import CHOSEN_CLINIC
from clinic.staff.models import Invitation, Role, User
from clinic.staff.permissions import ActionDenied, public, roles_allowed
from clinic.staff.requests import StaffRequest
from clinic.staff.steps import take_step
from clinic.web.replies import see_other

# Who has opened the link: somebody without an account, with one but not signed in, the right one, or somebody else.
NEW, KNOWN, INVITED, SOMEBODY_ELSE = "new", "known", "invited", "somebody-else"


@roles_allowed(Role.ADMIN)
@identity_proved_again
@require_http_methods(["GET", "POST"])
def staff_new(request: StaffRequest) -> HttpResponse:
    """Invites a person to this clinic."""
    form = InvitationForm(request.POST if request.method == "POST" else None, initial={"language": request.clinic.language})
    if request.method == "POST" and form.is_valid():
        try:
            made = inviting.invite_staff(clinic=request.clinic, invitee=inviting.Invitee(**form.cleaned_data), actor=request.actor)
        except ActionDenied as denied:
            form.add_error("email", denied.sentence)
        else:
            return _shown_once(request, *made)
    return render(request, "staff/new.html", {"form": form}, status=422 if form.errors else 200)


@roles_allowed(Role.ADMIN)
@identity_proved_again
@require_POST
def invitation_renew(request: StaffRequest, pk: int) -> HttpResponse:
    """A new link for somebody whose first one is lost or has expired."""
    invitation = queries.invitation_or_404(request.clinic, pk)
    try:
        return _shown_once(request, *inviting.renew_invitation(invitation=invitation, actor=request.actor))
    except inviting.NotOpen as slower:
        messages.warning(request, slower.sentence)
        return see_other("staff-list")


@roles_allowed(Role.ADMIN)
@identity_proved_again
@require_POST
def invitation_revoke(request: StaffRequest, pk: int) -> HttpResponse:
    """The link in the letter opens nothing any more."""
    invitation = queries.invitation_or_404(request.clinic, pk)
    done = _("The invitation of %(name)s is revoked.") % {"name": invitation.full_name}
    take_step(request, lambda: inviting.revoke_invitation(invitation=invitation, actor=request.actor), done, unless=inviting.NotOpen)
    return see_other("staff-list")


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """What the link opens. Looking changes nothing: mail programs open every link to look for harm."""
    found = queries.invitation_behind(token)
    if found is None:
        return _opens_nothing(request)
    language = found.language if _has_chosen_no_language(request) else translation.get_language()
    with translation.override(language):
        return _accept(request, found, token) if request.method == "POST" else _page(request, found)


def _accept(request: HttpRequest, found: Invitation, token: str) -> HttpResponse:
    situation = _situation(request, found)
    form = _password_form(request, found) if situation == NEW else None
    if situation not in {NEW, INVITED} or (form is not None and not form.is_valid()):
        return _page(request, found, form)
    user = request.user if isinstance(request.user, User) else None
    try:
        inviting.accept_invitation(token=token, password=form.cleaned_data["password"] if form else "", user=user)
    except inviting.LinkOpensNothing:
        return _opens_nothing(request)
    messages.success(request, _("Welcome to %(clinic)s.") % {"clinic": found.clinic.name})
    if user is None:
        return see_other("account_login")
    request.session[CHOSEN_CLINIC] = found.clinic.pk
    return see_other("home")


def _page(request: HttpRequest, found: Invitation, form: FirstPasswordForm | None = None) -> HttpResponse:
    situation = _situation(request, found)
    form = form or (_password_form(request, found) if situation == NEW else None)
    refused = request.method == "POST"
    context = {"invitation": found, "situation": situation, "form": form, "refused": refused}
    return render(request, "staff/invitation.html", context, status=422 if refused else 200)


def _opens_nothing(request: HttpRequest) -> HttpResponse:
    return render(request, "staff/invitation_opens_nothing.html", status=404)


def _situation(request: HttpRequest, found: Invitation) -> str:
    known = queries.person_with(found.email)
    if isinstance(request.user, User):
        return INVITED if request.user == known else SOMEBODY_ELSE
    return KNOWN if known else NEW


def _password_form(request: HttpRequest, found: Invitation) -> FirstPasswordForm:
    person = User(email=found.email, full_name=found.full_name)
    return FirstPasswordForm(request.POST if request.method == "POST" else None, person=person)


def _has_chosen_no_language(request: HttpRequest) -> bool:
    return not request.user.is_authenticated and settings.LANGUAGE_COOKIE_NAME not in request.COOKIES


def _shown_once(request: StaffRequest, made: Invitation, token: str) -> HttpResponse:
    """Sends the letter and shows the link, which nobody can show a second time."""
    address = request.build_absolute_uri(reverse("invitation", args=(token,)))
    send_invitation(made, address)
    return render(request, "staff/invited.html", {"invitation": made, "address": address})
