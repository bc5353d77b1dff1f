"""Addresses of the planning studio, and of the ledger of soft rules that were set aside."""

from clinic.courses.studio.urls import beside, ledger, plan

app_name = "studio"
urlpatterns = [*plan.urlpatterns, *beside.urlpatterns, *ledger.urlpatterns]
