"""What an address of the comparison asks for: what the plan stands beside, and which session. Everything stands in the address."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from django.http import QueryDict

LAST: Final = "last"  # the coming session beside the last one that was given
SIGNED: Final = "signed"  # the plan beside the one that was signed last
PROTOCOL: Final = "protocol"  # the plan beside itself without anything that was changed by hand
STAGE: Final = "stage"  # beside another stage of its condition
OTHER: Final = "protocol-of"  # beside the protocol of another condition
OWN: Final = (PROTOCOL, SIGNED, LAST)
LONGEST: Final = 120


@dataclass(frozen=True, slots=True)
class CompareAsked:
    """``kind`` is empty where nothing, or nothing that is known, is asked for. ``session`` 0: none in particular."""

    kind: str = ""
    condition: str = ""
    stage: str = ""
    session: int = 0

    @property
    def value(self) -> str:
        """What stands behind ``with=`` in the address."""
        return {STAGE: f"stage:{self.stage}", OTHER: f"protocol:{self.condition}/{self.stage}"}.get(self.kind, self.kind)


def compare_asked(query: QueryDict | Mapping[str, str], own: str) -> CompareAsked:
    """What the address asks for; ``own`` is the condition of the course. Codes are not looked up here."""
    text, number = (query.get("with") or "")[:LONGEST], query.get("session") or ""
    session = int(number) if number.isascii() and number.isdigit() and len(number) < 4 else 0
    if text in OWN:
        return CompareAsked(text, session=session)
    word, _colon, rest = text.partition(":")
    if word == "stage" and rest:
        return CompareAsked(STAGE, own, rest, session)
    condition, _slash, stage = rest.partition("/")
    if word == "protocol" and condition and stage:
        return CompareAsked(STAGE if condition == own else OTHER, condition, stage, session)
    return CompareAsked(session=session)
