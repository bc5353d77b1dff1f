"""Addresses of the texts of messages."""

from django.urls import path

from clinic.reminders.views import texts

OF_ONE = "texts/<slug:code>/<slug:channel>/<slug:language>/"
urlpatterns = [
    path("texts/", texts.texts, name="texts"),
    path(OF_ONE, texts.text, name="text"),
    path(f"{OF_ONE}shipped/", texts.text_shipped, name="text-shipped"),
    path(f"{OF_ONE}versions/<int:number>/", texts.version, name="text-version"),
]
