"""Has this session proved a second factor, and has its owner one at all?"""

from allauth.account.authentication import get_authentication_records
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from django.http import HttpRequest

from barnet.customers.models import User


def is_set_up(user: User) -> bool:
    return get_adapter().is_mfa_enabled(user, types=[Authenticator.Type.TOTP])


def is_proved(request: HttpRequest) -> bool:
    """True when a code of an authenticator or a recovery code was given in this session, at sign-in or since."""
    return any(record["method"] == "mfa" for record in get_authentication_records(request, request.user))
