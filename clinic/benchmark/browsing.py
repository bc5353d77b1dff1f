"""A browser of somebody in this process: for forms that must be opened before they can be sent, and to count what a page asks."""

from django.conf import settings
from django.test import Client

from clinic.benchmark.pages import SignedIn


def client_of(who: SignedIn) -> Client:
    """A browser with the session of this person."""
    client = Client(headers={"host": "127.0.0.1"})
    client.cookies[settings.SESSION_COOKIE_NAME] = session_key(who)
    return client


def session_key(who: SignedIn) -> str:
    """The key of the session in the product."""
    return who.product.partition("=")[2]


def page_of(who: SignedIn, path: str) -> str:
    """The page as that person sees it. Raises ``RuntimeError`` where it is refused."""
    answer = client_of(who).get(path)
    if answer.status_code != 200:
        raise RuntimeError(f"{path} answered {answer.status_code}")
    return str(answer.content.decode())
