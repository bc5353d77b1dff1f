"""What a therapist changes by hand in a plan, as data. A plan is built anew every day; its edits are applied to it anew every time.

Nothing here decides anything: ``protocols.method.editing`` applies edits, ``checking`` reads what came of it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, Literal, get_args

from protocols.method.places import Place
from protocols.method.vocabulary import PARTS, SIDES, TEMPOS, Part, Side, Tempo

EditKind = Literal["dose", "depth", "supplement", "move", "minutes", "technique", "pressure", "tempo", "remove", "add"]
Felt = Literal["tense", "flaccid"]

EDIT_KINDS: Final[tuple[str, ...]] = get_args(EditKind)
FELT: Final[tuple[str, ...]] = get_args(Felt)
MOST_EDITS: Final = 400  # in one course: beyond it a plan of its own is meant
LAST_SESSION: Final = 60
LONGEST_TEXT: Final = 500


class NotEdits(ValueError):
    """The data are no edits. The message names the place."""


@dataclass(frozen=True, slots=True)
class NewStep:
    """A step that the protocol does not have. ``techniques`` become its rows in the order of the families."""

    zone: str
    side: Side
    techniques: tuple[str, ...]
    pressure: int
    tempo: Tempo
    part: Part = "main"


@dataclass(frozen=True, slots=True)
class Edit:
    """One change, held by the sessions ``first`` to ``last`` of the course.

    ``step`` is the key of a step: ``4:trapezius-upper:left`` (row of the protocol from 1, zone and side worked) or ``+2`` (the second
    step that was ever added). What the other fields mean depends on ``kind``:

    - ``dose``: ``value`` percent of the full minutes of the stage; ``depth``: ``value`` levels of pressure less (0 to 2)
    - ``supplement``: ``code`` is on (``value`` 1) or off (0)
    - ``move``: the step stands right behind the step ``after`` (empty: at the very beginning)
    - ``minutes``: ``value`` thousandths of the time that the plan itself gives to the step, or to one ``family`` of it (0: the family
      is left out of the step); with ``from_others`` the other main steps give or take what this one takes or gives
    - ``technique``: ``code`` instead of what the step has for ``family``
    - ``pressure``: level ``value`` for the step, or for one ``family``; ``tempo``: ``code`` for the step
    - ``remove``: the step is left out
    - ``add``: ``new`` stands behind ``after`` under the key ``step``, for ``value`` thousandths of the dose
    """

    kind: EditKind
    first: int
    last: int
    step: str = ""
    family: str = ""
    value: int = 0
    code: str = ""
    after: str = ""
    from_others: bool = False
    new: NewStep | None = None

    def __post_init__(self) -> None:
        if self.kind not in EDIT_KINDS:
            raise NotEdits(f"kind: {self.kind!r}")
        if not 1 <= self.first <= self.last <= LAST_SESSION:
            raise NotEdits(f"{self.kind}: sessions {self.first} to {self.last}")
        if (self.kind == "add") != (self.new is not None):
            raise NotEdits(f"{self.kind}: a new step belongs to add, and only there")

    def holds_at(self, number: int) -> bool:
        """Whether session ``number`` is one of those that it changes."""
        return self.first <= number <= self.last


@dataclass(frozen=True, slots=True)
class Override:
    """A soft rule that somebody sets aside knowingly. ``code`` is that of the problem; ``step`` its step, empty for the whole session.

    ``reason`` is a code of the clinic's short list, ``words`` what was written to it. It holds for every session that the edits behind
    it hold for.
    """

    code: str
    step: str
    reason: str
    words: str


@dataclass(frozen=True, slots=True)
class Palpated:
    """What the hand found at a place: tense, or flaccid. Where the condition has a rule of sides it changes the mix there."""

    place: Place
    felt: Felt


@dataclass(frozen=True, slots=True)
class Edits:
    """Everything that was changed by hand in one course, in the order in which it is applied."""

    edits: tuple[Edit, ...] = ()
    overrides: tuple[Override, ...] = ()
    palpated: tuple[Palpated, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.edits or self.overrides or self.palpated)

    def with_edit(self, edit: Edit) -> "Edits":
        """These and one more. An earlier edit of the very same thing for the very same sessions is replaced where the new one says all.

        Raises ``NotEdits`` beyond ``MOST_EDITS``.
        """
        kept = self.edits if edit.kind in ("move", "add", "technique") else tuple(old for old in self.edits if not _same(old, edit))
        if len(kept) >= MOST_EDITS:
            raise NotEdits(f"more than {MOST_EDITS} edits")
        return replace(self, edits=(*kept, edit))

    def with_override(self, override: Override) -> "Edits":
        """These with one more soft rule set aside; an earlier reason for the same rule at the same step is replaced."""
        kept = tuple(old for old in self.overrides if (old.code, old.step) != (override.code, override.step))
        return replace(self, overrides=(*kept, override))


NO_EDITS: Final = Edits()


def _same(old: Edit, new: Edit) -> bool:
    about = (old.kind, old.first, old.last, old.step, old.family, old.code if old.kind == "supplement" else "")
    return about == (new.kind, new.first, new.last, new.step, new.family, new.code if new.kind == "supplement" else "")


# As JSON ------------------------------------------------------------------------------------------------------------------------
def edits_to_json(edits: Edits) -> dict[str, Any]:
    """The edits as JSON values; what says nothing is left out. ``edits_from_json`` gives them back equal."""
    found: dict[str, Any] = {}
    if edits.edits:
        found["edits"] = [_edit_to_json(edit) for edit in edits.edits]
    if edits.overrides:
        found["overrides"] = [{"code": o.code, "step": o.step, "reason": o.reason, "words": o.words} for o in edits.overrides]
    if edits.palpated:
        found["palpated"] = [{"zone": p.place.zone, "side": p.place.side, "felt": p.felt} for p in edits.palpated]
    return found


def _edit_to_json(edit: Edit) -> dict[str, Any]:
    plain = {"kind": edit.kind, "first": edit.first, "last": edit.last}
    words = {name: getattr(edit, name) for name in ("step", "family", "value", "code", "after", "from_others") if getattr(edit, name)}
    if edit.new is None:
        return plain | words
    new = edit.new
    made = {"zone": new.zone, "side": new.side, "techniques": list(new.techniques), "pressure": new.pressure, "tempo": new.tempo}
    return plain | words | {"new": made | {"part": new.part}}


def edits_from_json(data: object) -> Edits:
    """The edits that ``data`` holds. Raises ``NotEdits`` naming the place for anything else: never edits that are only half read."""
    found = _members(data, "edits", optional=("edits", "overrides", "palpated"))
    return Edits(
        tuple(edit_from_json(each) for each in _list(found.get("edits", []), "edits")),
        tuple(_override(each) for each in _list(found.get("overrides", []), "overrides")),
        tuple(_palpated(each) for each in _list(found.get("palpated", []), "palpated")),
    )


def edit_from_json(data: object) -> Edit:
    """One edit. Raises ``NotEdits`` naming the place."""
    names = ("step", "family", "value", "code", "after", "from_others", "new")
    found = _members(data, "edit", required=("kind", "first", "last"), optional=names)
    new = _new_step(found["new"]) if "new" in found else None
    words = {name: _text(found[name], f"edit.{name}") for name in ("step", "family", "code", "after") if name in found}
    numbers = {name: _whole(found[name], f"edit.{name}") for name in ("first", "last", "value") if name in found}
    from_others = found.get("from_others", False) is True
    return Edit(kind=_among(found["kind"], EDIT_KINDS, "edit.kind"), from_others=from_others, new=new, **numbers, **words)  # type: ignore[arg-type]


def _new_step(data: object) -> NewStep:
    found = _members(data, "new", required=("zone", "side", "techniques", "pressure", "tempo", "part"))
    techniques = tuple(_text(each, "new.techniques") for each in _list(found["techniques"], "new.techniques"))
    side, tempo, part = (_among(found[n], a, f"new.{n}") for n, a in (("side", SIDES), ("tempo", TEMPOS), ("part", PARTS)))
    return NewStep(_text(found["zone"], "new.zone"), side, techniques, _whole(found["pressure"], "new.pressure"), tempo, part)  # type: ignore[arg-type]


def _override(data: object) -> Override:
    found = _members(data, "override", required=("code", "step", "reason", "words"))
    return Override(*(_text(found[name], f"override.{name}") for name in ("code", "step", "reason", "words")))


def _palpated(data: object) -> Palpated:
    found = _members(data, "palpated", required=("zone", "side", "felt"))
    side = _among(found["side"], SIDES, "palpated.side")
    return Palpated(Place(_text(found["zone"], "palpated.zone"), side), _among(found["felt"], FELT, "palpated.felt"))  # type: ignore[arg-type]


def _members(data: object, place: str, *, required: tuple[str, ...] = (), optional: tuple[str, ...] = ()) -> Mapping[str, object]:
    if not isinstance(data, Mapping) or not set(required) <= set(data) <= {*required, *optional}:
        raise NotEdits(f"{place}: not the members that belong here")
    return data


def _list(data: object, place: str) -> list[object]:
    if not isinstance(data, list) or len(data) > MOST_EDITS:
        raise NotEdits(f"{place}: a list of at most {MOST_EDITS} belongs here")
    return data


def _text(data: object, place: str) -> str:
    if not isinstance(data, str) or len(data) > LONGEST_TEXT:
        raise NotEdits(f"{place}: a text of at most {LONGEST_TEXT} characters belongs here")
    return data


def _whole(data: object, place: str) -> int:
    if type(data) is not int or abs(data) > 1_000_000:
        raise NotEdits(f"{place}: a whole number belongs here")
    return data


def _among(data: object, words: tuple[str, ...], place: str) -> str:
    if not isinstance(data, str) or data not in words:
        raise NotEdits(f"{place}: one of {', '.join(words)} belongs here")
    return data
