"""What somebody does in the studio, as data, and the edits that come of it. Undoing and doing again only moves a mark along the acts."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from typing import Any, Final, Literal, get_args

from protocols.method.edits import (
    EDIT_KINDS,
    LAST_SESSION,
    MOST_EDITS,
    NO_EDITS,
    Edit,
    EditKind,
    Edits,
    NotEdits,
    edits_from_json,
    edits_to_json,
)
from protocols.method.palpation import override_key

Deed = Literal[
    "edit", "restore-step", "restore-curve", "restore-session", "restore-all", "override", "take-back-override", "palpated", "set"
]
DEEDS: Final[tuple[str, ...]] = get_args(Deed)
MOST_ACTS: Final = 500
MOST_FOLDED: Final = 200  # drafts at one of their acts, which a process remembers
OF_THE_CURVE: Final = ("dose", "depth")
# What a later edit of the same thing says all about. The order of moves matters, and an added step may be added to.
SAYS_ALL: Final = ("dose", "depth", "supplement", "minutes", "technique", "pressure", "tempo", "remove")
# A reason was given for a breach as it was. A further edit of such a kind may make it a larger one, for which it is asked anew.
WORSENED_BY: Final[Mapping[str, tuple[EditKind, ...]]] = {
    "dose-above-protocol": ("dose",),
    "session-shortened": ("dose", "minutes", "remove"),
    "pressure-above-protocol": ("pressure", "technique"),
    "tempo-not-planned": ("tempo",),
    "family-order": ("technique",),
    "family-not-planned": ("technique",),
    "family-too-early": ("technique",),
    "family-stretched": ("minutes", "technique"),
    "step-stretched": ("minutes",),
    "part-order": ("move",),
    "limbs-before-back": ("move",),
    "tone-before-relax": ("move", "tempo"),
    "position-changes": ("move", "add", "remove"),
    "purpose-halved": ("minutes", "remove"),
    "part-stretched": ("minutes",),
}
SIDE_RULE: Final = "side-rule"  # its overrides belong to what the hand found, not to a step
ADDED: Final = "+"  # the key of an added step begins with it


@dataclass(frozen=True, slots=True)
class Act:
    """One thing that was done. ``session`` is the one that was looked at; ``first`` to ``last`` are those that a restoring act gives back.

    - ``edit``: ``edits.edits`` are added, all at once
    - ``restore-step``: ``step`` stands in those sessions as the protocol has it, or only its family ``code``; ``restore-curve``: their
      dose and depth;
      ``restore-session`` and ``restore-all``: everything in them
    - ``override``: ``edits.overrides`` are added; ``take-back-override``: that of the problem ``code`` at ``step`` goes
    - ``palpated``: ``edits.palpated`` is all that the hand found, ``edits.overrides`` the reasons of the side rule that go with it
    - ``set``: from session ``first`` on ``edits`` stand in the place of all others
    """

    do: Deed
    session: int
    first: int = 1
    last: int = LAST_SESSION
    step: str = ""
    code: str = ""
    edits: Edits = NO_EDITS

    def __post_init__(self) -> None:
        if self.do not in DEEDS:
            raise NotEdits(f"do: {self.do!r}")
        if not 1 <= self.first <= self.last <= LAST_SESSION or not 1 <= self.session <= LAST_SESSION:
            raise NotEdits(f"{self.do}: sessions {self.first} to {self.last}, at {self.session}")


def fold(base: Edits, acts: Iterable[Act]) -> Edits:
    """The edits that ``base`` becomes by these acts, in turn. Raises ``NotEdits`` beyond the most edits that a course may have.

    The edits of a draft are asked for again with one act more: what came before it is not folded anew.
    """
    every = tuple(acts)
    found = _folded.get((base, every))
    if found is None:
        before = _folded.get((base, every[:-1])) if every else base
        found = reduce(done, every, base) if before is None else reduce(done, every[-1:], before)
        if len(_folded) >= MOST_FOLDED:
            _folded.clear()
        _folded[base, every] = found
    return found


_folded: Final[dict[tuple[Edits, tuple[Act, ...]], Edits]] = {}


def done(edits: Edits, act: Act) -> Edits:
    """The edits after one act. Raises as ``fold`` does: what is given back in the middle of a long edit leaves two of it."""
    after = _done(edits, act)
    if max(len(after.edits), len(after.overrides), len(after.palpated)) > MOST_EDITS:
        raise NotEdits(f"{act.do}: more than {MOST_EDITS} edits")
    return after


def _done(edits: Edits, act: Act) -> Edits:
    if act.do == "edit":
        for edit in act.edits.edits:
            edits = _without_worsened(_room_for(edits, edit).with_edit(edit), edit)
        return edits
    if act.do == "override":
        for override in act.edits.overrides:
            edits = edits.with_override(override)
        return edits
    if act.do == "take-back-override":
        kept = tuple(each for each in edits.overrides if (each.code, each.step) != (act.code, act.step))
        felt = tuple(each for each in edits.palpated if act.code != SIDE_RULE or override_key(each.place) != act.step)
        return replace(edits, overrides=kept, palpated=felt)
    if act.do == "palpated":
        kept = tuple(each for each in edits.overrides if each.code != SIDE_RULE)
        return replace(edits, palpated=act.edits.palpated, overrides=(*kept, *act.edits.overrides))
    return _set(edits, act) if act.do == "set" else _restored(edits, act)


def _without_worsened(edits: Edits, new: Edit) -> Edits:
    """The edits without the reasons for breaches that the new edit may have made larger: at its step, or of the whole session."""
    kept = tuple(each for each in edits.overrides if each.step not in ("", new.step) or not _may_worsen(new, each.code))
    return replace(edits, overrides=kept)


def _may_worsen(new: Edit, code: str) -> bool:
    return code != SIDE_RULE and new.kind in WORSENED_BY.get(code, EDIT_KINDS)


def _room_for(edits: Edits, new: Edit) -> Edits:
    """The edits without what the new one says anew: an older one of the same thing keeps only its other sessions."""
    if new.kind not in SAYS_ALL:
        return edits
    kept = (part for old in edits.edits for part in (_outside(old, new.first, new.last) if _is_about_the_same(old, new) else (old,)))
    return replace(edits, edits=tuple(kept))


def _is_about_the_same(old: Edit, new: Edit) -> bool:
    code = ("code",) if new.kind == "supplement" else ()
    if new.kind == "pressure" and not new.family:  # one level for the whole step: what its families had is said anew
        return (old.kind, old.step) == (new.kind, new.step)
    return all(getattr(old, name) == getattr(new, name) for name in ("kind", "step", "family", *code))


def _outside(edit: Edit, first: int, last: int) -> tuple[Edit, ...]:
    """What is left of an edit outside of these sessions."""
    before = (replace(edit, last=min(edit.last, first - 1)),) if edit.first < first else ()
    after = (replace(edit, first=max(edit.first, last + 1)),) if edit.last > last else ()
    return (edit,) if edit.last < first or edit.first > last else (*before, *after)


def _restored(edits: Edits, act: Act) -> Edits:
    kept = tuple(part for old in edits.edits for part in (_outside(old, act.first, act.last) if _is_given_back(old, act) else (old,)))
    return without_idle_overrides(replace(edits, edits=kept))


def _is_given_back(old: Edit, act: Act) -> bool:
    if act.do == "restore-step":
        return old.step == act.step and act.code in ("", old.family)
    return old.kind in OF_THE_CURVE if act.do == "restore-curve" else True


def without_idle_overrides(edits: Edits) -> Edits:
    """The edits without reasons for rules that nothing changed by hand can break any more: no edit is left of that step, or none at all."""
    steps = {edit.step for edit in edits.edits}
    kept = tuple(each for each in edits.overrides if each.step in steps or each.code == SIDE_RULE or (not each.step and edits.edits))
    return replace(edits, overrides=kept)


def _set(edits: Edits, act: Act) -> Edits:
    """Sessions before ``first`` keep what they were given with."""
    past = tuple(part for old in edits.edits for part in _outside(old, act.first, LAST_SESSION))
    coming = tuple(part for new in act.edits.edits for part in _outside(new, 1, act.first - 1)) if act.first > 1 else act.edits.edits
    return replace(act.edits, edits=past + coming)


def next_key(base: Edits, acts: Iterable[Act]) -> str:
    """The key of the next step that is added: one that none of these has ever had."""
    edits = (*base.edits, *(edit for act in acts for edit in act.edits.edits))
    numbers = (edit.step.removeprefix(ADDED) for edit in edits if edit.kind == "add")
    return f"{ADDED}{1 + max((int(number) for number in numbers if number.isdecimal()), default=0)}"


# As JSON ------------------------------------------------------------------------------------------------------------------------
def acts_to_json(acts: Iterable[Act]) -> list[dict[str, Any]]:
    """The acts as JSON values; ``acts_from_json`` gives them back equal."""
    return [_act_to_json(act) for act in acts]


def _act_to_json(act: Act) -> dict[str, Any]:
    found: dict[str, Any] = {"do": act.do, "session": act.session, "first": act.first, "last": act.last}
    found |= {name: getattr(act, name) for name in ("step", "code") if getattr(act, name)}
    return found | ({"edits": edits_to_json(act.edits)} if act.edits else {})


def acts_from_json(data: object) -> tuple[Act, ...]:
    """The acts that ``data`` holds. Raises ``NotEdits`` for anything else."""
    if not isinstance(data, list) or len(data) > MOST_ACTS:
        raise NotEdits(f"acts: a list of at most {MOST_ACTS} belongs here")
    return tuple(_act(each) for each in data)


def _act(data: object) -> Act:
    names = {"do", "session", "first", "last", "step", "code", "edits"}
    if not isinstance(data, Mapping) or not {"do", "session", "first", "last"} <= set(data) <= names:
        raise NotEdits("act: not the members that belong here")
    numbers = {name: data[name] for name in ("session", "first", "last")}
    words = {name: data.get(name, "") for name in ("step", "code")}
    if not all(type(number) is int for number in numbers.values()) or not all(
        isinstance(word, str) for word in (data["do"], *words.values())
    ):
        raise NotEdits("act: numbers and words belong here")
    return Act(do=data["do"], **numbers, **words, edits=edits_from_json(data.get("edits", {})))


def counted(acts: Sequence[Act], position: int) -> tuple[Act, ...]:
    """Those acts that count: the ones after ``position`` were undone."""
    return tuple(acts[:position])
