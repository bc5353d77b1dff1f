"""Addresses of the session day."""

from clinic.courses.day.urls import after, before, player, recording, today

app_name = "day"
urlpatterns = [*today.urlpatterns, *before.urlpatterns, *player.urlpatterns, *recording.urlpatterns, *after.urlpatterns]
