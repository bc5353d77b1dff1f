"""English sentences of what goes beyond a signed plan (``scope.growth_reason``), by reason code."""

from collections.abc import Mapping

SENTENCES_SCOPE: Mapping[str, str] = {
    "grows-session": "Session {session}: not among the {signed} sessions that were signed.",
    "grows-seconds": "Session {session}: {now} s of work, {signed} s were signed.",
    "grows-zone": "Session {session}: {zone} ({side}) is worked, which was not signed.",
    "grows-pressure": "Session {session}: pressure {now} on {zone} ({side}), at most {signed} was signed.",
    "grows-percussion": "Session {session}: percussion on {zone} ({side}), which was not signed.",
    "grows-family": "Session {session}: {family} ({now} s), which was not signed for this session.",
    "grows-technique": "Session {session}: {technique} ({now} s), which was not signed for this session.",
    "grows-tempo": "Session {session}: {tempo} tempo, a calmer one was signed.",
    "grows-supplement": "Session {session}: {supplement} ({side}) beside the steps, which was not signed.",
    "grows-supplement-seconds": "Session {session}: {now} s of {supplement}, {signed} s were signed.",
    "grows-point": "Session {session}: the point {point} ({side}), which was not signed.",
    "grows-level": "Session {session}: the segmental level {level} ({side}), which was not signed.",
}
