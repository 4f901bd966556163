"""What is linked with a login, and how surely providers knew who signed in."""

from typing import Any

from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest

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
