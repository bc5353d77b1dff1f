"""Addresses of signatures."""

from django.urls import path

from clinic.signing import views

app_name = "signing"
urlpatterns = [
    path("<int:pk>/", views.entry, name="entry"),
    path("<int:pk>/bundle.json", views.bundle, name="bundle"),
]
