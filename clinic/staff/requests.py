"""The request as our views get it: signed in, at a clinic, with roles."""

from datetime import date

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from clinic.staff.models import Clinic, User
from clinic.staff.permissions import Actor
from clinic.staff.queries import Membership


class StaffRequest(HttpRequest):
    """For annotations of views that carry ``roles_allowed``: the middleware has filled all of these before such a view runs."""

    user: User
    clinic: Clinic
    roles: frozenset[str]
    actor: Actor
    memberships: tuple[Membership, ...]
    htmx: HtmxDetails


def today(request: StaffRequest) -> date:
    """The day it is at the clinic."""
    return request.clinic.today()
