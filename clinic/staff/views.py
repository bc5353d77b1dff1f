"""Pages about the staff of the present clinic, and the choice of the clinic."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from clinic.staff import actions, queries
from clinic.staff.forms import ClinicForm, ProfileForm, RolesForm
from clinic.staff.identity import identity_proved_again
from clinic.staff.middleware import CHOSEN_CLINIC
from clinic.staff.models import Role
from clinic.staff.passkeys import ways_of
from clinic.staff.permissions import every_role_allowed, roles_allowed, signed_in_allowed
from clinic.staff.queries import StaffMember
from clinic.staff.requests import StaffRequest
from clinic.staff.turns import saved_in_turn
from clinic.web.seen import is_stale

# Where a working day begins, by the first role that fits. Names, because these apps lie above this one.
FIRST_PAGES = (
    (Role.THERAPIST, "day:today"),
    (Role.DOCTOR, "courses:inbox"),
    (Role.CLINICAL_LEAD, "home:work"),
    (Role.ADMIN, "home:work"),
    (Role.AUDITOR, "home:work"),
)


@every_role_allowed
@require_GET
def home(request: StaffRequest) -> HttpResponse:
    """The first page of the day for the person's role."""
    return redirect(next(page for role, page in FIRST_PAGES if role in request.roles))


@signed_in_allowed
@require_http_methods(["GET", "POST"])
def present_clinic(request: StaffRequest) -> HttpResponse:
    """Which of the person's clinics the pages are about."""
    choices = [(each.clinic.pk, each.clinic.name) for each in request.memberships]
    form = ClinicForm(request.POST if request.method == "POST" else None, choices=choices)
    if request.method == "POST" and form.is_valid():
        request.session[CHOSEN_CLINIC] = form.cleaned_data["clinic"]
        return redirect("home")
    return render(request, "staff/present_clinic.html", {"form": form}, status=422 if form.errors else 200)


@roles_allowed(Role.ADMIN)
@require_GET
def staff_list(request: StaffRequest) -> HttpResponse:
    """Everybody who works at this clinic, and who is invited."""
    now = timezone.now()
    invitations = [(each, each.is_expired(now)) for each in queries.open_invitations(request.clinic)]
    return render(request, "staff/list.html", {"members": queries.staff_of(request.clinic), "invitations": invitations})


@roles_allowed(Role.ADMIN)
@require_GET
def staff_member(request: StaffRequest, pk: int) -> HttpResponse:
    """One person: what they may do here, their papers, and the door."""
    return member_page(request, queries.staff_member_or_404(request.clinic, pk))


@roles_allowed(Role.ADMIN)
@identity_proved_again
@require_POST
@saved_in_turn
def staff_roles(request: StaffRequest, pk: int) -> HttpResponse:
    """What one person may do at this clinic."""
    member = queries.staff_member_or_404(request.clinic, pk)
    form = RolesForm(request.POST, initial={"roles": member.roles})
    if not form.is_valid() or is_stale(request, form):
        return member_page(request, member, roles=form)
    actions.set_roles(clinic=request.clinic, user=member.user, roles=form.cleaned_data["roles"], actor=request.actor)
    messages.success(request, _roles_saved(form.cleaned_data["roles"]) % {"name": member.user.full_name})
    if Role.THERAPIST not in form.cleaned_data["roles"]:
        _say_where_dates_are(request, member)
    return redirect("staff-list")


def _roles_saved(roles: Sequence[str]) -> str:
    """Whoever has none is on no list of this clinic any more: the sentence is the only place that says the way back."""
    if roles:
        return _("The roles of %(name)s were saved.")
    return _("%(name)s has left the staff. Was that a mistake? Invite the person again with the same e-mail: account and papers are kept.")


@roles_allowed(Role.ADMIN)
@identity_proved_again
@require_POST
@saved_in_turn
def staff_profile(request: StaffRequest, pk: int) -> HttpResponse:
    """A person's title, licence and qualifications as this clinic has seen them."""
    member = queries.staff_member_or_404(request.clinic, pk)
    form = ProfileForm(request.POST, initial=_papers(member))
    if not form.is_valid() or is_stale(request, form):
        return member_page(request, member, profile=form)
    actions.set_profile(clinic=request.clinic, user=member.user, **form.cleaned_data, actor=request.actor)
    messages.success(request, _("The papers of %(name)s were saved.") % {"name": member.user.full_name})
    return redirect("staff-member", pk)


@roles_allowed(Role.ADMIN)
@identity_proved_again
@require_POST
def staff_disable(request: StaffRequest, pk: int) -> HttpResponse:
    """Closes the door for one person."""
    member = queries.staff_member_or_404(request.clinic, pk)
    actions.disable_staff(user=member.user, actor=request.actor)
    messages.success(request, _("%(name)s can no longer sign in.") % {"name": member.user.full_name})
    _say_where_dates_are(request, member)
    return redirect("staff-list")


def _say_where_dates_are(request: StaffRequest, member: StaffMember) -> None:
    """Whoever treated may have patients booked tomorrow."""
    if Role.THERAPIST in member.roles:
        sentence = _("Sessions that are booked with %(name)s stand under Conflicts in the calendar now, until each has a new place.")
        messages.warning(request, sentence % {"name": member.user.full_name})


@roles_allowed(Role.ADMIN)
@identity_proved_again
@require_POST
def staff_enable(request: StaffRequest, pk: int) -> HttpResponse:
    """Opens it again."""
    member = queries.staff_member_or_404(request.clinic, pk)
    actions.enable_staff(user=member.user, actor=request.actor)
    messages.success(request, _("%(name)s can sign in again.") % {"name": member.user.full_name})
    return redirect("staff-list")


@roles_allowed(Role.ADMIN)
@identity_proved_again
@require_POST
def staff_sign_out(request: StaffRequest, pk: int) -> HttpResponse:
    """Ends whatever session the person left open anywhere."""
    member = queries.staff_member_or_404(request.clinic, pk)
    actions.sign_out_staff(user=member.user, actor=request.actor)
    messages.success(request, _("%(name)s is signed out everywhere.") % {"name": member.user.full_name})
    return redirect("staff-member", pk)


@roles_allowed(Role.ADMIN)
@identity_proved_again
@require_POST
def staff_second_step_reset(request: StaffRequest, pk: int) -> HttpResponse:
    """Takes the second step away from a colleague who lost the device; the person is told by a letter."""
    member = queries.staff_member_or_404(request.clinic, pk)
    actions.reset_second_step(user=member.user, actor=request.actor)
    messages.success(request, _("The second step of %(name)s is reset. A letter tells them so.") % {"name": member.user.full_name})
    return redirect("staff-member", pk)


def member_page(request: StaffRequest, member: StaffMember, *, roles: Form | None = None, profile: Form | None = None) -> HttpResponse:
    """The page of one person; a form that was sent and refused is shown as it came (422)."""
    context = {
        "member": member,
        "roles_form": roles or RolesForm(initial={"roles": member.roles}),
        "profile_form": profile or ProfileForm(initial=_papers(member)),
        "refused_form": roles or profile,
        "works_elsewhere": queries.other_clinics_of(member.user, request.clinic),
        "is_oneself": member.user == request.user,
        "ways": ways_of(member.user),
    }
    return render(request, "staff/member.html", context, status=422 if roles or profile else 200)


def _papers(member: StaffMember) -> dict[str, Any]:
    return {name: getattr(member.profile, name) for name in ProfileForm.base_fields}
