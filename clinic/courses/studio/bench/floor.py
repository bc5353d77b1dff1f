"""The signed-in floor: the least that a page of Django costs whose reader is signed in: its middleware, session, user, query, page."""

from typing import Final

from django.contrib.auth.decorators import login_required
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.template import Context, Engine
from django.urls import path

from clinic.web.standard_middleware import SEVEN_STANDARD

MIDDLEWARE: Final = SEVEN_STANDARD
ROWS: Final = 20  # as many as the page of one patient had where the floor was first measured, with as many cells
NAMES: Final = ("aid", "s", "e", "st", "pract", "last", "first", "sex", "dob", "phone", "email", "city")
# One statement with so many rows, on every database, and none of our own tables.
QUERY: Final = f"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {ROWS}) SELECT {', '.join(['i'] * 12)} FROM n"  # noqa: S608
SECTIONS: Final = tuple(range(18))
PAGE: Final = Engine().from_string(
    """<!doctype html><html lang="en"><head><title>Floor</title></head><body><nav>{% for n in sections %}
<a class="nav-link" href="/section/{{ n }}/" aria-label="Section {{ n }}"><span class="label">Section {{ n }}</span></a>{% endfor %}</nav>
<main><h1>{{ rows.0.last }} {{ rows.0.first }}</h1><dl><dt>sex</dt><dd>{{ rows.0.sex }}</dd><dt>dob</dt><dd>{{ rows.0.dob }}</dd>
<dt>phone</dt><dd>{{ rows.0.phone }}</dd><dt>email</dt><dd>{{ rows.0.email }}</dd><dt>city</dt><dd>{{ rows.0.city }}</dd></dl>
<table>{% for r in rows %}{% if r.aid %}<tr><td data-label="aid"><span class="value">{{ r.aid }}</span></td>
<td data-label="s"><span class="value">{{ r.s }}</span></td><td data-label="e"><span class="value">{{ r.e }}</span></td>
<td data-label="st"><span class="value">{{ r.st }}</span></td><td data-label="pract"><span class="value">{{ r.pract }}</span></td>
</tr>{% endif %}{% endfor %}</table></main></body></html>"""
)


@login_required
def page(request: HttpRequest) -> HttpResponse:
    """One query, one page."""
    with connection.cursor() as cursor:
        cursor.execute(QUERY)
        rows = [dict(zip(NAMES, row, strict=True)) for row in cursor.fetchall()]
    return HttpResponse(PAGE.render(Context({"rows": rows, "sections": SECTIONS})))


urlpatterns = [path("floor/", page)]
