"""What clinicians of the clinic have said about what a plan rests on: its stage, its condition and the rules that hold."""

from clinic.courses.models import Course
from clinic.courses.presentation.base import InOneLanguage
from protocols.method.findings import Screening
from protocols.presentation.reader import reader_of
from protocols.presentation.reviews import ReviewRow, review_row
from protocols.queries import judgements
from protocols.reviewing import entries_of


def reviews_of(course: Course, screening: Screening, presenter: InOneLanguage) -> tuple[ReviewRow, ...]:
    """The stage first, then the condition, then each rule that holds, with where its review stands. One query.

    ``presenter`` has the edition that the course keeps to. Nothing where only the name of that edition was kept: what is said of the
    entries of another one says nothing of the plan.
    """
    if course.library_digest != presenter.library.digest:
        return ()
    listed = entries_of(presenter.library)
    rules = (("rule", finding.rule) for finding in screening.findings)
    keys = (("stage", f"{course.condition}/{course.stage}"), ("condition", course.condition), *rules)
    entries = [entry for key in keys if (entry := listed.get(key)) is not None]
    stands, reader = judgements(course.clinic, entries), reader_of(presenter.library, presenter.names)
    return tuple(review_row(entry, stands[entry.key], reader) for entry in entries)
