"""The list of what a clinician must look at, with its state."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from django.urls import reverse

from protocols.grounds import GROUNDS
from protocols.models import EntryReview
from protocols.presentation.addresses import address
from protocols.presentation.reader import LibraryReader
from protocols.presentation.shares import Share, shares
from protocols.presentation.sources import entry_name
from protocols.presentation.words import BANDS, GROUND_WORDS, KIND_OF_ONE, said
from protocols.queries import Judgement, Key
from protocols.reviewing import ReviewEntry
from protocols.states import ReviewState

ICONS: Final[Mapping[str, str]] = {"open": "circle", "in-review": "eye", "accepted": "circle-check", "to-change": "pencil"}
# The colours of outcomes that come nearest; word and icon carry it without them.
TONES: Final[Mapping[str, str]] = {"open": "", "in-review": "modify", "accepted": "clear", "to-change": "defer"}


@dataclass(frozen=True, slots=True)
class StateMark:
    """How a state looks and reads."""

    code: str
    word: str
    icon: str
    tone: str


@dataclass(frozen=True, slots=True)
class ReviewRow:
    """One entry with where its review stands."""

    kind: str
    kind_name: str
    code: str
    title: str
    why: str
    band: str
    url: str
    entry_url: str
    digest: str
    edition: str
    mark: StateMark
    last: EntryReview | None
    is_outdated: bool


@dataclass(frozen=True, slots=True)
class ReviewSection:
    """Entries that are looked at for one reason."""

    code: str
    band: str
    why: str
    rows: tuple[ReviewRow, ...]


@dataclass(frozen=True, slots=True)
class Progress:
    """How far one part of the list is."""

    name: str
    total: int
    accepted: int
    percent: int
    shares: tuple[Share, ...]


def state_mark(state: str) -> StateMark:
    """How a state looks and reads."""
    return StateMark(state, str(ReviewState(state).label), ICONS[state], TONES[state])


def review_row(entry: ReviewEntry, judgement: Judgement, reader: LibraryReader) -> ReviewRow:
    """One entry of the list."""
    return ReviewRow(
        kind=entry.kind,
        kind_name=said(KIND_OF_ONE, entry.kind),
        code=entry.code,
        title=entry_name(entry.kind, entry.code, reader),
        why=said(GROUND_WORDS, entry.ground.code),
        band=said(BANDS, entry.ground.band),
        url=reverse("library:review-entry", args=[entry.kind, entry.code]),
        entry_url=address(entry.kind, entry.code),
        digest=entry.digest,
        edition=entry.edition,
        mark=state_mark(judgement.state),
        last=judgement.last,
        is_outdated=judgement.is_outdated,
    )


def review_sections(rows: Sequence[tuple[ReviewEntry, Judgement]], reader: LibraryReader) -> tuple[ReviewSection, ...]:
    """Entries under the reason for which they are looked at, in the order of the risk."""
    grounds = [ground for ground in GROUNDS if any(entry.ground.code == ground for entry, _judgement in rows)]
    return tuple(_section(ground, [row for row in rows if row[0].ground.code == ground], reader) for ground in grounds)


def _section(ground: str, rows: Iterable[tuple[ReviewEntry, Judgement]], reader: LibraryReader) -> ReviewSection:
    lines = tuple(review_row(entry, judgement, reader) for entry, judgement in rows)
    return ReviewSection(ground, said(BANDS, GROUNDS[ground]), said(GROUND_WORDS, ground), lines)


def progress(name: str, entries: Sequence[ReviewEntry], judgements: Mapping[Key, Judgement]) -> Progress:
    """How many of these entries are in each state."""
    count = Counter(judgements[entry.key].state for entry in entries)
    parts = {str(state): count[state] for state in (ReviewState.ACCEPTED, ReviewState.IN_REVIEW, ReviewState.TO_CHANGE, ReviewState.OPEN)}
    total, accepted = len(entries), count[ReviewState.ACCEPTED]
    words = {state: str(ReviewState(state).label) for state in parts}
    return Progress(name, total, accepted, 100 * accepted // total if total else 0, shares(parts, words))


def progress_by_band(entries: Sequence[ReviewEntry], judgements: Mapping[Key, Judgement]) -> tuple[Progress, ...]:
    """The same for each part of the list, what comes first before the rest."""
    return tuple(progress(said(BANDS, band), [each for each in entries if each.ground.band == band], judgements) for band in BANDS)
