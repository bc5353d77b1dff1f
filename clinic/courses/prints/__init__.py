"""What is printed of a course: the card of one session (A5) and the whole course (A4), as PDF/UA-1 in the language of the page."""

from clinic.courses.prints.card import card_pdf
from clinic.courses.prints.course import course_pdf
from clinic.courses.prints.paper import Paper

__all__ = ["Paper", "card_pdf", "course_pdf"]
