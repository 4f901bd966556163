"""Providers that really answer on a port, and a browser that goes there and comes back."""

import re
from urllib.parse import parse_qs, urlsplit

import httpx
import oidc_provider_mock
import pytest
from django.conf import settings as live_settings
from django.core.cache import caches
from django.test import Client

from barnet.customers.signing_in.sign_on.configuration import ProviderSettings
from barnet.customers.staff.roles import ensure_roles
from tests.barnet.customers.conftest import outbox, visitor  # noqa: F401
from tests.barnet.customers.signing_in.sign_on import nursery as nurseries

START, LINK = "/account/sign-in/with/{}/", "/account/security/link/{}/"


@pytest.fixture(scope="session")
def mock_provider():
    """A provider that others wrote, so that we do not only agree with ourselves."""
    with oidc_provider_mock.run_server_in_thread() as server:
        yield f"http://localhost:{server.server_port}"


@pytest.fixture
def nursery():
    with nurseries.running() as nursery:
        yield nursery


@pytest.fixture(autouse=True)
def nothing_remembered():
    caches["process"].clear()


@pytest.fixture
def configure(settings, db):
    """`configure("resident", issuer)`: as if the environment had named that provider."""

    def set_up(key: str, issuer: str, **more) -> ProviderSettings:
        ensure_roles()
        usual = {
            "name": "GOV.UK One Login" if key == "resident" else "Barnet staff account",
            "client_id": nurseries.CLIENT,
            "client_secret": "" if more.get("private_key") else "secret",
            "scopes": ("openid", "email", "phone", "profile"),
            "origins": (issuer,),
        }
        if key == "staff":
            usual["roles"] = {"CC-Advisers": ("adviser",), "CC-Leads": ("team_lead", "analyst")}
        provider = ProviderSettings(key=key, issuer=issuer, **{**usual, **more})
        settings.SIGN_ON = {**getattr(live_settings, "SIGN_ON", {}), key: provider}
        return provider

    return set_up


def people(provider: str, sub: str, **claims) -> None:
    """Somebody whom the mock provider knows."""
    httpx.put(f"{provider}/users/{sub}", json=claims).raise_for_status()


def go(client: Client, key: str, *, address: str = START, **form) -> str:
    """Presses the button; where the browser is sent to."""
    answer = client.post(address.format(key), form)
    assert answer.status_code == 302, answer.content.decode()
    return answer["Location"]


def at_the_mock(location: str, sub: str, **form) -> str:
    """Signs in on the provider's own page, with an HTTP client of its own; our address with the code."""
    page = httpx.get(location)
    assert page.status_code == 200, page.text
    answer = httpx.post(location, data={"sub": sub, **form})
    assert answer.status_code == 302, answer.text
    return answer.headers["Location"]


def come_back(client: Client, address: str):
    parts = urlsplit(address)
    assert parts.netloc == "testserver"
    return client.get(f"{parts.path}?{parts.query}")


def by_mock(client: Client, key: str, sub: str, **more):
    return come_back(client, at_the_mock(go(client, key, **more), sub))


def by_nursery(client: Client, nursery: nurseries.Nursery, key: str = "resident", **more):
    return come_back(client, nursery.consent(go(client, key, **more)))


def words(response) -> str:
    text = response.content.decode().split("<main")[1].split("</main")[0]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text))


def query_of(location: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(location).query).items()}
