"""Addresses of the doctor's pages."""

from django.urls import path

from clinic.courses.outcomes.views.reviewing import review
from clinic.courses.views import doctor, reviewing, revoking

urlpatterns = [
    path("inbox/", doctor.inbox, name="inbox"),
    path("courses/<int:pk>/sign-off/", doctor.sign_off, name="sign-off"),
    path("courses/<int:pk>/returned/", doctor.return_plan, name="return"),
    path("courses/<int:pk>/findings/", doctor.allow_findings, name="allow-findings"),
    path("courses/<int:pk>/revocation/", revoking.revoke, name="revoke"),
    path("courses/<int:pk>/signed-paper/", reviewing.signed_print, name="signed-print"),
    path("reviews/<int:pk>/", review, name="review"),
]
