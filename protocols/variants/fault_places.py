"""Where in an edition a fault of its library lies, read from how the library names its places. Pure."""

import re
from dataclasses import dataclass
from typing import Final

CONDITION: Final = re.compile(r"(?P<stem>conditions/[^:\s]+): ?(?P<table>stage) (?P<code>[^:\s]+):? ?(?P<rest>.*)", re.DOTALL)
ROW: Final = re.compile(r"(?P<stem>contraindications|profiles): (?P<table>rule|profile) (?P<code>[^:\s]+):? ?(?P<rest>.*)", re.DOTALL)
WORDS: Final = re.compile(r"translations/(?P<stem>[^:\s]+): (?P<table>[^.:\s]+)(?:\.(?P<code>[^.:\s]+))?(?P<rest>.*)", re.DOTALL)
KEY: Final = re.compile(r"(?P<stem>[a-z/0-9-]+):+ ?(?P<table>[a-z_]+)?:? ?(?P<rest>.*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Place:
    """One thing that is wrong: the address of the entry it lies in, and what it is."""

    address: str
    sentence: str


def place_of(fault: str) -> Place:
    """The place of one fault as ``LibraryFaults`` says it (``file: table entry: sentence``); the sentence keeps what is finer."""
    words = WORDS.fullmatch(fault)
    if words:
        code = f"/{words['code']}" if words["code"] else ""
        return Place(f"{words['stem']}:{words['table']}{code}", _sentence(words["rest"].lstrip(".")))
    row = CONDITION.fullmatch(fault) or ROW.fullmatch(fault)
    if row:
        return Place(f"library/{row['stem']}:{row['table']}/{row['code']}", _sentence(row["rest"]))
    key = KEY.fullmatch(fault)
    if key and key["table"]:
        return Place(f"library/{key['stem']}:{key['table']}", _sentence(key["rest"]))
    return Place("", fault)


def _sentence(rest: str) -> str:
    return rest.strip(" :") or "?"
