"""What the answers that are typed now would change in the session that is about to begin. Nothing is ever kept here."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from clinic.courses.day.queries.before import Before, Block, screening_blocks
from clinic.courses.planning import planned
from clinic.courses.presentation import Presenter
from clinic.courses.presentation.differences import DifferencePresenter, SessionDifferenceView
from clinic.courses.presentation.lines import FindingLine
from clinic.courses.queries import request_of, screening_of
from clinic.courses.so_far import so_far
from patients.queries import answers_on
from patients.questionnaire import Reply, with_replies
from protocols.comparing import compare_sessions
from protocols.method.findings import Screening
from protocols.method.storage import plan_from_json


@dataclass(frozen=True, slots=True)
class Changes:
    """From the plan as it stands to the one under the answers so far. ``open`` are questions that are not answered yet."""

    outcome: str
    session: SessionDifferenceView
    found: tuple[FindingLine, ...]
    blocks: tuple[Block, ...]
    open: tuple[Block, ...]
    has_steps: bool

    @property
    def is_emergency(self) -> bool:
        return self.outcome == "emergency"

    @property
    def is_none(self) -> bool:
        """Neither the session nor what is known to limit it changes."""
        return self.session.is_same and not self.found and not self.blocks


def changes_of(before: Before, replies: Mapping[str, Reply], presenter: Presenter, *, on: date) -> Changes:
    """What these replies would do. Raises ``Faults`` for a record that fits no plan and ``UnsafePlan`` as planning does."""
    course, library = before.course, presenter.library
    answers = with_replies(library, answers_on(course.patient, library, on), replies)
    made = planned(course.patient, request_of(course), library, on=on, so_far=so_far(course, on), answers=answers)
    old, new = plan_from_json(before.session.plan), made.sessions[before.number - 1]
    outcome = max(made.screening.outcome, new.outcome).code
    blocks = () if new.may_start else tuple(screening_blocks(made.screening, presenter, outcome))
    return Changes(
        outcome=outcome,
        session=DifferencePresenter(library, presenter.names).one_session(old, new, compare_sessions(old, new)),
        found=_new_findings(screening_of(course), made.screening, presenter, outcome),
        blocks=tuple(block for block in blocks if not block.is_question),
        open=tuple(block for block in blocks if block.is_question),
        has_steps=bool(new.rows),
    )


def _new_findings(old: Screening, new: Screening, presenter: Presenter, outcome: str) -> tuple[FindingLine, ...]:
    """Findings that the plan as it stands does not know; those that stop the session stand among the blocks."""
    known = {finding.rule for finding in old.findings}
    lines = presenter.screening(new, outcome).findings
    fresh = [finding for finding in new.findings if not finding.cleared]
    return tuple(line for line, finding in zip(lines, fresh, strict=True) if finding.rule not in known and not line.is_open)
