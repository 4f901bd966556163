"""How the people of the tests sign in."""

import time
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from django.test import Client

from barnet.customers.signing_in.hashed_codes import HashedCodes

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


class PortalClient(Client):
    """`force_login` signs in completely, a moment ago: staff with the second factor that the back office asks for."""

    def force_login(self, user: Any, backend: str | None = None) -> None:
        super().force_login(user, backend)
        if user.is_staff:
            prove_second_factor(self, user)
        else:
            _note_proof(self, user, {"method": "password", "email": user.email})


def give_authenticator(user: Any, secret: str = SECRET) -> Authenticator:
    held = Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).first()
    return held or TOTP.activate(user, secret).instance


def codes_shown_to(user: Any) -> list[str]:
    """Recovery codes, as if their owner had opened the page for the first time."""
    codes = HashedCodes.activate(user)
    codes.mark_as_viewed()
    return codes.get_unused_codes()


def prove_second_factor(client: Client, user: Any) -> None:
    """The session looks as if its owner had just given the code of their app."""
    authenticator = give_authenticator(user)
    _note_proof(client, user, {"method": "mfa", "id": authenticator.pk, "type": "totp"})


def _note_proof(client: Client, user: Any, proof: dict[str, Any]) -> None:
    session = client.session
    session["account_authentication_methods"] = [{**proof, "at": time.time()}]
    session["account_authentication_methods_user"] = str(user.pk)
    session.save()
