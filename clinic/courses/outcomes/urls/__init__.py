"""Addresses of what a course brings about."""

from clinic.courses.outcomes.urls import measures, papers

app_name = "outcomes"
urlpatterns = [*measures.urlpatterns, *papers.urlpatterns]
