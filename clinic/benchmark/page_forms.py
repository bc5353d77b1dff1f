"""What a browser would send when somebody opens a form and presses its first button: the fields of the page as they stand. Pure."""

from html.parser import HTMLParser
from typing import Final

Fields = list[tuple[str, str]]
NOT_SENT: Final = frozenset({"submit", "button", "reset", "image", "file"})


class _Forms(HTMLParser):
    """Collects the fields of the forms that go to one address; without an address a form goes to the page's own."""

    def __init__(self, action: str) -> None:
        super().__init__()
        self.action, self.fields = action, Fields()
        self.is_inside, self.is_found = False, False
        self.choice: str | None = None  # the name of the select that is open
        self.typed: str | None = None  # the name of the text area that is open
        self.is_chosen = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        about = dict(attrs)
        if tag == "form":
            is_it = (about.get("action") or "") == self.action and (about.get("method") or "").lower() == "post"
            self.is_inside = is_it and not self.is_found
            self.is_found |= is_it
        elif self.is_inside and "disabled" not in about:
            self._field(tag, about)

    def _field(self, tag: str, about: dict[str, str | None]) -> None:
        name = about.get("name") or ""
        if tag == "input" and name:
            self._input(name, about)
        elif tag == "select":
            self.choice, self.is_chosen = name, False
        elif tag == "option" and self.choice:
            self._option(about)
        elif tag == "textarea" and name:
            self.typed = name
            self.fields.append((name, ""))

    def _input(self, name: str, about: dict[str, str | None]) -> None:
        kind = (about.get("type") or "text").lower()
        if kind in NOT_SENT or (kind in ("radio", "checkbox") and "checked" not in about):
            return
        self.fields.append((name, about.get("value") or ("on" if kind == "checkbox" else "")))

    def _option(self, about: dict[str, str | None]) -> None:
        """The chosen one; where none is, a browser sends the first."""
        sent = (self.choice or "", about.get("value") or "")
        if "selected" in about and self.is_chosen:
            self.fields[-1] = sent
        elif "selected" in about or not self.is_chosen:
            self.fields.append(sent)
            self.is_chosen = True

    def handle_data(self, data: str) -> None:
        if self.typed:
            name, before = self.fields[-1]
            self.fields[-1] = (name, before + data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.is_inside = False
        elif tag == "select":
            self.choice = None
        elif tag == "textarea":
            self.typed = None


def fields_of(html: str, *, action: str = "") -> Fields:
    """The fields of the first form of the page that is posted to ``action``. Raises ``LookupError`` where there is none."""
    reader = _Forms(action)
    reader.feed(html)
    if not reader.is_found:
        raise LookupError(f"The page has no form that is sent to {action or 'itself'}.")
    return reader.fields


def changed(fields: Fields, **values: str) -> Fields:
    """The same fields with other values of these names; a name that was not there comes last."""
    kept = [(name, values.get(name, value)) for name, value in fields]
    there = {name for name, _value in fields}
    return kept + [(name, value) for name, value in values.items() if name not in there]
