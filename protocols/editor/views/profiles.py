"""Mixes of techniques of the clinic's own: the list with a form for a new one, and one mix."""

from typing import Any

from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from clinic.staff.permissions import roles_allowed
from clinic.staff.requests import StaffRequest
from protocols.editor import profiles as made
from protocols.editor.desk import VariantDesk
from protocols.editor.forms.profiles import NewProfileForm, ProfileForm
from protocols.editor.forms.whole import MoveForm
from protocols.editor.permissions import WRITE
from protocols.editor.steps import with_shares
from protocols.editor.views.common import at, desk_or_404, obey, variant_page
from protocols.presentation.shares import family_shares


@roles_allowed(*WRITE)
@require_http_methods(["GET", "HEAD", "POST"])
def profiles(request: StaffRequest, pk: int) -> HttpResponse:
    """The mixes of the clinic's own; a new one is the copy of another."""
    desk = _desk(request, pk)
    form = NewProfileForm(request.POST if request.method == "POST" else None, desk=desk)
    if form.is_valid() and (done := _begin(request, desk, form)):
        return done
    names = desk.reader.names
    rows = [
        (code, names.of("profiles", code), family_shares(row["shares"], names), _users(desk, code))
        for code, row in desk.own_profiles.items()
    ]
    context = {"rows": rows, "form": form}
    return variant_page(request, desk, "profiles", context, status=422 if form.is_bound else 200)


def _begin(request: StaffRequest, desk: VariantDesk, form: NewProfileForm) -> HttpResponse | None:
    data = form.cleaned_data
    code = made.free_code(data["name"], desk.profiles)
    row = made.copied(desk.profiles[data["source"]], code=code, name=data["name"])
    said = _("new mix “%(name)s”") % {"name": data["name"]}
    back = at("variants:profile", desk.variant.pk, code, anchor="mix")
    return obey(request, desk, form, made.kept(row, data["name_ru"]), said=said, back=back)


@roles_allowed(*WRITE)
@require_http_methods(["GET", "HEAD", "POST"])
def profile(request: StaffRequest, pk: int, code: str) -> HttpResponse:
    """One mix of the clinic's own."""
    desk = _desk(request, pk)
    row = desk.own_profiles.get(code)
    if row is None:
        raise Http404
    form = ProfileForm(request.POST if request.method == "POST" else None, desk=desk, profile=row)
    if form.is_valid() and (done := _keep(request, desk, form, code)):
        return done
    users = _users(desk, code)
    context = {
        "code": code,
        "name": desk.reader.names.of("profiles", code),
        "form": form,
        "shares": family_shares(row["shares"], desk.reader.names),
        "users": users,
        "remove": MoveForm(version=desk.variant.version, place="remove"),
    }
    return variant_page(request, desk, "profile", context, status=422 if form.is_bound else 200)


def _keep(request: StaffRequest, desk: VariantDesk, form: ProfileForm, code: str) -> HttpResponse | None:
    """The mix with the shares of every stage that works with it."""
    row = form.row()
    changes: dict[str, Any] = made.kept(row, form.cleaned_data["name_ru"])
    after = {**desk.profiles, code: row}
    changes |= {desk.stage_address(stage): with_shares(desk.stages[stage], after) for stage in made.users_of(code, desk.stages)}
    said = _("mix “%(name)s”") % {"name": row["name"]}
    return obey(request, desk, form, changes, said=said, back=at("variants:profile", desk.variant.pk, code, anchor="mix"))


@roles_allowed(*WRITE)
@require_POST
def remove(request: StaffRequest, pk: int, code: str) -> HttpResponse:
    """A mix that no stage works with is taken away."""
    desk = _desk(request, pk)
    row, form = desk.own_profiles.get(code), MoveForm(request.POST, version=desk.variant.version)
    if row is None:
        raise Http404
    if form.is_valid():
        if _users(desk, code):
            form.add_error(None, _("A step still works with this mix. Give it another one first."))
        else:
            said = _("mix “%(name)s” taken away") % {"name": row["name"]}
            back = at("variants:profiles", pk, anchor="main")
            if done := obey(request, desk, form, made.taken_away(code), said=said, back=back):
                return done
    context = {"code": code, "name": row["name"], "form": ProfileForm(desk=desk, profile=row), "users": _users(desk, code), "remove": form}
    return variant_page(request, desk, "profile", context | {"refused": form}, status=422)


def _desk(request: StaffRequest, pk: int) -> VariantDesk:
    desk = desk_or_404(request, pk)
    if not desk.condition:
        raise Http404
    return desk


def _users(desk: VariantDesk, code: str) -> list[tuple[str, str]]:
    """(code, name) of the stages that work with a mix."""
    return [(stage, desk.stage_name(stage)) for stage in made.users_of(code, desk.stages)]
