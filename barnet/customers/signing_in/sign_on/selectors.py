"""What is linked with a login, and how surely providers knew who signed in."""

from typing import Any

from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from barnet.customers.models import Customer, User
from barnet.customers.records import IdentityCheck

SHOWN = 5


def sign_on_links(request: HttpRequest) -> dict[str, Any]:
    """Providers with the moment of the link (None: not linked), and the newest checks of the person's own identity."""
    user = request.user
    if not isinstance(user, User):
        return {}
    linked = dict(SocialAccount.objects.filter(user=user).values_list("provider", "date_joined"))
    checks = IdentityCheck.objects.filter(customer__user=user).order_by("-at", "-pk")[:SHOWN]
    providers = [(provider, linked.get(provider.issuer)) for provider in settings.SIGN_ON.values()]
    return {"providers": providers, "checks": list(checks)}


def identity_checks(customer: Customer) -> QuerySet[IdentityCheck]:
    return IdentityCheck.objects.filter(customer__in=customer.identities).order_by("-at", "-pk")[:SHOWN]


def logins_of(customer: Customer) -> list[str]:
    """In which ways they can sign in, as staff read it. Empty: no account."""
    user = customer.user
    if user is None:
        return []
    names = {provider.issuer: str(provider.name) for provider in settings.SIGN_ON.values()}
    linked = SocialAccount.objects.filter(user=user).order_by("pk").values_list("provider", flat=True)
    kinds = list(Authenticator.objects.filter(user=user).values_list("type", flat=True))
    passkeys = kinds.count(Authenticator.Type.WEBAUTHN)
    ways = [_("Password")] if user.has_usable_password() else []
    ways += [names.get(issuer, issuer) for issuer in linked]
    ways += [ngettext("%(number)s passkey", "%(number)s passkeys", passkeys) % {"number": passkeys}] if passkeys else []
    ways += [_("Code from an app")] if Authenticator.Type.TOTP in kinds else []
    return ways or [_("Code by e-mail")]
