"""The request as our views get it: signed in, at a clinic, with roles."""

from datetime import date
from typing import Final

from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from clinic.staff.models import Clinic, User
from clinic.staff.permissions import ActionDenied, Actor
from clinic.staff.queries import Membership
from clinic.web.typed import check_lines_can_be_seen

LONGEST_WORDS: Final = 1000


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


def words_sent(request: HttpRequest, name: str, longest: int = LONGEST_WORDS) -> str:
    """What was typed beside a button; "" where nothing was. Such words may come to stand under a signature.

    Raises ``ActionDenied`` for a character that nobody can see.
    """
    words = request.POST.get(name, "")[:longest]
    try:
        if words.strip():
            check_lines_can_be_seen(words)
    except ValidationError as unseen:
        raise ActionDenied(str(unseen.message)) from unseen
    return words
