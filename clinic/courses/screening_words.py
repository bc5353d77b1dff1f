"""Screenings side by side, in words."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from clinic.courses.models import ScreeningRecord
from clinic.courses.presentation import Presenter
from clinic.courses.screenings import Difference
from clinic.web import marks
from protocols.method.places import Place
from protocols.method.vocabulary import Outcome

CAUSES: Final[Mapping[str, str | Promise]] = {
    "planned": pgettext_lazy("cause of a screening", "first plan"),
    "replanned": pgettext_lazy("cause of a screening", "planned again"),
    "edited": pgettext_lazy("cause of a screening", "changed by hand"),
    "edition": pgettext_lazy("cause of a screening", "another edition of the library"),
    "day": pgettext_lazy("cause of a screening", "today's questions"),
    "felt": pgettext_lazy("cause of a screening", "what was felt"),
    "facts": pgettext_lazy("cause of a screening", "a new answer"),
    "intake": pgettext_lazy("cause of a screening", "an intake form"),
    "document": pgettext_lazy("cause of a screening", "a document"),
    "referral": pgettext_lazy("cause of a screening", "a referral"),
    "consent": pgettext_lazy("cause of a screening", "consent"),
    "merge": pgettext_lazy("cause of a screening", "two records were merged"),
}


@dataclass(frozen=True, slots=True)
class News:
    """What was found since the plan was made, and what passed, in words."""

    since: datetime
    new: tuple[tuple[str, str], ...]  # title, outcome in a word
    gone: tuple[str, ...]
    changed: tuple[tuple[str, str, str], ...]  # title, then, now
    worst: str  # the outcome of a course that this suspended: "doctor" at least, or what is graver


def difference_in_words(found: Difference, presenter: Presenter, *, since: datetime) -> News:
    """What is new, gone and changed between two screenings, by the titles of the rules."""
    return News(
        worst=max(found.after, Outcome.DOCTOR).code,
        since=since,
        new=tuple((_title(finding.rule, presenter), outcome_word(finding.outcome.code, cleared=finding.cleared)) for finding in found.new),
        gone=tuple(_title(finding.rule, presenter) for finding in found.gone),
        changed=tuple(
            (
                _title(now.rule, presenter),
                outcome_word(then.outcome.code, cleared=then.cleared),
                outcome_word(now.outcome.code, cleared=now.cleared),
            )
            for then, now in found.changed
        ),
    )


def difference_context(found: Difference, presenter: Presenter, now: ScreeningRecord) -> dict[str, Any]:
    """Everything that the page of two screenings shows between them."""
    return {
        "news": difference_in_words(found, presenter, since=now.made_at),
        "opened": [_title(rule.rule, presenter) for rule in found.opened],
        "closed": [_title(rule.rule, presenter) for rule in found.closed],
        "answers": answers_in_words(found, presenter),
        "before": outcome_word(found.before.code),
        "after": outcome_word(found.after.code),
        "is_same": found.is_empty,
    }


def answers_in_words(found: Difference, presenter: Presenter) -> list[tuple[str, str, str]]:
    """The answers that differ: the question, what was said then, what is said now."""
    return [(_question(code, presenter), _said(then, presenter), _said(since, presenter)) for code, then, since in found.facts]


def outcome_word(code: str, *, cleared: bool = False) -> str:
    """An outcome in a word or two."""
    word = str(marks.OUTCOMES[code].word)
    return _("%(outcome)s (lifted by a document)") % {"outcome": word} if cleared else word


def _title(rule: str, presenter: Presenter) -> str:
    return presenter.names.of("rules", rule, "title") or rule


def _question(fact: str, presenter: Presenter) -> str:
    return presenter.names.of("facts", fact, "question") or fact


def _said(value: object, presenter: Presenter) -> str:
    """A fact's value for reading; a dash where it was not known."""
    if value is None:
        return "–"
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, frozenset):
        return ", ".join(sorted(str(item) for item in value)) or "–"
    if isinstance(value, tuple):
        return ", ".join(presenter.speaker.place(place) for place in value if isinstance(place, Place)) or "–"
    return str(value)
