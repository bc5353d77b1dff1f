"""Random changes by hand, one after another, each result read by the independent check: ``manage.py verify edits``.

A sequence is one course of one patient: a stage with its inputs, a few sessions, and acts as they come at a clinic: changes that look
sound and absurd ones, reasons for soft rules, findings and records that come and go in the middle. After every act the whole course is
worked out as it would be kept, and now and then as a draft. Nothing here looks at how edits are applied. Before anything is counted the
proof proves itself: results that were spoilt on purpose have to be reported (``missed_controls``).
"""

from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field, replace
from random import Random
from time import monotonic
from typing import Final

from protocols.method.editing import CourseEditor, EditedCourse
from protocols.method.edits import Edit, Edits, NotEdits, edits_from_json, edits_to_json
from protocols.method.findings import Bar
from protocols.method.places import Place
from protocols.method.plans import NO_ADAPTATION, Adaptation
from protocols.method.setting import Setting
from protocols.method.storage import plan_from_json, plan_to_json
from protocols.proving import barred, narrowed, settings, signatures, together
from protocols.proving_acts import random_adaptation, random_edit, random_facts, random_override
from protocols.proving_controls import CONTROLS, missed_controls
from protocols.proving_judge import Judge, Moment
from protocols.shelf import shipped_library

COUNTS: Final = (1, 1, 2, 2, 3, 4, 6)
MOST_EDITS: Final = 12  # at a time: beyond it one is taken back
SHOWN: Final = 20
# Of a hundred acts: findings that come, that go, records that come or go, a reason for a soft rule, a change taken back.
COMES, GOES, RECORDS, REASON, BACK = 6, 12, 16, 40, 46
GOES_AT_ONCE = 30
# Every so many acts the same is worked out twice, as a draft, and from its own JSON.
TWICE_EVERY: Final = 10


@dataclass(frozen=True, slots=True)
class Violation:
    """Something that must never be: in which sequence and after which act, and what."""

    sequence: int
    act: int
    what: str


