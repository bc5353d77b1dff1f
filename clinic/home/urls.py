"""Addresses of the first page, the search and the help."""

from django.urls import path

from clinic.home import views

app_name = "home"
urlpatterns = [
    path("work/", views.work, name="work"),
    path("first-steps/", views.first_steps, name="first-steps"),
    path("first-steps/away/", views.first_steps_away, name="first-steps-away"),
    path("first-steps/back/", views.first_steps_back, name="first-steps-back"),
    path("help/keys/", views.keys, name="keys"),
    path("help/terms/", views.terms, name="terms"),
    path("search/", views.search, name="search"),
]
