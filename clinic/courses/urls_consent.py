"""Addresses of what a patient agrees to."""

from django.urls import path

from clinic.courses.views import consents

urlpatterns = [
    path("courses/<int:pk>/consent/", consents.consent_page, name="consent"),
    path("courses/<int:pk>/consent.pdf", consents.consent_sheet_pdf, name="consent-pdf"),
    path("courses/<int:pk>/consent/<int:number>/", consents.given_consent, name="consent-given"),
    path("courses/<int:pk>/consent/<int:number>.pdf", consents.given_consent_sheet_pdf, name="consent-given-pdf"),
    path("courses/<int:pk>/consent/taken-back/", consents.withdraw, name="consent-withdraw"),
]
