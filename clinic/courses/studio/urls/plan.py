"""Addresses of the studio itself. The key of a step holds ``:`` or ``+``, so it stands in the query and never in the path.

GET ``plan`` takes ``?session=NUMBER&step=KEY``.
"""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
