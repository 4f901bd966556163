"""Was this page useful? Counted without knowing who asked, or which request they were looking at."""

import pytest
from bs4 import BeautifulSoup

from portal.feedback.models import PageVote, Remark
from portal.feedback.pages import name_of
from tests.factories import ServiceFactory

pytestmark = pytest.mark.django_db


def sent_from(client, address):
    soup = BeautifulSoup(client.get(address).text, "html.parser")
    form = soup.find("form", class_="portal-useful")
    return form["action"], {field["name"]: field["value"] for field in form.find_all("input")}


def test_a_page_asks_and_counts_once(client):
    action, fields = sent_from(client, "/services/")
    for _ in range(2):
        answer = client.post(action, {**fields, "useful": "no"}, follow=True)
    vote = PageVote.objects.get()
    assert (vote.page, vote.is_useful) == ("/services/", False)
    assert "not useful to you" in answer.text


def test_words_are_kept_once(client):
    action, fields = sent_from(client, "/services/")
    address = client.post(action, {**fields, "useful": "yes"}).url
    assert "Write what was good, or missing" in client.post(address, {"words": ""}).text
    client.post(address, {"words": "Clear."})
    assert "We have your words" in client.post(address, {"words": "Again"}, follow=True).text
    assert [row.words for row in Remark.objects.all()] == ["Clear."]


def test_it_works_without_cookies_and_only_from_our_pages(client):
    action, fields = sent_from(client, "/services/")
    client.cookies.clear()
    elsewhere = client.post(action, {**fields, "useful": "yes"}, headers={"Sec-Fetch-Site": "cross-site"})
    assert elsewhere.status_code == 403
    assert not PageVote.objects.exists()
    assert client.post(action, {**fields, "useful": "yes"}).status_code == 302


@pytest.mark.parametrize(
    "bad", [{"page": "https://evil.example/"}, {"page": "/nowhere/x"}, {"useful": "maybe"}, {"key": "x"}, {"page": ""}]
)
def test_what_makes_no_sense_is_refused(client, bad):
    action, fields = sent_from(client, "/services/")
    answer = client.post(action, {**fields, "useful": "yes", **bad})
    assert answer.status_code == 400
    assert not PageVote.objects.exists()


def test_addresses_that_name_somebody_are_kept_as_patterns():
    ServiceFactory()
    assert name_of("/account/requests/BAR-7K3M-29QD/") == "/account/requests/<reference>/"
    assert name_of("/feedback/7:secret/") == "/feedback/<token>/"
    assert name_of("/bins/100200000001/") == "/bins/<uprn>/"
    assert name_of("/services/missed-bin/") == "/services/missed-bin/"
    assert name_of("/contact/") == "/contact/"
    assert name_of("/") == "/"
    assert name_of("//evil.example/") is None
    assert name_of("/" + "x" * 400) is None


def test_forged_token_of_a_vote(client):
    assert client.get("/feedback/page/1:x/").status_code == 404


def test_after_many_votes_the_page_says_what_to_do_and_nothing_of_passwords(client):
    for number in range(60):
        client.post("/feedback/page/", {"page": "/", "useful": "yes", "key": f"{number:020}"})
    page = client.post("/feedback/page/", {"page": "/", "useful": "yes", "key": "k" * 20})
    assert page.status_code == 429
    assert "try again in an hour" in page.text
    assert "password" not in page.text
