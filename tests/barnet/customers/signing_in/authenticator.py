"""A device that makes and uses passkeys, in software: what a browser would send, and what an attacker might."""

import json
import re
import secrets
from html import unescape

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from fido2.cose import ES256
from fido2.utils import sha256, websafe_decode, websafe_encode
from fido2.webauthn import AttestationObject, AttestedCredentialData, AuthenticatorData, CollectedClientData

FLAG = AuthenticatorData.FLAG
ORIGIN = "https://localhost"


def options_of(page: bytes) -> dict:
    """The challenge that a page holds for the script."""
    return json.loads(unescape(re.search(r'data-options="([^"]*)"', page.decode())[1]))["publicKey"]


class Device:
    """`count`: where a device that counts its signatures begins; without one it always sends 0."""

    def __init__(
        self,
        *,
        rp_id: str = "localhost",
        origin: str = ORIGIN,
        is_unlocked: bool = True,
        count: int | None = None,
    ) -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.id = secrets.token_bytes(32)
        self.rp_id, self.origin = rp_id, origin
        self.user_handle = b""
        self.count = count
        self.flags = FLAG.UP | (FLAG.UV if is_unlocked else FLAG(0))

    def make(self, options: dict) -> str:
        self.user_handle = websafe_decode(options["user"]["id"])
        public_key = ES256.from_cryptography_key(self.key.public_key())
        credential = AttestedCredentialData.create(b"\0" * 16, self.id, public_key)
        data = AuthenticatorData.create(sha256(self.rp_id.encode()), self.flags | FLAG.AT, self.count or 0, credential)
        client = CollectedClientData.create("webauthn.create", options["challenge"], self.origin)
        return self._answer(clientDataJSON=client, attestationObject=AttestationObject.create("none", data, {}))

    def use(self, options: dict, **changed: bytes) -> str:
        if self.count is not None:
            self.count += 1
        data = AuthenticatorData.create(sha256(self.rp_id.encode()), self.flags, self.count or 0)
        client = CollectedClientData.create("webauthn.get", options["challenge"], self.origin)
        signature = self.key.sign(data + client.hash, ec.ECDSA(hashes.SHA256()))
        parts = {
            "clientDataJSON": client,
            "authenticatorData": data,
            "signature": signature,
            "userHandle": self.user_handle,
        }
        return self._answer(**{**parts, **changed})

    def _answer(self, **response: bytes) -> str:
        return json.dumps(
            {
                "id": websafe_encode(self.id),
                "rawId": websafe_encode(self.id),
                "type": "public-key",
                "response": {name: websafe_encode(value) for name, value in response.items()},
                "clientExtensionResults": {"credProps": {"rk": True}},
            }
        )
