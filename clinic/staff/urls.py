"""Addresses of sign-in's own pages and of the staff."""

from django.urls import path

from clinic.staff import account_views, invitation_views, lock_views, views

urlpatterns = [
    path("", views.home, name="home"),
    path("clinic/", views.present_clinic, name="present-clinic"),
    path("account/", account_views.account, name="account"),
    path("account/sign-out-everywhere/", account_views.account_sign_out_everywhere, name="account-sign-out-everywhere"),
    path("account/sessions/", account_views.account_sessions, name="account-sessions"),
    path("account/sessions/end-others/", account_views.account_sessions_end_others, name="account-sessions-end-others"),
    path("account/sessions/<str:mark>/end/", account_views.account_session_end, name="account-session-end"),
    path("account/second-step/", account_views.second_step, name="second-step"),
    path("account/pin/", lock_views.pin, name="pin"),
    path("lock/", lock_views.lock, name="lock"),
    path("accounts/2fa/", account_views.account_second_step, name="account-second-step"),  # in the place of allauth's index
    path("staff/", views.staff_list, name="staff-list"),
    path("staff/new/", invitation_views.staff_new, name="staff-new"),
    path("staff/<int:pk>/", views.staff_member, name="staff-member"),
    path("staff/<int:pk>/roles/", views.staff_roles, name="staff-roles"),
    path("staff/<int:pk>/profile/", views.staff_profile, name="staff-profile"),
    path("staff/<int:pk>/disable/", views.staff_disable, name="staff-disable"),
    path("staff/<int:pk>/enable/", views.staff_enable, name="staff-enable"),
    path("staff/<int:pk>/sign-out/", views.staff_sign_out, name="staff-sign-out"),
    path("staff/<int:pk>/second-step/reset/", views.staff_second_step_reset, name="staff-second-step-reset"),
    path("staff/invitations/<int:pk>/renew/", invitation_views.invitation_renew, name="staff-invitation-renew"),
    path("staff/invitations/<int:pk>/revoke/", invitation_views.invitation_revoke, name="staff-invitation-revoke"),
    path("invitation/<str:token>/", invitation_views.invitation, name="invitation"),
]
