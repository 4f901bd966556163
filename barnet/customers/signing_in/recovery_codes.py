"""Recovery codes run out: their owner is told while there is still time to make new ones."""

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from barnet.customers.enums import SecurityEventKind
from barnet.customers.models import User
from barnet.customers.signing_in import mail, watch

FEW = 2


def left(user: User) -> int:
    held = Authenticator.objects.filter(user=user, type=Authenticator.Type.RECOVERY_CODES).first()
    return len(held.wrap().get_unused_codes()) if held else 0


@transaction.atomic
def was_used(user: User, authenticator: Authenticator, request: HttpRequest) -> None:
    remaining = left(user)
    watch.record(SecurityEventKind.RECOVERY_CODE_USED, request=request, user=user)
    if remaining <= FEW:
        mail.send(
            "account-recovery-codes-few",
            email=user.email,
            user=user,
            fields={
                "when": timezone.now(),
                "left": str(remaining),
                "codes_link": settings.BASE_URL + reverse("mfa_generate_recovery_codes"),
                "reset_link": settings.BASE_URL + reverse("account_reset_password"),
            },
        )
