"""Addresses: hours, absences, places, closures, the rules of the calendar, and what a patient wishes."""

from django.urls import path

from clinic.schedule.views import absences, closures, hours, overview, places, rules, wishes

app_name = "schedule"
urlpatterns = [
    path("schedule/", overview.overview, name="overview"),
    path("schedule/mine/", overview.mine, name="mine"),
    path("schedule/hours/", hours.hours, name="hours"),
    path("schedule/hours/<int:pk>/", hours.person, name="person"),
    path("schedule/hours/<int:pk>/week/", hours.week, name="week"),
    path("schedule/hours/<int:pk>/day/", hours.day, name="day"),
    path("schedule/hours/<int:pk>/day/clear/", hours.day_clear, name="day-clear"),
    path("schedule/absences/", absences.absences, name="absences"),
    path("schedule/absences/new/", absences.absence_new, name="absence-new"),
    path("schedule/absences/<int:pk>/", absences.absence, name="absence"),
    path("schedule/absences/<int:pk>/withdraw/", absences.absence_withdraw, name="absence-withdraw"),
    path("schedule/places/", places.places, name="places"),
    path("schedule/places/<slug:kind>/new/", places.place_new, name="place-new"),
    path("schedule/places/<slug:kind>/<int:pk>/", places.place, name="place"),
    path("schedule/places/<slug:kind>/<int:pk>/use/", places.place_use, name="place-use"),
    path("schedule/closures/", closures.closures, name="closures"),
    path("schedule/closures/new/", closures.closure_new, name="closure-new"),
    path("schedule/closures/open/", closures.holiday_open, name="holiday-open"),
    path("schedule/closures/<int:pk>/", closures.closure, name="closure"),
    path("schedule/closures/<int:pk>/withdraw/", closures.closure_withdraw, name="closure-withdraw"),
    path("schedule/rules/", rules.rules, name="rules"),
    path("schedule/norms/", rules.norms, name="norms"),
    path("patients/<int:pk>/wishes/", wishes.wishes, name="wishes"),
]
