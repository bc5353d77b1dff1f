"""One act as a page sends it, read and checked: whatever does not fit is a sentence, never an error."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from math import floor
from typing import Any, Final, cast

from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext as _

from clinic.courses.states import OverrideReason
from clinic.courses.studio.acts import Act, Deed, next_key
from clinic.courses.studio.desk import Desk, draft_acts
from clinic.courses.studio.forms.scopes import scope_of
from clinic.staff.permissions import ActionDenied
from clinic.web.typed import check_lines_can_be_seen
from protocols.method.editing import asking_for, step_keys
from protocols.method.edits import LONGEST_TEXT, Edit, EditKind, Edits, NewStep, NotEdits, Override
from protocols.method.vocabulary import MAX_PRESSURE, PARTS, SIDES, TEMPOS

LONGEST_NUMBER: Final = 7
SHORTEST_WORDS: Final = 3
CURVE: Final = ("curve", "restore-curve")
# What the value of an edit may be, from least to most, by its kind.
VALUES: Final[Mapping[str, tuple[int, int]]] = {
    "dose": (50, 100), "depth": (0, 2), "supplement": (0, 1), "minutes": (0, 10_000), "pressure": (1, MAX_PRESSURE), "add": (1, 1000),
}  # fmt: skip
OF_A_STEP: Final = ("move", "minutes", "technique", "pressure", "tempo", "remove")


class BadAct(ActionDenied):
    """What was sent is no act. Nothing is done."""


@dataclass(frozen=True, slots=True)
class Sent:
    """What a page sent, and the desk that it was sent from."""

    data: QueryDict
    desk: Desk

    def text(self, name: str, longest: int = LONGEST_TEXT) -> str:
        """The field, cut where it is longer than anything that belongs there."""
        return self.data.get(name, "")[:longest]

    def number(self, name: str, default: int | None = None) -> int:
        """The whole number of a field, which may have a minus. Raises ``BadAct`` for anything else."""
        text = self.text(name).strip()
        digits = text.removeprefix("-")
        if not text and default is not None:
            return default
        if not (digits.isascii() and digits.isdecimal()) or len(digits) > LONGEST_NUMBER:
            raise BadAct(_("Write a whole number."))
        return int(text)

    @property
    def session(self) -> int:
        """The session that was looked at. Raises ``BadAct`` for one that the course does not have."""
        number = self.number("session")
        if not 1 <= number <= self.desk.wanted.count:
            raise BadAct(_("This course has no session %(number)s.") % {"number": number})
        return number

    def scope(self, deed: str) -> tuple[int, int]:
        """First and last session."""
        word = (deed in CURVE and self.text("curve_scope")) or self.text("scope")
        return scope_of(self.desk, self.session, word)

    def step(self) -> str:
        """The key of a step of that session. Raises ``BadAct`` for a step that is not in it."""
        key = self.text("step")
        if key not in step_keys(self.desk.session(self.session)):
            raise BadAct(_("This step is not in session %(number)s any more.") % {"number": self.session})
        return key

    def among(self, name: str, codes: Any) -> str:
        """A code of a list. Raises ``BadAct`` for any other."""
        if (code := self.text(name)) not in codes:
            raise BadAct(_("Choose one of the choices that the page offers."))
        return code


def act_of(data: QueryDict, desk: Desk) -> Act:
    """The act that was sent. Raises ``BadAct`` for anything else."""
    sent = Sent(data, desk)
    reader = READERS.get(sent.text("do"))
    if reader is None:
        raise BadAct(_("This is nothing that can be done to a plan. Open the page again."))
    try:
        return reader(sent)
    except NotEdits as wrong:
        raise BadAct(_("This is nothing that can be done to a plan. Open the page again.")) from wrong


# Edits ---------------------------------------------------------------------------------------------------------------------------
def _edit(sent: Sent) -> Act:
    kind = sent.among("kind", (*VALUES, *OF_A_STEP))
    first, last = sent.scope(kind)
    about: dict[str, Any] = {"kind": kind, "first": first, "last": last}
    if kind in OF_A_STEP:
        about["step"] = sent.step()
    if kind in VALUES:
        about["value"] = _value(sent, kind)
    if kind in ("minutes", "pressure", "technique"):
        about["family"] = _family(sent)
    return _added(sent, Edit(**about, **_more(sent, cast("EditKind", kind))))


def _more(sent: Sent, kind: EditKind) -> dict[str, Any]:
    """What only this kind of edit says. A supplement is switched by its code, a technique takes the place of another."""
    library = sent.desk.setting.library
    if kind == "add":
        return {"step": next_key(sent.desk.standing, _acts(sent)), "after": _after(sent), "new": _new(sent), **_from_others(sent)}
    if kind == "move":
        return {"after": _after(sent)}
    if kind == "minutes":
        return _from_others(sent)
    lists: Mapping[str, Any] = {"technique": library.techniques, "tempo": TEMPOS, "supplement": library.supplements}
    return {"code": sent.among("code", lists[kind])} if kind in lists else {}


def _from_others(sent: Sent) -> dict[str, Any]:
    """Whether the other main steps give the time, or take it."""
    return {"from_others": sent.text("from_others") not in ("", "0", "no")}


def _acts(sent: Sent) -> tuple[Act, ...]:
    return draft_acts(sent.desk.draft)


def _value(sent: Sent, kind: str) -> int:
    least, most = VALUES[kind]
    if kind == "add" and not sent.text("value"):
        dose = sent.desk.session(sent.session).dose
        value = round(60_000 * sent.number("minutes") / dose.seconds) if dose and dose.seconds else 0
    else:
        value = sent.number("value")
    if not least <= value <= most:
        raise BadAct(_("Choose a value from %(least)s to %(most)s.") % {"least": least, "most": most})
    return value


def _family(sent: Sent) -> str:
    return sent.among("family", ("", *sent.desk.setting.library.families))


def _after(sent: Sent) -> str:
    """The step behind which another stands; empty at the beginning."""
    return sent.among("after", ("", *step_keys(sent.desk.session(sent.session))))


def _new(sent: Sent) -> NewStep:
    library = sent.desk.setting.library
    techniques = tuple(dict.fromkeys(code for code in sent.data.getlist("technique") if code in library.techniques))
    if not techniques:
        raise BadAct(_("Choose a technique for the new step."))
    pressure = sent.number("pressure")
    if not 1 <= pressure <= MAX_PRESSURE:
        raise BadAct(_("Choose a value from %(least)s to %(most)s.") % {"least": 1, "most": MAX_PRESSURE})
    zone, side, tempo = sent.among("zone", library.zones), sent.among("side", SIDES), sent.among("tempo", TEMPOS)
    part = sent.among("part", PARTS) if sent.text("part") else "main"
    return NewStep(zone, side, techniques, pressure, tempo, part)  # type: ignore[arg-type]  # among their lists


def _added(sent: Sent, *edits: Edit) -> Act:
    return Act("edit", session=sent.session, edits=Edits(edits))


def _supplement(sent: Sent) -> Act:
    first, last = sent.scope("supplement")
    code = sent.among("code", sent.desk.setting.library.supplements)
    return _added(sent, Edit("supplement", first, last, code=code, value=_value(sent, "supplement")))


def _curve(sent: Sent) -> Act:
    """The session that was looked at gets ``value`` percent, the others of the scope more or less in the same measure.

    No session may take much more than the one before it, so those before are not lowered so far that the one looked at could not stand.
    What the records lower is lowered behind this: the edits ask for so much that today's sessions come out as they were drawn.
    """
    value, session = _value(sent, "dose"), sent.session
    first, last = sent.scope("curve")
    bounds = {each.number: each for each in sent.desk.curve if first <= each.number <= last}
    if session not in bounds:
        raise BadAct(_("There is no dose to change in this session."))
    factor, edits, step = value / max(bounds[session].now, 1), list[Edit](), _widest_step(sent.desk)
    for number, each in sorted(bounds.items()):
        wanted = min(max(round(each.now * factor), each.least), 100)
        if number < session:
            wanted = max(wanted, min(each.now, value - step * (session - number)))
        wanted = value if number == session else wanted
        if number == session or wanted != each.now:
            edits.append(Edit("dose", number, number, value=_asking_for(sent.desk, wanted)))
    return _added(sent, *edits)


def _asking_for(desk: Desk, percent: int) -> int:
    return asking_for(desk.setting, desk.made.adaptation, percent)


def _widest_step(desk: Desk) -> int:
    """The most percent by which a session may rise over the one before it: the widest gap of the ladder."""
    ladder = desk.setting.library.course.ladder
    return floor(100 * max((upper - lower for lower, upper in pairwise(ladder)), default=0) + 1e-9)


# Back to the protocol, and reasons ------------------------------------------------------------------------------------------------
def _restore(sent: Sent) -> Act:
    do = cast("Deed", sent.text("do"))
    first, last = scope_of(sent.desk, sent.session, "all") if do == "restore-all" else sent.scope(do)
    if do == "restore-session":
        first = last = sent.session
    step = family = ""
    if do == "restore-step":
        step, family = sent.among("step", {edit.step for edit in sent.desk.edits.edits if edit.step}), _family(sent)
    return Act(do, session=sent.session, first=first, last=last, step=step, code=family)


def _override(sent: Sent) -> Act:
    words = sent.text("words").strip()
    if len(words) < SHORTEST_WORDS:
        raise BadAct(_("Write in a few words why this rule is set aside."))
    try:
        check_lines_can_be_seen(words)
    except ValidationError as unseen:
        raise BadAct(str(unseen.message)) from unseen
    broken = {(rule.problem.code, rule.step) for rule in sent.desk.soft}
    code, step = sent.text("code"), sent.text("step")
    if (code, step) not in broken:
        raise BadAct(_("No change of yours breaks this rule any more."))
    reason = sent.text("reason")
    if reason not in OverrideReason.values:
        raise BadAct(_("Choose a reason."))
    return Act("override", session=sent.session, edits=Edits(overrides=(Override(code, step, reason, words),)))


def _take_back(sent: Sent) -> Act:
    code, step = sent.text("code"), sent.text("step")
    if (code, step) not in {(each.code, each.step) for each in sent.desk.edits.overrides}:
        raise BadAct(_("This reason is taken back already."))
    return Act("take-back-override", session=sent.session, step=step, code=code)


READERS: Final[Mapping[str, Callable[[Sent], Act]]] = {
    "edit": _edit,
    "supplement": _supplement,
    "curve": _curve,
    "restore-step": _restore,
    "restore-curve": _restore,
    "restore-session": _restore,
    "restore-all": _restore,
    "override": _override,
    "take-back-override": _take_back,
}
