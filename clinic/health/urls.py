"""Addresses about the installation itself."""

from django.urls import path

from clinic.health import views

urlpatterns = [
    path("health/live/", views.live, name="health-live"),
    path("health/ready/", views.ready, name="health-ready"),
    path("health/", views.health, name="health"),
]
