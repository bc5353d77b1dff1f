"""The edition of the library that a course keeps to. Whatever is planned, checked or said for a course is read from it."""

from django.utils.translation import get_language

from clinic.courses.models import Course
from clinic.courses.presentation import Presenter
from protocols.editions.content import shipped_digest
from protocols.editions.queries import EditionLost, library_in_force, library_of_edition, names_in_force, names_of_edition
from protocols.method.library import Library
from protocols.method.names import ENGLISH, Names
from protocols.shelf import shipped_library, shipped_names


def library_of(course: Course) -> Library:
    """The library that this course keeps to; where only its name was kept, the one that its clinic works with now. No query once read."""
    if course.pinned_id == shipped_digest():
        return shipped_library()
    try:
        return library_of_edition(str(course.pinned_id))
    except EditionLost:
        return library_in_force(course.clinic)


def names_of(course: Course, language: str = "") -> Names:
    """Names of that library, in the language of the page unless one is given."""
    language = language or get_language() or ENGLISH
    if course.pinned_id == shipped_digest():
        return shipped_names(language)
    try:
        return names_of_edition(str(course.pinned_id), language)
    except EditionLost:
        return names_in_force(course.clinic, language)


def presenter_of(course: Course, language: str = "") -> Presenter:
    """What says this course in words: its library and its names."""
    return Presenter(library_of(course), names_of(course, language))
