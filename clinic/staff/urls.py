"""Addresses of sign-in's own pages and of the staff."""

from django.urls import path

from clinic.staff import views

urlpatterns = [
    path("", views.home, name="home"),
    path("clinic/", views.present_clinic, name="present-clinic"),
    path("staff/", views.staff_list, name="staff-list"),
    path("staff/new/", views.staff_new, name="staff-new"),
    path("staff/<int:pk>/roles/", views.staff_roles, name="staff-roles"),
    path("staff/<int:pk>/disable/", views.staff_disable, name="staff-disable"),
    path("staff/<int:pk>/enable/", views.staff_enable, name="staff-enable"),
]
