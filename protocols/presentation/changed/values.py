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
    "order": ("zones", "role-zones"),
    "measures": ("measures",), "stop_sets": ("stop-sets",), "procedure_area": ("areas",), "condition": ("conditions",),
    "never_uses": ("families", "techniques"), "uses": ("families", "techniques"), "omitted": ("families", "techniques", "zones"),
    "findings": ("rules",), "open": ("rules",), "rule": ("rules",), "rules": ("rules",), "blocked_by": ("facts", "documents", "rules"),
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
    """Says raw values. The names are asked in their order: those of the state after a change, then those before it.

    ``condition`` (code): whose stages and questions a worked case names; empty elsewhere.
    """

    def __init__(self, *names: Names, condition: str = "") -> None:
        self.names, self.condition = names, condition
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
        """One value that stands under a key; that of a question stands under ``inputs/CODE`` or ``facts/CODE``."""
        if value is None:
            return "–"
        if key in ("when", "required_when") and isinstance(value, Mapping):
            return self._tree(value)
        if isinstance(value, Mapping):
            return self.row(key, value)
        if key == "order" and isinstance(value, list | tuple):
            return "; ".join(self._before(pair) for pair in value)
        if isinstance(value, list | tuple):
            between = "; " if any(isinstance(item, int | float | Mapping) for item in value) else ", "
            return between.join(self.value(key, item) for item in value) or _("none")
        return self._plain(key, value)

    def _before(self, pair: Any) -> str:
        """One place before another, as a worked case expects it."""
        if not isinstance(pair, list | tuple) or len(pair) != 2:
            return self.value("works", pair)
        first, then = (self.value("order", place) for place in pair)
        return _("%(first)s before %(then)s") % {"first": first, "then": then}

    def _plain(self, key: str, value: Any) -> str:
        if isinstance(value, bool):
            return _("yes") if value else _("no")
        if isinstance(value, int | float):
            return number(value)
        return self._word(key, str(value))

    def _word(self, key: str, text: str) -> str:
        if key in KINDS:
            return self._sided(KINDS[key], text) or self.name(KINDS[key], text)
        if "/" in key or key == "stage":
            return self._of_condition(key, text)
        if key == "outcome" and text in marks.OUTCOMES:
            return str(marks.OUTCOMES[text].word)
        if key == "local":
            return local_word(text)
        if key in LABELLED:
            return next((word for group in LABELLED[key] for each in self.names if (word := each.label(group, text)) != text), text)
        return WORDS[text]() if key in CODED and text in WORDS else text

    def _sided(self, kinds: Sequence[str], text: str) -> str:
        """A place that is written with its side; empty for anything else."""
        place, _space, side = text.partition(" ")
        return f"{self.name(kinds, place)} ({WORDS[side]()})" if side in WORDS else ""

    def _of_condition(self, key: str, text: str) -> str:
        """What a worked case names: the stage of its condition, or an answer (``inputs/CODE``, ``facts/CODE``)."""
        if key == "stage":
            named = next((word for each in self.names if (word := each.of("stages", f"{self.condition}/{text}"))), "")
            return named or text
        asked, _slash, code = key.partition("/")
        return self._answer(asked, code, text)

    def _answer(self, asked: str, code: str, text: str) -> str:
        """What was answered to a question of the condition (``inputs``) or about the patient (``facts``)."""
        library = self.readers[0].library
        if asked == "inputs":
            condition, code = library.conditions.get(self.condition), f"{self.condition}/{code}"
            values = next((row.values for row in condition.inputs if f"{self.condition}/{row.code}" == code), ()) if condition else ()
        else:
            values = library.facts[code].values if code in library.facts else ()
        if text in values:  # in English its word is the code itself
            return next(
                (word for each in self.names if (word := each.value(asked, code, text, tuple(values))) != text), text.replace("-", " ")
            )
        return self._sided(("zones",), text) or self.name(("zones",), text)

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

    def key(self, key: str, under: str = "") -> str:
        """A key inside a phrase: a label, or the name of the question, family, technique or zone that it names; ``under`` which key."""
        if under == "inputs" and (asked := self.name(("inputs",), f"{self.condition}/{key}")) != f"{self.condition}/{key}":
            return asked
        if sided := self._sided(("zones", "role-zones"), key):
            return sided
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

    def left_out(self, row: Mapping[str, Any]) -> str:
        """What a worked case expects to be left out, and by which rule."""
        what = next((self.value(key, row[key]) for key in ("family", "technique", "zone") if key in row), self.pairs(row))
        return f"{what} ({self.value('rule', row['rule'])})" if "rule" in row else what

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
    "omitted": Said.left_out,
}
