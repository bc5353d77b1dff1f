"""Addresses of measures and of charts over time. The review half-way keeps its place among the doctor's pages."""

from django.urls import path

from clinic.courses.outcomes.views import measures

urlpatterns = [
    path("courses/<int:pk>/outcomes/", measures.outcomes, name="course"),
    path("courses/<int:pk>/outcomes/new/", measures.measure, name="measure"),
    path("outcomes/<int:pk>/correct/", measures.correct, name="correct"),
]
