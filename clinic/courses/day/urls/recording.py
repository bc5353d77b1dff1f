"""Addresses of records: the closing sheet, a signed record, addenda, an outage."""

from django.urls import URLPattern, path

from clinic.courses.day.views import recording

urlpatterns: list[URLPattern] = [
    path("starts/<int:pk>/record/", recording.finish, name="finish"),
    path("starts/<int:pk>/draft/", recording.draft, name="draft"),
    path("records/<int:pk>/", recording.record, name="record"),
    path("records/<int:pk>/addenda/", recording.addendum, name="addendum"),
    path("records/outages/", recording.outages, name="outages"),
    path("courses/<int:pk>/sessions/<int:number>/outage/", recording.outage, name="outage"),
]
