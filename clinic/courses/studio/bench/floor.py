"""The signed-in floor: the least that a page of Django costs whose reader is signed in: its middleware, session, user, query, page."""

from typing import Final

from django.contrib.auth.decorators import login_required
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.template import Context, Engine
from django.urls import path

MIDDLEWARE: Final = (
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
)
ROWS: Final = 20  # as many as the page of one patient had where the floor was first measured
# One statement with so many rows, on every database, and none of our own tables.
QUERY: Final = f"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {ROWS}) SELECT i, i * 2, i * 3 FROM n"  # noqa: S608
SECTIONS: Final = tuple(range(18))
PAGE: Final = Engine().from_string(
    """<!doctype html><html lang="en"><head><title>Floor</title></head><body><nav>{% for n in sections %}
<a class="nav-link" href="/section/{{ n }}/" aria-label="Section {{ n }}"><span class="label">Section {{ n }}</span></a>{% endfor %}</nav>
<main><h1>{{ rows.0.0 }} {{ name }}</h1><table>{% for row in rows %}<tr>{% for cell in row %}<td class="cell" data-label="cell">
<span class="value">{{ cell }}</span></td>{% endfor %}</tr>{% endfor %}</table></main></body></html>"""
)


@login_required
def page(request: HttpRequest) -> HttpResponse:
    """One query, one page."""
    with connection.cursor() as cursor:
        cursor.execute(QUERY)
        rows = cursor.fetchall()
    return HttpResponse(PAGE.render(Context({"rows": rows, "sections": SECTIONS, "name": request.user.get_username()})))


urlpatterns = [path("floor/", page)]
