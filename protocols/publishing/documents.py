"""What a doctor signs of a variant: its changes as data, and the words that were shown, in the reader's language."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from clinic.signing.content import Content, Section
from protocols.editions.addresses import entries_of
from protocols.editions.content import CASES, RULE_CASES, EditionContent
from protocols.editions.queries import content_of, edition_in_force, library_of_edition, names_in_force
from protocols.method.names import Names
from protocols.models import Variant
from protocols.presentation.changed import EntryChange, changes_in_words, loosenings_in_words
from protocols.publishing.queries import becoming, next_number
from protocols.publishing.subjects import KIND, subject_of_variant
from protocols.states import VariantState
from protocols.variants.changes import changes_of
from protocols.variants.checking import VariantCheck, check_variant, library_of_variant, names_of_variant
from protocols.variants.strictness import Loosening, tightened


@dataclass(frozen=True)
class Proposal:
    """A variant with everything that is told of it: worked out once, for the data and for the words."""

    variant: Variant
    number: int
    now: EditionContent
    becomes: EditionContent
    before: Mapping[str, Any]
    after: Mapping[str, Any]
    check: VariantCheck
    tightened: tuple[Loosening, ...]
    names: tuple[Names, ...]

    def in_words(self) -> tuple[EntryChange, ...]:
        """Every changed entry in words."""
        return changes_in_words(self.before, self.after, *self.names)


def proposal_of(variant: Variant) -> Proposal:
    """What this variant would make of the edition that its clinic works with now."""
    number, digest = next_number(variant.clinic), edition_in_force(variant.clinic)
    changes, now, library = changes_of(variant), content_of(digest), library_of_variant(variant)
    there = entries_of(now.parts)
    own = names_of_variant(variant)
    known = names_in_force(variant.clinic)
    return Proposal(
        variant=variant,
        number=number,
        now=now,
        becomes=becoming(variant, number),
        before={address: there.get(address) for address in changes},
        after=changes,
        check=check_variant(variant),
        tightened=tightened(library_of_edition(digest), library) if library else (),
        names=_names_of(own, known),
    )


def _names_of(own: Names | None, known: Names) -> tuple[Names, ...]:
    """The variant's names first, unless a gap in its translation leaves it only the English ones."""
    if own is None:
        return (known,)
    return (own, known) if own.language == known.language else (known, own)


def variant_content(variant: Variant) -> Content:
    """The document of a variant as it stands now: equal rows give an equal document in one language. No number has a fraction."""
    return content_of_proposal(proposal_of(variant))


def content_of_proposal(proposal: Proposal) -> Content:
    """The document of a proposal that is at hand."""
    variant = proposal.variant
    sections = tuple(_Sections(proposal).all())
    return Content(KIND, subject_of_variant(variant), variant.version, _body(proposal), sections)


# The data -------------------------------------------------------------------------------------------------------------------
def exact(value: Any) -> Any:
    """The value with every number that has a fraction written as text: its spelling is then the same for everybody."""
    if isinstance(value, float):
        return repr(value)
    if isinstance(value, Mapping):
        return {str(name): exact(item) for name, item in value.items()}
    return [exact(item) for item in value] if isinstance(value, list | tuple) else value


def plain(found: Iterable[Loosening]) -> list[dict[str, Any]]:
    """What is allowed or forbidden otherwise, as data."""
    return [exact(asdict(each)) for each in found]


def _body(proposal: Proposal) -> dict[str, Any]:
    variant, now, becomes = proposal.variant, proposal.now, proposal.becomes
    return {
        "clinic": {"id": variant.clinic_id, "name": variant.clinic.name},
        "variant": {"id": variant.pk, "subject": variant.subject, "title": variant.title, "origin": variant.origin},
        "begun_on": {"edition": variant.base.name, "digest": variant.base_id},
        "now": {"edition": now.name, "digest": now.digest, "library_digest": now.library_digest},
        "becomes": {
            "edition": becomes.name,
            "number": proposal.number,
            "digest": becomes.digest,
            "library_digest": becomes.library_digest,
        },
        "changes": [
            {"entry": address, "before": exact(proposal.before[address]), "after": exact(entry)}
            for address, entry in sorted(proposal.after.items())
        ],
        "allows_more_than_the_release": plain(proposal.check.loosened),
        "allows_more_than_now": plain(proposal.check.widened),
        "forbids_more_than_now": plain(proposal.tightened),
        "cases": [
            {"entry": case.address, "unmet": list(case.unmet), "is_changed": case.is_changed, "is_new": case.is_new}
            for case in proposal.check.cases
        ],
        "note": variant.note,
        "review_by": variant.review_by.isoformat() if variant.review_by else "",
        "written_by": [{"id": pk, "name": name} for pk, name in _writers(variant)],
        "sent_by": [{"id": pk, "name": name} for pk, name in _senders(variant)],
    }


