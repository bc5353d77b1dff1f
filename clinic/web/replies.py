"""Answers that several apps give."""

from django.http import HttpResponseRedirect
from django.urls import reverse


def see_other(name: str, *args: object) -> HttpResponseRedirect:
    """After a form that was obeyed: the named page, fetched anew (303), so that a reload sends nothing twice."""
    return see_other_address(reverse(name, args=args))


def see_other_address(address: str) -> HttpResponseRedirect:
    """The same for a page whose address is known."""
    return HttpResponseRedirect(address, status=303)
