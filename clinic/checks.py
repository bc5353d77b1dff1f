"""What is asked of the database before the web process or a worker starts."""

from django.conf import settings

from clinic.environment import BadSetting
from clinic.staff.models import User
from clinic.start import DEMO_DOMAIN


def refuse_demo_accounts() -> None:
    """Production does not start while anybody could sign in with an account that a demo printed."""
    if not settings.IN_PRODUCTION:
        return
    found = User.objects.filter(email__iendswith=f"@{DEMO_DOMAIN}").count()
    if found:
        raise BadSetting(
            f"Tactus does not start in production: the database holds {found} demo accounts (…@{DEMO_DOMAIN}); use another database."
        )
