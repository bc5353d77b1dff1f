"""Addresses of courses by their edition."""

from django.urls import path

from clinic.courses.editions import views

app_name = "editions"
urlpatterns = [
    path("courses/editions/", views.courses, name="courses"),
    path("courses/editions/moved/", views.move_all, name="move-all"),
    path("courses/<int:pk>/edition/", views.move, name="move"),
    path("courses/<int:pk>/edition/back/", views.back, name="back"),
]
