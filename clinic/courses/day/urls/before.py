"""Addresses of the minute before a session: questions, start, emergency."""

from django.urls import path

from clinic.courses.day.views import before, emergency

urlpatterns = [
    path("courses/<int:pk>/sessions/<int:number>/before/", before.before, name="before"),
    path("courses/<int:pk>/sessions/<int:number>/before/changes/", before.changes, name="before-changes"),
    path("courses/<int:pk>/sessions/<int:number>/start/", before.start, name="start"),
    path("starts/<int:pk>/taken-back/", before.start_taken_back, name="start-taken-back"),
    path("courses/<int:pk>/sessions/<int:number>/emergency/", emergency.emergency, name="emergency"),
    path("courses/<int:pk>/sessions/<int:number>/emergency.pdf", emergency.emergency_note, name="emergency-note"),
]
