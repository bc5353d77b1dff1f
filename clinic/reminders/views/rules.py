"""The rules of messages: names, times, quiet hours, and what is sent at all."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from clinic.reminders.actions.rules import StaleRules, save_message_rules
from clinic.reminders.forms.rules import MessageRulesForm
from clinic.reminders.permissions import MANAGE_MESSAGES
from clinic.reminders.queries.rules import rules_of
from clinic.reminders.rules_page import examples_of, named
from clinic.staff.permissions import roles_allowed
from clinic.staff.requests import StaffRequest
from clinic.web.replies import see_other


@roles_allowed(*MANAGE_MESSAGES)
@require_http_methods(["GET", "POST"])
def rules(request: StaffRequest) -> HttpResponse:
    """What the clinic has set, with what it means (``look``: of what is written, before it is saved)."""
    is_look, kept = "look" in request.POST, rules_of(request.clinic)
    form = MessageRulesForm(request.POST if request.method == "POST" else None, rules=rules_of(request.clinic))
    is_sound = form.is_bound and form.is_valid()
    if is_sound and not is_look and _saved(request, form):
        return see_other("reminders:rules")
    # An unsound form has left its traces on the rules that it was made for; examples are of sound ones only.
    shown = form.instance if is_sound else kept
    context = {"form": form, "examples": examples_of(shown, request.clinic.today()), "named": named(shown), "is_look": is_look and is_sound}
    template = "reminders/rules.html#meaning" if request.htmx and is_look else "reminders/rules.html"
    return render(request, template, context, status=422 if form.is_bound and not (is_sound and is_look) else 200)


def _saved(request: StaffRequest, form: MessageRulesForm) -> bool:
    try:
        save_message_rules(values=form.values(), seen=form.cleaned_data["version"], now=timezone.now(), actor=request.actor)
    except StaleRules as stale:
        form.refuse_stale(stale.sentence, stale.version)
        return False
    messages.success(request, _("The rules are saved. Reminders that wait have their new times."))
    return True
