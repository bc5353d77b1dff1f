"""Addresses of the player and of what it sends."""

from django.urls import path

from clinic.courses.day.views import playing

urlpatterns = [
    path("starts/<int:pk>/", playing.player, name="player"),
    path("starts/<int:pk>/events/", playing.events, name="events"),
    path("starts/<int:pk>/taken-over/", playing.taken_over, name="take-over"),
]
