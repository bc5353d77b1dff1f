"""Addresses of the changes by hand that were kept, and of the ledger of rules that were set aside."""

from django.urls import URLPattern, path

from clinic.courses.studio.views import ledger

urlpatterns: list[URLPattern] = [
    path("courses/<int:pk>/changes/", ledger.history, name="history"),
    path("courses/<int:pk>/changes/<int:version>/back/", ledger.bring_back, name="bring-back"),
    path("overrides/", ledger.ledger, name="ledger"),
    path("overrides/csv/", ledger.ledger_csv, name="ledger-csv"),
]
