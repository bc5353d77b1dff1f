"""Addresses of the library for people."""

from django.urls import path

from protocols.views import reading, reviews, tables

app_name = "library"
urlpatterns = [
    path("", reading.overview, name="overview"),
    path("conditions/", reading.conditions, name="conditions"),
    path("conditions/<str:code>/", reading.condition, name="condition"),
    path("rules/", reading.rules, name="rules"),
    path("rules/<str:code>/", reading.rule, name="rule"),
    path("techniques/", tables.techniques, name="techniques"),
    path("techniques/<str:code>/", tables.technique, name="technique"),
    path("zones/", tables.zones, name="zones"),
    path("zones/<str:code>/", tables.zone, name="zone"),
    path("supplements/", tables.supplements, name="supplements"),
    path("supplements/<str:code>/", tables.supplement, name="supplement"),
    path("measures/", tables.measures, name="measures"),
    path("documents/", tables.documents, name="documents"),
    path("sources/", tables.sources, name="sources"),
    path("sources/<str:code>/", tables.source, name="source"),
    path("review/", reviews.review, name="review"),
    path("review/<str:kind>/<path:code>/change/", reviews.change_review, name="review-change"),
    path("review/<str:kind>/<path:code>/", reviews.review_of_entry, name="review-entry"),
]
