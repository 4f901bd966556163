"""Somebody at a browser, and the steps that several journeys begin with."""

import itertools
import re
import time
from collections.abc import Callable

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value

from tests.browser.axe import axe_violations, sideways_scroll

PASSWORD = "quiet garden gate"
_numbers = itertools.count(1)


def an_email(name: str) -> str:
    """An address that nobody else of this portal has: which tests share one is for the day to decide."""
    return f"{name}.{next(_numbers)}@example.com"


class Person:
    """Somebody at a browser. Every page that they come to must be accessible and no wider than their screen."""

    def __init__(self, page, scripts: bool = True) -> None:
        self.page = page
        self.scripts = scripts
        self.main = page.locator("main")

    def go(self, address: str) -> None:
        self.page.goto(address)
        self.look()

    def press(self, name: str, kind: str = "button") -> None:
        self.main.get_by_role(kind, name=name, exact=True).first.click()
        self.page.wait_for_load_state("load")
        self.look()

    def reads(self, text: str) -> bool:
        return text in self.main.inner_text()

    def look(self) -> None:
        if self.scripts:  # axe is one
            wrong = axe_violations(self.page)
            assert wrong == [], wrong
        assert not sideways_scroll(self.page)

    def wait_for_mail(self, to: str, subject: str) -> str:
        """The newest e-mail of that subject, as the mailbox of the development mode shows it."""
        for _second in range(40):
            self.page.goto(f"/mailbox/?to={to}")
            found = self.main.get_by_role("link", name=re.compile(subject))
            if found.count():
                found.first.click()
                return self.main.inner_text()
            self.page.wait_for_timeout(500)
        raise AssertionError(f"No e-mail “{subject}” to {to}, but: {self.main.inner_text()}")


def enter_app_code(person: Person, secret: Callable[[], str], button: str) -> None:
    """Types the code that the app shows now. One that ran out on the way, or was used already, is refused: then the
    next, as somebody would."""
    for _try in range(3):
        half_minute = int(time.time()) // 30
        here = person.page.url
        person.main.locator("input[name=code]").fill(format_hotp_value(hotp_value(secret(), half_minute)))
        person.press(button)
        if person.page.url != here:
            return
        while int(time.time()) // 30 == half_minute:
            person.page.wait_for_timeout(500)
    raise AssertionError(f"No code of the app was taken: {person.main.inner_text()}")


def register(person: Person, email: str) -> None:
    person.go("/account/register/")
    person.main.get_by_label("E-mail address").fill(email)
    person.main.locator("input[name=password1]").fill(PASSWORD)
    person.press("Register")
    verify = person.page.url
    code = re.search(r"^[A-Z0-9]{3,}-?[A-Z0-9]{3,}$", person.wait_for_mail(email, "code"), re.MULTILINE)
    assert code
    person.go(verify)
    person.main.get_by_label("Code").fill(code[0])
    person.main.get_by_role("button", name="Confirm", exact=True).click()
    person.page.wait_for_url(lambda url: url != verify)
    person.look()
