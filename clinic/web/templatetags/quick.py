"""Django's own ``{% url %}`` and ``|date``, quicker in the cases that a page holds by the dozen: built into every template (settings).

To find an address anew takes Django a tenth of a millisecond, to write a day as well, and a page about a patient has thirty of each.
``|drawn`` writes the numbers of drawings, of which the page of a course has hundreds.
"""

from collections.abc import Iterable, Iterator
from datetime import date
from itertools import chain, zip_longest
from typing import Any, Final

from django import template
from django.template.base import Parser, Token
from django.template.defaultfilters import date as django_date
from django.template.defaulttags import URLNode
from django.template.defaulttags import url as django_url
from django.urls import NoReverseMatch, get_script_prefix, get_urlconf, reverse
from django.utils.formats import date_format
from django.utils.html import conditional_escape
from django.utils.translation import get_language

register = template.Library()

SHORT: Final = "SHORT_DATE_FORMAT"
MOST: Final = 5000  # days
NUMBERS: Final = 7_000_001  # made up, each one apart, so that they are found again in an address

_days: dict[tuple[str | None, date], str] = {}
_addresses: dict[tuple[Any, ...], tuple[str, ...]] = {}


@register.filter("date", expects_localtime=True, is_safe=False)
def quick_date(value: Any, arg: str | None = None) -> str:
    """As Django's; a plain day in the short way is written once for a language."""
    if arg != SHORT or type(value) is not date:
        return str(django_date(value, arg))
    key = (get_language(), value)
    said = _days.get(key)
    if said is None:  # another thread may clear them at any moment
        if len(_days) >= MOST:
            _days.clear()
        said = _days[key] = date_format(value, SHORT)
    return said


@register.filter
def drawn(value: float, places: int = 1) -> str:
    """A number of a drawing with so many places and a point, in every language; ``floatformat`` takes twenty times as long."""
    return f"{value:.{places}f}"


def address(name: str, numbers: Iterable[int]) -> str:
    """``reverse(name, args=numbers)``; where each number stands in the address is found once. Raises ``NoReverseMatch``."""
    given = tuple(numbers)
    key = (name, len(given), get_urlconf(), get_script_prefix())
    if key not in _addresses:
        _addresses[key] = _around(name, len(given))
    words = _addresses[key]
    if len(words) <= len(given):  # the numbers do not stand in it in their turn
        return reverse(name, args=given)
    return "".join(chain.from_iterable(zip_longest(words, map(str, given), fillvalue="")))


def _around(name: str, count: int) -> tuple[str, ...]:
    """What stands before, between and after the numbers."""
    made_up = [NUMBERS + place for place in range(count)]
    rest = reverse(name, args=made_up)
    words = []
    for number in map(str, made_up):
        before, found, rest = rest.partition(number)
        if not found:
            return ()
        words.append(before)
    return (*words, rest)


class QuickURLNode(URLNode):
    """As Django's, where the name is written out and everything in the address is a number."""

    def render(self, context: template.Context) -> str:
        numbers = list(self._numbers(context)) if not self.kwargs else []
        if len(numbers) != len(self.args) or self.kwargs or not isinstance(self.view_name.var, str):
            return str(super().render(context))
        try:
            found = address(self.view_name.var, numbers)
        except NoReverseMatch:
            return str(super().render(context))
        if self.asvar:
            context[self.asvar] = found
            return ""
        return str(conditional_escape(found)) if context.autoescape else found

    def _numbers(self, context: template.Context) -> Iterator[int]:
        for arg in self.args:
            value = arg.resolve(context)
            if type(value) is not int or value < 0:
                return
            yield value


@register.tag("url")
def quick_url(parser: Parser, token: Token) -> QuickURLNode:
    """As Django's."""
    made = django_url(parser, token)
    return QuickURLNode(made.view_name, made.args, made.kwargs, made.asvar)