@dataclass(slots=True)
class Tally:
    """What was done and what came of it."""

    sequences: int = 0
    acts: int = 0
    sessions: int = 0
    held: int = 0
    aside: int = 0
    soft: int = 0
    returned: int = 0
    violations: list[Violation] = field(default_factory=list)

    def add(self, other: "Tally") -> None:
        """Adds another tally to this one."""
        for name in ("sequences", "acts", "sessions", "held", "aside", "soft", "returned"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.violations += other.violations


# Proof ----------------------------------------------------------------------------------------------------------------------
def prove_sequences(*, runs: int, acts: int, seed: int, write: Callable[[str], object], processes: int = 1) -> bool:
    """``runs`` sequences of ``acts`` acts each, after the controls; writes the figures, and says whether nothing was found wrong."""
    began = monotonic()
    missed = missed_controls()
    tally = Tally()
    for part in _parts(runs, acts, seed, processes):
        tally.add(part)
    spoilt = len(CONTROLS)
    write(f"Control: {spoilt - len(missed)} of {spoilt} results that were spoilt on purpose were reported.")
    write(
        f"Sequences: {tally.sequences:,} of {acts} acts (seed {seed}). Acts: {tally.acts:,}. Sessions checked: {tally.sessions:,}. "
        f"Changes that held: {tally.held:,}, set aside: {tally.aside:,}, back after their limit went: {tally.returned:,}; "
        f"soft rules set aside with a reason: {tally.soft:,}. "
        f"Violations: {len(tally.violations)}. Seconds: {monotonic() - began:.0f}."
    )
    for line in (*(f"not noticed: {name}" for name in missed), *report(tally.violations)):
        write(line)
    return not tally.violations and not missed


def report(violations: list[Violation]) -> list[str]:
    """The commonest kinds, and the first few in full."""
    kinds = Counter(each.what.split(":")[0] for each in violations)
    lines = [f"{count} x {kind}" for kind, count in kinds.most_common()]
    return lines + [f"sequence {each.sequence}, act {each.act}: {each.what}" for each in violations[:SHOWN]]


def _parts(runs: int, acts: int, seed: int, processes: int) -> Iterator[Tally]:
    jobs = [(number, acts, seed) for number in range(runs)]
    if processes <= 1:
        yield from map(prove_sequence, jobs)
        return
    with ProcessPoolExecutor(processes) as pool:
        yield from pool.map(prove_sequence, jobs, chunksize=8)


def prove_sequence(job: tuple[int, int, int]) -> Tally:
    """One sequence: number, acts and seed decide everything in it."""
    number, acts, seed = job
    chance = Random(f"{seed}/{number}")  # noqa: S311  (a proof has to come out the same again; nothing is kept secret here)
    walk = _Walk(chance, number)
    for act in range(acts):
        walk.step(act)
    return walk.tally


class _Walk:
    """One sequence on its way."""

    def __init__(self, chance: Random, number: int) -> None:
        self.chance = chance
        self.number = number
        every = settings(shipped_library())
        base = every[chance.randrange(len(every))]
        facts = random_facts(chance, base.age)
        self.base = replace(base, screening=replace(base.screening, facts={**base.screening.facts, **facts}))
        self.moment = Moment(self.base, chance.choice(COUNTS))
        self.before: tuple[Edits, EditedCourse] | None = None  # as it was when the first finding came
        # Editors remember: one for each screening and what records say, as a desk keeps them while findings come and go.
        self.editors: dict[tuple[int, Adaptation], tuple[Setting, CourseEditor]] = {}
        self.last = self._worked()
        self.judge = Judge()
        self.tally = Tally(sequences=1)

    def step(self, act: int) -> None:
        """One act, and everything that has to hold after it."""
        what = self._act()
        worked = self._worked()
        problems = [*self.judge.problems(self.moment, worked)]
        if what == "gone" and self.before is not None:
            if self.before[0] == self.moment.edits and self.before[1] != worked:
                problems.append("not back: the limit is gone and the plan is not what it was")
            self.before = None
        if what == "gone":
            self.tally.returned += len(set(_barred(self.last)) - set(_barred(worked)))
        if act % TWICE_EVERY == TWICE_EVERY - 1:
            problems += self._twice(worked)
        self.tally.violations += [Violation(self.number, act, each) for each in problems]
        self.tally.acts += 1
        self.tally.sessions = self.judge.checked
        self.tally.aside += len(_barred(worked))
        self.tally.held += sum(bool(plan.by_hand) for plan in worked.sessions)
        self.tally.soft += len(worked.soft)
        self.last = worked

    def _worked(self, *, is_draft: bool = False) -> EditedCourse:
        """The course as it stands, worked out by the editor who has seen what came before."""
        moment = self.moment
        key = (id(moment.setting), moment.adaptation)
        if key not in self.editors:
            self.editors[key] = (moment.setting, moment.editor())
        return self.editors[key][1].edited(moment.edits, is_draft=is_draft)

    def _act(self) -> str:
        dice = self.chance.randrange(100)
        if dice < COMES:
            return self._finding_comes()
        if dice < GOES or (self.before is not None and dice >= 100 - GOES_AT_ONCE):
            self.moment = replace(self.moment, setting=self.base, adaptation=NO_ADAPTATION)
            return "gone"
        if dice < RECORDS:
            self.before = None
            self.moment = replace(self.moment, adaptation=random_adaptation(self.chance, self.moment.setting, self.moment.count))
        elif dice < REASON:
            self._reason()
        elif dice < BACK or len(self.moment.edits.edits) >= MOST_EDITS:
            self._take_back()
        else:
            self._edit()
        return ""

    def _finding_comes(self) -> str:
        library = self.base.library
        signature = self.chance.choice(signatures(library))
        rows = [row for plan in self.last.sessions for row in plan.rows]
        if rows and self.chance.random() < 0.5:  # one that meets what is worked now
            row = self.chance.choice(rows)
            barred_too = self.chance.choice(
                (Bar("referral", (Place(row.zone, row.side),)), Bar("consent", families=frozenset({row.family})))
            )
            signature = together(signature, barred(library, barred_too), library.course.phases.max_down)
        elif self.chance.random() < 0.5:
            signature = together(signature, self.chance.choice(signatures(library)), library.course.phases.max_down)
        clean = self.moment.setting is self.base and self.moment.adaptation == NO_ADAPTATION
        self.before = (self.moment.edits, self.last) if clean else self.before
        self.moment = replace(self.moment, setting=narrowed(self.base, signature))
        return "come"

    def _reason(self) -> None:
        """A reason for a soft rule that a draft tells of, as the page asks for it."""
        draft = self._worked(is_draft=True)
        open_rules = [rule for rule in draft.soft if rule.override is None]
        override = random_override(self.chance, open_rules)
        self.moment = replace(self.moment, edits=self.moment.edits.with_override(override))

    def _take_back(self) -> None:
        edits = list(self.moment.edits.edits)
        if edits:
            edits.pop(self.chance.randrange(len(edits)))
        self.moment = replace(self.moment, edits=replace(self.moment.edits, edits=tuple(edits)))

    def _edit(self) -> None:
        edit = random_edit(self.chance, self.moment.setting, self.last, self.moment.edits)
        try:
            self.moment = replace(self.moment, edits=self.moment.edits.with_edit(edit))
        except NotEdits:
            self._take_back()

    def _twice(self, worked: EditedCourse) -> Iterator[str]:
        """The same again, as a draft, and through JSON: edits and plans."""
        edits = edits_from_json(edits_to_json(self.moment.edits))
        if edits != self.moment.edits:
            yield "edits: JSON does not give them back equal"
        if replace(self.moment, edits=edits).worked() != worked:
            yield "again: the same edits give another plan to somebody who remembers nothing"
        draft = self._worked(is_draft=True)
        if self.moment.worked(is_draft=True) != draft:
            yield "again: the same edits give another draft to somebody who remembers nothing"
        yield from self.judge.problems(self.moment, draft, is_draft=True)
        for plan in worked.sessions:
            if plan_from_json(plan_to_json(plan)) != plan:
                yield f"plan: JSON does not give session {plan.number} back equal"


def _barred(worked: EditedCourse) -> list[tuple[int, Edit]]:
    """The changes that something bars, with their sessions; one whose step is not there is barred by nothing."""
    return [(each.session, each.edit) for each in worked.aside if each.problems]
