"""Addresses of the audit."""

from django.urls import path

from clinic.audit import views

urlpatterns = [
    path("audit/", views.audit_list, name="audit-list"),
    path("audit/reads/", views.audit_reads, name="audit-reads"),
]
