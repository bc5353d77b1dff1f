from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CoursesConfig(AppConfig):
    name = "clinic.courses"
    label = "courses"
    verbose_name = _("Courses")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Joins the courses to the parts below them, which know nothing of them."""
        from clinic.courses.registering import courses_are_shown, courses_listen, courses_speak

        courses_are_shown()
        courses_listen()
        courses_speak()
