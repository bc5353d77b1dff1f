"""Addresses of packs."""

from django.urls import path

from protocols.packs import views

app_name = "packs"
urlpatterns = [
    path("packs/", views.export, name="export"),
    path("packs/import/", views.bring_in, name="import"),
    path("packs/take/", views.take, name="take"),
]
