"""The main navigation: each app says in its ``AppConfig.ready`` what it offers, to which roles; the layout asks what this person sees."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.urls import get_script_prefix, get_urlconf, reverse
from django.utils.functional import Promise


@dataclass(frozen=True, slots=True)
class Item:
    """One entry. ``roles`` empty = every role; ``order`` sorts (tens, so that there is room between); ``icon`` is a lucide name.

    ``also`` are the URL names of pages that belong to it though their addresses do not begin with its own, and ``ends`` the ends of
    such addresses where a number stands in them.
    """

    label: str | Promise
    url_name: str
    icon: str
    order: int
    roles: frozenset[str] = frozenset()
    count: Callable[[Any], int] | None = None  # of what waits there for this actor; asked on every page, so one query at most
    also: tuple[str, ...] = ()
    ends: tuple[str, ...] = ()

    def is_for(self, roles: frozenset[str]) -> bool:
        return not self.roles or not self.roles.isdisjoint(roles)


@dataclass(frozen=True, slots=True)
class Link:
    """An entry as one page shows it."""

    label: str | Promise
    url: str
    icon: str
    is_current: bool
    count: int = 0


_items: dict[str, Item] = {}


def register(*items: Item) -> None:
    """Adds entries; the same URL name again replaces the earlier one, so that a reload of an app does no harm."""
    _items.update({item.url_name: item for item in items})


def registered() -> tuple[Item, ...]:
    """All entries in their order."""
    return tuple(sorted(_items.values(), key=lambda item: (item.order, item.url_name)))


def links_for(roles: frozenset[str], path: str, actor: Any = None) -> tuple[Link, ...]:
    """What somebody with ``roles`` sees on the page at ``path``; the entry with the longest matching address is the current one.

    What waits is counted for the ``actor``; without one nothing is.
    """
    urls = [(item, address_of(item.url_name)) for item in registered() if item.is_for(roles)]
    places = {address_of(name): url for item, url in urls for name in (*item.also, item.url_name)}
    ended = next((url for item, url in urls if path.endswith(item.ends)), None)
    current = ended or places.get(_current(places, path) or "")
    return tuple(Link(item.label, url, item.icon, url == current, _count(item, actor)) for item, url in urls)


def address_of(url_name: str) -> str:
    """The address of a page without numbers in it, looked up once."""
    return _address_of(url_name, get_urlconf(), get_script_prefix())


@cache
def _address_of(url_name: str, urlconf: str | None, prefix: str) -> str:  # the prefix is part of what ``reverse`` answers
    return reverse(url_name, urlconf)


def _count(item: Item, actor: Any) -> int:
    return item.count(actor) if item.count and actor else 0


def _current(urls: Iterable[str], path: str) -> str | None:
    # "/" would be a prefix of everything: it is current only on itself.
    under = [url for url in urls if path == url or (url != "/" and path.startswith(url))]
    return max(under, key=len, default=None)
