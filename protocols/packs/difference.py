"""What a pack would change at a clinic, entry by entry in words, and what the library's own checks say of all of it together."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _

from clinic.staff.models import Clinic
from protocols.editions.addresses import entries_of
from protocols.editions.queries import content_of, edition_in_force, library_in_force, names_in_force
from protocols.method.names import Names
from protocols.models import Variant
from protocols.packs.checks import Checked, checked
from protocols.packs.format import Pack, PackEntry
from protocols.packs.reading import place_words, shown
from protocols.presentation.changed import EntryChange, changes_in_words, heading_of, loosening_words
from protocols.states import OPEN_VARIANTS
from protocols.variants.changes import has_place, misshapen, same
from protocols.variants.checking import UNREADABLE
from protocols.variants.fault_places import Place
from protocols.variants.queries import variants_of
from protocols.variants.subjects import COURSE_RULES, OF_CONDITION, RULES, may_change, subjects_of

Changes = Mapping[str, Any]


@dataclass(frozen=True)
class SubjectDifference:
    """What a pack would change of one subject. ``takes``: the entries of a draft; ``unchanged`` are as they are here already.

    ``left``: entries that differ and that no clinic changes. ``open_variant``: the one being worked on, which is never overwritten.
    """

    subject: str
    name: str
    takes: Changes
    words: tuple[EntryChange, ...]
    unchanged: int
    left: tuple[str, ...] = ()
    faults: tuple[str, ...] = ()
    loosened: tuple[str, ...] = ()
    open_variant: Variant | None = None

    @property
    def can_take(self) -> bool:
        """Whether a draft can be made of it."""
        return bool(self.takes) and not self.faults and self.open_variant is None

    @cached_property
    def counts(self) -> Mapping[str, int]:
        """How many entries would be added, changed and removed."""
        kinds = [change.kind for change in self.words]
        return {kind: kinds.count(kind) for kind in ("added", "changed", "removed")}


@dataclass(frozen=True)
class Difference:
    """A pack beside the edition in force. ``unknown``: subjects that this library does not have; ``fixed``: entries no clinic changes."""

    subjects: tuple[SubjectDifference, ...]
    unknown: tuple[str, ...]
    fixed_same: int
    fixed_other: tuple[str, ...]

    @property
    def other(self) -> tuple[SubjectDifference, ...]:
        """The subjects in which something differs."""
        return tuple(each for each in self.subjects if each.takes or each.left)

    @property
    def same(self) -> tuple[SubjectDifference, ...]:
        """The subjects of which all is as here."""
        return tuple(each for each in self.subjects if not each.takes and not each.left)

    @property
    def takes(self) -> dict[str, Changes]:
        """Subject -> what a draft of it would change, of those that can be taken."""
        return {each.subject: each.takes for each in self.subjects if each.can_take}


def difference_of(pack: Pack, clinic: Clinic) -> Difference:
    """The pack beside the edition in force at this clinic. Never raises for what the pack holds: it is told instead."""
    return _Compared(pack, clinic).difference()


def subject_name(subject: str, names: Names) -> str:
    """What a subject is called."""
    if subject == RULES:
        return _("Rules of contraindications")
    if subject == COURSE_RULES:
        return _("Rules of a course")
    code = subject.removeprefix(OF_CONDITION)
    return names.of("conditions", code) or code


@dataclass
class _Sorted:
    """Entries of one subject."""

    takes: dict[str, Any] = field(default_factory=dict)
    unchanged: int = 0
    left: list[str] = field(default_factory=list)


class _Compared:
    """One pack, one clinic."""

    def __init__(self, pack: Pack, clinic: Clinic) -> None:
        self.pack, self.clinic = pack, clinic
        self.base = content_of(edition_in_force(clinic))
        self.there = entries_of(self.base.parts)
        self.library = library_in_force(clinic)
        self.names = names_in_force(clinic)
        self.known = [each.text for each in subjects_of(self.library)]

    def difference(self) -> Difference:
        by_subject = self._by_subject()
        check = checked(self.base, {subject: each.takes for subject, each in by_subject.items()})
        opened = {each.subject: each for each in variants_of(self.clinic).filter(state__in=OPEN_VARIANTS)}
        here = [subject for subject in self.known if subject in by_subject]
        subjects = tuple(self._subject(subject, by_subject[subject], check, opened.get(subject)) for subject in here)
        named = dict.fromkeys(subject for entry in self.pack.entries for subject in entry.subjects)
        unknown = tuple(shown(subject) for subject in named if subject not in self.known)
        fixed = [entry for entry in self.pack.entries if not entry.subjects]
        other = tuple(heading(entry.address, self.names) for entry in fixed if not self._is_as_here(entry))
        return Difference(subjects, unknown, len(fixed) - len(other), other)

    def _by_subject(self) -> dict[str, _Sorted]:
        found: dict[str, _Sorted] = {}
        for entry in self.pack.entries:
            for subject in entry.subjects:
                if subject in self.known:
                    self._sort(entry, subject, found.setdefault(subject, _Sorted()))
        return found

    def _sort(self, entry: PackEntry, subject: str, into: _Sorted) -> None:
        if self._is_as_here(entry):
            into.unchanged += 1
        elif may_change(subject, entry.address) and not misshapen(entry.address, entry.content) and has_place(self.base, entry.address):
            into.takes[entry.address] = entry.content
        else:
            into.left.append(heading(entry.address, self.names))

    def _is_as_here(self, entry: PackEntry) -> bool:
        return same(entry.content, self.there.get(entry.address))

    def _subject(self, subject: str, entries: _Sorted, check: Checked, opened: Variant | None) -> SubjectDifference:
        return SubjectDifference(
            subject=subject,
            name=subject_name(subject, self.names),
            takes=entries.takes,
            words=tuple(in_words(self.there, entries.takes, self.names)),
            unchanged=entries.unchanged,
            left=tuple(entries.left),
            faults=tuple(_told(each, self.names) for each in check.faults.get(subject, ())),
            loosened=tuple(loosening_words(each, self.names) for each in check.loosened if _is_of(each.address, subject, entries.takes)),
            open_variant=opened,
        )


def _is_of(address: str, subject: str, takes: Changes) -> bool:
    """Whether what is looser lies in the subject: at one of its entries, or elsewhere in its file."""
    return address in takes or address.startswith(f"library/{subject}:")


def _told(fault: Place, names: Names) -> str:
    return f"{heading(fault.address, names)}: {fault.sentence}" if fault.address else fault.sentence


# Words --------------------------------------------------------------------------------------------------------------------------
def in_words(there: Mapping[str, Any], takes: Changes, names: Names) -> Iterator[EntryChange]:
    """Each change in words; what has no shape to be told in words is told as it is."""
    for address, content in takes.items():
        before = there.get(address)
        try:
            yield from changes_in_words({address: before}, {address: content}, names)
        except UNREADABLE:
            kind = "added" if before is None else "changed"
            yield EntryChange(address, place_words(address), kind, (_("This cannot be read as an entry of this kind."),))


def heading(address: str, names: Names) -> str:
    """What an entry is called, by its address."""
    try:
        return heading_of(address, names)
    except UNREADABLE:
        return place_words(address) if ":" in address else address
