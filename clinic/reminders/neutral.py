"""Words that must not stand in a message: what somebody has, where, and what is done about it, by the library's own names.

The clinic's name, the names of its houses and its own texts are the only free words in a message. They are looked through here, in
every language of the library, by stems: "scoliosis" finds "scoliotic". Names are looked through more strictly than texts: "back" says
something in "Back Clinic" and nothing in "please call back".
"""

import re
import tomllib
from collections.abc import Iterator
from functools import cache, lru_cache
from typing import Any, Final
from unicodedata import normalize

from clinic.reminders.models import MessageRules
from clinic.reminders.shipped import FOLDER, word
from clinic.schedule.models import Site
from clinic.staff.models import Clinic, Language
from protocols.editions.queries import names_of_edition
from protocols.shelf import shipped_names

WORD: Final = re.compile(r"[^\W\d_]{2,}")
KINDS: Final = frozenset({"conditions", "zones", "techniques", "families", "areas"})
ENDINGS: Final = "аеиоуыьюяй"
SHORT: Final = 3  # letters before the ending: of shorter ones most are prepositions
LONG: Final = 6  # letters: shorter words are found as they stand and with a short ending


@lru_cache(maxsize=4096)
def clinical_words(text: str, *, is_name: bool = False, edition: str = "") -> tuple[str, ...]:
    """The words of ``text`` that tell of an illness, a part of the body or a treatment, as written, each once.

    ``edition``: the digest of the clinic's own edition, whose names tell as much as those of the release; "" for a clinic without one.

    Wide letters and the like are read as what they look like. A name (``is_name``) may not hold the words either that tell something
    only there.
    """
    found = _pattern(is_name=is_name, edition=edition)
    return tuple(dict.fromkeys(each for each in WORD.findall(normalize("NFKC", text)) if found.search(_plain(each))))


@lru_cache(maxsize=1024)
def _neutral_name(short_name: str, name: str, language: str, edition: str) -> str:
    given = (" ".join(each.split()) for each in (short_name, name))
    return next((each for each in given if each and not clinical_words(each, is_name=True, edition=edition)), word(language, "nameless"))


def name_of(clinic: Clinic, rules: MessageRules, language: str = "") -> str:
    """How the clinic is called in messages: its short name, else its own name; where both tell too much, "Your clinic"."""
    return _neutral_name(rules.short_name, clinic.name, language or clinic.language, clinic.edition_digest)


def place_of(site: Site) -> str:
    """Where a date is, as it stands in ``DateLine.place``: the name of the house and its address. What tells too much is left out."""
    return neutral_place(", ".join(filter(None, (site.name, site.address))), "")


@lru_cache(maxsize=4096)
def neutral_place(place: str, otherwise: str, edition: str = "") -> str:
    """A place without those of its parts (by commas) that tell too much; ``otherwise`` where none is left."""
    parts = (" ".join(part.split()) for part in place.split(","))
    return ", ".join(part for part in parts if part and not clinical_words(part, edition=edition)) or otherwise


@cache
def _table() -> dict[str, Any]:
    return tomllib.loads((FOLDER / "neutral.toml").read_text(encoding="utf-8"))


@lru_cache(maxsize=8)
def _pattern(*, is_name: bool, edition: str) -> re.Pattern[str]:
    table = _table()
    anywhere = "|".join(sorted(table["anywhere"]))
    ordinary = {*table["ordinary"], *(() if is_name else table["only_in_names"])}
    stems = {_stem(each) for each in _library_words(edition) if each not in ordinary and len(each.rstrip(ENDINGS)) >= SHORT}
    stems = (stems - set(table["too_short"])) | set(table["words"])
    if is_name:
        stems |= {f"{each}s?$" for each in table["only_in_names"]}
    return re.compile(f"{anywhere}|^(?:{'|'.join(sorted(stems))})")


def _stem(given: str) -> str:
    """What all forms of a word begin with; a short word ends where it ends, but for a plural or a case. The shortest are in the table."""
    if len(given) >= LONG:
        return given[: max(5, -(-len(given) * 7 // 10))]
    return f"{given}(?:s|es)?$" if given.isascii() else f"{given.rstrip(ENDINGS)}[а-я]{{0,2}}$"


def _library_words(edition: str) -> Iterator[str]:
    for language in Language.values:
        own = names_of_edition(edition, language).texts.items() if edition else ()
        for (kind, _code, field), said in (*shipped_names(language).texts.items(), *own):
            if kind in KINDS and field in {"name", "western"}:
                yield from (_plain(each) for each in WORD.findall(said if isinstance(said, str) else " ".join(said)))


def _plain(given: str) -> str:
    return given.lower().replace("ё", "е")
