"""Addresses of the first page, the search and the help."""

from django.urls import path

from clinic.home import views

app_name = "home"
urlpatterns = [
    path("work/", views.work, name="work"),
    path("search/", views.search, name="search"),
]
