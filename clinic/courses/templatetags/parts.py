"""Parts of a page that were drawn a moment ago and say the same again: an act changes little, and only that is drawn anew."""

from collections.abc import Hashable, Iterable
from functools import lru_cache
from typing import Any, Final

from django import template
from django.template.loader import get_template
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

register = template.Library()
MOST_PARTS: Final = 6000  # about a kilobyte each


@register.simple_tag
def part(name: str, **said: Any) -> SafeString:
    """The template ``name`` with exactly these values, which must be frozen: it sees nothing else of the page, no request and no form."""
    return _drawn(name, get_language() or "", tuple(said.items()))


@register.simple_tag
def parts(name: str, role: str, each: Iterable[Hashable], **said: Any) -> SafeString:
    """The template ``name`` once for each of these values, which it knows as ``role``; for the rest as ``part``."""
    language, shared = get_language() or "", tuple(said.items())
    return mark_safe("".join([_drawn(name, language, ((role, value), *shared)) for value in each]))  # noqa: S308  # drawn as in ``part``


@lru_cache(maxsize=MOST_PARTS)
def _drawn(name: str, _language: str, said: tuple[tuple[str, Hashable], ...]) -> SafeString:
    return mark_safe(get_template(name).render(dict(said)))  # noqa: S308  # what Django's own template has drawn
