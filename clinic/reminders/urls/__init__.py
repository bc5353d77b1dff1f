"""Addresses of the messages: the outbox and what did not arrive, texts, rules, and what patients answered."""

from clinic.reminders.urls import answers, outbox, rules, texts

app_name = "reminders"
urlpatterns = [*outbox.urlpatterns, *texts.urlpatterns, *rules.urlpatterns, *answers.urlpatterns]
