"""Half a configuration is refused when the portal starts, and says what is missing."""

import os
import subprocess
import sys

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from django.core.exceptions import ImproperlyConfigured

from barnet.customers.signing_in.sign_on.configuration import provider, refuse_unknown_roles
from barnet.customers.staff.roles import ROLES
from tests.barnet.customers.signing_in.sign_on.nursery import RSA_KEY, pem

WHOLE = {
    "NAME": "GOV.UK One Login",
    "ISSUER": "https://oidc.example/",
    "CLIENT_ID": "barnet",
    "CLIENT_SECRET": "secret",
}
STAFF = {**WHOLE, "ROLES": "CC-Advisers:adviser, CC-Leads:team_lead, CC-Leads:analyst"}


def read(key="resident", is_production=True, **given):
    base = STAFF if key == "staff" else WHOLE
    return provider(key, given={**base, **given}, is_production=is_production)


def test_nothing_set_is_no_provider():
    assert provider("resident", given=dict.fromkeys(WHOLE, ""), is_production=True) is None


def test_whole_configuration_is_read():
    found = read(SCOPES="openid, email,phone", ORIGINS="https://signin.example", VTR="Cl.Cm")
    assert found.scopes == ("openid", "email", "phone")
    assert found.origins == ("https://oidc.example", "https://signin.example")
    assert found.vtr == ("Cl.Cm",)


def test_groups_are_mapped_by_a_list_or_by_json():
    assert read("staff").roles == {"CC-Advisers": ("adviser",), "CC-Leads": ("team_lead", "analyst")}
    as_json = '{"CN=Leads,OU=CC": ["team_lead", "analyst"], "b1f2-guid": "editor"}'
    assert read("staff", ROLES=as_json).roles == {"CN=Leads,OU=CC": ("team_lead", "analyst"), "b1f2-guid": ("editor",)}


@pytest.mark.parametrize(
    ("key", "given", "said"),
    [
        ("resident", {"ISSUER": ""}, "Set OIDC_RESIDENT_ISSUER"),
        ("resident", {"CLIENT_ID": ""}, "Set OIDC_RESIDENT_CLIENT_ID"),
        ("resident", {"NAME": ""}, "Set OIDC_RESIDENT_NAME"),
        ("resident", {"CLIENT_SECRET": ""}, "either OIDC_RESIDENT_CLIENT_SECRET or"),
        ("resident", {"PRIVATE_KEY": pem(RSA_KEY)}, "either OIDC_RESIDENT_CLIENT_SECRET or"),
        ("resident", {"CLIENT_SECRET": "", "PRIVATE_KEY": "no key"}, "is not a private key in PEM form"),
        ("resident", {"ISSUER": "http://oidc.example"}, "use an address that begins with https"),
        ("resident", {"ISSUER": "oidc.example"}, "use an address that begins with https"),
        ("resident", {"VTR": "Cl.Cm.P2"}, "Set OIDC_RESIDENT_IDENTITY_ISSUER"),
        ("resident", {"ORIGINS": "https://signin.example/page"}, "is not like https://id.example"),
        ("staff", {"ROLES": ""}, "Set OIDC_STAFF_ROLES"),
        ("staff", {"ROLES": '{"Leads": [5]}'}, "does not name a group and a role"),
        ("staff", {"ROLES": "adviser"}, "does not name a group and a role"),
        ("staff", {"ROLES": "{broken"}, "begins like JSON"),
        ("staff", {"ROLES": '{"Leads": 5}'}, "begins like JSON"),
    ],
)
def test_half_a_configuration_says_what_is_missing(key, given, said):
    with pytest.raises(ImproperlyConfigured, match=said):
        read(key, **given)


@pytest.mark.parametrize(
    "weak", [rsa.generate_private_key(public_exponent=65537, key_size=2048), ec.generate_private_key(ec.SECP384R1())]
)
def test_weak_or_unknown_key_is_refused(weak):
    with pytest.raises(ImproperlyConfigured, match="use RSA of 3072 bits or more"):
        read(CLIENT_SECRET="", PRIVATE_KEY=pem(weak))


def test_key_may_stand_on_one_line():
    assert read(CLIENT_SECRET="", PRIVATE_KEY=pem(RSA_KEY).replace("\n", "\\n")).signing_algorithm == "RS256"


def test_provider_on_this_machine_is_for_development_only():
    assert read(is_production=False, ISSUER="http://localhost:9400")


def test_role_that_does_not_exist_is_refused_when_the_portal_starts():
    refuse_unknown_roles({"staff": read("staff")}, ROLES)
    with pytest.raises(ImproperlyConfigured, match="OIDC_STAFF_ROLES: there is no role emperor"):
        refuse_unknown_roles({"staff": read("staff", ROLES="Leads:emperor")}, ROLES)


def test_production_does_not_start_with_half_of_it():
    given = {
        "PORTAL_MODE": "production",
        "SECRET_KEY": "x" * 50,
        "DATABASE_URL": "postgis://portal@localhost/portal",
        "ALLOWED_HOSTS": "portal.example",
        "BASE_URL": "https://portal.example",
        "EMAIL_URL": "smtp://mail.example",
        "OIDC_STAFF_ISSUER": "https://id.example",
        "DJANGO_SETTINGS_MODULE": "barnet.settings",
        "PATH": os.environ["PATH"],
    }
    start = [sys.executable, "-c", "from django.conf import settings; settings.DEBUG"]
    ended = subprocess.run(start, env=given, capture_output=True, text=True, check=False)
    assert ended.returncode != 0
    assert "Set OIDC_STAFF_NAME" in ended.stderr
    whole = {f"OIDC_STAFF_{name}": value for name, value in STAFF.items()}
    assert subprocess.run(start, env={**given, **whole}, capture_output=True, check=False).returncode == 0
