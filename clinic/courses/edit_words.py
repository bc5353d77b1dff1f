"""What was changed by hand, in words: one plain sentence for each change, for whoever keeps, signs, prints or looks back at it."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from clinic.courses.presentation.base import InOneLanguage
from clinic.courses.session_spans import sessions_words
from clinic.courses.states import OverrideReason
from clinic.web.marks import PRESSURES, TEMPOS
from clinic.web.templatetags.marks import pressure_word, side_word, tempo_word
from protocols.method.edits import LAST_SESSION, NO_EDITS, Edit, Edits, NewStep, Override, Palpated

T = TypeVar("T")

# The soft rules by the code of the checker's problem, as a clinical lead reads them in a list.
RULE_NAMES: Final[Mapping[str, Any]] = {
    "dose-above-protocol": gettext_lazy("More time than the protocol gives this session"),
    "pressure-above-protocol": gettext_lazy("More pressure than the protocol gives this step"),
    "family-order": gettext_lazy("Order of the techniques within a step"),
    "family-twice": gettext_lazy("A group of techniques comes back within a step"),
    "part-order": gettext_lazy("Order of the parts of a session"),
    "step-stretched": gettext_lazy("A step far longer than its share"),
    "family-stretched": gettext_lazy("A group of techniques far longer than its share of the step"),
    "zone-not-planned": gettext_lazy("A zone that the protocol does not have"),
    "family-not-planned": gettext_lazy("A group of techniques that the protocol does not have there"),
    "family-too-early": gettext_lazy("A group of techniques earlier than the protocol begins it"),
    "tempo-not-planned": gettext_lazy("A tempo that the protocol does not have there"),
    "place-overworked": gettext_lazy("Several steps on one place, together far longer than its share"),
    "session-shortened": gettext_lazy("A session far shorter than its dose"),
    "purpose-halved": gettext_lazy("Less than half of what the stage is for"),
    "part-missing": gettext_lazy("A session without its opening or closing"),
    "part-stretched": gettext_lazy("An opening or closing far longer than its share"),
    "position-changes": gettext_lazy("More turning over than the pace of a session allows"),
    "regions-many": gettext_lazy("More regions of the body than belong in a short session"),
    "limbs-before-back": gettext_lazy("Limbs before the back"),
    "tone-before-relax": gettext_lazy("Weak muscles toned before short ones are relaxed"),
    "side-rule": gettext_lazy("The rule of the two sides, changed by what the hand found"),
}


def rule_name(code: str) -> str:
    """A soft rule by the code of its problem; the code itself where nobody has named it."""
    return str(RULE_NAMES.get(code, code))


def sessions_of_edit(first: int, last: int) -> str:
    """``Session 3`` or ``Sessions 3–9``; what holds to the end of any course names no last one."""
    if last == LAST_SESSION:
        return _("From session %(number)s on") % {"number": first}
    return sessions_words(range(first, last + 1))


def edit_words(edit: Edit, presenter: InOneLanguage, edits: Edits = NO_EDITS) -> str:
    """One change by hand as one sentence. ``edits`` are all of that plan: among them stand the steps that were added."""
    words = _What(presenter, edits)
    about = {"sessions": sessions_of_edit(edit.first, edit.last), "what": getattr(words, edit.kind)(edit)}
    return _("%(sessions)s: %(what)s.") % about


def override_words(override: Override, presenter: InOneLanguage, edits: Edits = NO_EDITS) -> str:
    """A soft rule that was set aside: which, at which step, for which reason, in whose words."""
    where = f" ({step_words(override.step, presenter, edits)})" if override.step else ""
    about = {"rule": rule_name(override.code) + where, "reason": override_reason(override.reason), "words": override.words}
    return _("%(rule)s. Reason: %(reason)s. “%(words)s”") % about


def override_reason(code: str) -> str:
    """Why a soft rule was set aside, by the code of the clinic's short list."""
    return str(OverrideReason(code).label) if code in OverrideReason.values else code


def palpated_words(felt: Palpated, presenter: InOneLanguage) -> str:
    """What the hand found at a place."""
    place = presenter.speaker.place(felt.place)
    return (
        _("Palpation, %(place)s: tense.") % {"place": place}
        if felt.felt == "tense"
        else _("Palpation, %(place)s: flaccid.") % {"place": place}
    )


def step_words(key: str, presenter: InOneLanguage, edits: Edits = NO_EDITS) -> str:
    """The step of a key: the zone and side that it works, as ``protocols.method.edits`` writes them."""
    if key.startswith("+"):
        new = next((each.new for each in edits.edits if each.step == key and each.new), None)
        return _place(presenter, new.zone, new.side) if new else _("a step that was added")
    _row, zone, side = (*key.split(":"), "", "")[:3]
    return _place(presenter, zone, side)


def _place(presenter: InOneLanguage, zone: str, side: str) -> str:
    name = presenter.speaker.zone(zone)
    return f"{name} ({side_word(side)})" if side in ("left", "right") else name


