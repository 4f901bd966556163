"""Reading the pages in another language: chosen by a plain form, remembered by account and browser."""

import re

import pytest

from barnet.customers.models import User

PAGE = "/services/"
WORDS = {"Home": "Strona główna", "Choose a language from the list": "Wybierz język z listy"}


@pytest.fixture(autouse=True)
def _offered(translations):
    translations(pl=WORDS, fa={"Home": "خانه"})


def choose(client, language, **more):
    return client.post("/language/", {"language": language, "next": PAGE, **more})


def html(client, address=PAGE) -> str:
    return client.get(address).content.decode()


def attributes(page: str) -> str:
    return re.search(r"<html ([^>]*)>", page)[1]


@pytest.mark.django_db
def test_page_is_english_until_somebody_chooses(client):
    page = client.get(PAGE, headers={"accept-language": "pl"})
    assert 'lang="en-GB" dir="ltr"' in attributes(page.content.decode())
    assert "Strona główna" not in page.content.decode()


@pytest.mark.django_db
def test_visitor_chooses_and_comes_back_to_the_page(client):
    answer = choose(client, "pl")
    assert answer.status_code == 302
    assert answer.url == PAGE
    page = client.get(PAGE)
    assert 'lang="pl" dir="ltr"' in attributes(page.content.decode())
    assert "Strona główna" in page.content.decode()
    assert page["Content-Language"] == "pl"
    assert "Cookie" in page["Vary"]
    assert client.cookies["language"]["httponly"]


@pytest.mark.django_db
def test_right_to_left_is_said(client):
    choose(client, "fa")
    assert 'lang="fa" dir="rtl"' in attributes(html(client))


@pytest.mark.django_db
def test_account_remembers_on_every_device(client, asha):
    client.force_login(asha.user)
    choose(client, "pl")
    assert User.objects.get(pk=asha.user.pk).interface_language == "pl"
    client.cookies.pop("language")
    assert "Strona główna" in html(client)


@pytest.mark.django_db
def test_account_counts_before_the_cookie_of_a_shared_browser(client, asha):
    User.objects.filter(pk=asha.user.pk).update(interface_language="en-gb")
    choose(client, "pl")
    client.force_login(asha.user)
    assert 'lang="en-GB"' in attributes(html(client))


@pytest.mark.django_db
def test_visitor_changes_nobodys_account(client, asha):
    choose(client, "pl")
    assert User.objects.get(pk=asha.user.pk).interface_language == ""


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["xx", "", "PL'--", "pl\x00", "x" * 5000])
def test_language_that_is_not_offered_changes_nothing(client, language):
    answer = choose(client, language)
    assert answer.status_code in {200, 400}
    assert "language" not in client.cookies
    if answer.status_code == 200:
        assert "Choose a language" in answer.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example", "javascript:alert(1)", "evil", ""])
def test_nobody_is_led_to_another_site(client, elsewhere):
    assert choose(client, "pl", next=elsewhere).url == "/"


@pytest.mark.django_db
@pytest.mark.parametrize("forged", ["xx", "../../etc", "x" * 3000])
def test_forged_cookie_counts_for_nothing(client, forged):
    client.cookies["language"] = forged
    assert 'lang="en-GB"' in attributes(html(client))


@pytest.mark.django_db
def test_back_office_stays_english(client, dev):
    client.force_login(dev)
    choose(client, "pl")
    page = html(client, "/staff/")
    assert 'lang="en-GB"' in attributes(page)
    assert "portal-languages" not in page


@pytest.mark.django_db
def test_nothing_is_offered_where_there_is_only_english(client, settings):
    assert "portal-languages" in html(client)
    settings.LANGUAGES = [("en-gb", "English")]
    client.cookies["language"] = "pl"
    page = client.get(PAGE)
    assert "portal-languages" not in page.content.decode()
    assert 'lang="en-GB"' in attributes(page.content.decode())


@pytest.mark.django_db
def test_page_of_the_question_works_alone(client):
    page = html(client, "/language/")
    assert all(f'value="{code}"' in page for code in ("en-gb", "pl", "fa"))
