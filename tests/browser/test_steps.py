"""Pages that only a step before leads to: codes, links in e-mails, the second step, giving many requests at once."""

import re

import pytest

from tests.browser.person import PASSWORD, Person, an_email, enter_app_code, register

LEAD, ADMIN = "lead@barnet.example", "admin@barnet.example"


def fill_and_press(person: Person, name: str, value: str, button: str) -> None:
    person.main.locator(f"input[name={name}]").fill(value)
    person.press(button)


def test_a_code_instead_of_a_password_and_a_new_password(open_as):
    nia = Person(open_as())
    email = an_email("nia")
    register(nia, email)
    nia.go("/account/sign-out/")
    nia.press("Sign out")
    nia.go("/account/sign-in/code/")
    fill_and_press(nia, "email", email, "Send the code")
    enter = nia.page.url
    fill_and_press(nia, "code", "AAAAAA", "Sign in")
    assert nia.page.locator(".govuk-error-summary").count() == 1
    code = re.search(r"^[A-Z0-9]{3,}-?[A-Z0-9]{3,}$", nia.wait_for_mail(email, "sign"), re.MULTILINE)
    assert code
    nia.go(enter)
    fill_and_press(nia, "code", code[0], "Sign in")
    assert nia.page.url.endswith("/account/")

    nia.go("/account/sign-out/")
    nia.press("Sign out")
    nia.go("/account/reset/")
    nia.main.locator("input[name=email]").fill(email)
    nia.main.locator("form button").first.click()
    nia.look()
    assert nia.page.url.endswith("/reset/sent/")
    link = re.search(r"http\S+/account/reset/\S+", nia.wait_for_mail(email, "password"))
    assert link
    nia.go(link[0])
    nia.main.locator("input[name=password1]").fill("short")
    fill_and_press(nia, "password2", "other", "Save the new password")
    assert nia.page.locator(".govuk-error-summary").count() == 1
    nia.main.locator("input[name=password1]").fill("another quiet gate")
    fill_and_press(nia, "password2", "another quiet gate", "Save the new password")
    assert nia.page.url.endswith("/reset/done/")
    nia.go(link[0])
    assert nia.reads("This link no longer works")


def sign_out_and_in(person, email):
    """As far as the second step."""
    person.go("/account/sign-out/")
    person.press("Sign out")
    person.go("/account/sign-in/")
    person.main.locator("input[name=login]").fill(email)
    fill_and_press(person, "password", PASSWORD, "Sign in")
    assert person.reads("Enter a code from your authenticator app")


def test_a_resident_sets_up_a_second_step_signs_in_with_it_and_by_recovery_code_and_removes_it(open_as):
    nia = Person(open_as())
    email = an_email("nia")
    register(nia, email)
    nia.go("/account/security/second-step/")
    if "/sign-in/again/" in nia.page.url:
        fill_and_press(nia, "password", PASSWORD, "Continue")
    fill_and_press(nia, "code", "000000", "Finish")
    assert nia.page.locator(".govuk-error-summary").count() == 1
    secrets = []

    def shown() -> str:
        secrets.append(nia.main.locator("code.portal-code").inner_text().replace(" ", ""))
        return secrets[-1]

    enter_app_code(nia, shown, "Finish")
    assert nia.reads("Your recovery codes")
    recovery, second = (nia.main.locator("code.portal-code").nth(number).inner_text() for number in (0, 1))
    nia.go("/account/security/recovery-codes/new/")
    nia.go("/account/security/second-step/remove/")

    sign_out_and_in(nia, email)
    fill_and_press(nia, "code", "000000", "Continue")
    assert nia.page.locator(".govuk-error-summary").count() == 1
    enter_app_code(nia, lambda: secrets[-1], "Continue")  # each code works once: it waits for the next
    assert nia.page.url.endswith("/account/")
    sign_out_and_in(nia, email)
    fill_and_press(nia, "code", recovery, "Continue")
    assert nia.page.url.endswith("/account/")
    sign_out_and_in(nia, email)
    fill_and_press(nia, "code", recovery, "Continue")
    assert nia.page.locator(".govuk-error-summary").count() == 1  # each works once
    fill_and_press(nia, "code", second, "Continue")
    assert nia.page.url.endswith("/account/")
    nia.go("/account/sign-in/again/second-step/")
    nia.go("/account/security/second-step/remove/")
    nia.press("Remove the app")
    assert "second-step/remove" not in nia.page.url


@pytest.mark.parametrize("width", [320, 1280])
def test_a_lead_gives_several_requests_at_once(open_as, width):
    lead = Person(open_as(LEAD, width=width))
    lead.go("/staff/cases/")
    boxes = lead.main.locator("input[name=case]")
    for number in (0, 1):
        lead.main.locator(f"label[for='{boxes.nth(number).get_attribute('id')}']").click()
    lead.press("Give to a team or a person …")
    assert lead.reads("2 requests")
    lead.press("See what happens")
    assert lead.page.locator(".govuk-error-summary").count() == 1
    lead.main.locator("select[name=given_to]").select_option(index=1)
    lead.press("See what happens")
    lead.press("Do it")
    assert lead.reads("requests were changed") or lead.reads("request was changed")


def test_every_sentence_after_an_act_is_whole(open_as):
    lead = Person(open_as(LEAD))
    lead.go("/staff/cases/?state=received")
    lead.main.locator("a[href^='/staff/cases/BAR-']").first.click()
    case = lead.page.url.partition("?")[0]
    lead.go(f"{case}assign/")
    lead.main.locator("select[name=given_to]").select_option(index=1)
    lead.press("Give")
    assert lead.reads("Given. They see it in their queue now.")
    lead.go(f"{case}ask/")
    lead.main.locator("textarea[name=question]").fill("Which gate?")
    lead.press("Send the question")
    assert lead.reads("The question is on its way.")
    lead.go(f"{case}answer/")
    lead.main.locator("textarea[name=answer]").fill("The left one.")
    lead.main.locator("input[name=channel]").first.check()
    lead.press("Record the answer")
    assert lead.reads("The answer is recorded and work goes on.")
    lead.go(f"{case}note/")
    lead.main.locator("textarea[name=text]").fill("Seen from the road.")
    lead.press("Add the note")
    assert lead.reads("The note is added.")
    assert "%(" not in lead.page.locator("body").inner_text()


def test_an_adviser_notes_a_contact_and_is_told_what_is_missing(open_as, portal):
    adviser = Person(open_as("adviser@barnet.example"))
    adviser.go("/staff/serve/?q=asha")
    adviser.main.locator("a[href^='/staff/customers/']").first.click()
    adviser.look()
    customer = adviser.page.url
    form = adviser.main.locator("form[action$='/contact/']")
    form.get_by_role("button", name="Note it", exact=True).click()
    adviser.page.wait_for_load_state("load")
    adviser.look()
    assert adviser.page.locator(".govuk-error-summary").count() == 1
    adviser.page.goto(customer)
    form.locator("select[name=reason]").select_option(index=1)
    form.locator("textarea, input[type=text]").first.fill("Asked when the library opens.")
    form.locator("input[name=channel]").first.check()
    form.get_by_role("button", name="Note it", exact=True).click()
    assert adviser.reads("The contact is in the log.")
