"""Passkeys as people use them: Chromium's virtual authenticator stands in for the fingerprint reader."""

import re
from urllib.parse import urlsplit

import pytest

from demo.people import PASSWORD as DEMO_PASSWORD
from demo.people import totp_secret
from tests.browser.person import PASSWORD, Person, an_email, enter_app_code, register

STAFF = "finance@barnet.example"
AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


class Reader:
    """The fingerprint reader of somebody's device."""

    def __init__(self, page) -> None:
        self.cdp = page.context.new_cdp_session(page)
        self.cdp.send("WebAuthn.enable")
        self.id = self.cdp.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})["authenticatorId"]

    def credentials(self) -> list[dict]:
        return self.cdp.send("WebAuthn.getCredentials", {"authenticatorId": self.id})["credentials"]

    def knows_the_finger(self, does: bool) -> None:
        self.cdp.send("WebAuthn.setUserVerified", {"authenticatorId": self.id, "isUserVerified": does})


@pytest.fixture
def at_localhost(portal):
    """A passkey belongs to a name, never to a number: the tests' portal answers to both."""
    return portal.url.replace("127.0.0.1", "localhost")


def by_password(person: Person, site: str, email: str, password: str) -> None:
    person.go(f"{site}/account/sign-in/")
    person.main.locator("input[name=login]").fill(email)
    person.main.locator("input[name=password]").fill(password)
    person.press("Sign in")


def press_for_passkey(person: Person, name: str, leads_to: str) -> None:
    person.main.get_by_role("button", name=name, exact=True).click()
    person.page.wait_for_url(lambda url: re.search(leads_to, urlsplit(url).path))
    person.look()


def sign_out(person: Person, site: str) -> None:
    person.go(f"{site}/account/sign-out/")
    person.press("Sign out")


def test_a_resident_adds_a_passkey_and_signs_in_with_nothing_else(open_as, at_localhost):
    nia = Person(open_as())
    email = an_email("nia")
    register(nia, email)
    reader = Reader(nia.page)
    by_password(nia, at_localhost, email, PASSWORD)
    nia.go(f"{at_localhost}/account/security/passkeys/")
    nia.press("Add a passkey")
    nia.main.locator("input[name=name]").fill("My telephone")
    press_for_passkey(nia, "Add a passkey", "/recovery-codes/")
    assert len(reader.credentials()) == 1
    nia.go(f"{at_localhost}/account/security/passkeys/")
    assert nia.reads("My telephone")

    sign_out(nia, at_localhost)
    nia.go(f"{at_localhost}/account/sign-in/?next=/account/details/")
    press_for_passkey(nia, "Use a passkey", "/account/details/$")

    nia.go(f"{at_localhost}/account/security/passkeys/")
    nia.press("Change the name of My telephone", "link")
    nia.main.locator("input[name=name]").fill("My new telephone")
    nia.press("Save the name")
    assert nia.reads("My new telephone")
    assert "passkey was added" in nia.wait_for_mail(email, "A passkey was added")


def test_a_password_is_not_enough_any_more_and_a_trusted_device_is_spared_the_question(open_as, at_localhost):
    nia = Person(open_as())
    email = an_email("nia")
    register(nia, email)
    Reader(nia.page)
    by_password(nia, at_localhost, email, PASSWORD)
    nia.go(f"{at_localhost}/account/security/passkeys/add/")
    press_for_passkey(nia, "Add a passkey", "/recovery-codes/")
    code = nia.main.locator("code.portal-code").first.inner_text()

    sign_out(nia, at_localhost)
    by_password(nia, at_localhost, email, PASSWORD)
    assert nia.reads("Your account asks for a second step")
    nia.main.locator("#passkey_trust").check()
    press_for_passkey(nia, "Use a passkey", "/account/$")
    nia.go(f"{at_localhost}/account/security/devices/")
    assert nia.reads("Trusted until")

    sign_out(nia, at_localhost)
    by_password(nia, at_localhost, email, PASSWORD)
    assert nia.page.url.endswith("/account/")  # this device is trusted
    nia.go(f"{at_localhost}/account/security/devices/")
    nia.press("Stop trusting Chrome on Linux")

    sign_out(nia, at_localhost)
    by_password(nia, at_localhost, email, PASSWORD)
    nia.main.locator("input[name=code]").fill(code)
    nia.press("Continue")
    assert nia.page.url.endswith("/account/")

    nia.go(f"{at_localhost}/account/security/passkeys/")
    nia.main.get_by_role("link", name=re.compile("^Remove")).click()
    nia.look()
    nia.press("Remove the passkey")
    assert nia.reads("You have no passkey.")


def test_staff_enter_the_back_office_by_passkey(open_as, at_localhost):
    finn = Person(open_as(width=1280))
    Reader(finn.page)
    by_password(finn, at_localhost, STAFF, DEMO_PASSWORD)
    enter_app_code(finn, lambda: totp_secret(STAFF), "Continue")
    finn.go(f"{at_localhost}/account/security/passkeys/add/")
    press_for_passkey(finn, "Add a passkey", "/recovery-codes/|/passkeys/$")

    sign_out(finn, at_localhost)
    finn.go(f"{at_localhost}/account/sign-in/?next=/staff/")
    press_for_passkey(finn, "Use a passkey", "/staff/$")
    sign_out(finn, at_localhost)
    by_password(finn, at_localhost, STAFF, DEMO_PASSWORD)
    assert finn.main.locator("input[name=trust]").count() == 0  # never for staff
    press_for_passkey(finn, "Use a passkey", "/account/$")
    assert finn.page.goto(f"{at_localhost}/staff/").ok
    assert finn.page.url.endswith("/staff/")
    finn.go(f"{at_localhost}/account/sign-in/again/passkey/")
    press_for_passkey(finn, "Use a passkey", "/account/$")


def test_a_finger_that_the_device_does_not_know_opens_nothing(open_as, at_localhost):
    nia = Person(open_as())
    email = an_email("nia")
    register(nia, email)
    reader = Reader(nia.page)
    by_password(nia, at_localhost, email, PASSWORD)
    nia.go(f"{at_localhost}/account/security/passkeys/add/")
    press_for_passkey(nia, "Add a passkey", "/recovery-codes/")
    sign_out(nia, at_localhost)
    reader.knows_the_finger(False)
    nia.go(f"{at_localhost}/account/sign-in/")
    nia.main.get_by_role("button", name="Use a passkey").click()
    nia.main.get_by_text("The passkey was not used").wait_for()
    nia.look()
    assert nia.page.goto(f"{at_localhost}/account/").url.endswith("/sign-in/?next=/account/")


def test_without_javascript_the_pages_say_what_to_use_instead(open_as):
    nia = Person(open_as(scripts=False), scripts=False)
    nia.go("/account/sign-in/")
    assert nia.reads("A passkey needs JavaScript")
    assert not nia.main.get_by_role("button", name="Use a passkey").is_visible()
    register(nia, an_email("nia"))
    nia.go("/account/security/passkeys/add/")
    nia.main.locator("input[name=password]").fill(PASSWORD)
    nia.press("Continue")
    assert nia.reads("Use your password or a code by e-mail instead")
