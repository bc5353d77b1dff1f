"""How the installation is, in plain sentences: what holds, and what to do where it does not."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from clinic.health import page_chains as chains
from clinic.health import page_parts as parts
from clinic.health import queries
from clinic.health.probes import asking
from clinic.keeping.queries import last_good_drill
from clinic.reminders.health_page import BAD, FAIR, GOOD, Part, clock_part, workers_part, worst_of
from clinic.reminders.queries.health import signs_of_life

__all__ = ["BAD", "FAIR", "GOOD", "HealthPage", "as_data", "health_page"]


@dataclass(frozen=True, slots=True)
class HealthPage:
    """``tone`` of the whole, its parts by group (a title and its parts), and the versions."""

    now: datetime
    tone: str
    sentence: str
    groups: Sequence[tuple[str, Sequence[Part]]]
    versions: Sequence[Mapping[str, str]]


def health_page(now: datetime) -> HealthPage:
    """Everything on the page. Some ten queries."""
    words, signs = asking.words(), signs_of_life(now)
    groups = [
        (parts.STANDS_ON, [parts.database(words), parts.migrations(words), parts.cache(words), parts.broker(words), *parts.disks(words)]),
        (parts.WORKS, [workers_part(signs, now), clock_part(signs, now), parts.queues(queries.queues(now), now)]),
        (
            parts.TRUST,
            [*chains.readings(queries.verified(), now), chains.clock(queries.clocks(now), now), chains.drill(last_good_drill(), now)],
        ),
    ]
    tone = worst_of([part for _title, some in groups for part in some])
    return HealthPage(now, tone, str(parts.SENTENCES[tone]), [(str(title), some) for title, some in groups], parts.versions())


def as_data(page: HealthPage) -> dict[str, Any]:
    """The same for a program."""
    found = [
        {"part": part.title, "state": part.tone or "unused", "says": part.says, "todo": part.todo}
        for _title, some in page.groups
        for part in some
    ]
    return {
        "at": page.now.isoformat(),
        "state": page.tone,
        "parts": found,
        "versions": {row["term"]: row["value"] for row in page.versions},
    }
