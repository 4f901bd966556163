"""Recovery codes were made from a seed that could be decrypted; now each is kept as a hash.

Codes that their owner has seen go on opening, once each. Those that nobody has seen yet are made anew when the page is
opened. The seed goes. About a second for each account that has codes.
"""

import hmac
from hashlib import sha1

from allauth.mfa.adapter import get_adapter
from cryptography.fernet import InvalidToken
from django.contrib.auth.hashers import get_hasher, make_password
from django.db import migrations

COUNT, DIGITS = 10, 8


def hash_codes(apps, _schema_editor):
    Authenticator = apps.get_model("mfa", "Authenticator")
    held = Authenticator.objects.filter(type="recovery_codes").exclude(data__has_key="hashes").order_by("pk")
    for number, authenticator in enumerate(held.iterator(chunk_size=100), start=1):
        authenticator.data = _hashed(authenticator.data)
        authenticator.save(update_fields=["data"])
        if number % 100 == 0:
            print(f" {number} accounts", end="", flush=True)


def forget_codes(apps, _schema_editor):
    """A hash gives no seed back: their owners make new codes."""
    apps.get_model("mfa", "Authenticator").objects.filter(type="recovery_codes").delete()


def _hashed(data):
    if not data.get("viewed_at"):
        return {"salt": "", "hashes": []}
    try:
        codes = _codes_left(data)
    except (InvalidToken, KeyError):  # the key of its time is gone: these codes opened nothing any more
        codes = []
    salt = get_hasher().salt()
    return {
        "salt": salt,
        "hashes": [make_password(code, salt=salt) for code in codes],
        "viewed_at": data["viewed_at"],
    }


def _codes_left(data):
    """As allauth 65 makes them."""
    digest = hmac.new(get_adapter().decrypt(data["seed"]).encode("ascii"), digestmod=sha1)
    left = []
    for number in range(COUNT):
        digest.update(f"{number:3},".encode())
        value = int.from_bytes(digest.digest()[: DIGITS // 2], "big") % 10**DIGITS
        if not data["used_mask"] & (1 << number):
            left.append(str(value).zfill(DIGITS))
    return left


class Migration(migrations.Migration):
    dependencies = [
        ("customers", "0018_idle_is_asked_again"),
        ("mfa", "0003_authenticator_type_uniq"),
    ]
    operations = [migrations.RunPython(hash_codes, forget_codes)]
