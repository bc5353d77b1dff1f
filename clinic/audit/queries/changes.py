"""Who changed what at a clinic: its lines, newest first, filtered by closed lists only."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.db.models import Exists, OuterRef
from django.http import QueryDict

from clinic.audit.models import AuditLine
from clinic.audit.permissions import can_see_details
from clinic.audit.queries.words import PAGE_SIZE, Shown, role_names, subject_name
from clinic.audit.verbs import kind_name, verb_name
from clinic.staff.models import Clinic, User
from clinic.staff.permissions import Actor

# The filters offer what this clinic has used, so no free text reaches the query.
MOST_CHOICES = 200
PERSON = User._meta.label_lower


@dataclass(frozen=True)
class Filters:
    """What was asked for: empty means everything. Words that are on no list count as empty."""

    verb: str = ""
    subject_type: str = ""
    person: str = ""

    @property
    def query(self) -> str:
        """The filters as they stand in the address of another page, ready for ``page=`` to follow."""
        chosen = {"verb": self.verb, "kind": self.subject_type, "person": self.person}
        return "".join(f"{urlencode({name: value})}&" for name, value in chosen.items() if value)


@dataclass(frozen=True)
class Choices:
    """The closed lists of the filters at one clinic."""

    verbs: tuple[tuple[str, str], ...]
    subject_types: tuple[tuple[str, str], ...]
    people: tuple[tuple[str, str], ...]


def choices_at(clinic: Clinic) -> Choices:
    """Which verbs and kinds of record occur at this clinic, and everybody who did something there. Two queries."""
    pairs = set(clinic.audit_lines.order_by().values_list("verb", "subject_type").distinct()[:MOST_CHOICES])
    done = AuditLine.objects.filter(clinic=clinic, user=OuterRef("pk"))
    people = User.objects.filter(Exists(done)).values_list("pk", "full_name")
    return Choices(
        verbs=tuple(sorted((verb, verb_name(verb)) for verb in {verb for verb, _kind in pairs})),
        subject_types=tuple(sorted((kind, kind_name(kind)) for kind in {kind for _verb, kind in pairs})),
        people=tuple((str(pk), name) for pk, name in people),
    )


def filters_from(asked: QueryDict, choices: Choices) -> Filters:
    """The filters of a request, as far as they are on the closed lists."""
    verb, kind, person = asked.get("verb", ""), asked.get("kind", ""), asked.get("person", "")
    return Filters(
        verb=verb if verb in dict(choices.verbs) else "",
        subject_type=kind if kind in dict(choices.subject_types) else "",
        person=person if person in dict(choices.people) else "",
    )


def changes_page(actor: Actor, filters: Filters, number: str) -> Page[AuditLine]:
    """One page of changes at the actor's clinic. Two queries."""
    lines = actor.clinic.audit_lines.select_related("user")
    if filters.verb:
        lines = lines.filter(verb=filters.verb)
    if filters.subject_type:
        lines = lines.filter(subject_type=filters.subject_type)
    if filters.person:
        lines = lines.filter(user=int(filters.person))
    return Paginator(lines, PAGE_SIZE).get_page(number)


def shown_changes(lines: Iterable[AuditLine], actor: Actor) -> list[Shown]:
    """The lines in words, without details for those who may not see them. One query, for the names of people."""
    lines = list(lines)
    with_details = can_see_details(actor)
    names = names_of_people(lines)
    return [
        Shown(
            at=line.at,
            who=line.user.full_name if line.user else "",
            roles=role_names(line.roles),
            what=verb_name(line.verb),
            subject=names.get(line.subject_id, "") if line.subject_type == PERSON else subject_name(line),
            details=json.dumps(line.details, ensure_ascii=False) if with_details and line.details else "",
        )
        for line in lines
    ]


def names_of_people(lines: Iterable[AuditLine]) -> dict[str, str]:
    """Full names by number of the people whom these lines are about."""
    numbers = {line.subject_id for line in lines if line.subject_type == PERSON}
    return {str(pk): name for pk, name in User.objects.filter(pk__in=numbers).values_list("pk", "full_name")}
