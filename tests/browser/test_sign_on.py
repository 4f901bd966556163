"""Signing in with somebody else's account, in a real browser that keeps to our policy about forms."""

import httpx

from tests.browser.person import Person


def at_the_provider(page, sub: str, button: str = "Authorize") -> None:
    """The provider's own page."""
    page.locator("input[name=sub]").fill(sub)
    page.get_by_role("button", name=button).first.click()
    page.wait_for_load_state("load")


def test_resident_signs_in_with_one_login_and_out_again(open_as, sign_in_provider):
    claims = {"email": "oona@example.com", "email_verified": True, "vot": "Cl.Cm"}
    httpx.put(f"{sign_in_provider}/users/oona", json=claims).raise_for_status()
    oona = Person(open_as(scripts=False), scripts=False)
    oona.go("/account/sign-in/")
    oona.main.get_by_role("button", name="Sign in with GOV.UK One Login").click()
    oona.page.wait_for_url(f"{sign_in_provider}/**")
    at_the_provider(oona.page, "oona")
    assert oona.page.url.endswith("/account/")
    oona.go("/account/security/")
    assert oona.reads("GOV.UK One Login opens this account")
    assert oona.reads("GOV.UK One Login: Not checked")

    oona.go("/account/sign-out/")
    oona.press("Sign out")
    assert oona.reads("still signed in at GOV.UK One Login")
    assert (
        oona.main.get_by_role("button", name="Sign out of GOV.UK One Login")
        .get_attribute("href")
        .startswith(sign_in_provider)
    )


def test_resident_who_says_no_reads_what_to_do(open_as, sign_in_provider):
    oona = Person(open_as())
    oona.go("/account/sign-in/")
    oona.main.get_by_role("button", name="Sign in with GOV.UK One Login").click()
    oona.page.wait_for_url(f"{sign_in_provider}/**")
    oona.page.get_by_role("button", name="Deny").first.click()
    oona.page.wait_for_load_state("load")
    oona.look()
    assert oona.reads("You are not signed in")


def test_member_of_staff_signs_in_with_the_councils_account(open_as, sign_in_provider):
    claims = {"email": "sven@barnet.example", "email_verified": True, "groups": ["Leads"], "given_name": "Sven"}
    httpx.put(f"{sign_in_provider}/users/sven", json=claims).raise_for_status()
    sven = Person(open_as(width=1280))
    sven.go("/account/sign-in/")
    sven.main.get_by_role("button", name="Sign in with Barnet staff account").click()
    sven.page.wait_for_url(f"{sign_in_provider}/**")
    at_the_provider(sven.page, "sven")
    assert "/account/security/second-step/" in sven.page.url  # this provider did no second step
    sven.look()


def test_page_without_the_origin_in_its_policy_leads_nowhere(open_as, sign_in_provider):
    """Why pages with a button name the provider: the browser holds redirects after a form to the policy."""

    page = open_as(width=1280)

    def weaken(route) -> None:
        answer = route.fetch()
        policy = answer.headers["content-security-policy"].replace(f" {sign_in_provider}", "")
        route.fulfill(response=answer, headers={**answer.headers, "content-security-policy": policy})

    page.route("**/account/sign-in/", weaken)
    page.goto("/account/sign-in/")
    with page.expect_console_message(lambda line: "form-action" in line.text):  # what the browser says of it
        page.locator("main").get_by_role("button", name="Sign in with GOV.UK One Login").click()
    assert "/account/sign-in/" in page.url
