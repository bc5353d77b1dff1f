"""Addresses of courses and of the home page."""

from django.urls import path

from clinic.courses import urls_consent, urls_doctor
from clinic.courses.views import day, giving, moves, planning, prints, reading, what_if

app_name = "courses"
urlpatterns = [
    path("courses/", reading.course_list, name="list"),
    path("patients/<int:pk>/courses/new/", planning.choose_condition, name="new"),
    path("patients/<int:pk>/courses/new/<slug:condition>/", planning.choose_stage, name="new-stage"),
    path("patients/<int:pk>/courses/new/<slug:condition>/<slug:stage>/", planning.new_course, name="new-plan"),
    path("courses/<int:pk>/", reading.course_detail, name="detail"),
    path("courses/<int:pk>/edit/", planning.edit_course, name="edit"),
    path("courses/<int:pk>/what-if/", what_if.what_if, name="what-if"),
    path("courses/<int:pk>/today/", day.day_questions_page, name="today"),
    path("courses/<int:pk>/discarded/", reading.discard_course, name="discard"),
    path("courses/<int:pk>/restored/", reading.restore_course, name="restore"),
    path("courses/<int:pk>/started/", giving.start_course, name="start"),
    path("courses/<int:pk>/submitted/", moves.submit_course, name="submit"),
    path("courses/<int:pk>/taken-back/", moves.withdraw_submission, name="withdraw-submission"),
    path("courses/<int:pk>/question/", moves.ask_doctor, name="ask-doctor"),
    path("courses/<int:pk>/pause/", moves.pause_course, name="pause"),
    path("courses/<int:pk>/resumed/", moves.resume_course, name="resume"),
    path("courses/<int:pk>/end/", moves.end_course, name="end"),
    path("courses/<int:pk>/therapist/", moves.transfer_course, name="transfer"),
    path("courses/<int:pk>/screenings/", reading.screening_history, name="screenings"),
    path("courses/<int:pk>/sessions/<int:number>/not-given/", moves.lose_session, name="lose-session"),
    path("courses/<int:pk>/sessions/<int:number>/to-come/", moves.undo_lost_session, name="undo-lost-session"),
    path("courses/<int:pk>/sessions/<int:number>/record/", giving.record_session, name="record"),
    path("courses/<int:pk>/plan.pdf", prints.course_plan, name="plan-pdf"),
    path("courses/<int:pk>/sessions/<int:number>/card.pdf", prints.session_card, name="card"),
    *urls_consent.urlpatterns,
    *urls_doctor.urlpatterns,
]
