"""Addresses about who may open what a record says about health."""

from django.urls import path

from patients.care import views

app_name = "care"
urlpatterns = [
    path("patients/<int:pk>/open/", views.open_from_outside, name="open"),
    path("patients/<int:pk>/open/closed/", views.close_again, name="close"),
    path("patients/<int:pk>/care/new/", views.put_in, name="put-in"),
    path("patients/<int:pk>/care/<int:member>/taken-off/", views.take_off, name="take-off"),
    path("patients/<int:pk>/care/<int:member>/put-back/", views.put_back, name="put-back"),
    path("records/opened/", views.opened, name="opened"),
    path("records/opened/<int:pk>/", views.judge, name="judge"),
    path("records/unusual/", views.unusual, name="unusual"),
    path("records/rule/", views.rule, name="rule"),
]
