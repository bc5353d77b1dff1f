"""Numbers of the clinic for a span of days, and each table as a file."""

from datetime import date

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from clinic.courses.numbers.actions import export_table
from clinic.courses.numbers.asked import MONTHS_OF, OWN, Asked, asked_for
from clinic.courses.numbers.permissions import NUMBERS, can_read_table, check_can_read_table
from clinic.courses.numbers.queries.choosing import choices_at
from clinic.courses.numbers.sections import FILES, PAGE, Wanted
from clinic.staff.permissions import roles_allowed
from clinic.staff.requests import StaffRequest, today


@roles_allowed(*NUMBERS)
@require_GET
def clinic_numbers(request: StaffRequest) -> HttpResponse:
    """Every table that this person reads."""
    asked = asked_for(request.GET, today(request))
    wanted = Wanted(request.clinic, asked, timezone.now())
    tables = [make(wanted) for slug, make in PAGE.items() if can_read_table(request.actor, slug)]
    context = {
        "asked": asked,
        "tables": [(table, asked.csv_url(table.slug)) for table in tables],
        "spans": [(span, asked.of(span, _day_shown(asked, today(request))).url()) for span in MONTHS_OF],
        "is_own": asked.span == OWN,
        "earlier": asked.beside(-1).url(),
        "later": asked.beside(1).url(),
        "choices": choices_at(request.clinic),
        "narrows_by_site": can_read_table(request.actor, "attendance"),
    }
    return render(request, "numbers/clinic.html", context)


def _day_shown(asked: Asked, today: date) -> date:
    """The day around which another span is shown: today where the page holds it, else the last day."""
    return today if asked.first <= today <= asked.last else asked.last


@roles_allowed(*NUMBERS)
@require_POST
def numbers_csv(request: StaffRequest, table: str) -> HttpResponse:
    """One table as a file; there is none of a name that is not on the list. It is sent for because it leaves a line in the audit."""
    if table not in FILES:
        raise Http404
    check_can_read_table(request.actor, table)
    asked = asked_for(request.GET, today(request))
    text = export_table(table=FILES[table](Wanted(request.clinic, asked, timezone.now())), asked=asked, actor=request.actor)
    response = HttpResponse(text, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="tactus-{table}-{asked.first}-{asked.last}.csv"'
    response["Cache-Control"] = "private, no-store"
    return response
