"""Many walks: each sets out from the same clinic, goes its own way, and leaves nothing behind."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from random import Random
from typing import Final

from django.db import transaction

from clinic.audit.actions import verify_chain
from clinic.courses.life.deeds import DAYS_AS_THEY_SHOULD_BE, DEEDS, Deed, what_was_begun_is_recorded
from clinic.courses.life.reader import Reader
from clinic.courses.life.scene import FIRST_DAY, Clock, Scene, at_nine
from clinic.courses.life.walk import Violated, Walk, attempt
from clinic.courses.models import Course
from clinic.courses.queries import WITH_A_COURSE

SETTING_OUT: Final = ("running", "running", "draft", "preventive")
CHAIN_EVERY: Final = 25  # walks after one of which the audit is read too: a chain takes longer to read than to write
LAST_DEEDS: Final = 12  # shown of a walk that went wrong


@dataclass(slots=True)
class Tally:
    """What was done over all walks. ``wrong`` says of each walk that violated something, which, and what came before."""

    walks: int = 0
    done: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    checked: int = 0
    delivered: int = 0
    outages: int = 0
    recordable: int = 0
    wrong: list[str] = field(default_factory=list)

    @property
    def steps(self) -> int:
        return self.done.total() + self.refused.total()


def walked(scene: Scene, clock: Clock, *, runs: int, steps: int, seed: int, until_wrong: bool = False) -> Tally:
    """So many walks of so many steps. ``until_wrong`` ends with the first walk that violates something."""
    tally = Tally()
    for number in range(runs):
        _walk(scene, clock, steps, f"{seed}/{number}", tally)
        if until_wrong and tally.wrong:
            break
    return tally


def _walk(scene: Scene, clock: Clock, steps: int, seed: str, tally: Tally) -> None:
    random, reader = Random(seed), Reader()  # noqa: S311  (a way to repeat, no secret)
    clock.now = at_nine(FIRST_DAY)
    way: list[str] = []
    with nothing_stays():
        course = Course.objects.select_related(*WITH_A_COURSE).get(pk=scene.courses[random.choice(SETTING_OUT)])
        walk = Walk(scene, clock, random, course, reader)
        walk.told.quiet_on.add(walk.day)
        reader.forgive(walk)
        try:
            while walk.steps < steps:
                _step_on(walk, way)
            _end(walk, tally)
        except Violated as wrong:
            tally.wrong.append(f"walk {seed} ({course.condition}, {walk.day}): {wrong}; last: {', '.join(way[-LAST_DEEDS:])}")
    tally.walks += 1
    tally.done += walk.done
    tally.refused += walk.refused
    tally.checked, tally.delivered = tally.checked + reader.checked, tally.delivered + reader.delivered
    tally.outages += reader.outages


_DEEDS: Final[list[Deed]] = list(DEEDS)
_WEIGHTS: Final = list(DEEDS.values())


def _step_on(walk: Walk, way: list[str]) -> None:
    deed = walk.random.choices(_DEEDS, _WEIGHTS)[0]
    way.append(deed.__name__)
    if deed in DAYS_AS_THEY_SHOULD_BE:
        deed(walk)
    else:
        attempt(walk, deed)


def _end(walk: Walk, tally: Tally) -> None:
    """What is being given can be recorded, whatever has become of the course; now and then the audit is read."""
    if walk.open_start() is not None:
        tally.recordable += 1
        if not attempt(walk, what_was_begun_is_recorded):
            raise Violated(f"a session that was begun cannot be recorded: the course is {walk.course.state}")
    if tally.walks % CHAIN_EVERY == 0 and (broken := verify_chain()) is not None:
        raise Violated(f"the audit is broken: {broken}")


@contextmanager
def nothing_stays() -> Iterator[None]:
    """A part of the transaction that is taken back at its end."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
