"""What can be asked for and sent: every address with real numbers in it, every parameter that is read, and the forms that pages show."""

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from typing import Final
from urllib.parse import parse_qsl, urlsplit

from django.conf import settings
from django.urls import Resolver404, URLPattern, URLResolver, get_resolver, resolve

APPS: Final = ("clinic", "patients", "protocols")
READ_BY: Final = ("get", "getlist", "pop")
HELD_BY: Final = (".GET", ".POST", ".FILES", "asked", "sent")
SENT: Final = re.compile("|".join(word.removeprefix(".") for word in HELD_BY))
MOST_ADDRESSES: Final = 6  # of one name


@dataclass(frozen=True)
class Form:
    """One form of a page: where it is sent, and its fields as they stand there."""

    address: str
    method: str
    fields: tuple[tuple[str, str], ...]


@dataclass
class Known:
    """What was found by following links: addresses and forms by the name of the URL, and the parameters that anything reads."""

    addresses: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    forms: dict[str, list[Form]] = field(default_factory=lambda: defaultdict(list))
    parameters: set[str] = field(default_factory=set)
    followed: set[str] = field(default_factory=set)
    seen_by: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))

    def learn(self, page: str, *, at: str, who: str) -> list[str]:
        """Keeps the links and forms of a page that this person saw; answers with addresses that are new."""
        reader = _Reader()
        new: list[str] = []
        reader.feed(page)
        for link in (*reader.links, *(form.address for form in reader.forms)):
            new += self._learn_address(link, at=at)
            self.seen_by[name_of(urlsplit(link).path or at)].add(who)
        for form in reader.forms:
            name = name_of(form.address or at)
            if name and len(self.forms[name]) < MOST_ADDRESSES:
                self.forms[name].append(Form(form.address or at, form.method, form.fields))
                self.parameters |= {field for field, _value in form.fields}
        return new

    def _learn_address(self, link: str, *, at: str) -> Iterator[str]:
        parts = urlsplit(unescape(link))
        path = parts.path or urlsplit(at).path
        name = name_of(path) if not parts.netloc and path.startswith("/") else ""
        self.parameters |= {key for key, _value in parse_qsl(parts.query)}
        known = self.addresses[name] if name else []
        if name and path not in known and len(known) < MOST_ADDRESSES:
            known.append(path)
            yield path


@dataclass(frozen=True)
class Scene:
    """Records made for some addresses: the cookies of everybody who asks by name, and what is known of those addresses."""

    people: dict[str, str]
    known: Known = field(default_factory=Known)

    def asks(self, name: str, path: str, *, who: set[str], form: Form | None = None) -> None:
        """This address is asked by this path, mostly by these people, who may open it."""
        self.known.addresses[name] = [path]
        self.known.seen_by[name] |= who
        if form:
            self.known.forms[name].append(form)


class _Reader(HTMLParser):
    """Links and forms of one page."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.links: list[str] = []
        self.forms: list[Form] = []
        self.open: list[tuple[str, str]] | None = None
        self.said: dict[str, str] = {}
        self.select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.open, self.said = [], said
        elif tag == "select":
            self.select = said.get("name", "")
        elif tag == "option" and self.select and self.open is not None:
            self.open.append((self.select, said.get("value", "")))
        elif tag in {"input", "textarea", "button"} and said.get("name") and self.open is not None:
            self.open.append((said["name"], said.get("value", "")))
        self.links += [said[name] for name in ("href", "hx-get", "hx-post", "action", "formaction") if said.get(name)]

    def handle_endtag(self, tag: str) -> None:
        if tag == "select":
            self.select = ""
        elif tag == "form" and self.open is not None:
            fields = dict(reversed(self.open))  # of several with one name the first; a choice is made anew by whoever sends it
            address = self.said.get("action") or self.said.get("hx-post") or ""
            self.forms.append(Form(urlsplit(address).path, self.said.get("method", "get").upper(), tuple(fields.items())))
            self.open = None


def name_of(path: str) -> str:
    """The name of the URL that this path leads to; empty where it leads nowhere."""
    try:
        return resolve(urlsplit(path).path).view_name
    except (Resolver404, ValueError):
        return ""


def patterns() -> Iterator[tuple[str, str]]:
    """The name of every URL, and its route from the root, as Django writes it."""
    yield from _patterns(get_resolver().url_patterns, "", "")


def _patterns(entries: list[URLPattern | URLResolver], space: str, before: str) -> Iterator[tuple[str, str]]:
    for entry in entries:
        route = before + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from _patterns(entry.url_patterns, f"{space}{entry.namespace}:" if entry.namespace else space, route)
        else:
            yield f"{space}{entry.name or entry.pattern}", route


@cache
def read_names() -> frozenset[str]:
    """Every word by which the source reads a parameter, a field or a key of what was sent. The source is read once in a process."""
    sources = (path for app in APPS for path in (Path(settings.BASE_DIR) / app).rglob("*.py") if "migrations" not in path.parts)
    texts = (text for path in sources if SENT.search(text := path.read_text()))
    return frozenset(name for text in texts for name in _names_in(ast.parse(text))) | frozenset(_inputs())


def _names_in(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in READ_BY and node.args:
            holder, key = node.func.value, node.args[0]
        elif isinstance(node, ast.Subscript):
            holder, key = node.value, node.slice
        elif isinstance(node, ast.Compare) and isinstance(node.ops[0], ast.In):
            holder, key = node.comparators[0], node.left
        else:
            continue
        if isinstance(key, ast.Constant) and isinstance(key.value, str) and ast.unparse(holder).endswith(HELD_BY):
            yield key.value


def _inputs() -> Iterator[str]:
    for path in (Path(settings.BASE_DIR) / "templates").rglob("*.html"):
        yield from re.findall(r'<(?:input|select|textarea|button)[^>]*? name="([\w.-]+)"', path.read_text())
        yield from re.findall(r"[?&]([\w-]+)=", path.read_text())
