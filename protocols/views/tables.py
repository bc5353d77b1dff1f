"""Techniques, zones, supplements, measures, documents and sources."""

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from clinic.staff.permissions import every_role_allowed
from clinic.staff.requests import StaffRequest
from protocols.editions.queries import edition_in_force, library_in_force
from protocols.presentation.body import area_row, danger_row, position_row, zone_page, zone_tree
from protocols.presentation.documents import document_view
from protocols.presentation.hands import family_view, point_row, profile_rows, supplement_page, supplement_row, technique_page
from protocols.presentation.measures import measure_row, sheet_view
from protocols.presentation.reader import page_reader
from protocols.presentation.search import codes_found
from protocols.presentation.sources import citing, source_row
from protocols.presentation.zone_map import zone_map
from protocols.views.common import entry_or_404, library_page, query_of


@every_role_allowed
@require_safe
def techniques(request: StaffRequest) -> HttpResponse:
    library, reader = library_in_force(request.clinic), page_reader(request.clinic)
    wanted = codes_found(query_of(request), "technique", edition_in_force(request.clinic))
    shown = tuple(row for row in library.techniques.values() if wanted is None or row.code in wanted)
    families = [family_view(row, shown, reader) for row in library.families.values()]
    mixes = profile_rows(reader) if wanted is None else ()
    return library_page(request, "techniques", "techniques", {"families": [row for row in families if row.techniques], "profiles": mixes})


@every_role_allowed
@require_safe
def technique(request: StaffRequest, code: str) -> HttpResponse:
    entry = entry_or_404(library_in_force(request.clinic).techniques, code)
    return library_page(request, "techniques", "technique", {"technique": technique_page(entry, page_reader(request.clinic))})


@every_role_allowed
@require_safe
def zones(request: StaffRequest) -> HttpResponse:
    library, reader = library_in_force(request.clinic), page_reader(request.clinic)
    wanted = codes_found(query_of(request), "zone", edition_in_force(request.clinic))
    context = {
        "nodes": zone_tree(reader, wanted),
        "dangers": [danger_row(row, reader) for row in library.dangers.values()] if wanted is None else (),
        "positions": [position_row(row, reader) for row in library.positions.values()] if wanted is None else (),
        "areas": [area_row(row, reader) for row in library.areas.values()] if wanted is None else (),
    }
    return library_page(request, "zones", "zones", context)


@every_role_allowed
@require_safe
def zone(request: StaffRequest, code: str) -> HttpResponse:
    entry = entry_or_404(library_in_force(request.clinic).zones, code)
    reader = page_reader(request.clinic)
    return library_page(request, "zones", "zone", {"zone": zone_page(entry, reader), "map": zone_map(entry, reader)})


@every_role_allowed
@require_safe
def supplements(request: StaffRequest) -> HttpResponse:
    library, reader, query = library_in_force(request.clinic), page_reader(request.clinic), query_of(request)
    edition = edition_in_force(request.clinic)
    methods, points = codes_found(query, "supplement", edition), codes_found(query, "point", edition)
    context = {
        "supplements": [supplement_row(row, reader) for row in library.supplements.values() if methods is None or row.code in methods],
        "points": [point_row(row, reader) for row in library.points.values() if points is None or row.code in points],
    }
    return library_page(request, "supplements", "supplements", context)


@every_role_allowed
@require_safe
def supplement(request: StaffRequest, code: str) -> HttpResponse:
    entry = entry_or_404(library_in_force(request.clinic).supplements, code)
    return library_page(request, "supplements", "supplement", {"supplement": supplement_page(entry, page_reader(request.clinic))})


@every_role_allowed
@require_safe
def measures(request: StaffRequest) -> HttpResponse:
    library, reader = library_in_force(request.clinic), page_reader(request.clinic)
    wanted = codes_found(query_of(request), "measure", edition_in_force(request.clinic))
    context = {
        "measures": [measure_row(row, reader) for row in library.measures.values() if wanted is None or row.code in wanted],
        "sheets": [sheet_view(row, reader) for row in library.sheets.values()] if wanted is None else (),
    }
    return library_page(request, "measures", "measures", context)


@every_role_allowed
@require_safe
def documents(request: StaffRequest) -> HttpResponse:
    library, reader = library_in_force(request.clinic), page_reader(request.clinic)
    wanted = codes_found(query_of(request), "document", edition_in_force(request.clinic))
    shown = [document_view(row, reader) for row in library.documents.values() if wanted is None or row.code in wanted]
    return library_page(request, "documents", "documents", {"documents": shown})


@every_role_allowed
@require_safe
def sources(request: StaffRequest) -> HttpResponse:
    wanted = codes_found(query_of(request), "source", edition_in_force(request.clinic))
    library = library_in_force(request.clinic)
    shown = [source_row(row, library) for row in library.sources.values() if wanted is None or row.id in wanted]
    return library_page(request, "sources", "sources", {"sources": shown, "uncited": sum(not row.cited for row in shown)})


@every_role_allowed
@require_safe
def source(request: StaffRequest, code: str) -> HttpResponse:
    library = library_in_force(request.clinic)
    entry = entry_or_404(library.sources, code)
    context = {"source": source_row(entry, library), "citing": citing(entry, page_reader(request.clinic))}
    return library_page(request, "sources", "source", context)
