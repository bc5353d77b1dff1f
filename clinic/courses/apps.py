from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CoursesConfig(AppConfig):
    name = "clinic.courses"
    label = "courses"
    verbose_name = _("Courses")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Adds the courses to the navigation and to each patient's page."""
        from clinic.courses.panel import courses_panel
        from clinic.courses.permissions import PLAN
        from clinic.web.navigation import Item, register
        from patients.panels import Panel, register_panel

        register(Item(_("Courses"), "courses:list", "clipboard-list", 20, frozenset(PLAN)))
        register_panel(Panel("courses/_panel.html", courses_panel))
