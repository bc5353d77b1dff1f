"""Overview, conditions and rules."""

from collections import Counter
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from clinic.staff.permissions import every_role_allowed
from clinic.staff.requests import StaffRequest
from clinic.web.marks import OUTCOMES
from protocols.editions.queries import edition_in_force, library_in_force
from protocols.method.entries import Rule
from protocols.method.library import Library
from protocols.presentation import overview as held
from protocols.presentation.cases import cases_of
from protocols.presentation.conditions import condition_groups, condition_page
from protocols.presentation.reader import LibraryReader, page_reader
from protocols.presentation.reviews import progress
from protocols.presentation.rule_cases import rule_case_groups
from protocols.presentation.rules import group_name, rule_groups, rule_page
from protocols.presentation.search import codes_found, grouped
from protocols.reviewing import entries_in_force
from protocols.trying import TryForm
from protocols.views.common import entry_or_404, judged, library_page, query_of


@every_role_allowed
@require_safe
def overview(request: StaffRequest) -> HttpResponse:
    if query_of(request):
        return library_page(request, "overview", "search", {"groups": grouped(query_of(request), request.clinic)})
    library, judgements = library_in_force(request.clinic), judged(request)
    context = {
        "judgements": judgements,
        "counts": counts(library),
        "all_origins": held.all_origins(library),
        "stage_origins": held.origins_of_stages(library),
        "table_origins": held.origins_of_tables(library),
        "progress": progress(_("Reviewed"), tuple(entries_in_force(request.clinic).values()), judgements),
    }
    return library_page(request, "overview", "overview", context)


def counts(library: Library) -> dict[str, int]:
    """How much there is of each kind."""
    stages = [stage for condition in library.conditions.values() for stage in condition.stages.values()]
    return {
        "conditions": len(library.conditions),
        "stages": len(stages),
        "barred": sum(stage.treatment is None for stage in stages),
        "steps": sum(len(stage.treatment.steps) for stage in stages if stage.treatment),
        "rules": len(library.rules),
        "techniques": len(library.techniques),
        "profiles": len(library.profiles),
        "zones": len(library.zones),
        "supplements": len(library.supplements),
        "points": len(library.points),
        "measures": len(library.measures),
        "sheets": len(library.sheets),
        "documents": len(library.documents),
        "sources": len(library.sources),
    }


@every_role_allowed
@require_safe
def conditions(request: StaffRequest) -> HttpResponse:
    wanted, library = codes_found(query_of(request), "condition", edition_in_force(request.clinic)), library_in_force(request.clinic)
    shown = tuple(row for row in library.conditions.values() if wanted is None or row.code in wanted)
    return library_page(request, "conditions", "conditions", {"groups": condition_groups(shown, page_reader(request.clinic))})


@every_role_allowed
@require_safe
def condition(request: StaffRequest, code: str) -> HttpResponse:
    entry, reader = entry_or_404(library_in_force(request.clinic).conditions, code), page_reader(request.clinic)
    context = {"condition": condition_page(entry, reader), "cases": cases_of(entry, reader, edition_in_force(request.clinic))}
    return library_page(request, "conditions", "condition", context)


@every_role_allowed
@require_safe
def rules(request: StaffRequest) -> HttpResponse:
    library, reader = library_in_force(request.clinic), page_reader(request.clinic)
    wanted = codes_found(query_of(request), "rule", edition_in_force(request.clinic))
    outcome, group = request.GET.get("outcome", ""), request.GET.get("group", "")
    found = tuple(row for row in library.rules.values() if wanted is None or row.code in wanted)
    shown = tuple(row for row in found if outcome in ("", row.outcome.code) and group in ("", row.group))
    context = {"groups": rule_groups(shown, reader), "count": len(shown), **rule_filters(found, library, reader)}
    return library_page(request, "rules", "rules", context | {"outcome": outcome, "group": group})


def rule_filters(found: tuple[Rule, ...], library: Library, reader: LibraryReader) -> dict[str, Any]:
    """Outcomes, the gravest first, and groups that the list can be narrowed to."""
    count = Counter(rule.outcome for rule in found)
    used = sorted({rule.outcome for rule in library.rules.values()}, reverse=True)
    groups = dict.fromkeys(rule.group for rule in library.rules.values())
    return {
        "outcomes": [{"code": outcome.code, "word": OUTCOMES[outcome.code].word, "count": count[outcome]} for outcome in used],
        "group_choices": [(group, group_name(group, reader)) for group in groups],
    }


@every_role_allowed
@require_safe
def rule(request: StaffRequest, code: str) -> HttpResponse:
    entry, reader = entry_or_404(library_in_force(request.clinic).rules, code), page_reader(request.clinic)
    context = {
        "rule": rule_page(entry, reader),
        "case_groups": rule_case_groups(code, reader, edition_in_force(request.clinic)),
        "try_form": TryForm(rule=entry, reader=reader),
    }
    return library_page(request, "rules", "rule", context)
