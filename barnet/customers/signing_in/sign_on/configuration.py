"""Providers as the environment names them. Half a configuration is refused when the portal starts, never at a sign-in.

Read by `barnet/settings.py`, hence imports nothing of Django's that needs settings.
"""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from django.core.exceptions import ImproperlyConfigured

RESIDENT, STAFF = "resident", "staff"
SMALLEST_RSA_KEY = 3072  # bits: as strong as the curve P-256


@dataclass(frozen=True)
class ProviderSettings:
    """One provider. `roles` maps a group of the provider to roles of ours; empty for residents."""

    key: str  # resident or staff
    name: str  # on the button
    issuer: str
    client_id: str
    client_secret: str = field(default="", repr=False)
    private_key: str = field(default="", repr=False)  # PEM: private_key_jwt instead of a secret
    key_id: str = ""
    scopes: tuple[str, ...] = ("openid", "email")
    origins: tuple[str, ...] = ()  # where a browser may be led on the way
    vtr: tuple[str, ...] = ()  # what residents' sign-in asks for: "Cl.Cm", "Cl.Cm.P2"
    identity_issuer: str = ""  # who signs proofs of identity
    groups_claim: str = "groups"
    roles: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    email_domains: tuple[str, ...] = ()  # whose addresses the provider vouches for
    second_step: tuple[str, ...] = ()  # values of amr or acr that count as one

    @property
    def signing_algorithm(self) -> str:
        return "ES256" if isinstance(_loaded(self.private_key), EllipticCurvePrivateKey) else "RS256"


def providers(given: Mapping[str, Mapping[str, str]], *, is_production: bool) -> dict[str, ProviderSettings]:
    """Those that are configured, by their key."""
    found = {key: provider(key, given=values, is_production=is_production) for key, values in given.items()}
    return {key: settings for key, settings in found.items() if settings}


def refuse_unknown_roles(found: Mapping[str, ProviderSettings], known: Collection[str]) -> None:
    """Asked when the apps are ready, because the settings do not know the roles yet."""
    for settings in found.values():
        named = {role for roles in settings.roles.values() for role in roles}
        if unknown := sorted(named - set(known)):
            raise ImproperlyConfigured(f"OIDC_{settings.key.upper()}_ROLES: there is no role {', '.join(unknown)}.")


def provider(
    key: str,
    *,
    given: Mapping[str, str],
    is_production: bool,
) -> ProviderSettings | None:
    """`given` are the variables of one provider by the last part of their names. None when none of them is set."""
    prefix = f"OIDC_{key.upper()}_"
    values = {name: value.strip() for name, value in given.items()}
    if not any(values.values()):
        return None
    for name in ("NAME", "ISSUER", "CLIENT_ID"):
        if not values.get(name):
            raise ImproperlyConfigured(f"Set {prefix}{name}, or none of the settings that begin with {prefix}.")
    if bool(values.get("CLIENT_SECRET")) == bool(values.get("PRIVATE_KEY")):
        raise ImproperlyConfigured(f"Set either {prefix}CLIENT_SECRET or {prefix}PRIVATE_KEY.")
    for name in ("ISSUER", "IDENTITY_ISSUER"):
        _check_address(prefix + name, values.get(name, ""), is_production)
    pem = values.get("PRIVATE_KEY", "").replace("\\n", "\n")
    if pem:
        _check_key(prefix, pem)
    vtr = _listed(values.get("VTR", ""))
    if any("P2" in asked.split(".") for asked in vtr) and not values.get("IDENTITY_ISSUER"):
        raise ImproperlyConfigured(f"Set {prefix}IDENTITY_ISSUER: {prefix}VTR asks for a proof of identity.")
    roles = _roles(prefix, values.get("ROLES", "")) if key == STAFF else {}
    origins = {_origin(values["ISSUER"]), *_listed(values.get("ORIGINS", ""))}
    if wrong := [origin for origin in origins if _origin(origin) != origin]:
        raise ImproperlyConfigured(f"{prefix}ORIGINS: {', '.join(sorted(wrong))} is not like https://id.example.")
    return ProviderSettings(
        key=key,
        name=values["NAME"],
        issuer=values["ISSUER"],
        client_id=values["CLIENT_ID"],
        client_secret=values.get("CLIENT_SECRET", ""),
        private_key=pem,
        key_id=values.get("KEY_ID", ""),
        scopes=("openid", *(scope for scope in _listed(values.get("SCOPES", "")) if scope != "openid")),
        origins=tuple(sorted(origins)),
        vtr=vtr,
        identity_issuer=values.get("IDENTITY_ISSUER", ""),
        groups_claim=values.get("GROUPS_CLAIM") or "groups",
        roles=roles,
        email_domains=tuple(domain.lower().lstrip("@") for domain in _listed(values.get("EMAIL_DOMAINS", ""))),
        second_step=_listed(values.get("SECOND_STEP", "")),
    )


def _listed(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


def _origin(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"


def _check_address(name: str, address: str, is_production: bool) -> None:
    parts = urlsplit(address)
    schemes = {"https"} if is_production else {"https", "http"}
    if address and (parts.scheme not in schemes or not parts.netloc or parts.query or parts.fragment):
        raise ImproperlyConfigured(f"{name} is {address!r}: use an address that begins with https://.")


def _check_key(prefix: str, pem: str) -> None:
    try:
        key = _loaded(pem)
    except ValueError as wrong:
        raise ImproperlyConfigured(f"{prefix}PRIVATE_KEY is not a private key in PEM form.") from wrong
    is_good = (isinstance(key, RSAPrivateKey) and key.key_size >= SMALLEST_RSA_KEY) or (
        isinstance(key, EllipticCurvePrivateKey) and isinstance(key.curve, SECP256R1)
    )
    if not is_good:
        raise ImproperlyConfigured(f"{prefix}PRIVATE_KEY: use RSA of 3072 bits or more, or the curve P-256.")


def _loaded(pem: str) -> object:
    try:
        return load_pem_private_key(pem.encode(), password=None)
    except TypeError as wrong:  # it has a password
        raise ValueError(str(wrong)) from wrong


def _roles(prefix: str, text: str) -> dict[str, tuple[str, ...]]:
    """`{"Group name": ["role", ...]}` as JSON, or `group:role, group:other` where names have no comma or colon."""
    name = f"{prefix}ROLES"
    if text.startswith("{"):
        try:
            pairs = [
                (group, role)
                for group, roles in json.loads(text).items()
                for role in ([roles] if isinstance(roles, str) else roles)
            ]
        except (ValueError, TypeError) as wrong:
            raise ImproperlyConfigured(f"{name} begins like JSON, but is not: {wrong}") from wrong
    else:
        pairs = [(group.strip(), role.strip()) for group, _colon, role in (p.rpartition(":") for p in _listed(text))]
    mapped: dict[str, tuple[str, ...]] = {}
    for group, role in pairs:
        if not group or not isinstance(role, str) or not role:
            raise ImproperlyConfigured(f"{name}: {group}:{role} does not name a group and a role.")
        mapped[group] = (*mapped.get(group, ()), role)
    if not mapped:
        raise ImproperlyConfigured(f"Set {name}: without it nobody could be let in.")
    return mapped
