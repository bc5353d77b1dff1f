"""Addresses of absences, closures and the conflicts that they make."""

from django.urls import URLPattern, path

from clinic.courses.calendar.views import absent, replanning

urlpatterns: list[URLPattern] = [
    path("absent/new/", absent.absent_new, name="absent-new"),
    path("absent/<int:pk>/", absent.absent, name="absent"),
    path("closed/<int:pk>/", absent.closed, name="closed"),
    path("conflicts/", absent.all_conflicts, name="conflicts"),
    path("rehomed/<int:pk>/", absent.rehomed, name="rehomed"),
    path("replan/", replanning.replan_day_page, name="replan"),
    path("replan/<int:pk>/", replanning.replanning, name="replanning"),
]
