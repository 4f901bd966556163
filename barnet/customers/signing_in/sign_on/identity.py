"""What a provider told us about a person, after it was checked: the only facts that the rest of the portal sees."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from barnet.customers.enums import Confidence
from barnet.customers.signing_in.sign_on.configuration import STAFF, ProviderSettings
from barnet.customers.signing_in.sign_on.refusals import Reason, SignOnRefusedError

LONGEST_SUBJECT = 191  # what a row can hold


@dataclass(frozen=True)
class Identity:
    subject: str
    email: str  # in lower case; empty: none that is confirmed
    first_name: str = ""
    last_name: str = ""
    phone: str = ""
    confidence: Confidence = Confidence.P0
    credential: str = ""
    is_proved: bool = False
    groups: tuple[str, ...] = ()
    has_second_step: bool = False


def read(
    provider: ProviderSettings,
    id_token: Mapping[str, Any],
    about: Mapping[str, Any],
    core: Mapping[str, Any] | None,
) -> Identity:
    """`about` is what userinfo said, `core` the claims of a verified proof of identity."""
    subject = id_token["sub"]
    if not isinstance(subject, str) or not 0 < len(subject) <= LONGEST_SUBJECT:
        raise SignOnRefusedError(Reason.TOKEN, "the subject is not a short text")
    confidence, credential = levels(str(id_token.get("vot", "")))
    if core is not None:
        confidence = levels(str(core.get("vot", "")))[0]
    _check_level(provider, credential, id_token)
    claims = {**id_token, **about}
    return Identity(
        subject=subject,
        email=_email(provider, claims),
        first_name=_text(claims, "given_name", 100),
        last_name=_text(claims, "family_name", 100),
        phone=_text(claims, "phone_number", 30) if claims.get("phone_number_verified") is True else "",
        confidence=confidence,
        credential=credential,
        is_proved=core is not None,
        groups=_groups(provider, claims),
        has_second_step=_has_second_step(provider, id_token),
    )


def levels(vector: str) -> tuple[Confidence, str]:
    """A vector of trust: `P2.Cl.Cm` → medium confidence in who, by password and second step."""
    parts = vector.split(".")
    who = next((part for part in parts if part in Confidence.values), Confidence.P0)
    return Confidence(who), ".".join(part for part in parts if part in {"Cl", "Cm"})


def _check_level(provider: ProviderSettings, credential: str, id_token: Mapping[str, Any]) -> None:
    """The provider may sign somebody in with less than we asked for: then it is not enough."""
    asked = [set(levels(vector)[1].split(".")) for vector in provider.vtr]
    if asked and not any(wanted <= set(credential.split(".")) for wanted in asked):
        raise SignOnRefusedError(Reason.LEVEL, f"vot {id_token.get('vot')!r}"[:100])


def _email(provider: ProviderSettings, claims: Mapping[str, Any]) -> str:
    """Confirmed by the provider, or of a domain whose addresses it gives out itself."""
    email = _text(claims, "email", 254).lower()
    domain = email.rpartition("@")[2]
    return email if claims.get("email_verified") is True or domain in provider.email_domains else ""


def _groups(provider: ProviderSettings, claims: Mapping[str, Any]) -> tuple[str, ...]:
    if provider.key != STAFF:
        return ()
    elsewhere = claims.get("_claim_names")
    if isinstance(elsewhere, dict) and provider.groups_claim in elsewhere:
        raise SignOnRefusedError(Reason.PROVIDER_ERROR, "too many groups: the provider left them out of the token")
    said = claims.get(provider.groups_claim, [])
    said = [said] if isinstance(said, str) else said
    return tuple(group for group in said if isinstance(group, str)) if isinstance(said, list) else ()


def _has_second_step(provider: ProviderSettings, id_token: Mapping[str, Any]) -> bool:
    methods = id_token.get("amr", [])
    said = {*(methods if isinstance(methods, list) else [methods]), id_token.get("acr")}
    return bool({value for value in said if isinstance(value, str)} & set(provider.second_step))


def _text(claims: Mapping[str, Any], name: str, longest: int) -> str:
    value = claims.get(name, "")
    return value.strip()[:longest] if isinstance(value, str) and "\x00" not in value else ""
