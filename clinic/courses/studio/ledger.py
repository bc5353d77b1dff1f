"""The ledger of what was set aside by hand in words: by rule, each with who, why, and what came of it."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from clinic.courses.edit_words import override_reason, rule_name, sessions_of_edit
from clinic.courses.numbers.tables import Column, Row, Table
from clinic.courses.pinned import names_of
from clinic.courses.states import ChoiceReason, OverrideReason
from clinic.courses.studio.ledger_asked import LedgerAsked
from clinic.courses.studio.queries.ledger import PROPOSAL, CameOfIt, LedgerEntry
from clinic.web.templatetags.marks import side_word

K = TypeVar("K", int, str)


@dataclass(frozen=True, slots=True)
class EntryLine:
    """One entry in words. ``patient`` is a name for whoever may read names, else the number of the card."""

    at: datetime
    by: str
    reason: str
    words: str
    patient: str
    course: int
    condition: str
    where: str
    sessions: str
    given: str
    outcome: tuple[str, ...]
    is_given: bool
    is_bad: bool
    until: datetime | None


@dataclass(frozen=True, slots=True)
class RuleGroup:
    """Everything of one rule. ``share`` is how much of it was given, ``bad`` went badly."""

    code: str
    rule: str
    summary: str
    count: int
    given: int
    bad: int
    hurt: int
    lines: tuple[EntryLine, ...]


@dataclass(frozen=True, slots=True)
class Choices:
    """What the month can be narrowed by: (value, word)."""

    rules: tuple[tuple[str, str], ...]
    people: tuple[tuple[int, str], ...]
    reasons: tuple[tuple[str, str], ...]


class LedgerWords:
    """Says the ledger in one language. ``names_patients``: whether the reader may read the names of patients."""

    def __init__(self, *, names_patients: bool) -> None:
        self.names_patients = names_patients

    def groups(self, entries: Iterable[LedgerEntry]) -> tuple[RuleGroup, ...]:
        """The entries by rule, the most frequent first."""
        by_rule: dict[str, list[LedgerEntry]] = {}
        for entry in entries:
            by_rule.setdefault(entry.code, []).append(entry)
        groups = (self._group(code, found) for code, found in by_rule.items())
        return tuple(sorted(groups, key=lambda group: (-group.count, group.rule)))

    def _group(self, code: str, entries: Sequence[LedgerEntry]) -> RuleGroup:
        given = sum(bool(entry.came.given) for entry in entries)
        bad = sum(bool(entry.came.bad) for entry in entries)
        hurt = sum(bool(entry.came.hurt_there) for entry in entries)
        said = summary(len(entries), given, bad, hurt)
        return RuleGroup(code, rule_word(code), said, len(entries), given, bad, hurt, tuple(map(self.line, entries)))

    def line(self, entry: LedgerEntry) -> EntryLine:
        """One entry."""
        patient, came = entry.course.patient, entry.came
        return EntryLine(
            at=entry.at,
            by=entry.by,
            reason=entry.reason_word,
            words=entry.words,
            patient=patient.full_name if self.names_patients else patient.card_number or f"#{patient.pk}",
            course=entry.course.pk,
            condition=f"{self.condition(entry)}, {self.stage(entry)}",
            where=self._where(entry),
            sessions=sessions_of_edit(entry.first, entry.last),
            given=_given_words(came),
            outcome=tuple(outcome_words(came)),
            is_given=bool(came.given),
            is_bad=bool(came.bad),
            until=entry.until,
        )

    def condition(self, entry: LedgerEntry) -> str:
        """The condition of its course, as the edition of the course calls it."""
        return names_of(entry.course).of("conditions", entry.course.condition)

    def stage(self, entry: LedgerEntry) -> str:
        """The stage of its course."""
        return names_of(entry.course).of("stages", f"{entry.course.condition}/{entry.course.stage}")

    def _where(self, entry: LedgerEntry) -> str:
        if not entry.zone:
            return _("the whole session")
        zone = names_of(entry.course).of("zones", entry.zone) or entry.zone
        return f"{zone} ({side_word(entry.side)})" if entry.side in ("left", "right") else zone

    def table(self, entries: Iterable[LedgerEntry]) -> Table:
        """The same as a table for a file, a row for each entry."""
        heads = (
            _("Rule"), _("Day"), _("By"), _("Reason"), _("Words"), _("Patient"), _("Course"), _("Condition"), _("Where"),
            _("First session"), _("Last session"), _("Given since"), _("Bad reactions"), _("Hurt there"), _("Comfort, least"),
            _("Pain, change in all"), _("Pain the next morning, most"), _("Taken back"),
        )  # fmt: skip
        return Table("overrides", _("Rules set aside"), "", tuple(map(Column, heads)), tuple(map(self._row, entries)))

    def _row(self, entry: LedgerEntry) -> Row:
        line, came = self.line(entry), entry.came
        change = sum(after - before for before, after in came.pain) if came.pain else None
        until = entry.until.date() if entry.until else None
        return Row((
            rule_word(entry.code), entry.at.date(), line.by, line.reason, line.words, line.patient, line.course, line.condition,
            line.where, entry.first, entry.last, came.given, came.bad, came.hurt_there, min(came.comfort, default=None), change,
            max(came.next_day, default=None), until,
        ))  # fmt: skip


def rule_word(code: str) -> str:
    """The name of a rule, or of what stands beside the rules: a proposal that was changed."""
    return _("The proposal for the next session, changed") if code == PROPOSAL else rule_name(code)


def summary(count: int, given: int, bad: int, hurt: int) -> str:
    """What came of all of them in one sentence."""
    parts = [
        ngettext("Set aside %(count)s time", "Set aside %(count)s times", count) % {"count": count},
        ngettext("%(count)s given since", "%(count)s given since", given) % {"count": given} if given else _("none given yet"),
    ]
    if given:
        parts.append(ngettext("%(count)s bad reaction", "%(count)s bad reactions", bad) % {"count": bad} if bad else _("no bad reaction"))
    if hurt:
        parts.append(ngettext("it hurt there in %(count)s case", "it hurt there in %(count)s cases", hurt) % {"count": hurt})
    waiting = count - given
    if given and waiting:
        parts.append(ngettext("%(count)s not given yet", "%(count)s not given yet", waiting) % {"count": waiting})
    return f"{', '.join(parts)}."


def _given_words(came: CameOfIt) -> str:
    if not came.given:
        return _("not given yet")
    return _("given %(given)s of %(of)s") % {"given": came.given, "of": came.of}


def outcome_words(came: CameOfIt) -> Iterator[str]:
    """What was felt, in the shortest words; what nobody asked about is not told."""
    if came.bad:
        yield ngettext("%(count)s bad reaction", "%(count)s bad reactions", came.bad) % {"count": came.bad}
    if came.hurt_there:
        yield ngettext("it hurt there in %(count)s session", "it hurt there in %(count)s sessions", came.hurt_there) % {
            "count": came.hurt_there
        }
    if came.comfort:
        yield _("comfort %(comfort)s") % {"comfort": _range(came.comfort)}
    if came.pain:
        yield pgettext("in the sessions", "pain %(change)s") % {"change": _change(came.pain)}
    if came.next_day:
        yield pgettext("pain", "next morning %(pain)s") % {"pain": _range(came.next_day)}


def _range(values: Sequence[int]) -> str:
    low, high = min(values), max(values)
    return str(low) if low == high else f"{low}–{high}"


def _change(pairs: Sequence[tuple[int, int]]) -> str:
    """One pair as it was; of several the mean change with its sign."""
    if len(pairs) == 1:
        return f"{pairs[0][0]} → {pairs[0][1]}"
    mean = sum(after - before for before, after in pairs) / len(pairs)
    return f"{'+' if mean > 0 else '−' if mean < 0 else '±'}{number_format(abs(mean), decimal_pos=1)}"


# Narrowing ----------------------------------------------------------------------------------------------------------------------
def narrowed(entries: Iterable[LedgerEntry], asked: LedgerAsked) -> tuple[LedgerEntry, ...]:
    """The entries of the rule, person and reason that are asked for."""
    return tuple(
        entry for entry in entries if asked.rule in ("", entry.code) and asked.by in (0, entry.by_id) and asked.reason in ("", entry.reason)
    )


def choices_in(entries: Sequence[LedgerEntry]) -> Choices:
    """What stands in the month, by word."""
    rules = {entry.code: rule_word(entry.code) for entry in entries}
    people = {entry.by_id: entry.by for entry in entries}
    reasons = {entry.reason: _reason_word(entry.reason) for entry in entries}
    return Choices(_by_word(rules), _by_word(people), _by_word(reasons))


def _by_word(found: dict[K, str]) -> tuple[tuple[K, str], ...]:
    return tuple(sorted(found.items(), key=lambda pair: pair[1]))


def _reason_word(code: str) -> str:
    return (
        override_reason(code) if code in OverrideReason.values else str(ChoiceReason(code).label) if code in ChoiceReason.values else code
    )
