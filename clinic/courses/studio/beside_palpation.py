"""The panel "What the hand finds": the places of a curve that can be felt, on the map and as a list, and what each finding changes."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Final

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from clinic.courses.bodymap import SideMark, side_mark, side_word, view_word
from clinic.courses.pinned import names_of
from clinic.courses.presentation import Presenter
from clinic.courses.presentation.spine import back_of_trunk
from clinic.courses.states import OverrideReason
from clinic.courses.studio.acts import SIDE_RULE
from clinic.courses.studio.desk import Desk
from protocols.body_map import Point, shipped_body_map
from protocols.method.edits import Override
from protocols.method.palpation import Heard, MixChange, Palpable, heard, override_key, palpable
from protocols.method.places import Place
from protocols.method.roles import FELT_RULES
from protocols.presentation.shares import Share, family_shares

VIEW: Final = "back"
SIDES: Final = ("convex", "concave")


@dataclass(frozen=True, slots=True)
class FeltPlace:
    """A place that can be felt. ``key`` is ``zone:side``; ``path`` is "" where the back does not show it; ``felt`` what was found."""

    key: str
    name: str
    side: str
    side_word: str
    path: str
    x: str  # of its letter, in the units of the drawing
    y: str
    felt: str
    reason: str  # why, as it was written, "" for what was not found

    @property
    def id(self) -> str:
        """For the ids of a page."""
        return self.key.replace(":", "-")


@dataclass(frozen=True, slots=True)
class FeltGroup:
    """The places of one side of the curves. ``changes`` is the finding that changes the plan there."""

    code: str
    name: str
    changes: str
    places: tuple[FeltPlace, ...]


@dataclass(frozen=True, slots=True)
class FeltChange:
    """A step whose mix the hand changes, in words and as bars."""

    name: str
    before: str
    after: str
    shares_before: tuple[Share, ...]
    shares_after: tuple[Share, ...]


@dataclass(frozen=True, slots=True)
class PalpationPanel:
    """Everything that the panel shows. ``rule`` is the rule in the words of the library; ``stated`` what the course was planned with."""

    width: int
    height: int
    ground: SafeString
    groups: tuple[FeltGroup, ...]
    at_left: SideMark
    at_right: SideMark
    label: str
    rule: str
    changes: tuple[FeltChange, ...]
    ignored: tuple[str, ...]
    stated: tuple[str, ...]
    reasons: tuple[tuple[str, str], ...]
    first: int  # the first session that it holds for
    is_open: bool  # there is a session to come
    has_marks: bool

    @property
    def drawn(self) -> tuple[FeltPlace, ...]:
        """The places that the drawing shows."""
        return tuple(place for group in self.groups for place in group.places if place.path)


def palpation_panel(desk: Desk) -> PalpationPanel | None:
    """The panel; None where nothing that the hand finds changes anything, or where one side is worked like the other."""
    setting = desk.setting
    places = palpable(setting.library, setting.condition, setting.stage, setting.inputs)
    if not places or not desk.sessions:
        return None
    return _Panel(desk, places).made()


class _Panel:
    def __init__(self, desk: Desk, places: tuple[Palpable, ...]) -> None:
        self.desk, self.places, self.setting = desk, places, desk.setting
        self.words = Presenter(desk.setting.library, names_of(desk.course))
        self.names = self.words.names
        self.drawing = shipped_body_map()
        self.found = {each.place: each.felt for each in desk.edits.palpated}
        self.reasons = {each.step: each for each in desk.edits.overrides if each.code == SIDE_RULE}

    def made(self) -> PalpationPanel:
        setting = self.setting
        read = heard(setting.library, setting.condition, setting.stage, setting.inputs, self.desk.edits.palpated)
        changes = dict.fromkeys(change for each in read for change in each.changes)
        return PalpationPanel(
            width=self.drawing.width,
            height=self.drawing.height,
            ground=back_of_trunk(),
            groups=tuple(self._group(code) for code in SIDES),
            at_left=side_mark("left"),
            at_right=side_mark("right"),
            label=self._label(),
            rule=self.names.of("side-rule", setting.condition.code, "override"),
            changes=tuple(map(self._change, changes)),
            ignored=tuple(self._ignored(read)),
            stated=tuple(self._stated()),
            reasons=tuple((code, str(label)) for code, label in OverrideReason.choices),
            first=self.desk.first_to_come,
            is_open=self.desk.begun < self.desk.wanted.count,
            has_marks=bool(self.desk.edits.palpated),
        )

    def _group(self, code: str) -> FeltGroup:
        rule = next(rule for rule in FELT_RULES if rule.side == code)
        places = tuple(self._place(each) for each in self.places if each.side == code)
        return FeltGroup(code, self.words.speaker.role(code), felt_word(rule.felt), places)

    def _place(self, each: Palpable) -> FeltPlace:
        place, drawn = each.place, _drawn().get(each.place)
        override = self.reasons.get(override_key(place))
        return FeltPlace(
            key=f"{place.zone}:{place.side}",
            name=self.names.of("zones", place.zone),
            side=place.side,
            side_word=side_word(place.side),
            path=drawn[0] if drawn else "",
            x=f"{drawn[1][0]:g}" if drawn else "",
            y=f"{drawn[1][1]:g}" if drawn else "",
            felt=self.found.get(place, ""),
            reason=_said(override) if override and place in self.found else "",
        )

    def _change(self, change: MixChange) -> FeltChange:
        before, after = (self.setting.library.profiles[code] for code in (change.before, change.after))
        return FeltChange(
            name=self.words.speaker.place(change.place),
            before=self.names.of("profiles", before.code),
            after=self.names.of("profiles", after.code),
            shares_before=family_shares(before.shares, self.names),
            shares_after=family_shares(after.shares, self.names),
        )

    def _ignored(self, read: tuple[Heard, ...]) -> Iterator[str]:
        for each in read:
            if each.ignored is not None:
                yield self.words.speaker.say(each.ignored)

    def _stated(self) -> Iterator[str]:
        """What the course was planned with, beside what is marked here."""
        for rule in FELT_RULES:
            named = self.setting.inputs.get(rule.input, ())
            for place in named if isinstance(named, tuple) else ():
                if place not in self.found:
                    yield f"{self.words.speaker.place(place)}: {felt_word(rule.felt)}"

    def _label(self) -> str:
        """The picture in words."""
        marked = [f"{self.words.speaker.place(place)}: {felt_word(felt)}" for place, felt in self.found.items()]
        return f"{_('What the hand finds')}, {view_word(VIEW)}. {'; '.join(marked) or _('No marks')}."


def felt_word(felt: str) -> str:
    """What was felt, in a word."""
    return {"tense": _("tense"), "flaccid": _("flaccid")}[felt]


def _said(override: Override) -> str:
    reasons = dict(OverrideReason.choices)
    return f"{reasons.get(override.reason, override.reason)}: {override.words}"


@cache
def _drawn() -> dict[Place, tuple[str, Point]]:
    return {each.place: (each.path, each.label) for each in shipped_body_map().views[VIEW].places}
