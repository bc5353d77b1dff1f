"""What the selects of the forms offer, by name in the language of the page: zones, sides, mixes, techniques, documents."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from django.utils.translation import gettext as _

from protocols.editor.desk import VariantDesk
from protocols.editor.value_words import level_words
from protocols.method.vocabulary import FAMILIES, PARTS, SIDES
from protocols.presentation.stages import supplement_word
from protocols.presentation.words import upper_first
from protocols.wording_codes import WORDS

Choice = tuple[str, str]
Grouped = tuple[str, Sequence[Choice]]
INDENT: Final = "\u2003"


def part_choices() -> list[Choice]:
    """The parts of a session."""
    return [(code, WORDS[code]()) for code in PARTS]


def zone_choices(desk: VariantDesk, *, is_for_work: bool) -> list[Grouped]:
    """Zones as the tree has them, under the part of the body; for steps only those that may be worked at all.

    Zones that a patient's answers name (a role) are offered where the condition uses them.
    """
    library = desk.reader.library
    roots = [zone.code for zone in library.zones.values() if zone.parent is None]
    groups: list[Grouped] = [(upper_first(desk.reader.zone(root)), list(_under(desk, root, 0, is_for_work=is_for_work))) for root in roots]
    roles = [(code, desk.reader.zone(code)) for code in sorted(_used(desk, "zone")) if code in library.role_zones]
    return [*([(_("Named by the patient's answers"), roles)] if roles else []), *((name, rows) for name, rows in groups if rows)]


def _under(desk: VariantDesk, code: str, depth: int, *, is_for_work: bool) -> Iterator[Choice]:
    tree = desk.reader.library.tree
    if not is_for_work or tree.workable_leaves(code):
        yield code, f"{INDENT * depth}{desk.reader.zone(code)}"
    for child in tree.children(code):
        yield from _under(desk, child, depth + 1, is_for_work=is_for_work)


def _used(desk: VariantDesk, key: str) -> set[str]:
    rows = (row for stage in desk.stages.values() for row in (*stage.get("steps", ()), *stage.get("forbid", ())))
    return {row[key] for row in rows if key in row}


def side_choices(desk: VariantDesk) -> list[Choice]:
    """The sides, and those that a patient's answers name where the condition uses them."""
    roles = [code for code in ("affected", "healthy", "concave", "convex") if code in _used(desk, "side")]
    return [(code, WORDS[code]()) for code in ("both", *(side for side in SIDES if side != "both"), *roles)]


def profile_choices(desk: VariantDesk) -> list[Grouped]:
    """The mixes of techniques with their pressure: the clinic's own first, then those that ship."""
    own: list[Choice] = []
    shipped: list[Choice] = []
    for code, row in desk.profiles.items():
        (own if code in desk.own_profiles else shipped).append((code, profile_line(desk, code, row)))
    groups: list[Grouped] = [(_("Our own"), own), (_("Shipped"), sorted(shipped, key=lambda row: row[1]))]
    return [group for group in groups if group[1]]


def profile_line(desk: VariantDesk, code: str, row: Mapping[str, Any]) -> str:
    """A mix by its name, pressure and tempo."""
    low, high = row["pressure"]
    pressure = str(low) if low == high else f"{low}–{high}"
    words = {"name": desk.reader.names.of("profiles", code), "pressure": pressure, "tempo": WORDS[row["tempo"]]()}
    return _("%(name)s (pressure %(pressure)s, %(tempo)s)") % words


def what_choices(desk: VariantDesk) -> list[Grouped | Choice]:
    """What a row may forbid: everything, a family, a technique. Nothing is chosen beforehand: everything, everywhere is one press away."""
    names, techniques = desk.reader.names, desk.reader.library.techniques
    whole: list[Choice] = [("family:all", _("Everything"))]
    families = [(f"family:{code}", upper_first(names.of("families", code))) for code in FAMILIES]
    single = [(f"technique:{code}", upper_first(names.of("techniques", code))) for code in techniques]
    return [
        ("", _("Choose")),
        (_("Whole"), whole),
        (_("A family of techniques"), families),
        (_("One technique"), sorted(single, key=lambda row: row[1])),
    ]


def level_choices(most: int) -> list[tuple[int, str]]:
    """Levels of pressure up to this one."""
    return [(level, level_words(level)) for level in range(1, most + 1)]


def document_choices(desk: VariantDesk) -> list[Choice]:
    """The documents that a stage may ask for."""
    names = desk.reader.names
    return [("", _("none")), *((code, names.of("documents", code)) for code in desk.reader.library.documents)]


def named(desk: VariantDesk, kind: str, codes: Sequence[str]) -> list[Choice]:
    """Several codes of one kind with their names."""
    return [(code, upper_first(desk.reader.names.of(kind, code) or code)) for code in codes]


def supplement_choices(desk: VariantDesk, codes: Sequence[str]) -> list[Choice]:
    """Supplementary methods, or classes of them."""
    return [(code, upper_first(supplement_word(code, desk.reader))) for code in codes]
