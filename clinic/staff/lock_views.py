"""The locked screen, and the PIN that opens it."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from clinic.staff import locking
from clinic.staff.models import User
from clinic.staff.permissions import Actor, signed_in_allowed
from clinic.staff.pins import LONGEST, Tried, check_pin, set_pin, try_secret
from clinic.staff.requests import StaffRequest
from clinic.web.replies import see_other, see_other_address
from clinic.web.trouble import kept_page
from clinic.web.typed_in import came_from, unpacked


@signed_in_allowed
@locking.opens_when_locked
@require_http_methods(["GET", "POST"])
def lock(request: StaffRequest) -> HttpResponse:
    """GET: the locked screen, or for a script how many seconds are left. POST: PIN or password; "here": the person is there; "now"."""
    if request.method == "GET":
        return _shown(request)
    if "now" in request.POST:
        locking.lock_now(request)
        return locking.lock_page(request, came_from(request), status=200)
    if "here" in request.POST:
        return _still_here(request)
    return _tried(request)


def _shown(request: StaffRequest) -> HttpResponse:
    if locking.wants_data(request):
        return JsonResponse({"left": locking.seconds_left(request)})
    after = request.GET.get("next", "/")
    if not locking.is_locked(request):
        return see_other_address(locking.address_after(request, after))
    return locking.lock_page(request, after, status=200)


def _still_here(request: StaffRequest) -> HttpResponse:
    if locking.is_locked(request):
        return locking.locked_answer(request)
    locking.note_use(request)
    return HttpResponse(status=204)


def _tried(request: StaffRequest) -> HttpResponse:
    """A PIN or password was said."""
    after = locking.address_after(request, request.POST.get("next", "/"))
    if locking.is_locked(request):
        tried = try_secret(user=request.user, secret=request.POST.get("secret", ""), actor=request.actor)
        if tried.is_spent:
            return _signed_out(request)
        if not tried.is_right:
            return _refused(request, after, by_pin=tried.by_pin)
        locking.unlock(request)
        if typed := unpacked(request.POST.get("kept", ""), request.user.pk):
            return kept_page(request, typed, back=after)
    return JsonResponse({"left": locking.seconds_left(request)}) if locking.wants_data(request) else see_other_address(after)


def _signed_out(request: StaffRequest) -> HttpResponse:
    logout(request)
    messages.warning(request, _("The password was wrong five times. Sign in again."))
    return JsonResponse({"signed_out": True}, status=401) if locking.wants_data(request) else see_other("account_login")


def _refused(request: StaffRequest, after: str, *, by_pin: bool) -> HttpResponse:
    sentence = _("This is not your PIN.") if by_pin else _("This is not your password.")
    if by_pin and not request.user.asks_pin:
        sentence = _("The PIN was wrong five times. Enter your password.")
    if locking.wants_data(request):
        return JsonResponse({"sentence": sentence, "asks_pin": request.user.asks_pin}, status=422)
    return locking.lock_page(request, after, wrong=sentence, status=422, kept=request.POST.get("kept", ""))


class PinForm(forms.Form):
    """A new PIN, under the password."""

    password = forms.CharField(
        label=gettext_lazy("Your password"), strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "current-password"})
    )
    pin = forms.CharField(
        label=gettext_lazy("New PIN"),
        max_length=LONGEST,
        validators=[check_pin],
        help_text=gettext_lazy("Four to eight digits. It opens a locked screen on which you are signed in, and nothing else."),
        widget=forms.PasswordInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    again = forms.CharField(
        label=gettext_lazy("The PIN again"),
        max_length=LONGEST,
        widget=forms.PasswordInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )

    def __init__(self, data: Any = None, *, user: User, actor: Actor | None) -> None:
        super().__init__(data)
        self.user, self.actor, self.tried = user, actor, Tried(is_right=False, by_pin=False)

    def clean_password(self) -> str:
        said: str = self.cleaned_data["password"]
        # Counted as on the locked screen: a screen that was left open is no place to guess a password.
        self.tried = try_secret(user=self.user, secret=said, is_pin_allowed=False, actor=self.actor)
        if not self.tried.is_right:
            raise forms.ValidationError(_("This is not your password."))
        return said

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if "pin" in cleaned and cleaned["pin"] != cleaned.get("again"):
            self.add_error("again", _("The two PINs are not the same."))
        return cleaned


@signed_in_allowed
@require_http_methods(["GET", "POST"])
def pin(request: StaffRequest) -> HttpResponse:
    """Sets one's own PIN, after the password."""
    form = PinForm(request.POST if request.method == "POST" else None, user=request.user, actor=request.actor)
    if request.method == "POST" and form.is_valid():
        set_pin(user=request.user, pin=form.cleaned_data["pin"], actor=request.actor)
        messages.success(request, _("Your PIN is set. It opens the screen when it has locked itself."))
        return see_other("account")
    if form.tried.is_spent:
        return _signed_out(request)
    return render(request, "staff/pin.html", {"form": form}, status=422 if form.errors else 200)
