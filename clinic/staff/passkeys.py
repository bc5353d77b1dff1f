"""How passkeys are named, and what is known of somebody's ways of signing in."""

import struct
from dataclasses import dataclass
from typing import Any, Final

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.utils.translation import gettext as _

from clinic.staff.models import User

# What the readers of JSON, base64 and CBOR raise for bytes that somebody made up instead of a device's answer; a right answer with a wrong
# signature or challenge is refused by whoever looks at it.
MADE_UP: Final = (AttributeError, IndexError, KeyError, OverflowError, RecursionError, TypeError, ValueError, struct.error)


class PasskeyAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # allauth ships no types for it
    """Passkeys carry our name in a browser's list, and a number until somebody gives them a name of their own."""

    def _get_site_name(self) -> str:
        return "Tactus"

    def generate_authenticator_name(self, user: User, type: Any) -> str:  # noqa: A002  # the name is allauth's
        count = Authenticator.objects.filter(user_id=user.pk, type=type).count()
        return _("Passkey %(number)s") % {"number": count + 1}


@dataclass(frozen=True)
class SignInWays:
    """What somebody has set up: an app that shows codes, how many passkeys, how many recovery codes are left."""

    has_app: bool
    passkeys: int
    codes_left: int

    @property
    def has_second_step(self) -> bool:
        return self.has_app or self.passkeys > 0

    @property
    def has_few_codes(self) -> bool:
        """Whether new recovery codes should be made while there still is a way in."""
        return self.has_second_step and self.codes_left <= FEW_CODES


FEW_CODES: Final = 3
SECOND_STEPS: Final = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


def has_second_step(user: User) -> bool:
    """Whether the password alone does not let this person in. One query."""
    return bool(Authenticator.objects.filter(user=user, type__in=SECOND_STEPS).exists())


def forget_second_step(user: User) -> list[str]:
    """Takes app, passkeys and recovery codes away; says what there was. Part of an action: leaves no line itself."""
    held = Authenticator.objects.filter(user=user)
    kinds = sorted(held.values_list("type", flat=True))
    held.delete()
    return kinds


def ways_of(user: User) -> SignInWays:
    """How the person may sign in besides the password. One query."""
    held: dict[str, list[Any]] = {}
    for each in Authenticator.objects.filter(user=user):
        held.setdefault(each.type, []).append(each)
    codes = sum(len(each.wrap().get_unused_codes()) for each in held.get(Authenticator.Type.RECOVERY_CODES, ()))
    return SignInWays(Authenticator.Type.TOTP in held, len(held.get(Authenticator.Type.WEBAUTHN, ())), codes)
