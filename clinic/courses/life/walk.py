"""One walk: a course, its people, its day, and what was told on the way. What is told is kept apart from the database, to judge it by."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from random import Random

from django.db import transaction

from clinic.courses.life.scene import Clock, Scene
from clinic.courses.models import Course, SessionRecord, SessionStart
from clinic.staff.permissions import ActionDenied, Actor
from patients.actions import record_facts
from patients.models import Document
from patients.questionnaire import Reply


@dataclass(slots=True)
class Told:
    """What people said on this walk. ``quiet_on``: days whose questions were last answered with nothing new.

    ``forbidden_zone`` is what the library of the clinic leaves out for everybody by now.
    """

    quiet_on: set[date] = field(default_factory=set)
    fever_on: set[date] = field(default_factory=set)
    takes_a_thinner: bool = False
    consent_is_gone: bool = False
    forbidden_zone: str = ""


@dataclass(slots=True)
class Walk:
    """``random`` decides everything, so that a seed leads the same way again."""

    scene: Scene
    clock: Clock
    random: Random
    course: Course
    after_each: "Callable[[Walk, str], None]"  # is told the state of the course before the deed
    told: Told = field(default_factory=Told)
    keys: int = 0
    done: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)

    @property
    def steps(self) -> int:
        """How many deeds were tried."""
        return self.done.total() + self.refused.total()

    @property
    def day(self) -> date:
        return self.clock.today

    @property
    def actor(self) -> Actor:
        """Mostly whoever gives the course, sometimes a colleague."""
        return self.scene.therapist if self.random.random() < 0.9 else self.scene.colleague

    @property
    def doctor(self) -> Actor:
        return self.scene.doctor

    def look(self) -> None:
        """Reads the course anew, as a page that is opened."""
        found = Course.objects.select_related("clinic", "patient__clinic")
        self.course = found.defer("screening", "plan").get(pk=self.course.pk)

    def key(self) -> str:
        """One that no page of this walk had before."""
        self.keys += 1
        return f"{self.keys:016x}"

    def version(self) -> int:
        """The version that the page shows, which sometimes is an old one."""
        return self.course.version - (self.random.random() < 0.03)

    def next_number(self) -> int:
        """The next session, and sometimes a wrong one."""
        given = SessionRecord.objects.filter(session__course=self.course).count()
        return given + 1 if self.random.random() < 0.9 else self.random.randint(1, self.course.session_count + 1)

    def open_start(self) -> SessionStart | None:
        """The session that is being given."""
        found = SessionStart.objects.filter(session__course=self.course, closed_at=None)
        return found.select_related("session__course").first()

    def last_start(self) -> SessionStart | None:
        return SessionStart.objects.filter(session__course=self.course).select_related("session__course").order_by("-pk").first()

    def last_record(self) -> SessionRecord | None:
        found = SessionRecord.objects.filter(session__course=self.course).select_related("session__course")
        return found.order_by("-session__number").first()

    def referrals(self) -> list[Document]:
        """The papers that stand, as the walk knows that nothing else was put on file."""
        return list(Document.objects.filter(patient=self.course.patient, kind="doctor-referral", withdrawn_at=None))

    def tell(self, replies: dict[str, Reply]) -> None:
        """The patient says something between two sessions."""
        record_facts(patient=self.course.patient, replies=replies, on=self.day, given_by="patient", actor=self.scene.therapist)


class Violated(AssertionError):
    """Something was found that must never be. The message says what."""


class NothingToDo(ActionDenied):
    """There was nothing that this could be done to: counted with what was refused."""


def attempt(walk: Walk, deed: Callable[[Walk], None]) -> bool:
    """Whether the deed was done. What is refused leaves nothing behind. Whatever came of it, the database is read."""
    is_done = True
    before = walk.course.state
    try:
        with transaction.atomic():
            deed(walk)
    except ActionDenied:
        is_done = False
    except Exception as wrong:
        raise Violated(f"{deed.__name__} broke down: {type(wrong).__name__}: {wrong}") from wrong
    (walk.done if is_done else walk.refused)[deed.__name__] += 1
    walk.look()
    walk.after_each(walk, before)
    return is_done
