"""Recovery codes kept as passwords are: by a slow hash with a random salt, so that whoever reads the database, and even
the key of the portal, has none of them.

Allauth makes all ten from a seed that it can decrypt, and offers no setting for another way: `install` puts ours in the
place of its class. A code exists from the moment in which its owner sees it: the first look at the page makes the ten,
keeps their hashes, and is the only one that can show them.
"""

import secrets
import time
from typing import Any

from allauth.mfa import app_settings
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal import auth, flows
from django.contrib.auth.hashers import check_password, get_hasher, make_password
from django.db import transaction
from django.utils.crypto import constant_time_compare

_HIDDEN = "****"


class HashedCodes(auth.RecoveryCodes):
    """`data` of the authenticator: `hashes` of the codes that are left, all with one `salt`; `viewed_at`."""

    instance: Authenticator

    def __init__(self, instance: Authenticator) -> None:
        super().__init__(instance)
        self._just_made: list[str] = []

    @classmethod
    def activate(cls, user: Any) -> "HashedCodes":
        held, _is_new = Authenticator.objects.get_or_create(
            user=user, type=Authenticator.Type.RECOVERY_CODES, defaults={"data": {"hashes": [], "salt": ""}}
        )
        return cls(held)

    @transaction.atomic
    def mark_as_viewed(self) -> None:
        """Of two looks at one moment, the first makes the codes and shows them."""
        self.instance = Authenticator.objects.select_for_update().get(pk=self.instance.pk)
        if self.did_view:
            return
        self._just_made = _new_codes()
        self.instance.data = {**hashed(self._just_made), "viewed_at": time.time()}
        self.instance.save(update_fields=["data"])

    def generate_codes(self) -> list[str]:
        return self.get_unused_codes()

    def get_unused_codes(self) -> list[str]:
        """The codes themselves for whoever sees them first; afterwards nobody can say more than how many are left."""
        return self._just_made or [_HIDDEN] * len(self.instance.data.get("hashes", []))

    @transaction.atomic
    def validate_code(self, code: str) -> bool:
        typed = "".join(code.split())
        if len(typed) != app_settings.RECOVERY_CODE_DIGITS or not typed.isascii() or not typed.isdigit():
            return False  # a code of the app costs no hashing
        self.instance = Authenticator.objects.select_for_update().get(pk=self.instance.pk)
        data = self.instance.data
        found = _find(typed, data["hashes"], data["salt"]) if data.get("hashes") else None
        if found is None:
            return False
        self.instance.data = {**data, "hashes": [held for held in data["hashes"] if held != found]}
        self.instance.save(update_fields=["data"])
        return True


def hashed(codes: list[str]) -> dict[str, Any]:
    """One salt for the ten, so that a try is hashed once and not ten times. No two are alike."""
    salt = get_hasher().salt()
    return {"salt": salt, "hashes": [make_password(code, salt=salt) for code in codes]}


def install() -> None:
    auth.RecoveryCodes = flows.RecoveryCodes = HashedCodes  # type: ignore[misc]


def _new_codes() -> list[str]:
    digits = app_settings.RECOVERY_CODE_DIGITS
    numbers = secrets.SystemRandom().sample(range(10**digits), app_settings.RECOVERY_CODE_COUNT)
    return [str(number).zfill(digits) for number in numbers]


def _find(typed: str, hashes: list[str], salt: str) -> str | None:
    """The hash of the code. One that was made with older settings of the hasher is tried by itself."""
    mine = make_password(typed, salt=salt)
    way, _separator, _digest = mine.rpartition("$")
    for held in hashes:
        is_same_way = held.startswith(f"{way}$")
        if constant_time_compare(held, mine) if is_same_way else check_password(typed, held):
            return held
    return None
