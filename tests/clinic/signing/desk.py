"""A page on which a doctor signs, as the apps above build one: the only address of this URLconf that is not the project's."""

from typing import Any

from django.db import transaction
from django.http import HttpResponse
from django.template import RequestContext, Template
from django.urls import URLPattern, URLResolver, path

from clinic import urls
from clinic.signing.actions import SeenOtherwise, sign
from clinic.signing.ceremony import NotRecent, open_ceremony, proof_from, reauthenticate
from clinic.signing.models import Meaning
from clinic.signing.queries import latest, stamp_of
from clinic.staff.models import Role
from clinic.staff.permissions import roles_allowed
from clinic.staff.requests import StaffRequest
from clinic.web.replies import see_other_address
from tests.clinic.signing.making import a_content

ADDRESS = "/sign-here/"
PAGE = """{% extends "base.html" %}{% load static %}
{% block title %}Sign-off{% endblock %}{% block heading %}Plan to sign{% endblock %}
{% block scripts %}<script src="{% static 'js/passkey-signing.js' %}" defer></script>{% endblock %}
{% block content %}
{% if stamp %}{% include "signing/_stamp.html" with stamp=stamp only %}{% endif %}
{% with shown=ceremony %}
{% include "signing/_document.html" with sections=shown.sections title="Massage" short_digest=shown.short_digest level=2 only %}
{% endwith %}
<form method="post">{% csrf_token %}
{% include "signing/_sign.html" with ceremony=ceremony meaning="approved" words="Sign the plan" only %}
</form>
<form method="post">{% csrf_token %}
{% include "signing/_sign.html" with ceremony=ceremony meaning="refused" words="Refuse" note_label="Why?" only %}
</form>
{% endblock %}"""


@roles_allowed(Role.DOCTOR)
def sign_here(request: StaffRequest) -> HttpResponse:
    content: Any = a_content()
    if request.method == "POST":
        return _signed(request, content)
    word = latest(content.subject)
    shown = {"ceremony": open_ceremony(request, content), "stamp": stamp_of(word) if word else None}
    return HttpResponse(Template(PAGE).render(RequestContext(request, shown)))


def _signed(request: StaffRequest, content: Any) -> HttpResponse:
    words = {"meaning": Meaning(request.POST["meaning"]), "intent": request.POST["intent"], "note": request.POST.get("note", "")}
    try:
        with transaction.atomic():
            sign(content=content, proof=proof_from(request), actor=request.actor, **words)
    except NotRecent:
        return reauthenticate(ADDRESS)
    except SeenOtherwise as changed:
        return HttpResponse(changed.sentence, status=409)
    return see_other_address(ADDRESS)


urlpatterns: list[URLPattern | URLResolver] = [path(ADDRESS.strip("/") + "/", sign_here, name="sign-here"), *urls.urlpatterns]
handler400, handler403, handler404, handler500 = urls.handler400, urls.handler403, urls.handler404, urls.handler500
