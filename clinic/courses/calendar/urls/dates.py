"""Addresses of the dates of a course: proposed, held, booked, moved, given up, and who came."""

from django.urls import path

from clinic.courses.calendar.views import attendance, dates, moving

urlpatterns = [
    path("courses/<int:pk>/dates/", dates.propose_page, name="propose"),
    path("courses/<int:pk>/dates/<slug:key>/", dates.held_page, name="held"),
    path("courses/<int:pk>/dates/<slug:key>/held/", dates.hold_longer, name="held-longer"),
    path("courses/<int:pk>/dates/<slug:key>/let-go/", dates.let_go, name="held-let-go"),
    path("courses/<int:pk>/dates/<slug:key>/rows/<int:hold>/", dates.change_held, name="held-change"),
    path("courses/<int:pk>/dates/<slug:key>/rows/<int:hold>/dropped/", dates.drop_held, name="held-drop"),
    path("courses/<int:pk>/after-lost/", attendance.after_lost, name="rule"),
    path("courses/<int:pk>/sessions/<int:number>/answer-taken-back/", attendance.undo_answer, name="undo-answer"),
    path("bookings/<int:pk>/move/", moving.move_page, name="move"),
    path("bookings/<int:pk>/release/", moving.release_page, name="release"),
    path("bookings/<int:pk>/attendance/", attendance.answer, name="attend"),
    path("unresolved/", attendance.unresolved, name="unresolved"),
]
