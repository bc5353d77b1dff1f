"""Addresses of the test bench."""

from django.urls import path

from protocols.testbench.views import cases, trying

app_name = "testbench"
urlpatterns = [
    path("try/", trying.try_patient, name="try"),
    path("bench/<int:pk>/cases/", cases.cases, name="cases"),
    path("bench/<int:pk>/cases/new/", cases.new_case, name="new-case"),
    path("bench/<int:pk>/cases/<slug:condition>/<slug:code>/", cases.case, name="case"),
    path("bench/<int:pk>/cases/<slug:condition>/<slug:code>/remove/", cases.remove, name="remove-case"),
    path("bench/<int:pk>/cases/<slug:condition>/<slug:code>/restore/", cases.restore, name="restore-case"),
]
