"""Addresses of the waiting list and of the places that are offered."""

from django.urls import path

from clinic.courses.calendar.views import waiting

urlpatterns = [
    path("waiting/", waiting.waiting_page, name="waiting"),
    path("courses/<int:pk>/waiting/", waiting.wait_page, name="waiting-new"),
    path("waiting/<int:pk>/withdrawn/", waiting.withdraw, name="waiting-withdraw"),
    path("waiting/<int:pk>/offer/", waiting.offer, name="offer-new"),
    path("offers/<int:pk>/", waiting.offer_page, name="offer"),
    path("offers/<int:pk>/answer/", waiting.answer, name="offer-answer"),
]
