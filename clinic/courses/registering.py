"""What the courses add to the other parts of the clinic when it starts: entries, panels, and ears for what is told of a patient."""

from django.utils.translation import gettext_lazy as _

from clinic.courses.actions import hold_courses, rescreen_courses
from clinic.courses.actions.reviewing import watch_courses_with
from clinic.courses.again.panel import NEXT_PANEL
from clinic.courses.answered import courses_are_answered
from clinic.courses.calendar.panel import dates_panel
from clinic.courses.caring import courses_are_care, numbers_lead_to_patients
from clinic.courses.day.likes_panel import likes_panel
from clinic.courses.editions.registering import courses_keep_to_editions
from clinic.courses.glance import glance_panel
from clinic.courses.menu import ITEMS
from clinic.courses.moved import courses_move
from clinic.courses.news.registering import courses_tell
from clinic.courses.outcomes.panel import OUTCOMES_PANEL
from clinic.courses.outcomes.panel_body import BODY_PANEL
from clinic.courses.outcomes.watching import for_a_doctor
from clinic.courses.panel import courses_panel, suspended_since
from clinic.courses.panels import register_course_panel
from clinic.courses.queries import address_of_subject, patient_of_subject
from clinic.courses.referral_counts import counted, felt
from clinic.courses.say_plans import courses_say_plans
from clinic.courses.signed_content import KIND
from clinic.signing.subjects import register_subject
from clinic.web.navigation import register
from patients.changes import hold_also, tell_also, tell_what_came_of_it
from patients.panels import Panel, register_panel
from patients.referrals import count_with, tell_outcomes_with


def courses_are_shown() -> None:
    """In the navigation, on each patient's page and on their own."""
    register(*ITEMS)
    register_course_panel(OUTCOMES_PANEL)
    register_course_panel(BODY_PANEL)
    register_panel(NEXT_PANEL)
    register_panel(Panel("courses/_glance.html", glance_panel, is_record=True))
    register_panel(Panel("courses/_panel.html", courses_panel, is_record=True))
    register_panel(Panel("calendar/_dates_panel.html", dates_panel, is_work=True))
    register_panel(Panel("day/_likes_panel.html", likes_panel, order=80, is_record=True, is_work=True))


def courses_listen() -> None:
    """To what is found out about a patient, to outcomes, and to what merges, erases or leaves a record."""
    tell_also(rescreen_courses)
    hold_also(hold_courses)
    tell_what_came_of_it(suspended_since)
    count_with(counted)
    tell_outcomes_with(felt)
    watch_courses_with(for_a_doctor)
    courses_move()


def courses_speak() -> None:
    """Of themselves to those who ask: what they are called, who has care through them, what they tell and sign."""
    courses_are_answered()
    courses_are_care()
    numbers_lead_to_patients()
    courses_tell()
    courses_say_plans()
    courses_keep_to_editions()
    register_subject(KIND, patient_of_subject, _("Treatment plan"), address_of=address_of_subject)
