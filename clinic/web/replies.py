"""Answers that several apps give."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpResponseRedirect
from django.urls import reverse


def see_other(name: str, *args: object) -> HttpResponseRedirect:
    """After a form that was obeyed: the named page, fetched anew (303), so that a reload sends nothing twice."""
    return see_other_address(reverse(name, args=args))


def see_other_address(address: str) -> HttpResponseRedirect:
    """The same for a page whose address is known."""
    return HttpResponseRedirect(address, status=303)


class MovedElsewhere(Exception):
    """What the address names is now part of something else. A page is shown there; a form that was sent is lost, with a sentence why.

    ``kwargs`` replace those of the address; ``home`` is the page to go to where the same page cannot be opened.
    """

    def __init__(self, home: str, kwargs: Mapping[str, Any], sentence: str) -> None:
        super().__init__(sentence)
        self.home, self.kwargs, self.sentence = home, kwargs, sentence

    def address(self, name: str, kwargs: Mapping[str, Any], *, is_shown: bool) -> str:
        """Where to go from the named page with these arguments; ``is_shown`` for a page, not for a form that was sent."""
        return reverse(name, kwargs={**kwargs, **self.kwargs}) if is_shown else reverse(self.home, kwargs=dict(self.kwargs))
