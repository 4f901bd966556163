import pytest
from bs4 import BeautifulSoup
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import include, path

from barnet.kit import views


def broken(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("broken")


urlpatterns = [path("broken/", broken), path("", include("barnet.urls"))]
handler500 = "barnet.kit.views.server_error"


@pytest.mark.parametrize(
    ("status", "answered", "heading"),
    [
        (400, 400, "We could not read your request"),
        (403, 403, "You cannot open this page"),
        (404, 404, "Page not found"),
        (413, 413, "What you sent is too large"),
        (419, 403, "Send the form again"),
        (500, 500, "Sorry, there is a problem"),
    ],
)
@pytest.mark.django_db
def test_error_page_says_what_happened_and_looks_like_the_portal(client, status, answered, heading):
    answer = client.get(f"/kit/errors/{status}/")
    soup = BeautifulSoup(answer.content, "html.parser")
    assert answer.status_code == answered
    assert [h1.text for h1 in soup.find_all("h1")] == [heading]
    assert soup.title.text == f"{heading} – Barnet Council"
    assert soup.find(attrs={"role": "search"})
    assert soup.find("a", attrs={"href": "/accessibility/"})
    nonces = {script["nonce"] for script in soup.find_all("script")}
    assert len(nonces) == 1
    assert f"'nonce-{nonces.pop()}'" in answer["Content-Security-Policy"]


@pytest.mark.urls(__name__)
def test_failure_page_needs_no_database_and_tells_the_number_of_the_request():
    """Without the database mark, any query would fail the test."""
    client = Client(raise_request_exception=False)
    client.cookies["sessionid"] = "abcdefghijkl"
    answer = client.get("/broken/")
    assert answer.status_code == 500
    assert answer["X-Request-ID"] in answer.content.decode()


def test_failure_of_the_failure_page_is_still_an_answer(rf, monkeypatch):
    monkeypatch.setattr(views, "render_to_string", broken)
    answer = views.server_error(rf.get("/"))
    assert answer.status_code == 500
    assert "Try again later." in answer.content.decode()


@pytest.mark.django_db
def test_form_without_proof_of_origin_is_refused_in_words(db):
    answer = Client(enforce_csrf_checks=True).post("/kit/", {"a": "b"})
    assert answer.status_code == 403
    assert "Send the form again" in answer.content.decode()
