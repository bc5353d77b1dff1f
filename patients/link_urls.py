"""The only addresses that open without signing in: each is the way of one patient to one empty form."""

from django.urls import path

from patients import link_views

app_name = "intake-link"
urlpatterns = [
    path("<str:token>/", link_views.birth_date, name="open"),
    path("<str:token>/questions/", link_views.questions, name="questions"),
    path("<str:token>/details/", link_views.details, name="details"),
    path("<str:token>/declaration/", link_views.declaration, name="declaration"),
    path("<str:token>/thanks/", link_views.thanks, name="thanks"),
    path("<str:token>/kept/", link_views.keep_page, name="kept"),
    path("<str:token>/language/", link_views.choose_language, name="language"),
]
