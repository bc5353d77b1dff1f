"""What adds one item to an expectation: the words of the library, to choose from."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clinic.web.marks import PRESSURES, SIDES
from protocols.method.vocabulary import FAMILIES
from protocols.presentation.reader import LibraryReader
from protocols.testbench.expecting import ALL, BETWEEN

Choices = list[tuple[str, Any]]
PARTS: Final[Mapping[str, tuple[str, ...]]] = {  # what one adds an item with: the names of its fields after "add-WORD-"
    "findings": ("rule",),
    "open": ("rule",),
    "blocked_by": ("obstacle",),
    "works": ("place",),
    "never_works": ("place",),
    "uses": ("place", "family"),
    "never_uses": ("where", "work"),
    "pressure_at": ("place", "level"),
    "omitted": ("left", "why"),
    "order": ("place", "then"),
    "positions": ("position",),
}


class AddingForm(forms.Form):
    """Fields that add one item of each word. Never filled in: what was added stands among the items, and the fields are empty again."""

    def __init__(self, reader: LibraryReader) -> None:
        super().__init__()
        self.reader, self.library, self.names = reader, reader.library, reader.names
        choices = {part: [("", "–"), *CHOICES[part](self)] for part in CHOICES}
        for word, parts in PARTS.items():
            for part in parts:
                select = forms.Select(attrs={"class": "form-select"})
                self.fields[_name(word, part)] = forms.ChoiceField(
                    label=str(PART_WORDS[part]), choices=choices[part], required=False, widget=select
                )

    def of(self, word: str) -> tuple[forms.BoundField, ...]:
        """The fields that add one item of this word."""
        return tuple(self[_name(word, part)] for part in PARTS[word])

    def item(self, word: str, data: Mapping[str, Any]) -> str:
        """The item that the sent choices make; "" while one of them is missing."""
        sent = {part: str(data.get(_name(word, part), "")) for part in PARTS[word]}
        if word == "omitted":
            return f"{sent['left']}{BETWEEN}{sent['why']}" if sent["left"] else ""
        return BETWEEN.join(sent.values()) if all(sent.values()) else ""

    def anywhere(self) -> Choices:
        """The whole session, then every zone."""
        return [(ALL, _("the whole session")), *self.places()]

    def places(self) -> Choices:
        """Every zone; a paired one on each side too."""
        found: Choices = []
        for code, zone in self.library.zones.items():
            found.append((code, self.reader.zone(code)))
            if zone.paired:
                found += [(f"{code} {side}", f"{self.reader.zone(code)}, {SIDES[side]}") for side in ("left", "right")]
        return sorted(found, key=lambda choice: str(choice[1]))

    def named(self, kind: str, codes: Iterable[str], field: str = "name") -> Choices:
        """Entries of the library by their names."""
        return sorted(((code, self.names.of(kind, code, field) or code) for code in codes), key=lambda choice: str(choice[1]))

    def works(self) -> Choices:
        """Families, then techniques."""
        return [*self.families(), *self.named("techniques", self.library.techniques)]

    def families(self) -> Choices:
        """Families in their clinical order."""
        return [(code, self.names.of("families", code)) for code in FAMILIES]

    def leavable(self) -> Choices:
        """What can be left out."""
        groups = (("zone", self.named("zones", self.library.zones)), ("family", self.families()))
        found = [(f"{kind}{BETWEEN}{code}", word) for kind, choices in groups for code, word in choices]
        return [*found, *((f"technique{BETWEEN}{code}", word) for code, word in self.named("techniques", self.library.techniques))]

    def obstacles(self) -> Choices:
        """Documents, then questions of the day and of consent, then rules."""
        asked = [code for code in self.library.facts if code.startswith(("today.", "consent.", "intake."))]
        facts = self.named("facts", asked, "question")
        return [*self.named("documents", self.library.documents), *facts, *self.rules()]

    def rules(self) -> Choices:
        """Rules by their titles."""
        return self.named("rules", self.library.rules, "title")


CHOICES: Final[Mapping[str, Callable[[AddingForm], Choices]]] = {
    "rule": AddingForm.rules,
    "why": AddingForm.rules,
    "obstacle": AddingForm.obstacles,
    "place": AddingForm.places,
    "where": AddingForm.anywhere,
    "then": AddingForm.places,
    "family": AddingForm.families,
    "work": AddingForm.works,
    "level": lambda _adding: [(str(level), f"{level} – {word}") for level, word in PRESSURES.items()],
    "left": AddingForm.leavable,
    "position": lambda adding: adding.named("positions", adding.library.positions),
}
PART_WORDS: Final[Mapping[str, Promise | str]] = {
    "rule": gettext_lazy("Rule"),
    "why": gettext_lazy("because of the rule"),
    "obstacle": gettext_lazy("What is in the way"),
    "place": gettext_lazy("Place"),
    "where": gettext_lazy("Place"),
    "then": gettext_lazy("before this place"),
    "family": gettext_lazy("Family of techniques"),
    "work": gettext_lazy("Family or technique"),
    "level": gettext_lazy("Pressure"),
    "left": gettext_lazy("What is left out"),
    "position": gettext_lazy("Position"),
}


def _name(word: str, part: str) -> str:
    return f"add-{word}-{part}"
