"""The form on a page as a browser would send it untouched: what tests change of it is all that they need to say."""

from collections.abc import Mapping
from html.parser import HTMLParser
from typing import Any


class _Form(HTMLParser):
    """Keeps the fields of the one form that carries the wanted field."""

    def __init__(self, wanted: str) -> None:
        super().__init__()
        self.wanted, self.select, self.text = wanted, "", ""
        self.found: dict[str, Any] = {}
        self.fields: dict[str, Any] = {}
        self.options: list[tuple[str, bool]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.fields = {}
        elif tag == "input" and said.get("name"):
            self._input(said)
        elif tag == "textarea":
            self.text = said.get("name", "")
            self.fields[self.text] = ""
        elif tag == "select":
            self.select, self.options = said.get("name", ""), []
        elif tag == "option" and self.select:
            self.options.append((said.get("value", ""), "selected" in said))

    def _input(self, said: Mapping[str, str]) -> None:
        kind = said.get("type", "text")
        if kind in {"submit", "button", "file"} or (kind in {"checkbox", "radio"} and "checked" not in said):
            return
        self.fields[said["name"]] = said.get("value", "on" if kind == "checkbox" else "")

    def handle_data(self, data: str) -> None:
        if self.text:
            self.fields[self.text] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self.text = ""
        if tag == "select" and self.select:
            chosen = [value for value, is_chosen in self.options if is_chosen] or [value for value, _ in self.options if value][:1]
            self.fields[self.select] = chosen[0] if chosen else ""
            self.select = ""
        elif tag == "form" and self.wanted in self.fields and not self.found:
            self.found = self.fields


def form_with(html: str, field: str = "once", **typed: Any) -> dict[str, Any]:
    """The first form of the page that has this field, with what is typed into it. Fails where there is none."""
    parser = _Form(field)
    parser.feed(html)
    assert parser.found, f"no form with {field} on the page"
    return parser.found | typed
