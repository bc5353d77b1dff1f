"""From a person's first page along all links, as far as there is a page not seen yet."""

import html
import re
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable
from urllib.parse import urlsplit

from django.urls import Resolver404, resolve

from clinic.pictures.pages import NO_FILTERS, NO_PAGE_ENDS, NO_PAGES, how_often

LINK = re.compile(r'\bhref="(/[^"#]*)')

Fetch = Callable[[str], Awaitable[str]]  # address -> the page, empty where there is none


def name_of(address: str) -> str:
    """The URL name of an address of our own, with its name spaces; empty for what is no page."""
    try:
        name = resolve(urlsplit(address).path).view_name
    except Resolver404:
        return ""
    return "" if name in NO_PAGES or urlsplit(address).path.endswith(NO_PAGE_ENDS) else name


def kind_of(address: str) -> str:
    """What makes an address another kind of page than others: its URL name, with a question mark where it carries filters."""
    name = name_of(address)
    return f"{name}?" if name and urlsplit(address).query and name not in NO_FILTERS else name


def links_in(page: str) -> list[str]:
    """The addresses of our own that a page leads to, each once, in their order."""
    return list(dict.fromkeys(html.unescape(found) for found in LINK.findall(page)))


async def walk(starts: Iterable[str], fetch: Fetch) -> dict[str, list[str]]:
    """Every kind of page that links lead to from these addresses, with as many of its addresses as are pictured."""
    found: dict[str, list[str]] = {}
    waiting = list(starts)
    known, taken = set(waiting), Counter[str]()
    while waiting:
        address = waiting.pop(0)
        kind = kind_of(address)
        if not kind or taken[kind] >= how_often(kind):
            continue
        page = await fetch(address)
        if page:
            taken[kind] += 1
            found.setdefault(kind, []).append(address)
            fresh = [each for each in links_in(page) if each not in known]
            known.update(fresh)
            waiting += fresh
    return found
