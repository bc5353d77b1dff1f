"""Addresses of the outbox, of what was not delivered, of the numbers of messages, of their health and of the demo's mailbox."""

from django.urls import path

from clinic.reminders.views import mailbox, mending, outbox, watching, wishes

urlpatterns = [
    path("", outbox.outbox_page, name="outbox"),
    path("<int:pk>/", outbox.message_page, name="message"),
    path("<int:pk>/mended/", mending.mend, name="mend"),
    path("<int:pk>/mended/taken-back/", mending.undo, name="mend-undo"),
    path("not-delivered/", mending.undelivered_page, name="undelivered"),
    path("patients/<int:pk>/", outbox.patient_messages, name="patient"),
    path("patients/<int:pk>/wishes/", wishes.wishes_page, name="wishes"),
    path("numbers/", watching.numbers_page, name="numbers"),
    path("health/", watching.health_page, name="health"),
    path("mailbox/", mailbox.mailbox_page, name="mailbox"),
    path("mailbox/<int:pk>/file/", mailbox.mailbox_file, name="mailbox-file"),
]
