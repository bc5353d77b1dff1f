from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CoursesConfig(AppConfig):
    name = "clinic.courses"
    label = "courses"
    verbose_name = _("Courses")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Adds the courses to the navigation and to each patient's page, and listens to what is told of a patient."""
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

        register(*ITEMS)
        courses_are_answered()
        courses_are_care()
        numbers_lead_to_patients()
        courses_move()
        courses_tell()
        courses_say_plans()
        courses_keep_to_editions()
        tell_also(rescreen_courses)
        hold_also(hold_courses)
        tell_what_came_of_it(suspended_since)
        count_with(counted)
        tell_outcomes_with(felt)
        register_subject(KIND, patient_of_subject, _("Treatment plan"), address_of=address_of_subject)
        register_course_panel(OUTCOMES_PANEL)
        register_course_panel(BODY_PANEL)
        watch_courses_with(for_a_doctor)
        register_panel(NEXT_PANEL)
        register_panel(Panel("courses/_glance.html", glance_panel, is_record=True))
        register_panel(Panel("courses/_panel.html", courses_panel, is_record=True))
        register_panel(Panel("calendar/_dates_panel.html", dates_panel, is_work=True))
        register_panel(Panel("day/_likes_panel.html", likes_panel, order=80, is_record=True, is_work=True))
