"""What is printed of a course, as PDF/UA-1: the card of one session (A5), the whole course, the home sheet and the report (A4)."""

from clinic.courses.prints.card import card_pdf
from clinic.courses.prints.course import course_pdf
from clinic.courses.prints.home_sheet import home_sheet_pdf
from clinic.courses.prints.paper import Paper
from clinic.courses.prints.report import Measured, Told, report_pdf

__all__ = ["Measured", "Paper", "Told", "card_pdf", "course_pdf", "home_sheet_pdf", "report_pdf"]
