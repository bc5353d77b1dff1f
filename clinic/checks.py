"""What is asked of the database before the web process or a worker starts."""

from django.conf import settings
from django.contrib.auth import get_user_model

from clinic.environment import BadSetting

DEMO_DOMAIN = "demo.example"


def refuse_demo_accounts() -> None:
    """Production does not start while anybody could sign in with an account that a demo printed."""
    if not settings.IN_PRODUCTION:
        return
    found = get_user_model()._default_manager.filter(email__iendswith=f"@{DEMO_DOMAIN}").count()
    if found:
        raise BadSetting(f"Tactus does not start in production: the database holds {found} demo accounts (…@{DEMO_DOMAIN}); delete them first.")
