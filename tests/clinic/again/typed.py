"""What a browser sends of the page of a next course as it stands: every field with its value, what is not ticked left out."""

from html.parser import HTMLParser
from typing import Any


class _Fields(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: dict[str, list[str]] = {}
        self.select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        about: dict[str, str] = {name: value or "" for name, value in attrs}
        name, kind = about.get("name", ""), about.get("type", "text")
        if tag == "select":
            self.select = name
        elif tag == "option" and self.select and ("selected" in about or self.select not in self.found):
            self.found[self.select] = [about.get("value", "")]
        elif tag == "input" and name and (kind not in ("checkbox", "radio") or "checked" in about):
            self.found.setdefault(name, []).append(about.get("value", "on" if kind == "checkbox" else ""))

    def handle_endtag(self, tag: str) -> None:
        if tag == "select":
            self.select = ""


def fields_of(html: str) -> dict[str, Any]:
    """The fields of the form on the page, as the test client sends them."""
    reader = _Fields()
    reader.feed(html[html.index('id="again-form"') :])
    return {name: values if len(values) > 1 else values[0] for name, values in reader.found.items()}
