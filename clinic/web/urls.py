"""Addresses that belong to no app."""

from django.urls import path

from clinic.web import views

urlpatterns = [
    path("appearance/", views.appearance, name="appearance"),
    path("styleguide/", views.styleguide, name="styleguide"),
]
