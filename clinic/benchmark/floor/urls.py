"""The floor's pages. Each asks one statement, beside the two by which Django learns who is signed in."""

import json
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from django.db import IntegrityError, connection, transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import path

from clinic.benchmark.floor import asked

DAY: Final = timedelta(days=1)
PLACES: Final = [timedelta(hours=9, minutes=30 * number) for number in range(20)]


def rows(statement: str, *values: Any) -> list[dict[str, Any]]:
    """What one statement answers, each row by the names of its columns."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        names = [each[0] for each in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def signed_in(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """403 for everybody else."""

    def guarded(request: HttpRequest, **kwargs: Any) -> HttpResponse:
        return view(request, **kwargs) if request.user.is_authenticated else HttpResponse("no", status=403)

    return guarded


def patient_list(request: HttpRequest) -> HttpResponse:
    return render(request, "list.html", {"rows": rows(asked.LIST)})


def search(request: HttpRequest) -> HttpResponse:
    return render(request, "list.html", {"rows": rows(asked.SEARCH, f"%{request.GET['q'].casefold()}%")})


def patient(request: HttpRequest, pk: int) -> HttpResponse:
    return render(request, "patient.html", {"rows": rows(asked.PATIENT, pk)})


def calendar(request: HttpRequest, first: str, days: int) -> HttpResponse:
    """A therapist's day or week by the template's own date filters."""
    begin = date.fromisoformat(first)
    return render(request, "calendar.html", {"rows": rows(asked.CALENDAR, request.user.pk, begin, begin + days * DAY)})


def quick_calendar(request: HttpRequest, first: str, days: int) -> HttpResponse:
    """The same page with each moment written once in Python: what the filters cost is the difference."""
    begin = date.fromisoformat(first)
    found = rows(asked.CALENDAR, request.user.pk, begin, begin + days * DAY)
    for row in found:
        starts = asked.moment(row["starts_at"])
        row["clock"], row["on"] = f"{starts:%H:%M}", f"{starts:%Y-%m-%d}"
    return render(request, "quick_calendar.html", {"rows": found})


def free(request: HttpRequest, first: str) -> HttpResponse:
    """The free half hours of one therapist on one day."""
    day = date.fromisoformat(first)
    taken = {asked.moment(row["starts_at"]) for row in rows(asked.CALENDAR, request.user.pk, day, day + DAY)}
    begin = datetime.combine(day, time(0))
    return JsonResponse([f"{begin + place:%H:%M}" for place in PLACES if begin + place not in taken], safe=False)


def book(request: HttpRequest) -> HttpResponse:
    """One booking or more in a table of the same columns and the same guards: the product's own."""
    wanted = json.loads(request.body)
    try:
        with transaction.atomic():
            asked.insert_bookings(wanted, request.user.pk or 0)
    except IntegrityError:
        return JsonResponse({"error": "taken"}, status=409)
    return JsonResponse({"booked": True}, status=201)


urlpatterns = [
    path("list/", signed_in(patient_list)),
    path("search/", signed_in(search)),
    path("patient/<int:pk>/", signed_in(patient)),
    path("calendar/<str:first>/<int:days>/", signed_in(calendar)),
    path("quick/<str:first>/<int:days>/", signed_in(quick_calendar)),
    path("free/<str:first>/", signed_in(free)),
    path("book/", signed_in(book)),
]
