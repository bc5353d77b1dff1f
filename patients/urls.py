"""Addresses of the patient register."""

from django.urls import path

from patients import death_views, fact_views, intake_views, link_views, look_views, record_views, views
from patients.urls_papers import PAPERS

app_name = "patients"
urlpatterns = [
    path("", views.patient_list, name="list"),
    path("new/", views.register_patient, name="new"),
    path("<int:pk>/", views.patient_detail, name="detail"),
    path("looks/", look_views.find_looks, name="looks-find"),
    path("<int:pk>/looks/", look_views.looks, name="looks"),
    path("<int:pk>/edit/", views.correct_patient, name="edit"),
    path("<int:pk>/died/", death_views.patient_died, name="died"),
    path("<int:pk>/died/taken-back/", death_views.undo_death, name="died-undo"),
    path("<int:pk>/second-record/", record_views.find_second_record, name="second-record"),
    path("<int:pk>/second-record/<int:other>/", record_views.compare_records, name="compare"),
    path("<int:pk>/merges/<int:merge>/undone/", record_views.undo_merge, name="merge-undo"),
    path("<int:pk>/intake/", intake_views.intake_gate, name="intake"),
    path("<int:pk>/intake/details/", intake_views.intake_details, name="intake-details"),
    path("<int:pk>/intake/declaration/", intake_views.intake_declaration, name="intake-declaration"),
    path("<int:pk>/intake/discarded/", intake_views.discard_intake, name="intake-discard"),
    path("<int:pk>/intake/kept/", intake_views.keep_intake_page, name="intake-kept"),
    path("<int:pk>/intake/review/", intake_views.review_intake, name="intake-review"),
    path("<int:pk>/intake/review/aside/", intake_views.put_intake_aside, name="intake-aside"),
    path("<int:pk>/intake/<int:intake>/", intake_views.intake_form, name="intake-form"),
    path("<int:pk>/intake/link/", link_views.intake_link, name="intake-link"),
    path("<int:pk>/intake/link/ended/", link_views.end_intake_link, name="intake-link-end"),
    path("<int:pk>/intake/tablet/", link_views.hand_over_tablet, name="intake-tablet"),
    path("waiting/", intake_views.waiting_intakes, name="waiting"),
    path("<int:pk>/facts/", fact_views.known, name="facts"),
    path("<int:pk>/facts/new/", fact_views.record_new, name="facts-new"),
    path("<int:pk>/facts/<str:code>/", fact_views.history, name="fact"),
    *PAPERS,
]
