"""Values of the library's files in words: codes as the names of what they name, trees as sentences, effects as they are told."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from django.utils.translation import gettext as _

from clinic.web import marks
from protocols.method.entries import Effect
from protocols.method.names import Names
from protocols.method.parsing import FaultList
from protocols.method.parsing.reader import Spot, read_entry
from protocols.method.parsing.trees import read_tree
from protocols.presentation.changed.labels import label_of
from protocols.presentation.reader import LibraryReader, number
from protocols.presentation.truths import sentence
from protocols.shelf import shipped_library
from protocols.wording_codes import WORDS
from protocols.wording_conditions import local_word

# Which kinds of names the codes under a key may be.
KINDS: Final[Mapping[str, tuple[str, ...]]] = {
    "zone": ("zones", "role-zones"), "zones": ("zones", "role-zones"), "works": ("zones", "role-zones"), "never_works": ("zones",),
    "profile": ("profiles",), "family": ("families",), "families": ("families",), "technique": ("techniques",),
    "techniques": ("techniques",), "positions": ("positions",), "forbid_positions": ("positions",),
    "supplement": ("supplements",), "supplements": ("supplements", "supplement-classes"),
    "forbid_supplements": ("supplements", "supplement-classes"), "document": ("documents",), "needs_document": ("documents",),
    "measures": ("measures",), "stop_sets": ("stop-sets",), "procedure_area": ("areas",), "condition": ("conditions",),
    "never_uses": ("families", "techniques"), "uses": ("families", "techniques"), "omitted": ("families", "techniques", "zones"),
    "findings": ("rules",), "open": ("rules",), "rule": ("rules",), "blocked_by": ("facts", "documents", "rules"),
    "fact": ("facts",), "facts": ("facts",), "unknown": ("facts",), "requires": ("facts",), "unless": ("facts",),
}  # fmt: skip
LABELLED: Final[Mapping[str, tuple[str, ...]]] = {
    "kind": ("kind",),
    "group": ("rule-group", "condition-group"),
    "topic": ("advice-topic",),
}
OF_A_STEP: Final = ("part", "zone", "side", "minutes", "profile")
FIELDS: Final = ("name", "title", "question")
CODED: Final = frozenset(
    {"side", "tempo", "mode", "part", "phase", "plan", "profiles", "minutes", "sessions", "cadence", "repeat", "units", "pressure", "sex"}
)


class Said:
    """Says raw values. The names are asked in their order: those of the state after a change, then those before it."""

    def __init__(self, *names: Names) -> None:
        self.names = names
        self.readers = tuple(LibraryReader(shipped_library(), each) for each in names)

    def name(self, kinds: Sequence[str], code: str) -> str:
        """The name of what a code names, the code itself where nobody knows it."""
        if code == "all":
            return _("everywhere") if "zones" in kinds else _("all of them")
        found = (each.of(kind, code, field) for kind in kinds for each in self.names for field in FIELDS)
        return next((name for name in found if name), code)

    def says(self, case: str) -> str:
        """The sentence of a worked case, empty where nobody knows it."""
        return next((found for each in self.names if (found := each.of("cases", case, "says"))), "")

    def value(self, key: str, value: Any) -> str:
        """One value that stands under a key."""
        if value is None:
            return "–"
        if key in ("when", "required_when") and isinstance(value, Mapping):
            return self._tree(value)
        if isinstance(value, Mapping):
            return self.row(key, value)
        if isinstance(value, list | tuple):
            between = "; " if any(isinstance(item, int | float | Mapping) for item in value) else ", "
            return between.join(self.value(key, item) for item in value) or _("none")
        return self._plain(key, value)

    def _plain(self, key: str, value: Any) -> str:
        if isinstance(value, bool):
            return _("yes") if value else _("no")
        if isinstance(value, int | float):
            return number(value)
        return self._word(key, str(value))

    def _word(self, key: str, text: str) -> str:
        if key in KINDS:
            place, _space, side = text.partition(" ")
            return f"{self.name(KINDS[key], place)} ({WORDS[side]()})" if side in WORDS else self.name(KINDS[key], text)
        if key == "outcome" and text in marks.OUTCOMES:
            return str(marks.OUTCOMES[text].word)
        if key == "local":
            return local_word(text)
        if key in LABELLED:
            return next((word for group in LABELLED[key] for each in self.names if (word := each.label(group, text)) != text), text)
        return WORDS[text]() if key in CODED and text in WORDS else text

    def _tree(self, tree: Mapping[str, Any]) -> str:
        """A condition of a rule as a sentence; what cannot be read is told key by key."""
        faults = FaultList()
        found = read_tree(tree, "", faults)
        try:
            return sentence(found, self.readers[0]) if found is not None else self.pairs(tree)
        except KeyError:  # a fact that the library does not know
            return self.pairs(tree)

    # Rows of a table ----------------------------------------------------------------------------------------------------------
    def row(self, key: str, row: Mapping[str, Any]) -> str:
        """One row of a table as a phrase."""
        return ROWS.get(key, Said.pairs)(self, row)

    def pairs(self, row: Mapping[str, Any]) -> str:
        """Every key with its value."""
        return ", ".join(f"{self.key(key)}: {self.value(key, value)}" for key, value in row.items())

    def key(self, key: str) -> str:
        """A key inside a phrase: a label, or the name of the fact, family, technique or zone that it names."""
        named = self.name(("facts", "families", "techniques", "zones", "stages", "documents"), key)
        return named if named != key or key == "all" else label_of(key)

    def step(self, row: Mapping[str, Any]) -> str:
        """A step: where, on which side, how long, with which mix."""
        minutes = _("%(minutes)s min") % {"minutes": self.value("", row.get("minutes"))}
        rest = {key: value for key, value in row.items() if key not in OF_A_STEP}
        said = (self.place(row), minutes, self.value("profile", row.get("profile")), *([self.pairs(rest)] if rest else ()))
        return f"{self.value('part', row.get('part'))}: {', '.join(said)}"

    def place(self, row: Mapping[str, Any]) -> str:
        """A zone with its side."""
        return f"{self.value('zone', row.get('zone'))} ({self.value('side', row.get('side', 'both'))})"

    def forbidden(self, row: Mapping[str, Any]) -> str:
        """What is forbidden where."""
        what = self.value("family", row["family"]) if "family" in row else self.value("technique", row.get("technique"))
        spot = _(", on the marked spot only") if row.get("scope") == "spot" else ""
        return f"{what}: {self.place(row)}{spot}"

    def effect(self, row: Mapping[str, Any]) -> str:
        """What an effect of a rule changes."""
        if row.get("type") == "advice":
            return f"{_('Advice')}: {row.get('text', '')}"
        faults = FaultList()
        effect = read_entry(Effect, row, Spot("", faults))
        try:
            return self.readers[0].effect(effect) if effect is not None else self.pairs(row)
        except (KeyError, IndexError):
            return self.pairs(row)


ROWS: Final[Mapping[str, Callable[[Said, Mapping[str, Any]], str]]] = {
    "steps": Said.step,
    "forbid": Said.forbidden,
    "effects": Said.effect,
    "residual": Said.effect,
    "if_missing": Said.effect,
}
