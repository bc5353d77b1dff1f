"""Whoever saves the settings of a clinic does so in turn: what a page showed is compared and saved without anybody coming between."""

from functools import wraps
from typing import Any, cast

from django.db import transaction
from django.http import HttpResponseBase

from clinic.staff.models import Clinic
from clinic.staff.permissions import View
from clinic.staff.requests import StaffRequest


def saved_in_turn(view: View) -> View:
    """A form of this clinic that is sent to the view is read and obeyed while no other of its forms is."""

    @wraps(view)
    def in_turn(request: StaffRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method != "POST":
            return view(request, *args, **kwargs)
        with transaction.atomic():
            Clinic.objects.select_for_update(no_key=True).get(pk=request.clinic.pk)
            return view(request, *args, **kwargs)

    return cast("View", in_turn)
