"""What comes of a case of a rule now: where it belongs, and what it has to expect."""

from typing import Any, Final

from protocols.method.library import Library
from protocols.rule_cases import RuleCase
from protocols.rule_verdicts import EXPECTATIONS, Found

KIND_OF: Final = {"fired": "fires", "cleared": "fires", "silent": "spares", "open": "unknown"}
# Said anew of what is found, never carried over; the others stay as long as they are met.
SAID_ANEW: Final = frozenset({"outcome", "may_start", "asks", "silent", "document", "cleared_by"})


def as_found(case: RuleCase, library: Library) -> tuple[str, dict[str, Any]]:
    """The kind that this case belongs to, and its expectations. Raises ``Faults`` for a case that is not valid, ``KeyError`` for a rule
    that cannot be read.
    """
    found = Found(case, library)
    # An unanswered question belongs under "unknown" by the format of the cases, whatever comes of it.
    kind = "unknown" if case.stated["unknown"] else KIND_OF[found.verdict]
    expect = {word: wanted for word, wanted in case.expected.items() if word not in SAID_ANEW and not EXPECTATIONS[word](found, wanted)}
    if found.verdict in ("fired", "cleared"):
        expect = {"outcome": found.finding.outcome.code} | expect
    if kind == "unknown":
        expect |= {"may_start": found.screening.may_start}
        expect |= {"silent": True} if found.verdict == "silent" else {}
    return kind, expect
