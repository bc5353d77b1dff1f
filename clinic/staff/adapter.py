"""How allauth behaves here: nobody signs up, accounts are made by an administrator."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class ClosedAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth ships no types for it
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False
