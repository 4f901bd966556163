"""A passkey counts its signatures; a copy of it counts by itself. Whoever comes second with a number that is not higher
than the last one is refused: one of the two is a copy, and the owner is told. (WebAuthn, level 3, 7.2, step 22.)

Passkeys that are kept in an account of Apple, Google or Microsoft always send 0: they say nothing, and none is refused.
"""

from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.internal import auth
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from barnet.customers.enums import SecurityEventKind
from barnet.customers.signing_in import mail, watch

_LAST = "sign_count"  # in the data of the authenticator; before its first use, the number of its registration counts


@transaction.atomic
def counts_on(passkey: Authenticator, credential: dict[str, Any]) -> bool:
    """After the signature was found good. Of two uses at one moment, the second sees the number of the first."""
    sent = auth.parse_authentication_response(credential).response.authenticator_data.counter
    held = Authenticator.objects.select_for_update().filter(pk=passkey.pk).first()
    if held is None:  # removed while it was used
        return False
    last = held.data.get(_LAST, held.wrap().authenticator_data.counter)
    if sent <= last and (sent or last):
        return False
    if sent != last:
        held.data = passkey.data = {**held.data, _LAST: sent}
        held.save(update_fields=["data"])
    return True


@transaction.atomic
def copy_refused(passkey: Authenticator, request: HttpRequest) -> None:
    user, name = passkey.user, passkey.wrap().name
    watch.record(SecurityEventKind.PASSKEY_COPIED, request=request, user=user, detail=name)  # type: ignore[arg-type]
    mail.send(
        "account-passkey-copied",
        email=user.email,  # type: ignore[attr-defined]
        user=user,  # type: ignore[arg-type]
        fields={
            "when": timezone.now(),
            "passkey": name,
            "passkeys_link": settings.BASE_URL + reverse("mfa_list_webauthn"),
        },
    )