def _writers(variant: Variant) -> list[tuple[int, str]]:
    wrote = variant.versions.order_by("version").values_list("by_id", "by__full_name")
    return list(dict.fromkeys(((variant.begun_by_id, variant.begun_by.full_name), *wrote)))


def _senders(variant: Variant) -> list[tuple[int, str]]:
    """Who laid it before the doctor last."""
    sent = variant.moves.filter(after=VariantState.AWAITING).order_by("-pk").values_list("by_id", "by__full_name")
    return list(sent[:1])


# The words ------------------------------------------------------------------------------------------------------------------
class _Sections:
    """The same in plain words: what changes and why, what is allowed or forbidden more than now, the cases, until when, by whom."""

    def __init__(self, proposal: Proposal) -> None:
        self.proposal, self.variant, self.check = proposal, proposal.variant, proposal.check

    def all(self) -> Iterator[Section]:
        yield Section(_("Variant of the library"), tuple(self._what()))
        if self.variant.note:
            yield Section(_("Why"), tuple(self.variant.note.splitlines()))
        yield from self._compared(_("Allows more than the library of the release"), self.check.loosened)
        yield from self._compared(_("Allows more than now"), self.check.widened)
        yield from self._compared(_("Forbids more than now"), self.proposal.tightened)
        yield from (Section(_marked(change), change.lines) for change in self.proposal.in_words())
        if self.check.faults:
            yield Section(_("What is wrong with it"), tuple(fault.sentence for fault in self.check.faults))
        yield Section(_("Worked cases"), tuple(self._cases()))
        yield Section(_("Who wrote it"), tuple(self._who()))
        yield Section(_("How this edition is made"), tuple(self._made()))

    def _what(self) -> Iterator[str]:
        yield self.variant.title
        yield subject_words(self.variant.subject, self.proposal.names)
        count = len(self.proposal.after)
        yield ngettext("%(count)s entry changes", "%(count)s entries change", count) % {"count": count}
        if self.variant.review_by:
            yield _("To be looked at again by %(day)s") % {"day": date_format(self.variant.review_by, "SHORT_DATE_FORMAT")}
        yield _("New plans are made with it from the moment of the signature. Courses that run keep to their edition.")
        if self.proposal.tightened:
            yield _("Courses that still do what it forbids are suspended at once.")

    def _compared(self, heading: str, found: tuple[Loosening, ...]) -> Iterator[Section]:
        if found:
            yield Section(heading, loosenings_in_words(found, *self.proposal.names))

    def _cases(self) -> Iterator[str]:
        cases = self.check.cases
        red = sum(bool(case.unmet) for case in cases)
        told = {"count": len(cases), "red": red}
        if not cases:
            yield _("No case was worked out")
        elif red:
            yield _("%(red)s of %(count)s cases are not as expected") % told
        else:
            yield (
                ngettext(
                    "%(count)s case was worked out: it is as expected", "%(count)s cases were worked out: all are as expected", len(cases)
                )
                % told
            )
        gone = sum(entry is None and address.startswith((CASES, RULE_CASES)) for address, entry in self.proposal.after.items())
        if gone:
            yield ngettext("%(count)s case less than now", "%(count)s cases less than now", gone) % {"count": gone}
        yield from (_("new: %(says)s") % {"says": case.says} for case in cases if case.is_new)
        yield from (
            _("expected otherwise than before: %(says)s") % {"says": case.says} for case in cases if case.is_changed and not case.is_new
        )

    def _who(self) -> Iterator[str]:
        names = ", ".join(name for _pk, name in _writers(self.variant))
        yield _("Written by %(who)s") % {"who": names}
        yield from (_("Sent to the doctor by %(who)s") % {"who": name} for _pk, name in _senders(self.variant))
        if self.variant.origin:
            yield _("It came with the pack “%(pack)s”") % {"pack": self.variant.origin}

    def _made(self) -> Iterator[str]:
        now, becomes = self.proposal.now, self.proposal.becomes
        yield _("Now: edition %(edition)s, digest %(digest)s.") % {"edition": now.name, "digest": now.digest[:12]}
        yield _("Becomes: edition %(edition)s, digest %(digest)s.") % {"edition": becomes.name, "digest": becomes.digest[:12]}


def _marked(change: EntryChange) -> str:
    """The heading of a changed entry, with a word where it is new or gone."""
    words = {"added": _("New: %(what)s"), "removed": _("Taken away: %(what)s")}.get(change.kind, "%(what)s")
    return words % {"what": change.heading}


def subject_words(subject: str, names: Iterable[Names]) -> str:
    """What a variant is about, in words."""
    if subject == "contraindications":
        return _("Rules of contraindications")
    if subject == "course-rules":
        return _("Rules of a course")
    code = subject.partition("/")[2]
    return next((name for each in names if (name := each.of("conditions", code))), code)
