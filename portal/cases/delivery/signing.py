"""Calls between a back office and us are signed, either way.

    X-Portal-Timestamp: 1795676400                       seconds since 1970
    X-Portal-Signature: v1=<hex HMAC-SHA256 of "<timestamp>.<body>">

Who receives a call refuses a timestamp more than WINDOW away from its own clock. Within the window the same call may
come again: the key of a delivery, or the number of an update, says that it was had already.
A secret that was replaced counts for a while yet, either way: `keys`.
"""

import hashlib
import hmac

WINDOW = 300  # seconds
TIMESTAMP, SIGNATURE = "X-Portal-Timestamp", "X-Portal-Signature"
_VERSION = "v1="


def signature_of(secret: str, timestamp: str, body: bytes) -> str:
    return _VERSION + hmac.new(secret.encode(), timestamp.encode() + b"." + body, hashlib.sha256).hexdigest()


def signed_headers(secret: str, body: bytes, *, now: float) -> dict[str, str]:
    timestamp = str(int(now))
    return {TIMESTAMP: timestamp, SIGNATURE: signature_of(secret, timestamp, body)}


def is_signed(secret: str, body: bytes, *, timestamp: str, signature: str, now: float) -> bool:
    """Without a secret nothing is signed."""
    if not secret or not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= 12):
        return False
    if abs(now - int(timestamp)) > WINDOW:
        return False
    return hmac.compare_digest(signature_of(secret, timestamp, body).encode(), signature.encode())