class _What:
    """What each kind of change does, without its sessions. One method for each kind, by its name."""

    def __init__(self, presenter: InOneLanguage, edits: Edits) -> None:
        self.presenter, self.edits, self.names = presenter, edits, presenter.names

    def dose(self, edit: Edit) -> str:
        return _("%(percent)s %% of the full time of the stage") % {"percent": edit.value}

    def depth(self, edit: Edit) -> str:
        if not edit.value:
            return _("the pressure of the protocol")
        said = ngettext("%(levels)s level less pressure in every step", "%(levels)s levels less pressure in every step", edit.value)
        return said % {"levels": edit.value}

    def supplement(self, edit: Edit) -> str:
        about = {"supplement": self.names.of("supplements", edit.code) or edit.code}
        return _("with the supplement %(supplement)s") % about if edit.value else _("without the supplement %(supplement)s") % about

    def move(self, edit: Edit) -> str:
        about = {"step": self._step(edit), "after": step_words(edit.after, self.presenter, self.edits) if edit.after else ""}
        return _("%(step)s – right after %(after)s") % about if edit.after else _("%(step)s – at the very beginning") % about

    def minutes(self, edit: Edit) -> str:
        about = {"step": self._step(edit), "percent": round(edit.value / 10)}  # the hand is not finer than that
        said = _("%(step)s – %(percent)s %% of the planned time") % about if edit.value else _("%(step)s – left out") % about
        return f"{said}, {_('the other steps make up for it')}" if edit.from_others else said

    def technique(self, edit: Edit) -> str:
        technique = self.names.of("techniques", edit.code) or edit.code
        return _("%(step)s – technique: %(technique)s") % {"step": self._step(edit), "technique": technique}

    def pressure(self, edit: Edit) -> str:
        about = {"step": self._step(edit), "level": edit.value, "word": _level_word(edit.value)}
        return _("%(step)s – pressure %(level)s (%(word)s)") % about

    def tempo(self, edit: Edit) -> str:
        return _("%(step)s – tempo: %(tempo)s") % {"step": self._step(edit), "tempo": _tempo_word(edit.code)}

    def remove(self, edit: Edit) -> str:
        return _("%(step)s – left out") % {"step": self._step(edit)}

    def add(self, edit: Edit) -> str:
        assert edit.new is not None  # noqa: S101  # an edit of this kind has one: Edit says so
        about = {"step": _place(self.presenter, edit.new.zone, edit.new.side), "work": ", ".join(self._work(edit.new, edit.value))}
        return _("%(step)s – added: %(work)s") % about

    def _work(self, new: NewStep, share: int) -> Iterator[str]:
        yield from (self.names.of("techniques", code) or code for code in new.techniques)
        yield _("pressure %(level)s, %(tempo)s") % {
            "level": f"{new.pressure} ({_level_word(new.pressure)})",
            "tempo": _tempo_word(new.tempo),
        }
        if share:
            yield _("%(percent)s %% of the session") % {"percent": _percent(share)}

    def _step(self, edit: Edit) -> str:
        step = step_words(edit.step, self.presenter, self.edits)
        return f"{step}, {self.names.of('families', edit.family) or edit.family}" if edit.family else step


def _level_word(level: int) -> Any:
    """A level in a word; of one that no edition has, the number: what was kept can always be read."""
    return pressure_word(level) if level in PRESSURES else level


def _tempo_word(tempo: str) -> Any:
    return tempo_word(tempo) if tempo in TEMPOS else tempo


def _percent(thousandths: int) -> str:
    """Thousandths as percent: a whole number where it is one."""
    return number_format(thousandths / 10, decimal_pos=1 if thousandths % 10 else 0)


# Two states of the edits --------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class EditsDiffer:
    """What one state of the edits has and another has not, in words."""

    come: tuple[str, ...]
    gone: tuple[str, ...]


def all_words(edits: Edits, presenter: InOneLanguage, among: Edits | None = None) -> tuple[str, ...]:
    """Everything that was changed by hand, a sentence each: changes in their order, what was felt, the rules that were set aside.

    ``among`` are all edits of the plan where ``edits`` are only some of them.
    """
    whole = edits if among is None else among
    return (
        *(edit_words(edit, presenter, whole) for edit in edits.edits),
        *(palpated_words(felt, presenter) for felt in edits.palpated),
        *(override_words(override, presenter, whole) for override in edits.overrides),
    )


def edits_differ(before: Edits, after: Edits, presenter: InOneLanguage) -> EditsDiffer:
    """What came and what went from one state of the edits to the next, in words."""
    return EditsDiffer(all_words(_left(after, before), presenter, after), all_words(_left(before, after), presenter, before))


def _left(edits: Edits, others: Edits) -> Edits:
    return Edits(_beyond(edits.edits, others.edits), _beyond(edits.overrides, others.overrides), _beyond(edits.palpated, others.palpated))


def _beyond(items: Iterable[T], others: Iterable[T]) -> tuple[T, ...]:
    """The items that the others lack, as often as they lack them."""
    spare, left = Counter(others), []
    for item in items:
        if spare[item]:
            spare[item] -= 1
        else:
            left.append(item)
    return tuple(left)
