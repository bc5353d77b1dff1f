"""Addresses of what goes to other programs and comes from them."""

from django.urls import path

from clinic.exchange.fhir import views as fhir
from clinic.exchange.importing import views as importing

app_name = "exchange"
urlpatterns = [
    path("courses/<int:pk>/fhir/", fhir.course, name="course-fhir"),
    path("patients/<int:pk>/fhir/", fhir.patient, name="patient-fhir"),
    path("library/conditions/<str:code>/fhir/", fhir.protocol, name="protocol-fhir"),
    path("patients/imports/", importing.imports, name="imports"),
    path("patients/imports/template/", importing.template, name="import-template"),
    path("patients/imports/<int:pk>/", importing.one, name="import"),
    path("patients/imports/<int:pk>/columns/", importing.columns, name="import-columns"),
    path("patients/imports/<int:pk>/choices/", importing.choices, name="import-choices"),
    path("patients/imports/<int:pk>/wrong/", importing.wrong, name="import-wrong"),
    path("patients/imports/<int:pk>/taken/", importing.take, name="import-take"),
    path("patients/imports/<int:pk>/away/", importing.away, name="import-away"),
    path("patients/imports/<int:pk>/taken-back/", importing.undo, name="import-undo"),
]
