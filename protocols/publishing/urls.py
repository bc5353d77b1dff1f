"""Addresses of editions and of the doctor's word on a variant."""

from django.urls import path

from protocols.publishing.views import editions, moved, signing

app_name = "publishing"
urlpatterns = [
    path("variants/<int:pk>/sign/", signing.sign_variant, name="sign"),
    path("variants/<int:pk>/return/", signing.return_to_lead, name="return"),
    path("variants/<int:pk>/moved/", moved.moved, name="moved"),
    path("editions/", editions.editions, name="editions"),
    path("editions/release/", editions.release, name="release"),
    path("editions/<str:digest>/", editions.edition, name="edition"),
    path("editions/<str:digest>/again/", editions.begin_again, name="again"),
]
