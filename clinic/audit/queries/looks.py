"""Who looked at whom at a clinic, and who was refused: newest first, filtered by closed lists only."""

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.db.models import Exists, OuterRef
from django.http import QueryDict
from django.utils.translation import gettext as _

from clinic.audit.models import Look, ReadLine
from clinic.audit.pages import page_name
from clinic.audit.permissions import can_see_details
from clinic.audit.queries.words import PAGE_SIZE, Shown, kind_of_look, role_names, subject_name
from clinic.staff.models import Clinic, User
from clinic.staff.permissions import Actor

PATIENT = "patients.patient"


@dataclass(frozen=True)
class LookFilters:
    """What was asked for: empty means everything. What is on no list counts as empty."""

    kind: str = ""
    person: str = ""

    @property
    def query(self) -> str:
        """The filters as they stand in the address of another page, ready for ``page=`` to follow."""
        chosen = {"kind": self.kind, "person": self.person}
        return "".join(f"{urlencode({name: value})}&" for name, value in chosen.items() if value)


@dataclass(frozen=True)
class LookChoices:
    """The closed lists of the filters at one clinic."""

    kinds: tuple[tuple[str, str], ...]
    people: tuple[tuple[str, str], ...]


def look_choices_at(clinic: Clinic) -> LookChoices:
    """The kinds of looks, and everybody who left one at this clinic. One query."""
    left = ReadLine.objects.filter(clinic=clinic, user=OuterRef("pk"))
    people = User.objects.filter(Exists(left)).values_list("pk", "full_name")
    return LookChoices(tuple((str(kind), str(kind.label)) for kind in Look), tuple((str(pk), name) for pk, name in people))


def look_filters_from(asked: QueryDict, choices: LookChoices) -> LookFilters:
    """The filters of a request, as far as they are on the closed lists."""
    kind, person = asked.get("kind", ""), asked.get("person", "")
    return LookFilters(kind if kind in dict(choices.kinds) else "", person if person in dict(choices.people) else "")


def reads_page(actor: Actor, filters: LookFilters, number: str) -> tuple[Page[int], list[ReadLine]]:
    """One page of the looks at the actor's clinic: their numbers and the looks themselves. Three queries.

    The numbers come first, from an index: a page far back would otherwise read every look before it.
    """
    lines = actor.clinic.read_lines.order_by("-pk")
    if filters.kind:
        lines = lines.filter(kind=filters.kind)
    if filters.person:
        lines = lines.filter(user=int(filters.person))
    page = Paginator(lines.values_list("pk", flat=True), PAGE_SIZE).get_page(number)
    numbers = list(page.object_list)
    looks = ReadLine.objects.select_related("user").in_bulk(numbers)
    return page, [looks[pk] for pk in numbers]


def shown_reads(lines: Iterable[ReadLine], actor: Actor) -> list[Shown]:
    """The looks in words, without details for those who may not see them. No query."""
    with_details = can_see_details(actor)
    return [
        Shown(
            at=line.at,
            who=line.user.full_name,
            roles=role_names(line.roles),
            what=kind_of_look(line.kind),
            where=page_name(line.page),
            subject=subject_name(line),
            details=_details(line) if with_details else "",
            is_refused=line.kind == Look.REFUSED,
            subject_pk=line.subject_id if line.subject_type == PATIENT and line.kind != Look.REFUSED else "",
        )
        for line in lines
    ]


def _details(line: ReadLine) -> str:
    """Whom a search showed, or why somebody was refused and what else the address named."""
    if line.kind == Look.SEARCHED:
        found = ", ".join(str(number) for number in line.details.get("found", ()))
        return _("shown: %(numbers)s") % {"numbers": found} if found else _("nobody was shown")
    if line.kind != Look.REFUSED:
        return ""
    why = _("there is no such record at this clinic") if line.details.get("status") == 404 else _("it was not allowed")
    ids = line.details.get("ids", {}).items()
    return "; ".join([why, *(f"{name} {number}" for name, number in ids if number != line.subject_id)])
