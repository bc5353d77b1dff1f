"""Addresses of the studio itself. The key of a step holds ``:`` or ``+``, so it stands in the query and never in the path.

GET ``plan`` takes ``?session=NUMBER&step=KEY``.
"""

from django.urls import URLPattern, path

from clinic.courses.studio.views import acting, conflict, keeping, page

urlpatterns: list[URLPattern] = [
    path("courses/<int:pk>/studio/", page.plan_page, name="plan"),
    path("courses/<int:pk>/studio/acts/", acting.act, name="act"),
    path("courses/<int:pk>/studio/undone/", acting.undo, name="undo"),
    path("courses/<int:pk>/studio/redone/", acting.redo, name="redo"),
    path("courses/<int:pk>/studio/words/", acting.words, name="words"),
    path("courses/<int:pk>/studio/kept/", keeping.keep, name="keep"),
    path("courses/<int:pk>/studio/dropped/", keeping.drop, name="drop"),
    path("courses/<int:pk>/studio/conflict/", conflict.conflict, name="conflict"),
    path("courses/<int:pk>/studio/settled/", conflict.settle, name="settle"),
]
