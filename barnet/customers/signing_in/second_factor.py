"""Has this session proved a second factor, and has its owner one at all?"""

from allauth.account.authentication import get_authentication_records
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from django.http import HttpRequest

from barnet.customers.models import User

KINDS = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]


def is_set_up(user: User) -> bool:
    return get_adapter().is_mfa_enabled(user, types=KINDS)


def has_app(user: User) -> bool:
    return get_adapter().is_mfa_enabled(user, types=[Authenticator.Type.TOTP])


def has_passkey(user: User) -> bool:
    return get_adapter().is_mfa_enabled(user, types=[Authenticator.Type.WEBAUTHN])


def is_proved(request: HttpRequest) -> bool:
    """True when a passkey, a code of an authenticator or a recovery code was given in this session."""
    records = get_authentication_records(request, request.user)
    return any(record["method"] == "mfa" or _is_vouched_for(record) for record in records)


def is_vouched_for(request: HttpRequest) -> bool:
    """The sign-in provider of staff asked for a second step itself, and operators chose that this counts."""
    return any(_is_vouched_for(record) for record in get_authentication_records(request, request.user))


def _is_vouched_for(record: dict[str, object]) -> bool:
    return record["method"] == "socialaccount" and record.get("second_step") is True


def page_to_prove(user: User) -> str:
    """The name of the page where somebody who has a second factor gives it."""
    return "mfa_reauthenticate" if has_app(user) else "mfa_reauthenticate_webauthn"
