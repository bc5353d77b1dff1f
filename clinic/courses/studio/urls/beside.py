"""Addresses of palpation and what is done beside the massage."""

from django.urls import URLPattern, path

from clinic.courses.studio.views import beside

urlpatterns: list[URLPattern] = [path("courses/<int:pk>/studio/palpation/", beside.palpation, name="palpation")]
