"""What the hand found, as the page sends it."""

from django.http import HttpResponse
from django.views.decorators.http import require_POST

from clinic.courses.permissions import PLAN
from clinic.courses.studio import actions
from clinic.courses.studio.forms.palpation import palpation_act
from clinic.courses.studio.views.acting import obeyed, version_of_draft
from clinic.staff.permissions import roles_allowed
from clinic.staff.requests import StaffRequest


@roles_allowed(*PLAN)
@require_POST
def palpation(request: StaffRequest, pk: int) -> HttpResponse:
    """Tense and flaccid places with their reason: they change the mix of that side in every session to come."""
    return obeyed(
        request,
        pk,
        lambda desk, sent: actions.do_act(desk=desk, act=palpation_act(sent, desk), version=version_of_draft(sent), actor=request.actor),
    )
