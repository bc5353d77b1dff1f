"""Addresses of courses and of the home page."""

from django.urls import path

from clinic.courses import views

app_name = "courses"
urlpatterns = [
    path("courses/", views.course_list, name="list"),
    path("patients/<int:pk>/courses/new/", views.choose_condition, name="new"),
    path("patients/<int:pk>/courses/new/<slug:condition>/", views.choose_stage, name="new-stage"),
    path("patients/<int:pk>/courses/new/<slug:condition>/<slug:stage>/", views.new_course, name="new-plan"),
    path("courses/<int:pk>/", views.course_detail, name="detail"),
    path("courses/<int:pk>/edit/", views.edit_course, name="edit"),
    path("courses/<int:pk>/today/", views.day_questions_page, name="today"),
    path("courses/<int:pk>/discarded/", views.discard_course, name="discard"),
    path("courses/<int:pk>/restored/", views.restore_course, name="restore"),
    path("courses/<int:pk>/sessions/<int:number>/card.pdf", views.session_card, name="card"),
]
