"""Every address of Tactus, one line for each app."""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("clinic.web.urls")),
    path("", include("clinic.home.urls")),
    path("", include("clinic.health.urls")),
    path("", include("clinic.staff.urls")),
    path("", include("clinic.audit.urls")),
    path("", include("clinic.courses.urls")),
    path("calendar/", include("clinic.courses.calendar.urls")),
    path("", include("clinic.courses.day.urls")),
    path("", include("clinic.courses.outcomes.urls")),
    path("", include("clinic.courses.studio.urls")),
    path("", include("clinic.courses.again.urls")),
    path("", include("clinic.courses.compare.urls")),
    path("", include("clinic.courses.editions.urls")),
    path("", include("clinic.courses.benching.urls")),
    path("numbers/", include("clinic.courses.numbers.urls")),
    path("", include("clinic.schedule.urls")),
    path("feeds/", include("clinic.schedule.feed_urls")),
    path("messages/", include("clinic.reminders.urls")),
    path("r/", include("clinic.reminders.answer_urls")),
    path("patients/", include("patients.urls")),
    path("", include("patients.care.urls")),
    path("", include("clinic.keeping.urls")),
    path("intake/", include("patients.link_urls")),
    path("", include("clinic.exchange.urls")),
    path("library/", include("protocols.editor.urls")),
    path("library/", include("protocols.testbench.urls")),
    path("library/", include("protocols.publishing.urls")),
    path("library/", include("protocols.packs.urls")),
    path("library/", include("protocols.rulebook.urls")),
    path("library/", include("protocols.urls")),
    path("signatures/", include("clinic.signing.urls")),
    path("accounts/", include("allauth.urls")),
]

handler400 = "clinic.web.views.bad_request"
handler403 = "clinic.web.views.permission_denied"
handler404 = "clinic.web.views.page_not_found"
handler500 = "clinic.web.views.server_error"
