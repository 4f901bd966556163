"""A small OpenID provider on a real port that can be told to misbehave: wrong tokens, keys, levels, silence.

It speaks GOV.UK One Login's dialect, too: private_key_jwt, vectors of trust, and a signed proof of identity.
"""

import base64
import json
import secrets
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

CORE_IDENTITY = "https://vocab.account.gov.uk/v1/coreIdentityJWT"
CLIENT = "barnet-portal"
_KEYS = [ec.generate_private_key(ec.SECP256R1()) for _ in range(3)]
RSA_KEY = rsa.generate_private_key(public_exponent=65537, key_size=3072)


def pem(key) -> str:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


def jwk(key, kid: str) -> dict[str, str]:
    return {**json.loads(jwt.algorithms.ECAlgorithm.to_jwk(key.public_key())), "kid": kid, "alg": "ES256", "use": "sig"}


@dataclass
class Nursery:
    """What it says next. `claims` go into the ID token, `about` into userinfo; None leaves a claim out."""

    issuer: str = ""
    key = _KEYS[0]
    identity_key = _KEYS[1]
    stranger_key = _KEYS[2]
    claims: dict = field(default_factory=dict)
    about: dict = field(default_factory=dict)
    core: dict | None = None
    core_key: object = None
    signing_key: object = None  # instead of the published one
    algorithm: str = "ES256"
    kid: str = "one"
    description: dict = field(default_factory=dict)  # over the discovery document
    is_down: bool = False
    client_key: object = None  # the public key with which we must prove who we are
    codes: dict = field(default_factory=dict)
    forms: list = field(default_factory=list)  # what was sent to the token endpoint
    queries: list = field(default_factory=list)  # what browsers asked for

    def consent(self, location: str) -> str:
        """As a browser would come back: the address of our return page for an authorization request."""
        query = {name: values[0] for name, values in parse_qs(urlsplit(location).query).items()}
        self.queries.append(query)
        code = secrets.token_urlsafe(8)
        self.codes[code] = query
        return f"{query['redirect_uri']}?{urlencode({'code': code, 'state': query['state']})}"

    def tokens(self, form: dict[str, str]) -> dict | None:
        self.forms.append(form)
        query = self.codes.pop(form.get("code", ""), None)
        if query is None or not self._is_client(form) or not self._is_same_browser(query, form):
            return None
        return {"access_token": "a" * 20, "token_type": "Bearer", "id_token": self.id_token(query["nonce"])}

    def id_token(self, nonce: str) -> str:
        now = int(time.time())
        claims = {
            "iss": self.issuer,
            "sub": "subject-1",
            "aud": CLIENT,
            "iat": now,
            "exp": now + 120,
            "nonce": nonce,
            "vot": "Cl.Cm",
            **self.claims,
        }
        claims = {name: value for name, value in claims.items() if value is not None}
        if self.algorithm == "none":
            return jwt.encode(claims, "", algorithm="none")
        return jwt.encode(claims, self.signing_key or self.key, algorithm=self.algorithm, headers={"kid": self.kid})

    def userinfo(self) -> dict:
        about = {"sub": "subject-1", "email": "asha.login@example.com", "email_verified": True, **self.about}
        if self.core is not None:
            about[CORE_IDENTITY] = self.proof()
        return {name: value for name, value in about.items() if value is not None}

    def proof(self) -> str:
        now = int(time.time())
        claims = {
            "iss": f"{self.issuer}/identity/",
            "sub": "subject-1",
            "aud": CLIENT,
            "iat": now,
            "exp": now + 120,
            "vot": "P2",
            "vc": {"type": ["VerifiableCredential", "VerifiableIdentityCredential"]},
            **self.core,
        }
        kid = "did:web:localhost#identity"
        return jwt.encode(claims, self.core_key or self.identity_key, algorithm="ES256", headers={"kid": kid})

    def did_document(self) -> dict:
        method = {
            "type": "JsonWebKey",
            "id": "did:web:localhost#identity",
            "controller": "did:web:localhost",
            "publicKeyJwk": {**jwk(self.identity_key, "x"), "kid": None},
        }
        return {"@context": ["https://www.w3.org/ns/did/v1"], "id": "did:web:localhost", "assertionMethod": [method]}

    def discovery(self) -> dict:
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "userinfo_endpoint": f"{self.issuer}/userinfo",
            "jwks_uri": f"{self.issuer}/jwks",
            "end_session_endpoint": f"{self.issuer}/logout",
            "token_endpoint_auth_methods_supported": ["private_key_jwt", "client_secret_post"],
            **self.description,
        }

    def _is_client(self, form: dict[str, str]) -> bool:
        if self.client_key is None:
            return form.get("client_id") == CLIENT and form.get("client_secret") == "secret"
        claims = jwt.decode(
            form["client_assertion"],
            self.client_key,
            algorithms=["ES256", "RS256"],
            audience=f"{self.issuer}/token",
            issuer=CLIENT,
            options={"require": ["jti", "exp", "iat", "sub"]},
        )
        kind = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
        return claims["sub"] == CLIENT and form["client_assertion_type"] == kind and "client_secret" not in form

    def _is_same_browser(self, query: dict[str, str], form: dict[str, str]) -> bool:
        """PKCE: whoever brings the code is who asked for it."""
        digest = jwt.utils.base64url_encode(_sha256(form.get("code_verifier", ""))).decode()
        return query["code_challenge"] == digest and query["redirect_uri"] == form["redirect_uri"]


def _sha256(text: str) -> bytes:
    from hashlib import sha256

    return sha256(text.encode()).digest()


class _Handler(BaseHTTPRequestHandler):
    nursery: Nursery

    def do_GET(self) -> None:
        pages = {
            "/.well-known/openid-configuration": self.nursery.discovery,
            "/jwks": lambda: {"keys": [jwk(self.nursery.key, self.nursery.kid)]},
            "/identity/.well-known/did.json": self.nursery.did_document,
            "/userinfo": self.nursery.userinfo,
        }
        page = pages.get(urlsplit(self.path).path)
        self._answer(page() if page else None)

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        form = {name: values[0] for name, values in parse_qs(body).items()}
        if (basic := self.headers.get("Authorization", "")).startswith("Basic "):
            form["client_id"], form["client_secret"] = base64.b64decode(basic[6:]).decode().split(":")
        self._answer(self.nursery.tokens(form))

    def _answer(self, found: dict | None) -> None:
        status = 503 if self.nursery.is_down else 200 if found is not None else 400
        body = json.dumps(found if status == 200 else {"error": "invalid_grant"}).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args) -> None:
        pass


@contextmanager
def running():
    nursery = Nursery()
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"nursery": nursery}))
    nursery.issuer = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield nursery
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
