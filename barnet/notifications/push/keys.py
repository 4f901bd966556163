"""Our key pair: browsers give a subscription to its public half, and push services take messages signed by it only."""

import functools

from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings
from py_vapid import Vapid02
from py_vapid.utils import b64urlencode


def is_set_up() -> bool:
    return bool(settings.PUSH_PRIVATE_KEY)


def public_key() -> str:
    """As a browser takes it; empty while there is no key."""
    return _public_key(settings.PUSH_PRIVATE_KEY) if is_set_up() else ""


def signer() -> Vapid02:
    return _signer(settings.PUSH_PRIVATE_KEY)


def new_private_key() -> str:
    made = Vapid02()
    made.generate_keys()
    return b64urlencode(made.private_key.private_numbers().private_value.to_bytes(32, "big"))


@functools.cache
def _signer(private_key: str) -> Vapid02:
    return Vapid02.from_raw(private_key.encode())


@functools.cache
def _public_key(private_key: str) -> str:
    return b64urlencode(_signer(private_key).public_key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint))
