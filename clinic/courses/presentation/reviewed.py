"""What clinicians of the clinic have said about what a plan rests on: its stage, its condition and the rules that hold."""

from clinic.courses.models import Course
from protocols.method.findings import Screening
from protocols.presentation.reader import page_reader
from protocols.presentation.reviews import ReviewRow, review_row
from protocols.queries import judgements
from protocols.reviewing import shipped_entries
from protocols.shelf import shipped_library


def reviews_of(course: Course, screening: Screening) -> tuple[ReviewRow, ...]:
    """The stage first, then the condition, then each rule that holds, with where its review stands. One query.

    Nothing where the plan was made with other content of the library: what is said of today's entries says nothing of it.
    """
    if course.library_digest != shipped_library().digest:
        return ()
    rules = (("rule", finding.rule) for finding in screening.findings)
    keys = (("stage", f"{course.condition}/{course.stage}"), ("condition", course.condition), *rules)
    entries = [entry for key in keys if (entry := shipped_entries().get(key)) is not None]
    stands, reader = judgements(course.clinic, entries), page_reader()
    return tuple(review_row(entry, stands[entry.key], reader) for entry in entries)
