"""The golden corpus: plans as an edition made them, kept to the last byte together with the whole edition and the cases.

A course keeps to its edition for good, so its plans have to come out the same in every later release. The library of a kept edition
never changes; what can still change an old plan is the code of the method. The corpus is the alarm for that: it is rebuilt from the kept
edition alone, and nothing here reads ``protocols/library``.
"""

import json
import lzma
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import Any, Final, Literal

from protocols.editions.content import EditionContent
from protocols.method.case import Case, parse_case
from protocols.method.edits import edits_from_json
from protocols.method.library import Library
from protocols.method.planning import plan_session, plan_whole_course
from protocols.method.plans import Adaptation
from protocols.method.storage import Stored, canonical_bytes, from_json

FOLDER: Final = Path(__file__).resolve().parent.parent / "tests" / "golden"
EDITION, CASES, PLANS, DIGESTS = ".edition.json.xz", ".cases.json.xz", ".plans.xz", ".digests"
SHORT: Final = 8  # letters of the edition's digest in the names of the files
# Extreme, and without a check sum that some builds of liblzma lack; the digests of the plans stand beside.
PACKED: Final = {"format": lzma.FORMAT_XZ, "check": lzma.CHECK_CRC32, "preset": 9 | lzma.PRESET_EXTREME}

What = Literal["session", "course"]


@dataclass(frozen=True, slots=True)
class GoldenCase:
    """One case: ``stated`` as the command takes it, and what no command states: ``edits`` by hand, ``decided``, ``is_released``."""

    code: str
    what: What
    stated: Mapping[str, Any]
    edits: Mapping[str, Any] = field(default_factory=dict)
    decided: Mapping[str, Any] | None = None
    is_released: bool = False

    def as_json(self) -> dict[str, Any]:
        """The case as JSON values; what says nothing is left out."""
        said: dict[str, Any] = {"code": self.code, "what": self.what, "stated": dict(self.stated)}
        if self.edits:
            said["edits"] = dict(self.edits)
        if self.decided is not None:
            said["decided"] = dict(self.decided)
        return said | ({"is_released": True} if self.is_released else {})

    def case(self, library: Library) -> Case:
        """The case as this library reads it. Raises ``Faults`` or ``NotEdits`` where it no longer can."""
        decided = None if self.decided is None else from_json(Adaptation, self.decided)
        read = parse_case(self.stated, library)
        return replace(read, edits=edits_from_json(self.edits), decided=decided, is_released=self.is_released)


@dataclass(frozen=True)
class Corpus:
    """A kept edition, cases, and the bytes of what each case was planned to be."""

    content: EditionContent
    cases: tuple[GoldenCase, ...]
    plans: tuple[bytes, ...]

    @property
    def stem(self) -> str:
        """What the names of its files begin with: ``2026-11-f632e2ec``."""
        return stem_of(self.content)

    @cached_property
    def digests(self) -> Mapping[str, str]:
        """Code of a case -> sha256 (hex) of its bytes."""
        return {case.code: sha256(plan).hexdigest() for case, plan in zip(self.cases, self.plans, strict=True)}


def stem_of(content: EditionContent) -> str:
    """What the names of the files of this edition's corpus begin with."""
    return f"{content.name}-{content.digest[:SHORT]}"


# Planning -----------------------------------------------------------------------------------------------------------------------
def bytes_of(case: GoldenCase, library: Library) -> bytes:
    """Screening, course and session (or every session of the course), each in its canonical bytes on a line of its own.

    Raises whatever planning raises: a case of the corpus that cannot be planned any more is a difference too.
    """
    read = case.case(library)
    if case.what == "session":
        one = plan_session(read, library)
        return _lines_of(one.screening, one.course, one.session)
    whole = plan_whole_course(read, library)
    return _lines_of(whole.screening, whole.course, *whole.sessions)


def _lines_of(*parts: Stored) -> bytes:
    return b"\n".join(canonical_bytes(part) for part in parts)


def differences(corpus: Corpus, library: Library, *, every: int = 1, first: int = 0) -> Iterator[str]:
    """One line for each case that this library does not plan to the same bytes. ``every``: only each so many-th case, from ``first``."""
    for case, plan in zip(corpus.cases[first::every], corpus.plans[first::every], strict=True):
        try:
            made = bytes_of(case, library)
        except Exception as wrong:
            yield f"{case.code}: not planned any more: {type(wrong).__name__} {wrong}"
            continue
        if made != plan:
            yield f"{case.code}: {_first_difference(plan, made)}"


def _first_difference(before: bytes, after: bytes) -> str:
    at = next((at for at, (one, other) in enumerate(zip(before, after, strict=False)) if one != other), min(len(before), len(after)))
    start = max(0, at - 40)
    return f"other from byte {at}: ...{before[start : at + 40].decode()}... became ...{after[start : at + 40].decode()}..."


# Files --------------------------------------------------------------------------------------------------------------------------
def stems(folder: Path = FOLDER) -> tuple[str, ...]:
    """Every corpus that is kept there."""
    return tuple(sorted(path.name.removesuffix(EDITION) for path in folder.glob(f"*{EDITION}")))


def read_corpus(stem: str, folder: Path = FOLDER) -> Corpus:
    """A kept corpus. Raises ``ValueError`` when the edition is not the one it is named by, or plans and digests do not agree."""
    edition = json.loads(lzma.decompress((folder / f"{stem}{EDITION}").read_bytes()))
    content = EditionContent(edition["name"], {name: json.loads(text) for name, text in edition["parts"].items()})
    rows = json.loads(lzma.decompress((folder / f"{stem}{CASES}").read_bytes()))
    plans = lzma.decompress((folder / f"{stem}{PLANS}").read_bytes()).split(b"\n\n")
    corpus = Corpus(content, tuple(GoldenCase(**row) for row in rows), tuple(plans))
    if content.digest != edition["digest"] or corpus.stem != stem:
        raise ValueError(f"{stem}: the edition is not the one that was kept under this name")
    if _lines(corpus) != (folder / f"{stem}{DIGESTS}").read_text(encoding="utf-8"):
        raise ValueError(f"{stem}: the plans are not those of the list of digests")
    return corpus


def write_corpus(corpus: Corpus, folder: Path = FOLDER) -> int:
    """Writes the four files; gives their size in bytes. The same corpus always gives the same files."""
    content = corpus.content
    edition = {"name": content.name, "digest": content.digest, "library_digest": content.library_digest, "parts": dict(content.texts)}
    files = {
        EDITION: _packed(_json(edition)),
        CASES: _packed(_json([case.as_json() for case in corpus.cases])),
        PLANS: _packed(b"\n\n".join(corpus.plans)),
        DIGESTS: _lines(corpus).encode(),
    }
    folder.mkdir(parents=True, exist_ok=True)
    return sum((folder / f"{corpus.stem}{ending}").write_bytes(data) for ending, data in files.items())


def _lines(corpus: Corpus) -> str:
    return "".join(f"{digest} {code}\n" for code, digest in corpus.digests.items())


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def _packed(data: bytes) -> bytes:
    return lzma.compress(data, **PACKED)  # type: ignore[arg-type]


def made_corpus(content: EditionContent, library: Library, cases: Iterable[GoldenCase]) -> Corpus:
    """The corpus of this edition as its library plans these cases now."""
    kept = tuple(cases)
    return Corpus(content, kept, tuple(bytes_of(case, library) for case in kept))
