"""Addresses of the patient register."""

from django.urls import path

from patients import document_views, intake_views, look_views, views

app_name = "patients"
urlpatterns = [
    path("", views.patient_list, name="list"),
    path("new/", views.register_patient, name="new"),
    path("<int:pk>/", views.patient_detail, name="detail"),
    path("looks/", look_views.find_looks, name="looks-find"),
    path("<int:pk>/looks/", look_views.looks, name="looks"),
    path("<int:pk>/edit/", views.correct_patient, name="edit"),
    path("<int:pk>/intake/", intake_views.intake_gate, name="intake"),
    path("<int:pk>/intake/details/", intake_views.intake_details, name="intake-details"),
    path("<int:pk>/intake/declaration/", intake_views.intake_declaration, name="intake-declaration"),
    path("<int:pk>/intake/discarded/", intake_views.discard_intake, name="intake-discard"),
    path("<int:pk>/documents/new/", document_views.record_document, name="document-new"),
    path("<int:pk>/documents/<int:document>/withdrawn/", document_views.withdraw_document, name="document-withdraw"),
]
