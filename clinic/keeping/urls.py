from django.urls import path

from clinic.keeping.erasure.views import erasing, retention
from clinic.keeping.export import views as handing_out

app_name = "keeping"
urlpatterns = [
    path("records/", retention.retention, name="retention"),
    path("records/times/", retention.times, name="times"),
    path("patients/<int:pk>/erasure/", erasing.ask, name="ask"),
    path("patients/<int:pk>/copy/", handing_out.offer, name="copy"),
    path("patients/<int:pk>/copy/file/", handing_out.copy, name="copy-file"),
    path("erasures/<int:pk>/", erasing.erasure, name="erasure"),
    path("erasures/<int:pk>/decision/", erasing.decide, name="decide"),
    path("erasures/<int:pk>/refusal/", erasing.refuse, name="refuse"),
    path("erasures/<int:pk>/withdrawal/", erasing.withdraw, name="withdraw"),
]
