"""What an invented patient of the demo is made of."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from protocols.method.vocabulary import Side


@dataclass(frozen=True, slots=True)
class Story:
    """What happened to a course: ``given`` sessions on every other working day, the last one ``last`` days ago.

    Pain goes in even steps from ``pain[0]`` before the first session to ``pain[1]`` after the last one given; ``bad`` are the numbers of
    sessions that were not borne well, ``hurts`` says at which it hurt where; to those ``missed`` nobody came at first.
    """

    given: int
    last: int = 2
    pain: tuple[int, int] = (5, 2)
    bad: tuple[int, ...] = ()
    notes: Mapping[int, str] = field(default_factory=dict)
    hurts: Mapping[int, tuple[str, Side]] = field(default_factory=dict)
    missed: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class DemoCourse:
    """What the therapist entered. ``is_asked_today``: the day questions were answered with nothing new, so a session may start.

    ``fate`` is what came of it last: awaiting | question | returned (the doctor's desk), suspended | paused | ended.
    """

    condition: str
    stage: str
    count: int
    inputs: Mapping[str, Any] = field(default_factory=dict)
    supplements: tuple[str, ...] = ()
    is_asked_today: bool = False
    story: Story | None = None
    fate: str = ""


@dataclass(frozen=True, slots=True)
class DemoPatient:
    """``has``: facts other than "no", by code; ``unknown``: facts answered "don't know". ``intake``: completed | open | none.

    ``papers``: kind of each document on file with the rules that it names; a referral among them was signed here. ``asks``: the question
    of a referral that the doctor has not answered; ``whose``: the log-in of who treats; ``likes``: what the patient likes;
    ``comes_again``: a second referral of today, for a course like the one that is over.
    """

    family_name: str
    given_name: str
    sex: str
    age: int
    has: Mapping[str, Any] = field(default_factory=dict)
    unknown: tuple[str, ...] = ()
    course: DemoCourse | None = None
    intake: str = "completed"
    middle_name: str = ""
    language: str = "en"
    guardian_name: str = ""
    notes: str = ""
    papers: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    asks: str = ""
    whose: str = "anna"
    likes: str = ""
    comes_again: bool = False
